from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from components.charts.explore.log_bins import left_out_of_log, log_histogram
from components.charts.explore.over_time import over_time
from components.charts.explore.slices import alt_slices, by_group, shown_value
from components.charts.style.theme import SMALLEST, TALLEST
from components.core.facts.slices import LogBins, Slice, Slices

SPREAD = (1.0, 2.0, 3.0, 4.0, 9.0)


def day(month):
    return datetime(2024, month, 1, tzinfo=UTC).replace(tzinfo=None)


def groups(name="fare", keys=("a", None), **changes):
    facts = {
        "column": name, "by": name, "n_slices": len(keys), "n_rows": 60,
        "slices": tuple(Slice(key=k, n=30, n_missing=3, spread=SPREAD) for k in keys),
    }  # fmt: skip
    return Slices(**{**facts, **changes})


def named(name="town"):
    slices = tuple(Slice(key=k, n=30, n_missing=6, counts=(12, 6)) for k in ("x", True, name))
    return groups(name, slices=slices, values=("York", name), n_slices=3)


def steps(*, spread=SPREAD, counts=(), values=()):
    found = tuple(
        Slice(key=day(m), until=day(m + 1), n=20, n_missing=2, spread=spread, counts=counts)
        for m in (1, 2, 3)
    )
    return groups(slices=found, values=values, step="month")


def test_numbers_are_boxes_with_the_median_in_colour():
    drawn = by_group(groups(), "light")
    box, dots = drawn.data
    assert list(box.q1) == [2.0, 2.0]
    assert list(box.upperfence) == [9.0, 9.0]
    assert list(dots.x) == [3.0, 3.0]
    assert list(drawn.layout.yaxis.ticktext) == ["a  n = 30", "(missing)  n = 30"]
    assert "middle half 2 to 4" in dots.hovertext[0]


def test_times_stand_on_a_date_axis():
    drawn = by_group(groups(), "dark", dates=True)
    assert drawn.layout.xaxis.type == "date"
    assert list(drawn.data[1].x) == [3000.0, 3000.0]
    assert "1970-01-01 00:00:03" in drawn.data[1].hovertext[0]


def test_names_are_shares_of_the_filled_rows():
    drawn = by_group(named(), "light")
    assert [t.name for t in drawn.data] == ["York", "town", "other values"]
    assert [t.x[0] for t in drawn.data] == [50.0, 25.0, 25.0]
    assert list(drawn.layout.xaxis.range) == [0, 100]


def test_other_columns_show_what_is_filled():
    plain = tuple(Slice(key=k, n=10, n_missing=4) for k in ("a", "b"))
    drawn = by_group(groups(slices=plain), "light")
    assert list(drawn.data[0].x) == [60.0, 60.0]


def test_groups_that_are_not_drawn_are_counted():
    drawn = by_group(groups(n_slices=30, n_rows=1000), "light")
    assert drawn.layout.annotations[0].text == "and 28 more groups (940 rows)"


@pytest.mark.parametrize("shape", [steps(), steps(spread=None, counts=(9,), values=("York",)),
                                   steps(spread=None)])  # fmt: skip
def test_time_has_its_rows_below(shape):
    drawn = over_time(shape, "light")
    below = drawn.data[-1]
    assert below.yaxis == "y2"
    assert list(below.y) == [20, 20, 20]
    assert drawn.layout.annotations[0].text == "Steps of one month"
    assert SMALLEST <= drawn.layout.height <= TALLEST
    json.loads(drawn.to_json())


def test_the_band_holds_the_middle_half_and_nine_tenths():
    lines = [list(t.y) for t in over_time(steps(), "dark").data[:-1]]
    assert lines == [[1.0] * 3, [9.0] * 3, [2.0] * 3, [4.0] * 3, [3.0] * 3]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_of_the_data_is_escaped(hostile, theme):
    for drawn in (
        by_group(groups(hostile, keys=(hostile, "b")), theme),
        by_group(named(hostile), theme),
        over_time(steps(spread=None, counts=(9, 1), values=(hostile, "b")), theme),
    ):
        text = drawn.to_json()
        assert "<script" not in text
        assert "<a href" not in text
    assert "\u202e" not in alt_slices(groups(hostile, keys=(hostile,)))


LOG = LogBins(
    edges=(1.0, 10.0, 100.0, 1000.0), counts=(5, 9, 2),
    n_zero=15, n_negative=2, n_missing=0, n_infinite=0,
)  # fmt: skip


def test_a_log_histogram_keeps_the_numbers_on_its_axis():
    drawn = log_histogram(LOG, "light")
    assert list(drawn.data[0].y) == [5, 9, 2]
    assert list(drawn.layout.xaxis.tickvals) == [0.0, 1.0, 2.0, 3.0]
    assert list(drawn.layout.xaxis.ticktext) == ["1", "10", "100", "1,000"]
    assert drawn.data[0].hovertext[1] == "10 to 100<br>9 rows"


def test_what_a_log_scale_leaves_out_is_said():
    assert left_out_of_log(LOG) == (
        "Left out, because a log scale has no place for them: 15 zero, 2 below zero."
    )
    empty = LogBins(edges=(), counts=(), n_zero=0, n_negative=0, n_missing=0, n_infinite=0)
    assert left_out_of_log(empty) == ""
    assert not log_histogram(empty, "light").data


def test_values_are_said_in_words():
    assert [shown_value(v) for v in (None, True, 1.0, day(2), "")] == [
        "(missing)", "true", "1", "2024-02-01", "(empty)",
    ]  # fmt: skip


def test_alt_says_the_middle_of_each_group():
    assert alt_slices(groups()) == (
        "fare by fare: a: 30 rows, median 3; (missing): 30 rows, median 3."
    )
    assert "50 % York" in alt_slices(named())
    assert alt_slices(steps(spread=None)).endswith("90 % filled.")
