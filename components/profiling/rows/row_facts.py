"""Facts about whole rows: missing cells per row, repeated rows, classes of the label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlglot import exp

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage, Task
from components.core.data.query import Agg, Fn, Missing, Not, Scalar
from components.core.data.table import IntArray
from components.core.data.value_texts import Spelling, value_text
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, named, select
from components.engine.table.open_table import SqlTable
from components.engine.table.repeats import FINGERPRINT, count_repeated, fingerprints
from components.profiling.rows.row_classes import BLOCK_ROWS
from components.profiling.statements import rows, whole
from components.profiling.value_text import cut

CHANCES = 100
"""Ways to combine values, per pair of rows, from which two rows are hardly equal by chance."""

TEXT_COST = 3
"""What reading and hashing a text costs, in numbers."""

MOST_CLASSES = 1_000
"""Classes of the label that a profile keeps, the most frequent ones: there may be as many classes
as rows, and the process that serves pages holds the profile. Who needs all of them asks the
table."""

SORTED = 20_000_000
"""Rows up to which that is done in memory; fingerprints take 8 bytes each."""


def missing_per_row(table: SqlTable, incomplete: Sequence[Column]) -> dict[int, int]:
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


def may_repeat(table: SqlTable, columns: Sequence[Column], n_distinct: Mapping[str, int]) -> bool:
    """Whether two rows may be equal in all of ``columns``; False says that none are.

    Rows that differ in a few columns with many different values differ. Sorting the fingerprints
    of these takes a third of the time of grouping whole rows (measured).

    Parameters
    ----------
    n_distinct
        About how many values of each column differ, by field.
    """
    n_rows = table.version.n_rows
    telling, chances = _telling(columns, n_distinct, CHANCES * n_rows**2)
    if n_rows > SORTED or chances <= n_rows**2:
        return True
    prints = np.empty(n_rows, dtype=np.uint64)
    at = 0
    for block in table.stream(fingerprints(telling), BLOCK_ROWS):
        found = numpy_of(block.column(FINGERPRINT))
        prints[at : at + len(found)] = found
        at += len(found)
    prints.sort()
    return bool((prints[1:] == prints[:-1]).any())


def _telling(
    columns: Sequence[Column], n_distinct: Mapping[str, int], enough: int
) -> tuple[list[Column], int]:
    """Return columns until their values can be combined in ``enough`` ways, and in how many."""

    def worth(column: Column) -> float:
        cost = TEXT_COST if column.storage is Storage.TEXT else 1
        return n_distinct[column.field] / cost

    chosen: list[Column] = []
    chances = 1
    for column in sorted(columns, key=worth, reverse=True):
        if chances > enough:
            break
        chosen.append(column)
        chances *= max(1, n_distinct[column.field])
    return chosen, chances


def repeats(table: SqlTable, columns: Sequence[Column]) -> int | None:
    """Return how many rows equal an earlier row in all of ``columns``; None without columns."""
    if not columns:
        return None
    return whole(table.query(count_repeated(columns))[0]["n"])


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelClasses:
    """The classes of the label.

    Attributes
    ----------
    counts
        The :data:`MOST_CLASSES` most frequent classes and their rows, most frequent first; missing
        labels are left out.
    n
        Classes in all.
    spelling
        How the file writes true and false, for a label of these.
    """

    counts: tuple[tuple[Scalar, int], ...]
    n: int
    spelling: Spelling | None = None

    @property
    def names(self) -> dict[str, int]:
        """Rows per class as it is shown."""
        found: dict[str, int] = {}
        for value, n_rows in self.counts:
            name = cut(value_text(value, self.spelling))
            found[name] = found.get(name, 0) + n_rows
        return found


def classes(table: SqlTable) -> LabelClasses | None:
    """Return the classes of the label; None without classes."""
    label = table.version.label
    if label is None or table.version.task is not Task.CLASSIFICATION:
        return None
    present = Not(Missing(label.name))
    records = table.groups(
        [label.name],
        {"rows": Agg(Fn.ROWS)},
        where=present,
        order_by="rows",
        limit=MOST_CLASSES + 1,
    )
    n = len(records)
    if n > MOST_CLASSES:
        n = whole(table.aggregate({"n": Agg(Fn.DISTINCT, label.name)})["n"])
    counts = tuple((r[label.name], whole(r["rows"])) for r in records[:MOST_CLASSES])
    return LabelClasses(counts=counts, n=n, spelling=label.spelling)


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
