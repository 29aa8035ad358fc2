"""The predicted probabilities of a table, read row by row, and what is wrong with some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features
from components.checks._lib.features import FloatArray
from components.checks.labels._own_model.limits import OwnModelParams
from components.checks.labels._prepare import class_sizes
from components.core.data.dataset import Column, Role, Storage
from components.core.data.predicted_columns import PredictedColumns, match
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import BoolArray, IntArray

MAX_CELLS = 20_000_000
"""Probabilities that are held at once (160 MB); of more rows, some are drawn to learn from."""
BATCH_CELLS = 2_000_000
SHOWN = 50
"""Rows that are named as examples."""
TINY = 1e-9
"""What a sum may be off without anything being said."""


class Unusable(Enum):
    """Why the probabilities of a row are not used."""

    MISSING = "missing"
    OUTSIDE = "outside"
    SUM = "sum"
    NO_COLUMN = "no column"


@dataclass(slots=True)
class FaultyRows:
    """How many rows have a fault, and the first of them."""

    n: int = 0
    row_id: list[int] = field(default_factory=list)

    def add(self, rows: IntArray) -> None:
        """Count some rows."""
        self.n += len(rows)
        self.row_id += rows[: SHOWN - len(self.row_id)].tolist()


@dataclass(slots=True)
class Repaired:
    """Numbers outside of 0 to 1, and rows whose sum is off, by no more than rounding."""

    n_outside: int = 0
    outside_by: float = 0.0
    n_sums: int = 0
    sums_by: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenProbabilities:
    """Probabilities per row and class, as they are used.

    Attributes
    ----------
    columns
        Which column is which class.
    classes
        The classes with a column, then those that only a column names; ``codes`` index them.
    sizes
        Rows of each class of the label.
    row_id, codes, probabilities
        Rows with a label and usable probabilities, shapes (n,), (n,), (n, k); rows sum to 1. Of
        very many rows some were drawn.
    n_usable, n_labelled
        How many rows the table has of these, and how many with a label.
    faults, repaired
        What was found otherwise.
    sum_of_most
        The median of the sums as they stand.
    """

    columns: PredictedColumns
    classes: tuple[str, ...]
    sizes: Mapping[str, int]
    row_id: IntArray
    codes: IntArray
    probabilities: FloatArray
    n_usable: int
    n_labelled: int
    faults: Mapping[Unusable, FaultyRows]
    repaired: Repaired
    sum_of_most: float

    @property
    def n_named(self) -> int:
        """Classes that rows of the table may have."""
        return self.columns.n_classes

    def others(self, table: Table, params: OwnModelParams) -> Iterator[_Read]:
        """Yield the usable rows that are not held here."""
        if self.n_usable == len(self.row_id):
            return
        for part in _parts(table, self.columns, self.classes, params):
            rest = part.is_usable & ~np.isin(part.row_id, self.row_id)
            if rest.any():
                yield part.only(rest)

    def said(self) -> str:
        """Return what the columns are called, for sentences."""
        return self.columns.shown()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Some rows as they were read: raw numbers and probabilities, shape (n, k)."""

    row_id: IntArray
    codes: IntArray
    raw: FloatArray
    probabilities: FloatArray
    fault: Mapping[Unusable, BoolArray]

    @property
    def is_usable(self) -> BoolArray:
        """Rows with a label of a class with a column, and probabilities."""
        usable = self.codes >= 0
        for rows in self.fault.values():
            usable &= ~rows
        return usable

    def only(self, rows: BoolArray) -> _Read:
        """Return some of the rows."""
        return _Read(
            row_id=self.row_id[rows],
            codes=self.codes[rows],
            raw=self.raw[rows],
            probabilities=self.probabilities[rows],
            fault={name: own[rows] for name, own in self.fault.items()},
        )


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of predicted probabilities."""
    return table.version.with_roles(Role.PREDICTED)


def not_numbers(table: Table) -> tuple[str, ...]:
    """Return the columns of predicted probabilities that hold something else than numbers."""
    stored = {Storage.NUMBER, Storage.INTEGER}
    return tuple(c.name for c in columns_of(table) if c.storage not in stored)


def matched(table: Table) -> tuple[PredictedColumns, dict[str, int]]:
    """Return which column is which class of the label, and the rows of each class."""
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the checks say so
    sizes = {label.text_of(v): n for v, n in class_sizes(table, label.name).items()}
    return match([c.name for c in columns_of(table)], sorted(sizes)), sizes


def read(
    table: Table,
    columns: PredictedColumns,
    sizes: Mapping[str, int],
    params: OwnModelParams,
    run: RunContext,
) -> GivenProbabilities:
    """Read the probabilities of all rows; those of many rows are held for some only."""
    rest = tuple(columns.affix.rest_of(name) for name in columns.without_class)
    both = (columns.complement,) if columns.complement else ()
    classes = (*(c for c, _ in columns.pairs), *both, *rest)
    kept = _kept(table.version.n_rows, len(classes), run.seed)
    faults = {fault: FaultyRows() for fault in Unusable}
    repaired, held, sums, n_usable = Repaired(), [], [], 0
    for part in _parts(table, columns, classes, params):
        run.progress(0.1 * int(part.row_id[-1]) / table.version.n_rows, "Reading probabilities")
        for fault, rows in part.fault.items():
            faults[fault].add(part.row_id[rows])
        usable = part.only(part.is_usable)
        sums.append(part.raw[np.isfinite(part.raw).all(axis=1)].sum(axis=1))
        n_usable += len(usable.row_id)
        _repair(repaired, usable.raw)
        held.append(usable.only(kept[usable.row_id]))
    repaired.n_outside //= 2 if columns.complement else 1  # what one leaves of 1 is outside, too
    every = np.concatenate(sums)
    return GivenProbabilities(
        columns=columns,
        classes=classes,
        sizes=sizes,
        row_id=np.concatenate([part.row_id for part in held]),
        codes=np.concatenate([part.codes for part in held]),
        probabilities=np.concatenate([part.probabilities for part in held]),
        n_usable=n_usable,
        n_labelled=sum(sizes.values()),
        faults=faults,
        repaired=repaired,
        sum_of_most=float(np.median(every)) if len(every) else float("nan"),
    )


def _kept(n_rows: int, k: int, seed: int) -> BoolArray:
    """Return which rows are held: all, or as many at random as there is room for."""
    room = MAX_CELLS // k
    if n_rows <= room:
        return np.ones(n_rows, dtype=np.bool_)
    kept = np.zeros(n_rows, dtype=np.bool_)
    kept[np.random.default_rng(seed).choice(n_rows, room, replace=False)] = True
    return kept


def _parts(
    table: Table, columns: PredictedColumns, classes: tuple[str, ...], params: OwnModelParams
) -> Iterator[_Read]:
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the checks say so
    names = [*(name for _, name in columns.pairs), *columns.without_class]
    known = {name: code for code, name in enumerate(classes[: columns.n_classes])}
    size = max(1_000, BATCH_CELLS // len(names))
    for batch in table.batches(columns=[label.name, *names], size=size):
        given = features.value_names(batch.frame[label.name], label.spelling)
        codes: IntArray = given.map(known).fillna(-1).to_numpy().astype(np.int64)
        raw = np.column_stack([features.number_values(batch.frame[name]) for name in names])
        raw = np.column_stack([raw, 1.0 - raw]) if columns.complement else raw
        no_column = given.notna().to_numpy() & (codes < 0)
        yield _judged(batch.row_id, codes, raw, no_column, params)


def _judged(
    row_id: IntArray,
    codes: IntArray,
    raw: FloatArray,
    no_column: NDArray[np.bool_],
    params: OwnModelParams,
) -> _Read:
    """Tell which rows are no probabilities, of those with a label, and scale the others."""
    has_label = (codes >= 0) | no_column
    missing = np.isnan(raw).any(axis=1)
    with np.errstate(invalid="ignore"):
        outside = ((raw < -params.rounding) | (raw > 1.0 + params.rounding)).any(axis=1)
        off = np.abs(raw.sum(axis=1) - 1.0) > params.rounding
    clipped = np.clip(np.nan_to_num(raw), 0.0, 1.0)
    total = clipped.sum(axis=1, keepdims=True)
    return _Read(
        row_id=row_id,
        codes=codes,
        raw=raw,
        probabilities=clipped / np.where(total > 0.0, total, 1.0),
        fault={
            Unusable.MISSING: has_label & missing,
            Unusable.OUTSIDE: has_label & ~missing & outside,
            Unusable.SUM: has_label & ~missing & ~outside & off,
            Unusable.NO_COLUMN: no_column,
        },
    )


def _repair(repaired: Repaired, raw: FloatArray) -> None:
    """Count what was clipped or scaled."""
    beyond = np.maximum(raw - 1.0, -raw)
    sums = np.abs(np.clip(raw, 0.0, 1.0).sum(axis=1) - 1.0)
    repaired.n_outside += int((beyond > 0.0).sum())
    repaired.outside_by = max(repaired.outside_by, float(beyond.max(initial=0.0)))
    repaired.n_sums += int((sums > TINY).sum())
    repaired.sums_by = max(repaired.sums_by, float(sums.max(initial=0.0)))
