"""A button that downloads a file: a small one at once, a large one when a worker has made it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from components.core.errors import PreflightError
from components.services.export import downloads
from components.services.export.downloads import ExportRequest
from components.views import download_route, session, words
from components.views.text import md

SHEETS, CODE = "For spreadsheets", "For code"
EVERY_S = 0.5
ICON = ":material/download:"


def for_spreadsheet(label: str) -> bool:
    """Ask in which form a table is wanted; True: formulas in it are defused."""
    mode = st.segmented_control(
        label,
        [SHEETS, CODE],
        default=SHEETS,
        required=True,
        label_visibility="collapsed",
        key=f"form-{label}",
    )
    return mode == SHEETS


def button(
    label: str,
    request: ExportRequest,
    name: str,
    mime: str,
    *,
    as_of: str = "",
    primary: bool = False,
) -> None:
    """Draw the button.

    Parameters
    ----------
    name, mime
        Of the file, where it is small; a large one has its own.
    as_of
        What the content depends on beside the request; another value makes the file anew.
    """
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    ws = session.workspace()
    if downloads.is_small(ws, request):
        st.download_button(
            label,
            lambda: downloads.small(ws, request),
            file_name=name,
            mime=mime,
            icon=ICON,
            type=kind,
            on_click="ignore",
            key=f"download-{name}",
        )
        return
    made = session.session().downloads
    place = f"{request}{as_of}"
    if place in made:
        _watch(label, place)
    elif st.button(label, icon=ICON, type=kind, key=f"prepare-{name}"):
        made[place] = downloads.start(ws, request)
        st.rerun()


def _watch(label: str, place: str) -> None:
    """Draw how far a file is, and the link to it when it is there."""
    key = session.session().downloads[place]
    try:
        is_over = downloads.status(session.workspace(), key).is_over
        if not is_over:
            _panel(label, place)
            return
        made = downloads.finished(session.workspace().files.jobs, key)
    except PreflightError as error:
        session.session().downloads.pop(place, None)
        st.error(f"**{label}** {md(error.what)}  \n{md(error.todo)}", icon=":material/error:")
        return
    size = words.size(made.path.stat().st_size)
    st.link_button(f"{label} ({size})", download_route.address(key), icon=ICON, type="primary")


@st.fragment(run_every=EVERY_S)
def _panel(label: str, place: str) -> None:
    key = session.session().downloads.get(place)
    if key is None:
        st.rerun()
        return
    now = downloads.status(session.workspace(), key)
    if now.is_over:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/progress_activity: {label} :gray[:small[{md(now.note)}]]")
        st.button(
            "Cancel",
            key=f"cancel-{key}",
            type="tertiary",
            icon=":material/close:",
            on_click=_cancel,
            args=(place,),
        )


def _cancel(place: str) -> None:
    key = session.session().downloads.pop(place, None)
    if key is not None:
        downloads.cancel(session.workspace(), key)
