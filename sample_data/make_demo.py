"""Make ``census_demo.csv``: a real table with planted problems, and the truth beside it.

Run ``python sample_data/make_demo.py``; the files come out the same byte for byte. The base is
``adult.csv``. Rows and places are drawn by chance alone: no row is chosen because a check
would find it.
"""

from __future__ import annotations

import csv
import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20_240_229
LABEL, LOW, HIGH = "income", "<=50K", ">50K"
LEAK = "tax_withheld"
GROUP_COLUMN, GROUP = "race", "Asian-Pac-Islander"

N_BASE = 2_940
N_GROUP_HIGH = 12
N_LABEL_ERRORS = 118
N_SHIFTED = 15
N_SLIPPED = 15
N_EMPTY = 176
N_WORD = 118
N_SENTINEL = 88
N_COPIES = 60
SHIFTED_COLUMNS = ("age", "fnlwgt", "education_num", "hours_per_week")
SLIPPED_COLUMNS = ("age", "hours_per_week")

Row = dict[str, str]


@dataclass
class Entry:
    """One planted cell or row, by the place of its row in the base table."""

    place: int
    column: str
    kind: str
    original: str
    planted: str


@dataclass
class Plan:
    """The table while problems are being planted into it."""

    rows: list[Row]
    chance: random.Random
    entries: list[Entry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def draw(self, n: int, *, spare_group: bool = False) -> list[int]:
        """Draw ``n`` places with nothing planted yet, and mark them."""
        free = [
            place
            for place, row in enumerate(self.rows)
            if place not in self.touched and not (spare_group and row[GROUP_COLUMN] == GROUP)
        ]
        places = sorted(self.chance.sample(free, n))
        self.touched.update(places)
        return places

    def plant(self, place: int, column: str, kind: str, value: str) -> None:
        """Put ``value`` into a cell and write down what stood there, if that changes anything."""
        original = self.rows[place][column]
        if original != value:
            self.entries.append(Entry(place, column, kind, original, value))
            self.rows[place][column] = value


def base_rows(source: list[Row], chance: random.Random) -> list[Row]:
    """Draw the base table; few rows of one group with the high label get in: a biased selection."""
    group = [i for i, row in enumerate(source) if row[GROUP_COLUMN] == GROUP]
    high = [i for i in group if source[i][LABEL] == HIGH]
    kept = {i for i in group if source[i][LABEL] == LOW} | set(chance.sample(high, N_GROUP_HIGH))
    others = [i for i, row in enumerate(source) if row[GROUP_COLUMN] != GROUP]
    kept |= set(chance.sample(others, N_BASE - len(kept)))
    return [dict(source[i]) for i in sorted(kept)]


def plant_label_errors(plan: Plan) -> None:
    """Swap the label of rows drawn by chance (not in the biased group, to keep the two apart)."""
    for place in plan.draw(N_LABEL_ERRORS, spare_group=True):
        given = plan.rows[place][LABEL]
        plan.plant(place, LABEL, "label_error", HIGH if given == LOW else LOW)


def add_leak(plan: Plan) -> None:
    """Add a number that is written down after the label is known, from the label as recorded."""
    for row in plan.rows:
        middle = 9.6 if row[LABEL] == HIGH else 7.8
        row[LEAK] = f"{math.exp(plan.chance.gauss(middle, 0.3)):.2f}"
        row[LABEL] = row.pop(LABEL)


def plant_anomalies(plan: Plan) -> None:
    """Plant rows with cells shifted by one column, and rows with a slipped decimal point."""
    for place in plan.draw(N_SHIFTED):
        cells = [plan.rows[place][c] for c in SHIFTED_COLUMNS]
        for column, value in zip(SHIFTED_COLUMNS, cells[1:] + cells[:1], strict=True):
            plan.plant(place, column, "anomaly_shifted", value)
    for place in plan.draw(N_SLIPPED):
        for column in SLIPPED_COLUMNS:
            plan.plant(place, column, "anomaly_slipped", plan.rows[place][column] + "0")


def plant_gaps(plan: Plan) -> None:
    """Empty cells, write a word for missing into others, and a number for missing into a third."""
    for n, column, kind, value in (
        (N_EMPTY, "hours_per_week", "missing_empty", ""),
        (N_WORD, "relationship", "missing_word", "N/A"),
        (N_SENTINEL, "age", "missing_sentinel", "-1"),
    ):
        for place in plan.draw(n):
            plan.plant(place, column, kind, value)


def with_copies(plan: Plan) -> tuple[list[Row], list[dict[str, str | int]]]:
    """Insert exact copies below their originals; return the rows and the truth by row id."""
    originals = plan.draw(N_COPIES)
    order: list[tuple[int, bool]] = [(place, False) for place in range(len(plan.rows))]
    for place in originals:
        after = order.index((place, False))
        order.insert(plan.chance.randint(after + 1, len(order)), (place, True))
    row_id = {place: i for i, (place, copied) in enumerate(order) if not copied}
    truth: list[dict[str, str | int]] = [
        {"row_id": row_id[e.place], "column": e.column, "kind": e.kind}
        | {"original": e.original, "planted": e.planted}
        for e in plan.entries
    ]
    truth += [
        {"row_id": i, "column": "", "kind": "duplicate_row"}
        | {"original": row_id[place], "planted": i}
        for i, (place, copied) in enumerate(order)
        if copied
    ]
    truth.sort(key=lambda t: (str(t["kind"]), int(t["row_id"]), str(t["column"])))
    return [plan.rows[place] for place, _ in order], truth


def high_share(rows: list[Row], *, inside: bool) -> dict[str, float | int]:
    """Return the share of high labels among the rows inside (or outside) the group, and their n."""
    chosen = [r for r in rows if (r[GROUP_COLUMN] == GROUP) is inside]
    return {
        "share": round(sum(r[LABEL] == HIGH for r in chosen) / len(chosen), 4),
        "n": len(chosen),
    }


def summary(
    source: list[Row], rows: list[Row], truth: list[dict[str, str | int]]
) -> dict[str, object]:
    """Return what was planted, with counts and with the check that should see it."""
    checks = {
        "label_error": "labels.label_errors",
        "anomaly_shifted": "anomalies.multivariate",
        "anomaly_slipped": "anomalies.multivariate",
        "missing_empty": "completeness.missing_values",
        "missing_word": "completeness.missing_values",
        "missing_sentinel": "completeness.sentinel_values",
        "duplicate_row": "duplicates.exact_rows",
    }
    planted: dict[str, object] = {
        kind: {"check": check, "rows": len({t["row_id"] for t in truth if t["kind"] == kind})}
        for kind, check in checks.items()
    }
    planted["leak_column"] = {"check": "leakage.target_proxy", "column": LEAK}
    planted["biased_group"] = {
        "check": "bias.outcome_gap",
        "attribute": GROUP_COLUMN,
        "group": GROUP,
        "favourable": HIGH,
        "group_in_source": high_share(source, inside=True),
        "group_in_demo": high_share(rows, inside=True),
        "others_in_source": high_share(source, inside=False),
        "others_in_demo": high_share(rows, inside=False),
    }
    return {
        "file": "census_demo.csv",
        "source": "adult.csv",
        "script": "make_demo.py",
        "seed": SEED,
        "n_rows": len(rows),
        "label": LABEL,
        "planted": planted,
    }


def make(folder: Path) -> dict[str, object]:
    """Write the table and its truth into ``folder``; return the summary."""
    with (HERE / "adult.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    chance = random.Random(SEED)  # noqa: S311 - planted data, no secret
    plan = Plan(base_rows(source, chance), chance)
    plant_label_errors(plan)
    add_leak(plan)
    plant_anomalies(plan)
    plant_gaps(plan)
    rows, truth = with_copies(plan)
    write_csv(folder / "census_demo.csv", rows)
    write_csv(folder / "census_demo.truth.csv", truth)
    report = summary(source, rows, truth)
    text = json.dumps(report, indent=2) + "\n"
    (folder / "census_demo.truth.json").write_text(text, encoding="utf-8", newline="\n")
    return report


def write_csv(path: Path, rows: list[Row] | list[dict[str, str | int]]) -> None:
    """Write records as a comma-separated file with line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    print(json.dumps(make(HERE), indent=2))
