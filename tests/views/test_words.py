"""Numbers as people read them."""

import pytest

from components.views import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.1234, "12.3 %"),
        (0.0001, "< 0.1 %"),
        (0.9999, "> 99.9 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(value, text):
    assert words.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"),
        (999.7, "1,000"),
        (512.3292, "512"),
        (0.10294, "0.103"),
        (-2.5, "-2.5"),
        (1e-7, "1e-07"),
    ],
)
def test_numbers_have_three_digits_or_all(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (57_018, "57 kB"),
        (999_900, "1,000 kB"),
        (2.1e9, "2.1 GB"),
    ],
)
def test_sizes_have_a_unit(n_bytes, text):
    assert words.size(n_bytes) == text


def test_counts_agree_with_their_noun():
    assert words.count(1, "row") == "1 row"
    assert words.count(1204, "row") == "1,204 rows"
    assert words.count(2, "copy", "copies") == "2 copies"


def test_durations_are_rough():
    assert words.minutes(0.2) == "1 s"
    assert words.minutes(354) == "about 6 min"
