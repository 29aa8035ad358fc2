"""Numbers far off that several rows share: found where planted, hardly ever in honest tails."""

import numpy as np
import pytest

from components.checks.labels._numbers.shared import shared_numbers

LEAST = 3.0

SHAPES = {
    "counts": lambda rng, n: rng.poisson(2, n),
    "counts of unequal rows": lambda rng, n: rng.poisson(np.exp(0.5 + 0.5 * rng.normal(size=n))),
    "wide counts": lambda rng, n: rng.negative_binomial(1, 0.3, n),
    "very wide counts": lambda rng, n: rng.negative_binomial(0.5, 0.05, n),
    "ratings": lambda rng, n: np.clip(np.round(4 + rng.normal(0, 0.7, n)), 1, 5),
    "whole amounts": lambda rng, n: np.round(rng.lognormal(3, 1, n)),
    "half amounts": lambda rng, n: np.round(2 * rng.lognormal(3, 1, n)) / 2,
    "prices": lambda rng, n: np.floor(rng.lognormal(3, 1, n)) + 0.99,
    "hundreds": lambda rng, n: np.round(rng.lognormal(8, 0.8, n), -2),
    "rounded heavy tails": lambda rng, n: np.round(rng.standard_t(2, n), 1),
    "whole heavy tails": lambda rng, n: np.round(5 * rng.standard_cauchy(n)),
    "heavy tails": lambda rng, n: rng.standard_t(2, n),
}


def found(y):
    """Return what is shared where the same number is expected in all rows."""
    middle = np.median(y)
    usual = 1.48 * np.median(np.abs(y - middle)) or y.std()
    sets = np.arange(len(y)).astype(np.uint64)
    return shared_numbers(y, (y - middle) / usual, sets, LEAST).values


@pytest.mark.parametrize("n", [200, 1_000, 5_000])
def test_honest_tails_hardly_ever_share_a_number(n):
    rng = np.random.default_rng(4_000 + n)
    has = {
        name: [len(found(draw(rng, n).astype(np.float64))) > 0 for _ in range(20)]
        for name, draw in SHAPES.items()
    }
    assert np.mean(list(has.values())) <= 0.05, has
    assert all(np.mean(of_shape) <= 0.2 for of_shape in has.values()), has


@pytest.mark.parametrize("shape", ["counts", "whole amounts", "prices", "heavy tails"])
def test_a_code_in_an_honest_tail_is_found(shape):
    rng = np.random.default_rng(9)
    y = SHAPES[shape](rng, 1_000).astype(np.float64)
    code = 10 * np.abs(y).max() + 1
    y[rng.choice(1_000, 20, replace=False)] = code
    assert found(y).tolist() == [code]


def test_where_nothing_is_far_off_nothing_is_shared():
    assert not len(found(np.tile([1.0, 2.0, 3.0], 50)))
