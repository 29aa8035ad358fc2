"""Where outliers begin."""

import numpy as np
import pytest

from components.checks.anomalies._tails import find_cut

DEFAULTS = {"false_share": 0.1, "gap": 0.1, "gap_p": 0.01}


@pytest.mark.parametrize("n", [30, 200, 2000, 20_000])
def test_an_exponential_tail_has_no_outliers(n):
    found = 0
    for seed in range(20):
        scores = np.random.default_rng(seed).exponential(0.3, n)
        found += np.isfinite(find_cut(scores, **DEFAULTS).value)
    assert found <= 3  # a false discovery rate of 0.1 allows about 2 of 20


def test_far_scores_are_cut_off():
    rng = np.random.default_rng(0)
    scores = np.concatenate([rng.exponential(0.3, 1000), rng.uniform(6.0, 7.0, 12)])
    cut = find_cut(scores, **DEFAULTS)
    assert (scores >= cut.value).sum() == 12
    assert cut.last < 6.0 <= cut.value


def test_a_group_behind_a_gap_is_found_though_no_single_score_is_far():
    rng = np.random.default_rng(1)
    scores = np.concatenate([np.minimum(rng.exponential(0.3, 1000), 1.2), np.full(40, 1.6)])
    assert find_cut(scores, **DEFAULTS).value == 1.6
    assert np.isinf(find_cut(scores, false_share=0.1, gap=0.5, gap_p=0.01).value)


def test_equal_scores_have_no_cut():
    cut = find_cut(np.concatenate([np.zeros(99), [5.0]]), **DEFAULTS)
    assert np.isinf(cut.value)
    assert cut.scale == 0.0
    assert cut.last == 5.0
