"""Names, literals and conditions as SQL expressions.

Statements are trees, never joined strings: identifiers are always quoted and literals always
escaped by the generator. Only spellings that transpile to Spark are used: no ``isfinite``,
booleans are not summed, quantiles are ordered-set aggregates.
"""

from __future__ import annotations

import glob
import math
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, DatasetVersion, Kind, Storage
from components.core.data.query import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Missing,
    Not,
    OneOf,
    Op,
    Scalar,
)
from components.core.errors import NotFound

DATA = "data"
"""What statements call the typed table."""

DIALECT = "duckdb"

TYPES = {
    Storage.TEXT: "text",
    Storage.INTEGER: "bigint",
    Storage.NUMBER: "double",
    Storage.BOOLEAN: "boolean",
    Storage.DATETIME: "timestamp",
}
"""The SQL type of each storage."""

_KNOWN = {name: exp.DataType.build(name).this for name in TYPES.values()}

_COMPARISONS: dict[Op, type[exp.Binary]] = {
    Op.EQ: exp.EQ,
    Op.NE: exp.NEQ,
    Op.LT: exp.LT,
    Op.LE: exp.LTE,
    Op.GT: exp.GT,
    Op.GE: exp.GTE,
}

_ACCEPTED: dict[Storage, tuple[type, ...]] = {
    Storage.TEXT: (str,),
    Storage.INTEGER: (int, float),
    Storage.NUMBER: (int, float),
    Storage.BOOLEAN: (bool,),
    Storage.DATETIME: (datetime,),
}

_ROW_ID = Column(name=ROW_ID, field=ROW_ID, storage=Storage.INTEGER, kind=Kind.IDENTIFIER)


def text_of(statement: exp.Expr) -> str:
    """Return ``statement``, which is used up, in the language of the embedded engine."""
    return statement.sql(dialect=DIALECT, identify=True, copy=False)


def field(name: str) -> exp.Column:
    """Return a reference to the physical column ``name``."""
    return exp.column(name, quoted=True)


def as_type(value: exp.Expr, name: str) -> exp.Cast:
    """Return ``value``, which is used up, as one of :data:`TYPES`.

    sqlglot's own builder reads the name of the type anew each time: 0.1 ms per column.
    """
    return exp.Cast(this=value, to=exp.DataType(this=_KNOWN[name], nested=False))


def named(value: exp.Expr, alias: str) -> exp.Alias:
    """Return ``value AS alias``; ``value`` is used up, not copied."""
    return exp.Alias(this=value, alias=exp.to_identifier(alias, quoted=True))


def select(selected: Iterable[exp.Expr], source: str | exp.Expr = DATA) -> exp.Select:
    """Return ``SELECT selected FROM source``; the arguments are used up, not copied.

    The builder's own copies make statements over many columns slow.
    """
    table = exp.Table(this=exp.to_identifier(source)) if isinstance(source, str) else source
    return exp.Select().select(*selected, copy=False).from_(table, copy=False)


def parquet(path: Path) -> exp.Table:
    """Return the source that reads one Parquet file, whatever its path holds."""
    return exp.Table(this=exp.func("read_parquet", exp.Literal.string(glob.escape(str(path)))))


def literal(value: Scalar) -> exp.Expr:
    """Return ``value`` as a literal of its own type; numbers keep every digit."""
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return exp.Literal.number(value)
    if isinstance(value, float):
        return as_type(exp.Literal.string(repr(value)), "double")
    if isinstance(value, datetime):
        return as_type(exp.Literal.string(value.isoformat(sep=" ")), "timestamp")
    return exp.Literal.string(value)


def find(version: DatasetVersion, name: str) -> Column:
    """Return the column called ``name``; ``row_id`` is one, too.

    Raises
    ------
    NotFound
        When there is none.
    """
    try:
        return version.column(name)
    except NotFound:
        if name == ROW_ID:
            return _ROW_ID
        raise


def source(version: DatasetVersion, path: Path, needed: Collection[str]) -> exp.Select:
    """Return the typed table with the physical columns ``needed``.

    Types are as promised and NaN is missing, whatever the file holds. Only what is needed is
    named: naming all columns of a wide table costs more than most questions.
    """
    columns: list[exp.Expr] = [named(as_type(field(ROW_ID), "bigint"), ROW_ID)]
    for column in version.columns:
        if column.field in needed:
            value: exp.Expr = as_type(field(column.field), TYPES[column.storage])
            if column.storage is Storage.NUMBER:
                value = exp.func("NULLIF", value, literal(math.nan))
            columns.append(named(value, column.field))
    return select(columns, parquet(path))


def sourced(statement: exp.Expr, version: DatasetVersion, path: Path) -> exp.Expr:
    """Return ``statement`` with every mention of :data:`DATA` replaced by :func:`source`."""
    found = statement.copy()
    needed = {column.name for column in found.find_all(exp.Column)}
    for table in list(found.find_all(exp.Table)):
        if table.name == DATA:
            table.replace(source(version, path, needed).subquery(DATA, copy=False))
    return found


def condition(version: DatasetVersion, where: Condition) -> exp.Expr:
    """Return ``where`` as an expression; unknown counts as not satisfied.

    Raises
    ------
    NotFound
        When it names a column that is not there.
    TypeError
        When it compares a column with a value of another type.
    """
    match where:
        case Not(inner):
            known = exp.Coalesce(this=condition(version, inner), expressions=[exp.false()])
            return exp.not_(known)
        case AllOf(parts):
            return exp.and_(*(condition(version, part) for part in parts)) if parts else exp.true()
        case AnyOf(parts):
            return exp.or_(*(condition(version, part) for part in parts)) if parts else exp.false()
        case _:
            return _about(find(version, where.column), where)


def _about(column: Column, where: Compare | OneOf | Contains | Missing) -> exp.Expr:
    match where:
        case Compare(_, op, value):
            return _COMPARISONS[op](this=field(column.field), expression=_operand(column, value))
        case OneOf(_, values):
            options = [_operand(column, value) for value in values]
            return field(column.field).isin(*options) if options else exp.false()
        case Contains(_, text):
            # the engine lowers both sides, so that they agree whatever it takes for a letter
            whole, part = (
                exp.Lower(this=field(column.field)),
                exp.Lower(this=_operand(column, text)),
            )
            return exp.Contains(this=whole, expression=part)
        case Missing():
            return exp.Is(this=field(column.field), expression=exp.null())


def _operand(column: Column, value: Any) -> exp.Expr:  # noqa: ANN401 - numpy scalars, too
    plain: Any = value.item() if hasattr(value, "item") else value
    kinds = _ACCEPTED[column.storage]
    if not isinstance(plain, kinds) or (isinstance(plain, bool) and bool not in kinds):
        raise TypeError(
            f"The column “{column.name}” holds {column.storage.value}; "
            f"it cannot be compared with a value of type {type(plain).__name__}."
        )
    return literal(cast("Scalar", plain))
