"""The share of labels that are contradicted however sure the models are."""

import numpy as np
import pytest
from scipy.special import expit

from components.checks.labels._noise_floor import noise_floor


def judged(n, seed, *, changed=0.0, steep=1.0, spread=3.0, classes=2):
    """Probabilities whose odds are too small ``steep`` times, and labels drawn from true ones."""
    rng = np.random.default_rng(seed)
    odds = np.abs(rng.normal(0, spread, n))
    best = rng.integers(0, classes, n)
    other = (best + rng.integers(1, classes, n)) % classes
    honest = np.where(rng.random(n) < expit(steep * odds), best, other)
    turned = rng.random(n) < changed
    codes = np.where(turned, (honest + rng.integers(1, classes, n)) % classes, honest)
    found = np.full((n, classes), 0.0)
    found[np.arange(n), best] = expit(odds)
    found[np.arange(n), other] = 1 - expit(odds)
    return found, codes


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("changed", [0.02, 0.1])
def test_the_share_that_was_changed_is_found_again(changed, classes):
    floors = [
        noise_floor(*judged(3_000, s, changed=changed, steep=1.5, classes=classes))
        for s in range(8)
    ]
    assert np.mean([f.share for f in floors]) == pytest.approx(changed, rel=0.2)
    assert sum(f.low <= changed <= f.high for f in floors) >= 6
    assert sum(f.low > 0.003 for f in floors) >= 7
    assert np.mean([f.overlap for f in floors]) == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("steep", [1.0, 1.5, 3.0])
def test_honest_labels_have_hardly_a_floor(steep):
    """Whether the models are as sure as they should be, or less."""
    floors = [noise_floor(*judged(1_000, s, steep=steep)) for s in range(20)]
    assert sum(f.low > 0.003 for f in floors) <= 1
    assert np.median([f.share for f in floors]) < 0.005


def test_labels_without_a_contradiction_have_no_floor():
    found, _ = judged(200, 0)
    floor = noise_floor(found, found.argmax(axis=1))
    assert floor.share < 1e-4
    assert floor.low == 0.0
    assert not floor.is_some


def test_a_class_that_is_half_hidden_is_told_from_a_change_of_all():
    """Of eighty rare rows forty look like the others; of the others none looks rare."""
    rng = np.random.default_rng(5)
    codes = np.r_[np.zeros(920, int), np.ones(80, int)]
    odds = np.where(np.arange(1_000) < 960, -1.0, 1.0) * rng.uniform(1.0, 6.0, 1_000)
    found = np.c_[expit(-odds), expit(odds)]
    hidden = noise_floor(found, codes)
    assert hidden.share == pytest.approx(0.04, abs=0.005)
    assert hidden.in_class == pytest.approx(0.5, abs=0.05)
    assert hidden.is_one_class(0.2)
    turned = np.where(rng.random(1_000) < 0.05, 1 - (odds > 0), odds > 0).astype(int)
    assert noise_floor(found, turned).in_class > 0.2
    assert not noise_floor(found, turned).is_one_class(0.2)


def test_the_order_of_rows_and_of_classes_does_not_matter():
    found, codes = judged(400, 3, changed=0.05)
    order = np.random.default_rng(0).permutation(400)
    first, again = noise_floor(found, codes), noise_floor(found[order][:, ::-1], 1 - codes[order])
    for name in ("share", "low", "high", "overlap", "in_class"):
        assert getattr(again, name) == pytest.approx(getattr(first, name), abs=1e-4)
