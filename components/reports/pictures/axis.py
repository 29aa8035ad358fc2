"""From numbers to places on an axis, with round numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.style.text import by_unit, plain
from components.core.judgement.evidence import Unit

Tick = tuple[float, str]
"""A position in [0, 1] and its label."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high``."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Return the place of ``value`` in [0, 1], held inside."""
        if self.high <= self.low:
            return 0.5
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, unit: Unit = Unit.VALUE) -> tuple[Tick, ...]:
        """Return three to seven round numbers on the axis."""
        step = _round_step(self.high - self.low)
        if step == 0:
            return ((0.5, by_unit(self.low, unit)),)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        say = _points if unit is Unit.DIFFERENCE else lambda v: by_unit(v, unit)
        return tuple((self.at(i * step), say(i * step)) for i in range(first, last + 1))


def _points(value: float) -> str:
    return f"{plain(100 * value)} points"


def _round_step(width: float) -> float:
    if not math.isfinite(width) or width <= 0:
        return 0.0
    rough = width / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)


def span(values: Sequence[float], unit: Unit) -> tuple[float, float]:
    """Return the ends of an axis around ``values``; one of shares stays in [0, 1]."""
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or abs(high) * 0.05 or 1.0
    low = 0.0 if low == 0 else low - room
    high = high + room
    return (max(low, 0.0), min(high, 1.0)) if unit is Unit.SHARE else (low, high)
