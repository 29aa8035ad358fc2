"""Items drawn at random: how many of each stratum, where they stand; nobody is favoured."""

from __future__ import annotations

import numpy as np
import pytest

from components.core.people.random_share import NEVER_FLAGGED, NOT_DRAWN, STRATA, mix

FLAGGED = STRATA[:-1]


@pytest.mark.parametrize("share", [0.01, 0.05, 0.5, 1.0])
@pytest.mark.parametrize(("n_flagged", "n_others"), [(1, 0), (2, 5), (90, 3), (1_000, 20_000)])
def test_every_flagged_item_stands_once_and_others_are_added(n_flagged, n_others, share):
    found = mix(n_flagged, n_others, share, seed=3)
    flagged = found.rank[found.rank < n_flagged]
    assert sorted(flagged) == list(range(n_flagged))
    others = found.rank[found.rank >= n_flagged]
    assert len(others) == min(n_others, int(np.ceil(share * n_flagged)))
    assert len(set(others)) == len(others)
    assert found.rank.max(initial=0) < n_flagged + n_others
    assert (found.stratum[found.rank >= n_flagged] == STRATA.index(NEVER_FLAGGED)).all()
    rest = found.rank[found.stratum == NOT_DRAWN]
    assert (np.diff(rest) > 0).all(), "what was not drawn stays worst first"
    is_drawn = found.stratum != NOT_DRAWN
    assert np.isnan(found.probability[~is_drawn]).all()
    assert ((found.probability[is_drawn] > 0) & (found.probability[is_drawn] <= 1)).all()
    assert sorted(found.turn[is_drawn]) == list(range(is_drawn.sum()))


def test_probabilities_are_the_shares_that_were_drawn():
    found = mix(900, 9_000, 0.1, seed=1)
    for name, n, size in [*((band, 30, 300) for band in FLAGGED), (NEVER_FLAGGED, 90, 9_000)]:
        places = found.in_turn(name)
        assert len(places) == n
        assert found.probability[places] == pytest.approx(n / size)
    assert (np.diff(found.in_turn(*STRATA)) > 0).all(), "they come up in their order"


def test_the_same_seed_draws_the_same_and_another_one_others():
    one, again, other = (mix(300, 3_000, 0.1, seed=s) for s in (1, 1, 2))
    assert (one.rank == again.rank).all()
    assert (one.rank != other.rank).any()


def test_every_item_is_drawn_equally_often_and_anywhere():
    """600 draws of 3 of 30 in each third and 9 of 90: each item is expected 60 times."""
    n_flagged, n_others, runs = 90, 90, 600
    times, places = np.zeros(n_flagged + n_others), []
    for seed in range(runs):
        found = mix(n_flagged, n_others, 0.1, seed)
        is_drawn = found.stratum != NOT_DRAWN
        times[found.rank[is_drawn]] += 1
        places.append(np.flatnonzero(is_drawn) / len(found.rank))
    assert abs(times - 60).max() < 5 * np.sqrt(60 * 0.9), "5 standard deviations, 180 items"
    assert np.concatenate(places).mean() == pytest.approx(0.5, abs=0.02)


def test_the_estimate_is_right_however_the_worst_were_answered_before():
    """Answering the worst first and stopping early does not shift the mean over many draws."""
    n, wrong = 300, np.arange(300) < 60  # a fifth, all of them among the worst
    before = np.arange(n) < 100  # answered before anything was drawn
    found = []
    for seed in range(400):
        drawn = mix(n, 0, 0.2, seed)
        places = drawn.in_turn(*FLAGGED)
        answered = before[drawn.rank[places]] | (drawn.turn[places] < 30)
        unanswered = np.flatnonzero(~answered)
        used = places[: unanswered[0]] if len(unanswered) else places
        found.append(wrong[drawn.rank[used]].mean())
    # of at least 30 items each: one mean has a standard error of at most 0.073, 400 of 0.0037.
    assert np.mean(found) == pytest.approx(0.2, abs=0.02)
