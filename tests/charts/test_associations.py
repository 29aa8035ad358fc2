from __future__ import annotations

import json
import math

import numpy as np
import pytest

from components.charts.explore.association_matrix import (
    MOST_ACROSS,
    alt_heat_map,
    heat_map,
    strongest,
)
from components.charts.explore.column_pairs import MANY_POINTS, has_shares, mosaic, scatter
from components.charts.style.theme import TALLEST
from components.core.facts.associations import AssociationMatrix


def matrix(n=4, name="c"):
    values = tuple(
        tuple(1.0 if i == j else (-1) ** (i + j) / (1 + i + j) for j in range(n)) for i in range(n)
    )
    return AssociationMatrix(columns=tuple(f"{name}{i}" for i in range(n)), values=values)


def test_the_grid_leaves_the_diagonal_open():
    drawn = heat_map(matrix(), "light", what="strength")
    grid, clicks = drawn.data
    assert all(math.isnan(grid.z[i][i]) for i in range(4))
    assert grid.z[0][1] == -0.5
    assert (grid.zmin, grid.zmax) == (-1, 1)
    assert clicks.hovertext[1] == "c0 and c1<br>strength -0.50"
    assert (clicks.x[1 * 4 + 2], clicks.y[1 * 4 + 2]) == (2, 1)


def test_the_chosen_pair_has_a_frame_on_both_sides():
    shapes = heat_map(matrix(), "dark", chosen=("c1", "c3")).layout.shapes
    assert {(s.x0, s.y0) for s in shapes} == {(0.5, 2.5), (2.5, 0.5)}
    assert not heat_map(matrix(), "dark", chosen=("c1", "gone")).layout.shapes


def test_only_the_strongest_are_drawn_in_their_order():
    n = 100
    values = [[0.0] * n for _ in range(n)]
    for i in range(MOST_ACROSS - 1):
        values[i + 20][i + 21] = values[i + 21][i + 20] = 0.9
    big = AssociationMatrix(
        columns=tuple(f"c{i}" for i in range(n)), values=tuple(map(tuple, values))
    )
    small = strongest(big, always=("c99",))
    assert len(small.columns) == MOST_ACROSS
    assert small.columns[-1] == "c99"
    assert small.columns[:-1] == tuple(f"c{i}" for i in range(20, 79))
    assert small.values[0][1] == 0.9
    assert strongest(matrix()) == matrix()


def test_the_largest_grid_stays_bounded():
    drawn = heat_map(matrix(MOST_ACROSS, "a name that is rather long for an axis "), "light")
    assert drawn.layout.height <= TALLEST
    assert len(drawn.to_json()) < 1_000_000


def test_one_column_is_no_grid():
    drawn = heat_map(matrix(1), "light")
    assert not drawn.data
    assert "Fewer than two" in drawn.layout.annotations[0].text


def test_alt_names_the_strongest_pair():
    assert alt_heat_map(matrix()) == (
        "Grid of 4 columns; the strongest pair is “c0” with “c1”: -0.5."
    )
    empty = AssociationMatrix(columns=("a", "b"), values=((1.0, None), (None, 1.0)))
    assert alt_heat_map(empty) == "Grid of 2 columns; no pair could be compared."


def test_a_cell_without_a_number_says_so():
    empty = AssociationMatrix(columns=("a", "b"), values=((1.0, None), (None, 1.0)))
    assert heat_map(empty, "light").data[1].hovertext[1] == "a and b<br>not compared"


def points(n, seed=0):
    draw = np.random.default_rng(seed)
    return draw.normal(size=n), draw.normal(size=n)


def test_few_points_stand_alone_and_many_over_their_density():
    x, y = points(50)
    assert len(scatter(x, y, ("a", "b"), "light", dates=(False, False)).data) == 1
    x, y = points(MANY_POINTS)
    drawn = scatter(x, y, ("a", "b"), "light", dates=(False, False))
    assert [t.type for t in drawn.data] == ["heatmap", "scatter"]
    assert list(drawn.data[1].x) == x.tolist()
    json.loads(drawn.to_json())


def test_far_points_do_not_flatten_the_picture_and_are_counted():
    x, y = points(2_000)
    x[0] = 1e9
    drawn = scatter(x, y, ("a", "b"), "light", dates=(False, False))
    assert drawn.layout.xaxis.range[1] < 100
    assert drawn.layout.annotations[0].text == "1 far point outside the plot"


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_point(n):
    drawn = scatter(np.zeros(n), np.zeros(n), ("a", "b"), "light", dates=(False, True))
    assert len(drawn.data) == n


def test_a_mosaic_has_widths_and_heights():
    drawn = mosaic(("x", "y"), ("u", "v"), ((30, 10), (0, 20), (20, 20)), ("a", "b"), "light")
    assert [t.name for t in drawn.data] == ["u", "v"]
    assert list(drawn.data[0].y) == [75.0, 0.0, 50.0]
    assert np.allclose(drawn.data[0].width, [0.396, 0.196, 0.396])
    assert list(drawn.layout.xaxis.ticktext) == ["x", "y", "all others"]
    assert drawn.data[0].hovertext[0] == "x, u<br>30 rows (75 % of x)"


def test_a_mosaic_of_many_small_values_has_bars_of_one_width():
    counts = ((3, 1), (1, 3), (400, 592))
    drawn = mosaic(("x", "y"), ("u", "v"), counts, ("a", "b"), "light")
    assert not has_shares(("x", "y"), counts)
    assert {round(w, 3) for w in drawn.data[0].width} == {0.329}
    assert list(drawn.layout.xaxis.ticktext) == ["x", "y", "all others"]
    assert list(drawn.data[0].y) == pytest.approx([75, 25, 40_000 / 992])
    assert has_shares(("x", "y"), ((30, 10), (0, 20), (20, 20)))


def test_a_mosaic_of_nothing_says_so():
    assert not mosaic((), (), (), ("a", "b"), "light").data


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_are_escaped(hostile, theme):
    named = AssociationMatrix(columns=(hostile, "b"), values=((1.0, 0.4), (0.4, 1.0)))
    x, y = points(10)
    for drawn in (
        heat_map(named, theme),
        mosaic((hostile,), (hostile,), ((3, 1), (1, 1)), (hostile, hostile), theme),
        scatter(x, y, (hostile, hostile), theme, dates=(False, False)),
    ):
        text = drawn.to_json()
        assert "<script" not in text
        assert "<a href" not in text
