"""What a person may type into a cell: a text that is read as a value of its column."""

from __future__ import annotations

from components.core.data.dataset import Column, Storage
from components.core.errors import Conflict
from components.engine.text.one_text import is_read

LONGEST = 10_000
"""Characters of a text that is typed in."""

HOLDS = {
    Storage.INTEGER: "whole numbers",
    Storage.NUMBER: "numbers",
    Storage.BOOLEAN: "two values",
    Storage.DATETIME: "times",
}


def refuse_unfit(column: Column, text: str) -> None:
    """Refuse a text that the next reading would not take for a value of the column.

    An empty cell always fits.

    Raises
    ------
    Conflict
        When it is too long, or the reader of tables takes it for no value of the column.
    """
    if len(text) > LONGEST:
        raise Conflict(f"The text has more than {LONGEST:,} characters.", "Shorten it.")
    if text and not is_read(column, text):
        holds = HOLDS.get(column.storage, "texts")
        raise Conflict(
            f"“{text[:60]}” is not read as a value of “{column.name}”, which holds {holds}.",
            "Type it in the form that the other rows have.",
        )
