"""Which rows, classes and columns the search for label errors works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask, features, words
from components.checks._lib.encoder import TEXT_TOPICS, Encoded, Encoder, fit_encoder
from components.checks._lib.features import Plan
from components.checks._lib.label_leaks import copies
from components.checks._lib.single_columns import single_columns
from components.core.data.query import Agg, Fn, Missing, Not, OneOf
from components.core.data.table import IntArray, Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | bool

MAX_CELLS = 20_000_000
"""Encoded cells of the rows that models are trained on (160 MB)."""
MAX_COLUMNS = 1_000
MAX_CLASSES = 100
MIN_FIT_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The rows that models are trained on, in an order that depends on their contents only.

    Attributes
    ----------
    classes
        Names of the classes that are checked; ``codes`` index them.
    codes
        Class of each row, shape (n,).
    keys
        Equal for rows with equal inputs, shape (n,).
    n_labelled
        Rows of the table with a label of one of ``classes``.
    notes
        What was left out, one sentence each.
    """

    label: str
    classes: tuple[str, ...]
    row_id: IntArray
    codes: IntArray
    keys: NDArray[np.uint64]
    encoder: Encoder
    rows: Encoded
    n_labelled: int
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """The columns that models read."""
        return self.encoder.plan

    def codes_of(self, labels: pd.Series) -> IntArray:
        """Return the class of each label; -1 for missing ones and for classes not checked."""
        known = {name: code for code, name in enumerate(self.classes)}
        return np.asarray(features.value_names(labels).map(known).fillna(-1), dtype=np.int64)


def prepare(table: Table, run: RunContext, *, max_rows: int, folds: int) -> Material:
    """Draw, encode and order the rows.

    Raises
    ------
    NotApplicable
        When fewer than two classes have enough rows, or no column is left to read.
    """
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the check say so
    plan, notes = _columns(table, run)
    values, sizes = _classes(table, label.name, folds)
    rows = _rows_to_fit(plan, max_rows)
    names = [label.name, *plan.names]
    drawn = table.sample(rows, seed=run.seed, columns=names, where=OneOf(label.name, tuple(values)))
    given = features.value_names(drawn.frame[label.name]).to_numpy(dtype=object)
    keys = features.content_keys(drawn.frame, plan.names)
    classes, notes = _enough(given, keys, sizes, folds, notes)
    code = {name: i for i, name in enumerate(classes)}
    codes = np.array([code.get(str(name), -1) for name in given], dtype=np.int64)
    order = np.lexsort((drawn.row_id, codes, features.mixed(keys, run.seed)))
    order = order[codes[order] >= 0]
    frame = drawn.frame.iloc[order].reset_index(drop=True)
    run.progress(0.05, "Turning columns into numbers")
    encoder = fit_encoder(frame, plan, seed=run.seed)
    return Material(
        label=label.name,
        classes=classes,
        row_id=drawn.row_id[order],
        codes=codes[order],
        keys=keys[order],
        encoder=encoder,
        rows=encoder.encode(frame),
        n_labelled=sum(sizes[name] for name in classes),
        notes=notes,
    )


def _columns(table: Table, run: RunContext) -> tuple[Plan, tuple[str, ...]]:
    left_out = copies(single_columns(table, run))
    notes = []
    if left_out:
        notes.append(
            f"{words.listed(left_out)} gave the label away and "
            f"{'was' if len(left_out) == 1 else 'were'} not read."
        )
    names = [c.name for c in table.version.inputs if c.name not in left_out]
    if len(names) > MAX_COLUMNS:
        notes.append(f"Only the first {MAX_COLUMNS:,} of {len(names):,} columns were read.")
    plan = features.plan(table.version, leave_out={*left_out, *names[MAX_COLUMNS:]})
    if not plan.names:
        why = f" {notes[0]}" if notes else ""
        raise NotApplicable(f"No input column is left to judge the labels with.{why}")
    return plan, tuple(notes)


def _classes(table: Table, label: str, folds: int) -> tuple[list[Value], dict[str, int]]:
    groups = table.groups([label], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label)), order_by="n")
    sizes = {ask.value_text(g[label]): ask.whole(g["n"]) for g in groups}
    values = [v for g in groups if isinstance(v := g[label], str | int | float | bool)]
    kept = [v for v in values[:MAX_CLASSES] if sizes[ask.value_text(v)] >= folds]
    if len(kept) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise NotApplicable(
            f"The label {words.quoted(label)} has fewer than two classes with {folds} rows or more."
        )
    return kept, sizes


def _rows_to_fit(plan: Plan, max_rows: int) -> int:
    width = 2 * len(plan.numbers) + 8 * len(plan.times) + 32 * len(plan.categories)
    width += TEXT_TOPICS * 4 * bool(plan.texts)
    return min(max_rows, max(MIN_FIT_ROWS, MAX_CELLS // max(1, width)))


def _enough(
    given: NDArray[np.object_],
    keys: NDArray[np.uint64],
    sizes: dict[str, int],
    folds: int,
    notes: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keep the classes with different inputs for every fold; name the others."""
    different = {str(c): len(np.unique(keys[given == c])) for c in set(given.tolist())}
    classes = tuple(sorted(c for c, n in different.items() if n >= folds))
    rare = sorted((c for c in sizes if c not in classes), key=lambda c: (-sizes[c], c))
    if len(classes) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise NotApplicable(
            f"Fewer than two classes have {folds} rows with different inputs, so no label can be "
            "judged by a model that has not seen its row."
        )
    if not rare:
        return classes, notes
    note = (
        f"{words.plural(len(rare), 'class', 'classes')} with too few rows to check, "
        f"{words.plural(sum(sizes[c] for c in rare), 'row')}: {words.listed(rare)}."
    )
    return classes, (*notes, note)
