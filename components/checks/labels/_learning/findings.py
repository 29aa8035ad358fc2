"""What is said about a label that cannot be learned, or all too easily."""

from __future__ import annotations

from components.checks._lib import words
from components.checks.labels._learning.asked import FOLDS
from components.checks.labels._learning.learnable import LearnabilityParams, Learnable
from components.checks.labels._learning.told_apart import PairShare
from components.checks.labels._reasons.around import best_alone
from components.core.data.dataset import Column
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    Doubt,
    Finding,
    Severity,
    Threshold,
)

ID = "labels.learnability"
MEASURE = "pairs of rows with different labels that models tell apart"


def nothing_left(label: Column, given_away: tuple[str, ...]) -> Finding:
    """Return the finding where every column gives the label away, or there is none."""
    n = len(given_away)
    return Finding(
        check_id=ID,
        key="nothing_left",
        title=f"No column is left to learn {words.quoted(label.name)} from"
        + (f": {_all_give_away(n)}" if n else ""),
        detail=(
            f"{words.listed(given_away, limit=8)} {'gives' if n == 1 else 'give'} the label away. "
            if n
            else "No other column can be read by a model. "
        )
        + "Whether the label can be learned without such columns cannot be tried, and wrong labels "
        "cannot be looked for.",
        severity=Severity.WARNING,
        doubt=Doubt.NOT_WITHOUT_LEAKS if n else Doubt.NOT_LEARNABLE,
        measure=Measure(name="Columns that are left to read", value=0.0, unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=(label.name, *given_away)),
        recommended_action="Add columns that are known before the label is. If a column that gives "
        "it away is known by then, say so in its finding on the page of leakage: models then read "
        "it."
        if n
        else "Look at the kinds and the roles of the columns, and correct those that are wrong.",
        caveat="A column counts as giving the label away by how well it tells it alone; when it "
        "was written is not known."
        if n
        else "Kinds are guessed where no person chose them.",
    )


def _all_give_away(n: int) -> str:
    return "the only one gives it away" if n == 1 else f"all {n:,} give it away"


def measure_of(found: Learnable) -> Measure:
    """Return how well the label is told."""
    told = found.told
    return told.measure(MEASURE, found.n_rows)


def measure_without(told: PairShare, n_rows: int) -> Measure:
    """Return how well the label is told without the columns that make it suspiciously easy."""
    return told.measure("the same without the columns that make it suspiciously easy", n_rows)


def _told(label: Column, found: Learnable) -> str:
    told = found.told
    amount = label.kind.is_numeric
    asked = (
        "Of two rows, models that had seen neither say which has the larger "
        f"{words.quoted(label.name)}"
        if amount
        else "Of two rows with different labels, models that had seen neither say which is which"
    )
    return (
        f"{asked} in {words.share(told.value)} of the cases (95 % interval "
        f"{words.share(told.low)} to {words.share(told.high)}, "
        f"{words.plural(found.n_rows, 'row')}). Guessing gets 50 %."
        + "".join(f" {note}" for note in found.notes)
    )


def not_shown(label: Column, found: Learnable, params: LearnabilityParams) -> Finding:
    """Return the finding where nothing shows that the label can be learned."""
    if found.told.high > params.useful:
        return _too_few(label, found, params)
    return _without_leaks(label, found) if found.left_out else _not_learnable(label, found)


def _doubt(found: Learnable) -> Doubt:
    return Doubt.NOT_WITHOUT_LEAKS if found.left_out else Doubt.NOT_LEARNABLE


def _are_known(found: Learnable) -> str:
    one = len(found.left_out) == 1
    them = "it" if one else "them"
    return (
        f"Find out whether {words.listed(found.left_out)} {'is' if one else 'are'} known when the "
        f"model is used. If so, say it in {'its finding' if one else 'their findings'} on the page "
        f"of leakage, so that models read {them}. If not, remove {them}, and add columns that say "
        f"more about the label. A label that follows from {them} in every row needs no model."
    )


