"""Plotly does not check our figures as they are drawn, which costs time; here it does."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from components.charts.evidence.click_grid import click_grid
from components.charts.evidence.figure import figure
from components.charts.explore.association_matrix import heat_map
from components.charts.explore.column_pairs import mosaic, scatter
from components.charts.explore.histogram import histogram
from components.charts.explore.log_bins import log_histogram
from components.charts.explore.over_time import over_time
from components.charts.explore.slices import by_group
from components.charts.style.theme import blank, line_at, note, nothing
from components.core.data.dataset import Kind
from components.core.facts.associations import AssociationMatrix
from components.core.facts.profile import Bins
from components.core.facts.slices import LogBins, Slice, Slices

SPREAD = (1.0, 2.0, 3.0, 4.0, 9.0)


def checked(drawn):
    """Hand the figure to Plotly once more, which raises for anything it does not know."""
    again = go.Figure(drawn.to_dict())
    assert json.loads(again.to_json())["layout"]["height"] == drawn.layout.height


def framed(theme):
    figure = blank(theme, height=200, title="t")
    note(figure, "a note", theme)
    line_at(figure, 0.5, "a line", theme)
    line_at(figure, 0.5, "a line", theme, vertical=False)
    return figure


def sliced(**changes):
    part = Slice(key="a", n=9, n_missing=1, spread=SPREAD, counts=(5,) if changes else ())
    return Slices(column="x", by="g", slices=(part,), n_slices=3, n_rows=20, **changes)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_figure_is_one_that_plotly_knows(shapes, numbers, texts, theme):
    for shape in shapes.values():
        checked(figure(shape, theme))
    dates = numbers(kind=Kind.DATETIME, bins=Bins(edges=(0.0, 86_400.0), counts=(3,)))
    for profile in (numbers(), texts(), dates, texts(top=())):
        checked(histogram(profile, theme=theme, by_label=True))
    x = np.random.default_rng(0).normal(size=400)
    x[0] = 1e9
    grid = AssociationMatrix(columns=("a", "b"), values=((1.0, 0.4), (0.4, None)))
    log = LogBins(
        edges=(1.0, 10.0, 99.0), counts=(5, 9), n_zero=1, n_negative=0, n_missing=0, n_infinite=0
    )
    for drawn in (
        framed(theme), nothing(theme), click_grid(shapes["matrix"], theme),
        heat_map(grid, theme, chosen=("a", "b")),
        scatter(x, x, ("a", "b"), theme, dates=(True, False)), log_histogram(log, theme),
        mosaic(("x",), ("u",), ((3, 1), (1, 1)), ("a", "b"), theme),
        by_group(sliced(), theme, dates=True), by_group(sliced(values=("York",)), theme),
        over_time(sliced(step="day"), theme), over_time(sliced(step="day", values=("u",)), theme),
    ):  # fmt: skip
        checked(drawn)


def test_a_name_that_plotly_does_not_know_would_be_found():
    drawn = blank("light", height=200)
    broken = drawn.to_dict()
    broken["layout"]["heigth"] = 3
    with pytest.raises(ValueError, match="heigth"):
        go.Figure(broken)
