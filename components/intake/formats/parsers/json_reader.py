"""JSON Lines and JSON arrays of records: one record at a time, numbers as they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.core.data.source import AsideRow, Problem, ProblemLevel
from components.core.errors import UnusableInput
from components.intake.formats.file_types import HEAD, FileType, encoding_of
from components.intake.formats.limits import MAX_CELL
from components.intake.formats.parsers.column_parts import PartWriter, whole
from components.intake.formats.parsers.json_depth import refuse_depth
from components.intake.formats.parsers.json_records import Broken, Pairs, dump, records_of
from components.intake.formats.parsers.sandbox import Answer, Request

MOST_ASIDE = 10_000
"""Records rejected before the file is given up, where they are more than those that fit."""

CUT = 2_000


@dataclass(slots=True)
class _Found:
    """What is known by now.

    Attributes
    ----------
    columns
        Place of each key, in the order of first appearance.
    twice
        Records in which a key is repeated.
    """

    columns: dict[str, int] = field(default_factory=dict)
    aside: list[AsideRow] = field(default_factory=list)
    twice: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def read_json(request: Request, folder: Path) -> Answer:
    """Write the records of a file; every key is a column.

    Raises
    ------
    UnusableInput
        When it is too deep, broken, or holds no records.
    """
    try:
        return _read(request, folder)
    except UnusableInput as error:  # it may name a key
        raise UnusableInput(whole(error.what), whole(error.todo)) from error


def _read(request: Request, folder: Path) -> Answer:
    path = Path(request.source)
    with path.open("rb") as stream:
        encoding = encoding_of(stream.read(HEAD))
    lines = request.form is FileType.JSON_LINES
    if not lines:
        refuse_depth(path, encoding)
    found = _Found()
    with PartWriter(folder) as writer:
        for line, record in records_of(path, encoding, lines=lines):
            if isinstance(record, Broken):
                _keep_aside(found, line, record, writer)
            else:
                cells = _cells(record, found, line, request.max_columns)
                writer.add(line, cells, sum(len(c) for c in cells if c))
    if not writer.n_rows:
        raise _no_records(found)
    return Answer(
        headers=tuple(map(whole, found.columns)),
        width=len(found.columns),
        n_rows=writer.n_rows,
        parts=tuple(writer.names),
        problems=tuple(_problems(found, writer)),
        aside=tuple(found.aside),
    )


def _keep_aside(found: _Found, line: int, record: Broken, writer: PartWriter) -> None:
    found.reasons[record.reason] += 1
    found.aside.append(AsideRow(line=line + 1, reason=record.reason, text=whole(record.text[:CUT])))
    if len(found.aside) > max(MOST_ASIDE, writer.n_rows):
        raise _no_records(found)


def _cells(record: Pairs, found: _Found, line: int, limit: int) -> list[str | None]:
    columns = found.columns
    if any(key not in columns for key, _ in record):
        _add_columns(record, columns, limit)
    cells: list[str | None] = [None] * len(columns)
    for key, value in record:
        text = value if isinstance(value, str) else _text(value)
        if text is not None and len(text) > MAX_CELL:
            raise UnusableInput(
                f"A value of “{key[:60]}” on line {line + 1:,} holds more than"
                f" {MAX_CELL // 1_000_000} MB of text.",
                "Leave that column out, or keep long texts in files of their own.",
            )
        cells[columns[key]] = text.replace("\0", "") if text else None
    if len({key for key, _ in record}) < len(record):
        found.twice += 1
    return cells


def _add_columns(record: Pairs, columns: dict[str, int], limit: int) -> None:
    for key, _ in record:
        columns.setdefault(key, len(columns))
    if len(columns) > limit:
        raise UnusableInput(
            f"The records have more than {limit:,} different keys; each would be a column.",
            "Leave keys out, or raise PREFLIGHT_MAX_COLUMNS.",
        )


def _text(value: Any) -> str | None:  # noqa: ANN401 - JSON
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return dump(value)


def _no_records(found: _Found) -> UnusableInput:
    why = found.aside[0].reason if found.aside else "there is nothing in it"
    return UnusableInput(
        f"The JSON holds no records: {why}.",
        "Upload an array of objects, or one object on each line.",
    )


def _problems(found: _Found, writer: PartWriter) -> Iterator[Problem]:
    n = len(found.aside)
    if n:
        reason = found.reasons.most_common(1)[0][0]
        lines = tuple(row.line for row in found.aside[:20])
        yield Problem(
            code="rows_aside",
            message=f"{n:,} record{'s do' if n != 1 else ' does'} not fit the table and"
            f" {'were' if n != 1 else 'was'} kept aside: {reason}.",
            lines=lines,
        )
    if found.twice:
        yield Problem(
            code="duplicate_keys",
            message=f"In {found.twice:,} record{'s' * (found.twice != 1)} a key stands more than"
            " once. The last value was taken.",
        )
    broken = [whole(name) for name in found.columns if whole(name) != name]
    if broken:
        yield Problem(
            code="invalid_names",
            message=f"{len(broken):,} name{'s hold' if len(broken) != 1 else ' holds'} characters "
            f"that are none (“{broken[0][:60]}”). They were replaced by question marks.",
            level=ProblemLevel.WARNING,
        )
    if writer.n_replaced:
        yield Problem(
            code="invalid_text",
            message=f"{writer.n_replaced:,} value{'s hold' if writer.n_replaced != 1 else ' holds'}"
            " characters that are none. They were replaced by question marks.",
            level=ProblemLevel.WARNING,
        )
