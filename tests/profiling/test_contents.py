"""What texts, times and last digits are made of: planted truth, in every way to compute it."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from components.core.facts.contents import Format, Granularity
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.profiling import short_tables
from components.profiling.column import fact_types, texts, times
from components.profiling.long_columns import frequent_values
from components.profiling.profile import profile
from components.profiling.rows import row_classes

WAYS = {
    "in memory": {},
    "in small blocks": {(texts, "BLOCK"): 9},
    "alone by the engine": {(short_tables, "LARGEST"): 1},
    "by the engine": {(fact_types, "EXACT_ROWS"): 0},
    "from many values": {(fact_types, "EXACT_ROWS"): 0, (frequent_values, "FEW"): 0},
    "from many values in blocks": {
        (fact_types, "EXACT_ROWS"): 0,
        (frequent_values, "FEW"): 0,
        (row_classes, "BLOCK_ROWS"): 30,
    },
}


EVERY_WAY = pytest.mark.usefixtures("way")


@pytest.fixture(params=WAYS)
def way(request, monkeypatch) -> str:
    for (module, name), value in WAYS[request.param].items():
        monkeypatch.setattr(module, name, value)
    return request.param


@pytest.fixture
def column(make_table):
    def make(cells, **options) -> ColumnProfile:
        return profile(make_table(pd.DataFrame({"a": cells}), **options)).column("a")

    return make


def instants(first: str, step: str, n: int) -> pd.Series:
    return pd.Series(pd.date_range(first, periods=n, freq=step)).astype("datetime64[us]")


@EVERY_WAY
def test_formats_show_the_codes_that_differ(column):
    codes = [f"Room-{100 + i}" for i in range(97)] + ["Room-7", "ROOM-12", "room 120"]
    found = column(codes).texts
    assert found.formats == (
        Format(pattern="Aa-999", count=97),
        Format(pattern="A-99", count=1),
        Format(pattern="Aa-9", count=1),
        Format(pattern="a 999", count=1),
    )
    assert (found.n_used, found.n_formats, found.digits_collapsed) == (100, 4, False)


@EVERY_WAY
def test_repeated_texts_count_as_often_as_they_are_there(column):
    found = column(["AB1", "AB1", "AB1", None, "ab 12 "]).texts
    assert found.formats == (Format(pattern="A9", count=3), Format(pattern="a 99 ", count=1))
    assert (found.n_used, found.tokens_mean, found.tokens_max) == (4, 1.25, 2)


@EVERY_WAY
def test_too_many_formats_take_runs_of_digits_together(column):
    found = column(["7" * n for n in range(1, 23)] + ["x"]).texts
    assert found.digits_collapsed
    assert found.formats == (Format(pattern="9", count=22), Format(pattern="a", count=1))


@EVERY_WAY
def test_letters_of_all_scripts_are_letters(column):
    found = column(["Élan ünd", "Жук", "名前", "नमस्ते", "€ 5", "x\u202ey", "a\n\tb"]).texts
    patterns = {f.pattern: f.count for f in found.formats}
    assert patterns == {"Aa a": 1, "Aa": 1, "a": 2, "€ 9": 1, "a\u202ea": 1, "a a": 1}


@EVERY_WAY
def test_tokens_and_near_empty_texts_are_counted(column):
    cells = ["One two  three", "one TWO", "--- !", "ok", "", "  ", "four"]
    found = column(cells).texts
    assert found.n_vocabulary == len({"one", "two", "three", "---", "!", "ok", "four"})
    assert (found.tokens_max, found.n_near_empty) == (3, 4)
    assert found.tokens_mean == pytest.approx((3 + 2 + 2 + 1 + 0 + 0 + 1) / 7)


def test_long_formats_and_long_texts_are_cut(column, monkeypatch):
    monkeypatch.setattr(texts, "LONGEST_TEXT", 500)
    found = column(["-" * 300 + " word" * 200]).texts
    assert found.formats[0].pattern == "-" * 59 + "…"
    assert found.tokens_max == 1 + 40


def test_a_sample_of_many_texts_says_its_size(column, monkeypatch):
    monkeypatch.setattr(texts, "MOST_TEXTS", 500)
    cells = [f"a{i}" if i % 4 else f"B {i}" for i in range(2_000)]
    first, again = column(cells).texts, column(cells).texts
    assert first == again
    assert first.n_used == 500
    assert sum(f.count for f in first.formats) == 500
    capitals = sum(f.count for f in first.formats if f.pattern.startswith("A"))
    assert capitals / 500 == pytest.approx(0.25, abs=0.08)


def test_hours_with_gaps(column, way):
    whole = instants("2024-03-01 05:00", "h", 200)
    kept = whole.drop([50, 51, 120])
    found = column(kept.tolist() * 2 + [None]).times
    assert found.granularity is Granularity.HOUR
    assert (found.span_s, found.n_midnight) == (199 * 3600.0, 16)
    if not way.startswith("from many values"):
        assert (found.step_s, found.n_gaps, found.regular) == (3600.0, 2, 194 / 196)
    assert (found.largest_gap_s, found.largest_gap_from) == (3 * 3600.0, whole[49])


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (instants("2024-01-01", "YS", 4), Granularity.YEAR),
        (instants("2021-12-31", "YE", 4), Granularity.YEAR),
        (instants("2024-01-01", "QS", 7), Granularity.QUARTER),
        (instants("2024-01-01", "MS", 7), Granularity.MONTH),
        (instants("2024-01-31", "ME", 7), Granularity.MONTH),
        (instants("2024-01-03", "7D", 9), Granularity.WEEK),
        (instants("2024-01-03", "D", 9), Granularity.DAY),
        (instants("1969-12-31 23:00", "h", 3), Granularity.HOUR),
        (instants("2024-01-03", "15min", 9), Granularity.MINUTE),
        (instants("1960-01-03", "s", 9), Granularity.SECOND),
        (instants("2024-01-03", "10ms", 9), Granularity.SUBSECOND),
        (pd.Series([datetime(2024, 5, 6)] * 3), Granularity.DAY),  # noqa: DTZ001 - as in data
    ],
)
def test_the_coarsest_unit_is_found(column, cells, unit):
    assert column(cells.tolist()).times.granularity is unit


def test_times_without_a_rhythm_have_no_gaps(column):
    rng = np.random.default_rng(4)
    seconds = rng.exponential(1e5, 300).cumsum().astype("int64")
    at = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(seconds, "s"))
    found = column(at.tolist()).times
    assert found.regular < 0.5
    assert found.n_gaps is None
    assert found.largest_gap_s == at.diff().max().total_seconds()


def test_a_long_column_shows_only_gaps_wider_than_a_slot(column, monkeypatch):
    for (module, name), value in WAYS["from many values"].items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(times, "SLOTS", 10)
    even = column(instants("2024-01-01", "min", 1_000).tolist()).times
    assert (even.largest_gap_s, even.largest_gap_from) == (None, None)
    assert even.step_s is even.n_gaps is even.regular is None
    assert even.granularity is Granularity.MINUTE


@EVERY_WAY
def test_rounded_ages_are_seen(column):
    rng = np.random.default_rng(5)
    ages = rng.integers(18, 80, 3_000)
    round_off = rng.random(3_000) < 0.4
    ages[round_off] = ages[round_off] // 10 * 10
    found = column(pd.array(ages, "Int64"), kinds=None).digits
    assert found.n_whole == 3_000
    assert found.last == tuple(int((ages % 10 == d).sum()) for d in range(10))
    assert found.multiples == {5: int((ages % 5 == 0).sum()), 10: int((ages % 10 == 0).sum())}
    assert found.share(10) == pytest.approx(0.46, abs=0.04)
    assert found.preference > 0.3


@EVERY_WAY
def test_even_digits_show_no_preference(column):
    numbers = pd.Series(np.arange(-5_000, 5_000).astype(float))
    numbers[::50] = np.nan
    numbers[1::50] += 0.5
    whole = numbers[(numbers == np.floor(numbers)) & (numbers != 0)]
    found = column(numbers).digits
    assert found.n_whole == len(whole)
    assert found.multiples == {u: int((whole % u == 0).sum()) for u in (5, 10, 100, 1000)}
    assert found.preference < 0.05


@pytest.mark.parametrize(
    "cells",
    [
        [0.0] * 9 + [-90.5, 90.5],
        [1.5, 900.25, -3.75, 77.5],
        [1.0, 2.0, 3.0],
        [float("inf"), 1e300, -1e300],
        [None, None, 5.0],
    ],
)
@EVERY_WAY
def test_numbers_without_last_digits_have_none(column, cells):
    assert column(cells).digits is None


@EVERY_WAY
def test_the_ends_of_whole_numbers_have_no_digits(column):
    found = column(pd.array([2**63 - 1, -(2**63), 2**53, 7, -13, 25, None], "Int64"))
    assert found.digits.n_whole == 3
    assert found.digits.last == (0, 0, 0, 1, 0, 1, 0, 1, 0, 0)
    assert found.n_whole == 6


@EVERY_WAY
def test_frequent_values_and_uniqueness(make_table):
    frame = pd.DataFrame({"mostly": ["x"] * 95 + ["y"] * 5, "all": ["z"] * 100})
    frame["own"] = [f"n{i}" for i in range(100)]
    facts = profile(make_table(frame))
    assert facts.column("mostly").share_top == 0.95
    assert facts.column("all").share_top == 1.0
    assert facts.column("mostly").uniqueness == pytest.approx(0.02, rel=0.1)
    own = facts.column("own")
    assert own.n_top in {1, None}
    assert own.uniqueness == pytest.approx(1.0, abs=0.06)


@EVERY_WAY
def test_rows_are_compared_with_and_without_keys(make_table):
    frame = pd.DataFrame({"id": [1, 2, 3, 4, 4], "a": [7.0, 7.0, np.nan, np.nan, np.nan]})
    frame["at"] = pd.to_datetime(["2024-01-01"] * 4 + ["2024-01-01"])
    facts = profile(make_table(frame, id="id", time="at"))
    assert facts.keys == ("id", "at")
    assert (facts.n_repeats, facts.n_repeats_without_keys) == (1, 3)
    without = profile(make_table(frame[["a"]]))
    assert (without.keys, without.n_repeats, without.n_repeats_without_keys) == ((), 3, None)
    only = profile(make_table(frame[["id"]], id="id"))
    assert (only.n_repeats, only.n_repeats_without_keys) == (1, None)


@EVERY_WAY
def test_the_size_in_memory_is_that_of_arrow(make_table):
    frame = pd.DataFrame({"t": ["é", None, "abc"] * 8, "n": [1.0] * 24, "b": [True] * 24})
    facts = profile(make_table(frame))
    assert facts.bytes_memory == (8 * 24 + 8 * 5 + 3) + (8 * 24 + 3) + (3 + 3)
    assert facts.bytes_file > 0


@pytest.mark.parametrize("n", [0, 1, 4])
@EVERY_WAY
def test_columns_without_values_are_made_of_nothing(make_table, n):
    kinds = {"text": "str", "number": "float64", "whole": "Int64", "at": "datetime64[us]"}
    frame = pd.DataFrame({k: pd.Series([None] * n, dtype=t) for k, t in kinds.items()})
    for found in profile(make_table(frame)).columns:
        assert (found.texts, found.times, found.digits, found.n_top) == (None, None, None, None)
        assert (found.uniqueness, found.share_top, found.length_min) == (None, None, None)


def test_every_way_finds_the_same(make_table, monkeypatch):
    rng = np.random.default_rng(9)
    n = 400
    number = rng.normal(0, 30, n).round(1)
    number[:4] = [np.inf, -np.inf, np.nan, -0.0]
    frame = pd.DataFrame({"number": number, "text": rng.choice(["A 1", "b22", "", None], n)})
    frame["whole"] = pd.array(rng.integers(-50, 50, n), "Int64")
    frame["at"] = instants("2024-01-01", "7h", n)
    frame["yes"] = rng.random(n) < 0.3
    frame["label"] = rng.choice(["no", "yes", None], n)
    table = make_table(frame, label="label")

    def found(way: str) -> DatasetProfile:
        with monkeypatch.context() as limits:
            for (module, name), value in WAYS[way].items():
                limits.setattr(module, name, value)
            return profile(table)

    assert found("by the engine") == found("in memory")
