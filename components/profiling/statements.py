"""Statements of many parts: one question per column, one reading of the columns they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlglot import exp

from components.core.data.dataset import Column
from components.core.data.query import Scalar
from components.engine.sql.expressions import DATA, field, named, select

MAX_COLUMNS = 25
"""Columns per statement."""

T = TypeVar("T")

PICKED = "picked"
"""What the parts select from: the columns of the batch."""


def batches(items: Sequence[T], size: int = MAX_COLUMNS) -> Iterator[Sequence[T]]:
    """Yield ``items`` in pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def union(
    parts: Sequence[exp.Select], columns: Sequence[Column], source: str | exp.Table = DATA
) -> exp.Query:
    """Return the rows of all ``parts``, which select from :data:`PICKED`.

    Parameters
    ----------
    columns
        What to pick from ``source``. Picking once keeps the cost of a wide table linear: every
        mention of the view would bind all its columns.
    """
    wrapped = [
        select([exp.Star()], part.subquery(f"p{i}", copy=False)) for i, part in enumerate(parts)
    ]
    together = wrapped[0] if len(wrapped) == 1 else exp.union(*wrapped, distinct=False, copy=False)
    fields = dict.fromkeys(column.field for column in columns)
    picked = select((field(name) for name in fields), source)
    return together.with_(PICKED, as_=picked, copy=False)


def mark(number: int) -> exp.Expr:
    """Return the column that tells the parts apart."""
    return named(exp.Literal.number(number), "part")


def rows() -> exp.Expr:
    """Return the column that counts rows."""
    return named(exp.Count(this=exp.Star()), "n")


def whole(value: Scalar) -> int:
    """Return a count that the engine returned."""
    return value if isinstance(value, int) else 0
