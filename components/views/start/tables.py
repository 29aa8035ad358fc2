"""The tables of this workspace: found by name or owner, with their sizes, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.navigation import Pages, go
from components.views.parts import heading
from components.views.text import md, plain

SHOWN = 6
"""Tables that are shown until a person asks for more."""
MOST = 500
"""Tables that are searched."""
SEARCH, ALL = "table-search", "table-all"


def show(*, is_busy: bool) -> None:
    """Draw the list."""
    known = datasets.recent(session.workspace(), limit=MOST)
    if not known:
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
        if st.button(
            "Open",
            key=f"recent-{version.id}",
            help=plain(version.name, limit=80),
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


def _about(info: DatasetInfo) -> str:
    """Return shape, size, age and owner of a table."""
    version, source = info.version, info.folder / "source"
    parts = [words.count(version.n_rows, "row"), words.count(len(version.columns), "column")]
    if source.is_file():
        parts.append(words.size(source.stat().st_size))
    by = f" by {md(version.owner, limit=40)}" if version.owner else ""
    return f"{', '.join(parts)}. Added {words.moment(info.added_at)} UTC{by}"
