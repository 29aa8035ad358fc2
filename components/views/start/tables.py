"""The tables of this workspace: found by name or owner, opened, removed and taken back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.core.errors import PreflightError
from components.services.data import datasets, remove
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.navigation import Pages, go
from components.views.parts import heading
from components.views.text import md, plain
from components.views.visitors import identity

SHOWN = 6
"""Tables that are shown until a person asks for more."""
MOST = 500
"""Tables that are searched."""
SEARCH, ALL = "table-search", "table-all"


def show(*, is_busy: bool) -> None:
    """Draw the list."""
    known = datasets.recent(session.workspace(), limit=MOST)
    if not known:
        _removed()
        return
    heading.section("Recent tables")
    sought = _sought(len(known))
    found = [info for info in known if _is_meant(info, sought)]
    if not found:
        st.markdown(f":gray[No table here has “{md(sought)}” in its name or as its owner.]")
    shown = found if session.remembered(ALL) else found[:SHOWN]
    for info in shown:
        _line(info, is_busy=is_busy)
    _more(found, shown)
    _removed()


def _sought(n: int) -> str:
    """Return what a person looks for; a few tables need no search."""
    if n <= SHOWN:
        return ""
    return st.text_input(
        "Search",
        key=SEARCH,
        placeholder=f"Search {n:,} tables by name or owner",
        label_visibility="collapsed",
        icon=":material/search:",
        width=360,
    ).strip()


def _is_meant(info: DatasetInfo, sought: str) -> bool:
    texts = (info.version.name, info.version.owner or "")
    return any(sought.casefold() in text.casefold() for text in texts)


def _more(found: Sequence[DatasetInfo], shown: Sequence[DatasetInfo]) -> None:
    if len(found) > SHOWN:
        st.toggle(f"Show all {len(found):,}", key=ALL, help=f"{len(shown):,} are shown.")


def _line(info: DatasetInfo, *, is_busy: bool) -> None:
    version = info.version
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.markdown(
            f"**{md(version.name, limit=80)}** &nbsp; :gray[:small[{_about(info)}]]",
            width="content",
        )
        with st.container(horizontal=True, width="content"):
            _buttons(info, is_busy=is_busy)


def _buttons(info: DatasetInfo, *, is_busy: bool) -> None:
    version, name = info.version, plain(info.version.name, limit=80)
    if st.button(
        "Remove",
        key=f"remove-{version.id}",
        help=f"Remove {name}",
        type="tertiary",
        icon=":material/delete:",
        disabled=is_busy,
    ):
        _ask(info, remove.size(session.workspace(), version.id).total)
    if st.button(
        "Open",
        key=f"recent-{version.id}",
        help=name,
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


@st.dialog("Remove this table?")
def _ask(info: DatasetInfo, taken: int) -> None:
    """Say what goes with a table and until when it can come back, and remove it when told so."""
    version, person = info.version, identity.person()
    st.markdown(
        f"**{md(version.name, limit=80)}**, its results and all decisions about it: "
        f"{words.size(taken)} on the disk. Nobody sees it any more; for {remove.GRACE.days} days "
        "it can be taken back here, after that it is deleted."
    )
    if not person.owns(version.owner):
        st.markdown(f":gray[It belongs to {md(version.owner, limit=40)}: you cannot remove it.]")
    elif version.owner not in {"", person.name}:
        st.markdown(
            f":gray[It was brought by {md(version.owner, limit=40)}. Names are typed here, not "
            "proven by a login: everybody is an owner and can remove it.]"
        )
    if st.button(
        "Remove",
        type="primary",
        icon=":material/delete:",
        key="remove-table",
        on_click=_remove,
        args=(version.id, version.name),
    ):
        st.rerun()  # else the question would stay


def _remove(dataset_id: str, name: str) -> None:
    here = session.session()
    try:
        remove.remove(session.workspace(), dataset_id, actor=identity.person())
    except PreflightError as error:
        here.notice = md(f"{error.what} {error.todo}")
        return
    here.notice = f"{md(name, limit=80)} is removed. It can be taken back below."


def _removed() -> None:
    """List the tables that can be taken back."""
    gone = remove.removed(session.workspace())
    if not gone:
        return
    with st.expander(words.count(len(gone), "removed table"), icon=":material/restore_from_trash:"):
        for each in gone[:MOST]:
            version = each.info.version
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(
                    f"{md(version.name, limit=80)} &nbsp; :gray[:small[Deleted after "
                    f"{words.moment(each.until)} UTC]]",
                    width="content",
                )
                st.button(
                    "Take back",
                    key=f"restore-{version.id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=_take_back,
                    args=(version.id,),
                )


def _take_back(dataset_id: str) -> None:
    here = session.session()
    try:
        info = remove.restore(session.workspace(), dataset_id, actor=identity.person())
    except PreflightError as error:
        here.notice = md(f"{error.what} {error.todo}")
        return
    here.notice = f"{md(info.version.name, limit=80)} is back."


def _about(info: DatasetInfo) -> str:
    """Return shape, size, age and owner of a table."""
    version, source = info.version, info.folder / "source"
    parts = [words.count(version.n_rows, "row"), words.count(len(version.columns), "column")]
    if source.is_file():
        parts.append(words.size(source.stat().st_size))
    by = f" by {md(version.owner, limit=40)}" if version.owner else ""
    return f"{', '.join(parts)}. Added {words.moment(info.added_at)} UTC{by}"
