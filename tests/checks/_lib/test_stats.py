import itertools
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


SMALL_TABLES = [
    (x1, n1, x2, n2)
    for n1, n2 in itertools.product((1, 2, 3, 5, 8), repeat=2)
    for x1, x2 in itertools.product(range(n1 + 1), range(n2 + 1))
]
"""Every count of successes in two groups of up to eight rows."""


def test_a_ratio_of_zero_lies_inside_its_interval():
    low, high = stats.ratio_interval(0, 50, 25, 100)
    assert low == 0.0
    assert high == pytest.approx(0.2894, abs=1e-4)


def test_the_ratio_interval_holds_the_ratio_for_all_small_tables():
    for x1, n1, x2, n2 in SMALL_TABLES:
        low, high = stats.ratio_interval(x1, n1, x2, n2)
        ratio = (x1 * n2) / (x2 * n1) if x2 else (math.inf if x1 else 1.0)
        assert low <= ratio <= high, (x1, n1, x2, n2)
        assert low < high, (x1, n1, x2, n2)
        assert (low == 0.0) is (x1 == 0)
        assert (high == math.inf) is (x2 == 0)


def test_swapping_the_groups_inverts_the_ratio_interval():
    for x1, n1, x2, n2 in SMALL_TABLES:
        low, high = stats.ratio_interval(x1, n1, x2, n2)
        other = stats.ratio_interval(x2, n2, x1, n1)
        if x1 and x2:
            assert (1.0 / high, 1.0 / low) == pytest.approx(other, rel=1e-6)


def test_the_ratio_interval_equals_statsmodels_where_that_has_one():
    for x1, n1, x2, n2 in SMALL_TABLES:
        if 0 < x1 < n1 and 0 < x2 < n2:
            expected = proportion.confint_proportions_2indep(
                x1, n1, x2, n2, compare="ratio", method="score"
            )
            assert stats.ratio_interval(x1, n1, x2, n2) == pytest.approx(expected, rel=1e-6)


def test_the_ratio_interval_of_koopmans_example():
    # Koopman 1984: 36 of 40 against 16 of 80 gives 2.94 to 7.15; the small-sample factor of
    # Miettinen and Nurminen makes it a little wider.
    low, high = stats.ratio_interval(36, 40, 16, 80)
    assert 2.92 < low < 2.94
    assert 7.15 < high < 7.18


def test_the_ratio_interval_of_large_tables_and_full_groups():
    low, high = stats.ratio_interval(10, 10, 10, 10)
    assert 0.6 < low < 1.0 < high < 1.5
    low, high = stats.ratio_interval(10**6, 10**6, 10**6, 10**6)
    assert 0.99999 < low < 1.0 < high < 1.00001
    assert stats.ratio_interval(0, 50, 0, 50) == (0.0, math.inf)


def test_the_difference_interval_holds_the_difference_for_all_small_tables():
    for x1, n1, x2, n2 in SMALL_TABLES:
        low, high = stats.difference_interval(x1, n1, x2, n2)
        assert -1.0 <= low <= x1 / n1 - x2 / n2 <= high <= 1.0, (x1, n1, x2, n2)


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


def test_a_small_group_beside_a_large_one_is_tested_exactly():
    # P of no less than 9 of 30 where 1,000 of 20,000 have it is a sum of the hypergeometric
    # distribution; chi-squared says 4e-10.
    from scipy.stats import hypergeom

    expected = hypergeom.sf(8, 20_030, 1_009, 30)
    assert stats.two_proportions_p(9, 30, 1_000, 20_000) == pytest.approx(expected, rel=1e-6)


def test_small_groups_with_a_rare_outcome_are_seldom_taken_for_a_difference():
    """Eight groups of 30 to 100 rows beside 20,000, an outcome of 1 %: the false discovery rate
    of a table is held; with chi-squared it was 13 %."""
    rng = np.random.default_rng(5)
    told, n_tables = 0, 400
    for _ in range(n_tables):
        sizes = rng.integers(30, 101, 8)
        large = int(rng.binomial(20_000, 0.01))
        p = [
            stats.two_proportions_p(int(rng.binomial(n, 0.01)), int(n), large, 20_000)
            for n in sizes
        ]
        told += bool((stats.benjamini_hochberg(p) <= 0.05).any())
    assert told / n_tables <= 0.05


def test_sparse_tables_of_unrelated_columns_are_seldom_taken_for_related():
    rng = np.random.default_rng(6)
    n_small = 0
    for _ in range(300):
        counts = rng.multinomial([50] * 6, [0.96, 0.02, 0.01, 0.01])
        p = stats.contingency(counts.tolist())[1]
        n_small += p <= 0.01
        assert p == stats.contingency(counts.tolist())[1]
    assert n_small / 300 <= 0.02
    related = [[30, 0, 0], [0, 3, 0], [0, 0, 3]]
    assert stats.contingency(related)[1] == pytest.approx(0.0001)


def test_the_interval_of_a_share_explained_holds_and_never_claims_to_be_sure():
    rng = np.random.default_rng(5)
    truth, held, n = 0.9, 0, 120
    for _ in range(600):
        x = rng.normal(size=n)
        y = x + rng.normal(0, np.sqrt(1 / truth - 1), n)
        low, value, high = stats.explained_interval((y - x) ** 2, (y - y.mean()) ** 2)
        assert low <= value <= high < 1
        held += low <= truth <= high
    assert held / 600 > 0.92


@pytest.mark.parametrize(("n", "low"), [(10, 0.72), (100, 0.96), (1_000, 0.996)])
def test_a_column_that_was_always_right_is_as_sure_as_its_rows_allow(n, low):
    y = np.arange(float(n))
    found = stats.explained_interval(np.zeros(n), (y - y.mean()) ** 2)
    assert found == pytest.approx((low, 1.0, 1.0), abs=0.005)


def test_nothing_is_explained_where_nothing_varies():
    assert stats.explained_interval(np.ones(5), np.zeros(5)) == (0.0, 0.0, 0.0)
    assert stats.explained_interval(np.empty(0), np.empty(0)) == (0.0, 0.0, 0.0)
