"""Gross faults that have a name: ten times too large, the wrong sign, digits swapped, another unit.

A fault fits when undoing it gives a number close to the one expected. Only numbers that are
contradicted anyway are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray

CLOSE = 1.5
"""Spreads that a repaired number may be off the expected one (ours): four of five honest ones."""
FAR = 3.0
"""Spreads that numbers on the way to a fault must be off (ours): nearer ones are not looked at."""
FREQUENT = 5
"""Rows that a fault must explain, and how many times as many as factors beside it (ours)."""
BESIDE, BESIDE_UNIT = (0.4, 2.5), (0.7, 1.4)
"""How far beside a factor its neighbours are looked at, as factors (ours)."""
SHIFT_WORSE = 2.0
"""How many times as far off a constant must leave numbers that another unit explains (ours)."""
LONGEST = 12
"""Digits of the whole part in which swapped ones are looked for."""
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Off = Callable[[FloatArray], FloatArray]
"""Gives how far numbers in the place of others are off what is expected, in spreads, shape (m,)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a number goes wrong: ``right * factor + plus``.

    Attributes
    ----------
    words
        What the number is, as in “10 times too large”.
    is_unit
        Whether it is a change of units, which fits by chance, and is named where it is frequent.
    """

    words: str
    factor: float
    plus: float = 0.0
    is_unit: bool = False

    def do(self, y: FloatArray, beside: float) -> FloatArray:
        """Return what becomes of right numbers by this fault with another factor."""
        return y * (self.factor * beside) + self.plus

    def undo(self, y: FloatArray, beside: float = 1.0) -> FloatArray:
        """Return the numbers before they went wrong, or had the factor been another one."""
        return (y - self.plus) / (self.factor * beside)


_TENS = (("10", 10.0), ("100", 100.0), ("1,000", 1_000.0))
_UNITS = (
    ("centimetres instead of inches", "inches instead of centimetres", 2.54),
    ("metres instead of feet", "feet instead of metres", 0.3048),
    ("kilograms instead of pounds", "pounds instead of kilograms", 0.45359237),
    ("kilometres instead of miles", "miles instead of kilometres", 1.609344),
)

FAULTS = (
    *(Fault(f"{n} times too large", size) for n, size in _TENS),
    *(Fault(f"{n} times too small", 1.0 / size) for n, size in _TENS),
    Fault("of the wrong sign", -1.0),
    *(Fault(f"in {there}", size, is_unit=True) for there, _, size in _UNITS),
    *(Fault(f"in {back}", 1.0 / size, is_unit=True) for _, back, size in _UNITS),
    Fault("in degrees Fahrenheit instead of Celsius", 1.8, 32.0, is_unit=True),
    Fault("in degrees Celsius instead of Fahrenheit", 1.0 / 1.8, -32.0 / 1.8, is_unit=True),
)
SWAPPED = len(FAULTS)
"""The number of the fault that two digits are swapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is known of some numbers, all arrays of shape (m,).

    Attributes
    ----------
    fault
        Place in :data:`FAULTS`, :data:`SWAPPED`, or -1 where none fits.
    repaired
        The number without the fault; NaN where none fits.
    frequent
        The faults that explain so many numbers that no honest noise does.
    """

    fault: IntArray
    repaired: FloatArray
    frequent: tuple[int, ...]

    @property
    def is_frequent(self) -> BoolArray:
        """Which numbers such a fault explains."""
        return np.isin(self.fault, self.frequent)


def fault_words(number: int) -> str:
    """Return what a number with a fault is."""
    return "written with two digits swapped" if number == SWAPPED else FAULTS[number].words


def is_unit(number: int) -> bool:
    """Whether a fault is a change of units, after which a number has decimals without meaning."""
    return number != SWAPPED and FAULTS[number].is_unit


def name_faults(y: FloatArray, expected: FloatArray, off: Off, *, whole: bool) -> Named:
    """Name the fault of each number, where one fits.

    Parameters
    ----------
    y, expected
        Numbers that are contradicted, and what is expected in their place, shape (m,).
    whole
        Whether the label holds whole numbers only.
    """
    fault, best = np.full(len(y), -1, dtype=np.int64), np.full(len(y), CLOSE)
    repaired = np.full(len(y), np.nan)
    fits = [_fits(one.undo(y), y, off, whole=whole) for one in FAULTS]
    for number, (one, (tried, far)) in enumerate(zip(FAULTS, fits, strict=True)):
        take = far < best
        if one.is_unit:
            take &= fault < 0
            if not (
                _is_frequent(one, take, y, expected, off) and _is_no_shift(one, take, y, expected)
            ):
                continue
        fault[take], repaired[take], best[take] = number, tried[take], far[take]
    often = tuple(
        number
        for number, one in enumerate(FAULTS)
        if _is_frequent(one, fault == number, y, expected, off)
    )
    left = np.flatnonzero(fault < 0)
    for swapped in _swaps(y[left]):
        tried = y.copy()
        tried[left] = swapped
        tried, far = _fits(tried, y, off, whole=whole)
        take = far < best
        take[fault >= 0] &= fault[fault >= 0] == SWAPPED
        fault[take], repaired[take], best[take] = SWAPPED, tried[take], far[take]
    return Named(fault=fault, repaired=repaired, frequent=often)


def _fits(
    tried: FloatArray, y: FloatArray, off: Off, *, whole: bool
) -> tuple[FloatArray, FloatArray]:
    """Return repaired numbers without the dust of arithmetic, and how far they are off."""
    plain = np.array([float(f"{v:.12g}") for v in tried.tolist()])
    far = np.abs(off(plain))
    useless = (plain == y) | (y == 0)
    if whole:
        useless |= plain != np.round(plain)
    return plain, np.where(useless, np.inf, far)


def _is_frequent(one: Fault, has: BoolArray, y: FloatArray, expected: FloatArray, off: Off) -> bool:
    """Whether many numbers have a fault, and hardly any the same with a factor beside it.

    The numbers of honest noise grow fewer the farther off they are; only a fault makes more of them
    lie at its factor than on the way there. That is known where the way there is far off, too.
    """
    n = int(has.sum())
    if n < FREQUENT:
        return False
    factors = BESIDE_UNIT if one.is_unit else BESIDE
    way = [np.abs(off(one.do(expected, by)))[has] for by in factors]
    if min(float(np.median(far)) for far in way) < FAR:
        return False
    beside = [int((np.abs(off(one.undo(y, by))) < CLOSE).sum()) for by in factors]
    return n >= FREQUENT * max(1, *beside)


def _is_no_shift(one: Fault, has: BoolArray, y: FloatArray, expected: FloatArray) -> bool:
    """Whether a change of units explains some numbers better than a constant added to them.

    Where numbers differ little, a kind of rows that no column shows looks like any factor.
    """
    by_shift = y[has] - float(np.median(y[has] - expected[has]))
    left = [np.median(np.abs(tried - expected[has])) for tried in (one.undo(y[has]), by_shift)]
    return bool(SHIFT_WORSE * left[0] <= left[1])


def _swaps(y: FloatArray) -> Iterator[FloatArray]:
    """Yield the numbers with two neighbouring digits of the whole part swapped."""
    texts = [f"{abs(v):.15g}" for v in y.tolist()]
    for at in range(LONGEST - 1):
        swapped = [_swapped(text, value, at) for text, value in zip(texts, y.tolist(), strict=True)]
        if all(new == old for new, old in zip(swapped, y.tolist(), strict=True)):
            continue
        yield np.array(swapped)


def _swapped(text: str, value: float, at: int) -> float:
    """Return a number with two digits swapped; the number itself where there are no two."""
    whole = text.partition(".")[0]
    if "e" in text or at + 1 >= len(whole):
        return value
    turned = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :] + text[len(whole) :]
    return float(np.copysign(float(turned), value))
