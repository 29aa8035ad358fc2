"""The probabilities that a table brings, judged once per run: usable, or why not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from components.checks.labels._own_model.given import (
    GivenProbabilities,
    Unusable,
    columns_of,
    matched,
    not_numbers,
    read,
)
from components.checks.labels._own_model.limits import OwnModelParams, asked_limits
from components.checks.labels._own_model.one_column import OneForTwo, one_column
from components.checks.labels._own_model.seen import OurModels, Seen, fit_ours, how_right
from components.checks.labels._searching.fitted import LabelModels, fitted
from components.core.data.predicted_columns import PredictedColumns
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext
from components.core.judgement.parameters import with_values

LABEL_ERRORS = "labels.label_errors"
LEAST_ROWS = 20
NOT_USED = "The predicted probabilities in the table are not used; a check of its own says why."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModel:
    """What a table brings of a person's own model.

    Attributes
    ----------
    columns, sizes
        Which column is which class, and the rows of each class of the label.
    not_numbers
        Columns that hold something else than numbers; then nothing was read.
    given
        The probabilities; None where the columns are not those of the classes.
    seen
        How right they are; None where too few rows could be read.
    ours
        Our own models of the other columns, if there are any.
    one
        Where one column stands for two classes: which one it is read for; else None.
    """

    columns: PredictedColumns
    sizes: dict[str, int]
    limits: OwnModelParams
    not_numbers: tuple[str, ...] = ()
    given: GivenProbabilities | None = None
    seen: Seen | None = None
    ours: OurModels | None = None
    one: OneForTwo | None = None

    @property
    def is_unnamed(self) -> bool:
        """Whether the classes of the columns are not known.

        Either fewer than two columns name a class, or a column may be that of a class which none
        names.
        """
        both = self.columns.without_class and self.columns.without_column
        return self.columns.n_classes < 2 or bool(both)  # noqa: PLR2004 - two classes differ

    @property
    def is_wrong(self) -> bool:
        """Whether too many rows hold no probabilities."""
        given = self.given
        if given is None:
            return False
        wrong = given.faults[Unusable.OUTSIDE].n + given.faults[Unusable.SUM].n
        return wrong > self.limits.max_wrong * (wrong + given.n_usable)

    @property
    def usable(self) -> GivenProbabilities | None:
        """The probabilities, where labels can be judged with them."""
        if self.seen is None or self.is_wrong or self.seen.refuses(self.limits):
            return None
        return self.given


def own_model(
    table: Table,
    run: RunContext,
    *,
    max_rows: int,
    folds: int,
    limits: OwnModelParams | None = None,
) -> OwnModel | None:
    """Return what a table brings of a person's own model, found once per run; None for nothing.

    Parameters
    ----------
    max_rows, folds
        Of our own models, which it is compared with.
    limits
        None: as they are set in the run.
    """
    if not columns_of(table):
        return None
    asked = asked_limits(run) if limits is None else limits
    key = f"labels.own_model {asked} {max_rows} {folds}"
    return run.shared(key, lambda: _found(table, asked, run, max_rows, folds))


def as_asked(
    table: Table, run: RunContext, limits: OwnModelParams | None = None
) -> OwnModel | None:
    """Return the same, compared with our own models as the search for label errors has them."""
    from components.checks.labels.label_errors import LabelErrorParams

    set_there = run.params.get(LABEL_ERRORS, {})
    asked = with_values(LabelErrorParams, set_there, LABEL_ERRORS)
    return own_model(table, run, max_rows=asked.max_rows, folds=asked.folds, limits=limits)


def instead(
    found: OwnModel | None, table: Table, run: RunContext, *, max_rows: int, folds: int
) -> LabelModels:
    """Return our own models; where they take the place of probabilities, the rows say so.

    Raises
    ------
    NotApplicable
        When no column is left to read, or too few rows.
    """
    if found is None:
        return fitted(table, run, max_rows=max_rows, folds=folds)
    try:
        made = fitted(table, run, max_rows=max_rows, folds=folds)
    except NotApplicable as stop:
        raise NotApplicable(f"{NOT_USED} {stop}") from None
    told = replace(made.material, notes=(NOT_USED, *made.material.notes))
    return replace(made, material=told)


def _found(
    table: Table, limits: OwnModelParams, run: RunContext, max_rows: int, folds: int
) -> OwnModel:
    columns, sizes = matched(table)
    texts = not_numbers(table)
    one = None if texts else one_column(table, columns, run)
    if one is not None and one.is_settled(limits.one_column):
        columns = columns.for_two(one.positive, one.negative)
    found = OwnModel(columns=columns, sizes=sizes, limits=limits, not_numbers=texts, one=one)
    if texts or found.is_unnamed:
        return found
    given = read(table, columns, sizes, limits, run)
    found = replace(found, given=given)
    if found.is_wrong or given.n_usable < LEAST_ROWS or len(np.unique(given.codes)) < 2:  # noqa: PLR2004 - two classes differ
        return found
    ours = fit_ours(table, given, run, max_rows=max_rows, folds=folds)
    return replace(found, seen=how_right(given, ours, limits), ours=ours)
