"""What the speed benchmarks run in processes of their own.

``make ROWS FILE``           write a CSV of 20 mixed columns
``wide ROWS COLUMNS FILE``   write a CSV of many columns
``count FILE``               count every column of a CSV with DuckDB: the cost of parsing alone
``describe FILE``            ``pandas.read_csv`` and ``describe(include="all")``
``sniff FILE``               find out encoding, dialect and header, as intake does; prints seconds
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]

COLUMNS = {
    "id": "i",
    "i1": "(random() * 100000)::int",
    "small": "(random() * 100)::int",
    "amount": "round(random() * 1000, 2)",
    "x1": "random() * 2 - 1",
    "x2": "round((random() + random() + random()) * 33, 4)",
    "gap": "case when random() < 0.1 then null else round(random() * 50, 1) end",
    "colour": "['red', 'green', 'blue', 'black'][1 + (random() * 3.99)::int]",
    "label": "['yes', 'no'][1 + (random() * 1.99)::int]",
    "city": "'city_' || (random() * 500)::int",
    "user": "'u' || lpad(((random() * 1e6)::int)::varchar, 7, '0')",
    "day": "date '2020-01-01' + (random() * 1500)::int",
    "ts": "timestamp '2021-01-01' + to_seconds((random() * 3e7)::bigint)",
    "flag": "random() < 0.3",
    "cat2": "['a', 'b', 'c', 'd', 'e', 'f'][1 + (random() * 5.99)::int]",
    "age": "(18 + random() * 60)::int",
    "sex": "['f', 'm'][1 + (random() * 1.99)::int]",
    "text": "'note ' || (random() * 1000)::int || ' about thing ' || (random() * 100)::int",
    "income": "round(exp(random() * 8), 3)",
    "region": "case when random() < 0.05 then '?'"
    " else ['north', 'south', 'east', 'west'][1 + (random() * 3.99)::int] end",
}
"""20 columns: numbers, whole numbers, categories, codes, dates, a truth value, short texts; one
with gaps, one with a word for missing."""

WIDE = (
    "round(random() * 1000, 2)",
    "(random() * 50)::int",
    "'level_' || (random() * 20)::int",
    "random() * 2 - 1",
    "case when random() < 0.2 then null else round(random() * 10, 1) end",
)
"""What the columns of a wide table hold, by turns."""


def make(rows: str, file: str) -> None:
    """Write a CSV of 20 mixed columns."""
    _write(int(rows), [f"{value} as {name}" for name, value in COLUMNS.items()], file)


def wide(rows: str, columns: str, file: str) -> None:
    """Write a CSV of many columns."""
    names = range(int(columns))
    _write(int(rows), [f"{WIDE[i % len(WIDE)]} as f{i}" for i in names], file)


def _write(rows: int, selected: list[str], file: str) -> None:
    import duckdb

    # one thread: the same seed gives the same file
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 1}) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(
            f"copy (select {', '.join(selected)} from range({rows}) t(i))"  # noqa: S608 - our words
            f" to '{file}' (header, delimiter ',')"
        )


def count(file: str) -> None:
    """Count every column of a CSV with DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        source = connection.read_csv(file)
        counts = ", ".join(f'count("{name}")' for name in source.columns)
        print(source.aggregate(counts).fetchall()[0])


def describe(file: str) -> None:
    """Read a CSV with pandas and describe every column."""
    import pandas as pd

    print(pd.read_csv(file).describe(include="all"))


def sniff(file: str) -> None:
    """Find out encoding, dialect and header; print the seconds of CPU and of the clock."""
    sys.path.insert(0, str(ROOT))
    from components.core.settings import Settings
    from components.intake.options import ReadOptions
    from components.intake.text.sniff import sniff as understand

    cpu, clock = time.process_time(), time.perf_counter()
    found = understand(Path(file), ReadOptions(), Settings.from_environment())
    spent = time.process_time() - cpu, time.perf_counter() - clock
    print(f"{spent[0]:.3f} {spent[1]:.3f} {found.dialect.delimiter!r}")


def main() -> None:
    """Do what the first argument says."""
    what = {f.__name__: f for f in (make, wide, count, describe, sniff)}
    what[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
