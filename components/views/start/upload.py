"""Upload: which table do you want to train on? Then: did we read it right?"""

from __future__ import annotations

import streamlit as st

from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.views import current, session, words
from components.views.navigation import Pages, go
from components.views.parts import heading
from components.views.start import receive
from components.views.start.confirm import confirm
from components.views.text import md

MOST_RECENT = 6


def show() -> None:
    """Draw the drop zone, or the table that was just opened."""
    info = current.dataset()
    if info is None:
        _choose()
    else:
        confirm(info)


def _choose() -> None:
    heading.show(Pages.UPLOAD.value.signal)
    st.markdown(
        ":gray[Preflight reads it, finds wrong labels, anomalies, gaps, leaks and bias, and says "
        "what to fix before any training. Nothing leaves this machine.]"
    )
    receive.show(list(datasets.SUPPORTED))
    is_busy = session.session().reading is not None
    _samples(is_busy=is_busy)
    _recent(is_busy=is_busy)


def _samples(*, is_busy: bool) -> None:
    samples = datasets.sample_files()
    if not samples:
        return
    heading.section("Or start from a sample")
    with st.grid(4, min_column_width=220):
        for sample in samples[:6]:
            with st.container(border=True, height="stretch", vertical_alignment="distribute"):
                mark = " &nbsp; :violet-badge[Demo]" if sample.demo else ""
                st.markdown(
                    f"**{md(sample.title)}**{mark}\n\n:gray[:small[{md(sample.description)}]]"
                )
                if st.button(
                    "Open",
                    key=f"sample-{sample.key}",
                    icon=":material/folder_open:",
                    disabled=is_busy,
                ):
                    info = datasets.add_sample(session.workspace(), sample.key)
                    session.open_dataset(info.version.id)
                    st.rerun()


def _recent(*, is_busy: bool) -> None:
    recent = datasets.recent(session.workspace(), limit=MOST_RECENT)
    if not recent:
        return
    heading.section("Recent tables")
    for info in recent:
        _recent_line(info, is_busy=is_busy)


def _recent_line(info: DatasetInfo, *, is_busy: bool) -> None:
    version = info.version
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        size = (
            f"{words.count(version.n_rows, 'row')}, {words.count(len(version.columns), 'column')}"
        )
        st.markdown(
            f"**{md(version.name, limit=80)}** &nbsp; :gray[:small[{size}. "
            f"Added {words.moment(info.added_at)} UTC]]",
            width="content",
        )
        if st.button(
            "Open",
            key=f"recent-{version.id}",
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            disabled=is_busy,
        ):
            session.open_dataset(version.id)
            session.sync()
            if session.session().run_id:
                go(Pages.OVERVIEW)
            st.rerun()
