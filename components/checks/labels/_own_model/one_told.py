"""What is said of one column of probabilities for a label of two classes."""

from __future__ import annotations

from components.checks._lib import words
from components.checks.labels._own_model.limits import ID
from components.checks.labels._own_model.one_column import OneForTwo
from components.core.data.dataset import Column
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

OURS = "ours, see the help text"


def read_as(one: OneForTwo, label: Column, level: float) -> Finding:
    """Say for which class a column was read, where its name does not say it."""
    return _finding(
        one,
        "one_column",
        f"{words.quoted(one.column)} was read as the probability of {words.quoted(one.positive)} "
        f"in {words.quoted(label.name)}: higher in {words.share(one.told.value)} of pairs",
        f"Its name names neither {words.quoted(one.positive)} nor {words.quoted(one.negative)}. "
        f"{_pairs(one)} {words.quoted(one.negative)} has what is left of 1.",
        severity=Severity.INFO,
        level=level,
        action=f"If it is the probability of {words.quoted(one.negative)}, call it after that "
        "class, as in prob_yes.",
        caveat="A model that is worse than guessing looks like a good one of the other class.",
    )


def unclear(one: OneForTwo, label: Column, level: float, not_used: str) -> Finding:
    """Ask which class a column is, where its numbers do not tell, or tell another than its name."""
    against = one.is_against(level)
    why = (
        f"Its name says {words.quoted(one.positive)}, and its numbers are higher where the label "
        f"is {words.quoted(one.negative)}."
        if against
        else f"Its name names neither {words.quoted(one.positive)} nor "
        f"{words.quoted(one.negative)}, and its numbers are about as high for both."
    )
    return _finding(
        one,
        "one_column_unclear",
        f"Predicted probabilities are not used: of which of 2 classes of {words.quoted(label.name)}"
        f" {words.quoted(one.column)} is the probability is not clear",
        f"{why} {_pairs(one)} {not_used}",
        severity=Severity.WARNING,
        level=level,
        action="Call the column after the class whose probability it is, as in prob_yes, or add a "
        "column for the other class.",
        caveat="A model that tells nothing of the label looks the same.",
    )


def _pairs(one: OneForTwo) -> str:
    return (
        f"Of two rows with different labels, the one with {words.quoted(one.positive)} has the "
        f"higher number in {words.share(one.told.value)} of the cases (95 % interval "
        f"{words.share(one.told.low)} to {words.share(one.told.high)}, "
        f"{words.plural(one.n, 'row')})."
    )


def _finding(
    one: OneForTwo,
    key: str,
    title: str,
    detail: str,
    *,
    severity: Severity,
    level: float,
    action: str,
    caveat: str,
) -> Finding:
    return Finding(
        check_id=ID,
        key=key,
        title=title,
        detail=detail,
        severity=severity,
        measure=one.told.measure(
            "pairs in which the row of the class has the higher number", one.n
        ),
        threshold=Threshold(value=level, param="one_column", source=OURS),
        affected=Affected(columns=(one.column,)),
        recommended_action=action,
        caveat=caveat,
    )
