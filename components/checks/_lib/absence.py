"""What missing values say about the class: exact counts over all rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.core.data.dataset import Column, Kind
from components.core.data.query import Agg, Fn, Missing, Not
from components.core.data.table import Table

AT_ONCE = 200
"""Columns per statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What a missing (or present) value says about one class; exact counts.

    Attributes
    ----------
    filled
        Whether the telling state is “has a value” (else “is missing”).
    n
        Rows in that state.
    purity
        Share of them with ``label``.
    separation
        Difference of the shares of rows in that state, inside and outside the class, in [0, 1]
        (Youden's J).
    """

    column: str
    label: str
    filled: bool
    n: int
    purity: float
    base: float
    separation: float


def absences(table: Table, label: Column) -> Iterator[Absence]:
    """Compare the share of missing values inside and outside each class."""
    columns = [c for c in table.version.columns if c.role.is_input and c.kind is not Kind.EMPTY]
    for start in range(0, len(columns), AT_ONCE):
        part = columns[start : start + AT_ONCE]
        measures = {f"m{i}": Agg(Fn.MISSING, c.name) for i, c in enumerate(part)}
        groups = table.groups(
            [label.name], {"n": Agg(Fn.ROWS), **measures}, where=Not(Missing(label.name))
        )
        n = np.array([_count(g["n"]) for g in groups], dtype=np.float64)
        for i, column in enumerate(part):
            missing = np.array([_count(g[f"m{i}"]) for g in groups], dtype=np.float64)
            if 0 < missing.sum() < n.sum() and len(n) > 1:
                yield _absence(
                    column.name, [label.text_of(g[label.name]) for g in groups], n, missing
                )


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _absence(column: str, labels: list[str], n: FloatArray, missing: FloatArray) -> Absence:
    """Return the class and the state (missing or filled) that belong together most."""
    inside = missing / n
    outside = (missing.sum() - missing) / np.maximum(1, n.sum() - n)
    apart = np.round(np.abs(inside - outside), 9)
    in_state = np.where(inside < outside, n - missing, missing)
    totals = np.where(inside < outside, (n - missing).sum(), missing.sum())
    purity = in_state / totals
    best = int(np.lexsort((np.arange(len(n)), -purity, -apart))[0])
    return Absence(
        column=column,
        label=labels[best],
        filled=bool(inside[best] < outside[best]),
        n=int(totals[best]),
        purity=float(purity[best]),
        base=float(n[best] / n.sum()),
        separation=float(apart[best]),
    )
