"""Columns of extreme values and gaps: every figure stays in its range, alone or among others."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from components.core.data.dataset import Column, Kind, Storage
from components.core.facts.associations import AssociationMeasure
from components.profiling.associations import matrix_order as arrange
from components.profiling.associations.compare import Work, all_pairs, with_power
from components.profiling.pair_measures.codes import Prepared, unusable
from components.profiling.pair_measures.from_arrow import prepare
from components.profiling.pair_measures.predictive_power import folds

ROWS = (0, 1, 5, 10, 11, 20, 21, 50, 300)
GAPS = (0.0, 0.1, 0.5, 0.9, 0.99)


def number(rng: np.random.Generator, n: int) -> pd.Series:
    x, coin = rng.normal(size=n), rng.random(n)
    shapes = (
        x, np.round(x), x + 1e15, x * 1e-308, np.clip(x, -1.7, 1.7) * 1e308,
        np.where(coin < 0.5, np.inf, x), np.where(coin < 0.02, 1e300, x),
        np.where(coin < 0.5, -1.7e308, 1.7e308), np.where(coin < 0.5, 5e-324, 0.0),
        np.where(coin < 0.9, 1.0, x), np.full(n, 3.3),
    )  # fmt: skip
    chosen = shapes[rng.integers(len(shapes))]
    return pd.Series(np.where(rng.random(n) < rng.choice(GAPS), np.nan, chosen))


def whole(rng: np.random.Generator, n: int) -> pd.Series:
    values = pd.Series(pd.array(rng.integers(-(2**63), 2**63 - 1, n), dtype="Int64"))
    return values.mask(rng.random(n) < 0.2)


def near(rng: np.random.Generator, n: int) -> pd.Series:
    low = int(rng.choice([-(2**63), -3, 0, 2**63 - 1 - 5 * (n + 1)]))
    numbers = np.array([low + int(k) for k in rng.integers(0, 5 * n + 1, n)], dtype=np.int64)
    return pd.Series(pd.array(numbers, dtype="Int64")).mask(rng.random(n) < 0.1)


def category(rng: np.random.Generator, n: int) -> pd.Series:
    names = rng.integers(0, rng.choice([1, 2, 3, 30, 200]), n)
    gone = rng.random(n) < 0.2
    return pd.Series([None if g else f"v{v}" for g, v in zip(gone, names, strict=True)], dtype=str)


KINDS = (
    (number, Storage.NUMBER, Kind.NUMBER),
    (whole, Storage.INTEGER, Kind.INTEGER),
    (near, Storage.INTEGER, Kind.INTEGER),
    (category, Storage.TEXT, Kind.CATEGORY),
    (category, Storage.TEXT, Kind.CATEGORY),
    (number, Storage.NUMBER, Kind.NUMBER),
)


def columns(seed: int) -> list[Prepared]:
    rng = np.random.default_rng(seed)
    n = int(rng.choice(ROWS))
    made = []
    for i, (make, storage, kind) in enumerate(KINDS):
        column = Column(name=f"x{i}", field=f"c{i}", storage=storage, kind=kind)
        made.append(prepare(column, pa.array(make(rng, n), from_pandas=True)))
    return [column for column in made if not unusable(column)]


@pytest.mark.parametrize("seed", range(40))
def test_numbers_that_occur_often_are_put_in_order_the_same_way(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.choice(ROWS))
    for make, storage, kind in KINDS:
        column = Column(name="x", field="c0", storage=storage, kind=kind)
        values = pa.array(make(rng, n), from_pandas=True)
        one, other = prepare(column, values), prepare(column, values, often=True)
        assert one.codes.tolist() == other.codes.tolist()
        if one.is_numeric:
            finite = [v for v in values.to_pylist() if v is not None and np.isfinite(v)]
            place = {v: i for i, v in enumerate(sorted(set(finite)), start=1)}
            assert one.codes[one.present].tolist() == [place[v] for v in finite]
        assert (one.n_levels, one.n_missing) == (other.n_levels, other.n_missing)
        assert one.n_missing == (one.codes == 0).sum()
        assert one.counts.tolist() == np.bincount(one.codes, minlength=one.n_levels + 1).tolist()
        located = [None if p.values is None else p.values.tolist() for p in (one, other)]
        assert located[0] == located[1]


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_figures_stay_in_their_ranges_and_do_not_depend_on_other_columns(start):
    checked = 0
    for seed in range(start, start + 50):
        usable = columns(seed)
        n = len(usable[0].codes) if usable else 0
        work = Work(fold=folds(n, 0), columns=usable)
        compared = all_pairs(usable, lambda *_: None)
        told = list(with_power(work, compared.pairs(), lambda *_: None).values())
        by_name = {column.name: column for column in usable}
        for pair in told:
            least = -1.0 if pair.measure is AssociationMeasure.SPEARMAN else 0.0
            assert least <= pair.value <= 1.0, seed
            powers = (pair.first_predicts, pair.second_predicts)
            assert all(p is None or 0 <= p <= 1 for p in powers), seed
            assert pair.pearson is None or -1 <= pair.pearson <= 1, seed
            both = [by_name[pair.first], by_name[pair.second]]
            (alone,) = all_pairs(both, lambda *_: None).pairs()
            assert (alone.value, alone.n) == (pytest.approx(pair.value, abs=2e-6), pair.n), seed
            checked += 1
        shown = arrange.matrix([c.name for c in usable], compared.values)
        assert sorted(shown.columns) == sorted(by_name)
        n_known = sum(v is not None for v in itertools.chain(*shown.values))
        assert n_known == len(usable) + 2 * len(told), seed
    assert checked > 30
