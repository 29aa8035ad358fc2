"""What the values of a column mean, from facts over all rows; each guess says why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from components.core.data.dataset import Confidence, Kind, Storage
from components.intake.columns.contents import link_kind, list_kind

FEW_CLASSES = 50
"""Different texts that are a category whatever the number of rows (our choice)."""

UNIQUE = 0.95
"""Share of different values from which short texts are identifiers (our choice)."""

MANY_ROWS = 20
"""Rows under which being different says nothing (our choice)."""

FREE_WORDS = 3.0
"""Spaces per text from which it is free text (our choice; names have one or two)."""

MOSTLY = 0.5
"""Share of different values from which texts hardly repeat (our choice)."""

SHOWN_STEPS = 6
"""Steps of a scale that are named."""

FREE_LENGTH = 50
"""Characters per text from which it is free text (our choice)."""

ID_NAME = re.compile(
    r"(?:^|[_\s.-])(?:id|ids|uuid|guid|key|index|idx|nr|no|number|rec_id|record|serial)$"
    r"|^(?:id|uuid|index|unnamed: 0)",
    re.IGNORECASE,
)
ID_CAMEL = re.compile(r"(?:[a-z](?:Id|ID)|ID)$")
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?")
TIME_NAME = re.compile(r"year|month|day|date|time|hour|age|week", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEvidence:
    """What is known of a column.

    Attributes
    ----------
    n, n_present
        Rows, and rows with a value.
    n_distinct
        Different values; an estimate in tables of over a million rows where it is large.
    sample
        Some different values.
    values
        All different values, where they are few.
    """

    name: str
    storage: Storage
    style: str
    n: int
    n_present: int
    n_distinct: int
    length_mean: float = 0.0
    spaces_mean: float = 0.0
    low: float | None = None
    high: float | None = None
    disguised: tuple[str, ...] = ()
    sample: tuple[str, ...] = field(default=())
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind, and the evidence in one sentence."""

    kind: Kind
    why: str
    confidence: Confidence = Confidence.HIGH


def guess_kind(seen: KindEvidence) -> KindGuess:  # noqa: PLR0911 - one line per storage
    """Return what the values of a column mean."""
    if seen.n_present == 0:
        words = f" but {_quoted(seen.disguised)}" if seen.disguised else ""
        return KindGuess(Kind.EMPTY, f"No row has a value{words}.")
    if seen.n_distinct == 1 and seen.n_present == seen.n and seen.n > 1:
        return KindGuess(Kind.CONSTANT, f"All {seen.n:,} rows have the same value.")
    match seen.storage:
        case Storage.BOOLEAN:
            return KindGuess(Kind.BOOLEAN, f"All values are {seen.style.replace('/', ' or ')}.")
        case Storage.DATETIME:
            return KindGuess(Kind.DATETIME, f"All {seen.n_present:,} values are dates{_as(seen)}.")
        case Storage.NUMBER:
            return KindGuess(Kind.NUMBER, f"All {seen.n_present:,} values are numbers{_as(seen)}.")
        case Storage.INTEGER:
            return _integer(seen)
        case Storage.TEXT:
            return _text(seen)


def _integer(seen: KindEvidence) -> KindGuess:
    unique = seen.n_distinct == seen.n_present == seen.n
    if unique and seen.n >= MANY_ROWS and not TIME_NAME.search(seen.name):
        span = (seen.high or 0.0) - (seen.low or 0.0) + 1
        if span == seen.n:
            why = f"The values run from {_n(seen.low)} to {_n(seen.high)}, each once."
            return KindGuess(Kind.IDENTIFIER, why)
    if unique and seen.n > 1 and has_id_name(seen.name):
        why = f"Every row has a different number, and the name says identifier: “{seen.name}”."
        return KindGuess(Kind.IDENTIFIER, why)
    if seen.n >= MANY_ROWS and is_rating(seen.name, seen.low, seen.high, seen.n_distinct):
        why = (
            f"{seen.n_distinct} steps from {_n(seen.low)} to {_n(seen.high)}, and the name says"
            f" rating: “{seen.name}”."
        )
        return KindGuess(Kind.ORDINAL, why, Confidence.MEDIUM)
    return KindGuess(Kind.INTEGER, f"All {seen.n_present:,} values are whole numbers{_as(seen)}.")


