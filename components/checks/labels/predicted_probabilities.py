"""Look whether predicted probabilities that a table brings can be used to judge its labels.

What it looks for
-----------------
Columns with the role “predicted probability”: what a person's own model predicted, one column for
each class of the label. Missing numbers, numbers outside of 0 to 1, rows that do not sum to 1,
classes without a column, columns without a class, and models that had seen the rows they judge.

Why it matters before training
------------------------------
A good model of one's own, such as a network for images or texts, finds wrong labels that models of
the columns cannot find. But a model knows its training rows by heart, wrong labels included: with
its probabilities of these rows, every label looks right.

How it decides
--------------
Which column is which class is told from its name: what the names have in common is taken off, and
the rest must be the class, the same but for case and signs. The order of columns is never taken
for that of the classes. One column is enough for a label of two classes: the other class has what
is left of 1. Where its name names neither class, it is read for the one in whose rows its numbers
are higher, if a column that has nothing to do with the label would show so clear a difference in
fewer than one of 1,000 tables, and that is said. Where they are about as high for both, or where
its name says one class and its numbers the other, it is not used, and you are asked.

Numbers that are beyond 0 to 1, or sums that are off, by 0.02 at most are rounded: they are clipped
and scaled to sum to 1, and that is said. Other rows are left out; when they are more than 5 %, none
is used. A row without a number is left out.

A model counts as having seen the rows when it puts the given label first in 99 % of them or more,
and our own models of the other columns, trained without the row, are right less often by more than
5 points, at the lower 95 % end of the difference. Where our own models are nearly as good, the
label is simply easy, and the probabilities are used. Where no other column can be read, it counts
so from 99.9 % on: fewer than one label in a thousand could be doubted. The probabilities are not
used either when 99.5 % of the rows give one class 99.9 % or more and our own models are not nearly
always right: a model that is sure of everything puts no doubt before another.

What it cannot see
------------------
How the probabilities were made. Of one column without a name, a model worse than guessing is taken
for a good one of the other class. A model that had seen the rows, but learned them less than by
heart (below 99 %), is not recognised, nor one whose label our own models tell nearly as well; it
doubts too few labels. A very good model of pictures or texts whose other columns say little looks
as if it had seen the rows: set the limit higher for it.

What to do
----------
Predict every row with a model that was not trained on it (cross-validation), and write one column
for each class, called after the class; for two classes, one column is enough.

References
----------
Northcutt, Jiang, Chuang 2021, Confident learning, JAIR 70 (out-of-sample probabilities). Zhang,
Bengio, Hardt, Recht, Vinyals 2017, ICLR (models fit wrong labels of their training rows).
"""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import words
from components.checks.labels._own_model import findings
from components.checks.labels._own_model.left_out import left_out
from components.checks.labels._own_model.limits import OwnModelParams
from components.checks.labels._own_model.one_told import read_as
from components.checks.labels._own_model.own_model import OwnModel, as_asked
from components.checks.labels._own_model.said import coverage_of
from components.core.data.dataset import Role, Task
from components.core.data.predicted_columns import PredictedColumns
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Ranking, Unit

SHOWN = 100
"""Classes in the list."""


@check(
    title="Predicted probabilities that the table brings",
    needs=Needs(roles=(Role.LABEL, Role.PREDICTED), task=Task.CLASSIFICATION, min_rows=20),
    cost=Cost.MODEL,
    params=OwnModelParams,
    version=2,
    sources=("Northcutt, Jiang, Chuang 2021, JAIR 70",),
    libraries=("scikit-learn",),
)
def predicted_probabilities(
    table: Table, params: OwnModelParams, run: RunContext
) -> Iterator[Item]:
    """Yield which column is which class, what was repaired, and why some are not used."""
    run.progress(0.0)
    found = as_asked(table, run, params)
    label = table.version.label
    assert found is not None  # noqa: S101 - the needs of the check say so
    assert label is not None  # noqa: S101 - the needs of the check say so
    yield _classes(found)
    yield from _measures(found)
    yield coverage_of(table, found)
    refused = findings.refusal(found, label)
    if refused is not None:
        yield refused
    elif found.given is not None:
        if found.one is not None and not found.one.is_named:
            yield read_as(found.one, label, found.limits.one_column)
        yield from left_out(found, found.given, label)


def _classes(found: OwnModel) -> Ranking:
    """Show which column is which class."""
    column = dict(found.columns.pairs)
    order = sorted(found.sizes, key=lambda name: (-found.sizes[name], name))[:SHOWN]
    return Ranking(
        name="Classes of the label, and the columns of their probabilities",
        axis="rows with that label",
        unit=Unit.COUNT,
        items=tuple(order),
        values=tuple(float(found.sizes[name]) for name in order),
        notes=tuple(_noted(name, column, found.columns) for name in order),
    )


def _noted(name: str, column: dict[str, str], columns: PredictedColumns) -> str:
    if name in column:
        return f"column {words.quoted(column[name])}"
    if name == columns.complement:
        return f"what {words.quoted(columns.shown())} leaves of 1"
    return "no column"


def _measures(found: OwnModel) -> Iterator[Measure]:
    """Show how right the probabilities are, beside our own models, and what was repaired."""
    seen, given = found.seen, found.given
    if seen is not None:
        yield findings.right_of(seen)
        yield findings.saturated_of(seen, found)
        if seen.n_both:
            name = "labels that our own models predict right, without having seen the row"
            yield Measure(name=name, value=seen.ours, unit=Unit.SHARE, n=seen.n_both)
    if given is not None:
        name = "numbers outside of 0 to 1 that were clipped"
        n = given.n_usable * len(given.classes)
        yield Measure(name=name, value=float(given.repaired.n_outside), unit=Unit.COUNT, n=n)
