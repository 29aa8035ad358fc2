from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import numpy as np
import pandas as pd
import pytest
from sqlglot import exp

from components.core.data.query import (
    Agg,
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Fn,
    Missing,
    Not,
    OneOf,
    Op,
)
from components.core.errors import Conflict, NotFound
from components.engine.sql.expressions import field, named, select
from components.engine.table import duck_table
from components.engine.table.open_table import OPENERS, open_table
from components.profiling.profile import profile

UGLY = 'na"me; DROP TABLE data -- \U0001f9ea'


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            UGLY: ["it's", "b", None, "b", "\u00e9"],
            "number": [1.5, np.nan, np.inf, -2.0, 0.1],
            "whole": pd.array([1, None, 3, 2**62, -5], dtype="Int64"),
            "yes": pd.array([True, False, None, True, True], dtype="boolean"),
            "at": pd.to_datetime(
                ["2024-01-01", None, "1999-12-31 23:59:59.5", "2024-02-29", "2024-01-01"],
                format="ISO8601",
            ),
        }
    )


@pytest.fixture
def table(make_table, frame):
    return make_table(frame)


def test_frames_have_the_promised_types_and_values(table, frame):
    sample = table.sample(10, seed=0)
    assert [str(t) for t in sample.frame.dtypes] == [
        "str",
        "float64",
        "Int64",
        "boolean",
        "datetime64[us]",
    ]
    pd.testing.assert_frame_equal(sample.frame, frame, check_dtype=False)
    assert sample.is_whole
    assert sample.row_id.tolist() == [0, 1, 2, 3, 4]


def test_aggregates_of_numbers_leave_missing_and_infinite_values_out(table):
    found = table.aggregate({fn.value: Agg(fn, "number", q=0.5) for fn in Fn})
    finite = [1.5, -2.0, 0.1]
    assert found == {
        "rows": 5,
        "present": 4,
        "missing": 1,
        "distinct": 4,
        "min": -2.0,
        "max": np.inf,
        "sum": pytest.approx(sum(finite)),
        "mean": pytest.approx(np.mean(finite)),
        "sd": pytest.approx(np.std(finite, ddof=1)),
        "quantile": pytest.approx(0.8),
    }


def test_aggregates_of_booleans_count_yes_as_one(table):
    found = table.aggregate({"sum": Agg(Fn.SUM, "yes"), "mean": Agg(Fn.MEAN, "yes")})
    assert found == {"sum": 3, "mean": 0.75}


def test_an_aggregate_counts_only_the_rows_of_its_own_condition(table):
    where = Compare(UGLY, Op.EQ, "b")
    found = table.aggregate(
        {"rows": Agg(Fn.ROWS, where=where), "missing": Agg(Fn.MISSING, "number", where=where)},
        where=Not(Missing(UGLY)),
    )
    assert found == {"rows": 2, "missing": 1}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Compare(UGLY, Op.EQ, "it's"), [0]),
        (Compare(UGLY, Op.NE, "b"), [0, 4]),
        (Not(Compare(UGLY, Op.EQ, "b")), [0, 2, 4]),
        (Compare("number", Op.EQ, 0.1), [4]),
        (Compare("number", Op.GE, 0), [0, 2, 4]),
        (Compare("number", Op.GT, float("-inf")), [0, 2, 3, 4]),
        (Compare("whole", Op.EQ, 2**62), [3]),
        (Compare("whole", Op.LT, 1.5), [0, 4]),
        (Compare("whole", Op.GT, np.int64(1)), [2, 3]),
        (Compare("yes", Op.EQ, False), [1]),
        (Compare("at", Op.LE, pd.Timestamp("2024-01-01")), [0, 2, 4]),
        (OneOf("whole", (1, 3, 99)), [0, 2]),
        (OneOf("whole", ()), []),
        (Contains(UGLY, "T'"), [0]),
        (Contains(UGLY, "\u00c9"), [4]),
        (Contains(UGLY, "%"), []),
        (Contains(UGLY, ""), [0, 1, 3, 4]),
        (Not(Contains(UGLY, "b")), [0, 2, 4]),
        (Missing("number"), [1]),
        (AllOf(()), [0, 1, 2, 3, 4]),
        (AnyOf(()), []),
        (AllOf((Compare(UGLY, Op.EQ, "b"), Missing("number"))), [1]),
        (AnyOf((Compare(UGLY, Op.EQ, "b"), Missing("yes"))), [1, 2, 3]),
        (Not(AllOf((Compare("number", Op.GT, 0), Compare("yes", Op.EQ, True)))), [1, 2, 3]),
        (Compare("row_id", Op.GE, 3), [3, 4]),
    ],
)
def test_conditions_pick_the_rows_that_they_say(table, where, expected):
    assert table.row_ids(where).tolist() == expected


