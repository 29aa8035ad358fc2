"""What texts, times and last digits are made of, again, in plain Python.

Written from the words of ``components.core.facts.contents``, not from the code that is tested.
"""

from __future__ import annotations

import calendar
import itertools
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

FORMATS = 10
MANY_FORMATS = 20
SHORT = 2
SECOND = timedelta(seconds=1)
UNITS = (5, 10, 100, 1000)
MIDDLE = 20
"""The middle 90 % must spread over more than this for last digits to mean something."""


def pattern(text: str, *, collapsed: bool = False) -> str:
    """Return how a text is made up: runs of capitals, of other letters, digits, white space."""
    signs = ((_sign(c), c) for c in text)
    found = ""
    for sign, group in itertools.groupby(signs, key=lambda pair: pair[0]):
        members = [c for _, c in group]
        if sign == "":
            found += "".join(members)
        elif sign == "9" and not collapsed:
            found += "9" * len(members)
        else:
            found += sign
    return found if len(found) <= 60 else found[:59] + "…"


def _sign(character: str) -> str:
    if character.isupper():
        return "A"
    if character.isalpha() or unicodedata.category(character)[0] == "M":  # marks on letters
        return "a"
    if character.isdigit():
        return "9"
    return " " if character.isspace() else ""


def texts(present: Sequence[str]) -> dict[str, object]:
    """Return the fields of ``Texts`` over all texts."""
    shown = Counter(pattern(text) for text in present)
    collapsed = len(shown) > MANY_FORMATS
    if collapsed:
        shown = Counter(pattern(text, collapsed=True) for text in present)
    tokens = [text.split() for text in present]
    return {
        "n_used": len(present),
        "formats": shown,
        "n_formats": len(shown),
        "digits_collapsed": collapsed,
        "tokens_mean": sum(map(len, tokens)) / len(tokens),
        "tokens_max": max(map(len, tokens)),
        "n_vocabulary": len({token.lower() for each in tokens for token in each}),
        "n_near_empty": sum(len(text) <= SHORT or _is_bare(text) for text in present),
    }


def _is_bare(text: str) -> bool:
    return not any(_sign(c) in {"A", "a", "9"} for c in text)


def times(present: Sequence[datetime]) -> dict[str, object]:
    """Return the fields of ``Times``."""
    different = sorted(set(present))
    found: dict[str, object] = {
        "span_s": (different[-1] - different[0]) / SECOND,
        "granularity": granularity(different),
        "n_midnight": sum(_is_midnight(t) for t in present),
    }
    steps = [(b - a) / SECOND for a, b in itertools.pairwise(different)]
    found |= dict.fromkeys(("step_s", "regular", "n_gaps", "largest_gap_s", "largest_gap_from"))
    if steps:
        usual = statistics.median(steps)
        regular = sum(abs(step - usual) <= usual / 10 for step in steps) / len(steps)
        found |= {"step_s": usual, "regular": regular, "largest_gap_s": max(steps)}
        found["largest_gap_from"] = different[steps.index(max(steps))]
        if regular >= 1 / 2:
            found["n_gaps"] = sum(step > 1.5 * usual for step in steps)
    return found


def _is_midnight(when: datetime) -> bool:
    return (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0)


def granularity(different: Sequence[datetime]) -> str:
    """Return the coarsest unit that all times are whole numbers of."""
    if any(t.microsecond for t in different):
        return "subsecond"
    for name in ("second", "minute", "hour"):
        if any(getattr(t, name) for t in different):
            return name
    first = all(t.day == 1 for t in different)
    last = all(t.day == calendar.monthrange(t.year, t.month)[1] for t in different)
    if first or last:
        return _calendar(different, first=first)
    weekdays = {t.weekday() for t in different}
    return "week" if len(weekdays) == 1 and len(different) > 1 else "day"


def _calendar(different: Sequence[datetime], *, first: bool) -> str:
    months = {t.month for t in different}
    if months <= ({1} if first else {12}):
        return "year"
    return "quarter" if months <= ({1, 4, 7, 10} if first else {3, 6, 9, 12}) else "month"


def digits(present: Sequence[float], low: float, high: float) -> dict[str, object] | None:
    """Return the fields of ``Digits``.

    Parameters
    ----------
    low, high
        The quantiles at 5 % and 95 %.
    """
    if high - low <= MIDDLE:
        return None
    whole = [abs(int(v)) for v in present if 0 < abs(v) < 2**53 and Fraction(v).denominator == 1]
    if not whole:
        return None
    return {
        "n_whole": len(whole),
        "last": tuple(sum(v % 10 == d for v in whole) for d in range(10)),
        "multiples": {
            unit: sum(v % unit == 0 for v in whole) for unit in UNITS if 2 * unit <= high - low
        },
    }
