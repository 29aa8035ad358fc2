"""Which extreme values of a column stand for something else than themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

DATES = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}
    | {date(1901, 1, 1), date(1970, 1, 1), date(2099, 12, 31), date(2999, 12, 31)}
    | {date(9999, 12, 31), date(9999, 1, 1), date(2999, 1, 1)}
)
"""First and last days of calendars, epochs and spreadsheets."""
LIMITS = frozenset(
    {32767, 65535, 2147483647, 4294967295, 2**63 - 1, 10**10, 10**20, 10**30, 10**36}
    | {-32768, -2147483648, -(2**63), -(10**10), -(10**20), -(10**30), -(10**36)}
)
"""Ends of integer types, and round fill values of scientific formats."""
SHORT = frozenset({9, 97, 98, 99, 88, 77, -1, -2, -3, -7, -8, -9, -88, -97, -98, -99, -77})
"""Codes of questionnaires."""
YEAR = timedelta(days=365)
LONG_CODE = 3
MIN_STEPS = 3.0
"""How many times the steps between the next values the step to a code is."""


class StandInForm(Enum):
    """What a stand-in looks like."""

    CODE = "code"
    DATE = "date"
    ZERO = "zero"
    CEILING = "ceiling"
    FLOOR = "floor"

    @property
    def is_limit(self) -> bool:
        """Whether values were cut off, rather than replaced."""
        return self in {StandInForm.CEILING, StandInForm.FLOOR}


@dataclass(frozen=True, slots=True)
class Extreme:
    """The outermost values of one side of a numeric column, and what is behind them.

    Attributes
    ----------
    values, counts
        Different values from the end inwards, with their rows.
    spread
        A robust width of the values between the ends; 0 where they hardly vary.
    is_integer
        Whether the column holds whole numbers only.
    inner_low
        The smallest value that is left when the ends are taken away.
    is_age
        Whether the column holds ages of living beings, by its name.
    n, n_distinct
        Present values, and different ones.
    """

    is_high: bool
    values: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    n_distinct: int
    is_integer: bool
    spread: float = 0.0
    inner_low: float = math.nan
    is_age: bool = False


@dataclass(frozen=True, slots=True)
class SentinelLimits:
    """Parameters of the decision, see ``SentinelValuesParams``."""

    min_repeats: int
    min_gap: float
    short_gap: float
    age_gap: float
    max_zero_share: float
    pile_share: float
    pile_ratio: float


def is_long_code(value: float) -> bool:
    """Return whether a number is written like a fill value: 999, -9999.9, 2147483647."""
    if value in LIMITS:
        return True
    digits = f"{abs(value):.15g}".replace(".", "")
    return len(digits) >= LONG_CODE and len(set(digits)) == 1 and digits[0] in "789"


def is_code(value: float) -> bool:
    """Return whether a number is written like a code of any length."""
    return value in SHORT or is_long_code(value)


def is_code_date(value: datetime) -> bool:
    """Return whether an instant lies on a day that software writes for “unknown”."""
    return value.date() in DATES


def code_block(extreme: Extreme) -> int:
    """Return how many of the outermost values could be codes (at most three).

    The codes end where the largest step between neighbouring values is.
    """
    possible = 0
    for value in extreme.values[: min(3, len(extreme.values) - 1)]:
        if not (is_code(value) or value == 0.0):
            break
        possible += 1
    steps = [abs(extreme.values[i] - extreme.values[i + 1]) for i in range(possible)]
    return steps.index(max(steps)) + 1 if steps else 0


def judge(extreme: Extreme, limits: SentinelLimits) -> tuple[StandInForm, int] | None:
    """Return the form of the stand-ins and how many values they are; None for none."""
    k = code_block(extreme)
    if k and _is_sentinel(extreme, k, limits):
        return (StandInForm.ZERO if extreme.values[0] == 0.0 else StandInForm.CODE), k
    return (
        (StandInForm.CEILING if extreme.is_high else StandInForm.FLOOR, 1)
        if _piles(extreme, limits)
        else None
    )


def gap_of(extreme: Extreme, k: int) -> float:
    """Return the step from the k outermost values to the next one."""
    return abs(extreme.values[k - 1] - extreme.values[k])


def _is_sentinel(extreme: Extreme, k: int, limits: SentinelLimits) -> bool:
    value, count = extreme.values[0], extreme.counts[0]
    gap = gap_of(extreme, k)
    if value == 0.0:
        return _is_zero_code(extreme, gap, limits)
    long = is_long_code(value)
    if max(extreme.counts[:k]) < limits.min_repeats - long:
        return False
    if value < 0 and extreme.inner_low >= 0 and _stands_alone(extreme, gap, count):
        return True
    if not _breaks_off(extreme, k):
        return False
    needed = limits.min_gap if long else limits.short_gap
    return gap >= max(_apart(extreme, needed, limits), 2.0 if extreme.is_integer else 0.0)


def _apart(extreme: Extreme, spreads: float, limits: SentinelLimits) -> float:
    """Return the step that is wide enough: ages run on without gaps, so that years suffice."""
    usual = spreads * extreme.spread
    return min(usual, limits.age_gap) if extreme.is_age else usual


def _stands_alone(extreme: Extreme, gap: float, count: int) -> bool:
    """Return whether the only negative value does not belong to the values above it."""
    if extreme.is_integer:
        return gap >= 2.0  # noqa: PLR2004 - a neighbour in counting is one away
    usual = extreme.n / max(1, extreme.n_distinct)
    return count >= 10 * usual


def _is_zero_code(extreme: Extreme, gap: float, limits: SentinelLimits) -> bool:
    """Return whether zero stands for missing: rare, and far below all other values."""
    rare = limits.min_repeats <= extreme.counts[0] <= limits.max_zero_share * extreme.n
    varied = extreme.n_distinct >= 10  # noqa: PLR2004 - a scale of few steps may start at 0
    far = extreme.spread > 0 and gap >= _apart(extreme, limits.min_gap, limits)
    return rare and varied and far and not extreme.is_high and _breaks_off(extreme, 1)


def _breaks_off(extreme: Extreme, k: int) -> bool:
    """Return whether the step to the codes is far wider than the steps behind it."""
    behind = extreme.values[k:]
    steps = [abs(behind[i] - behind[i + 1]) for i in range(len(behind) - 1)]
    return gap_of(extreme, k) >= MIN_STEPS * max(steps, default=0.0)


def _piles(extreme: Extreme, limits: SentinelLimits) -> bool:
    """Return whether the last value is so frequent that values were cut off there."""
    if extreme.n_distinct < 50 or len(extreme.counts) < 2:  # noqa: PLR2004 - scales are not cut
        return False
    count, following = extreme.counts[0], extreme.counts[1]
    usual = extreme.n / extreme.n_distinct
    share = count / extreme.n
    return (
        extreme.values[0] != 0.0
        and limits.pile_share <= share <= 0.5  # noqa: PLR2004 - a majority is the normal state
        and count >= limits.pile_ratio * max(following, usual)
    )