def _text(seen: KindEvidence) -> KindGuess:
    share = seen.n_distinct / seen.n_present
    count = f"{seen.n_distinct:,} different {'text' if seen.n_distinct == 1 else 'texts'}"
    where = f"{count} in {seen.n_present:,} rows"
    special = _content(seen) or _scale(seen)
    if special is not None:
        return special
    if _is_identifier(seen, share):
        named = Confidence.HIGH if has_id_name(seen.name) else Confidence.MEDIUM
        why = f"Nearly every row has its own short code: {where}."
        return KindGuess(Kind.IDENTIFIER, why, named)
    prose = _prose(seen, share, where)
    if prose is not None:
        return prose
    sure = Confidence.HIGH if seen.n_distinct <= FEW_CLASSES else Confidence.MEDIUM
    return KindGuess(Kind.CATEGORY, f"{where[0].upper()}{where[1:]}.", sure)


def _content(seen: KindEvidence) -> KindGuess | None:
    """Return the kind of cells that hold, or point to, more than a value."""
    links = link_kind(seen.sample)
    if links:
        return KindGuess(Kind.LINK, f"All values that were looked at are {links}.")
    lists = list_kind(seen.sample)
    if lists == "JSON":
        return KindGuess(Kind.LIST, "All values that were looked at are lists or records in JSON.")
    if lists:
        why = f"Most cells hold several {lists}, and the parts come again in other cells."
        return KindGuess(Kind.LIST, why, Confidence.MEDIUM)
    return None


def _scale(seen: KindEvidence) -> KindGuess | None:
    """Return the kind of few values in an order that is known."""
    steps = word_scale(seen.name, seen.values or ())
    if not steps:
        return None
    shown = [f"“{step[:40]}”" for step in steps]
    middle = [] if len(shown) <= SHOWN_STEPS else ["…"]
    shown = shown if not middle else [*shown[: SHOWN_STEPS - 1], *middle, shown[-1]]
    return KindGuess(Kind.ORDINAL, f"The values have an order: {' < '.join(shown)}.")


def _prose(seen: KindEvidence, share: float, where: str) -> KindGuess | None:
    """Return the kind of texts that people wrote."""
    free = seen.spaces_mean >= FREE_WORDS or seen.length_mean > FREE_LENGTH
    if free and (seen.n_distinct > FEW_CLASSES or share > MOSTLY):
        spaces = f"{seen.length_mean:,.0f} characters on average"
        return KindGuess(Kind.TEXT, f"Long texts that hardly repeat: {where}, {spaces}.")
    many = seen.n >= MANY_ROWS and seen.n_distinct > FEW_CLASSES
    if many and share > MOSTLY and seen.spaces_mean >= 1:
        why = f"Texts of several words that hardly repeat: {where}."
        return KindGuess(Kind.TEXT, why, Confidence.MEDIUM)
    return None


def _is_identifier(seen: KindEvidence, share: float) -> bool:
    compact = seen.spaces_mean < 0.2 and seen.length_mean <= 100  # noqa: PLR2004 - one token
    if not compact or share < UNIQUE or seen.n_distinct < 2:  # noqa: PLR2004 - one is a constant
        return False
    if has_id_name(seen.name):
        return True
    if all(CLOCK.fullmatch(v) for v in seen.sample):
        return False
    with_digit = sum(1 for v in seen.sample if any(c.isdigit() for c in v))
    return seen.n_present >= MANY_ROWS and with_digit >= len(seen.sample) / 2


def has_id_name(name: str) -> bool:
    """Whether a column name says that the values name rows."""
    return bool(ID_NAME.search(name.strip()) or ID_CAMEL.search(name.strip()))


def _as(seen: KindEvidence) -> str:
    if not seen.style or seen.style == "iso":
        return ""
    if seen.style.endswith("%z"):
        return " with an offset from UTC"
    return f", written like {seen.style}" if "%" not in seen.style[:2] else f" ({seen.style})"


def _n(value: float | None) -> str:
    return f"{int(value or 0):,}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:4])


STEPS = 3
"""Different values from which an order means anything; two are yes and no (our choice)."""

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
