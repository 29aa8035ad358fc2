import math
from datetime import datetime

import numpy as np
import pytest

from components.checks._lib import ask
from components.checks._lib.groups.classes import favourable
from components.core.data.value_texts import value_text


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
    ("label", "counts", "chosen"),
    [
        ("two_year_recid", {"0": 55, "1": 45}, "0"),
        ("Churn", {"No": 70, "Yes": 30}, "No"),
        ("isFraud", {"false": 99, "true": 1}, "false"),
        ("default.payment.next.month", {"0": 78, "1": 22}, "0"),
        ("credit risk", {"high": 40, "low": 60}, "low"),
        ("DIED", {"n": 90, "y": 10}, "n"),
        ("outcome", {"default": 20, "current": 80}, "current"),
    ],
)
def test_the_class_without_the_harm_is_favourable(label, counts, chosen):
    name, why = favourable(counts, label)
    assert name == chosen
    assert why.endswith("something that people hope to avoid")


@pytest.mark.parametrize(
    ("label", "counts", "chosen"),
    [
        ("risk", {"bad": 30, "good": 70}, "good"),
        ("default", {"open": 30, "paid": 70}, "paid"),
        ("no_default", {"0": 30, "1": 70}, "1"),
        ("Survived", {"0": 60, "1": 40}, "1"),
        ("risk", {"1": 700, "2": 300}, "1"),
        ("deadline", {"no": 5, "yes": 6}, "yes"),
        ("churn", {"left": 20, "stayed": 80}, "left"),
    ],
)
def test_a_harm_decides_only_where_the_classes_say_yes_and_no(label, counts, chosen):
    name, why = favourable(counts, label)
    assert name == chosen
    assert "avoid" not in why


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "(missing)"),
        (True, "true"),
        (np.bool_(0), "false"),
        (1.0, "1"),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (datetime(2020, 1, 2), "2020-01-02"),  # noqa: DTZ001 - columns have no zone
        (datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00"),  # noqa: DTZ001 - columns have no zone
        ("x", "x"),
    ],
)
def test_values_read_as_in_the_profile(value, text):
    assert value_text(value) == text


def test_answers_become_plain_numbers():
    assert ask.whole(None) == 0
    assert ask.whole(3.0) == 3
    assert math.isnan(ask.real(None))
    assert ask.real(2) == 2.0
    assert [list(part) for part in ask.chunks([1, 2, 3], 2)] == [[1, 2], [3]]
