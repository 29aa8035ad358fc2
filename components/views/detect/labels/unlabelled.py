"""Rows without a label: which to label first, and what is suggested for them."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import ItemType, ReviewCounts
from components.reports.words import counts_sentence
from components.services.data.datasets import DatasetInfo
from components.services.export.downloads import ExportRequest
from components.services.runs import runs
from components.views import session, words
from components.views.current import Run
from components.views.detect.labels import queue_parts
from components.views.parts import download, heading
from components.views.text import md, plain

MOST = 50
NONE = "none: not sure"


def is_shown(result: CheckResult) -> bool:
    """Whether a check asks for labels of rows that have none."""
    return result.item_type is ItemType.UNLABELLED


def show(info: DatasetInfo, run: Run, result: CheckResult) -> None:
    """Draw the way to the review, and the rows to label first."""
    scores = runs.row_scores(session.workspace(), run.id, result.check_id, flagged_only=True)
    if scores is None or not scores.n_flagged:
        return
    with heading.section("Rows without a label"):
        download.button(
            "All rows without a label",
            ExportRequest(kind="rows", source=run.id, check_id=result.check_id),
            f"{result.check_id}.csv",
            "text/csv",
        )
    counts = run.answers.by_check.get(result.check_id, ReviewCounts())
    _invite(result.check_id, scores, counts)
    _first(info, scores)


def _invite(check_id: str, scores: RowScores, counts: ReviewCounts) -> None:
    n = 0 if scores.suggested is None else sum(text is not None for text in scores.suggested)
    left = counts.n_waiting
    queue_parts.invite(
        check_id,
        f"**{words.count(scores.n_flagged, 'row')} without a label:** {counts_sentence(counts)}. "
        f"A class is suggested for {n:,}. :gray[Nothing is entered before you decide.]",
        f"Label {words.count(left, 'row')}" if left else queue_parts.NOTHING_LEFT,
        icon=":material/new_label:",
        key="unlabelled-review",
    )


def _first(info: DatasetInfo, scores: RowScores) -> None:
    n = min(MOST, len(scores.row_id))
    st.caption(
        "To label first: rows of which models are least sure, spread over the table, so that not "
        "ten of one kind come one after another."
    )
    extra: dict[str, list[object]] = {}
    if scores.suggested is not None and scores.confidence is not None:
        extra["Suggested"] = [NONE if t is None else plain(t) for t in scores.suggested[:n]]
        extra["Most probable class has"] = [words.share(float(c)) for c in scores.confidence[:n]]
    alt = f"Rows without a label: {md(scores.name)}"
    queue_parts.listed(info, scores, extra, limit=MOST, alt=alt)
