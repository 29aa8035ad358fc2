from __future__ import annotations

import math

import numpy as np
import pytest

from components.core.judgement.evidence import (
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
from components.reports.methods import Block, blocks
from components.reports.pictures.axis import Axis, span
from components.reports.pictures.line_plots import LinePicture
from components.reports.pictures.picture import picture
from components.reports.pictures.picture_parts import (
    BinsPicture,
    GridPicture,
    NumberPicture,
    RowsPicture,
)

FORMS = {
    "measure": NumberPicture,
    "bins": BinsPicture,
    "categories": RowsPicture,
    "matrix": GridPicture,
    "groups": RowsPicture,
    "ranking": RowsPicture,
    "rows": BinsPicture,
    "cells": RowsPicture,
    "copies": RowsPicture,
    "time": LinePicture,
    "curve": LinePicture,
}


def places(drawn):
    if isinstance(drawn, RowsPicture):
        for row in drawn.rows:
            yield from (p.start + p.size for p in row.parts)
            yield from (v for v in (row.at, row.low, row.high) if v is not None)
    if isinstance(drawn, BinsPicture):
        for start, width, parts in drawn.bars:
            yield start + width
            yield sum(p.size for p in parts)
    if isinstance(drawn, LinePicture):
        yield from (v for piece in (*drawn.pieces, drawn.band) for point in piece for v in point)


def test_every_shape_has_a_form_inside_its_plot(run):
    for name, shape in run.shapes.items():
        drawn = picture(shape)
        assert type(drawn) is FORMS[name]
        assert all(-1e-9 <= v <= 1 + 1e-9 for v in places(drawn)), name


def test_dots_stand_where_their_numbers_are(run):
    drawn = picture(run.shapes["groups"])
    female, male, _, tiny = drawn.rows
    assert female.low < female.at < female.high < drawn.line < male.at
    assert tiny.at is None
    assert tiny.value == "not enough rows"
    assert "reference" in male.name


def test_rankings_mark_what_reaches_the_threshold(run):
    drawn = picture(run.shapes["ranking"])
    assert [row.parts[0].colour for row in drawn.rows] == ["strong", "shape", "shape"]
    assert drawn.line == pytest.approx(0.95 / 1.05)


def test_negative_numbers_go_to_the_left_of_zero():
    drawn = picture(
        Ranking(name="r", axis="a", unit=Unit.DIFFERENCE, items=("a", "b"), values=(1.0, -1.0))
    )
    up, down = (row.parts[0] for row in drawn.rows)
    assert down.start + down.size == pytest.approx(up.start)


def test_flagged_rows_are_the_lowest():
    quality = np.array([0.05, 0.15, 0.95, 0.95])
    drawn = picture(RowScores.of("q", row_id=np.arange(4), quality=quality, flagged=quality < 0.5))
    flagged = [sum(p.size for p in parts if p.colour == "strong") for _, _, parts in drawn.bars]
    assert flagged[1] == 0.5
    assert flagged[19] == 0
    assert drawn.note == "2 of 4 rows flagged (50 %): those below 0.5"
    assert drawn.axis == "score, for the order only (1 = least doubtful)"
    apart = RowScores.of("q", row_id=np.arange(4), quality=quality, flagged=quality < 0.1)
    assert picture(apart).note == "1 of 4 rows flagged (25 %)"


def test_many_categories_and_classes_are_cut_and_counted():
    n = 1000
    shape = Distribution(
        name="d", axis="a", categories=tuple(map(str, range(n))),
        counts={f"class {i}": (1,) * n for i in range(15)},
    )  # fmt: skip
    drawn = picture(shape)
    assert len(drawn.rows) == 20
    assert drawn.note == "and 980 more (14,700 rows)"
    assert drawn.legend[-1] == ("6 others", "other")
    assert len(drawn.legend) == 10


@pytest.mark.parametrize(
    "shape",
    [
        Distribution(name="d", axis="a", counts={}),
        Distribution(name="d", axis="a", counts={"": (0, 0)}, edges=(0.0, 1.0, 2.0)),
        Distribution(name="d", axis="a", counts={"": (1,)}, edges=(0.0, math.inf)),
        Matrix(name="m", unit=Unit.SHARE, rows=("a",), columns=("b",), values=((None,),)),
        GroupMetrics(
            name="g", metric="m", attribute="a", unit=Unit.SHARE, groups=("x",), value=(None,),
            ci_low=(None,), ci_high=(None,), n=(0,),
        ),
        Ranking(name="r", axis="a", unit=Unit.SCORE, items=("a",), values=(math.nan,)),
        RowScores.of("q", row_id=np.arange(0), quality=np.array([]), flagged=np.array([]) > 0),
        RowGroups(name="g", relation="copies", n_groups=0, n_rows=0, groups=()),
        TimeSeries(name="t", axis="a", unit=Unit.SHARE, at=("never",), value=(1.0,)),
        Curve(name="c", x_axis="x", y_axis="y", x=(1.0,), y=(math.nan,)),
    ],
    ids=lambda s: type(s).__name__,
)  # fmt: skip
def test_nothing_is_drawn_of_nothing(shape):
    assert picture(shape) is None


def test_single_values_have_a_place():
    one = picture(Curve(name="c", x_axis="x", y_axis="y", x=(3.0,), y=(2.0,)))
    assert one.pieces == (((0.5, 0.5),),)
    assert picture(Measure(name="m", value=math.nan, unit=Unit.SHARE)).value == "–"
    when = TimeSeries(name="t", axis="a", unit=Unit.COUNT, at=("2024-01-01",), value=(5.0,))
    assert picture(when).x_ticks == ((0.5, "2024-01-01"),)


def test_ticks_are_round_and_inside():
    assert [text for _, text in Axis(0, 1).ticks(Unit.SHARE)] == [
        "0 %", "20 %", "40 %", "60 %", "80 %", "100 %",
    ]  # fmt: skip
    assert [text for _, text in Axis(-3, 7).ticks()] == ["-2", "0", "2", "4", "6"]
    for low, high in ((0, 1e-9), (1e12, 3e12), (0.11, 0.13), (5, 5)):
        found = Axis(low, high).ticks()
        assert 1 <= len(found) <= 7
        assert all(0 <= at <= 1 for at, _ in found)


def test_spans_hold_their_values():
    assert span([0.9, 1.0], Unit.SHARE)[1] == 1.0
    assert span([0.0, 10.0], Unit.VALUE)[0] == 0.0
    low, high = span([5.0], Unit.VALUE)
    assert low < 5 < high


def test_help_texts_become_paragraphs_and_items():
    text = "One ``line``\nand more.\n\n- first\n  goes on\n- second\n\nEnd."
    assert blocks(text) == (
        Block(text="One line and more."),
        Block(text="first goes on", is_item=True),
        Block(text="second", is_item=True),
        Block(text="End."),
    )