def _without_leaks(label: Column, found: Learnable) -> Finding:
    n = len(found.left_out)
    return Finding(
        check_id=ID,
        key="not_without_leaks",
        title=f"Apart from {words.listed(found.left_out, limit=2)}, which "
        f"{'gives' if n == 1 else 'give'} it away or nearly so, hardly anything tells "
        f"{words.quoted(label.name)}: without {'it' if n == 1 else 'them'}, models get "
        f"{words.share(found.told.value)} where guessing gets 50 %",
        detail=f"{_told(label, found)} The columns that were read say little or nothing about the "
        "label.",
        severity=Severity.INFO,
        doubt=Doubt.NOT_WITHOUT_LEAKS,
        measure=measure_of(found),
        threshold=Threshold(value=found.level, param="level", source="ours, see the help text"),
        affected=Affected(columns=(label.name, *found.left_out)),
        recommended_action=_are_known(found),
        caveat="Models were not asked with the columns that give the label away.",
    )


def _not_learnable(label: Column, found: Learnable) -> Finding:
    shuffled = (
        f" With shuffled labels they get {words.share(found.shuffled)}." if found.n_shuffled else ""
    )
    return Finding(
        check_id=ID,
        key="not_learnable",
        title=f"{words.quoted(label.name)} cannot be learned from the other columns: models get "
        f"{words.share(found.told.value)} where guessing gets 50 %",
        detail=f"{_told(label, found)}{shuffled} Either the columns say nothing about the label, "
        "or the labels are close to random.",
        severity=Severity.WARNING,
        doubt=Doubt.NOT_LEARNABLE,
        measure=measure_of(found),
        threshold=Threshold(value=found.level, param="level", source="ours, see the help text"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Check that the labels belong to these rows, and add columns that say "
        "something about the label.",
        caveat="A larger or different model may find what these models did not.",
    )


def single(label: Column, found: Learnable) -> Finding:
    """Return the finding where no two rows differ in the label."""
    name = words.quoted(label.name)
    return Finding(
        check_id=ID,
        key="nothing_to_tell_apart",
        title=f"All amounts of {name} are equal: there is nothing to tell apart"
        if label.kind.is_numeric
        else f"Only one class of {name} has {FOLDS} rows or more: there is nothing to tell apart",
        detail=f"{words.plural(found.n_rows, 'row')} could be read, and no two of them differ in "
        f"{name}.{''.join(f' {note}' for note in found.notes)}",
        severity=Severity.INFO,
        doubt=Doubt.NOT_LEARNABLE,
        measure=measure_of(found),
        threshold=None,
        affected=Affected(columns=(label.name,)),
        recommended_action="Add rows with another value of the label, or choose another label.",
        caveat="It cannot know what an empty cell means.",
    )


FEW_OF_A_CLASS = 50
"""Rows of a class below which it, not the table, is what is too small."""


def _too_small(found: Learnable) -> tuple[str, str]:
    """Return what is too small to tell, and what to collect."""
    n = found.n_rows
    if found.rarest is not None:
        name, of_class = found.rarest
        if of_class < FEW_OF_A_CLASS and of_class * 5 < n:
            rows = f"{words.plural(of_class, 'row')} of {words.quoted(name)}, among {n:,},"
            return f"{rows} are too few", f"Collect more rows of {words.quoted(name)}"
    rows = words.plural(n, "row")
    if n < found.n_total:
        return f"{rows} that were read, of {found.n_total:,}, are too few", "Collect more rows"
    return f"{rows} {'is' if n == 1 else 'are'} too few", "Collect more rows"


def _chance(found: Learnable) -> str:
    """Say how far what models get is from what a random label gives."""
    if found.told.low <= 0.5:  # noqa: PLR2004 - guessing
        return "What models get lies within chance."
    return (
        "That is more than guessing, and not so sure that a random label could be ruled out: the "
        f"chance of it must be under {found.level:.1%} (parameter “level”)."
    )


def _too_few(label: Column, found: Learnable, params: LearnabilityParams) -> Finding:
    what, collect = _too_small(found)
    without = (
        f" without {words.listed(found.left_out, limit=2)}, which "
        f"{'gives' if len(found.left_out) == 1 else 'give'} it away or nearly so"
        if found.left_out
        else ""
    )
    return Finding(
        check_id=ID,
        key="too_few_rows",
        title=f"{what} to tell whether {words.quoted(label.name)} can be learned{without}",
        detail=f"{_told(label, found)} {_chance(found)} The truth could still be more than "
        f"{words.share(params.useful)}.",
        severity=Severity.INFO,
        doubt=_doubt(found),
        measure=measure_of(found),
        threshold=Threshold(value=params.useful, param="useful", source="ours"),
        affected=Affected(columns=(label.name,)),
        recommended_action=_are_known(found)
        if found.left_out
        else f"{collect}, or add columns that say more about the label.",
        caveat="With few rows a label that can be learned and one that cannot look alike.",
    )


def only_repeats(label: Column, found: Learnable) -> Finding:
    """Return the finding where only rows whose like is known are told."""
    repeats = found.repeats
    assert repeats is not None  # noqa: S101 - that is what was asked
    return Finding(
        check_id=ID,
        key="only_repeats",
        title=f"{words.quoted(label.name)} is told only where like rows are known: "
        f"{words.share(repeats.value)} of pairs with them, {words.share(found.told.value)} without",
        detail=f"{_told(label, found)} That is without {words.joined(found.linked_by)}. When "
        f"models have seen such rows, they get {words.share(repeats.value)}: they know the rows "
        "again, and nothing shows that they could judge new persons or things.",
        severity=Severity.WARNING,
        doubt=_doubt(found),
        measure=measure_of(found),
        threshold=Threshold(value=found.level, param="level", source="ours, see the help text"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Say which column names the person, device or customer, keep its rows "
        "in one part of every split, and collect more of them.",
        caveat="If the model will only ever judge the persons or things of this table, it may do.",
    )


def easy(table: Table, label: Column, found: Learnable, run: RunContext) -> Finding:
    """Return the note where nearly all pairs are told apart."""
    return Finding(
        check_id=ID,
        key="very_easy",
        title=f"{words.quoted(label.name)} is very easy: models tell "
        f"{words.share(found.told.value)} of pairs apart",
        detail=f"{_told(label, found)} {best_alone(table, run)}",
        severity=Severity.INFO,
        measure=measure_of(found),
        threshold=Threshold(value=found.easy, param="easy", source="ours"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Make sure that no column gives the answer away, such as one that is "
        "written after the outcome is known.",
        caveat="Some tables are honestly easy; that is no fault.",
    )


def suspicious(label: Column, found: Learnable) -> Finding:
    """Return the finding where few columns together tell nearly all pairs apart."""
    together = found.together
    assert together is not None  # noqa: S101 - that is what was found
    names, without = together.columns, words.share(together.without.value)
    this, they_are = ("this column", "it is") if len(names) == 1 else ("these columns", "they are")
    return Finding(
        check_id=ID,
        key="suspicious",
        title=f"{words.quoted(label.name)} is suspiciously easy: models tell "
        f"{words.share(found.told.value)} of pairs apart, and {without} without "
        f"{words.listed(names)}",
        detail=f"{_told(label, found)} Without {words.listed(names, limit=len(names))} it is "
        f"{without} (95 % interval {words.share(together.without.low)} to "
        f"{words.share(together.without.high)}). Either the label follows from {this}, or "
        f"{they_are} written after the outcome is known: then a model looks excellent in every "
        "test and fails in use.",
        severity=Severity.INFO,
        measure=measure_of(found),
        threshold=Threshold(value=found.easy, param="easy", source="ours"),
        affected=Affected(columns=names),
        recommended_action="Ask when each of them gets its value. If that is after the outcome, "
        "set its role to “ignore”. If it is known when the model is used, say so (the parameter "
        "“known” of the check of leaks).",
        caveat="Only somebody who knows how the table was made can tell a rule from a leak, so "
        "this does not change the verdict. Which labels are wrong is not said, because models that "
        "read the answer doubt no label.",
    )
