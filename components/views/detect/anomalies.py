"""Anomalies: rows unlike the rest, the strangest first."""

from __future__ import annotations

import streamlit as st

from components.charts.evidence.figure import alt, figure
from components.charts.figure_data import of_evidence
from components.core.judgement.evidence import RowScores
from components.services.data.datasets import DatasetInfo
from components.services.export.downloads import ExportRequest
from components.services.runs import runs
from components.views import session
from components.views.current import Run
from components.views.parts import download, heading, row_table
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import concern
from components.views.text import plain

CHECK = "anomalies.multivariate"
MOST = 500


def show() -> None:
    """Draw the page."""
    concern.show("anomalies", extra=_ranked)


def _ranked(info: DatasetInfo, run: Run) -> None:
    scores = runs.row_scores(session.workspace(), run.id, CHECK, limit=MOST)
    if scores is None or not len(scores.row_id):
        return
    heading.section("How usual the rows are")
    with st.container(border=True):
        evidence_panel.plot(
            figure(scores, session.theme(), title=False),
            key="anomalies",
            alt_text=alt(scores),
            sheet=lambda: of_evidence(scores),
            name="anomalies",
        )
    place = heading.section("The strangest rows first")
    with place:
        download.button(
            "All scores",
            ExportRequest(kind="rows", source=run.id, check_id=CHECK),
            "anomalies.csv",
            "text/csv",
        )
    _list(info, scores)


def _list(info: DatasetInfo, scores: RowScores) -> None:
    most = min(MOST, len(scores.row_id))
    budget = _budget(most, scores.n_flagged)
    flagged = int(scores.flagged[:budget].sum())
    if not scores.n_flagged:
        st.caption(f"None of these {budget:,} is flagged, nor any other row.")
    elif flagged == scores.n_flagged:
        them = "The one flagged row is" if flagged == 1 else f"All {flagged:,} flagged rows are"
        st.caption(f"{them} among these {budget:,}.")
    else:
        st.caption(f"These are {flagged:,} of {scores.n_flagged:,} flagged rows.")
    reasons = scores.reason if scores.reason is not None else [""] * len(scores.row_id)
    extra = {
        "Usual": [f"{float(q):.3f}" for q in scores.quality[:budget]],
        "Flagged": ["yes" if f else "" for f in scores.flagged[:budget]],
        "Why": [plain(r or "", limit=160) for r in reasons[:budget]],
    }
    row_table.show(
        info,
        [int(i) for i in scores.row_id[:budget]],
        extra={name: values for name, values in extra.items() if any(values)},
        limit=MOST,
        alt="The strangest rows with their reasons",
    )


def _budget(most: int, flagged: int) -> int:
    """Ask how many rows a person wants to look at; every row list is bounded."""
    if most <= 10:  # noqa: PLR2004 - nothing to choose
        return most
    start = min(most, max(10, min(flagged, 50)))
    return int(
        st.slider("How many rows do you have time for?", 10, most, start, key="budget", width=420)
    )
