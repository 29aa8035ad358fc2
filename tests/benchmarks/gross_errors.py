"""Put gross errors into real tables, one kind at a time, and see whether each is found and named.

``python tests/benchmarks/gross_errors.py FOLDER [--tables NAME,...] [--draws N]`` reads the tables
of ``FOLDER`` (and some that statsmodels brings along) and prints, for each table and kind: the
share of wrong rows that ``anomalies.multivariate`` flags, the share whose wrong cell it names, and
the share of untouched rows that it flags. Cells and values are drawn at random. An error that
changes nothing (ten times zero) is not drawn.

With ``--draws 6`` 71 % of the wrong rows of ``REPORTED`` are found, and that cell named: ten times
46 %, a hundred times 79 %, impossible ages 89 %, far dates 92 % (mean of one row and of five). Of
untouched rows at most 0.34 % are flagged on any table, in any draw. Until 0.67 % of
compas_two_years was flagged, that table was only reported; the line for more than 0.5 % of a column
was drawn after it had been looked at, on synthetic columns and the demonstration table. The scale
of the columns was changed after all these tables had been run once; what was found stayed 72 %.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from components.checks.anomalies.multivariate import multivariate
from components.core.data.dataset import DatasetVersion, Role, Storage
from components.core.facts.profile import DatasetProfile
from components.core.settings import Settings
from components.engine.table.open_table import open_table
from components.intake.load import load

MOST_ROWS = 3_000
KINDS = ("x10", "x100", "age", "date")
LABELS = {
    "titanic": "survived",
    "german_credit": "credit_risk",
    "adult": "income",
    "compas_two_years": "two_year_recid",
    "penguins": "species",
    "planets": "method",
    "taxis": "payment",
    "weather_current": "target",
}
REPORTED = (
    "titanic",
    "german_credit",
    "adult",
    "compas_two_years",
    "taxis",
    "beijing_pm25_hourly",
    "anes96",
    "star98",
)
"""The lines of the check were not chosen on these, but for one that compas led to (see above)."""
TUNED = ("penguins", "planets", "weather_current", "fair", "modechoice", "randhie")


class Run:
    """A run context without progress."""

    seed = 0
    source = None
    params: ClassVar[dict[str, dict[str, object]]] = {}

    def __init__(self, n_rows: int) -> None:
        self.profile = DatasetProfile(n_rows=n_rows, n_columns=0, columns=())

    def progress(self, done: float, note: str = "") -> None:
        """Ignore the progress."""

    def shared(self, _key, make):
        """Make it."""
        return make()


@dataclass(frozen=True)
class Clean:
    """A table as published: its version and its typed values."""

    version: DatasetVersion
    frame: pd.DataFrame


def frame_of(name: str, folder: Path) -> pd.DataFrame:
    """Read a table, at most ``MOST_ROWS`` rows of it drawn at random."""
    found = [p for ending in (".csv", ".parquet") for p in folder.rglob(f"{name}{ending}")]
    if not found:
        from statsmodels import datasets

        frame = getattr(datasets, name).load_pandas().data
    elif found[0].suffix == ".csv":
        frame = pd.read_csv(found[0], dtype=str, keep_default_na=False)
    else:
        frame = pd.read_parquet(found[0])
    return frame.sample(min(MOST_ROWS, len(frame)), random_state=0).sort_index()


def clean_table(name: str, data: Path, work: Path) -> Clean:
    """Take a table in as the product does."""
    frame_of(name, data).to_csv(work / f"{name}.csv", index=False)
    folder = work / name
    folder.mkdir()
    loaded = load(
        work / f"{name}.csv", folder, name=f"{name}.csv", settings=Settings.from_environment()
    )
    columns = tuple(
        replace(c, role=Role.LABEL)
        if c.name == LABELS.get(name)
        else (replace(c, role=Role.FEATURE) if c.role is Role.LABEL else c)
        for c in loaded.columns
    )
    version = DatasetVersion(
        id="b", name=name, sha256="0" * 64, n_rows=loaded.n_rows, columns=columns
    )
    table = next(folder.glob("table-*.parquet"))
    return Clean(version, pd.read_parquet(table))


def cells_for(kind: str, clean: Clean) -> list[tuple[str, np.ndarray]]:
    """Return the columns that an error of this kind can hit, with the rows where it changes one."""
    found = []
    for column in clean.version.inputs:
        values = clean.frame[column.field]
        numeric = column.storage in {Storage.INTEGER, Storage.NUMBER}
        if kind == "date":
            fits = column.storage is Storage.DATETIME
        elif kind == "age":
            fits = numeric and "age" in column.name.lower().replace("wage", "").split("_")
        else:
            fits = numeric
        rows = np.flatnonzero(values.notna() & ((values != 0) if numeric else True))
        if fits and len(rows) > 50:
            found.append((column.field, rows))
    return found


def wrong(kind: str, value, rng: np.random.Generator):
    """Return what stands in the file instead of ``value``."""
    if kind == "x10":
        return value * 10
    if kind == "x100":
        return value * 100
    if kind == "age":
        return int(rng.integers(150, 1000)) if rng.random() < 0.5 else int(rng.integers(-90, -1))
    year = int(rng.choice([1, 201, 1066, 1800, 1825, 1925, 2125, 2925, 9999]))
    return datetime(year, int(rng.integers(1, 13)), int(rng.integers(1, 28)))  # noqa: DTZ001 - no zone


def spoilt(
    clean: Clean, kind: str, n: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the table with ``n`` wrong cells in one column, and where they are."""
    columns = cells_for(kind, clean)
    field, rows = columns[int(rng.integers(len(columns)))]
    chosen = rng.choice(rows, n, replace=False)
    frame = clean.frame.copy()
    values = frame[field].astype(object)
    for row in chosen:
        values.iloc[row] = wrong(kind, values.iloc[row], rng)
    storage = clean.frame[field].dtype
    frame[field] = values.astype("datetime64[us]" if kind == "date" else storage)
    ids = frame["row_id"].to_numpy()
    name = next(c.name for c in clean.version.columns if c.field == field)
    return frame, {int(ids[row]): name for row in chosen}


