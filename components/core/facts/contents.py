"""What the values of a column are made of: texts, times and last digits; parts of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How texts are made up, and how many of those that were looked at are made up like this.

    Attributes
    ----------
    pattern
        ``A`` stands for a run of capital letters, ``a`` for a run of other letters, ``9`` for one
        digit (for a run of digits where :attr:`Texts.digits_collapsed`), one space for a run of
        white space; every other character stands for itself. ``Aa-999`` is the format of
        ``Room-101``. Cut to 60 characters, with an ellipsis.
    """

    pattern: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the texts of a column are made of. Tokens are what white space separates.

    Of a text of more than 20,000 characters, the first 20,000 are looked at.

    Attributes
    ----------
    n_used
        Texts that were looked at: all that are there, or one seeded sample. Every figure below is
        about these. Fewer than the values of the column means a sample.
    formats
        The most frequent formats, most frequent first; at most 10.
    n_formats
        Different formats.
    digits_collapsed
        Whether ``9`` in the formats stands for a run of digits, because there were more than 20
        formats with every digit shown.
    tokens_mean, tokens_max
        Tokens per text.
    n_vocabulary
        Different tokens, upper and lower case taken together.
    n_near_empty
        Texts of at most two characters, or without any letter and digit.
    """

    n_used: int
    formats: tuple[Format, ...]
    n_formats: int
    digits_collapsed: bool = False
    tokens_mean: float
    tokens_max: int
    n_vocabulary: int
    n_near_empty: int


class Granularity(StrEnum):
    """The coarsest unit of time that every value of a column is a whole number of.

    A week needs two different days of the same weekday; a month, quarter or year the first (or the
    last) day of each: 2024-04-01 begins a month and a quarter, 2024-12-31 ends a year.
    """

    SUBSECOND = "subsecond"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How the times of a column lie. Steps are between different times that follow each other.

    Attributes
    ----------
    span_s
        From the first time to the last, in seconds.
    granularity
        None without a value.
    n_midnight
        Values at 00:00:00.
    step_s
        The usual step: the median one, in seconds. None with fewer than two different times, and
        for long columns with too many different times to sort.
    regular
        The share of steps that are within a tenth of the usual one, in [0, 1]; None without it.
    n_gaps
        Steps that are longer than one and a half usual ones. None unless ``regular`` is at least
        one half: without a rhythm nothing is missing.
    largest_gap_s, largest_gap_from
        The longest step, in seconds, and the time where it begins; the first one of several.
    """

    span_s: float
    granularity: Granularity | None
    n_midnight: int
    step_s: float | None = None
    regular: float | None = None
    n_gaps: int | None = None
    largest_gap_s: float | None = None
    largest_gap_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """The last digits of the whole numbers of a column: people round, instruments do not.

    Only for columns whose middle 90 % spread over more than 20, so that each last digit would hold
    about a tenth of the values if nobody rounded.

    Attributes
    ----------
    n_whole
        Finite values without a fraction, other than 0 and below 2^53 in size; all figures are about
        these. (Nobody rounds to 0 when most values are 0.)
    last
        How many end in 0, 1, ... 9.
    multiples
        5, 10, 100, 1000 -> values that are multiples of it; only units of at most half the spread.
    """

    n_whole: int
    last: tuple[int, ...]
    multiples: dict[int, int]

    @property
    def preference(self) -> float:
        """Half of the sum of differences to a tenth each: 0 for equal shares, 0.9 for one digit.

        Myers 1940, Transactions of the Actuarial Society of America 41 (unblended).
        """
        if not self.n_whole:
            return 0.0
        return sum(abs(count / self.n_whole - 0.1) for count in self.last) / 2

    def share(self, unit: int) -> float | None:
        """Return the share of values that are multiples of ``unit``; 1/``unit`` is expected."""
        if not self.n_whole or unit not in self.multiples:
            return None
        return self.multiples[unit] / self.n_whole
