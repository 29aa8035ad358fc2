import math

import numpy as np
import pytest
from statsmodels.stats import multitest, proportion

from components.checks._lib import stats


@pytest.mark.parametrize(("x", "n"), [(0, 10), (3, 10), (10, 10), (1, 1), (470, 10_000)])
def test_wilson_equals_statsmodels(x, n):
    expected = proportion.proportion_confint(x, n, method="wilson")
    assert stats.wilson(x, n) == pytest.approx(expected, abs=1e-12)


def test_wilson_of_nothing_says_nothing():
    assert stats.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (9, 10, 3, 10), (0, 10, 0, 20)])
def test_difference_interval_equals_newcombes_table(counts):
    # Newcombe 1998, table II, method 10, examples a, b and e of the paper's contrasts.
    expected = {
        (56, 70, 48, 80): (0.0524, 0.3339),
        (9, 10, 3, 10): (0.1705, 0.8090),
        (0, 10, 0, 20): (-0.1611, 0.2775),
    }[counts]
    assert stats.difference_interval(*counts) == pytest.approx(expected, abs=1e-4)


def test_ratio_interval_holds_the_ratio_and_survives_empty_cells():
    low, high = stats.ratio_interval(30, 100, 60, 100)
    expected = proportion.confint_proportions_2indep(30, 100, 60, 100, compare="ratio")
    assert (low, high) == pytest.approx(expected, abs=0.02)
    low, high = stats.ratio_interval(0, 50, 25, 50)
    assert 0 < low < 0.05 < high < 0.5
    assert stats.ratio_interval(10, 10, 10, 10)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("interval", [stats.difference_interval, stats.ratio_interval])
def test_an_empty_group_has_no_interval(interval):
    with pytest.raises(ValueError, match="empty group"):
        interval(0, 0, 1, 2)


def test_benjamini_hochberg_equals_statsmodels():
    p = [0.01, 0.04, 0.03, 0.005, 0.8, 0.03]
    expected = multitest.multipletests(p, method="fdr_bh")[1]
    assert stats.benjamini_hochberg(p) == pytest.approx(expected)
    assert stats.benjamini_hochberg([]).shape == (0,)


def test_hedges_g_by_hand():
    a, b = stats.Moments(10, 5.0, 2.0), stats.Moments(10, 3.0, 2.0)
    g, low, high = stats.standardised_difference(a, b)
    assert g == pytest.approx(1.0 * (1 - 3 / 71))
    assert low < g < high
    assert math.isnan(stats.standardised_difference(stats.Moments(1, 5.0, 0.0), b)[0])
    assert math.isnan(stats.standardised_difference(a, stats.Moments(1, 5.0, 0.0))[0])


def test_welch_equals_scipy():
    from scipy import stats as scipy_stats

    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, 30), rng.normal(0.5, 2, 40)
    a = stats.Moments(30, float(x.mean()), float(x.std(ddof=1)))
    b = stats.Moments(40, float(y.mean()), float(y.std(ddof=1)))
    assert stats.welch_p(a, b) == pytest.approx(scipy_stats.ttest_ind(x, y, equal_var=False).pvalue)
    assert stats.welch_p(stats.Moments(3, 1.0, 0.0), stats.Moments(3, 1.0, 0.0)) == 1.0
    assert stats.welch_p(stats.Moments(3, 1.0, 0.0), stats.Moments(3, 2.0, 0.0)) == 0.0
    assert stats.welch_p(stats.Moments(1, 1.0, 0.0), b) == 1.0


def test_mean_interval_by_hand():
    assert stats.mean_interval(10.0, 2.0, 4) == pytest.approx((10 - 3.1824, 10 + 3.1824), abs=1e-3)
    assert stats.mean_interval(10.0, 2.0, 1) == (-math.inf, math.inf)


def test_fishers_tea():
    assert stats.two_proportions_p(3, 4, 1, 4) == pytest.approx(0.4857, abs=1e-4)
    assert stats.two_proportions_p(0, 0, 1, 4) == 1.0
    assert stats.two_proportions_p(0, 9, 0, 4) == 1.0
    assert stats.two_proportions_p(900, 1000, 500, 1000) < 1e-50


def test_cramers_v_of_related_and_unrelated_columns():
    v, p = stats.contingency([[500, 0], [0, 500], [0, 0]])
    assert v == pytest.approx(1.0, abs=1e-3)
    assert p < 1e-100
    v, p = stats.contingency([[250, 250], [250, 250]])
    assert (v, p) == (0.0, 1.0)
    assert stats.contingency([[5, 5], [0, 0]]) == (0.0, 1.0)
    assert stats.contingency([[1, 0], [0, 1]])[1] == pytest.approx(1.0)
