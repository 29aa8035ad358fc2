"""The frame around every page: configuration, menu, the table at hand, running work, errors."""

from __future__ import annotations

import logging
import secrets

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.core.errors import Damaged, PreflightError
from components.processes.endings import recognise
from components.views import current, navigation, session
from components.views.parts import empty_state
from components.views.parts.findings import concern
from components.views.server import ICON, LOGO
from components.views.sidebar import dataset_card, job_panel
from components.views.start import changed_roles
from components.views.text import md, plain
from components.views.visitors import identity

log = logging.getLogger(__name__)


def is_running() -> bool:
    """Return whether a visitor's script run asks for the frame (else a server imports app.py)."""
    return get_script_run_ctx(suppress_warning=True) is not None


def show() -> None:
    """Draw the frame and the page inside it."""
    st.set_page_config(
        page_title="Preflight", page_icon=str(ICON), layout="wide", initial_sidebar_state=248
    )
    st.logo(str(LOGO), size="large")
    page = navigation.menu(concern.show)
    try:
        if identity.must_prove():
            identity.ask()
            return
        session.sync()
        st.set_page_config(page_title=_title(page.title))
        with st.sidebar:
            job_panel.show()
            dataset_card.show()
        _notice()
        _changed_roles(page.title)
        page.run()
    except Exception as error:  # noqa: BLE001 - the last net: a friendly panel, never a traceback
        failed(error)


def _title(page: str) -> str:
    """Return the title of the browser's tab: the page, the table and the app."""
    info = current.dataset()
    name = (
        ""
        if info is None
        else plain(info.version.name.rpartition(".")[0] or info.version.name, limit=40)
    )
    return " · ".join(part for part in (page, name, "Preflight") if part)


def failed(error: Exception) -> bool:
    """Show what went wrong without a traceback; also for errors in the callbacks of widgets."""
    known = error if isinstance(error, PreflightError) else recognise(error)
    if known is None:
        unexpected(error)
        return True
    if known is not error:
        log.error("an error of memory or disk", exc_info=error)
    expected(known)
    if isinstance(known, Damaged):
        _check_again()
    return True


def expected(error: PreflightError) -> None:
    """Tell a person what is wrong and what to do."""
    st.error(f"**{md(error.what)}**  \n{md(error.todo)}", icon=":material/error:")


def unexpected(error: Exception) -> None:
    """Log an error with its traceback under a short id, and show the id only."""
    mark = secrets.token_hex(4)
    log.error("unexpected error %s", mark, exc_info=error)
    st.error(
        "**Something went wrong on our side.** What you did last may not have been kept.  \n"
        f"Load the page again. If it comes back, look for `{mark}` in the server's log.",
        icon=":material/bug_report:",
    )


def _check_again() -> None:
    """Offer a new run of the table at hand: what is damaged belongs to one run."""
    try:
        info = current.dataset()
    except PreflightError:  # the database itself
        return
    if info is not None:
        st.button(
            "Check again",
            type="primary",
            icon=":material/refresh:",
            on_click=empty_state.start_again,
            args=(info,),
            key="damaged-again",
        )


def _changed_roles(title: str) -> None:
    """Say on pages of results that the roles have changed since."""
    info, run_id = current.dataset(), session.session().run_id
    if info is not None and run_id is not None and title != navigation.Pages.UPLOAD.value.title:
        changed_roles.show(info, run_id)


def _notice() -> None:
    here = session.session()
    if here.notice:
        st.info(here.notice, icon=":material/info:")
        here.notice = ""
