"""Exact duplicates: rows that equal an earlier row.

Two steps keep memory small: rows whose hash occurs once cannot repeat; only the others are compared
value by value, so the answer is exact whatever the hash function.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column
from components.engine.sql.expressions import DATA, field

FIRST = "first_id"
FINGERPRINT = "fingerprint"
_HASH = "row_hash"
_CANDIDATES = "candidates"


def repeated(columns: Sequence[Column]) -> exp.Select:
    """Return the statement for ``row_id`` and :data:`FIRST` of each row that repeats another."""
    lowest = exp.Window(
        this=exp.Min(this=field(ROW_ID)), partition_by=[field(c.field) for c in columns]
    )
    marked = exp.select(field(ROW_ID), lowest.as_(FIRST, quoted=True)).from_(_CANDIDATES)
    statement = exp.select(field(ROW_ID), field(FIRST)).from_(marked.subquery("marked"))
    later = exp.GT(this=field(ROW_ID), expression=field(FIRST))
    return _with_candidates(statement.where(later).order_by(field(ROW_ID)), columns)


def count_repeated(columns: Sequence[Column]) -> exp.Select:
    """Return the statement for ``n``, the number of rows that repeat another."""
    size = exp.Count(this=exp.Star()).as_("size", quoted=True)
    sets = exp.select(size).from_(_CANDIDATES).group_by(*(field(c.field) for c in columns))
    extra = exp.Sub(this=field("size"), expression=exp.Literal.number(1))
    total = exp.Coalesce(this=exp.Sum(this=extra), expressions=[exp.Literal.number(0)])
    statement = exp.select(total.as_("n", quoted=True)).from_(sets.subquery("sets"))
    return _with_candidates(statement, columns)


def fingerprints(columns: Sequence[Column]) -> exp.Select:
    """Return the statement for one number per row: rows with different ones differ."""
    return exp.select(_hash(columns).as_(FINGERPRINT, quoted=True)).from_(DATA)


def _with_candidates(statement: exp.Select, columns: Sequence[Column]) -> exp.Select:
    shared = (
        exp.select(field(_HASH))
        .from_(exp.select(_hash(columns).as_(_HASH, quoted=True)).from_(DATA).subquery("hashed"))
        .group_by(field(_HASH))
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )
    candidates = (
        exp.select(field(ROW_ID), *(field(c.field) for c in columns))
        .from_(DATA)
        .where(_hash(columns).isin(shared))
    )
    return statement.with_(_CANDIDATES, as_=candidates)


def _hash(columns: Sequence[Column]) -> exp.Expr:
    if not columns:
        return exp.Literal.number(0)
    return exp.func("HASH", *(field(c.field) for c in columns))
