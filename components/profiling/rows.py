"""Facts about whole rows: missing cells per row, repeated rows, classes of the label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlglot import exp

from components.core.dataset import Column, DatasetVersion, Kind, Role, Task
from components.core.query import Agg, Fn, Missing, Not, Scalar
from components.core.table import IntArray
from components.engine.duck_table import DuckTable
from components.engine.repeats import count_repeated
from components.engine.sql import field, named, select
from components.profiling.parts import rows, whole


def missing_per_row(table: DuckTable, incomplete: Sequence[Column]) -> dict[int, int]:
    """Return the rows per number of missing cells; only ``incomplete`` columns have any."""
    n_rows = table.version.n_rows
    if not incomplete or not n_rows:
        return {0: n_rows} if n_rows else {}
    cells = named(_sum([_gap(column) for column in incomplete]), "gaps")
    gaps = select([cells]).subquery("gaps_of_rows", copy=False)
    statement = select([field("gaps"), rows()], gaps).group_by(field("gaps"), copy=False)
    records = table.query(statement.order_by(field("gaps"), copy=False))
    return {whole(r["gaps"]): whole(r["n"]) for r in records}


def gaps_counted(gaps: IntArray) -> dict[int, int]:
    """Return the rows per number of missing cells."""
    found = np.bincount(gaps)
    return {int(n): int(found[n]) for n in np.flatnonzero(found)}


def key_columns(version: DatasetVersion) -> tuple[Column, ...]:
    """Return the columns that name or date a row."""
    is_key = (Role.ID, Role.TIME)
    return tuple(c for c in version.columns if c.role in is_key or c.kind is Kind.IDENTIFIER)


def repeats(table: DuckTable, columns: Sequence[Column]) -> int | None:
    """Return how many rows equal an earlier row in all of ``columns``; None without columns."""
    if not columns:
        return None
    return whole(table.query(count_repeated(columns))[0]["n"])


def classes(table: DuckTable) -> tuple[tuple[Scalar, int], ...] | None:
    """Return the classes of the label and their rows, most frequent first; None without classes."""
    label = table.version.label
    if label is None or table.version.task is not Task.CLASSIFICATION:
        return None
    measures = {"rows": Agg(Fn.ROWS)}
    present = Not(Missing(label.name))
    records = table.groups([label.name], measures, where=present, order_by="rows")
    return tuple((r[label.name], whole(r["rows"])) for r in records)


def _gap(column: Column) -> exp.Expr:
    missing = exp.Is(this=field(column.field), expression=exp.null())
    return exp.Case().when(missing, exp.Literal.number(1)).else_(exp.Literal.number(0))


def _sum(terms: Sequence[exp.Expr]) -> exp.Expr:
    """Add up in pairs, so that a wide table does not make a deep expression."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    both = exp.Add(this=_sum(terms[:middle]), expression=_sum(terms[middle:]))
    return exp.paren(both, copy=False)
