"""On which scale a label is judged: as it is, or by its logarithm where errors grow with it.

Both are monotone, so that a median of one scale is the median of the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray

ONE_SIDED = 0.8
"""Share of the numbers that must have one sign before a logarithm is tried (ours)."""
LEAST_RANGE = 4.0
"""How many times as large the 95th percentile must be as the 5th (ours): else it bends little."""
WIDE = 10.0
"""How many times the middle nine tenths a number may lie off before training clips it (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale for a label.

    Attributes
    ----------
    bend
        The size below which numbers stay as they are and above which logarithms count;
        None for the plain scale.
    middle, width
        Median and width of the middle nine tenths, on the scale.
    """

    bend: float | None
    middle: float
    width: float

    @staticmethod
    def of(y: FloatArray, *, bend: float | None) -> Scale:
        """Learn middle and width from the numbers of a label, shape (n,)."""
        bent = _bent(y, bend)
        low, middle, high = np.quantile(bent, (0.05, 0.5, 0.95))
        width = float(high - low)
        if width <= 0:
            width = float(np.ptp(bent)) or 1.0
        return Scale(bend=bend, middle=float(middle), width=width)

    def to(self, y: FloatArray) -> FloatArray:
        """Return numbers of the label on this scale, in widths from the middle."""
        return (_bent(y, self.bend) - self.middle) / self.width

    def back(self, t: FloatArray) -> FloatArray:
        """Return what the label is at places of this scale."""
        bent = t * self.width + self.middle
        if self.bend is None:
            return bent
        return np.asarray(np.sinh(np.clip(bent, -700.0, 700.0)) * self.bend)

    def clipped(self, y: FloatArray) -> FloatArray:
        """Return the same as :meth:`to`, with what lies very far off moved in, for training."""
        return np.clip(self.to(y), -WIDE, WIDE)

    def slope(self, y: FloatArray) -> FloatArray:
        """Return how far a step of one in the label goes on this scale."""
        if self.bend is None:
            return np.full(len(y), 1.0 / self.width)
        return np.asarray(1.0 / (self.width * np.hypot(y, self.bend)))


def _bent(y: FloatArray, bend: float | None) -> FloatArray:
    return y if bend is None else np.asarray(np.arcsinh(y / bend))


def candidates(y: FloatArray) -> tuple[Scale, ...]:
    """Return the scales that may suit a label: the plain one, and the bent one where it differs."""
    plain = Scale.of(y, bend=None)
    size = np.abs(y[y != 0])
    if len(size) < len(y) / 2:
        return (plain,)
    low, high = np.quantile(size, (0.05, 0.95))
    one_sided = max((y >= 0).mean(), (y <= 0).mean()) >= ONE_SIDED
    if not one_sided or high < LEAST_RANGE * low or low <= 0:
        return (plain,)
    return plain, Scale.of(y, bend=float(low))


def misfit(scale: Scale, y: FloatArray, predicted: FloatArray) -> float:
    """Return the logarithm of how far predictions are off, comparable between scales.

    The likelihood of a Laplace distribution whose width is the same in all rows, with the slope of
    the scale (Box, Cox 1964), over the nine tenths of the rows that are closest to their
    predictions, so that wrong numbers do not choose the scale.
    """
    off = np.abs(scale.clipped(y) - predicted)
    kept = off <= np.quantile(off, 0.9)
    tiny = 1e-9
    slopes = np.log(np.maximum(scale.slope(y[kept]), 1e-300))
    return float(np.log(off[kept].mean() + tiny) - slopes.mean())