def test_row_ids_are_cut_at_the_limit(table):
    assert table.row_ids(Not(Missing("at")), limit=2).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("column", "value"), [(UGLY, 1), ("number", "1"), ("yes", 1), ("whole", True), ("at", "2024")]
)
def test_a_value_of_another_type_is_refused(table, column, value):
    with pytest.raises(TypeError, match="cannot be compared"):
        table.row_ids(Compare(column, Op.EQ, value))


def test_only_texts_are_looked_into(table):
    with pytest.raises(TypeError, match="cannot be compared"):
        table.row_ids(Contains("number", "1"))


def test_arithmetic_on_texts_is_refused(table):
    with pytest.raises(TypeError, match="not numbers"):
        table.aggregate({"m": Agg(Fn.MEAN, UGLY)})


def test_groups_count_missing_as_a_value_and_are_ordered(table):
    found = table.groups([UGLY], {"rows": Agg(Fn.ROWS)}, order_by="rows")
    assert found == [
        {UGLY: "b", "rows": 2},
        {UGLY: "it's", "rows": 1},
        {UGLY: "\u00e9", "rows": 1},
        {UGLY: None, "rows": 1},
    ]
    assert table.groups([UGLY], {"rows": Agg(Fn.ROWS)}, order_by="rows", limit=1) == found[:1]


def test_groups_of_two_columns_stand_in_the_order_of_the_columns(table):
    found = table.groups(["yes", UGLY], {"n": Agg(Fn.PRESENT, "number")})
    assert [tuple(r.values()) for r in found] == [
        (False, "b", 0),
        (True, "b", 1),
        (True, "it's", 1),
        (True, "\u00e9", 1),
        (None, None, 1),
    ]


def test_rows_come_in_the_order_asked_for(table):
    found = table.rows(np.array([3, 0, 3]), columns=["whole", UGLY])
    assert found.index.tolist() == [3, 0, 3]
    assert found.index.name == "row_id"
    assert found["whole"].tolist() == [2**62, 1, 2**62]
    assert found[UGLY].tolist() == ["b", "it's", "b"]


def test_no_rows_asked_no_rows_returned(table):
    assert table.rows(np.array([], dtype=np.int64)).shape == (0, 5)


def test_unknown_rows_columns_and_measures_are_named(table):
    with pytest.raises(NotFound, match="row 5"):
        table.rows(np.array([5]))
    with pytest.raises(NotFound, match="nix"):
        table.sample(1, seed=0, columns=["nix"])
    with pytest.raises(NotFound, match="nix"):
        table.groups([UGLY], {"n": Agg(Fn.ROWS)}, order_by="nix")


def test_batches_hold_every_row_once_in_order(table, frame):
    batches = list(table.batches(size=2, columns=["number"]))
    assert [b.row_id.tolist() for b in batches] == [[0, 1], [2, 3], [4]]
    whole = pd.concat([b.frame for b in batches], ignore_index=True)
    pd.testing.assert_frame_equal(whole, frame[["number"]])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_small_batches_are_cut_from_larger_blocks(make_table, monkeypatch, size):
    monkeypatch.setattr(duck_table, "_BLOCK_ROWS", 5)
    table = make_table(pd.DataFrame({"x": range(11)}))
    batches = list(table.batches(size=size))
    assert [len(b.row_id) for b in batches[:-1]] == [size] * (len(batches) - 1)
    for batch in batches:
        assert batch.frame["x"].tolist() == batch.row_id.tolist()
        assert batch.frame.index.tolist() == list(range(len(batch.row_id)))
        assert batch.n_total == 11
    assert np.concatenate([b.row_id for b in batches]).tolist() == list(range(11))


def test_a_table_that_is_gone_or_changed_is_told(make_table, tmp_path):
    table = make_table(pd.DataFrame({"x": range(3)}))
    longer = dataclasses.replace(table.version, n_rows=4)
    with pytest.raises(Conflict, match="has 3 rows, not 4"), open_table(longer, table.path):
        pass
    with pytest.raises(NotFound, match="not stored"), open_table(longer, tmp_path / "gone"):
        pass


def test_a_path_full_of_signs_is_only_a_path(make_table, tmp_path):
    table = make_table(pd.DataFrame({"x": range(3)}))
    odd = tmp_path / "a [1] * ? 'b' %20 ; --" / "table.parquet"
    odd.parent.mkdir()
    odd.write_bytes(table.path.read_bytes())
    with open_table(table.version, odd) as same:
        assert same.aggregate({"sum": Agg(Fn.SUM, "x")}) == {"sum": 3}


def test_several_threads_may_ask_one_table(make_table):
    table = make_table(pd.DataFrame({"x": range(5_000), "y": ["a", "b"] * 2_500}))

    def ask(number: int) -> tuple[object, ...]:
        where = Compare("x", Op.LT, number * 100)
        sample = table.sample(50, seed=number)
        return (
            table.aggregate({"n": Agg(Fn.ROWS)}, where=where)["n"],
            table.rows(np.array([number]))["x"].tolist(),
            sample.row_id.tolist() == table.sample(50, seed=number).row_id.tolist(),
        )

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(20)))
    assert answers == [(n * 100, [n], True) for n in range(20)]


