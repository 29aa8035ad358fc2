"""How people count the rows of a table: from 1, where machines count from 0."""

from __future__ import annotations


def row_number(row_id: int) -> int:
    """Return the number that a person gives to a row: the first data row is row 1."""
    return row_id + 1


def row_id_of(number: int) -> int:
    """Return the row id of a row that a person names by its number."""
    return number - 1
