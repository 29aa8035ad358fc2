"""What may be asked of a table: aggregates and conditions, as data.

The engine translates them to its own language; checks never see it. Columns are named by their
display name (:attr:`components.core.data.dataset.Column.name`), or ``row_id``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Scalar = str | int | float | bool | datetime | None


class Fn(StrEnum):
    """An aggregate function."""

    ROWS = "rows"
    PRESENT = "present"
    MISSING = "missing"
    DISTINCT = "distinct"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    MEAN = "mean"
    SD = "sd"
    QUANTILE = "quantile"


class Op(StrEnum):
    """A comparison; missing values satisfy none of them."""

    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """The rows whose value in ``column`` stands in relation ``op`` to ``value``."""

    column: str
    op: Op
    value: str | int | float | bool | datetime


@dataclass(frozen=True, slots=True)
class OneOf:
    """The rows whose value in ``column`` is one of ``values``."""

    column: str
    values: tuple[str | int | float | bool | datetime, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """The rows whose text in ``column`` holds ``text`` somewhere, in capitals or not.

    Every character of ``text`` means itself: there are no wildcards. An empty ``text`` is in every
    text; a missing one holds nothing.
    """

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The rows with no value in ``column``."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """The rows that do not satisfy ``inner``."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """The rows that satisfy every one of ``inner``."""

    inner: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The rows that satisfy at least one of ``inner``."""

    inner: tuple[Condition, ...]


Condition = Compare | OneOf | Contains | Missing | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Agg:
    """One aggregate.

    Attributes
    ----------
    column
        The column, or None for :attr:`Fn.ROWS`.
    q
        The quantile in [0, 1], for :attr:`Fn.QUANTILE`.
    where
        Count only the rows that satisfy it.
    """

    fn: Fn
    column: str | None = None
    q: float | None = None
    where: Condition | None = None
