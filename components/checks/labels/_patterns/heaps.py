"""Values that hold far more of one kind of doubted labels than others do.

Rows with a doubted label look like the class that is suggested, so they must not be compared with
the rows of the class that was given: what is typical of the suggested class would always stand out.
They are compared with rows that hold the suggested class and that the models take for it as surely:
had such a row the other label, it would be flagged as well. Where labels were changed at random,
every value then has the same share of flagged rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import benjamini_hochberg, ratio_interval, two_proportions_p
from components.checks.labels._judge import Rule
from components.checks.labels._patterns.values import ColumnValues
from components.checks.labels._reasons.reasons import Searched
from components.core.judgement.row_evidence import BoolArray, IntArray

MIN_FLAGS = 5
"""Flagged rows of a pair of classes, and of a value, below which nothing is said (our choice)."""
MAX_PAIRS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """One value of one column among the rows that models take for one class.

    Attributes
    ----------
    given, suggested
        Names of the classes.
    x, n
        Rows with the value that hold ``given``, of those that models take for ``suggested`` as
        surely.
    x_else, n_else
        The same for the other rows.
    p
        Of Fisher's exact test, adjusted for all values that were tested.
    """

    given: str
    suggested: str
    column: str
    value: str
    x: int
    n: int
    x_else: int
    n_else: int
    p: float
    row_id: tuple[int, ...]

    @property
    def ratio(self) -> float:
        """How many times as often as elsewhere; infinite where it is nowhere else."""
        return self.x * self.n_else / (self.n * self.x_else) if self.x_else else np.inf

    @property
    def ratio_ends(self) -> tuple[float, float]:
        """The 95 % interval of the ratio."""
        return ratio_interval(self.x, self.n, self.x_else, self.n_else)


@dataclass(frozen=True, slots=True)
class Heaps:
    """The values that stand out, the surest first, and how many were tested."""

    found: tuple[Heap, ...]
    n_tested: int


def heaps(
    searched: Searched,
    probabilities: FloatArray,
    rule: Rule,
    columns: Sequence[ColumnValues],
    lines: tuple[float, float],
) -> Heaps:
    """Return the values where one class stands for another far more often than elsewhere.

    Parameters
    ----------
    probabilities
        Out-of-fold, of the rows that models were trained on, by which ``rule`` was learnt.
    lines
        The highest adjusted p, and the least lower end of the ratio.
    """
    tested = [
        heap
        for pair in _pairs(searched, probabilities, rule)
        for values in columns
        for heap in _of_column(searched, pair, values)
    ]
    adjusted = benjamini_hochberg([heap.p for heap in tested])
    told = [replace(h, p=float(q)) for h, q in zip(tested, adjusted, strict=True)]
    found = [
        h
        for h in told
        if h.x >= MIN_FLAGS and h.n_else and h.p <= lines[0] and h.ratio_ends[0] >= lines[1]
    ]
    order = sorted(found, key=lambda h: (h.p, -h.ratio_ends[0], h.column, h.value))
    return Heaps(tuple(order), len(tested))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two classes, the rows flagged for them, and those that are as surely the second.

    Attributes
    ----------
    flagged, compared
        Shape (n,); ``compared`` holds the flagged ones.
    """

    given: int
    suggested: int
    flagged: BoolArray
    compared: BoolArray


def _pairs(searched: Searched, probabilities: FloatArray, rule: Rule) -> Iterator[_Pair]:
    codes, n = searched.material.codes, len(searched.material.codes)
    judged = searched.judged
    flagged, suggested = judged.flagged[:n], judged.suggested[:n]
    pairs = np.stack([codes[flagged], suggested[flagged]])
    found, counts = np.unique(pairs, axis=1, return_counts=True)
    for at in np.argsort(-counts, kind="stable")[:MAX_PAIRS]:
        if counts[at] < MIN_FLAGS:
            return
        a, b = (int(code) for code in found[:, at])
        own = flagged & (codes == a) & (suggested == b)
        lead = probabilities[:, b] - probabilities[:, a]
        as_sure = (
            (codes == b)
            & (probabilities.argmax(axis=1) == b)
            & (probabilities[:, b] >= rule.typical[b])
            & (lead >= rule.lead)
            & ((1.0 - lead) / 2.0 <= rule.cut)
        )
        yield _Pair(a, b, own, own | as_sure)


def _of_column(searched: Searched, pair: _Pair, values: ColumnValues) -> Iterator[Heap]:
    classes, k = searched.material.classes, len(values.names)
    known = values.of_row >= 0
    n = _counted(values.of_row[pair.compared & known], k)
    x = _counted(values.of_row[pair.flagged & known], k)
    for place in np.flatnonzero(n >= MIN_FLAGS):
        inside, all_x, all_n = int(x[place]), int(x.sum()), int(n.sum())
        others = all_x - inside, all_n - int(n[place])
        if not others[1]:
            continue
        more = inside * others[1] > others[0] * int(n[place])
        rows = np.flatnonzero(pair.flagged & (values.of_row == place))
        yield Heap(
            given=classes[pair.given],
            suggested=classes[pair.suggested],
            column=values.column,
            value=values.names[place],
            x=inside,
            n=int(n[place]),
            x_else=others[0],
            n_else=others[1],
            p=two_proportions_p(inside, int(n[place]), *others) if more else 1.0,
            row_id=tuple(np.sort(searched.material.row_id[rows])[:50].tolist()),
        )


def _counted(codes: IntArray, k: int) -> IntArray:
    return np.bincount(codes, minlength=k)
