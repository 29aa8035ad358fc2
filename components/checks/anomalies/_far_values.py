"""Which values of one column lie far beyond the others, judged by the column's own tail.

The largest values of a column, above a threshold, follow about a generalised Pareto distribution
whatever the column holds (Pickands, Balkema, de Haan): its shape says how heavy the tail is, from
exponential (0) to one whose mean is infinite (1). Shape and scale are not known, so all of them
count, weighted by how well they explain the values that are not in question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray

MOST = 0.02
"""Share of a column that can lie far out at one end; more is a group of its own."""
SOME, SOME_SHARE = 10, 0.005
"""Rows, or share of a column, that some errors are; more of them are a valid rare group (stays of
long ago, a code), unless they lie far away in widths of all the others."""
NUMBERS_APART, TIMES_APART = 1.0, 2.0
"""So many widths. Times ask for more: records from before a study are usual, and no unit that is
mixed up puts a date just beyond it."""
CODES, CODE_ROWS, CODE_STEPS = 3, 3, 5
"""Different values at one end that can be codes together; rows that hold each at least (as the
check of codes asks for); how many times as wide as the next steps, so many of them, is the step."""
TAIL = 0.25
"""Share of a column that its tail is read from."""
FEWEST, ENOUGH = 25, 250
"""Values that a tail is read from, at least where there are so many, and at most."""
NEEDED = 10
"""Values above the middle without which nothing is said about a tail."""
TINY = 1e-12
STEPS = 50
"""Different values up to which a column has steps. With more of them, a tail of which half is one
value is a ceiling, and says nothing about what lies beyond it."""
SHAPES = np.linspace(0.0, 2.0, 21)
LIGHT = 0.3
"""Mean of the shape before the column is looked at (exponential prior): most tails are light."""
SCALES = np.linspace(-2.0, 2.0, 41)
"""Logarithms of the scale, from that of the mean excess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The upper tail of a column without its ``k`` largest values.

    Attributes
    ----------
    start
        Where the tail begins.
    last
        The largest value that is not in question.
    step
        The least distance of two values of the rest; values next to each other are no gap.
    shape, scale, weight
        Of the distributions that are thought possible, shape (g,); the weights add up to 1.
    """

    start: float
    last: float
    step: float
    shape: FloatArray
    scale: FloatArray
    weight: FloatArray

    def surprise(self, value: float, times: int = 1) -> float:
        """Return -log of the chance that so many values beyond ``last`` all reach ``value``."""
        beyond = max(self.last, value - self.step)
        drop = self._log_share(beyond - self.start) - self._log_share(self.last - self.start)
        chance = float(np.sum(self.weight * np.exp(times * drop)))
        return -math.log(max(chance, 1e-300))

    def _log_share(self, excess: float) -> FloatArray:
        return _log_share(excess, self.shape, self.scale)


def _log_share(excess: float, shape: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the log of the share of the tail beyond an excess; exponential for shape 0."""
    safe = np.where(shape > 0, shape, 1.0)
    return np.where(shape > 0, -np.log1p(safe * excess / scale) / safe, -excess / scale)


def read_tail(ordered: FloatArray, k: int) -> Tail | None:
    """Read the tail of ascending values without the ``k`` largest; None where it cannot be.

    Notes
    -----
    What is known of the ``k`` values is only that they lie beyond the largest one of the rest
    (censored), so the tail is not read as lighter than it is.
    """
    rest = ordered[: len(ordered) - k]
    different = np.unique(rest)
    if len(different) < 2:  # noqa: PLR2004 - one value has no tail
        return None
    step = float(np.diff(different).min())
    top = _top(rest, float(np.median(ordered)), len(ordered))
    if top is None or (len(different) > STEPS and np.median(top) == top[0]):
        return None
    start = float(top[0]) - step / 2
    excess = top - start
    size = max(float(excess.mean()), TINY * max(1.0, abs(start)))
    shape, log_scale = (g.ravel() for g in np.meshgrid(SHAPES, SCALES + math.log(size)))
    scale = np.exp(log_scale)
    values, counts = np.unique(excess, return_counts=True)
    log_weight = -shape / LIGHT - len(excess) * log_scale
    for value, count in zip(values, counts, strict=True):
        share = _log_share(float(value), shape, scale)
        log_weight += count * (share - np.log1p(shape * value / scale))
    log_weight += k * _log_share(float(rest[-1]) - start, shape, scale)
    weight = np.exp(log_weight - log_weight.max())
    return Tail(
        start=start,
        last=float(rest[-1]),
        step=step,
        shape=shape,
        scale=scale,
        weight=weight / weight.sum(),
    )


