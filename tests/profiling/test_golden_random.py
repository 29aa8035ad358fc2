"""Small random tables, from a CSV file to the profile, against plain Python."""

from __future__ import annotations

import csv
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from components.core.data.dataset import Storage
from components.engine.table.open_table import SqlTable
from components.profiling.profile import profile

ROWS = 24
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"])
DAYS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as written
    lambda t: t.replace(microsecond=0)
)
CELLS = {
    "whole": st.integers(-20, 20).map(str),
    "large": st.integers(-(2**53), 2**53).map(str),
    "number": st.floats(-1e6, 1e6).map(lambda v: repr(round(v, 3))),
    "any number": st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    "few": st.sampled_from(["red", "green", "blue"]),
    "text": st.text(LETTERS, min_size=1, max_size=12),
    "word": st.sampled_from(["a", "?", "N/A", "1", "2.5", "-"]),
    "truth": st.sampled_from(["yes", "no"]),
    "day": DAYS.map(lambda t: t.date().isoformat()),
    "time": DAYS.map(lambda t: t.isoformat(sep=" ")),
}


@st.composite
def tables(draw):
    """Return a table as columns of cell texts; some cells are empty, some values repeat."""
    n_rows = draw(st.integers(2, ROWS))
    found = {}
    for name in draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=2, max_size=5, unique=True)):
        pool = draw(st.lists(CELLS[name], min_size=1, max_size=ROWS))
        if found and draw(st.booleans()):  # never in the first column: empty rows are kept aside
            pool = [*pool, ""]
        cell = st.sampled_from(pool)
        found[name] = draw(st.lists(cell, min_size=n_rows, max_size=n_rows))
    return found


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(table=tables())
def test_every_fact_of_a_random_table_is_as_plain_python_finds_it(
    table, slow, read_file, tmp_path_factory
):
    source = tmp_path_factory.mktemp("random") / "table.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    found, loaded = read_file(source)
    assume(loaded.report.n_aside == 0)  # what looks like a remark is kept aside: tested elsewhere
    assert slow.differences(found, loaded, source) == []


ODD_NUMBERS = {
    "infinite": [1.5, float("inf"), -float("inf"), float("nan"), -2.0, 0.0, float("inf")],
    "only infinite": [float("inf"), -float("inf"), float("inf")],
    "largest": [1.7976931348623157e308, -1.7976931348623157e308, 1.0],
    "small": [1e-150, 0.0, -3e-150],
    "one": [2.5],
}
ODD_WHOLE = {
    "ends of 64 bits": [2**63 - 1, -(2**63), 0, 1, None],
    "large and close": [2**62 + i * i for i in range(40)],
    "negative and close": [-(2**63) + i % 7 for i in range(40)],
    "no value": [None, None],
    "no rows": [],
}


def wrong(slow, table: SqlTable, values) -> list[str]:
    column = table.version.columns[0]
    plain = [None if v is None or v != v else v for v in values]  # noqa: PLR0124 - NaN is missing
    return slow.column_differences(profile(table).columns[0], column, plain)


@pytest.mark.parametrize("name", [*ODD_NUMBERS, *ODD_WHOLE])
def test_numbers_that_no_text_holds_are_described_exactly(name, make_table, slow):
    values = (ODD_NUMBERS | ODD_WHOLE)[name]
    dtype = "float64" if name in ODD_NUMBERS else "Int64"
    table = make_table(pd.DataFrame({"x": pd.Series(values, dtype=dtype)}))
    assert table.version.columns[0].storage in {Storage.NUMBER, Storage.INTEGER}
    assert wrong(slow, table, values) == []