def test_the_table_can_be_asked_while_batches_are_open(table):
    rows = [table.aggregate({"n": Agg(Fn.ROWS)})["n"] for _ in table.batches(size=2)]
    assert rows == [5, 5, 5]


def test_nan_in_the_file_is_a_missing_value(table):
    assert table.aggregate({"n": Agg(Fn.MISSING, "number")}) == {"n": 1}


def test_repeats_name_the_first_row_with_the_same_values(make_table):
    table = make_table(
        pd.DataFrame({"a": ["x", None, "x", None, "y", "x"], "b": [1.0, 0.0, 1.0, -0.0, 1.0, 2.0]})
    )
    found = table.repeats(["a", "b"])
    assert found.row_id.tolist() == [2, 3]
    assert found.first.tolist() == [0, 1]
    assert table.repeats(["a"]).first.tolist() == [0, 1, 0]
    assert table.repeats([]).row_id.tolist() == [1, 2, 3, 4, 5]


def test_whole_columns_come_as_arrow_by_their_physical_names(make_table):
    frame = pd.DataFrame({"a": [1.5, float("nan"), 2.0], "b": ["x", None, "z"], "c": [1, 2, 3]})
    table = make_table(frame)
    found = table.arrow(table.version.columns[:2])
    assert found.column_names == ["row_id", "c0", "c1"]
    assert found.to_pydict() == {
        "row_id": [0, 1, 2], "c0": [1.5, None, 2.0], "c1": ["x", None, "z"],
    }  # fmt: skip


def test_some_rows_come_as_arrow_in_their_order(make_table):
    n = 300_000
    table = make_table(pd.DataFrame({"a": [i % 7 or None for i in range(n)]}))
    rows = np.arange(5, n, 11_003)
    (column,) = table.version.columns
    some, gone = table.arrow([column], rows=rows), table.gaps([column], rows=rows)
    assert some.column("row_id").to_pylist() == gone.column("row_id").to_pylist() == rows.tolist()
    assert some.column("c0").to_pylist() == [i % 7 or None for i in rows.tolist()]
    assert gone.column("c0").to_pylist() == [i % 7 == 0 for i in rows.tolist()]
    whole = table.arrow([column]), table.gaps([column])
    assert all((found.column("row_id").to_numpy() == np.arange(n)).all() for found in whole)
    assert whole[1].column("c0").to_numpy().sum() == whole[0].column("c0").null_count == 42_858


def test_many_records_come_as_arrow(make_table):
    table = make_table(pd.DataFrame({"a": list("xyx")}))
    value = field("c0")
    statement = select([named(value, "v"), named(exp.Count(this=exp.Star()), "n")])
    found = table.fetch(statement.group_by(value.copy()))
    assert dict(zip(*found.to_pydict().values(), strict=True)) == {"x": 2, "y": 1}


def test_another_kind_of_location_is_opened_by_its_own_engine(make_table, monkeypatch):
    table = make_table(pd.DataFrame({"a": [1, 2, 3]}))

    @contextmanager
    def open_elsewhere(version, location, *, memory_limit, held):
        name = location.removeprefix("memory://")
        assert (version.name, name) == (table.version.name, "sales/2026")
        assert (memory_limit, held) == (5_000_000, None)
        yield table

    version = table.version
    with pytest.raises(NotFound, match="where no engine can read it"):
        open_table(version, "memory://sales/2026")
    monkeypatch.setitem(OPENERS, "memory", open_elsewhere)
    with open_table(version, "memory://sales/2026", memory_limit=5_000_000) as found:
        assert found.version == version
        assert profile(found).column("a").mean == 2


def test_a_stream_has_every_record_once_in_small_batches(make_table):
    table = make_table(pd.DataFrame({"x": range(10_000)}))
    batches = list(table.stream(exp.select("row_id", "c0").from_("data"), 3_000))
    assert all(batch.num_rows <= 3_000 for batch in batches)
    assert len(batches) > 3
    rows = [number for batch in batches for number in batch.column("row_id").to_pylist()]
    assert sorted(rows) == list(range(10_000))
    assert rows == [number for batch in batches for number in batch.column("c0").to_pylist()]


def test_columns_of_few_values_are_known_by_their_dictionaries(make_table, tmp_path):
    frame = pd.DataFrame({"few": ["a", "b", None] * 1_000, "many": [f"t{i}" for i in range(3_000)]})
    made = make_table(frame)
    written = tmp_path / "by_the_engine.parquet"
    duckdb.sql(f"COPY (FROM '{made.path}') TO '{written}' (DICTIONARY_SIZE_LIMIT 1000)")
    with open_table(made.version, written) as table:
        assert "c0" in table.few_values(2, 100_000)
        assert "c1" not in table.few_values(1_000_000, 10**9)
        assert table.few_values(1, 100_000) == frozenset()
        assert table.few_values(2, 10) == frozenset()
    assert made.few_values(10**6, 10**9) == frozenset()  # another writer counts no values
