from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.core.data.query import Compare, Op
from components.engine.sql import sampling

N = 3_000


def keys(ids: np.ndarray, seed: int) -> np.ndarray:
    """The keys, computed without any engine."""
    multiplier, *shifts = sampling.constants(seed)
    found = ids % sampling.PRIME * multiplier % sampling.PRIME
    for shift in shifts:
        found = (found * found % sampling.PRIME * found + shift) % sampling.PRIME
    return found


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.DataFrame({"x": np.arange(N), "odd": np.arange(N) % 2 == 1})


def test_the_sample_is_what_the_arithmetic_says(make_table, frame):
    found = make_table(frame).sample(100, seed=5)
    expected = np.sort(np.argsort(keys(np.arange(N), 5), kind="stable")[:100])
    assert found.row_id.tolist() == expected.tolist()
    assert found.frame["x"].tolist() == expected.tolist()
    assert found.n_total == N


def test_rows_are_drawn_without_their_values(make_table, frame):
    table = make_table(frame)
    for n in (0, 1, 100, N - 1, N, N + 1):
        assert table.draw(n, seed=5).tolist() == table.sample(n, seed=5).row_id.tolist()


def test_a_bound_that_is_too_low_is_made_up_for(make_table, frame, monkeypatch):
    table = make_table(frame)
    expected = table.draw(100, seed=5)
    monkeypatch.setattr(sampling, "_bound", lambda _n, _n_total: sampling.PRIME // N)
    assert table.draw(100, seed=5).tolist() == expected.tolist()


@pytest.mark.parametrize("n", [1, 10, 1_000, 40_000])
def test_few_keys_lie_below_the_bound_but_enough(n):
    for seed in range(20):
        n_below = (keys(np.arange(50_000), seed) < sampling._bound(n, 50_000)).sum()
        assert n <= n_below <= n + 12 * np.sqrt(n) + 12


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(make_table, frame):
    table = make_table(frame)
    first, again, other = (table.sample(100, seed=s).row_id for s in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert len(set(first) & set(other)) < 20


def test_a_larger_sample_contains_a_smaller_one(make_table, frame):
    table = make_table(frame)
    small, large = (set(table.sample(n, seed=1).row_id) for n in (50, 500))
    assert small < large


@pytest.mark.parametrize("n", [0, 1, N - 1, N, N + 1])
def test_the_sample_has_exactly_as_many_rows_as_there_are(make_table, frame, n):
    found = make_table(frame).sample(n, seed=0)
    assert len(found.row_id) == len(found.frame) == min(n, N)
    assert found.is_whole == (n >= N)


def test_conditions_apply_before_the_draw(make_table, frame):
    found = make_table(frame).sample(100, seed=0, where=Compare("odd", Op.EQ, True))
    assert found.frame["odd"].all()
    assert len(found.row_id) == 100
    assert found.n_total == N // 2
    expected = np.arange(1, N, 2)
    picked = expected[np.argsort(keys(expected, 0))[:100]]
    assert found.row_id.tolist() == np.sort(picked).tolist()


def test_keys_of_different_rows_differ():
    assert len(set(keys(np.arange(50_000), 3))) == 50_000


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """Which of 400 rows are among 40 drawn, for 2,000 seeds."""
    ids = np.arange(400)
    ranks = np.argsort(np.argsort([keys(ids, seed) for seed in range(2_000)], axis=1), axis=1)
    return ranks < 40


def test_every_row_is_drawn_about_equally_often(drawn):
    draws, n_rows = drawn.shape
    times, share = drawn.sum(axis=0), drawn.mean()
    statistic = ((times - draws * share) ** 2).sum() / (draws * share * (1 - share))
    assert 0.001 < stats.chi2.cdf(statistic * (1 - 1 / n_rows), n_rows - 1) < 0.999


@pytest.mark.parametrize("distance", [1, 2, 7, 64])
def test_neighbours_are_not_drawn_together_more_often_than_others(drawn, distance):
    draws, n_rows = drawn.shape
    together = (drawn[:, :-distance] & drawn[:, distance:]).sum()
    pairs = draws * (n_rows - distance)
    chance = 40 / n_rows * 39 / (n_rows - 1)
    z = (together - pairs * chance) / np.sqrt(pairs * chance * (1 - chance))
    assert abs(z) < 4


@pytest.mark.parametrize("seed", range(5))
def test_a_sample_is_spread_as_chance_would_spread_it(seed):
    ids = np.arange(20_000)
    picked = np.sort(np.argsort(keys(ids, seed))[:2_000])
    assert stats.kstest((picked + 0.5) / len(ids), "uniform").pvalue > 0.001
    gaps = np.bincount(np.minimum(np.diff(picked), 30), minlength=31)[1:]
    chances = np.append(0.1 * 0.9 ** np.arange(29), 0.9**29)
    assert stats.chisquare(gaps, chances * gaps.sum()).pvalue > 0.001
