"""What comparing the columns of a table costs, beside pandas.

``python tests/benchmarks/associations.py ROWS COLUMNS [SHARE]`` makes a table of mixed columns, of
which a SHARE have gaps in a tenth of their rows, each its own (default 0.3). It prints the CPU
seconds and the peak memory of all pairs, and the CPU seconds of ``DataFrame.corr`` by Pearson and
by Spearman on the numeric columns alone. Each is measured in a process of its own with one thread.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.settings import environment_with
from components.engine.table.open_table import open_table
from components.profiling.associations.associate import associate
from components.profiling.profile import profile

KINDS = (
    (Storage.NUMBER, Kind.NUMBER, 0),
    (Storage.NUMBER, Kind.NUMBER, 0),
    (Storage.INTEGER, Kind.INTEGER, 0),
    (Storage.TEXT, Kind.CATEGORY, 8),
    (Storage.BOOLEAN, Kind.BOOLEAN, 0),
    (Storage.TEXT, Kind.CATEGORY, 200),
)
"""Storage, kind, and number of categories; the columns take turns."""


def columns_of(n_columns: int) -> tuple[Column, ...]:
    """Return the columns; the fifth is the label."""
    return tuple(
        Column(
            name=f"column {i}",
            field=f"c{i}",
            storage=KINDS[i % len(KINDS)][0],
            kind=KINDS[i % len(KINDS)][1],
            role=Role.LABEL if i == 4 else Role.FEATURE,
        )
        for i in range(n_columns)
    )


def write(path: Path, n_rows: int, n_columns: int, share: float) -> None:
    """Write a table whose columns follow four hidden ones, more or less."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(4, n_rows))
    arrays = {"row_id": pa.array(np.arange(n_rows))}
    for i, column in enumerate(columns_of(n_columns)):
        values = hidden[i % 4] * rng.random() + rng.normal(size=n_rows)
        gone = rng.random(n_rows) < 0.1 if rng.random() < share else None
        n_levels = KINDS[i % len(KINDS)][2]
        if column.storage is Storage.TEXT:
            codes = np.clip((values + 3) / 6 * n_levels, 0, n_levels - 1).astype(int)
            arrays[column.field] = pa.array(np.char.add("v", codes.astype(str)), mask=gone)
        elif column.storage is Storage.NUMBER:
            arrays[column.field] = pa.array(values, mask=gone)
        else:
            whole = values > 0 if column.storage is Storage.BOOLEAN else (values * 10).astype(int)
            arrays[column.field] = pa.array(whole, mask=gone)
    pq.write_table(pa.table(arrays), path)


def ours(path: Path, n_rows: int, n_columns: int) -> None:
    """Compare all columns and print what it took, without the profile before it."""
    version = DatasetVersion(
        id="d1", name="x", sha256="0" * 64, n_rows=n_rows, columns=columns_of(n_columns)
    )
    with open_table(version, path) as table:
        facts = profile(table)
        before, began = peak(), time.process_time()
        found = associate(table, facts)
    took = time.process_time() - began
    print(f"ours: {took:.2f} CPU s, peak {peak():.0f} MB ({before:.0f} MB before)")
    print(
        f"      {found.n_used:,} rows, {len(found.matrix.columns)} columns compared with another,"
    )
    print(f"      {len(found.pairs):,} pairs kept, {len(found.with_label):,} with the label")


def pandas(path: Path, n_columns: int) -> None:
    """Correlate the numeric columns with pandas."""
    fields = [c.field for c in columns_of(n_columns) if c.kind.is_numeric]
    frame = pd.read_parquet(path, columns=fields)
    for method in ("pearson", "spearman"):
        began = time.process_time()
        frame.corr(method=method)
        took = time.process_time() - began
        print(f"pandas, {method}, {len(fields)} numeric columns: {took:.2f} CPU s")


def peak() -> float:
    """Return the most memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Make the table, and measure each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("columns", type=int)
    parser.add_argument("share", type=float, nargs="?", default=0.3)
    parser.add_argument("--measure", choices=["ours", "pandas"])
    parser.add_argument("--table", type=Path)
    arguments = parser.parse_args()
    n_rows, n_columns = arguments.rows, arguments.columns
    if arguments.measure == "ours":
        ours(arguments.table, n_rows, n_columns)
    elif arguments.measure == "pandas":
        pandas(arguments.table, n_columns)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.parquet"
            write(path, n_rows, n_columns, arguments.share)
            for what in ("ours", "pandas"):
                options = ["--measure", what, "--table", str(path)]
                command = [sys.executable, __file__, str(n_rows), str(n_columns), *options]
                subprocess.run(command, check=True, env=environment_with({}))


if __name__ == "__main__":
    main()
