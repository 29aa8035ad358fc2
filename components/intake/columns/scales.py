"""Values with a known order: words of a scale, bands of numbers, ratings.

A scale is recognised only when every value of the column stands on it: one word more, and the
column is a category. An order that is wrong is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

STEPS = 3
"""Different values from which an order tells anything; two are yes and no (our choice)."""

LIST = Path(__file__).with_name("scales.txt")

GRADE = re.compile(r"([a-f])([+-]?)", re.IGNORECASE)
GRADE_NAME = re.compile(r"grade|mark", re.IGNORECASE)

BAND = re.compile(
    r"(?:age[ds]? )?(?:(?P<a>\d{1,9})\s*(?:-|–|to|and)\s*(?P<b>\d{1,9})"
    r"|(?P<under>less than|under|below|up to|<=?)\s*(?P<u>\d{1,9})"
    r"|(?P<over>more than|greater than|over|above|>=?)\s*(?P<o>\d{1,9})"
    r"|(?P<p>\d{1,9})\s*(?:\+|and (?:over|above|older|more)|or (?:over|more|older)))"
    r"(?:\s*(?:years?|yrs?|y))?",
    re.IGNORECASE,
)

RATING_NAME = re.compile(
    r"(?:^|[_\s.-])(?:rating|stars?|likert|satisfaction|agreement|severity|priority|grade|tier|"
    r"decile|quintile|quartile|pclass|rating_?(?:value|score)|decile_?score)$",
    re.IGNORECASE,
)
COUNT_NAME = re.compile(
    r"(?:^|[_\s.-])(?:n|no|num|nr|number|count|counts|total|sum|avg|mean|average)(?:$|[_\s.-])",
    re.IGNORECASE,
)
TOP_STEP = 10
"""Highest step of a rating; scales of more steps measure."""


@cache
def scales() -> tuple[Mapping[str, int], ...]:
    """Return the scales that are known: word -> the number of its step."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return tuple(_ranks(line) for line in lines if line and not line.startswith("#"))


def _ranks(line: str) -> dict[str, int]:
    steps = [step.strip().split("|") for step in line.split("<")]
    return {word: i for i, step in enumerate(steps) for word in step}


def word_scale(name: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return the values in rising order; empty where they have no order that is known."""
    clean = {v.strip() for v in values if v.strip()}
    if len(clean) < STEPS:
        return ()
    words = _known(clean)
    for rank in scales() if words else ():
        if not all(word in rank for word in words.values()):
            continue
        if len({rank[word] for word in words.values()}) >= STEPS:
            return tuple(sorted(clean, key=lambda v: (rank[words[v]], v)))
    return _grades(name, clean) or _bands(clean)


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for rank in scales() for word in rank)


def _known(values: set[str]) -> dict[str, str]:
    """Return the values with the words that they are; empty where one is on no scale."""
    words = {}
    for value in values:
        words[value] = _normal(value)
        if words[value] not in _vocabulary():
            return {}
    return words


def is_rating(name: str, low: float | None, high: float | None, n_distinct: int) -> bool:
    """Whether whole numbers are the steps of a rating: the name says so, and the range fits.

    A count can have the same range, so the name must not say count.
    """
    if low is None or high is None or not RATING_NAME.search(name.strip()):
        return False
    if COUNT_NAME.search(name.strip()) or low not in {0, 1} or high > TOP_STEP:
        return False
    return n_distinct >= STEPS and n_distinct >= high - low  # one step may be unused


def _normal(value: str) -> str:
    """Return a value without its case, its number in front, and its underscores."""
    text = re.sub(r"[_\s]+", " ", value.strip().casefold())
    return re.sub(r"^\d{1,2}\s?[.):-]\s?(?=[a-z])", "", text)


def _grades(name: str, values: set[str]) -> tuple[str, ...]:
    """Return school grades, the worst first; letters alone need a name that says grade."""
    found = [GRADE.fullmatch(v) for v in values if len(v) <= 2]  # noqa: PLR2004 - a letter, a sign
    marked = any(m and m[2] for m in found)
    if len(found) < len(values) or None in found or not (marked or GRADE_NAME.search(name)):
        return ()
    order = {"+": 0, "": 1, "-": 2}

    def key(value: str) -> tuple[str, int]:
        match = GRADE.fullmatch(value)
        return (match[1].casefold(), order[match[2]]) if match else ("", 0)

    return tuple(sorted(values, key=key, reverse=True))


def _bands(values: set[str]) -> tuple[str, ...]:
    """Return bands of numbers such as 18-24, 25-34, 65+; empty unless none overlap."""
    ends: dict[str, tuple[float, float] | None] = {}
    for value in values:
        ends[value] = _ends(value)
        if ends[value] is None:
            return ()
    ordered = sorted((e, v) for v, e in ends.items() if e is not None)
    for ((_, high), _), ((low, _), _) in pairwise(ordered):
        if low < high:
            return ()
    return tuple(v for _, v in ordered)


def _ends(value: str) -> tuple[float, float] | None:
    match = BAND.fullmatch(value.strip())
    if match is None:
        return None
    if match["a"]:
        low, high = float(match["a"]), float(match["b"])
        return (low, high) if low < high else None
    if match["u"]:
        return (float("-inf"), float(match["u"]))
    return (float(match["o"] or match["p"]), float("inf"))
