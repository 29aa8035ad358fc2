"""Tell where there is no label that a model could learn.

What it looks for
-----------------
A table without a label; a label without a value, or with one value only; a label whose values are
all different names; one class in several spellings; a table in which no other column is left to
learn from.

Why it matters before training
------------------------------
Without two different answers there is nothing to learn, and without a label most of what makes a
table unfit for training cannot be looked for. “Nothing found” would then say nothing. A model takes
each spelling of a class for a class of its own, with fewer rows.

How it decides
--------------
It counts: values of the label, and columns that a model may read. It needs no model and no
threshold. Columns that are empty, that have one value in all rows, that name rows, or that a person
set aside are not read by a model. Two classes look like one where they differ in case, in spaces,
in signs that cannot be seen or in the form of a character (Unicode NFKC), or are numbers of one
value; yes and no, true and false go with 1 and 0 where the label holds those, too. Labels of over
200 classes are not compared.

What it cannot see
------------------
Whether the chosen column is the right label. Whether what is there is enough to learn it: the other
checks of labels look at rare classes and at labels that are contradicted.

What to do
----------
Choose the label, or say that there is none: then the checks that need one do not count. Where an
empty label means one of the classes, write that class into the file. Write each class in one way.

References
----------
Our own rule. Hastie, Tibshirani, Friedman 2009, The Elements of Statistical Learning, chapter 2:
what supervised learning needs. Unicode Standard Annex 15, normalization forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import ask
from components.checks._lib.groups.class_spellings import several_spellings
from components.checks._lib.words import plural, quoted
from components.core.data.dataset import Column, DatasetVersion, Role, Storage, Task
from components.core.data.query import Agg, Fn, Missing, Not
from components.core.data.table import Table
from components.core.facts.profile import ColumnProfile
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Doubt, Finding, Severity

CHECK_ID = "labels.trainable_label"
MOST_CLASSES = 200
MOST_SHOWN = 3
"""Classes in several spellings that a sentence lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainableLabelParams:
    """There is nothing to set: it counts."""


@check(
    title="A label to learn",
    needs=Needs(open_label=True),
    cost=Cost.FACTS,
    params=TrainableLabelParams,
    sources=("our own rule", "Hastie, Tibshirani, Friedman 2009", "Unicode Annex 15"),
    version=2,
)
def trainable_label(
    table: Table,
    params: TrainableLabelParams,  # noqa: ARG001 - every check takes its parameters
    run: RunContext,
) -> Iterator[Item]:
    """Count what training needs."""
    run.progress(0.0)
    version = table.version
    label = version.label
    if label is None:
        yield _no_label(version)
        return
    facts = run.profile.column(label.name)
    yield Measure(
        name="Different values of the label", value=float(facts.n_distinct), unit=Unit.COUNT
    )
    if facts.n_present == 0:
        yield _empty(label, facts)
    elif facts.n_distinct == 1:
        yield _one_class(label, facts)
    elif _all_differ(version, facts):
        yield _names_only(label, facts)
    else:
        yield from _spellings(table, label, facts)
    if not version.inputs and not version.with_roles(Role.PREDICTED):
        yield _nothing_to_read(version)


def _no_label(version: DatasetVersion) -> Finding:
    n = len(version.columns)
    return _finding(
        key="no_label",
        title=f"No label was chosen: none of {plural(n, 'column')} is to be predicted",
        detail="Wrong labels, rare classes, columns that give the answer away and gaps between "
        "groups cannot be looked for, so nobody can say whether the table is ready.",
        severity=Severity.WARNING,
        measure=Measure(name="Columns with the role label", value=0.0, unit=Unit.COUNT),
        action="Choose the column that a model should predict, or say that there is no label "
        "(button on the overview; --no-label on the command line).",
        caveat="A column that nothing marks as a label may still be one.",
        doubt=Doubt.NO_LABEL,
    )


def _empty(label: Column, facts: ColumnProfile) -> Finding:
    return _finding(
        key="empty",
        title=f"The label {quoted(label.name)} has no value in any of {plural(facts.n, 'row')}",
        detail="There is nothing that a model could learn.",
        severity=Severity.CRITICAL,
        measure=Measure(name="Rows with a label", value=0.0, unit=Unit.COUNT, n=facts.n),
        affected=Affected(columns=(label.name,), n_rows=facts.n, share=1.0),
        action="Fill the label in, or choose another column as the label.",
        caveat="Words that stand for “missing” count as no value; see the check of missing values.",
        doubt=Doubt.ONE_CLASS,
    )


