"""Score what Preflight finds on the demonstration sample against what was planted.

Run ``python tests/benchmarks/demo_truth.py``; it prints the table that the README quotes. A
benchmark, not a test: nothing is asserted.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
MAIN = "import sys; from components.cli import main; sys.exit(main())"
Rows = set[int]


def check(out: Path) -> float:
    """Run the command line on the demonstration; return the seconds it took."""
    command = ["check", str(SAMPLES / "census_demo.csv"), "--label", "income"]
    command += ["--sensitive", "race", "--sensitive", "sex", "--out", str(out)]
    env = {**os.environ, "PREFLIGHT_HOME": str(out / "home")}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MAIN, *command], cwd=ROOT, env=env, check=False)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(done.returncode)
    return time.perf_counter() - started


def planted_rows() -> dict[str, Rows]:
    """Return the rows that hold each planted kind."""
    rows: dict[str, Rows] = {}
    with (SAMPLES / "census_demo.truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows.setdefault(line["kind"], set()).add(int(line["row_id"]))
    return rows


def scored_rows(out: Path, check_id: str) -> tuple[Rows, list[int]]:
    """Return the flagged rows of a check, and all its rows worst first."""
    with (out / "rows" / f"{check_id}.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["quality"]]
    flagged = {int(line["row_id"]) for line in lines if line["flagged"].lower() in {"true", "1"}}
    ranked = sorted(lines, key=lambda line: (float(line["quality"]), int(line["row_id"])))
    return flagged, [int(line["row_id"]) for line in ranked]


def row_line(name: str, planted: Rows, flagged: Rows, ranked: list[int]) -> str:
    """Return one line of the table for a check that flags rows."""
    hits = len(planted & flagged)
    top = len(planted & set(ranked[: len(planted)]))
    precision = f"{hits / len(flagged):.2f}" if flagged else "–"
    return (
        f"| {name} | {len(planted)} rows | {len(flagged)} | {hits} "
        f"| {hits / len(planted):.2f} | {precision} | {top} of {len(planted)} |"
    )


def affected(results: dict, check_id: str, name: str) -> list[dict]:
    """Return the findings of a check that touch a column or a group called ``name``."""
    findings = next(c["findings"] for c in results["checks"] if c["check_id"] == check_id)
    return [
        f for f in findings if name in f["affected"]["columns"] or name in f["affected"]["groups"]
    ]


def counted(out: Path, column: str) -> int:
    """Return the missing cells of a column as the profile counts them."""
    with (out / "columns.csv").open(encoding="utf-8", newline="") as file:
        return next(int(r["n_missing"]) for r in csv.DictReader(file) if r["name"] == column)


def row_table(out: Path, planted: dict[str, Rows]) -> list[str]:
    """Return the table of the checks that flag rows."""
    anomalies = planted["anomaly_shifted"] | planted["anomaly_slipped"]
    kinds = (
        ("wrong labels", planted["label_error"], "labels.label_errors"),
        ("anomalous rows", anomalies, "anomalies.multivariate"),
        ("copies", planted["duplicate_row"], "duplicates.exact_rows"),
    )
    return [
        "| planted | how many | flagged | of them planted | recall | precision | among the worst |",
        "|---|---|---|---|---|---|---|",
        *(row_line(name, rows, *scored_rows(out, check_id)) for name, rows, check_id in kinds),
    ]


def finding_table(out: Path, planted: dict[str, Rows], results: dict) -> list[str]:
    """Return the table of the problems that a finding names."""
    cells = {kind: f"{len(rows)} cells" for kind, rows in planted.items()}
    missing = "completeness.missing_values"
    lines = ["| planted | how many | what Preflight says |", "|---|---|---|"]
    for name, what, check_id, about in (
        ("empty cells", cells["missing_empty"], missing, "hours_per_week"),
        ("N/A for missing", cells["missing_word"], missing, "relationship"),
        ("-1 for missing", cells["missing_sentinel"], "completeness.sentinel_values", "age"),
        ("leak", "1 column", "leakage.target_proxy", "tax_withheld"),
        ("biased group", "1 group", "bias.outcome_gap", "Asian-Pac-Islander"),
    ):
        found = affected(results, check_id, about)
        title = found[0]["title"].replace("|", "/") if found else "**not found**"
        count = f" ({about}: {counted(out, about)})" if check_id == missing else ""
        lines.append(f"| {name} | {what} | {title}{count} |")
    return lines


def report(out: Path) -> str:
    """Return the tables in Markdown."""
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    planted = planted_rows()
    lines = [*row_table(out, planted), "", *finding_table(out, planted, results)]
    return "\n".join([*lines, "", f"The verdict is *{results['verdict']}*."])


def main() -> None:
    """Check the demonstration and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds = check(out)
        print(report(out))
        print(f"\nWhole run: {seconds:.0f} s.")


if __name__ == "__main__":
    main()
