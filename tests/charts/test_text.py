from __future__ import annotations

import pytest

from components.charts.style.text import (
    LIMIT,
    and_more,
    by_unit,
    clean,
    count,
    instant,
    interval,
    label,
    percent,
    plain,
)
from components.core.judgement.evidence import Unit


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.063, "6.3 %"), (0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.0002, "< 0.1 %"),
        (0.99999, "> 99.9 %"), (None, "–"), (float("nan"), "–"), (-0.05, "-5 %"),
    ],
)  # fmt: skip
def test_shares(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"), (1234, "1,234"), (28.0, "28"), (0.123456, "0.1235"), (151.55, "151.6"),
        (1234.5, "1,234"), (-0.5, "-0.5"), (1e-7, "1e-07"), (2.5e18, "2.5e+18"),
        (float("inf"), "–"), (None, "–"), (1_234_567.8, "1,234,568"),
    ],
)  # fmt: skip
def test_numbers(value, words):
    assert plain(value) == words


def test_units():
    assert by_unit(1234.0, Unit.COUNT) == "1,234"
    assert by_unit(0.1, Unit.DIFFERENCE) == "+10.0 points"
    assert by_unit(-0.1, Unit.DIFFERENCE) == "-10.0 points"
    assert by_unit(None, Unit.RATIO) == "–"
    assert count(float("nan")) == "–"
    assert interval(0.1, 0.2, Unit.SHARE) == "10 % to 20 %"
    assert interval(0.1, None, Unit.SHARE) == ""
    assert and_more(970) == "and 970 more"
    assert and_more(0) == ""


def test_text_is_cleaned_and_cut():
    assert clean("a\nb\t c") == "a b c"
    assert clean("\u202eabc\u2066\u200b\x00") == "abc"
    assert clean("  \u200f ") == "(empty)"
    assert len(clean("y" * 500)) == LIMIT
    assert clean("y" * 10_000_000).endswith("…")


def test_labels_are_escaped_after_cutting():
    assert label("<b>&$x$") == "&lt;b&gt;&amp;&#36;x&#36;"
    assert label("<" * 100).count("&lt;") == LIMIT - 1


def test_instants():
    assert instant("2024-02-01T00:00:00+00:00") == instant("2024-02-01")
    assert instant("soon") is None