def _one_class(label: Column, facts: ColumnProfile) -> Finding:
    blanks = facts.n_missing
    beside = f", besides {plural(blanks, 'row')} without a label" if blanks else ""
    blank_advice = (
        "If an empty cell means the other class, write that class into the file; else add"
        if blanks
        else "Add"
    )
    return _finding(
        key="one_class",
        title=f"The label {quoted(label.name)} has one value only, in "
        f"{plural(facts.n_present, 'row')}{beside}",
        detail="A model would always give the same answer: there is nothing to tell apart."
        + (
            " Rows without a label are left out of training, not read as a class." if blanks else ""
        ),
        severity=Severity.CRITICAL,
        measure=Measure(
            name="Different values of the label", value=1.0, unit=Unit.COUNT, n=facts.n_present
        ),
        affected=Affected(columns=(label.name,), n_rows=facts.n, share=1.0 if facts.n else 0.0),
        action=f"{blank_advice} rows of another class, or choose another column as the label.",
        caveat="It cannot know what an empty cell means.",
        doubt=Doubt.ONE_CLASS,
    )


def _all_differ(version: DatasetVersion, facts: ColumnProfile) -> bool:
    """Return whether every row has a class of its own; amounts may well differ."""
    is_named = version.task is Task.CLASSIFICATION
    return is_named and facts.distinct_exact and facts.n_distinct == facts.n_present


def _names_only(label: Column, facts: ColumnProfile) -> Finding:
    return _finding(
        key="all_different",
        title=f"The label {quoted(label.name)} has {facts.n_distinct:,} classes in "
        f"{plural(facts.n_present, 'row')}: no class comes twice",
        detail="What is learned about a class in one row cannot be tried on another row of it.",
        severity=Severity.WARNING,
        measure=Measure(
            name="Different values of the label",
            value=float(facts.n_distinct),
            unit=Unit.COUNT,
            n=facts.n_present,
        ),
        affected=Affected(
            columns=(label.name,), n_rows=facts.n_present, share=facts.n_present / facts.n
        ),
        action="Choose another column as the label, or set its kind to number if it is an amount.",
        caveat="A model of texts may learn to write such a label; no check here looks at that.",
        doubt=Doubt.NOT_LEARNABLE,
    )


def _spellings(table: Table, label: Column, facts: ColumnProfile) -> Iterator[Finding]:
    """Yield a finding where classes look like one class in several spellings."""
    if label.storage is not Storage.TEXT or facts.n_distinct > MOST_CLASSES:
        return
    records = table.groups([label.name], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label.name)))
    counts = {label.text_of(r[label.name]): ask.whole(r["n"]) for r in records}
    found, left = several_spellings(counts)
    if not found:
        return
    n_rows = sum(one.n_rows for one in found)
    shown = "; ".join(one.told() for one in found[:MOST_SHOWN])
    more = len(found) - MOST_SHOWN
    rest = f"; and {plural(more, 'other class', 'other classes')}" if more > 0 else ""
    yield _finding(
        key="spellings",
        title=f"{quoted(label.name)} has {len(counts):,} classes that look like {left:,}, "
        "written in several ways",
        detail=f"These look like one class each: {shown}{rest}. A model takes each spelling for a "
        "class of its own.",
        severity=Severity.WARNING,
        measure=Measure(
            name="Classes that are another spelling of one",
            value=float(len(counts) - left),
            unit=Unit.COUNT,
            n=facts.n_present,
        ),
        affected=Affected(columns=(label.name,), n_rows=n_rows, share=n_rows / facts.n),
        action="Write each class in one way in the file, and upload it again.",
        caveat="Where case or a sign makes a difference, they are different classes.",
    )


def _nothing_to_read(version: DatasetVersion) -> Finding:
    others = len(version.columns) - 1
    return _finding(
        key="nothing_to_read",
        title=f"None of {plural(others, 'other column')} can be read by a model"
        if others
        else "0 columns are left to learn from: the label is the only one",
        detail="Columns that are empty, that have one value, that name rows, or that were set "
        "aside tell a model nothing about the label.",
        severity=Severity.WARNING,
        measure=Measure(name="Columns that a model may read", value=0.0, unit=Unit.COUNT),
        action="Look at the kinds and the roles of the columns, and correct those that are wrong.",
        caveat="Kinds are guessed where no person chose them.",
        doubt=Doubt.NOT_LEARNABLE,
    )


def _finding(
    *,
    key: str,
    title: str,
    detail: str,
    severity: Severity,
    measure: Measure,
    action: str,
    caveat: str,
    doubt: Doubt | None = None,
    affected: Affected | None = None,
) -> Finding:
    return Finding(
        check_id=CHECK_ID,
        key=key,
        title=title,
        detail=detail,
        severity=severity,
        measure=measure,
        threshold=None,
        affected=affected or Affected(),
        recommended_action=action,
        caveat=caveat,
        doubt=doubt,
    )
