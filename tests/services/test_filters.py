"""Filters as text: what is written is read again, and nothing else is."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core.dataset import Column, DatasetVersion, Kind, Storage
from components.core.errors import UnusableInput
from components.core.query import AllOf, AnyOf, Compare, Contains, Missing, Not, OneOf, Op
from components.services import filters
from components.services.filters import Flagged

NAMES = ["age", "rows", "and", "not", "na me", "é~%/&?=+#", "", "in", "missing", "-1", "a.b"]


def column(number, name, storage):
    kind = Kind.TEXT if storage is Storage.TEXT else Kind.NUMBER
    return Column(name=name, field=f"c{number}", storage=storage, kind=kind)


STORAGES = list(Storage)
VERSION = DatasetVersion(
    id="d1",
    name="made.csv",
    sha256="0" * 64,
    n_rows=1_000,
    columns=tuple(
        column(len(STORAGES) * i + j, f"{name}{j or ''}", storage)
        for i, name in enumerate(NAMES)
        for j, storage in enumerate(STORAGES)
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = {
    Storage.TEXT: texts | st.sampled_from(["and", "~", "", " ", "yes"]),
    Storage.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Storage.NUMBER: st.floats(allow_nan=False) | st.integers(-5, 5),
    Storage.BOOLEAN: st.booleans(),
    Storage.DATETIME: st.datetimes(),
}


@st.composite
def simple(draw):
    one = draw(st.sampled_from(VERSION.columns))
    values = VALUES[one.storage]
    kinds = [
        st.builds(Compare, st.just(one.name), st.sampled_from(Op), values),
        st.builds(OneOf, st.just(one.name), st.lists(values, min_size=1, max_size=4).map(tuple)),
        st.just(Missing(one.name)),
        st.lists(st.integers(0, 999), max_size=20, unique=True).map(
            lambda ids: OneOf("row_id", tuple(sorted(ids)))
        ),
    ]
    if one.storage is Storage.TEXT:
        kinds.append(st.builds(Contains, st.just(one.name), texts))
    return draw(st.one_of(kinds))


conditions = simple() | st.builds(Not, simple())


@given(st.lists(conditions, max_size=6).map(tuple))
def test_what_is_written_is_read_again(found):
    text = filters.to_text(found)
    assert text.isascii()
    assert not set(text) & set("&?=+#%/\"'<>")
    assert filters.from_text(text, VERSION) == found


def test_a_text_reads_as_words():
    wanted = (
        Compare("age1", Op.GE, 30),
        OneOf("age", ("f", "m")),
        Not(Missing("na me")),
        Contains("age", "50%"),
        Compare("age4", Op.LT, datetime(2024, 2, 29)),  # noqa: DTZ001 - naive as stored
        OneOf("row_id", (3, 17, 18, 19, 20)),
        Flagged("anomalies.multivariate"),
        Flagged("labels.label_errors", wanted=False),
    )
    text = (
        "age1 ge 30 and age in f m and not na~20me missing and age has 50~25 and "
        "age4 lt 2024-02-29 and rows 3 17-20 and flagged anomalies.multivariate and "
        "not flagged labels.label_errors"
    )
    assert filters.to_text(wanted) == text
    assert filters.parts(text, VERSION) == wanted
    with pytest.raises(UnusableInput, match="flags of a check"):
        filters.from_text(text, VERSION)


def test_conditions_that_all_hold_are_written_one_by_one():
    inner = (Missing("age"), AllOf((Compare("age1", Op.EQ, 1),)))
    assert filters.to_text((AllOf(inner),)) == "age missing and age1 eq 1"
    assert filters.to_text(()) == ""
    assert filters.from_text("", VERSION) == ()
    assert filters.from_text("  ", VERSION) == ()


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "and",
        "age missing and",
        "and age missing",
        "not",
        "not not age missing",
        "nobody missing",
        "age~2 missing",
        "age~FF missing",
        "age' or 1=1 -- missing",
        "age like f",
        "age in",
        "age1 eq thirty",
        "age1 has 3",
        "age2 eq nan",
        "age3 eq maybe",
        "age4 lt yesterday",
        "rows 9-3",
        "rows",
        "rows x",
        "rows 0-999999999",
        "rows 1 2-",
        "rows 0-400 500-900",
        "flagged ../../etc.passwd",
        "flagged",
        "age eq \u202e",
        "age eq [x](https://evil.test)",
        "age missing and " * 50 + "age missing",
        "age eq " + "a" * filters.MOST_TEXT,
        "\x00",
    ],
)
def test_a_text_that_is_no_filter_is_refused(text):
    with pytest.raises(UnusableInput):
        filters.parts(text, VERSION)


@given(st.text(max_size=60) | st.lists(st.sampled_from(NAMES), max_size=8).map(" ".join))
def test_any_text_is_read_or_refused(text):
    try:
        found = filters.parts(text, VERSION)
    except UnusableInput:
        return
    assert filters.parts(filters.to_text(found), VERSION) == found


@pytest.mark.parametrize(
    "condition",
    [
        AnyOf((Missing("age"), Missing("age1"))),
        Not(Not(Missing("age"))),
        OneOf("age", ()),
        OneOf("row_id", tuple(range(501))),
        Compare("age", Op.EQ, "x" * filters.MOST_TEXT),
    ],
)
def test_what_has_no_short_form_is_refused(condition):
    with pytest.raises(UnusableInput):
        filters.to_text((condition,))


def test_rows_beyond_the_table_are_read_and_match_nothing():
    assert filters.from_text("rows 5000", VERSION) == (OneOf("row_id", (5000,)),)
