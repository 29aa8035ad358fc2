"""Pages of matching rows against pandas, across the borders of blocks."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from components.core.data.query import Compare, Contains, Missing, Not, OneOf, Op
from components.core.errors import NotFound
from components.engine.table import matching_rows
from components.engine.table.matching_rows import Marks, Order

N = 100


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(matching_rows, "BLOCK", 7)


@pytest.fixture
def frame():
    draw = np.random.default_rng(4)
    number = pd.Series(draw.integers(0, 9, N).astype(float))
    number[draw.random(N) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "number": number,
            "word": draw.choice(["Ann", "ben", "Cy_", None], N),
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 50, N), "D"),
        }
    )


@pytest.fixture
def table(make_table, frame):
    return make_table(frame)


@pytest.fixture
def marks(tmp_path):
    path = tmp_path / "marks [1].parquet"
    flagged = np.arange(N)[::-1] % 3 == 0
    ids = np.arange(N)[::-1]
    quality = np.linspace(0, 1, N)
    pq.write_table(pa.table({"row_id": ids, "quality": quality, "flagged": flagged}), path)
    return path


WANTED = {
    "all": (),
    "some": (Compare("number", Op.GE, 3),),
    "few": (Compare("number", Op.EQ, 3), OneOf("word", ("Ann",))),
    "text": (Contains("word", "N"), Not(Missing("number"))),
    "none": (Compare("number", Op.GT, 99),),
}


def matching(frame, wanted):
    rows = {
        "all": np.ones(N, bool),
        "some": frame["number"] >= 3,
        "few": (frame["number"] == 3) & (frame["word"] == "Ann"),
        "text": frame["word"].isin(["Ann", "ben"]) & frame["number"].notna(),
        "none": np.zeros(N, bool),
    }
    return np.flatnonzero(rows[wanted])


def ordered(frame, ids, order):
    if order is None:
        return ids
    values = frame.loc[ids, order.column]
    by_value = values.sort_values(ascending=not order.descending, na_position="last", kind="stable")
    return by_value.index.to_numpy()


@pytest.mark.parametrize("name", WANTED)
@pytest.mark.parametrize(
    "order", [None, Order("number"), Order("number", descending=True), Order("word"), Order("at")]
)
def test_the_pages_make_up_the_matching_rows(table, frame, name, order):
    wanted = WANTED[name]
    expected = ordered(frame, matching(frame, name), order)
    found = matching_rows.spread(table, wanted)
    assert found.total == len(expected)
    pages = [
        matching_rows.page(table, wanted, found, offset=offset, limit=9, order=order)
        for offset in range(0, N + 9, 9)
    ]
    assert np.concatenate(pages).tolist() == expected.tolist()


@pytest.mark.parametrize("name", WANTED)
def test_the_place_of_a_row_counts_the_matching_ones_before_it(table, frame, name):
    found = matching_rows.spread(table, WANTED[name])
    expected = matching(frame, name)
    for row_id in (0, 6, 7, 8, 50, 99):
        before = int((expected < row_id).sum())
        assert matching_rows.place(table, WANTED[name], found, row_id) == before


def test_values_come_with_their_rows_the_most_frequent_first(table, frame):
    counts = frame["word"].value_counts()
    found = matching_rows.values(table, "word", (), limit=2)
    assert [n for _, n in found] == sorted(counts, reverse=True)[:2]
    assert dict(found).items() <= counts.to_dict().items()
    assert matching_rows.values(table, "word", WANTED["none"], limit=2) == []


def test_the_extent_leaves_missing_values_out(table, frame):
    assert matching_rows.extent(table, "number") == (frame["number"].min(), frame["number"].max())
    assert matching_rows.extent(table, "at") == (frame["at"].min(), frame["at"].max())


def test_rows_are_found_by_the_flags_of_a_file(table, marks):
    for wanted in (True, False):
        asked = (Marks(marks, wanted=wanted),)
        found = matching_rows.spread(table, asked)
        ids = matching_rows.page(table, asked, found, offset=0, limit=N)
        assert ids.tolist() == [i for i in range(N) if (i % 3 == 0) is wanted]


def test_lines_of_a_file_come_by_row(marks):
    found = matching_rows.lines(marks, [50, 3, 3, 1_000], ["row_id", "flagged"]).to_pylist()
    assert found == [{"row_id": 3, "flagged": True}, {"row_id": 50, "flagged": False}]
    assert matching_rows.lines(marks, [], ["row_id"]).num_rows == 0


def test_an_unknown_column_is_refused(table):
    with pytest.raises(NotFound):
        matching_rows.spread(table, (Missing("nobody"),))
    with pytest.raises(NotFound):
        matching_rows.page(
            table, (), matching_rows.spread(table, ()), offset=0, limit=1, order=Order("nobody")
        )
