"""Filters as text: what is written is read again, and nothing else is."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.core.data.dataset import Column, DatasetVersion, Kind, Storage
from components.core.data.query import AllOf, AnyOf, Compare, Contains, Missing, Not, OneOf, Op
from components.core.errors import UnusableInput
from components.services.explore import filters
from components.services.explore.filters import Filter, Flagged

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
    assert filters.read(text, VERSION) == Filter(wanted)
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
        filters.read(text, VERSION)


WORDS = [*NAMES, "any", "of", "or", "~", "flagged", "labels.label_errors", "eq", "has"]


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
@example("any of age missing or age1 missing and in missing")
@example("any of any missing")
def test_any_text_is_read_or_refused(text):
    try:
        found = filters.read(text, VERSION)
    except UnusableInput:
        return
    written = filters.to_text(found.parts, any_of=found.any_of)
    assert filters.read(written, VERSION) == found


@given(st.lists(conditions, min_size=1, max_size=6).map(tuple))
def test_a_filter_of_which_one_part_is_enough_is_read_again(found):
    text = filters.to_text(found, any_of=True)
    assert text.startswith("any of ")
    assert not set(text) & set("&?=+#%/\"'<>")
    assert filters.read(text, VERSION) == Filter(found, any_of=True)
    assert filters.from_text(text, VERSION) == (AnyOf(found),)


def test_and_binds_more_than_or():
    teens = AllOf((Compare("age1", Op.GE, 13), Compare("age1", Op.LE, 19)))
    gaps = AllOf((Missing("age"), Missing("na me")))
    wanted = Filter((teens, Flagged("labels.label_errors"), gaps, Missing("age2")), any_of=True)
    text = (
        "any of age1 ge 13 and age1 le 19 or flagged labels.label_errors or "
        "age missing and na~20me missing or age2 missing"
    )
    assert filters.to_text(wanted.parts, any_of=True) == text
    assert filters.read(text, VERSION) == wanted
    whole = filters.to_text(wanted.parts)
    assert " or " not in whole
    assert filters.read(whole, VERSION).parts[0] == teens
    assert filters.to_text((), any_of=True) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("age eq or", Compare("age", Op.EQ, "or")),
        ("age in any of or", OneOf("age", ("any", "of", "or"))),
        ("age has of", Contains("age", "of")),
    ],
)
def test_links_from_before_there_was_an_or_stay_valid(text, found):
    assert filters.read(text, VERSION) == Filter((found,))
    assert filters.read(filters.to_text((found,)), VERSION) == Filter((found,))
    later = filters.to_text((found, Missing("age")), any_of=True)
    assert filters.read(later, VERSION) == Filter((found, Missing("age")), any_of=True)


@pytest.mark.parametrize(
    "text",
    [
        "any",
        "any of",
        "any of or",
        "any of age missing or",
        "any of or age missing",
        "any of age missing and",
        "any of age missing or any of age1 missing",
        "any of flagged labels.label_errors and age missing",
        "age missing or age1 missing",
        "any of " + "age missing or " * 50 + "age missing",
        "any of " + "age missing and " * 50 + "age missing",
    ],
)
def test_an_odd_or_is_refused(text):
    with pytest.raises(UnusableInput):
        filters.read(text, VERSION)


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
    with pytest.raises(UnusableInput):
        filters.to_text((Missing("age"), condition), any_of=True)


def test_rows_beyond_the_table_are_read_and_match_nothing():
    assert filters.from_text("rows 5000", VERSION) == (OneOf("row_id", (5000,)),)
