"""Folds and probe models."""

import numpy as np
import pytest

from components.checks._lib.encoder import Encoded
from components.checks._lib.probe import deal_folds, fit_probe


def keys(rng, n):
    return rng.integers(0, 2**63, n).astype(np.uint64)


def test_equal_rows_share_a_fold_and_classes_are_spread():
    rng = np.random.default_rng(0)
    own = keys(rng, 300)
    groups = np.concatenate([own, own[:100]])
    codes = np.concatenate([np.resize([0, 0, 1], 300), np.resize([0, 0, 1], 300)[:100]])
    fold = deal_folds(groups, codes, 5, seed=0)
    assert (fold[:100] == fold[300:]).all()
    per_class = np.array([np.bincount(fold[:300][codes[:300] == c], minlength=5) for c in (0, 1)])
    assert per_class.max(axis=1).tolist() == [40, 20]
    assert per_class.min(axis=1).tolist() == [40, 20]


def test_folds_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(1)
    groups, codes = keys(rng, 200), rng.integers(0, 3, 200)
    order = rng.permutation(200)
    fold = deal_folds(groups, codes, 5, seed=4)
    assert (deal_folds(groups[order], codes[order], 5, seed=4) == fold[order]).all()
    assert (deal_folds(groups, codes, 5, seed=5) != fold).any()


@pytest.fixture
def two_clouds():
    rng = np.random.default_rng(2)
    codes = np.resize([0, 1], 240)
    x = rng.normal(size=(240, 3)) + 3.0 * codes[:, None]
    return Encoded(x, x.astype(np.float32)), codes, keys(rng, 240)


def fitted(rows, codes, fold, *, keep_all):
    no_code = np.zeros(rows.trees.shape[1], dtype=bool)
    return fit_probe(
        rows, no_code, codes, fold, seed=0, keep_all=keep_all, progress=lambda _done: None
    )


def test_probabilities_are_those_of_unseen_rows(two_clouds):
    rows, codes, groups = two_clouds
    fold = deal_folds(groups, codes, 5, seed=0)
    probe = fitted(rows, codes, fold, keep_all=True)
    assert probe.probabilities.sum(axis=1) == pytest.approx(1.0)
    assert (probe.probabilities.argmax(axis=1) == codes).mean() > 0.97
    assert probe.predict(rows, fold) == pytest.approx(probe.probabilities)
    noise = np.random.default_rng(3).permutation(codes)
    blind = fitted(rows, noise, deal_folds(groups, noise, 5, seed=0), keep_all=False)
    assert (blind.probabilities.argmax(axis=1) == noise).mean() < 0.6


def test_other_rows_are_judged_by_the_fold_that_is_named(two_clouds):
    rows, codes, groups = two_clouds
    probe = fitted(rows, codes, deal_folds(groups, codes, 5, seed=0), keep_all=True)
    each = [probe.predict(rows, np.full(240, f)) for f in range(5)]
    named = np.resize(np.arange(5), 240)
    expected = [each[f][i] for i, f in enumerate(named)]
    assert probe.predict(rows, named) == pytest.approx(np.array(expected))


def test_it_can_be_stopped_between_models(two_clouds):
    rows, codes, groups = two_clouds

    def stop(done):
        if done > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fit_probe(
            rows,
            np.zeros(3, dtype=bool),
            codes,
            deal_folds(groups, codes, 5, seed=0),
            seed=0,
            keep_all=False,
            progress=stop,
        )
