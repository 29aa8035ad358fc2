"""What the search for label errors says and shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from components.checks._lib import words
from components.checks.labels._explain import worst_flagged
from components.checks.labels._judge import Judged, Skill
from components.checks.labels._prepare import Material
from components.core.data.query import Agg, Fn
from components.core.data.table import Table
from components.core.judgement.evidence import Evidence, Matrix, Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold

ID = "labels.label_errors"
SHOWN = 30
FEW_ROWS = 2_000
"""Rows below which models may know too little because there are few of them (our choice)."""
OURS = "our default, measured on tables with planted errors"


class Lines(Protocol):
    """The parameters that decide about the finding."""

    @property
    def min_undoubted(self) -> float:
        """Least share of right predictions among rows that are not flagged."""
        ...

    @property
    def warn_share(self) -> float:
        """Share of flagged rows for a warning."""
        ...


def coverage(table: Table, material: Material, judged: Judged) -> Coverage:
    """Say which rows were judged and what was left out."""
    total, seen = table.version.n_rows, len(judged.row_id)
    notes = list(material.notes)
    if len(material.row_id) < seen:
        notes.insert(0, f"Models were trained on {words.of_rows(len(material.row_id), total)}.")
    if seen < material.n_labelled:
        notes.insert(0, "The models know too little about the label to judge the other rows.")
    missing = table.aggregate({"n": Agg(Fn.MISSING, material.label)})["n"]
    if missing:
        notes.append(f"{words.plural(int(str(missing)), 'row')} without a label not judged.")
    return Coverage(rows_seen=seen, rows_total=total, note=" ".join(notes))


def skill_evidence(skill: Skill) -> Iterator[Evidence]:
    """Show how good the models are, beside always naming the most frequent class."""
    yield Measure(
        name="labels that the models predict right",
        value=skill.accuracy,
        unit=Unit.SHARE,
        n=skill.n,
        ci_low=skill.low,
        ci_high=skill.high,
    )
    yield Measure(
        name="share of the most frequent class", value=skill.majority, unit=Unit.SHARE, n=skill.n
    )


def class_evidence(judged: Judged, classes: tuple[str, ...]) -> Iterator[Evidence]:
    """Show which classes are doubted, and in favour of which."""
    k = len(classes)
    rows = np.bincount(judged.given, minlength=k)
    doubted = np.bincount(judged.given[judged.flagged], minlength=k)
    rate = doubted / np.maximum(1, rows)
    order = np.lexsort((np.arange(k), -rate))[:SHOWN]
    yield Ranking(
        name="Share of labels that look wrong, by class",
        axis="share of the rows of the class",
        unit=Unit.SHARE,
        items=tuple(classes[i] for i in order),
        values=tuple(float(rate[i]) for i in order),
        notes=tuple(words.of_rows(int(doubted[i]), int(rows[i])) for i in order),
    )
    pairs = np.zeros((k, k), dtype=np.int64)
    np.add.at(pairs, (judged.given[judged.flagged], judged.suggested[judged.flagged]), 1)
    worst = np.sort(np.lexsort((np.arange(k), -(pairs.sum(axis=0) + pairs.sum(axis=1))))[:SHOWN])
    names = tuple(classes[i] for i in worst)
    yield Matrix(
        name="Flagged rows: given label (rows) and suggested label (columns)",
        unit=Unit.COUNT,
        rows=names,
        columns=names,
        values=tuple(tuple(None if i == j else float(pairs[i, j]) for j in worst) for i in worst),
    )


def findings(
    table: Table,
    material: Material,
    judged: Judged,
    skill: Skill,
    lines: Lines,
) -> Iterator[Finding]:
    """Yield at most one finding."""
    if not skill.informed:
        yield _not_assessable(table, material, skill)
    elif judged.flagged.any():
        yield _suspicious(table, material, judged, skill, lines)


def _suspicious(
    table: Table,
    material: Material,
    judged: Judged,
    skill: Skill,
    lines: Lines,
) -> Finding:
    n, total = int(judged.flagged.sum()), table.version.n_rows
    part = n / len(judged.row_id)
    worst = judged.row_id[worst_flagged(judged, 50)]
    trusted = skill.undoubted >= lines.min_undoubted
    warn = trusted and part >= lines.warn_share
    return Finding(
        check_id=ID,
        key="label_errors",
        title=(
            f"{words.plural(n, 'label')} in {words.quoted(material.label)} "
            f"{'looks' if n == 1 else 'look'} wrong ({words.share(n / total)} of rows)"
        ),
        detail=_detail(material, judged, skill),
        severity=Severity.WARNING if warn else Severity.INFO,
        measure=Measure(
            name="labels that look wrong", value=part, unit=Unit.SHARE, n=len(judged.row_id)
        ),
        threshold=Threshold(value=lines.warn_share, param="warn_share", source=OURS),
        affected=Affected(
            columns=(material.label,),
            n_rows=n,
            share=n / total,
            row_id=tuple(int(r) for r in worst),
        ),
        recommended_action=(
            f"Review {words.plural(n, 'label')}, worst first, before training. Do not relabel "
            "automatically."
        ),
        caveat=_caveat(skill, trusted=trusted),
    )


def _detail(material: Material, judged: Judged, skill: Skill) -> str:
    k = len(material.classes)
    pair = judged.given[judged.flagged] * k + judged.suggested[judged.flagged]
    counts = np.bincount(pair, minlength=k * k)
    given, suggested = divmod(int(counts.argmax()), k)
    return (
        "Models that had not seen these rows expect another label, with confidence. Most often "
        f"the label is {words.quoted(material.classes[given])} where "
        f"{words.quoted(material.classes[suggested])} is expected "
        f"({words.plural(int(counts.max()), 'row')}). The models predict "
        f"{words.share(skill.accuracy)} of the labels right ({words.share(skill.low)} to "
        f"{words.share(skill.high)}); the most frequent class alone makes "
        f"{words.share(skill.majority)}."
    )


def _caveat(skill: Skill, *, trusted: bool) -> str:
    if trusted:
        return (
            "A flag is a suspicion: a person must look. Some flagged rows are right but unusual, "
            "and some wrong labels are not flagged."
        )
    return (
        "The label is hard to predict from these columns: even among the rows that are not "
        f"flagged the models are right in {words.share(skill.undoubted)} only. Most flags may be "
        "right labels. Use the order of the rows, not their number."
    )


def _not_assessable(table: Table, material: Material, skill: Skill) -> Finding:
    n_rows = table.version.n_rows
    too_few = f" {words.plural(n_rows, 'row')} may also be too few." if n_rows < FEW_ROWS else ""
    return Finding(
        check_id=ID,
        key="not_assessable",
        title=(
            f"The labels in {words.quoted(material.label)} cannot be judged: models predict "
            f"{words.share(skill.accuracy)} right, the most frequent class alone makes "
            f"{words.share(skill.majority)}"
        ),
        detail=(
            "Models that read all input columns know no more than how frequent the classes are. "
            "Either the columns say nothing about the label, or the labels are close to random."
        ),
        severity=Severity.INFO,
        measure=Measure(
            name="labels that the models predict right",
            value=skill.accuracy,
            unit=Unit.SHARE,
            n=skill.n,
            ci_low=skill.low,
            ci_high=skill.high,
        ),
        threshold=None,
        affected=Affected(columns=(material.label,)),
        recommended_action=(
            "Check that the label belongs to these rows, and add columns that say something about "
            f"it.{too_few}"
        ),
        caveat="A larger or different model may find what these models did not.",
    )
