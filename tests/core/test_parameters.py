"""Parameters of checks: declared once, read and held against their range here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from components.core.errors import UnusableInput
from components.core.judgement.parameters import (
    find,
    names_of,
    parameter,
    parameters_of,
    text_of_names,
    with_values,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    folds: int = parameter(5, "Parts.", unit="folds", at_least=2, at_most=10, source="cleanlab")
    share: float = parameter(0.5, "A share.", unit="share of rows", above=0, below=1)
    word: str = parameter("x", "A word.")
    strict: bool = parameter(False, "Whether.")
    most: float = parameter(1.0, "A bound.", at_least=0)


KNOWN = {p.name: p for p in parameters_of(Params)}


def test_a_field_says_what_it_is():
    folds = KNOWN["folds"]
    assert list(KNOWN) == ["folds", "share", "word", "strict", "most"]
    assert (folds.kind, folds.default, folds.unit, folds.source) == (int, 5, "folds", "cleanlab")
    assert [p.range for p in KNOWN.values()] == [
        "2 to 10",
        "more than 0 and less than 1",
        "",
        "",
        "0 or more",
    ]
    assert Params() == Params(folds=5, share=0.5, word="x", strict=False, most=1.0)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("folds", "3", 3),
        ("folds", " 10 ", 10),
        ("share", "0.25", 0.25),
        ("share", "1e-3", 0.001),
        ("word", "two words", "two words"),
        ("strict", "yes", True),
        ("strict", "False", False),
        ("most", "7", 7.0),
    ],
)
def test_what_a_person_writes_is_read_by_type(name, text, value):
    read = KNOWN[name].parse(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("folds", "1", "Give a whole number, 2 to 10 (folds); the default is 5."),
        ("folds", "2.5", "a whole number"),
        ("folds", "many", "“many” is no value for folds."),
        ("share", "0", "more than 0 and less than 1"),
        ("share", "1", "more than 0"),
        ("share", "nan", "a number"),
        ("most", "inf", "0 or more"),
        ("strict", "perhaps", "yes or no"),
    ],
)
def test_what_is_out_of_range_is_refused_with_the_range(name, text, words):
    with pytest.raises(UnusableInput) as caught:
        KNOWN[name].parse(text)
    assert words in str(caught.value)


def test_values_are_checked_where_no_text_is_read():
    assert with_values(Params, {"folds": 3, "most": 2}, "a.b") == Params(folds=3, most=2.0)
    for values in ({"folds": 3.0}, {"folds": True}, {"word": 1}, {"share": 2.0}):
        with pytest.raises(UnusableInput):
            with_values(Params, values, "a.b")


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(UnusableInput) as caught:
        find(Params, "fold", "a.b")
    assert caught.value.what == "The check a.b has no parameter “fold”."
    assert caught.value.todo == "Did you mean “folds”? It has: folds, share, word, strict, most."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("a", ("a",)),
        (" a , b,,a ", ("a", "b")),
        ('"size, in cm",b', ("size, in cm", "b")),
        ('"say ""so""", b', ('say "so"', "b")),
        ("a\nb", ("a", "b")),
        ('"a\nb",c', ("a\nb", "c")),
    ],
)
def test_a_text_of_names_is_one_line_of_csv(text, names):
    assert names_of(text) == names
    assert names_of(text_of_names(names)) == names
