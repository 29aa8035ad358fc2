"""From predictions to flags, ranges and qualities of numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.checks.labels._numbers.faults import Named, name_faults
from components.checks.labels._numbers.honest_tail import ResidualTail
from components.checks.labels._numbers.models import NumberModels
from components.checks.labels._numbers.scale import Scale
from components.checks.labels._numbers.shared import SharedNumbers

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RANGE = (0.05, 0.95)
"""Ends of the range in which nine of ten unflagged rows like a row lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule:
    """Where a number becomes suspicious, learnt from rows with out-of-fold predictions.

    Attributes
    ----------
    above, below
        Spreads over and under the expected number from which it is contradicted.
    least
        The least of both that may be.
    ends
        Spreads from the expected number to the ends of the range.
    shared
        Numbers that several rows share: these rows are told together, and none is flagged.
    """

    above: float
    below: float
    least: float
    ends: tuple[float, float]
    shared: SharedNumbers


def learn_number_rule(
    off: FloatArray,
    sides: tuple[ResidualTail, ResidualTail],
    shared: SharedNumbers,
    *,
    most: float,
) -> NumberRule:
    """Learn it.

    Parameters
    ----------
    off
        Spreads by which each number lies over the expected one, shape (n,), without the rows that
        share a number.
    sides
        What was fitted to those over and under it.
    most
        See :meth:`components.checks.labels._numbers.honest_tail.ResidualTail.line`.
    """
    least = shared.least
    above, below = (side.line(most, least) for side in sides)
    usual = off[(off < above) & (off > -below)]
    low, high = np.quantile(usual if len(usual) else off, RANGE)
    ends = (float(low), float(high))
    return NumberRule(above=above, below=below, least=least, ends=ends, shared=shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedNumbers:
    """A judgement per row; all arrays have shape (n,).

    Attributes
    ----------
    given, expected, low, high
        The number, the one expected, and the range in which nine of ten rows like it lie.
    at, spread
        The expected number and the spread on the scale of the models.
    off
        Spreads by which the number lies over the expected one.
    shared
        Whether the number is far off and shared by several rows: told together, not flagged.
    """

    row_id: IntArray
    given: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray
    at: FloatArray
    spread: FloatArray
    off: FloatArray
    shared: BoolArray
    flagged: BoolArray
    quality: FloatArray

    @property
    def worst(self) -> IntArray:
        """The places of the flagged rows, lowest quality first."""
        places = np.flatnonzero(self.flagged)
        return places[np.lexsort((self.row_id[places], self.quality[places]))]

    @property
    def smaller_side(self) -> float:
        """Share of the flagged numbers that are off to the side that has fewer of them."""
        above, n = int((self.off[self.flagged] > 0).sum()), int(self.flagged.sum())
        return min(above, n - above) / n if n else 0.0

    @staticmethod
    def joined(parts: list[JudgedNumbers]) -> JudgedNumbers:
        """Return several judgements as one."""
        return JudgedNumbers(
            **{
                name: np.concatenate([getattr(part, name) for part in parts])
                for name in JudgedNumbers.__slots__
            }
        )


def judge_numbers(
    y: FloatArray,
    row_id: IntArray,
    predicted: tuple[FloatArray, FloatArray],
    scale: Scale,
    rule: NumberRule,
) -> JudgedNumbers:
    """Judge numbers by what models say that had not seen them."""
    at, spread = predicted
    off = (scale.to(y) - at) / spread
    shared = rule.shared.far_off(y, off)
    flagged = ((off >= rule.above) | (off <= -rule.below)) & ~shared
    return JudgedNumbers(
        row_id=row_id,
        given=y,
        expected=scale.back(at),
        low=scale.back(at + rule.ends[0] * spread),
        high=scale.back(at + rule.ends[1] * spread),
        at=at,
        spread=spread,
        off=off,
        shared=shared,
        flagged=flagged,
        quality=_quality(off, flagged, rule.least),
    )


def offs(models: NumberModels, y: FloatArray) -> FloatArray:
    """Return how many spreads the numbers that models were made from lie over the expected."""
    return np.asarray((models.scale.to(y) - models.predicted) / models.spread)


def with_faults(
    judged: JudgedNumbers, scale: Scale, rule: NumberRule, *, whole: bool
) -> tuple[JudgedNumbers, Named]:
    """Name the faults of numbers that are far off; flag what a frequent fault explains.

    Parameters
    ----------
    whole
        Whether the label holds whole numbers only.

    Returns
    -------
        The judgement, and what is known of each of its rows.
    """
    far = np.flatnonzero((np.abs(judged.off) >= rule.least) & ~judged.shared)
    at, spread = judged.at[far], judged.spread[far]
    found = name_faults(
        judged.given[far],
        judged.expected[far],
        lambda y: (scale.to(y) - at) / spread,
        whole=whole,
    )
    flagged = judged.flagged.copy()
    flagged[far[found.is_frequent]] = True
    fault = np.full(len(flagged), -1, dtype=np.int64)
    repaired = np.full(len(flagged), np.nan)
    own = flagged[far]
    fault[far[own]], repaired[far[own]] = found.fault[own], found.repaired[own]
    everywhere = Named(fault=fault, repaired=repaired, frequent=found.frequent)
    quality = _quality(judged.off, flagged, rule.least)
    return replace(judged, flagged=flagged, quality=quality), everywhere


def _quality(off: FloatArray, flagged: BoolArray, least: float) -> FloatArray:
    """Return a quality that falls with the distance, below one half for flagged rows only."""
    size = np.abs(off)
    far = 0.499 * least / np.maximum(size, least)
    return np.where(flagged, far, 1.0 - 0.5 * size / (size + least))
