"""How far people agree who judged the same items independently of one another.

Both figures are computed by statsmodels, which is imported where it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.checks._lib.stats import wilson

FEWEST_FOR_KAPPA = 20
"""Items under which no kappa is told: its interval would span most of the scale (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Items that two people judged, and about how many they agree.

    Attributes
    ----------
    low, high
        95 % Wilson interval of the share that they agree about, in [0, 1].
    kappa, kappa_low, kappa_high
        Cohen's kappa with its 95 % interval, in [-1, 1]: 0 is what chance gives, 1 is always; None
        where there are too few items, or only one answer was ever given.
    """

    n: int
    n_agreed: int
    low: float
    high: float
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None


def share_agreed(n_agreed: int, n: int) -> Agreement:
    """Return about which share of items people agree; whoever they are."""
    low, high = wilson(n_agreed, n)
    return Agreement(n=n, n_agreed=n_agreed, low=low, high=high)


def of_pair(one: Sequence[str], other: Sequence[str]) -> Agreement:
    """Return how far two people agree.

    Parameters
    ----------
    one, other
        What each said about the same items, in the same order.

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20, 37-46; the interval after Fleiss,
    Cohen, Everitt 1969, Psychological Bulletin 72, 323-327.
    """
    n_agreed = sum(a == b for a, b in zip(one, other, strict=True))
    share = share_agreed(n_agreed, len(one))
    names = sorted({*one, *other})
    if len(one) < FEWEST_FOR_KAPPA or len(names) < 2:  # noqa: PLR2004 - chance alone agrees always
        return share
    from statsmodels.stats.inter_rater import cohens_kappa

    code = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    for a, b in zip(one, other, strict=True):
        table[code[a], code[b]] += 1
    found = cohens_kappa(table)
    return Agreement(
        n=share.n,
        n_agreed=n_agreed,
        low=share.low,
        high=share.high,
        kappa=float(found.kappa),
        kappa_low=max(-1.0, float(found.kappa_low)),
        kappa_high=min(1.0, float(found.kappa_upp)),
    )
