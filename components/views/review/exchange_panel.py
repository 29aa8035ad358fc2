"""Decisions and questions as files, and answers of other tools that come in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.services.data import datasets
from components.services.exchange.answer_files import MOST_BYTES
from components.services.export.downloads import ExportRequest
from components.services.review import passes
from components.services.review.review import ReviewQueue
from components.services.review.selection import Stage
from components.views import session
from components.views.parts import download
from components.views.review import answers_route
from components.views.text import md
from components.views.visitors import identity

LABEL_STUDIO, ARGILLA = "Label Studio", "Argilla"


def _asset(ending: str) -> str:
    return Path(__file__).with_name(f"answers_file.{ending}").read_text(encoding="utf-8")


_FILE = st.components.v2.component(
    "preflight_answers", html=_asset("html"), css=_asset("css"), js=_asset("js")
)


def show(queue: ReviewQueue) -> None:
    """Draw the button that opens the panel, which is filled when it is open."""
    panel = st.popover(
        "Files in and out",
        icon=":material/swap_vert:",
        type="tertiary",
        key="exchange",
        on_change="rerun",
    )
    if not panel.open:
        return
    version = datasets.get(session.workspace(), queue.dataset_id).version
    may = identity.person().owns(version.owner)
    with panel:
        if may:  # who judges blind must not read what others answered
            _decisions(queue)
        else:
            st.caption(f"Decisions go out, and answers come in, for {md(version.owner)} alone.")
        if queue.column and queue.classes:
            st.divider()
            _questions(queue)
        if may and queue.column and queue.classes:
            st.divider()
            _answers(queue)


def _as_of(queue: ReviewQueue) -> str:
    return f"{queue.as_of} {queue.counts}"


def _decisions(queue: ReviewQueue) -> None:
    st.markdown("**Every decision about this table**")
    st.caption("Who, when, for how long, with what note; also what was taken back.")
    with st.container(horizontal=True):
        for name, kind, ending, mime in (
            ("CSV", "decisions", "csv", "text/csv"),
            ("Parquet", "decisions-parquet", "parquet", "application/vnd.apache.parquet"),
        ):
            download.button(
                name,
                ExportRequest(kind=kind, source=queue.dataset_id),
                f"decisions.{ending}",
                mime,
                as_of=_as_of(queue),
            )


def _questions(queue: ReviewQueue) -> None:
    st.markdown("**Ask people in another tool**")
    tool = st.segmented_control(
        "Tool",
        [LABEL_STUDIO, ARGILLA],
        default=LABEL_STUDIO,
        required=True,
        label_visibility="collapsed",
        key="exchange-tool",
    )
    every = st.checkbox("Settled ones, too", key="exchange-all")
    blind = st.checkbox("Without what is suggested, and why", key="exchange-blind")
    kind = "argilla" if tool == ARGILLA else "label-studio"
    with st.container(horizontal=True):
        download.button(
            "Questions",
            _request(queue, kind, Stage.ALL if every else Stage.OPEN, blind=blind),
            f"{kind}.json",
            "application/json",
            as_of=_as_of(queue),
        )
        if tool == LABEL_STUDIO:
            download.button(
                "Labeling configuration",
                _request(queue, "label-studio-config"),
                "label-studio-config.xml",
                "application/xml",
            )


def _request(
    queue: ReviewQueue, kind: str, stage: Stage = Stage.OPEN, *, blind: bool = False
) -> ExportRequest:
    return ExportRequest(
        kind=kind, source=queue.run_id, check_id=queue.check_id, stage=stage, blind=blind
    )


def _answers(queue: ReviewQueue) -> None:
    st.markdown("**Take the answers in**")
    st.caption(
        "The export “JSON” of Label Studio, or records of Argilla. Each answer becomes a decision "
        "under the name of who gave it; the same file again changes nothing."
    )
    _FILE(
        key="answers-file",
        data={
            "path": answers_route.PATH.lstrip("/"),
            "pass": passes.issue(
                session.workspace(), queue.run_id, queue.check_id, identity.person()
            ),
            "most": MOST_BYTES,
        },
        on_came_in_change=_came_in,
    )


def _came_in() -> None:
    """Draw the page anew: its counts are others now."""
