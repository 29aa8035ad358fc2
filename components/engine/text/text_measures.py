"""Aggregates over cell texts: how many are filled, how many are values, how many differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from components.core.data.dataset import Storage
from components.engine.sql.casts import read_as
from components.engine.sql.expressions import as_type, field


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read the texts of a column that is to be tried on all rows."""

    field: str
    storage: Storage = Storage.TEXT
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """Facts about the texts of one column, over all rows.

    Attributes
    ----------
    n_filled
        Texts that are not empty; for columns of text, that are more than spaces.
    n_read
        Texts that are values under the reading.
    n_distinct
        Different filled texts: an estimate of DuckDB (5 % off at worst in our measurements).
    low, high
        Of the values, for numbers and integers.
    """

    n_filled: int
    n_read: int
    n_distinct: int
    low: float | None
    high: float | None


def only_filled(text: exp.Expr) -> exp.Expr:
    """Return the text, null where it is empty."""
    return exp.Nullif(this=text, expression=exp.Literal.string(""))


def measures(reading: Reading) -> list[exp.Expr]:
    """Return the aggregates that :func:`facts_of` understands."""

    def only() -> exp.Expr:
        return only_filled(field(reading.field))

    is_text = reading.storage is Storage.TEXT
    filled = read_as(reading.field, reading.storage, reading.style) if is_text else only()
    return [
        exp.Count(this=filled),
        exp.ApproxDistinct(this=only()),
        *measures_of_values(reading),
    ]


def measures_of_values(reading: Reading) -> list[exp.Expr]:
    """Return aggregates: how many texts are values, and the lowest and the highest number."""

    def value() -> exp.Expr:
        return read_as(reading.field, reading.storage, reading.style)

    is_number = reading.storage in {Storage.NUMBER, Storage.INTEGER}
    return [
        exp.Count(this=value()),
        exp.Min(this=as_type(value() if is_number else exp.null(), "double")),
        exp.Max(this=as_type(value() if is_number else exp.null(), "double")),
    ]


def facts_of(row: Sequence[object]) -> TextFacts:
    """Return what :func:`measures` found."""
    filled, distinct, read, low, high = row
    return TextFacts(
        n_filled=int_of(filled),
        n_read=int_of(read),
        n_distinct=int_of(distinct),
        low=_float(low),
        high=_float(high),
    )


def int_of(value: object) -> int:
    """Return a count of the engine."""
    return int(value) if isinstance(value, int | float) else 0


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
