"""What is said about predicted probabilities that cannot be used, or not for all rows."""

from __future__ import annotations

from components.checks._lib import words
from components.checks.labels._learning.learnable import Learnable
from components.checks.labels._own_model.given import FaultyRows, Unusable
from components.checks.labels._own_model.limits import ID
from components.checks.labels._own_model.one_told import unclear
from components.checks.labels._own_model.own_model import LEAST_ROWS, OwnModel
from components.checks.labels._own_model.seen import Seen
from components.core.data.dataset import Column
from components.core.data.predicted_columns import normal
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    Doubt,
    Finding,
    Severity,
    Threshold,
)

LEARNABILITY = "labels.learnability"
OURS = "ours, see the help text"
PERCENT = (95.0, 105.0)
"""Sums of a row that are about 100."""
NOT_USED = "Labels are judged by our own models of the other columns instead, where there are any."
CANNOT = "Where the probabilities come from is not written in a table."


def refusal(found: OwnModel, label: Column) -> Finding | None:
    """Return why the probabilities are not used; None where they are."""
    if found.not_numbers:
        return _no_numbers(found)
    if found.is_unnamed:
        return _of_which_class(found, label)
    if found.is_wrong:
        return _no_probabilities(found)
    if found.seen is None:
        return _too_few(found)
    if found.seen.refuses(found.limits):
        return _seen_before(found, found.seen, label)
    return None


def _of_which_class(found: OwnModel, label: Column) -> Finding:
    if found.one is None:
        return _no_classes(found, label)
    return unclear(found.one, label, found.limits.one_column, NOT_USED)


def _refused(
    found: OwnModel,
    key: str,
    title: str,
    detail: str,
    *,
    measure: Measure,
    action: str,
    threshold: Threshold | None = None,
    affected: Affected | None = None,
    caveat: str = CANNOT,
) -> Finding:
    names = (*(name for _, name in found.columns.pairs), *found.columns.without_class)
    return Finding(
        check_id=ID,
        key=key,
        title=title,
        detail=f"{detail} {NOT_USED}",
        severity=Severity.WARNING,
        measure=measure,
        threshold=threshold,
        affected=affected or Affected(columns=names),
        recommended_action=action,
        caveat=caveat,
    )


def named(found: OwnModel) -> str:
    """Return what the columns are called."""
    return words.quoted(found.columns.shown())


def _no_numbers(found: OwnModel) -> Finding:
    n = len(found.not_numbers)
    return _refused(
        found,
        "no_numbers",
        f"Predicted probabilities are not used: {words.plural(n, 'column')} of them "
        f"{'holds' if n == 1 else 'hold'} something else than numbers",
        f"These are {words.listed(found.not_numbers)}.",
        measure=Measure(name="Columns that hold no numbers", value=float(n), unit=Unit.COUNT),
        action="Correct their cells in the file, set their kind to number, or give them another "
        "role.",
        affected=Affected(columns=found.not_numbers),
        caveat="Kinds are guessed where no person chose them.",
    )


def _no_classes(found: OwnModel, label: Column) -> Finding:
    columns = found.columns
    without = columns.without_column
    n_rows = sum(found.sizes[name] for name in without)
    left = (
        f" {words.plural(len(columns.without_class), 'column')} "
        f"{'names' if len(columns.without_class) == 1 else 'name'} no class: "
        f"{words.listed(columns.without_class)}."
        if columns.without_class
        else ""
    )
    return _refused(
        found,
        "no_classes",
        f"Predicted probabilities are not used: {len(without):,} of "
        f"{words.plural(len(found.sizes), 'class', 'classes')} of {words.quoted(label.name)} "
        f"{'has' if len(without) == 1 else 'have'} no column",
        f"No column is called after {words.listed(without)} ({words.plural(n_rows, 'row')}).{left} "
        "Which column is which class is told from its name: the same text as in the label, but for "
        "case and signs.",
        measure=Measure(
            name="Classes without a column", value=float(len(without)), unit=Unit.COUNT
        ),
        action=f"Call each column {named(found)} with the class in place of the dots."
        f"{_by_position(found)}",
        affected=Affected(columns=(label.name, *columns.without_class), n_rows=n_rows),
        caveat="The order of columns is not taken for that of the classes: it may be another one.",
    )


def _by_position(found: OwnModel) -> str:
    """Say what numbered columns would be, if the classes are sorted as most libraries do."""
    columns = found.columns
    rests = [normal(columns.affix.rest_of(name)) for name in columns.without_class]
    n, digits = len(rests), all(rest.isdigit() for rest in rests)
    if columns.pairs or not digits or n != len(columns.without_column):
        return ""
    pairs = zip(sorted(columns.without_class, key=lambda name: (len(name), name)),
                sorted(columns.without_column), strict=True)  # fmt: skip
    shown = [f"{words.quoted(a)} is {words.quoted(b)}" for a, b in [*pairs][:3]]
    return (
        f" If they are numbered in the order of the sorted classes, {words.joined(shown)}"
        f"{', and so on' if n > len(shown) else ''}."
    )


