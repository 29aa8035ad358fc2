"""JSON records one after another: each decoded alone, so that memory stays bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from components.core.errors import UnusableInput
from components.engine.text.delimited import MAX_RECORD
from components.intake.formats.parsers.json_depth import MAX_DEPTH, is_deep

PIECE = 4_000_000
UNENDED = "Unterminated string"
MISSING = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
}
"""What the decoder says of a fault, in our words."""
GAP = re.compile(r"[\s,]*")


class JsonNumber(str):
    """A number as it is written: 1.10 stays 1.10, and long ones keep their digits."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """The keys and values of an object, in order, with repeated ones."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """Text that is no record, and why."""

    reason: str
    text: str


Found = tuple[int, Pairs | Broken]
"""The line on which a record starts, from 0, and the record."""

DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=JsonNumber
)


def records_of(path: Path, encoding: str, *, lines: bool) -> Iterator[Found]:
    """Yield the records of a file.

    Parameters
    ----------
    lines
        Whether each line holds one record; else they are in a list, or one after another.

    Raises
    ------
    UnusableInput
        When a record is too long, or a list is broken.
    """
    with path.open(encoding=encoding, errors="surrogateescape", newline="\n") as stream:
        yield from _lines(stream) if lines else _list(stream)


def dump(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a decoded value as JSON, numbers as they were written."""
    if isinstance(value, JsonNumber):
        return str(value)
    if isinstance(value, Pairs):
        inner = ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {dump(v)}" for k, v in value)
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(dump, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _lines(stream: IO[str]) -> Iterator[Found]:
    number = 0
    only: Found | None = None  # the first record is held back: it may be the only one
    while text := stream.readline(MAX_RECORD + 1):
        if len(text) > MAX_RECORD:
            raise _too_long(number)
        if not text.isspace():
            if only is not None:
                yield only
            only = number, _record(text.strip())
        number += 1
    if only is not None:
        if isinstance(only[1], Pairs) and only[0] == 0 and (hint := _inner_list(only[1])):
            raise _one_object(hint)
        yield only


def _record(text: str) -> Pairs | Broken:
    if text.count("[") + text.count("{") > MAX_DEPTH and is_deep([text]):
        return Broken(f"it nests more than {MAX_DEPTH} lists or objects", text)
    try:
        value = DECODER.decode(text)
    except ValueError as error:
        return Broken(f"it is no JSON ({error.args[0].partition(':')[0].lower()})", text)
    return _checked(value)


def _checked(value: Any) -> Pairs | Broken:  # noqa: ANN401 - JSON
    if not isinstance(value, Pairs):
        return Broken("it is no object with keys", dump(value))
    return value if value else Broken("it is an object without keys", "{}")


class _Window:
    """The part of a text that is being decoded."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.text = stream.read(PIECE)
        self.at = 0
        self.line = 0
        self.before = 0  # characters of the first line that were forgotten
        self.is_last = not self.text

    def more(self) -> None:
        """Read on, and forget what was decoded."""
        piece = self.stream.read(PIECE)
        self.is_last = not piece
        cut = self.text.rfind("\n", 0, self.at) + 1
        self.before = self.at - cut if cut else self.before + self.at
        self.text, self.at = self.text[self.at :] + piece, 0
        if len(self.text) > MAX_RECORD + PIECE:
            raise _too_long(self.line)

    def skip(self, end: int) -> None:
        """Go on at ``end``."""
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def skip_gap(self) -> str:
        """Go on at the next character that is no space and no comma; return it."""
        while True:
            found = GAP.match(self.text, self.at)
            self.skip(found.end() if found else self.at)
            if self.at < len(self.text) or self.is_last:
                return self.text[self.at : self.at + 1]
            self.more()


def _list(stream: IO[str]) -> Iterator[Found]:
    window = _Window(stream)
    is_list = window.skip_gap() == "["
    if is_list:
        window.skip(window.at + 1)
    n = 0
    while (sign := window.skip_gap()) and sign != "]":
        line, value = window.line, _value(window)
        n += 1
        if n == 1 and not is_list and isinstance(value, Pairs) and not window.skip_gap():
            raise _one_object(_inner_list(value))
        yield line, _checked(value)
    if is_list and sign != "]":
        raise _cut_off(window.line)


def _inner_list(value: Pairs) -> str:
    """Return the key of a list of objects in ``value``; empty where there is none."""
    for key, inner in value:
        is_list = isinstance(inner, list) and not isinstance(inner, Pairs)
        if is_list and inner and isinstance(inner[0], Pairs):
            return key
    return ""


def _one_object(key: str) -> UnusableInput:
    hint = f" The list under “{key[:60]}” may be what you mean." if key else ""
    return UnusableInput(
        f"The JSON holds one object, not a list of records.{hint}",
        "Upload an array of objects, or one object on each line.",
    )


def _value(window: _Window) -> Any:  # noqa: ANN401 - JSON
    before: tuple[str, int] | None = None
    while True:
        try:
            value, end = DECODER.raw_decode(window.text, window.at)
        except json.JSONDecodeError as error:
            fault = error.msg, error.pos - window.at
            if window.is_last or (fault == before and not error.msg.startswith(UNENDED)):
                raise _broken(window, error) from error
            before = fault
            window.more()
            continue
        if end == len(window.text) and not window.is_last:  # a number may go on
            window.more()
            continue
        window.skip(end)
        return value


def _broken(window: _Window, error: json.JSONDecodeError) -> UnusableInput:
    """Return where and why a record of a list is no JSON, or that it ends too early."""
    if error.msg.startswith(UNENDED) or not window.text[error.pos :].strip():
        return _cut_off(window.line)
    line = window.line + window.text.count("\n", window.at, error.pos)
    start = window.text.rfind("\n", 0, error.pos) + 1
    place = error.pos - start + 1 + (0 if start else window.before)
    return UnusableInput(
        f"The JSON is broken on line {line + 1:,}, character {place:,}, in the record that starts "
        f"on line {window.line + 1:,}: {MISSING.get(error.msg, error.msg.lower())}.",
        "Repair it there, or write one object on each line: then only broken lines are kept aside.",
    )


def _cut_off(line: int) -> UnusableInput:
    return UnusableInput(
        f"The JSON is broken or cut off in the record that starts on line {line + 1:,}.",
        "Write or transfer it again, or write one object on each line.",
    )


def _too_long(line: int) -> UnusableInput:
    return UnusableInput(
        f"The record on line {line + 1:,} is longer than {MAX_RECORD // 1_000_000} MB.",
        "Write one object on each line, or leave long values out.",
    )
