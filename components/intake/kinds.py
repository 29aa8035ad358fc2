"""What the values of a column mean, from facts over all rows; each guess says why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from components.core.dataset import Kind, Storage

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

FREE_LENGTH = 50
"""Characters per text from which it is free text (our choice)."""

ID_NAME = re.compile(
    r"(?:^|[_\s.-])(?:id|ids|uuid|guid|key|index|idx|nr|no|number|rec_id|record|serial)$"
    r"|^(?:id|uuid|index|unnamed: 0)",
    re.IGNORECASE,
)
ID_CAMEL = re.compile(r"(?:[a-z](?:Id|ID)|ID)$")
TIME_NAME = re.compile(r"year|month|day|date|time|hour|age|week", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a column.

    Attributes
    ----------
    n, n_present
        Rows, and rows with a value.
    n_distinct
        Different values; an estimate in tables of over a million rows where it is large.
    sample
        Some different values.
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


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind, and the evidence in one sentence."""

    kind: Kind
    why: str


def guess_kind(seen: Evidence) -> KindGuess:  # noqa: PLR0911 - one line per storage
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


def _integer(seen: Evidence) -> KindGuess:
    unique = seen.n_distinct == seen.n_present == seen.n
    if unique and seen.n >= MANY_ROWS and not TIME_NAME.search(seen.name):
        span = (seen.high or 0.0) - (seen.low or 0.0) + 1
        if span == seen.n:
            why = f"The values run from {_n(seen.low)} to {_n(seen.high)}, each once."
            return KindGuess(Kind.IDENTIFIER, why)
    if unique and seen.n > 1 and has_id_name(seen.name):
        why = f"Every row has a different number, and the name says identifier: “{seen.name}”."
        return KindGuess(Kind.IDENTIFIER, why)
    return KindGuess(Kind.INTEGER, f"All {seen.n_present:,} values are whole numbers{_as(seen)}.")


def _text(seen: Evidence) -> KindGuess:
    share = seen.n_distinct / seen.n_present
    free = seen.spaces_mean >= FREE_WORDS or seen.length_mean > FREE_LENGTH
    count = f"{seen.n_distinct:,} different {'text' if seen.n_distinct == 1 else 'texts'}"
    where = f"{count} in {seen.n_present:,} rows"
    if _is_identifier(seen, share):
        return KindGuess(Kind.IDENTIFIER, f"Nearly every row has its own short code: {where}.")
    if free and (seen.n_distinct > FEW_CLASSES or share > MOSTLY):
        spaces = f"{seen.length_mean:,.0f} characters on average"
        return KindGuess(Kind.TEXT, f"Long texts that hardly repeat: {where}, {spaces}.")
    if (
        seen.n >= MANY_ROWS
        and share > MOSTLY
        and seen.spaces_mean >= 1
        and seen.n_distinct > FEW_CLASSES
    ):
        return KindGuess(Kind.TEXT, f"Texts of several words that hardly repeat: {where}.")
    return KindGuess(Kind.CATEGORY, f"{where[0].upper()}{where[1:]}.")


def _is_identifier(seen: Evidence, share: float) -> bool:
    compact = seen.spaces_mean < 0.2 and seen.length_mean <= 100  # noqa: PLR2004 - one token
    if not compact or share < UNIQUE or seen.n_distinct < 2:  # noqa: PLR2004 - one is a constant
        return False
    if has_id_name(seen.name):
        return True
    with_digit = sum(1 for v in seen.sample if any(c.isdigit() for c in v))
    return seen.n_present >= MANY_ROWS and with_digit >= len(seen.sample) / 2


def has_id_name(name: str) -> bool:
    """Whether a column name says that the values name rows."""
    return bool(ID_NAME.search(name.strip()) or ID_CAMEL.search(name.strip()))


def _as(seen: Evidence) -> str:
    if not seen.style or seen.style == "iso":
        return ""
    return f", written like {seen.style}" if "%" not in seen.style[:2] else f" ({seen.style})"


def _n(value: float | None) -> str:
    return f"{int(value or 0):,}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:4])