def _no_probabilities(found: OwnModel) -> Finding:
    given = found.given
    assert given is not None  # noqa: S101 - rows were read, or none would be wrong
    outside, sums = given.faults[Unusable.OUTSIDE], given.faults[Unusable.SUM]
    n = outside.n + sums.n
    share = n / max(1, n + given.n_usable)
    low, high = PERCENT
    percent = low <= given.sum_of_most <= high
    return _refused(
        found,
        "no_probabilities",
        f"Predicted probabilities are not used: {words.plural(n, 'row')} of {named(found)} "
        f"{'holds' if n == 1 else 'hold'} none ({words.share(share)})",
        f"{words.plural(outside.n, 'row')} with a number outside of 0 to 1, "
        f"{words.plural(sums.n, 'row')} that {'does' if sums.n == 1 else 'do'} not sum to 1. Most "
        f"rows sum to {words.number(given.sum_of_most)}.",
        measure=Measure(
            name="Rows that are no probabilities",
            value=share,
            unit=Unit.SHARE,
            n=n + given.n_usable,
        ),
        action="These look like percentages: divide them by 100."
        if percent
        else "Write the probabilities of all classes, such as predict_proba or a softmax gives, or "
        "give the columns another role.",
        threshold=Threshold(value=found.limits.max_wrong, param="max_wrong", source="ours"),
        affected=rows_of(found, n, outside, sums),
        caveat="Scores of other kinds can be good as well; they are not understood here.",
    )


def rows_of(found: OwnModel, n: int, *faulty: FaultyRows) -> Affected:
    """Return what a finding about some rows touches."""
    given = found.given
    total = max(1, given.n_labelled if given else 1)
    rows = sorted({row for one in faulty for row in one.row_id})
    names = tuple(name for _, name in found.columns.pairs)
    return Affected(columns=names, n_rows=n, share=n / total, row_id=tuple(rows))


def _too_few(found: OwnModel) -> Finding:
    given = found.given
    assert given is not None  # noqa: S101 - rows were read, or it would be refused already
    missing = given.faults[Unusable.MISSING]
    return _refused(
        found,
        "too_few",
        f"Predicted probabilities are not used: {words.plural(given.n_usable, 'row')} "
        f"{'has' if given.n_usable == 1 else 'have'} them and a label, or all have one class",
        f"{words.plural(missing.n, 'row')} with a missing probability. At least {LEAST_ROWS} rows "
        "of two classes are needed.",
        measure=Measure(
            name="Rows with probabilities", value=float(given.n_usable), unit=Unit.COUNT
        ),
        action="Add the probabilities of more rows, predicted by a model that had not seen them.",
        affected=rows_of(found, missing.n, missing),
    )


def _seen_before(found: OwnModel, seen: Seen, label: Column) -> Finding:
    return _refused(
        found,
        "seen_before",
        f"Predicted probabilities are not used: the model seems to have seen the rows ("
        f"{words.share(seen.right)} of the labels come first in {named(found)})"
        if seen.is_too_right(found.limits)
        else f"Predicted probabilities are not used: in {words.share(seen.saturated)} of the rows "
        f"{named(found)} says one class with {words.share(found.limits.saturated)} or more",
        f"{_beside(seen, label)} A model knows by heart what it was trained on, wrong labels "
        "included, and a model that is sure of everything doubts nothing: no wrong label can be "
        "found with such probabilities.",
        measure=right_of(seen) if seen.is_too_right(found.limits) else saturated_of(seen, found),
        action="Predict each row with a model that was not trained on it, as cross_val_predict "
        "with method='predict_proba' does, and write these probabilities.",
        threshold=_crossed(found, seen),
        caveat="A model that truly is so good on new rows looks the same where our own models, "
        "which read the other columns only, are far below. If yours is, set the limit higher.",
    )


def _beside(seen: Seen, label: Column) -> str:
    said = (
        f"The given class of {words.quoted(label.name)} comes first in {words.share(seen.right)} "
        f"of {words.plural(seen.n, 'row')}."
    )
    if not seen.n_both:
        return f"{said} No other column is there for models of ours to compare with."
    return (
        f"{said} Our own models, which had not seen the row they judge, are right in "
        f"{words.share(seen.ours)} of the {words.plural(seen.n_both, 'row')} that both judged."
    )


def _crossed(found: OwnModel, seen: Seen) -> Threshold:
    limits = found.limits
    if not seen.is_too_right(limits):
        return Threshold(value=limits.max_saturated, param="max_saturated", source="ours")
    if seen.n_both:
        return Threshold(value=limits.nearly_all, param="nearly_all", source=OURS)
    return Threshold(value=limits.alone, param="alone", source="ours")


def right_of(seen: Seen) -> Measure:
    """Return how often the given label comes first."""
    name = "labels that the probabilities put first"
    return Measure(name=name, value=seen.right, unit=Unit.SHARE, n=seen.n)


def saturated_of(seen: Seen, found: OwnModel) -> Measure:
    """Return in how many rows one class has nearly all of the probability."""
    name = f"rows where one class has {words.share(found.limits.saturated)} or more"
    return Measure(name=name, value=seen.saturated, unit=Unit.SHARE, n=seen.n)


def no_skill(label: Column, found: Learnable) -> Finding:
    """Return the finding where nothing shows that the probabilities tell the label at all."""
    told = found.told
    return Finding(
        check_id=LEARNABILITY,
        key="no_skill",
        title=f"The probabilities in the table tell {words.quoted(label.name)} no better than "
        f"guessing: {words.share(told.value)} of pairs, where guessing gets 50 %",
        detail=f"Of two rows with different labels, the probabilities in {found.told_by} say which "
        f"is which in {words.share(told.value)} of the cases (95 % interval "
        f"{words.share(told.low)} to {words.share(told.high)}, "
        f"{words.plural(found.n_rows, 'row')}). No other column is left to learn the label from.",
        severity=Severity.WARNING,
        doubt=Doubt.NOT_LEARNABLE,
        measure=told.measure(
            "pairs of rows with different labels that the probabilities tell apart", found.n_rows
        ),
        threshold=Threshold(value=found.level, param="level", source=OURS),
        affected=Affected(columns=(label.name,)),
        recommended_action="Make sure that the probabilities stand in the rows that they belong "
        "to, and that each column is called after its class.",
        caveat="Another model may tell the label from what this table does not hold.",
    )
