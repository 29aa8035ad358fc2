"""Rows that are far from all others only by one value that several rows share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.encoder import Encoder
from components.checks._lib.features import FloatArray

if TYPE_CHECKING:
    import pandas as pd

SHARED = 2
"""Rows with a value from which it is a rare group, not an accident; ours."""
RARE = 0.05
"""Share of the rows up to which a value is rare."""
NOTABLE = 0.19
"""Share of the square of a distance that one column makes, below which the distance without it is
nine tenths at least, and is not asked for."""
LEAST_LETTERS = 3
ROUNDING = 1e-9
FEW_VALUES = 20
"""Different values up to which a number is a grade or a code."""
Distance = Callable[[FloatArray], FloatArray]
"""Gives the log distances of rows of standardised numbers."""


@dataclass(frozen=True, slots=True)
class RareLevels:
    """The rare values of a column that several rows hold.

    Attributes
    ----------
    values
        As in a frame of the table.
    places
        The standardised numbers that the column makes, shape (p,).
    usual
        What these are where the column holds its most frequent value, shape (p,).
    """

    values: tuple[Any, ...]
    places: NDArray[np.intp]
    usual: FloatArray


@dataclass(frozen=True, slots=True)
class SharedValues:
    """Such values of each column of few values, by name."""

    levels: dict[str, RareLevels]

    def least(
        self, frame: pd.DataFrame, z: FloatArray, own: FloatArray, distance: Distance
    ) -> FloatArray:
        """Return the log distances, the least with any single rare value taken for a usual one.

        Parameters
        ----------
        z
            The rows as standardised numbers, shape (n, p).
        own
            Their log distances as they are, shape (n,).
        """
        found = own.copy()
        for name, rare in self.levels.items():
            there = frame[name].isin(rare.values).to_numpy()
            step = np.square(z[:, rare.places] - rare.usual).sum(axis=1)
            at = np.flatnonzero(there & (step >= NOTABLE * np.exp(2.0 * own)))
            if len(at):
                usual = z[at].copy()
                usual[:, rare.places] = rare.usual
                found[at] = np.minimum(found[at], distance(usual))
        return found


def is_slip(rare: str, frequent: str) -> bool:
    """Whether a value looks like another one with one slip of the pen.

    One word of at least three letters differs by one letter (changed, added, left out, or swapped
    with the next), or only case and spaces do.
    """
    words = [(a, b) for a, b in _word_pairs(rare, frequent) if a != b]
    if len(words) != 1:
        return not words and rare != frequent
    (a, b), shorter = words[0], min(map(len, words[0]))
    if not (a + b).isalpha() or shorter < LEAST_LETTERS or abs(len(a) - len(b)) > 1:
        return False
    return SequenceMatcher(None, a, b).ratio() >= 1.0 - 1.0 / shorter - ROUNDING


def _word_pairs(one: str, other: str) -> Iterator[tuple[str, str]]:
    return zip_longest(one.casefold().split(), other.casefold().split(), fillvalue="")


def _groups(counts: pd.Series[int], n: int) -> list[Any]:
    """Return the rare values that rows share, without those that are slips of frequent ones."""
    rare = counts[(counts >= SHARED) & (counts <= RARE * n)]
    frequent = counts[counts > RARE * n].index
    return [value for value in rare.index if not any(is_slip(str(value), str(f)) for f in frequent)]


def shared_values(frame: pd.DataFrame, encoder: Encoder, z: FloatArray) -> SharedValues:
    """Learn from a sample, and its standardised numbers, which rare values rows share."""
    origin = np.array([name for name, _ in encoder.origin])
    found = {}
    for name in dict.fromkeys(origin.tolist()):
        counts = frame[name].value_counts()
        if name not in encoder.plan.categories and len(counts) > FEW_VALUES:
            continue
        rare = _groups(counts, len(frame))
        if rare:
            places = np.flatnonzero(origin == name)
            row = int(np.argmax((frame[name] == counts.index[0]).to_numpy(dtype=bool)))
            found[name] = RareLevels(tuple(rare), places, z[row, places])
    return SharedValues(found)