def judged(clean: Clean, frame: pd.DataFrame, work: Path) -> tuple[set[int], dict[int, set[str]]]:
    """Run the check; return the flagged rows and the cells that it names."""
    path = work / "spoilt.parquet"
    frame.to_parquet(path, index=False)
    with open_table(clean.version, path) as table:
        result = multivariate.run(table, Run(len(frame)))
    if result.row_scores is None:
        raise SystemExit(result.reason)
    rows = result.row_scores
    flagged = set(rows.row_id[rows.flagged].tolist())
    named: dict[int, set[str]] = {}
    if result.cell_scores is not None:
        for row, column in zip(
            result.cell_scores.row_id.tolist(), result.cell_scores.column, strict=True
        ):
            named.setdefault(row, set()).add(column)
    return flagged, named


def of_table(name: str, clean: Clean, work: Path, draws: int) -> Iterator[dict]:
    """Yield one record per draw."""
    untouched, _ = judged(clean, clean.frame, work)
    yield {"table": name, "kind": "none", "rows": 0, "others": len(untouched) / len(clean.frame)}
    for kind in KINDS:
        if not cells_for(kind, clean):
            continue
        for n in (1, 5):
            for draw in range(draws):
                rng = np.random.default_rng([draw, n, KINDS.index(kind), len(clean.frame)])
                frame, truth = spoilt(clean, kind, n, rng)
                flagged, named = judged(clean, frame, work)
                yield {
                    "table": name,
                    "kind": kind,
                    "rows": n,
                    "column": next(iter(truth.values())),
                    "found": len(flagged & set(truth)) / n,
                    "named": sum(c in named.get(r, ()) for r, c in truth.items()) / n,
                    "others": len(flagged - set(truth)) / (len(frame) - n),
                }


def main() -> None:
    """Print the shares per table and kind, per kind, and over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tables", default=",".join(REPORTED))
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--by-column", action="store_true")
    asked = parser.parse_args()
    records = []
    started = time.process_time()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for name in asked.tables.split(","):
            records += of_table(name, clean_table(name, asked.folder, work), work, asked.draws)
    found = pd.DataFrame(records)
    planted = found[found["kind"] != "none"]
    shares = ["found", "named", "others"]
    per = planted.groupby(["table", "kind", "rows"], sort=False)[shares].mean()
    print(per.round(3).to_string())
    if asked.by_column:
        print(planted.groupby(["table", "column", "kind"])[shares].mean().round(3).to_string())
    print(planted.groupby(["kind", "rows"], sort=False)[shares].mean().round(3).to_string())
    print(planted.groupby("table", sort=False)[shares].mean().round(3).to_string())
    print(found.groupby("table", sort=False)["others"].agg(["mean", "max"]).round(4).to_string())
    print(planted[shares].mean().round(3).to_string())
    print(f"{time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main()
