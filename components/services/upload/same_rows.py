"""Which rows of two tables are the same, known by a unique column or by what their cells hold.

Only numbers made of the texts are compared (``engine.text.row_hashes``): 64 bits, so that two
different rows among millions pass for one another less than once in ten thousand tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.core.data.table import IntArray
from components.engine.text.row_hashes import Hashes
from components.services.upload.carry_over import NOT_HERE

ENOUGH = 0.5
"""The share of the smaller table that must be found in the other one.

A row that stands once in each of two tables drawn from the same source by chance is met with
probability at most 0.37 (a Poisson count is one with no larger probability): half is beyond that.
"""


@dataclass(frozen=True, slots=True)
class RowPrints:
    """The rows of a table as numbers.

    Attributes
    ----------
    whole
        Of all cells, shape (n_rows,).
    content
        Of all cells but identifiers: it says whether the tables have to do with each other.
    rest
        Of the cells that nobody corrects: no label, no identifier, nothing decided; None where
        there are no such columns.
    """

    whole: Hashes
    content: Hashes
    rest: Hashes | None


@dataclass(frozen=True, slots=True)
class SameRows:
    """Where the rows of a former table are here.

    Attributes
    ----------
    places
        The row here of each former row, ``NOT_HERE`` where there is none; shape (n_former,).
    could_be_several
        Former rows that are not here as they were, while several rows here could be them.
    is_version
        Whether enough is the same to call the one a new version of the other.
    """

    places: IntArray
    could_be_several: IntArray
    is_version: bool


def by_unique(former: Hashes, here: Hashes) -> IntArray | None:
    """Return the places of rows by a column; None where its texts are not unique in both."""
    if len(np.unique(former)) < len(former) or len(np.unique(here)) < len(here):
        return None
    _, before, now = np.intersect1d(former, here, assume_unique=True, return_indices=True)
    return _placed(len(former), before, now)


def by_content(former: RowPrints, here: RowPrints) -> SameRows:
    """Match rows whose cells are equal, equal ones in order; then those whose uncorrected are.

    In the second step a row counts only where nothing else can be meant: all rows with these
    cells are equal, in the former table and here.
    """
    before, now = _in_order(former.whole, here.whole)
    places = _placed(len(former.whole), before, now)
    several = np.empty(0, dtype=np.int64)
    if former.rest is not None and here.rest is not None:
        left = np.flatnonzero(places == NOT_HERE)
        free = np.setdiff1d(np.arange(len(here.whole)), now, assume_unique=True)
        sure = left[_is_uniform(former.rest, former.whole)[left]]
        alone = free[_is_uniform(here.rest, here.whole)[free]]
        before, now = _in_order(former.rest[sure], here.rest[alone])
        before, now = sure[before], alone[now]
        places[before] = now
        several = np.setdiff1d(left[np.isin(former.rest[left], here.rest[free])], before)
    return SameRows(places, several, is_version=_is_enough(former.content, here.content))


def _is_enough(former: Hashes, here: Hashes) -> bool:
    """Whether the smaller table is found again, and not by chance.

    Rows that stand several times say little: a table made mostly of them must be found whole, in
    one that is not more than twice as long.
    """
    n, n_larger = sorted((len(former), len(here)))
    n_same = len(_in_order(former, here)[0])
    if n_same == n and ENOUGH * n_larger <= n:
        return True
    once, once_here = former[_is_once(former)], here[_is_once(here)]
    n_once = len(once) if len(former) == n else len(once_here)
    solid = len(np.intersect1d(once, once_here, assume_unique=True))
    return n_same >= ENOUGH * n and n_once >= ENOUGH * n and solid >= ENOUGH * n_once


def _placed(n_former: int, before: IntArray, now: IntArray) -> IntArray:
    places = np.full(n_former, NOT_HERE, dtype=np.int64)
    places[before] = now
    return places


def _in_order(former: Hashes, here: Hashes) -> tuple[IntArray, IntArray]:
    """Return the places of pairs of equal numbers: the k-th of one goes with the k-th here."""
    _, code = np.unique(np.concatenate((former, here)), return_inverse=True)
    a, b = code[: len(former)], code[len(former) :]
    base = len(code) + 1
    _, before, now = np.intersect1d(
        a * base + _rank(a), b * base + _rank(b), assume_unique=True, return_indices=True
    )
    return before, now


def _rank(code: IntArray) -> IntArray:
    """Return for each number how many equal ones come before it."""
    order = np.argsort(code, kind="stable")
    arranged = code[order]
    is_first = np.r_[True, arranged[1:] != arranged[:-1]][: len(code)]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(code)), 0))
    rank = np.empty(len(code), dtype=np.int64)
    rank[order] = np.arange(len(code)) - start
    return rank


def _is_once(hashes: Hashes) -> NDArray[np.bool_]:
    _, code, count = np.unique(hashes, return_inverse=True, return_counts=True)
    once: NDArray[np.bool_] = count[code] == 1
    return once


def _is_uniform(rest: Hashes, whole: Hashes) -> NDArray[np.bool_]:
    """Whether all rows with the same ``rest`` have the same ``whole``, for each row."""
    first, code = np.unique(rest, return_index=True, return_inverse=True)[1:]
    mixed = np.zeros(len(first), dtype=np.bool_)
    mixed[code[whole != whole[first][code]]] = True
    uniform: NDArray[np.bool_] = ~mixed[code]
    return uniform