def _top(rest: FloatArray, middle: float, n: int) -> FloatArray | None:
    """Return the values that the tail is read from, ascending; the first may be repeated."""
    above = rest[rest > middle]
    if not len(above):
        return np.asarray(rest[rest == rest[-1]])
    if len(above) < NEEDED:
        return None
    size = min(max(FEWEST, int(TAIL * n)), ENOUGH, max(NEEDED, len(above) // 2))
    return np.asarray(above[above >= above[-size]]) if size <= len(above) else above


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where the far values at the upper end of a column begin.

    Attributes
    ----------
    value
        The lowest far value of the rows that were looked at; infinite where none is far.
    unseen
        From where on a value of another row is far.
    tail
        The tail without the far values; None where it cannot be read.
    """

    value: float
    unseen: float
    tail: Tail | None

    def surprise(self, values: FloatArray) -> FloatArray:
        """Return -log of the chance of each far value, 0 for the others, shape (n,)."""
        found = np.zeros(len(values))
        if self.tail is not None:
            for i in np.flatnonzero(values >= min(self.value, self.unseen)):
                found[i] = max(self.tail.surprise(float(values[i])), 1e-9)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Both ends of a column; the lower one is that of the negated values."""

    low: Edge
    high: Edge

    def surprise(self, values: FloatArray) -> FloatArray:
        """Return -log of the chance of each far value, 0 for the others and missing ones."""
        return np.maximum(self.low.surprise(-values), self.high.surprise(values))


def reach_of(
    values: FloatArray, *, chance: float, seen: float, apart: float = NUMBERS_APART
) -> Reach | None:
    """Return where the far values of a column begin; None where it has too few values.

    Parameters
    ----------
    values
        Shape (n,); missing is NaN.
    chance
        Of finding any at one end of a column where none is far, in (0, 1).
    seen
        Share of the rows of the table that ``values`` is of, in (0, 1].
    apart
        How many widths of the others more than some values must lie away.
    """
    ordered = np.sort(values[~np.isnan(values)])
    if len(ordered) < FEWEST:
        return None
    low = edge_of(-ordered[::-1], chance=chance, seen=seen, apart=apart)
    return Reach(low=low, high=edge_of(ordered, chance=chance, seen=seen, apart=apart))


def edge_of(
    ordered: FloatArray, *, chance: float, seen: float = 1.0, apart: float = NUMBERS_APART
) -> Edge:
    """Return where the far ones of ascending values begin; see :func:`reach_of`.

    Notes
    -----
    Every gap among the outermost values is looked at. The values above it all lie beyond it with
    the chance of one to the power of how many they are; equal ones count once, for they may have
    one cause. The innermost gap that is too wide for the tail decides. More values than some must
    also lie far away in widths of the others: the tail of a column that ends sharply (dates of a
    study) is short, and what lies just beyond it is no error.
    """
    n = len(ordered)
    most = max(2, int(MOST * n))
    some = max(SOME, int(SOME_SHARE * n))
    usual = _usual_excess(ordered, most)
    k, tail = 0, None
    for i in range(1, most + 1):
        gap = float(ordered[n - i] - ordered[n - i - 1])
        if gap <= 0 or (i > some and gap < apart * _width(ordered[: n - i])):
            continue
        different = len(np.unique(ordered[n - i :]))
        needed = -math.log(chance / (different * (different + 1)))
        if different * gap < needed * usual / 2:
            continue  # too little for the lightest of tails
        own = read_tail(ordered, i)
        if own is not None and own.surprise(float(ordered[n - i]), different) >= needed:
            k, tail = i, own
    value = float(ordered[n - k]) if k else math.inf
    if seen >= 1:
        return Edge(value=value, unseen=math.inf, tail=tail)
    tail = tail or read_tail(ordered, 0)
    return Edge(value=value, unseen=_unseen(tail, chance * seen), tail=tail)


def _width(ordered: FloatArray) -> float:
    """Return the width of ascending values without the lowest hundredth of them."""
    return float(ordered[-1] - ordered[len(ordered) // 100])


def codes_of(ordered: FloatArray) -> int:
    """Return how many of ascending values, at the upper end, are codes, such as -1 or 999.

    They are repeated, and a step away that is far wider than the steps between the next values.
    """
    values, rows = np.unique(ordered, return_counts=True)
    steps = np.diff(values)[::-1]
    rows = rows[::-1]
    found = 0
    for k in range(1, min(CODES, len(steps) - 1) + 1):
        if rows[k - 1] < CODE_ROWS:
            break
        if steps[k - 1] >= CODE_STEPS * steps[k : k + CODE_STEPS].max():
            found = k
    return int(rows[:found].sum())


def _unseen(tail: Tail | None, chance: float) -> float:
    """Return the value that one row in all reaches with this chance only (bisection)."""
    if tail is None:
        return math.inf
    width = tail.last - tail.start
    low, high = 0.0, 60.0
    for _ in range(30):
        between = (low + high) / 2
        far = tail.surprise(tail.last + width * math.exp(between)) >= -math.log(chance)
        low, high = (low, between) if far else (between, high)
    return tail.last + width * math.exp(high)


def _usual_excess(ordered: FloatArray, most: int) -> float:
    """Return the mean excess of the tail without all values that could lie far out."""
    top = _top(ordered[: len(ordered) - most], float(np.median(ordered)), len(ordered))
    return 0.0 if top is None else float((top - top[0]).mean())
