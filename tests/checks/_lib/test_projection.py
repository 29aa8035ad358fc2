"""Rows as points: like rows lie together, and the picture does not depend on chance."""

import numpy as np
import pandas as pd
import pytest

from components.checks._lib import features, projection


def groups(n, seed=0):
    """Two groups of rows that differ in numbers and in a category."""
    draw = np.random.default_rng(seed)
    second = np.arange(n) % 2 == 1
    frame = pd.DataFrame({f"x{i}": draw.normal(size=n) + 6 * second for i in range(4)})
    frame["kind"] = np.where(second, "b", "a")
    frame.loc[::10, "x0"] = np.nan
    return frame, second


def projected(make_table, frame, seed=1, **options):
    table = make_table(frame, **options)
    plan = features.plan(table.version)
    rows = table.rows(np.arange(len(frame)), columns=plan.names).reset_index(drop=True)
    return projection.project(rows, plan, seed=seed)


def same_group_nearest(places, second):
    """The share of rows whose nearest other row is of their own group."""
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return float(np.mean(second[distance.argmin(axis=1)] == second))


@pytest.mark.parametrize(("n", "method"), [(40, projection.MAIN), (200, projection.NEAR)])
def test_like_rows_lie_together(make_table, n, method):
    frame, second = groups(n)
    places, told = projected(make_table, frame)
    assert told == method
    assert places.shape == (n, 2)
    assert np.abs(places).max() == 1.0
    assert same_group_nearest(places, second) >= 0.99


def test_the_same_seed_gives_the_same_picture(make_table):
    frame, _ = groups(120)
    first, _ = projected(make_table, frame, seed=3)
    again, _ = projected(make_table, frame, seed=3)
    assert first.tolist() == again.tolist()


def test_texts_place_rows_too(make_table):
    words = ["red apple pie", "blue engine oil"]
    frame = pd.DataFrame({"text": [f"{words[i % 2]} {i % 7} so" for i in range(100)]})
    frame["x"] = np.random.default_rng(0).normal(size=100)
    places, _ = projected(make_table, frame, text=["text"])
    assert same_group_nearest(places, np.arange(100) % 2 == 1) > 0.9


def test_rows_that_look_the_same_have_no_picture(make_table):
    frame = pd.DataFrame({"a": [1.0] * 60, "b": ["x"] * 60})
    from components.core.data.dataset import Kind

    kinds = {"a": Kind.NUMBER, "b": Kind.CATEGORY}
    with pytest.raises(ValueError, match="look the same"):
        projected(make_table, frame, kinds=kinds)


def test_one_direction_is_a_line(make_table):
    frame = pd.DataFrame({"a": np.arange(60.0)})
    places, told = projected(make_table, frame)
    assert told == projection.MAIN
    assert set(places[:, 1]) == {0.0}
