"""From cell texts to the values of typed columns."""

from __future__ import annotations

from sqlglot import exp

from components.core.data.dataset import Column
from components.engine.sql.casts import is_one_of, read_as


def typed_value(column: Column) -> exp.Expr:
    """Return the value of ``column``; missing values, disguised ones included, are null."""
    value = read_as(column.field, column.storage, column.format)
    if not column.disguised:
        return value
    missing = is_one_of(column.field, column.disguised)
    return exp.Case(ifs=[exp.If(this=exp.Not(this=missing), true=value)])
