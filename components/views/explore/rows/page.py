"""Rows: filter a table of any size, page through it, and look at one row."""

from __future__ import annotations

import streamlit as st

from components.core.errors import PreflightError, UnusableInput
from components.services.data.datasets import DatasetInfo
from components.services.explore import browse
from components.services.explore.browse import Page, View
from components.services.explore.filters import Part
from components.services.runs import runs
from components.views import current, session, words
from components.views.explore.rows import (
    filter_builder,
    filter_chips,
    row_card,
    rows_place,
    rows_table,
)
from components.views.explore.rows.rows_place import PAGE_ROWS, RowsQuery
from components.views.navigation import Pages
from components.views.parts import empty_state, heading
from components.views.text import md

ALL, ANY = "All", "Any"
JOIN = "filter-join"


def show() -> None:
    """Draw the page."""
    actions = heading.show(Pages.ROWS.value.signal)
    info = empty_state.need_dataset()
    if info is None:
        return
    run = current.run()
    run_id = run.id if run is not None else None
    place = rows_place.read(info, run_id)
    titles = {check.id: check.title for check in runs.catalogue()}
    with actions:
        _actions(place)
    _unusable(place.problem)
    _filter(info, place, titles)
    try:
        page = browse.page(
            session.workspace(), place.view, offset=place.page * PAGE_ROWS, limit=PAGE_ROWS
        )
    except PreflightError as error:
        st.warning(f"**{md(error.what)}**  \n{md(error.todo)}", icon=":material/filter_alt_off:")
        return
    _count(info, place, page)
    rows_table.show(info, place, page)
    row_card.show(info, run_id)


def _actions(place: RowsQuery) -> None:
    st.button(
        "Undo",
        icon=":material/undo:",
        type="tertiary",
        help="Go back to the filter before the last change",
        disabled=not session.session().rows.past,
        on_click=rows_place.undo,
    )
    st.button(
        "All rows",
        icon=":material/filter_alt_off:",
        type="tertiary",
        help="Take all conditions away",
        disabled=not place.view.parts and not place.problem,
        on_click=rows_place.reset,
    )


def _unusable(problem: str) -> None:
    if problem:
        st.warning(f"{md(problem)} All rows are shown.", icon=":material/filter_alt_off:")


def _filter(info: DatasetInfo, place: RowsQuery, titles: dict[str, str]) -> None:
    view = place.view
    flags = browse.flags(session.workspace(), view.run_id)
    with st.container(border=True, key="filter"):
        added = filter_builder.show(info, view, flags)
        if view.parts:
            _join(view)
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                spellings = {c.name: c.spelling for c in info.version.columns}
                filter_chips.show(
                    view.parts, titles, spellings, lambda i: _drop(view, i), any_of=view.any_of
                )
    if added:
        _add(view, added)


def _join(view: View) -> None:
    """Ask whether the rows must match all conditions or any; the address knows which."""
    session.preset(JOIN, ANY if view.any_of else ALL)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("Rows that match", width="content")
        st.segmented_control(
            "Rows that match all or any of these conditions",
            [ALL, ANY],
            required=True,
            label_visibility="collapsed",
            key=JOIN,
            on_change=lambda: _rejoin(view),
        )
        st.markdown("of these conditions", width="content")


def _rejoin(view: View) -> None:
    rows_place.change(view.parts, any_of=session.remembered(JOIN) == ANY)


def _add(view: View, added: tuple[Part, ...]) -> None:
    new = (*view.parts, *(part for part in added if part not in view.parts))
    try:
        rows_place.change(new, any_of=view.any_of)
    except UnusableInput as error:
        st.warning(md(str(error)), icon=":material/link_off:")
    else:
        st.rerun()


def _drop(view: View, position: int) -> None:
    left = tuple(p for i, p in enumerate(view.parts) if i != position)
    rows_place.change(left, any_of=view.any_of)


def _count(info: DatasetInfo, place: RowsQuery, page: Page) -> None:
    total = info.version.n_rows
    if not place.view.parts:
        st.markdown(
            f"All **{words.count(total, 'row')}** of the table. "
            ":gray[There is no condition yet: choose a column above to add one.]"
        )
        return
    share = words.share(page.total / total) if total else "0 %"
    noun = "row matches" if page.total == 1 else "rows match"
    st.markdown(
        f"**{page.total:,}** of {total:,} {noun}{_which(place.view)} ({share}). "
        ":gray[The address of this page is a link to them.]"
    )


def _which(view: View) -> str:
    if len(view.parts) == 1:
        return ""
    n = f"{len(view.parts):,} conditions"
    return f" at least one of {n}" if view.any_of else f" all {n}"
