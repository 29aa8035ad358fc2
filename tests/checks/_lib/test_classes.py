import math
from datetime import datetime

import pytest

from components.checks._lib import ask
from components.checks._lib.classes import favourable


@pytest.mark.parametrize(
    ("counts", "chosen", "why"),
    [
        ({"no": 10, "yes": 90}, "yes", "positive"),
        ({"1": 700, "2": 300}, "1", "positive"),
        ({"False": 5, "True": 9}, "True", "positive"),
        ({"<=50K": 76, ">50K": 24}, ">50K", "upper"),
        ({"cat": 10, "dog": 20}, "cat", "rarer"),
        ({"a": 10, "b": 10}, "b", "rarer"),
        ({"good": 1, "yes": 2}, "good", "rarer"),
    ],
)
def test_the_favourable_class_is_chosen_by_words_then_by_rarity(counts, chosen, why):
    name, reason = favourable(counts)
    assert name == chosen
    assert why in reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "(missing)"),
        (True, "true"),
        (1.0, "1"),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (datetime(2020, 1, 2), "2020-01-02"),  # noqa: DTZ001 - columns have no zone
        (datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00"),  # noqa: DTZ001 - columns have no zone
        ("x", "x"),
    ],
)
def test_values_read_as_in_the_profile(value, text):
    assert ask.value_text(value) == text


def test_answers_become_plain_numbers():
    assert ask.whole(None) == 0
    assert ask.whole(3.0) == 3
    assert math.isnan(ask.real(None))
    assert ask.real(2) == 2.0
    assert [list(part) for part in ask.chunks([1, 2, 3], 2)] == [[1, 2], [3]]
