"""Upload: which table do you want to train on? Then: did we read it right?"""

from __future__ import annotations

import streamlit as st

from components.services.data import datasets
from components.views import current, session
from components.views.navigation import Pages
from components.views.parts import heading
from components.views.start import receive, tables
from components.views.start.confirm import confirm
from components.views.text import md


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
        ":gray[Preflight reads it, looks for doubtful labels, anomalies, gaps, leaks and bias, "
        "and says what to fix before any training. Nothing leaves the machine that it runs on.]"
    )
    receive.show(list(datasets.SUPPORTED))
    is_busy = session.session().reading is not None
    _samples(is_busy=is_busy)
    tables.show(is_busy=is_busy)


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
