"""Which classes of the label are compared between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.checks._lib import ask
from components.checks._lib.groups.classes import favourable
from components.checks._lib.groups.rates import OutcomeClass, outcome_of
from components.checks._lib.words import listed, quoted
from components.core.data.query import Agg, Fn, Missing, Not, Scalar
from components.core.data.table import Table
from components.core.errors import NotApplicable, UnusableInput
from components.core.judgement.parameters import Value

MAX_CLASSES = 10
MIN_ROWS = 30
"""Labelled rows of a group that is compared, as in the check of gaps between groups."""
OUTCOME_GAP = "bias.outcome_gap"
"""The check whose parameters name the favourable class, and the fewest rows of a group."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The classes that are compared: the favourable one of two, each of several.

    Attributes
    ----------
    why
        Why the class was chosen, as the end of a sentence; "" where there are several.
    n_left_out
        Rarer classes that are not compared.
    """

    classes: tuple[OutcomeClass, ...]
    why: str
    n_left_out: int = 0


def outcomes(
    table: Table, label: str, *, chosen: str = "", max_classes: int = MAX_CLASSES
) -> Outcomes:
    """Return the classes of a label that are compared between groups.

    Parameters
    ----------
    chosen
        The class that a person calls favourable; "": by words or rarity.
    max_classes
        Most of more than two, the most frequent first.

    Raises
    ------
    NotApplicable
        When the label has fewer than two classes.
    UnusableInput
        When it has no class ``chosen``.
    """
    records = table.groups([label], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label)), order_by="n")
    column = table.version.column(label)
    values: dict[str, Scalar] = {column.text_of(r[label]): r[label] for r in records}
    if len(values) < 2:  # noqa: PLR2004 - nothing can differ
        raise NotApplicable(f"The label {quoted(label)} has fewer than two classes.")
    if chosen:
        if chosen not in values:
            raise UnusableInput(
                f"The label {quoted(label)} has no class {quoted(chosen)}.",
                f"Choose one of {listed(list(values)[:10], limit=10)}.",
            )
        return Outcomes((outcome_of(column, values[chosen]),), "as it was chosen")
    if len(values) == 2:  # noqa: PLR2004 - one of two is favourable
        counts = {column.text_of(r[label]): ask.whole(r["n"]) for r in records}
        name, why = favourable(counts, label)
        return Outcomes((outcome_of(column, values[name]),), why)
    kept = tuple(outcome_of(column, values[name]) for name in list(values)[:max_classes])
    return Outcomes(kept, "", len(values) - len(kept))


def min_rows_as_set(params: Mapping[str, Mapping[str, Value]]) -> int:
    """Return how many labelled rows a group needs to be compared, by what was set in a run."""
    return int(params.get(OUTCOME_GAP, {}).get("min_rows", MIN_ROWS))


def outcomes_as_set(
    table: Table, label: str, params: Mapping[str, Mapping[str, Value]]
) -> tuple[OutcomeClass, ...]:
    """Return the same by what was set in a run; a class that does not exist is as none set."""
    chosen = str(params.get(OUTCOME_GAP, {}).get("favourable", ""))
    try:
        return outcomes(table, label, chosen=chosen).classes
    except UnusableInput:  # the check of gaps says so
        return outcomes(table, label).classes
