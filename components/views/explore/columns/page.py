"""Columns: a list of all, and one of them in detail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import streamlit as st

from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.views import session, words
from components.views.current import Run
from components.views.explore.columns import column_detail, column_list
from components.views.explore.columns.column_list import Touching
from components.views.navigation import Pages
from components.views.parts import empty_state, heading
from components.views.parts.findings import drawer
from components.views.text import code

MOST_COLUMNS = 2_000
KEY = "columns-list"
ADDRESS = "column"
NONE = "No column is like this. Change the search or the filters."


def show() -> None:
    """Draw the page."""
    heading.show(Pages.COLUMNS.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    profile = empty_state.need_profile(info, run)
    if profile is None:
        return
    touching = column_list.by_column(run.findings)
    shown = column_list.matching(profile.columns, touching, column_list.ask(profile.columns))
    if not shown:
        st.info(
            "No column is like this. Change the search or the filters.",
            icon=":material/search_off:",
        )
        return
    page = shown[:MOST_COLUMNS]
    chosen = _chosen(page, touching)
    _tell_unknown(profile)
    _count(len(page), len(shown), profile)
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _list(page, touching, run, chosen)
    with right, st.container(border=True):
        _steps(page, chosen)
        column_detail.show(run, profile, chosen)
    drawer.show(info, run)


def _count(n_page: int, n_shown: int, profile: DatasetProfile) -> None:
    """Say how many columns are listed, where the buttons of the list have room beside it."""
    total = words.count(profile.n_columns, "column")
    said = total if n_shown == profile.n_columns else f"{n_shown:,} of {total}"
    if n_shown > n_page:
        said = f"The first {n_page:,} of {n_shown:,} columns: search to find others"
    st.caption(f"{said}. Select one to look at it; a heading sorts the list.")


def _chosen(page: Sequence[ColumnProfile], touching: Touching) -> ColumnProfile:
    """Return the column that the address or the visitor's place names, else the worst one."""
    asked = session.asked(ADDRESS) or session.session().column
    found = next((c for c in page if c.name == asked), None)
    return found or column_list.worst(page, touching)


def _tell_unknown(profile: DatasetProfile) -> None:
    """Say so where the address names a column that there is none of."""
    asked = session.asked(ADDRESS)
    if asked and all(c.name != asked for c in profile.columns):
        st.info(
            f"This link leads to a column, {code(asked)}, that is not in this table. Below is "
            "another one.",
            icon=":material/info:",
        )


def _list(
    page: Sequence[ColumnProfile], touching: Touching, run: Run, chosen: ColumnProfile
) -> None:
    names = [c.name for c in page]
    listed = hashlib.sha256("\0".join(names).encode()).hexdigest()[:12]
    key = f"{KEY}-{run.id}-{listed}-{session.session().jumps}"
    table = column_list.frame(page, touching)
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height="content" if len(page) <= 18 else 700,  # noqa: PLR2004 - rows that fit
        row_height=37,
        on_select=lambda: _picked(key, names),
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [names.index(chosen.name)]}},
        column_config=column_list.config(table),
        alt=f"{len(page)} columns with their findings and shapes",
    )


def _picked(key: str, names: Sequence[str]) -> None:
    """Put the column that was picked in the list into the address."""
    state = session.remembered(key)
    chosen = state.get("selection") if isinstance(state, Mapping) else None
    rows = chosen.get("rows") if isinstance(chosen, Mapping) else None
    if rows and 0 <= rows[0] < len(names):
        _look_at(names[rows[0]])


def _look_at(name: str) -> None:
    session.session().column = name
    session.put(ADDRESS, name)


def _jump(name: str) -> None:
    _look_at(name)
    session.session().jumps += 1


def _steps(page: Sequence[ColumnProfile], chosen: ColumnProfile) -> None:
    """Draw the way to the column before and after, which works without a pointer."""
    if len(page) == 1:
        return
    at = next(i for i, c in enumerate(page) if c.name == chosen.name)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.button(
            "Previous",
            key="column-previous",
            icon=":material/chevron_left:",
            type="tertiary",
            shortcut="P",
            disabled=at == 0,
            on_click=_jump,
            args=(page[max(0, at - 1)].name,),
        )
        st.caption(f"Column {at + 1:,} of {len(page):,}", width="content")
        st.button(
            "Next",
            key="column-next",
            icon=":material/chevron_right:",
            icon_position="right",
            type="tertiary",
            shortcut="N",
            disabled=at == len(page) - 1,
            on_click=_jump,
            args=(page[min(len(page) - 1, at + 1)].name,),
        )
