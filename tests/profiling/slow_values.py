"""The cells of a CSV file as values, in plain Python: what the engine must have read."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from components.core.data.dataset import Column, Storage

Value = str | int | float | bool | datetime | None


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the columns of a file that any CSV reader reads alike."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    return header, [[row[i] for row in rows] for i in range(len(header))]


def values(texts: Sequence[str], column: Column) -> list[Value]:
    """Return the values of cell texts under what intake says about the column."""
    return [_value(text, column) for text in texts]


def disguised(texts: Sequence[str], column: Column) -> dict[str, int]:
    """Return the rows per word for missing."""
    words = [text.strip(" ") for text in texts]
    return {word: words.count(word) for word in column.disguised if word in words}


def spelling(texts: Sequence[str], column: Column) -> tuple[str, str] | None:
    """Return how a column of truth values writes true and false most often."""
    if column.storage is not Storage.BOOLEAN:
        return None
    words = (column.format or "true/false").split("/")
    bare = Counter(text.strip(" ") for text in texts)
    known = [{t: n for t, n in bare.items() if t.casefold() == word} for word in words]
    yes, no = (
        min(found, key=lambda t: (-found[t], t)) if found else word
        for found, word in zip(known, words, strict=True)
    )
    return yes, no


def _value(text: str, column: Column) -> Value:
    bare = text.strip(" ")
    if not bare or bare in column.disguised:
        return None
    match column.storage:
        case Storage.TEXT:
            return text
        case Storage.INTEGER:
            return int(_figures(bare, column.format))
        case Storage.NUMBER:
            return float(_figures(bare, column.format))
        case Storage.BOOLEAN:
            return bare.casefold() == (column.format or "true/false").partition("/")[0]
        case Storage.DATETIME:
            return _instant(bare, column.format)


def _figures(text: str, notation: str) -> str:
    if notation in {"", "1.5 or inf"}:  # Python reads inf as it is
        return text
    thousands, rest = notation[1:].split("234")  # such as 1,234.5 %
    decimal, mark = rest[0], rest[2:].strip()
    bare = text.replace(mark, "").strip() if mark else text
    bare = bare.replace(thousands, "") if thousands else bare
    return bare.replace(decimal, ".")


def _instant(text: str, style: str) -> datetime:
    if style == "iso":
        return _in_utc(datetime.fromisoformat(text.replace("/", "-")))
    for one in style.split("|"):
        try:
            return _in_utc(datetime.strptime(text, one))  # noqa: DTZ007 - told by the style
        except ValueError:
            continue
    raise AssertionError(f"{text!r} is not written like {style}")


def _in_utc(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
