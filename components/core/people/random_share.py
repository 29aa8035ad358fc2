"""Items drawn at random and mixed into a queue, so that rates can be estimated from them.

A queue that begins with the worst cannot tell how many labels are wrong: what is answered first is
worse than what is left, and rows that were never flagged do not come up at all. So a share of the
items is drawn at random, of each stratum separately: the flagged ones by thirds of their order, and
rows that were never flagged. They come in a random order, at random places of the queue.

The estimate uses the drawn items up to the first one that is not answered, in the order in which
they were drawn: what was answered for another reason, or passed over, then has no say in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

BANDS = 3
"""Parts of the flagged items, by their order, from each of which a share is drawn (our choice)."""

NEVER_FLAGGED = "never flagged"
STRATA = ("flagged, worst third", "flagged, middle third", "flagged, last third", NEVER_FLAGGED)

FEWEST_DRAWN = 20
"""Randomly drawn flags that must be reviewed before a share of wrong ones is told (our choice): at
one half, the 95 % interval is then 40 points wide."""

NOT_DRAWN = -1
_SALT = 0x5EED


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """A queue into which items drawn at random are mixed; shape (n_items,) each.

    Attributes
    ----------
    rank
        Which item stands at each place: first all that are flagged, worst first, then others.
    stratum
        Place in ``STRATA`` of an item that was drawn; ``NOT_DRAWN`` for the others.
    probability
        With which it was drawn, in (0, 1]; NaN for the others.
    turn
        Its place in the order of all drawn ones; ``NOT_DRAWN`` for the others.
    """

    rank: IntArray
    stratum: IntArray
    probability: FloatArray
    turn: IntArray

    def in_turn(self, *strata: str) -> IntArray:
        """Return the places of the items drawn from some strata, in the order of drawing."""
        codes = [STRATA.index(name) for name in strata]
        there = np.flatnonzero(np.isin(self.stratum, codes))
        return there[np.argsort(self.turn[there])]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedRate:
    """How many labels are wrong, estimated from items that were drawn at random.

    Attributes
    ----------
    is_flagged
        Whether it is about flagged rows, or about those never flagged.
    n_drawn, n_answered
        Items drawn, and how many of them were answered so far.
    n_used
        Those answered before the first one that is not, in the order in which they were drawn.
    n_clear, n_wrong
        Those of the latter about whose label somebody was sure, and where it was changed.
    low, high
        95 % Wilson interval of the share of wrong ones among the clear ones, in [0, 1].
    """

    is_flagged: bool
    n_drawn: int
    n_answered: int
    n_used: int
    n_clear: int
    n_wrong: int
    low: float
    high: float


def mix(n_flagged: int, n_others: int, share: float, seed: int) -> Mixed:
    """Draw a share of the flagged items, and as many of those never flagged, and mix them in.

    Parameters
    ----------
    n_others
        Rows that were looked at and not flagged.
    share
        In (0, 1]: of each third of the flagged items; and as a share of the flagged items, how many
        of the others.
    """
    chance = np.random.default_rng([seed, _SALT])
    ends = np.linspace(0, n_flagged, BANDS + 1).round().astype(np.int64)
    sizes = [*np.diff(ends).tolist(), n_others]
    wanted = [math.ceil(share * n) for n in sizes[:BANDS]]
    wanted.append(min(n_others, math.ceil(share * n_flagged)))
    ranks, strata, probabilities = [], [], []
    for code, (start, size, n) in enumerate(
        zip([*ends[:-1], n_flagged], sizes, wanted, strict=True)
    ):
        ranks.append(start + chance.permutation(size)[:n])
        strata.append(np.full(n, code))
        probabilities.append(np.full(n, n / size if size else np.nan))
    drawn = np.concatenate(ranks).astype(np.int64)
    turns = chance.permutation(len(drawn))
    n_items = n_flagged + wanted[-1]
    places = np.sort(chance.permutation(n_items)[: len(drawn)])
    at = np.full(n_items, NOT_DRAWN, dtype=np.int64)
    at[places] = turns  # which of the drawn ones stands there
    is_drawn = at != NOT_DRAWN
    rank = np.empty(n_items, dtype=np.int64)
    rank[is_drawn] = drawn[turns]
    rank[~is_drawn] = np.setdiff1d(np.arange(n_flagged), drawn)
    stratum = np.full(n_items, NOT_DRAWN, dtype=np.int64)
    stratum[is_drawn] = np.concatenate(strata)[turns]
    probability = np.full(n_items, np.nan)
    probability[is_drawn] = np.concatenate(probabilities)[turns]
    turn = np.full(n_items, NOT_DRAWN, dtype=np.int64)
    turn[is_drawn] = np.arange(len(drawn))
    return Mixed(rank=rank, stratum=stratum, probability=probability, turn=turn)
