"""Labels: three numbers, how well each fits, what is mistaken for what, and whom it is about."""

from __future__ import annotations

import streamlit as st

from components.charts.evidence.figure import alt, figure
from components.charts.figure_data import of_evidence
from components.core.data.dataset import Role, Storage
from components.core.judgement.evidence import Evidence, GroupMetrics, Matrix, RowGroups, RowScores
from components.core.judgement.findings import CheckResult, Finding
from components.core.judgement.review import ItemType, ReviewCounts
from components.reports.words import counts_sentence
from components.services.data.datasets import DatasetInfo
from components.services.export.downloads import ExportRequest
from components.services.runs import runs
from components.views import session, words
from components.views.current import Run
from components.views.detect.labels import (
    cleaning_gain,
    groups,
    mistaken,
    queue_parts,
    three_numbers,
    unlabelled,
)
from components.views.navigation import Pages, go
from components.views.parts import download, heading
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import concern
from components.views.text import md, plain

MOST = 200
BY_CLASS = "flagged_by_class"
"""What the rates by class are called: they stand with the check, not with groups of people."""
EMPTY = "an empty cell"
PATTERN = "pattern"
"""The key of a finding about a value where one class stands for another."""


def show() -> None:
    """Draw the page."""
    concern.show("labels", head=three_numbers.show, extra=_labels, hidden=_is_shown_above)


def _is_shown_above(result: CheckResult, piece: Evidence) -> bool:
    if not result.suggests:
        return False
    if isinstance(piece, GroupMetrics):
        return piece.metric != BY_CLASS
    return (
        isinstance(piece, Matrix | RowGroups) or three_numbers.shows(piece) or groups.shows(piece)
    )


def _labels(info: DatasetInfo, run: Run) -> None:
    for result in run.of_concern("labels"):
        if unlabelled.is_shown(result):
            unlabelled.show(info, run, result)
        elif result.suggests and result.row_scores is not None:
            _suggested(info, run, result)
    _patterns(info, run)


def _patterns(info: DatasetInfo, run: Run) -> None:
    """Draw the way to the labels of each value where one class stands for another."""
    for finding in run.findings:
        where = _where(info, finding) if finding.key == PATTERN else {}
        if where and st.button(
            f"Review the flags where {plain(where.get('by_column') or where['column'], limit=40)} "
            f"is {plain(where.get('group') or where['value'], limit=40)}",
            icon=":material/rule:",
            key=f"pattern-{finding.check_id}",
        ):
            go(Pages.REVIEW, where)


def _where(info: DatasetInfo, finding: Finding) -> dict[str, str]:
    """Return the part of the address that chooses the items of a value; none for a time."""
    name, value = finding.affected.columns[0], finding.affected.groups[0]
    column = info.version.column(name)
    if column.role is Role.SENSITIVE:
        return {"by_column": name, "group": value}
    if column.storage is Storage.DATETIME:
        return {}
    return {"column": name, "value": value}


def _suggested(info: DatasetInfo, run: Run, result: CheckResult) -> None:
    scores = runs.row_scores(session.workspace(), run.id, result.check_id, flagged_only=True)
    if scores is None:
        return
    if scores.n_flagged:
        _invite(result.check_id, scores, run.answers.by_check.get(result.check_id, ReviewCounts()))
    elif run.verdict.is_label_unlearnt:
        return  # how well a label fits is not known, and the finding above says so
    if any(isinstance(piece, Matrix) for piece in result.evidence):
        left, right = st.columns(2, gap="medium")
        with left:
            _quality(scores)
        with right, st.container(border=True, height="stretch"):
            mistaken.show(result)
    else:  # numbers are not mistaken for one another
        _quality(scores)
    groups.show(result)
    if scores.n_flagged:
        _list(info, run.id, result.check_id, scores)
        if result.item_type is ItemType.LABEL:
            cleaning_gain.show(run)


def _quality(scores: RowScores) -> None:
    with st.container(border=True, height="stretch"):
        beside = "probabilities in the table" if scores.predicted_by else "other rows"
        st.markdown(f"**How well each label fits the {beside}**")
        evidence_panel.plot(
            figure(scores, session.theme(), title=False),
            key="quality",
            alt_text=alt(scores),
            sheet=lambda: of_evidence(scores),
            name="label quality",
        )


def _invite(check_id: str, scores: RowScores, counts: ReviewCounts) -> None:
    left = counts.n_waiting
    queue_parts.invite(
        check_id,
        f"**{words.count(scores.n_flagged, 'label')} for a person to look at:** "
        f"{counts_sentence(counts)}. "
        ":gray[Some of them may be right. Nothing is changed before you decide.]",
        f"Review {words.count(left, 'label')}" if left else queue_parts.NOTHING_LEFT,
        icon=":material/rule:",
        key="labels-review",
        is_main=True,
    )


def _list(info: DatasetInfo, run_id: str, check_id: str, scores: RowScores) -> None:
    place = heading.section("The labels in doubt, most doubtful first")
    with place:
        download.button(
            "All scores",
            ExportRequest(kind="rows", source=run_id, check_id=check_id),
            f"{check_id}.csv",
            "text/csv",
        )
    n = min(MOST, len(scores.row_id))
    extra: dict[str, list[object]] = {}
    if scores.given is not None and scores.suggested is not None:
        extra["In the file"] = [plain(v) for v in scores.given[:n]]
        extra["Expected"] = [EMPTY if v == "" else plain(v) for v in scores.suggested[:n]]
    if scores.confidence is not None:
        extra["Models' probability"] = [words.share(float(c)) for c in scores.confidence[:n]]
    alt = f"Labels in doubt: {md(scores.name)}"
    queue_parts.listed(info, scores, extra, limit=MOST, alt=alt)
