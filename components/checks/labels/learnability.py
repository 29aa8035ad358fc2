"""Find out whether the label can be learned from the other columns at all.

What it looks for
-----------------
Labels that models predict no better than guessing, labels that they predict only for rows whose
like they have seen, tables with too few rows to tell, and labels that are so easy that a column may
give the answer away.

Why it matters before training
------------------------------
A model of a label that has nothing to do with the columns is worthless, however clean the table is.
A label that is known again from copies, or from other rows of the same person, looks learnable in a
careless test and fails for new persons.

How it decides
--------------
Two simple models (ridge regression and 40 randomised trees) are trained on four fifths of the rows
and judge the other fifth, five times, on at most 1,500 rows drawn at random; of a rare class more
rows are drawn, up to 200. The models are asked about pairs of rows with different labels: which
label belongs to which row? Guessing gets half of the pairs, and so does always naming the largest
class, however rare the others are. For two classes this is the area under the ROC curve; for an
amount, it is asked which row has more. The 95 % interval counts rows that belong together as one
and is widened for the overlap of the training parts (Nadeau and Bengio). Then the labels are
shuffled 5 to 20 times and learned again. A label counts as learnable when its share lies so far
above one half, by the error behind that interval, and so far above all shares with shuffled labels,
by Student's t, that a random label would get there in fewer than 2 of 1,000 tables. Otherwise the
verdict is not known. Where the interval still reaches 60 % of the pairs, the rows are too few to
tell; where a class has fewer than 50 rows, and less than a fifth, it is named as what is too small.
Where columns that give the label away were not read, the finding says that it was asked without
them.

Rows that belong together never stand on both sides: rows with equal inputs (but for cells of a
coarse table: inputs that are the same in more than a tenth of the rows, or in no more than three
times as many as unrelated columns would make, at least five), rows of the same person
(the columns with the roles for an id or for a person or device), rows that share a value of a
column whose repeated values settle the label, and nearly equal rows (a set of up to ten rows after
which the next one is three times as far away). When a label can be told only without this rule,
that is said. A label whose pairs are told apart in 99.5 % is information: a table may simply be
easy. Ids, constants, ignored columns and columns that give the label away are not read.

What it cannot see
------------------
Whether a larger or different model would learn it, such as one for images or long texts. Whether it
is learned well enough for its use. Persons whose rows differ much and who are named by no column.
Classes beyond the 20 largest. Order in time: rows of one day may help to tell the others.

What to do
----------
Check that the labels belong to these rows, and that the columns that should tell them are there.
Name the column of the person, device or customer. Collect more rows where they are too few.

References
----------
Ojala, Garriga 2010, JMLR 11 (permuted labels). Nadeau, Bengio 2003, Machine Learning 52. DeLong,
DeLong, Clarke-Pearson 1988, Biometrics 44. Mason, Weigel 2009, Monthly Weather Review 137 (pairs of
more than two classes). Geurts, Ernst, Wehenkel 2006, Machine Learning 63 (randomised trees).
"""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import words
from components.checks.labels._explain import best_alone
from components.checks.labels._learnable import FOLDS, LearnabilityParams, Learnable, assess
from components.checks.labels._prepare import NoColumnLeft
from components.core.data.dataset import Column, Role
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    Coverage,
    Doubt,
    Finding,
    Severity,
    Threshold,
)

ID = "labels.learnability"
MEASURE = "pairs of rows with different labels that models tell apart"
GUESSING = 0.5


@check(
    title="Whether the label can be learned",
    needs=Needs(roles=(Role.LABEL,)),
    cost=Cost.MODEL,
    params=LearnabilityParams,
    sources=("Ojala, Garriga 2010, JMLR 11", "Nadeau, Bengio 2003, Machine Learning 52"),
    version=2,
    libraries=("scikit-learn", "scipy"),
)
def learnability(table: Table, params: LearnabilityParams, run: RunContext) -> Iterator[Item]:
    """Yield how well the label is told, what shuffled labels give, and at most one finding."""
    run.progress(0.0)
    label = table.version.with_roles(Role.LABEL)[0]
    try:
        found = assess(table, params, run)
    except NoColumnLeft as stop:
        yield _nothing_left(label, stop.given_away)
        return
    yield _measure(found)
    yield Measure(name="the same by guessing", value=GUESSING, unit=Unit.SHARE)
    if found.n_shuffled:
        name = f"the same with shuffled labels, mean of {found.n_shuffled}"
        yield Measure(name=name, value=found.shuffled, unit=Unit.SHARE)
    yield Coverage(
        rows_seen=found.n_rows,
        rows_total=table.version.n_rows,
        sampled=found.n_rows < found.n_total,
        note=" ".join(found.notes),
    )
    if found.is_single:
        yield _single(label, found)
    elif found.is_told_by_repeats:
        yield _only_repeats(label, found)
    elif not found.is_learnable:
        yield _not_shown(label, found, params)
    elif found.is_very_easy:
        yield _easy(table, label, found, run)


def _nothing_left(label: Column, given_away: tuple[str, ...]) -> Finding:
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


def _measure(found: Learnable) -> Measure:
    told = found.told
    return Measure(
        name=MEASURE,
        value=told.value,
        unit=Unit.SHARE,
        n=found.n_rows,
        ci_low=told.low,
        ci_high=told.high,
    )


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


def _not_shown(label: Column, found: Learnable, params: LearnabilityParams) -> Finding:
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
        measure=_measure(found),
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
        measure=_measure(found),
        threshold=Threshold(value=found.level, param="level", source="ours, see the help text"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Check that the labels belong to these rows, and add columns that say "
        "something about the label.",
        caveat="A larger or different model may find what these models did not.",
    )


def _single(label: Column, found: Learnable) -> Finding:
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
        measure=_measure(found),
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
        measure=_measure(found),
        threshold=Threshold(value=params.useful, param="useful", source="ours"),
        affected=Affected(columns=(label.name,)),
        recommended_action=_are_known(found)
        if found.left_out
        else f"{collect}, or add columns that say more about the label.",
        caveat="With few rows a label that can be learned and one that cannot look alike.",
    )


def _only_repeats(label: Column, found: Learnable) -> Finding:
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
        measure=_measure(found),
        threshold=Threshold(value=found.level, param="level", source="ours, see the help text"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Say which column names the person, device or customer, keep its rows "
        "in one part of every split, and collect more of them.",
        caveat="If the model will only ever judge the persons or things of this table, it may do.",
    )


def _easy(table: Table, label: Column, found: Learnable, run: RunContext) -> Finding:
    return Finding(
        check_id=ID,
        key="very_easy",
        title=f"{words.quoted(label.name)} is very easy: models tell "
        f"{words.share(found.told.value)} of pairs apart",
        detail=f"{_told(label, found)} {best_alone(table, run)}",
        severity=Severity.INFO,
        measure=_measure(found),
        threshold=Threshold(value=found.easy, param="easy", source="ours"),
        affected=Affected(columns=(label.name,)),
        recommended_action="Make sure that no column gives the answer away, such as one that is "
        "written after the outcome is known.",
        caveat="Some tables are honestly easy; that is no fault.",
    )
