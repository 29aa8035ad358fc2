import math

import pytest

from components.checks._lib import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (0.00001, "under 0.01 %"),
        (0.0004, "0.04 %"),
        (0.0633, "6.3 %"),
        (0.05, "5 %"),
        (0.5, "50 %"),
        (0.9999, "over 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(value, text):
    assert words.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00001, "fewer than 0.01 %"),
        (0.0633, "about 6.3 %"),
        (0.9999, "more than 99.9 %"),
        (0.0, "about 0 %"),
    ],
)
def test_an_estimated_share_reads_well(value, text):
    """“About under 0.01 % of all labels” stood in a caveat."""
    assert words.about(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234, "1,234"), (0.03124, "0.0312"), (99999.0, "99,999"), (-0.5, "-0.5"),
     (12345.678, "12,346"), (math.nan, "no number"), (-math.inf, "-∞")],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert words.number(value) == text


def test_counts_agree_with_their_noun():
    assert words.plural(1, "row") == "1 row"
    assert words.plural(1234, "row") == "1,234 rows"
    assert words.plural(0, "copy", "copies") == "0 copies"
    assert words.of_rows(583, 10_000) == "583 of 10,000 rows (5.8 %)"
    assert words.of_rows(0, 0) == "0 of 0 rows (0 %)"


def test_quoted_text_stays_on_its_line_and_is_cut():
    assert words.quoted("a\nb\tc") == "“a b c”"
    assert words.quoted("\u202eevil\x00") == "“�evil�”"
    assert words.quoted("x" * 100) == "“" + "x" * 59 + "…”"
    assert words.quoted("😀" * 60) == "“" + "😀" * 60 + "”"
    assert words.quoted("") == "“”"


def test_lists_are_read_aloud():
    assert words.listed(["a"]) == "“a”"
    assert words.listed(["a", "b", "c"]) == "“a”, “b” and “c”"
    assert words.listed("abcdefg", limit=2) == "“a”, “b” and 5 more"
    assert words.joined([]) == ""
    assert words.capital("éa B") == "Éa B"
