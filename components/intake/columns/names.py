"""Column names: unique, visible, and what was done to make them so."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from components.core.data.source import Problem, ProblemLevel

LONGEST = 200
"""Characters of a name; longer ones are cut."""

HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Control characters, zero-width characters, and those that turn the direction of writing."""

BREAKS = re.compile(r"[\r\n\t]+")
"""What is a space in a name."""

RESERVED = frozenset({"row_id"})


def make_names(headers: Sequence[str], width: int) -> tuple[tuple[str, ...], list[Problem]]:
    """Return one unique name per column, and what a person should know about them."""
    cleaned = [_clean(h) for h in headers] if headers else [""] * width
    taken: set[str] = set()
    asked = set(cleaned)
    names = []
    for index, name in enumerate(cleaned):
        unique = _unique(name or f"column_{index + 1}", taken, asked)
        taken.add(unique)
        names.append(unique)
    return tuple(names), _problems(headers, cleaned, names)


def _clean(header: str) -> str:
    text = HIDDEN.sub("", unicodedata.normalize("NFC", BREAKS.sub(" ", header)))
    text = re.sub(r" {2,}", " ", text).strip()
    return text[: LONGEST - 1] + "…" if len(text) > LONGEST else text


def _unique(name: str, taken: set[str], others: set[str]) -> str:
    if name not in taken and name not in RESERVED:
        return name
    number = 2
    while f"{name}_{number}" in taken or f"{name}_{number}" in others:
        number += 1
    return f"{name}_{number}"


def _problems(
    headers: Sequence[str], cleaned: Sequence[str], names: Sequence[str]
) -> list[Problem]:
    found = []
    counts = Counter(c for c in cleaned if c)
    twice = [name for name, n in counts.items() if n > 1]
    if twice:
        columns = tuple(n for n, c in zip(names, cleaned, strict=True) if counts[c] > 1)
        found.append(_duplicates(twice, columns))
    blank = tuple(n for n, c in zip(names, cleaned, strict=True) if not c) if headers else ()
    if blank:
        found.append(_blanks(blank))
    broken = tuple(n for n, h in zip(names, headers, strict=False) if BREAKS.search(h.strip()))
    if broken:
        found.append(
            Problem(
                code="broken_names",
                message=f"{_some(len(broken), 'column name holds', 'column names hold')} line"
                " breaks or tabs. Each stands as a space in the name.",
                columns=broken,
            )
        )
    unseen = (BREAKS.sub(" ", h.strip()) for h in headers)
    hidden = tuple(n for n, h in zip(names, unseen, strict=False) if HIDDEN.search(h))
    if hidden:
        found.append(
            Problem(
                code="bidi_or_invisible_names",
                message=f"{_some(len(hidden), 'column name holds', 'column names hold')} invisible"
                " characters. They were taken out of the name.",
                columns=hidden,
            )
        )
    return found


def _duplicates(twice: Sequence[str], columns: tuple[str, ...]) -> Problem:
    shown = ", ".join(f"“{name}”" for name in twice[:3])
    more = " and others" if len(twice) > 3 else ""  # noqa: PLR2004 - three are shown
    return Problem(
        code="duplicate_names",
        message=f"{_some(len(twice), 'name stands', 'names stand')} over more than one column"
        f" ({shown}{more}). A number was added to the later ones.",
        columns=columns,
    )


def _blanks(blank: tuple[str, ...]) -> Problem:
    return Problem(
        code="blank_names",
        message=f"{_some(len(blank), 'column has', 'columns have')} no name in the header."
        " They are named after their place.",
        level=ProblemLevel.NOTE,
        columns=blank,
    )


def _some(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def normal(name: str) -> str:
    """Return a column name in lower case with single underscores: ``ageGroup`` -> ``age_group``."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^\w]+|_+", "_", text).strip("_").lower()
