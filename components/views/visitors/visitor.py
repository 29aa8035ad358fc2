"""How it is known who visits: by a login, by a header of a proxy, or by a name that is typed.

A login is there where Streamlit's secrets have a section ``[auth]``; a header counts only where who
runs the server has named it (``PREFLIGHT_USER_HEADER``), because anybody who reaches the server
directly can send any header.
"""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitAuthError

from components.core.errors import PreflightError, UnusableInput
from components.core.people.person import Identity, Person
from components.core.settings import Settings
from components.services.people.names import valid_name

NOBODY = ""


def known_by() -> Identity:
    """Return how it is known here who somebody is; a header wins over a login."""
    if Settings.from_environment().user_header:
        return Identity.HEADER
    has_login = st.secrets.load_if_toml_exists() and "auth" in st.secrets
    return Identity.LOGIN if has_login else Identity.TYPED


def proven() -> Person | None:
    """Return who visits where that is proven, "" for nobody; None where names are typed."""
    match known_by():
        case Identity.HEADER:
            return Person(_of_header(Settings.from_environment().user_header), Identity.HEADER)
        case Identity.LOGIN:
            return Person(_of_login(), Identity.LOGIN)
        case _:
            return None


def log_in() -> None:
    """Lead to the login.

    Raises
    ------
    PreflightError
        When the server cannot log anybody in.
    """
    try:
        st.login()
    except (StreamlitAPIException, StreamlitAuthError) as error:
        raise PreflightError(
            "This server cannot log anybody in.",
            "Who runs it must install “streamlit[auth]” and look at [auth] in its secrets.",
        ) from error


def log_out() -> None:
    """End the login."""
    st.logout()


def _of_header(name: str) -> str:
    """Return the name that the proxy tells; "" where it tells none, or more than one."""
    said = st.context.headers.get_all(name)
    return _valid(said[0]) if len(said) == 1 else NOBODY


def _of_login() -> str:
    """Return the address of who is logged in, else what the provider calls them."""
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return NOBODY
    is_theirs = user.get("email_verified", True) is not False
    return _valid(str((user.get("email") if is_theirs else "") or user.get("sub") or ""))


def _valid(name: str) -> str:
    try:
        return valid_name(name)
    except UnusableInput:
        return NOBODY
