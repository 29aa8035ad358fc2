"""What is said of a column, and what is not said because it would not be true."""

from datetime import UTC, datetime

import pytest

from components.core.data.dataset import Kind, Role
from components.core.facts.contents import Digits, Format, Granularity, Texts, Times
from components.core.facts.profile import ColumnProfile, TopValue
from components.views.explore.columns.column_facts import duration, numbers, sentences


def at(day):
    return datetime(2024, 1, day, tzinfo=UTC).replace(tzinfo=None)


def column(**changes):
    facts = {
        "name": "x", "kind": Kind.INTEGER, "role": Role.FEATURE, "n": 100, "n_missing": 0,
        "disguised": {}, "n_distinct": 50, "n_top": 5, "top": (TopValue(value="a", count=5),),
    }  # fmt: skip
    return ColumnProfile(**{**facts, **changes})


def said(**changes):
    return "\n".join(sentences(column(**changes))).replace("\\", "")


def digits(zero, five, n=100):
    other = (n - zero - five) // 8
    last = (zero, other, other, other, other, five, other, other, other, other)
    return Digits(n_whole=n, last=last, multiples={})


def test_rounding_is_told_when_zeros_and_fives_end_too_many():
    assert "40.0 % of the values end in 0 and 20.0 % in 5" in said(digits=digits(40, 20))
    assert "rounded" not in said(digits=digits(12, 11))


def test_one_value_is_no_rounding():
    assert "rounded" not in said(digits=digits(60, 4), n_top=55)
    assert "rounded" not in said(digits=digits(4, 4))


def test_few_whole_numbers_say_nothing_of_the_column():
    assert "rounded" not in said(digits=digits(30, 10, n=50))


def test_numbers_in_words():
    text = said(
        quantiles={"0.05": 1.0, "0.25": 2.0, "0.5": 3.0, "0.75": 4.0, "0.95": 9.0},
        quantiles_exact=False, mean=3.5, sd=2.0, skew=-2.25, n_zero=1, n_negative=40, n_infinite=2,
    )  # fmt: skip
    assert "between 2 and 4, nine of ten between 1 and 9 (estimated)" in text
    assert "long tail of small values (skewness -2.2)" in text
    assert "1 value is zero (1.0 %)" in text
    assert "40 values are negative (40.0 %)" in text
    assert "2 values are infinite" in text


def test_nearly_constant_and_all_different():
    assert "Nearly constant: `a` is 97.0 % of the values" in said(n_top=97)
    assert "No value comes twice" in said(n_distinct=100, n_top=1)
    assert "comes twice" not in said(n_distinct=100, n_top=1, distinct_exact=False)


def test_texts_in_words():
    texts = Texts(
        n_used=50, formats=(Format(pattern="Aa-999", count=30), Format(pattern="[x](y)", count=10)),
        n_formats=5, tokens_mean=1.5, tokens_max=4, n_vocabulary=80, n_near_empty=3,
    )  # fmt: skip
    text = said(kind=Kind.TEXT, texts=texts, length_min=1, length_mean=12.0, length_max=40)
    assert "1 to 40 characters, 12 on average; 1.5 words on average, 80 different words" in text
    assert "Written as `Aa-999` 60.0 %, `[x](y)` 20.0 % and 3 others (A, a" in text
    assert "3 texts nearly empty" in text
    assert "seeded sample of 50" in text


def test_times_in_words():
    times = Times(
        span_s=86_400.0 * 20, granularity=Granularity.DAY, n_midnight=100, step_s=86_400.0,
        regular=0.9, n_gaps=2, largest_gap_s=86_400.0 * 3, largest_gap_from=at(4),
    )  # fmt: skip
    text = said(kind=Kind.DATETIME, minimum=at(1), maximum=at(21), times=times)
    assert "Every value is a day, without a time of day." in text
    assert "From 2024-01-01 to 2024-01-21:" in text
    assert "The usual step is 1 day; 90.0 % of the steps are like it" in text
    assert "2 gaps, the longest of 3 days after 2024-01-04" in text


@pytest.mark.parametrize("regular", [None, 0.06])
def test_times_without_rhythm_have_no_usual_step(regular):
    times = Times(
        span_s=100.0, granularity=Granularity.SECOND, n_midnight=1, step_s=5.0, regular=regular
    )
    text = said(kind=Kind.DATETIME, minimum=at(1), maximum=at(2), times=times)
    assert "usual step" not in text
    assert "1.0 % of the times are exactly midnight" in text


def test_disguised_values_are_code():
    assert said(disguised={"![x](//e)": 3}).startswith("Counted as missing: `![x](//e)` in 3 rows")


def test_the_numbers_of_a_time_are_its_days():
    known = dict(numbers(column(kind=Kind.DATETIME, minimum=at(1), maximum=at(9))))
    assert (known["First"], known["Last"]) == ("2024-01-01", "2024-01-09")
    assert "Most frequent" in dict(numbers(column(kind=Kind.CATEGORY)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (30, "30 seconds"), (90, "1.5 minutes"), (3_600, "1 hour"),
     (86_400 * 3, "3 days"), (86_400 * 365.25, "1 year")],
)  # fmt: skip
def test_durations(seconds, words):
    assert duration(seconds) == words
