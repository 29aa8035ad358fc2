"""Times of data as places on an axis, and back: any day of the years 1 to 9999, without a zone."""

from __future__ import annotations

import math
from datetime import UTC, datetime

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def seconds_of(at: datetime) -> float:
    """Return the seconds from 1970-01-01 to ``at``."""
    return at.replace(tzinfo=UTC).timestamp()


def instant_at(seconds: float) -> datetime:
    """Return the time ``seconds`` after 1970-01-01; beyond the calendar, its first or last moment.

    An edge of a bin may lie a little beyond the values in it, so beyond the year 9999.
    """
    if not seconds > seconds_of(_FIRST):
        return datetime.min  # noqa: DTZ901 - times of data have no zone
    if seconds >= math.floor(seconds_of(_LAST)):
        return datetime.max  # noqa: DTZ901 - times of data have no zone
    return datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)
