"""Pages with nothing to show yet: what is missing, and the one button that gets it."""

from __future__ import annotations

import streamlit as st

from components.core.facts.profile import DatasetProfile
from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import current, session
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import check_settings
from components.views.visitors import identity


def show(
    icon: str,
    title: str,
    text: str,
    *,
    button: str = "",
    page: Pages | None = None,
    again: DatasetInfo | None = None,
) -> None:
    """Draw a quiet panel; its button leads to ``page``, or runs the checks ``again``.

    Title and text must be our own words or escaped.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f"### :gray[{icon}]", width="content", text_alignment="center")
        st.markdown(f"**{title}**", width="content", text_alignment="center")
        st.markdown(f":gray[{text}]", width="content", text_alignment="center")
        if button and page and st.button(button, type="primary", key=f"empty-{page.name}"):
            go(page)
        if again is not None and st.button(
            "Run the checks again", type="primary", key="empty-run-again"
        ):
            start_again(again)
            st.rerun()
        st.space("small")


def need_dataset() -> DatasetInfo | None:
    """Return the table that is looked at; where there is none, say how to get one."""
    info = current.dataset()
    if info is None:
        show(
            ":material/upload_file:",
            "No table is open",
            "Upload a table, or open one of the samples.",
            button="Choose a table",
            page=Pages.UPLOAD,
        )
    return info


def need_run() -> tuple[DatasetInfo, Run] | None:
    """Return the table and its run; where one is missing, say how to get it."""
    info = need_dataset()
    if info is None:
        return None
    run = current.run()
    if run is None:
        show(
            ":material/play_circle:",
            "This table has not been checked yet",
            "Confirm what its columns mean, then start the checks. First findings come in seconds.",
            button="Set up the checks",
            page=Pages.UPLOAD,
        )
        return None
    return info, run


def need_profile(info: DatasetInfo, run: Run) -> DatasetProfile | None:
    """Return the facts about the table; where they are not there, say why and what to do."""
    if run.profile is not None:
        return run.profile
    if not run.status.state.is_over:
        st.info(
            "The facts are being counted. The page fills itself.", icon=":material/hourglass_top:"
        )
        return None
    show(
        ":material/error:",
        "This run ended before the facts were counted",
        "Nothing is known about the columns yet. Run the checks again.",
        again=info,
    )
    return None


def without_label(info: DatasetInfo) -> None:
    """Keep the visitor's word that there is no label, and check the table again."""
    ws = session.workspace()
    actor = identity.actor()
    info = datasets.set_columns(ws, info.version.id, {}, actor=actor, no_label=True)
    session.session().drafts.pop(info.version.id, None)
    start_again(info)


def start_again(info: DatasetInfo) -> None:
    """Start a new run of the table that is looked at, told what the visitor set; look at it."""
    told = check_settings.settings(info)
    run_id = runs.start(session.workspace(), info.version.id, settings=told)
    session.open_dataset(info.version.id, run_id)
