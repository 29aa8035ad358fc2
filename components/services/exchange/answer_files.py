"""Files of other tools: which of them wrote a file, and what people say in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from components.core.errors import UnusableInput
from components.services.exchange import argilla, label_studio
from components.services.exchange.answers import Entry, UnusableAnswer

MOST_BYTES = 50_000_000
"""Of a file: read, it takes about five times as much memory."""
MOST_RECORDS = 100_000


def too_large() -> UnusableInput:
    """Return what is said of a file that is too large."""
    size = f"{MOST_BYTES // 1_000_000} MB"
    return UnusableInput(f"The file has more than {size}.", "Export it in several parts.")


def read(content: bytes) -> tuple[str, Iterator[Entry]]:
    """Return which tool wrote a file, and what it says, record by record.

    Raises
    ------
    UnusableInput
        When it is none of theirs, or too large.
    """
    return _entries(_records(content))


def _records(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise too_large()
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnusableInput(
            f"The file is no JSON that can be read{where}.",
            "Export it as JSON, and send it whole.",
        ) from error
    if not isinstance(told, list):
        raise UnusableInput(
            "The file holds no list of tasks or records.",
            "Export “JSON” from Label Studio, or use “records.to_json” of Argilla.",
        )
    if len(told) > MOST_RECORDS:
        raise UnusableInput(
            f"The file holds {len(told):,} records; {MOST_RECORDS:,} are taken at once.",
            "Export it in several parts.",
        )
    return told


def _entries(records: Sequence[Any]) -> tuple[str, Iterator[Entry]]:
    """Return which tool wrote some records, and what they say."""
    first = next((one for one in records if isinstance(one, dict)), {})
    tool = next((one for one in (label_studio, argilla) if one.is_of_it(first)), None)
    if tool is None:
        raise UnusableInput(
            "The file is neither an export “JSON” of Label Studio, with “data” and “annotations”, "
            "nor records of Argilla, with “fields” and “responses”.",
            "Export it in one of these forms.",
        )

    def said() -> Iterator[Entry]:
        for n, one in enumerate(records, start=1):
            place = f"Record {n:,}"
            if isinstance(one, dict) and tool.is_of_it(one):
                yield from tool.answers(one, place)
            else:
                yield UnusableAnswer(place, f"it is none of {tool.TOOL}")

    return tool.TOOL, said()
