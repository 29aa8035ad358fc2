"""Which few columns together make a label suspiciously easy.

Where models tell a label almost without error, the columns that say most about it alone are left
out one after another (at once those with gaps in the same rows, if these are not few), until it is
told as well as labels usually are; what can be put back without making it easy again is put back.
Where the others still tell it, each column is left out alone, for two of which none says anything
may give the answer away together. Where neither takes few of the columns, the label is easy, and
nothing is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks.labels._learning.told_apart import PairShare

MOST = 12
"""Families left out one after another at most: each trains models anew."""
MOST_ALONE = 30
"""Families of which each is left out alone at most."""
GAPS = 0.05
"""Share of missing values from which columns with gaps in the same rows are one family: a few empty
rows are empty in columns that have nothing else in common."""

Family = tuple[str, ...]
ToldWithout = Callable[[Collection[str]], PairShare]


@dataclass(frozen=True, slots=True)
class Together:
    """Columns that together make a label suspiciously easy.

    Attributes
    ----------
    columns
        What was left out, those first that say most alone.
    without
        Pairs told apart without them.
    """

    columns: tuple[str, ...]
    without: PairShare


def missing_together(missing: Mapping[str, NDArray[np.bool_]]) -> tuple[Family, ...]:
    """Return the columns in families: those with gaps in the same rows, if these are not few.

    Parameters
    ----------
    missing
        Per column, which rows have no value, shape (n,).
    """
    families: dict[bytes, Family] = {}
    for name, gaps in missing.items():
        key = gaps.tobytes() if gaps.mean() >= GAPS else name.encode()
        families[key] = (*families.get(key, ()), name)
    return tuple(families.values())


def easy_together(
    families: Sequence[Family],
    strength: Mapping[str, float],
    told_without: ToldWithout,
    *,
    ordinary: float,
    few: float,
) -> Together | None:
    """Leave out families of columns until the label is told no more than labels usually are.

    Parameters
    ----------
    families
        Columns that are left out together.
    strength
        How much each column says about the label alone, in [0, 1]; others say nothing.
    told_without
        Returns the pairs told apart without some columns.
    ordinary
        Share of pairs told apart below which a label is not suspicious.
    few
        Largest share of the columns that is few.

    Returns
    -------
    Together or None
        None where the other columns tell the label as well.
    """
    order = sorted(families, key=lambda f: (-max(strength.get(c, 0.0) for c in f), f))
    most = int(few * sum(len(family) for family in families))
    left_out: list[Family] = []
    for family in order[:MOST]:
        left_out.append(family)
        if len(_columns(left_out)) > most:
            break
        told = told_without(_columns(left_out))
        if told.value < ordinary:
            return _needed(left_out, told, told_without, ordinary)
    if len(order) > MOST_ALONE:
        return None
    alone = [f for f in order if told_without(f).value < ordinary]
    if not 0 < len(_columns(alone)) <= most:
        return None
    return Together(_columns(alone), told_without(_columns(alone)))


def _needed(
    left_out: list[Family], told: PairShare, told_without: ToldWithout, ordinary: float
) -> Together:
    """Put back whatever leaves the label as ordinary, the weakest first: it may be innocent."""
    for family in reversed(left_out[:-1]):
        others = [f for f in left_out if f != family]
        without = told_without(_columns(others))
        if without.value < ordinary:
            left_out, told = others, without
    return Together(_columns(left_out), told)


def _columns(families: Collection[Family]) -> tuple[str, ...]:
    return tuple(name for family in families for name in family)
