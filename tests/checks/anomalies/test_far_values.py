"""Which values of a column lie far beyond the others."""

import numpy as np
import pytest

from components.checks.anomalies._far_values import (
    TIMES_APART,
    codes_of,
    edge_of,
    reach_of,
)

SHAPES = {
    "normal": lambda rng, n: rng.normal(size=n),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "lognormal": lambda rng, n: rng.lognormal(0, 1.5, n),
    "pareto": lambda rng, n: 1 + rng.pareto(1.5, n),
    "t2": lambda rng, n: rng.standard_t(2, n),
    "counts": lambda rng, n: rng.negative_binomial(0.5, 0.1, n).astype(float),
    "steps": lambda rng, n: 1.0 * rng.choice(5, n, p=[0.6, 0.3, 0.08, 0.015, 0.005]),
    "mostly zeros": lambda rng, n: np.where(rng.random(n) < 0.95, 0, rng.lognormal(7, 1, n)),
    "one in a hundred": lambda rng, n: (rng.random(n) < 0.01).astype(float),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_chance_of_a_false_alarm_is_about_what_was_asked_for(shape):
    alarms = 0
    for seed in range(30):
        values = np.sort(SHAPES[shape](np.random.default_rng(seed), 150))
        alarms += bool(np.isfinite(edge_of(values, chance=0.02).value))
    assert alarms <= 3  # 0.6 are expected where the tail is that of the model


def test_a_group_behind_a_gap_is_cut_at_its_lowest_value():
    values = np.random.default_rng(0).normal(40, 12, 800)
    edge = edge_of(np.sort(np.append(values, [190.0, 260.0, 300.0, 420.0])), chance=1e-3)
    assert edge.value == 190.0


def test_both_ends_are_judged_and_the_missing_ones_are_not():
    values = np.append(np.random.default_rng(0).normal(40, 12, 800), [-400.0, np.nan, 900.0])
    reach = reach_of(values, chance=1e-3, seen=1.0)
    found = reach.surprise(np.array([-400.0, 40.0, np.nan, 900.0]))
    assert (found > 0).tolist() == [True, False, False, True]


def test_a_value_of_a_row_that_was_not_looked_at_must_be_farther():
    values = np.sort(np.random.default_rng(0).normal(40, 12, 2000))
    whole, part = edge_of(values, chance=1e-3), edge_of(values, chance=1e-3, seen=0.1)
    assert np.isinf(whole.unseen)
    assert values[-1] < part.unseen < 400


def test_many_rows_with_one_value_count_once():
    values = np.sort(np.append(np.random.default_rng(1).lognormal(0, 1, 500), [60.0] * 6))
    assert np.isinf(edge_of(values, chance=1e-3).value)


@pytest.mark.parametrize("values", [[5.0] * 300, [0.0] * 297 + [2000.0, 2001.0, 5000.0]])
def test_where_nothing_varies_nothing_is_far(values):
    assert np.isinf(edge_of(np.array(values), chance=1e-3).value)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e28])
def test_the_unit_does_not_matter(scale):
    values = np.sort(np.append(np.random.default_rng(2).normal(0, 1, 400), [30.0, 45.0]))
    assert (scale * values >= edge_of(scale * values, chance=1e-3).value).sum() == 2


@pytest.fixture
def window():
    """Days of a study of three years."""
    return np.random.default_rng(3).random(3000) * 1100


@pytest.mark.parametrize(("n", "flagged"), [(8, 8), (25, 0)])
def test_many_values_from_before_a_study_are_a_group_of_its_own(window, n, flagged):
    old = -950 - np.random.default_rng(4).exponential(1500, n)
    edge = edge_of(np.sort(-np.append(window, old)), chance=1e-4, apart=TIMES_APART)
    assert (-old >= edge.value).sum() == flagged


@pytest.mark.parametrize("n", [20, 40])
def test_many_values_far_away_are_flagged_whole(n):
    rng = np.random.default_rng(5)
    values = np.sort(np.append(rng.integers(18, 80, 3000), rng.integers(150, 400, n)))
    assert (values >= edge_of(values.astype(float), chance=1e-4).value).sum() == n


@pytest.mark.parametrize(
    ("codes", "n"), [([], 0), ([-1], 60), ([-1, -9], 80), ([-1, 0], 80), ([17], 0)]
)
def test_repeated_values_apart_from_the_others_are_codes(codes, n):
    ages = np.random.default_rng(6).integers(17, 80, 2000)
    values = np.concatenate(
        [ages, *(np.full(60 if i == 0 else 20, c) for i, c in enumerate(codes))]
    )
    ordered = np.sort(-values.astype(float))
    assert codes_of(ordered) == n
