"""One line that says what this table is to one that was here before.

It stays as long as the table is at hand: a line that goes away would move the buttons below it.
"""

from __future__ import annotations

import streamlit as st

from components.services.data import versions
from components.services.data.datasets import DatasetInfo
from components.services.data.versions import Former
from components.views import session, words
from components.views.parts import version_line
from components.views.text import md


def show(info: DatasetInfo, former: Former | None) -> None:
    """Draw the line where the workspace had this file, a former version, or the same header."""
    if session.session().is_known:
        st.info(_known(info), icon=":material/info:")
    if former is None:
        return
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="former",
    ):
        st.markdown(_sentence(info, former), width="stretch")
        st.button(
            "Open the former",
            type="tertiary",
            icon=":material/history:",
            on_click=session.open_dataset,
            args=(former.info.version.id,),
        )


def _known(info: DatasetInfo) -> str:
    when = words.moment(info.added_at)
    return (
        f"**You uploaded this before**, on {when} UTC, as {md(info.version.name, limit=80)}. "
        "The bytes are the same, so we opened that table."
    )


def _sentence(info: DatasetInfo, former: Former) -> str:
    when = f"of {words.moment(former.info.added_at)} UTC"
    table = versions.as_table(former)
    if table is None:
        name = md(former.info.version.name, limit=60)
        line, what = f"The same columns as {name}", "It is kept as a table of its own."
    else:
        line, what = version_line.sentences(info, table)
    return f":material/history: **{line}** :gray[:small[{when}. {what} {_roles(info, former)}]]"


def _roles(info: DatasetInfo, former: Former) -> str:
    return " ".join(filter(None, (_chosen(info, former), _no_label(info, former))))


def _chosen(info: DatasetInfo, former: Former) -> str:
    if former.n_roles:
        said = "role was" if former.n_roles == 1 else "roles were"
        return f"{former.n_roles:,} {said} carried over from what was chosen then."
    if all(versions.is_as_confirmed(column, former) for column in info.version.columns):
        return "The roles are those that were confirmed then."
    return ""


def _no_label(info: DatasetInfo, former: Former) -> str:
    if info.version.no_label and former.info.version.no_label:
        return "A person said then that there is no label; this is carried over, too."
    return ""
