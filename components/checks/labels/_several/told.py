"""What is said and shown of lists of labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from components.checks._lib import words
from components.checks.labels._several.judging import JudgedLists
from components.checks.labels._several.models import LabelSets
from components.core.judgement.checks import Item
from components.core.judgement.evidence import Measure, Ranking, RowScores, Unit
from components.core.judgement.findings import (
    Affected,
    Coverage,
    Doubt,
    Finding,
    Severity,
    Threshold,
)
from components.core.judgement.review import Asks, ItemType

ID = "labels.several_labels"
SHOWN = 50
OURS = "ours: as for rows with one label"
NO_COUNT = (
    "The count alone does not say that any label is wrong: labels that the columns do not settle "
    "are contradicted as well, and the more labels there are, the more rows have one such flag."
)


def items(judged: JudgedLists, n_rows: int, *, lead: float, level: float) -> Iterator[Item]:
    """Yield what was found."""
    yield _coverage(judged.found, n_rows)
    yield _by_label(judged)
    if not judged.learnt.any():
        yield _none_learnt(judged, level)
        return
    yield _scores(judged)
    if judged.rows.any():
        yield _contradicted(judged, n_rows, lead)


def _coverage(found: LabelSets, n_rows: int) -> Coverage:
    notes = []
    if found.n_labelled > len(found.row_id) + found.n_no_list:
        notes.append(f"{words.of_rows(len(found.row_id), n_rows)} were drawn.")
    if found.n_no_list:
        notes.append(f"{words.plural(found.n_no_list, 'cell')} that {_is(found.n_no_list)} no list "
                     "of labels left out.")  # fmt: skip
    if n_rows > found.n_labelled:
        notes.append(
            f"{words.plural(n_rows - found.n_labelled, 'row')} without a label not judged."
        )
    if found.rare:
        n = words.plural(len(found.rare), "label")
        notes.append(f"{n} in too few rows to judge, or in nearly all: {words.listed(found.rare)}.")
    return Coverage(rows_seen=len(found.row_id), rows_total=n_rows, note=" ".join(notes))


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _by_label(judged: JudgedLists) -> Ranking:
    """Show each label, in how many rows it is contradicted, and how well it is told."""
    counts, found = judged.flagged.sum(axis=0), judged.found
    order = np.argsort(-counts, kind="stable")[:SHOWN].tolist()
    return Ranking(
        name="Rows in which each label is contradicted",
        axis="rows",
        unit=Unit.COUNT,
        items=tuple(found.labels[i] for i in order),
        values=tuple(float(counts[i]) for i in order),
        notes=tuple(_noted(judged, i) for i in order),
    )


def _noted(judged: JudgedLists, place: int) -> str:
    has, flagged = judged.found.has[:, place], judged.flagged[:, place]
    told = words.share(judged.told[place].value)
    if not judged.learnt[place]:
        return f"not judged: told apart in {told} of pairs, where guessing gets 50 %"
    return (
        f"in {words.plural(int(has.sum()), 'row')}; {int((flagged & ~has).sum()):,} to add, "
        f"{int((flagged & has).sum()):,} to take away; told apart in {told} of pairs"
    )


def _scores(judged: JudgedLists) -> RowScores:
    found = judged.found
    return RowScores.of(
        "quality of the list of labels",
        row_id=found.row_id,
        quality=judged.quality,
        flagged=judged.rows,
        given=np.array(found.cells, dtype=object),
        suggested=judged.suggested(),
        confidence=judged.confidence(),
        reason=judged.reasons(),
    ).asking(Asks(item_type=ItemType.CELL))


def _none_learnt(judged: JudgedLists, level: float) -> Finding:
    found = judged.found
    best = max(judged.told, key=lambda t: t.value)
    return Finding(
        check_id=ID,
        key="not_learnable",
        title=f"None of {words.plural(len(found.labels), 'label')} in {words.quoted(found.label)} "
        "can be told better than by guessing",
        detail="Models that had not seen the rows tell a row with a label from one without it in "
        f"{words.share(best.value)} of pairs at best (95 % interval {words.share(best.low)} to "
        f"{words.share(best.high)}); guessing gets 50 %.",
        severity=Severity.WARNING,
        doubt=Doubt.NOT_LEARNABLE,
        measure=best.measure(
            "pairs of rows with and without a label that models tell apart", len(found.row_id)
        ),
        threshold=Threshold(value=level, param="level", source=OURS),
        affected=Affected(columns=(found.label,)),
        recommended_action="Add columns that have to do with the labels, or more rows.",
        caveat="Other models, or columns that this table does not hold, may tell them.",
    )


def _contradicted(judged: JudgedLists, n_rows: int, lead: float) -> Finding:
    found, rows = judged.found, np.flatnonzero(judged.rows)
    n = len(rows)
    worst = found.row_id[rows[np.argsort(judged.quality[rows], kind="stable")]][:SHOWN]
    return Finding(
        check_id=ID,
        key="contradicted",
        title=f"{words.plural(n, 'row')} of {words.quoted(found.label)} {_has(n)} labels that the "
        f"other rows contradict: {judged.n_added:,} to add, {judged.n_taken:,} to take away",
        detail="Each label was judged alone, by models that had not seen the row: is it in the "
        f"list or not?{_unlearnt(judged)}",
        severity=Severity.INFO,
        measure=Measure(
            name="rows with a contradicted label",
            value=n / max(1, len(found.row_id)),
            unit=Unit.SHARE,
            n=len(found.row_id),
        ),
        threshold=Threshold(value=lead, param="lead", source=OURS),
        affected=Affected(
            columns=(found.label,), n_rows=n, share=n / n_rows, row_id=tuple(worst.tolist())
        ),
        recommended_action=f"Review {words.plural(n, 'row')}, worst first. Do not change lists "
        "automatically.",
        caveat=NO_COUNT,
    )


def _has(n: int) -> str:
    return "has" if n == 1 else "have"


def _unlearnt(judged: JudgedLists) -> str:
    n = int((~judged.learnt).sum())
    was = "was" if n == 1 else "were"
    return f" {words.plural(n, 'label')} that models cannot tell {was} not judged." if n else ""
