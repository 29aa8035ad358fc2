"""Sentences about predicted probabilities that several checks say."""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import words
from components.checks.labels._own_model.given import GivenProbabilities, Unusable
from components.checks.labels._own_model.own_model import OwnModel
from components.core.data.predicted_columns import PredictedColumns
from components.core.data.table import Table
from components.core.judgement.findings import Coverage

WORTH_SAYING = 1e-6
"""What a sum may be off by the way that numbers are stored."""


def whose(columns: PredictedColumns) -> str:
    """Return what the probabilities are called, for the screen: the columns of the table."""
    n = len(columns.pairs)
    return f"{words.plural(n, 'column')} {words.quoted(columns.shown())} of the table"


def repaired(given: GivenProbabilities) -> Iterator[str]:
    """Say which numbers were clipped, and which rows were scaled."""
    fixed = given.repaired
    if fixed.n_outside:
        verb = "lies" if fixed.n_outside == 1 else "lie"
        yield (
            f"{words.plural(fixed.n_outside, 'number')} {verb} outside of 0 to 1, by at most "
            f"{words.number(fixed.outside_by)}: clipped."
        )
    if fixed.sums_by > WORTH_SAYING:
        yield (
            f"The probabilities of {words.plural(fixed.n_sums, 'row')} were scaled to sum to 1 "
            f"(off by at most {words.number(fixed.sums_by)})."
        )


def not_judged(given: GivenProbabilities) -> Iterator[str]:
    """Say how many rows with a label are left out, and why."""
    why = {
        Unusable.MISSING: "a missing probability",
        Unusable.OUTSIDE: "a number outside of 0 to 1",
        Unusable.SUM: "probabilities that do not sum to 1",
        Unusable.NO_COLUMN: "a label without a column of probabilities",
    }
    for fault, said in why.items():
        if n := given.faults[fault].n:
            yield f"{words.plural(n, 'row')} with {said} not judged."


def coverage_of(table: Table, found: OwnModel) -> Coverage:
    """Say which rows hold probabilities that can be used."""
    total, given = table.version.n_rows, found.given
    if given is None:
        return Coverage(rows_seen=0, rows_total=total, note="The probabilities were not read.")
    notes = [*repaired(given), *not_judged(given)]
    if unlabelled := total - given.n_labelled:
        notes.append(f"{words.plural(unlabelled, 'row')} without a label.")
    return Coverage(rows_seen=given.n_usable, rows_total=total, note=" ".join(notes))
