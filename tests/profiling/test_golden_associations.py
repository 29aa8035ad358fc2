"""How columns go together, against SciPy on published tables and plain Python on odd ones."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.core.data.dataset import DatasetVersion, Kind
from components.core.facts.associations import AssociationMeasure
from components.engine.table.open_table import open_table
from components.profiling.associations.associate import associate
from components.profiling.associations.choose import MAX_ROWS
from components.profiling.pair_measures.predictive_power import folds
from components.profiling.profile import profile

SAMPLES = Path(__file__).parents[2] / "sample_data"
WORDS = {"adult": ["?"], "german_credit": [], "penguins": ["."]}
ROUNDED = 1.01e-6
"""Strengths are kept with six digits after the point."""


@pytest.fixture(scope="module", params=WORDS)
def published(request, read_file):
    source = SAMPLES / f"{request.param}.csv"
    facts, loaded = read_file(source)
    version = DatasetVersion(
        id="d1", name="x", sha256="", n_rows=loaded.n_rows, columns=loaded.columns
    )
    with open_table(version, loaded.table) as table:
        found = associate(table, facts)
    frame = pd.read_csv(source, keep_default_na=False, na_values=["", *WORDS[request.param]])
    return found, frame


def test_correlations_agree_with_scipy(published):
    found, frame = published
    pairs = [p for p in found.pairs if p.measure is AssociationMeasure.SPEARMAN]
    assert pairs
    for pair in pairs:
        both = frame[[pair.first, pair.second]].dropna()
        x, y = both[pair.first], both[pair.second]
        assert pair.n == len(both)
        assert pair.value == pytest.approx(stats.spearmanr(x, y).statistic, abs=ROUNDED)
        assert pair.pearson == pytest.approx(stats.pearsonr(x, y).statistic, abs=ROUNDED)


def test_cramers_v_agrees_with_the_chi_squared_of_scipy(published):
    found, frame = published
    pairs = [
        p for p in (*found.pairs, *found.with_label) if p.measure is AssociationMeasure.CRAMERS_V
    ]
    assert pairs
    for pair in pairs:
        counts = pd.crosstab(frame[pair.first], frame[pair.second])
        n, (r, k) = counts.to_numpy().sum(), counts.shape
        chi2 = stats.chi2_contingency(counts, correction=False).statistic
        phi2 = max(0.0, chi2 / n - (r - 1) * (k - 1) / (n - 1))
        least = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
        assert pair.value == pytest.approx(min(1, np.sqrt(phi2 / least)), abs=ROUNDED)
        assert pair.n == n


def test_the_correlation_ratio_agrees_with_the_analysis_of_variance_of_ranks_of_scipy(published):
    found, frame = published
    pairs = [
        p
        for p in (*found.pairs, *found.with_label)
        if p.measure is AssociationMeasure.CORRELATION_RATIO
    ]
    assert pairs
    for pair in pairs:
        both = frame[[pair.first, pair.second]].dropna()
        number = pair.first if both[pair.first].dtype.kind in "if" else pair.second
        other = pair.second if number == pair.first else pair.first
        if both[other].dtype.kind in "if" and both[number].nunique() < both[other].nunique():
            number, other = other, number
        ranks = frame[number].rank().loc[both.index]
        groups = [g.to_numpy(float) for _, g in ranks.groupby(both[other])]
        n, k = len(both), len(groups)
        f = stats.f_oneway(*groups).statistic
        eta2 = f * (k - 1) / (f * (k - 1) + n - k) if np.isfinite(f) else 1.0
        epsilon2 = 1 - (1 - eta2) * (n - 1) / (n - k)
        assert pair.value == pytest.approx(np.sqrt(max(0, epsilon2)), abs=ROUNDED), pair


def test_the_matrix_holds_the_pairs_and_mirrors_them(published):
    found, _ = published
    values = np.array(found.matrix.values, dtype=float)
    assert np.array_equal(values, values.T, equal_nan=True)
    assert (np.diag(values) == 1).all()
    place = {name: i for i, name in enumerate(found.matrix.columns)}
    for pair in found.pairs:
        assert values[place[pair.first], place[pair.second]] == pair.value
    assert (found.n_used, found.error_bound) == (found.n_rows, None)


N = 60
DRAW = random.Random(5)  # noqa: S311 - test data


def some(options: list, gap: float = 0.0) -> list:
    return [None if DRAW.random() < gap else DRAW.choice(options) for _ in range(N)]


def odd_frame() -> pd.DataFrame:
    x = [DRAW.gauss(0, 1) for _ in range(N)]
    start = pd.Timestamp("1960-01-01")
    return pd.DataFrame(
        {
            "x": x,
            "rounded": [round(v) / 2 for v in x],
            "gaps": [None if i % 3 == 0 else v + DRAW.gauss(0, 0.3) for i, v in enumerate(x)],
            "other gaps": [None if i % 4 == 1 else -v for i, v in enumerate(x)],
            "infinite": [float("inf") if i % 7 == 0 else v * 2 for i, v in enumerate(x)],
            "huge": [v * 1e300 for v in x],
            "tiny": [v * 1e-300 for v in x],
            "offset": [1e12 + round(v * 8) / 8 for v in x],
            "whole": pd.array([2**53 + i * i for i in range(N)], dtype="Int64"),
            "at": [start + pd.Timedelta(round(v * 86_400), "s") for v in x],
            "few": some(["a", "b"], 0.1),
            "follows": ["hot" if v > 0 else "cold" if v > -1 else None for v in x],
            "many": some([f"v{i}" for i in range(20)]),
            "yes": pd.array([None if i % 9 == 0 else v > 0.5 for i, v in enumerate(x)], "boolean"),
            "nearly empty": [1.5 * i if i < 12 else None for i in range(N)],
        }
    )


@pytest.fixture(scope="module")
def odd_values():
    return odd_frame()


@pytest.fixture
def odd(odd_values, make_table):
    table = make_table(odd_values)
    return table, associate(table, profile(table))


def plain(values: pd.Series) -> list:
    """Return a column as plain values; times as seconds."""
    if values.dtype.kind == "M":
        return [(v - pd.Timestamp("1970-01-01")).total_seconds() for v in values]
    return [None if pd.isna(v) else v for v in values.tolist()]


@pytest.fixture(scope="session")
def formulas(slow):
    return slow.slow_associations


def expected(formulas, one: pd.Series, other: pd.Series) -> tuple[AssociationMeasure, float | None]:
    x, y = plain(one), plain(other)
    numeric = [v.dtype.kind in "iufM" for v in (one, other)]
    if all(numeric):
        return AssociationMeasure.SPEARMAN, formulas.spearman(x, y)
    if any(numeric):
        number, category = (x, y) if numeric[0] else (y, x)
        ratio = formulas.correlation_ratio(formulas.middle_ranks(number), category)
        return AssociationMeasure.CORRELATION_RATIO, ratio
    return AssociationMeasure.CRAMERS_V, formulas.cramers_v(x, y)


def test_every_pair_of_an_odd_table_is_as_the_formulas_say(odd, odd_values, formulas):
    _, found = odd
    assert found.left_out == {}
    for one, other in itertools.combinations(odd_values, 2):
        measure, value = expected(formulas, odd_values[one], odd_values[other])
        pair = found.pair(one, other)
        if value is None:
            assert pair is None, (one, other)
            continue
        both = formulas.complete(plain(odd_values[one]), plain(odd_values[other]))
        assert pair is not None, (one, other, value)
        assert (pair.measure, pair.n) == (measure, len(both)), (one, other)
        assert pair.value == pytest.approx(value, abs=ROUNDED), (one, other)
        if measure is AssociationMeasure.SPEARMAN:
            pearson = formulas.pearson(plain(odd_values[one]), plain(odd_values[other]))
            assert pair.pearson == pytest.approx(pearson, abs=ROUNDED), (one, other)


def test_the_power_of_categories_is_as_the_definition_says(odd, odd_values, formulas):
    table, found = odd
    fold = folds(table.version.n_rows, 0).tolist()
    checked = 0
    for pair in found.pairs:
        sides = ((pair.first, pair.second, pair.first_predicts),)
        sides += ((pair.second, pair.first, pair.second_predicts),)
        for source, target, told in sides:
            if odd_values[source].dtype.kind in "iufM" or target == "infinite":
                continue
            number = odd_values[target].dtype.kind in "iufM"
            x, y = plain(odd_values[source]), plain(odd_values[target])
            if len(formulas.complete(x, y)) < 20:
                continue
            value = formulas.power(x, y, fold, number=number)
            assert told == pytest.approx(value, abs=1e-5), (source, target)
            checked += 1
    assert checked > 20


def test_the_gaps_go_together_as_their_counts_say(odd, odd_values, formulas):
    _, found = odd
    missing = {name: odd_values[name].isna().tolist() for name in odd_values}
    some_gaps = {name for name, flags in missing.items() if 0 < sum(flags) < N}
    assert set(found.missing.columns) == some_gaps
    for (i, one), (j, other) in itertools.combinations(enumerate(found.missing.columns), 2):
        value = formulas.phi(missing[one], missing[other])
        assert found.missing.values[i][j] == pytest.approx(value, abs=ROUNDED)


def test_columns_that_say_the_same_are_one_cluster(make_table):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 300))
    frame = pd.DataFrame({"x": x, "y": y, "2x": 2 * x, "e^x": np.exp(x), "-y": -y, "z": x + y})
    table = make_table(frame)
    found = associate(table, profile(table))
    assert [set(c.columns) for c in found.clusters] == [{"x", "2x", "e^x"}, {"y", "-y"}]
    assert [c.weakest for c in found.clusters] == [1.0, 1.0]


def test_the_stated_bound_holds_for_every_pair_of_a_sample(make_table):
    rng = np.random.default_rng(8)
    n = 2 * MAX_ROWS
    base = rng.normal(size=n)
    columns = {f"c{i}": i / 10 * base + rng.normal(size=n) for i in range(7)}
    columns["ties"] = np.round(base)
    columns["skewed"] = np.exp(base + rng.normal(size=n))
    columns["gaps"] = np.where(rng.random(n) < 0.2, np.nan, base)
    frame = pd.DataFrame(columns)
    table = make_table(frame)
    facts = profile(table)
    whole = frame.corr(method="spearman")
    for seed in range(3):
        found = associate(table, facts, seed=seed)
        assert (found.n_used, found.n_rows, found.is_sampled) == (MAX_ROWS, n, True)
        off = [abs(pair.value - whole.loc[pair.first, pair.second]) for pair in found.pairs]
        assert len(off) == 10 * 9 / 2
        assert 0 < max(off) <= found.error_bound < 0.02


def test_columns_that_cannot_be_compared_are_named_with_the_reason(make_table):
    frame = pd.DataFrame(
        {
            "x": np.arange(40) % 7 / 2,
            "one": [3.5] * 40,
            "empty": pd.Series([None] * 40, dtype="float64"),
            "names": [f"name {i}" for i in range(40)],
            "nine": [float(i) if i < 9 else None for i in range(40)],
        }
    )
    table = make_table(frame, kinds={"names": Kind.TEXT})
    found = associate(table, profile(table))
    assert set(found.left_out) == {"one", "empty", "names", "nine"}
    assert found.pairs == ()
    assert found.matrix.columns == ("x",)
