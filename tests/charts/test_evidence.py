from __future__ import annotations

import json
import math
import re
import typing
from dataclasses import replace

import numpy as np
import pytest

from components.charts.evidence.bars import MOST_BARS, MOST_BINS
from components.charts.evidence.click_grid import CLICKED, cell_of, click_grid
from components.charts.evidence.figure import alt, figure
from components.charts.evidence.intervals import flagged_bins
from components.charts.style.palette import palette
from components.charts.style.theme import MAX_POINTS, SMALLEST, TALLEST
from components.core.judgement import evidence as shapes_module
from components.core.judgement.evidence import (
    CellScores,
    Curve,
    Distribution,
    GroupMetrics,
    Matrix,
    Measure,
    Ranking,
    RowGroups,
    RowScores,
    TimeSeries,
    Unit,
)

BIDI = re.compile("[\u0000-\u0008\u202a-\u202e\u2066-\u2069]")


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def points(drawn):
    return sum(
        max((np.size(getattr(t, k)) for k in ("x", "y", "z") if hasattr(t, k)), default=0)
        for t in drawn.data
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_shape_has_a_bounded_figure_with_data(shapes, theme):
    assert {type(s) for s in shapes.values()} == set(typing.get_args(shapes_module.Evidence))
    for name, shape in shapes.items():
        drawn = figure(shape, theme)
        assert drawn.data, name
        assert SMALLEST <= drawn.layout.height <= TALLEST
        assert 0 < points(drawn) <= MAX_POINTS
        assert drawn.layout.paper_bgcolor == palette(theme).surface
        text = drawn.to_json()
        assert "undefined" not in text
        assert "NaN" not in text
        json.loads(text)


def test_nothing_from_the_data_reaches_a_figure_as_markup(hostile_shapes):
    for name, shape in hostile_shapes.items():
        for text in strings(json.loads(figure(shape, "light").to_json())):
            assert "<script" not in text, name
            assert "<a " not in text, name
            assert not BIDI.search(text), name
            assert "$" not in text, name
            if "%{" in text:
                assert text.endswith("<extra></extra>") or text == "%{text}" or "&lt;" in text


def test_templates_hold_no_text_of_the_data(hostile_shapes):
    for shape in hostile_shapes.values():
        for trace in figure(shape, "light").data:
            assert "script" not in (getattr(trace, "hovertemplate", "") or "")


def test_alt_is_one_clean_sentence_with_a_number(shapes, hostile_shapes):
    for key, shape in shapes.items():
        sentence = alt(shape)
        assert sentence.endswith("."), key
        assert re.search(r"\d", sentence), key
        assert "\n" not in sentence
    for shape in hostile_shapes.values():
        assert not BIDI.search(alt(shape))


def test_alt_states_the_main_numbers(shapes):
    assert alt(shapes["measure"]) == "Missing in age: 6.3 %, 95 % interval 4 % to 8.9 %, n = 891."
    assert alt(shapes["rows"]) == "label quality: 133 of 2,000 rows flagged (6.7 %)."
    assert "11 % for “female” to 30 % for “male”, 24 % over all rows" in alt(shapes["groups"])
    assert "largest 90 %" in alt(shapes["matrix"])


def test_a_title_can_be_left_out(shapes):
    for shape in shapes.values():
        assert not figure(shape, "light", title=False).layout.title.text


def test_thousand_categories_are_cut_and_counted():
    shape = Distribution(
        name="Towns", axis="town", categories=tuple(f"t{i}" for i in range(1000)),
        counts={"": tuple(range(1000, 0, -1))},
    )  # fmt: skip
    drawn = figure(shape, "light")
    assert len(drawn.data[0].x) == MOST_BARS
    assert drawn.data[0].x[0] == 1000
    rest = sum(range(1, 971))
    assert any(a.text == f"and 970 more ({rest:,} rows)" for a in drawn.layout.annotations)
    assert drawn.layout.height <= TALLEST


def test_names_that_look_like_dates_or_repeat_stay_bars_of_their_own():
    shape = Ranking(
        name="r", axis="a", unit=Unit.COUNT, items=("2020-01-01", "x" * 90, "x" * 91),
        values=(3, 2, 1),
    )  # fmt: skip
    drawn = figure(shape, "light")
    assert list(drawn.data[0].y) == [0, 1, 2]
    ticks = drawn.layout.yaxis.ticktext
    assert ticks[0] == "2020-01-01"
    assert ticks[1] == ticks[2]
    assert ticks[1].endswith("…")


def test_many_groups_share_ten_colours():
    shape = Distribution(
        name="d", axis="a", edges=(0.0, 1.0, 2.0),
        counts={f"g{i}": (i, 1) for i in range(40)},
    )  # fmt: skip
    drawn = figure(shape, "dark")
    assert len(drawn.data) == 10
    assert drawn.data[-1].name == "31 others"
    assert sum(sum(t.y) for t in drawn.data) == sum(range(40)) + 40


def test_many_bins_are_added_up():
    n = 1001
    shape = Distribution(
        name="d", axis="a", edges=tuple(map(float, range(n + 1))), counts={"": (1,) * n}
    )
    drawn = figure(shape, "light")
    assert len(drawn.data[0].x) <= MOST_BINS
    assert sum(drawn.data[0].y) == n


def test_flagged_rows_fill_the_histogram_from_below():
    scores = RowScores(
        name="q", n_assessed=10, n_flagged=4, histogram=(3, 0, 2, 5),
        row_id=np.arange(0), quality=np.array([]), flagged=np.array([], dtype=bool),
    )  # fmt: skip
    assert flagged_bins(scores) == [3, 0, 1, 0]


def test_thin_flagged_bars_stand_on_a_log_scale_that_says_so():
    quality = np.concatenate([np.full(9_990, 0.99), np.full(10, 0.1)])
    shape = RowScores.of("q", row_id=np.arange(10_000), quality=quality, flagged=quality < 0.5)
    drawn = figure(shape, "light")
    assert drawn.layout.yaxis.type == "log"
    assert "log" in drawn.layout.yaxis.title.text


def test_a_ranking_colours_what_reaches_the_threshold(shapes):
    drawn = figure(shapes["ranking"], "light")
    colours = drawn.data[0].marker.color
    assert colours[0] != colours[1] == colours[2]


def test_a_group_without_a_value_is_named_not_drawn_as_zero(shapes):
    drawn = figure(shapes["groups"], "light")
    assert len(drawn.data[0].x) == 3
    assert any("not enough rows" in a.text for a in drawn.layout.annotations)
    assert "n = 22,000" in drawn.layout.yaxis.ticktext[1]
    assert drawn.layout.xaxis.ticksuffix == " %"
    assert drawn.data[0].x[0] == pytest.approx(11.0)


def test_long_lines_keep_their_extremes():
    values = [math.sin(i / 50) for i in range(20_000)]
    values[12_345] = 9.0
    shape = Curve(
        name="c", x_axis="x", y_axis="y", x=tuple(map(float, range(20_000))), y=tuple(values)
    )
    drawn = figure(shape, "light")
    assert max(drawn.data[0].y) == 9.0
    assert len(drawn.data[0].y) <= 1_000


EMPTY = [
    Measure(name="m", value=math.nan, unit=Unit.SHARE),
    Distribution(name="d", axis="a", counts={}),
    Distribution(name="d", axis="a", counts={}, edges=(0.0, 1.0)),
    Distribution(name="d", axis="a", counts={"": ()}, categories=()),
    Distribution(name="d", axis="a", counts={"": (1,)}, edges=(0.0, math.inf)),
    Matrix(name="m", unit=Unit.SHARE, rows=(), columns=(), values=()),
    Matrix(name="m", unit=Unit.VALUE, rows=("a",), columns=("b",), values=((None,),)),
    GroupMetrics(
        name="g", metric="m", attribute="a", unit=Unit.SHARE, groups=(), value=(), ci_low=(),
        ci_high=(), n=(),
    ),
    GroupMetrics(
        name="g", metric="m", attribute="a", unit=Unit.SHARE, groups=("x",), value=(math.nan,),
        ci_low=(None,), ci_high=(math.inf,), n=(0,),
    ),
    Ranking(name="r", axis="a", unit=Unit.SCORE, items=(), values=()),
    Ranking(name="r", axis="a", unit=Unit.SCORE, items=("a",), values=(math.nan,)),
    RowScores.of(
        "q", row_id=np.arange(0), quality=np.array([]), flagged=np.array([], dtype=bool)
    ),
    RowScores.of(
        "q", row_id=np.arange(1), quality=np.array([1.0]), flagged=np.array([False])
    ),
    CellScores(
        name="c", n_assessed=0, n_flagged=0, row_id=np.arange(0),
        column=np.array([], dtype=object), value=np.array([], dtype=object),
        quality=np.array([]), flagged=np.array([], dtype=bool),
    ),
    RowGroups(name="g", relation="copies", n_groups=0, n_rows=0, groups=()),
    TimeSeries(name="t", axis="a", unit=Unit.SHARE, at=("never",), value=(1.0,)),
    TimeSeries(name="t", axis="a", unit=Unit.SHARE, at=(), value=()),
    Curve(name="c", x_axis="x", y_axis="y", x=(), y=()),
    Curve(name="c", x_axis="x", y_axis="y", x=(1.0,), y=(math.nan,)),
    Curve(name="c", x_axis="x", y_axis="y", x=(1.0,), y=(2.0,)),
]  # fmt: skip


@pytest.mark.parametrize("shape", EMPTY, ids=lambda s: type(s).__name__)
def test_empty_and_odd_shapes_are_drawn_in_words(shape):
    drawn = figure(shape, "light")
    assert drawn.layout.height <= TALLEST
    assert drawn.data or any(a.text for a in drawn.layout.annotations)
    assert "NaN" not in drawn.to_json()
    assert "nan" not in alt(shape)
    assert alt(replace(shape, name="\u202e")).startswith("(empty)")


def test_what_goes_with_itself_says_nothing_and_is_left_open():
    names = ("a", "b")
    shape = Matrix(
        name="together",
        rows=names,
        columns=names,
        values=((1.0, 0.25), (0.5, 1.0)),
        unit=Unit.SHARE,
    )
    assert [list(line) for line in figure(shape, "light").data[0].z] == [[None, 0.25], [0.5, None]]


def test_ratios_of_rates_have_a_line_of_parity_the_band_of_four_fifths_and_their_attribute():
    shape = GroupMetrics(
        name="Rate of high over that of m", metric="ratio:high", attribute="sex",
        unit=Unit.RATIO, groups=("f",), value=(0.5,), ci_low=(0.4,), ci_high=(0.6,), n=(50,),
        reference="m",
    )  # fmt: skip
    drawn = figure(shape, "light")
    assert "by sex" in drawn.layout.title.text
    assert drawn.layout.xaxis.title.text.startswith("ratio")
    edges = sorted((s.x0, s.x1) for s in drawn.layout.shapes)
    assert edges == [(0.8, 1.25), (1.0, 1.0)]
    assert any(a.text == "equal" for a in drawn.layout.annotations)


def test_a_difference_of_rates_stands_in_points_beside_zero():
    shape = GroupMetrics(
        name="gap", metric="difference:high", attribute="sex", unit=Unit.DIFFERENCE,
        groups=("f",), value=(-0.5,), ci_low=(-0.6,), ci_high=(-0.4,), n=(50,),
    )  # fmt: skip
    drawn = figure(shape, "light")
    assert list(drawn.data[0].x) == [-50]
    assert "-50.0 points" in drawn.data[0].hovertext[0]
    assert drawn.layout.xaxis.title.text.startswith("percentage points")
    assert [s.x0 for s in drawn.layout.shapes] == [0.0]


def test_a_grid_for_clicks_says_of_which_cell_each_point_is(shapes):
    shape = shapes["matrix"]
    drawn = click_grid(shape, "light")
    told = drawn.data[CLICKED].hovertext
    assert len(told) == len(shape.rows) * len(shape.columns)
    hovered = [text for line in figure(shape, "light").data[0].hovertext for text in line]
    assert told.tolist() == hovered
    for position in range(len(told)):
        line, column = cell_of(shape, position)
        assert (drawn.data[CLICKED].y[position], drawn.data[CLICKED].x[position]) == (line, column)
    assert cell_of(shape, len(told)) is None
