"""The rows that models of a numeric label are trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask, features, words
from components.checks._lib.encoder import Encoded, Encoder, fit_encoder
from components.checks._lib.features import MAX_ABS, FloatArray
from components.checks._lib.probe import deal_folds
from components.checks.labels._prepare import columns_read, rows_to_fit
from components.checks.labels._searching.linked_rows import Belonging, carriers, value_keys
from components.core.data.dataset import Column
from components.core.data.query import Agg, AllOf, Compare, Condition, Fn, Not, OneOf, Op
from components.core.data.table import IntArray, Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

STRATA = 10
"""Parts of the label, by rank, that the folds share evenly."""
SPIKE = 0.2
"""Share of the rows from which one number that stands apart is no amount but a state (ours)."""
MANY = 20
"""Different numbers a label must have for that: a rating has fewer."""
BATCH = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRows:
    """Rows with a number in the label, in an order that depends on their contents only.

    Attributes
    ----------
    y
        The numbers, shape (n,).
    where
        Which rows of the table are judged.
    n_judged
        How many these are.
    notes
        What was left out, one sentence each.
    """

    label: Column
    row_id: IntArray
    y: FloatArray
    belonging: Belonging
    encoder: Encoder
    rows: Encoded
    where: Condition
    n_judged: int
    spike: float | None
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that judging a row reads."""
        own = (self.label.name, *self.belonging.names, *self.belonging.carriers)
        return tuple(dict.fromkeys(own))

    def folds(self, k: int, seed: int) -> IntArray:
        """Deal the rows to folds: rows that belong together into one, the label evenly."""
        from scipy import stats

        rank = stats.rankdata(self.y, method="average") - 1.0
        return deal_folds(
            self.belonging.sets, np.floor(rank * STRATA / len(rank)).astype(np.int64), k, seed
        )

    def others(self, table: Table) -> Iterator[tuple[pd.DataFrame, IntArray, FloatArray, float]]:
        """Yield the judged rows that no model saw: frame, ids, numbers, share done."""
        drawn, seen = np.sort(self.row_id), 0
        for batch in table.batches(columns=self.columns, size=BATCH):
            seen += len(batch.row_id)
            y = features.number_values(batch.frame[self.label.name])
            at = np.minimum(np.searchsorted(drawn, batch.row_id), len(drawn) - 1)
            rest = np.flatnonzero(self._is_judged(y) & (drawn[at] != batch.row_id))
            if len(rest):
                frame = batch.frame.iloc[rest].reset_index(drop=True)
                yield frame, batch.row_id[rest], y[rest], seen / table.version.n_rows

    def _is_judged(self, y: FloatArray) -> NDArray[np.bool_]:
        there = np.abs(y) < MAX_ABS
        return there if self.spike is None else there & (y != self.spike)


def draw_numbers(table: Table, run: RunContext, *, max_rows: int, folds: int) -> NumberRows:
    """Draw, encode and order rows with a number in the label.

    Raises
    ------
    NotApplicable
        When too few rows hold a number, all numbers are equal, or no column is left to read.
    """
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the check say so
    plan, notes = columns_read(table, run)
    where, n, spike, left = _judged(table, label)
    if n < 4 * folds:
        raise NotApplicable(
            f"{words.plural(n, 'row')} with a number in {words.quoted(label.name)} can be judged; "
            f"it needs {4 * folds}."
        )
    owners = carriers(table.version)
    names = list(dict.fromkeys([label.name, *plan.names, *owners]))
    drawn = table.sample(rows_to_fit(plan, max_rows), seed=run.seed, columns=names, where=where)
    y = features.number_values(drawn.frame[label.name])
    if len(np.unique(y)) < 2:  # noqa: PLR2004 - nothing to predict
        raise NotApplicable(f"All numbers in {words.quoted(label.name)} are equal.")
    keys = features.content_keys(drawn.frame, plan.names)
    order = np.lexsort((drawn.row_id, y, features.mixed(keys, run.seed)))
    frame = drawn.frame.iloc[order].reset_index(drop=True)
    run.progress(0.05, "Turning columns into numbers")
    encoder = fit_encoder(frame, plan, seed=run.seed)
    return NumberRows(
        label=label,
        row_id=drawn.row_id[order],
        y=y[order],
        belonging=Belonging(
            names=plan.names,
            carriers=owners,
            keys=keys[order],
            links=tuple(value_keys(frame, name, keys[order]) for name in owners),
        ),
        encoder=encoder,
        rows=encoder.encode(frame),
        where=where,
        n_judged=n,
        spike=spike,
        notes=(*notes, *left),
    )


def _judged(table: Table, label: Column) -> tuple[Condition, int, float | None, tuple[str, ...]]:
    """Return which rows are judged, how many, the number that is a state, and what is left out."""
    name = label.name
    finite: Condition = AllOf((Compare(name, Op.GT, -MAX_ABS), Compare(name, Op.LT, MAX_ABS)))
    counted = table.aggregate(
        {
            "n": Agg(Fn.ROWS, where=finite),
            "missing": Agg(Fn.MISSING, name),
            "different": Agg(Fn.DISTINCT, name),
        }
    )
    n, missing = ask.whole(counted["n"]), ask.whole(counted["missing"])
    notes = []
    if missing:
        notes.append(f"{words.plural(missing, 'row')} without a number not judged.")
    if over := table.version.n_rows - n - missing:
        notes.append(f"{words.plural(over, 'row')} with an infinite number not judged.")
    spike = _spike(table, name, finite, n) if ask.whole(counted["different"]) > MANY else None
    if spike is None:
        return finite, n, None, tuple(notes)
    value, rows = spike
    notes.append(
        f"{words.number(value)} stands in {words.of_rows(rows, table.version.n_rows)}: it is taken "
        "for a state of its own, and only the other numbers were judged, against one another."
    )
    return AllOf((finite, Not(OneOf(name, (value,))))), n - rows, value, tuple(notes)


def _spike(table: Table, name: str, where: Condition, n: int) -> tuple[float, int] | None:
    """Return the number that more than a fifth of the rows hold, and in how many it stands."""
    most = table.groups([name], {"n": Agg(Fn.ROWS)}, where=where, order_by="n", limit=1)
    rows = ask.whole(most[0]["n"]) if most else 0
    return (ask.real(most[0][name]), rows) if n and rows > SPIKE * n else None
