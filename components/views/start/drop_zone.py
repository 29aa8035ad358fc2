"""The drop zone: a file goes from the browser to disk, with progress, at any size."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.core.errors import UnusableInput
from components.services.upload.incoming import ReceivedFile
from components.views import session, words
from components.views.upload_route import PATH, UPLOADS

KEY = "drop_zone"
_LONGEST_MARK = 64


def _asset(ending: str) -> str:
    return Path(__file__).with_suffix(ending).read_text(encoding="utf-8")


_ZONE = st.components.v2.component(
    "preflight_drop_zone", html=_asset(".html"), css=_asset(".css"), js=_asset(".js")
)


def show(endings: list[str]) -> None:
    """Draw the zone.

    Parameters
    ----------
    endings
        Of the names of files that can be tables, such as ``csv``.
    """
    upload = session.session().upload
    limit = session.workspace().settings.max_upload
    _ZONE(
        key=KEY,
        data={
            "path": PATH.lstrip("/"),
            "endings": [f".{ending}" for ending in endings],
            "hint": f"{', '.join(e.upper() for e in endings)}, up to {words.size(limit)}",
            "mark": upload.asked,
            "token": upload.token,
            "refused": " ".join(upload.refused).strip(),
        },
        on_asked_change=_asked,
        on_arrived_change=_arrived,
    )


def received() -> ReceivedFile | None:
    """Return the file that has come in and waits to be read."""
    upload = session.session().upload
    return UPLOADS.received(upload.token) if upload.has_arrived else None


def take() -> None:
    """Take the file off the hands of the zone: its bytes belong to somebody else, or to nobody."""
    here = session.session()
    token, here.upload = here.upload.token, session.BrowserUpload()
    UPLOADS.discard(token)


def _asked() -> None:
    """Answer the browser that wants to send a file; what it says is checked, not trusted."""
    asked = _said("asked")
    if not isinstance(asked, dict):
        return
    mark, name, size = asked.get("mark"), asked.get("name"), asked.get("size")
    if not isinstance(mark, str) or not isinstance(name, str) or not isinstance(size, int):
        return
    take()
    here = session.session()
    here.unusable = None
    here.upload.asked = mark[:_LONGEST_MARK]
    try:
        here.upload.token = UPLOADS.issue(
            session.workspace(), name, max(0, size), visitor=here.visitor
        ).token
    except UnusableInput as error:
        here.upload.refused = (error.what, error.todo)


def _arrived() -> None:
    upload = session.session().upload
    if _said("arrived") != upload.asked:
        return
    upload.has_arrived = UPLOADS.received(upload.token) is not None
    if not upload.has_arrived:
        upload.refused = ("The server lost the file.", "Choose it again.")


def _said(name: str) -> object:
    """Return what the browser said last, None where it said nothing."""
    state = session.remembered(KEY)
    return state.get(name) if isinstance(state, dict) else getattr(state, name, None)
