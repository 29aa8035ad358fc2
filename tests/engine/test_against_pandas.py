"""The engine's answers against pandas, on tables that nobody would think of."""

from __future__ import annotations

import operator
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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

WORDS = ["a", "b", "", "é", "'", '"', "\\", "NULL", "\U0001f9ea", "-- x"]
NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([0.0, np.inf, -np.inf, np.nan])
QUIET = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

rows = st.tuples(
    st.none() | st.sampled_from(WORDS),
    st.none() | NUMBERS,
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3),
    st.none() | st.booleans(),
    st.none() | st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - naive
)


@st.composite
def frames(draw) -> pd.DataFrame:
    records = draw(st.lists(rows, max_size=30))
    text, number, whole, yes, at = zip(*records, strict=True) if records else [()] * 5
    return pd.DataFrame(
        {
            "text": pd.Series(text, dtype="str"),
            "number": pd.Series(number, dtype="float64"),
            "whole": pd.Series(whole, dtype="Int64"),
            "yes": pd.Series(yes, dtype="boolean"),
            "at": pd.Series(at, dtype="datetime64[us]"),
        }
    )


OPERATORS = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}
VALUES = {
    "text": st.sampled_from(WORDS),
    "number": st.floats(allow_nan=False) | st.integers(-5, 5),
    "whole": st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1),
    "yes": st.booleans(),
    "at": st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - naive
}
leaves = st.one_of(
    *(
        st.builds(Compare, st.just(name), st.sampled_from(Op), values)
        | st.builds(OneOf, st.just(name), st.lists(values, max_size=3).map(tuple))
        | st.just(Missing(name))
        for name, values in VALUES.items()
    ),
    st.builds(Contains, st.just("text"), st.sampled_from([*WORDS, "É", "null", "%", "_", "nul"])),
)
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def satisfied(frame: pd.DataFrame, where) -> np.ndarray:  # noqa: PLR0911 - one per condition
    match where:
        case Compare(name, op, value):
            cells = frame[name].astype(object)
            return np.array([not pd.isna(c) and OPERATORS[op](c, value) for c in cells], bool)
        case OneOf(name, values):
            equal = (satisfied(frame, Compare(name, Op.EQ, v)) for v in values)
            return np.logical_or.reduce([np.zeros(len(frame), bool), *equal])
        case Contains(name, text):
            cells = frame[name].astype(object)
            return np.array([not pd.isna(c) and text.lower() in c.lower() for c in cells], bool)
        case Missing(name):
            return frame[name].isna().to_numpy()
        case Not(inner):
            return ~satisfied(frame, inner)
        case AllOf(parts):
            every = (satisfied(frame, p) for p in parts)
            return np.logical_and.reduce([np.ones(len(frame), bool), *every])
        case AnyOf(parts):
            some = (satisfied(frame, p) for p in parts)
            return np.logical_or.reduce([np.zeros(len(frame), bool), *some])
    raise AssertionError(where)


@QUIET
@given(frame=frames())
def test_stored_frames_come_back(make_table, frame):
    sample = make_table(frame).sample(len(frame) + 1, seed=0)
    pd.testing.assert_frame_equal(sample.frame, frame)
    assert sample.row_id.tolist() == list(range(len(frame)))


@QUIET
@given(frame=frames(), where=st.lists(conditions, min_size=5, max_size=5))
def test_conditions_mean_the_same_as_in_pandas(make_table, frame, where):
    table = make_table(frame)
    for condition in where:
        expected = np.flatnonzero(satisfied(frame, condition)).tolist()
        assert table.row_ids(condition).tolist() == expected
        assert table.sample(1_000, seed=0, where=condition).n_total == len(expected)


def expected_of(values: pd.Series) -> dict[str, object]:
    numbers = values.dropna().astype(float)
    finite = numbers[np.isfinite(numbers)]
    return {
        "present": values.notna().sum(),
        "missing": values.isna().sum(),
        "distinct": values.nunique(),
        "sum": finite.sum() if len(finite) else None,
        "mean": finite.mean() if len(finite) else None,
        "sd": finite.std() if len(finite) > 1 else None,
    }


@QUIET
@given(frame=frames())
@pytest.mark.parametrize("name", ["number", "yes"])
def test_aggregates_agree(make_table, frame, name):
    expected = expected_of(frame[name])
    found = make_table(frame).aggregate({key: Agg(Fn(key), name) for key in expected})
    for key, value in expected.items():
        if value is None:
            assert found[key] is None
        else:
            assert found[key] == pytest.approx(float(value), rel=1e-6, abs=1e-6)


@QUIET
@given(frame=frames(), by=st.sampled_from([["text"], ["yes"], ["text", "yes"], ["number"]]))
def test_groups_agree(make_table, frame, by):
    measures = {"rows": Agg(Fn.ROWS), "low": Agg(Fn.MIN, "whole")}
    found = make_table(frame).groups(by, measures, order_by="rows")
    grouped = frame.groupby(by, dropna=False)
    sizes = {_key(key, by): int(n) for key, n in grouped.size().items()}
    assert {tuple(r[b] for b in by): r["rows"] for r in found} == sizes
    assert [r["rows"] for r in found] == sorted(sizes.values(), reverse=True)
    lows = {_key(key, by): None if pd.isna(v) else v for key, v in grouped["whole"].min().items()}
    assert {tuple(r[b] for b in by): r["low"] for r in found} == lows


def _key(key: object, by: list[str]) -> tuple[object, ...]:
    parts = key if len(by) > 1 else (key,)
    return tuple(None if pd.isna(part) else part for part in parts)


@QUIET
@given(frame=frames(), columns=st.sets(st.sampled_from(["text", "number", "yes"]), min_size=1))
def test_repeats_agree(make_table, frame, columns):
    names = sorted(columns)
    found = make_table(frame).repeats(names)
    assert found.row_id.tolist() == np.flatnonzero(frame.duplicated(names)).tolist()
    firsts = frame.groupby(names, dropna=False).ngroup()
    first_of = {}
    for row, group in enumerate(firsts):
        first_of.setdefault(group, row)
    assert found.first.tolist() == [first_of[firsts[row]] for row in found.row_id]


@QUIET
@given(frame=frames(), data=st.data())
def test_rows_agree(make_table, frame, data):
    ids = data.draw(
        st.lists(st.sampled_from(range(len(frame))), max_size=8) if len(frame) else st.just([])
    )
    found = make_table(frame).rows(np.array(ids, dtype=np.int64))
    pd.testing.assert_frame_equal(
        found, frame.iloc[ids].set_axis(pd.Index(ids, name="row_id", dtype="int64"))
    )
