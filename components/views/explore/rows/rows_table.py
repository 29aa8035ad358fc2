"""One page of rows as a table, with its order, its columns, and the way to other pages."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from components.core.data.row_numbers import row_id_of, row_number
from components.services.data.datasets import DatasetInfo
from components.services.explore import browse
from components.services.explore.browse import Order, Page
from components.views import session, words
from components.views.explore.rows import rows_place
from components.views.explore.rows.rows_place import PAGE_ROWS, RowsQuery
from components.views.parts import heading, row_names
from components.views.parts.row_table import ROW, unique
from components.views.text import plain

if TYPE_CHECKING:
    import pandas as pd

FIRST_COLUMNS = 30
"""Columns that are shown until a person chooses."""
MOST_COLUMNS = 60
MOST_TEXT = 120
"""Characters of one cell; the card of the row shows more."""
FILE_ORDER = "Order of the file"
SAFE, AS_IS = "For spreadsheets", "For code"


def show(info: DatasetInfo, place: RowsQuery, page: Page) -> None:
    """Draw the page; a click on a row opens its card."""
    controls = heading.section(_title(page))
    with controls:
        _order(info, place)
        _columns(info)
        _download(info, place, page)
    if not page.total:
        st.info(
            "No row satisfies any of these conditions. Add another one, or undo the last change."
            if place.view.any_of
            else "No row satisfies all of these conditions. Take one away, ask for any of them, or "
            "undo the last change.",
            icon=":material/search_off:",
        )
        return
    _table(info, place, page)
    _pages(info, place, page)


def _title(page: Page) -> str:
    if not page.total:
        return "No rows"
    last = page.offset + len(page.row_id)
    return f"{page.offset + 1:,} to {last:,} of {page.total:,}"


def _order(info: DatasetInfo, place: RowsQuery) -> None:
    names = [None, *(c.name for c in info.version.columns)]
    order = place.view.order
    key = f"rows-sort-{info.version.id}"
    session.preset(key, names.index(order.column) if order is not None else 0)
    st.selectbox(
        "Sort by",
        range(len(names)),
        format_func=lambda i: FILE_ORDER if i == 0 else plain(names[i], limit=60),
        required=True,
        label_visibility="collapsed",
        key=key,
        width=190,
        on_change=lambda: _sort(key, names),
    )
    falling = order is not None and order.descending
    st.button(
        "Largest first" if falling else "Smallest first",
        icon=":material/south:" if falling else ":material/north:",
        help="Turn the order round",
        disabled=order is None,
        on_click=rows_place.sort_by,
        args=(order.column if order is not None else None,),
        kwargs={"descending": not falling},
        key="rows-direction",
    )


def _sort(key: str, names: Sequence[str | None]) -> None:
    position = session.remembered(key)
    if isinstance(position, int) and 0 <= position < len(names):
        rows_place.sort_by(names[position], descending=False)


def _columns(info: DatasetInfo) -> None:
    shown, there = len(_shown(info)), len(info.version.columns)
    title = "Columns" if shown == there else f"{shown:,} of {there:,} columns"
    with st.popover(title, icon=":material/view_column:"):
        chosen = st.multiselect(
            "Columns to show",
            [c.name for c in info.version.columns],
            default=_shown(info),
            format_func=lambda n: plain(n, limit=60),
            max_selections=MOST_COLUMNS,
            key=f"rows-columns-{info.version.id}",
            width=420,
        )
        st.caption(f"At most {MOST_COLUMNS}. The card of a row shows all its values.")
    session.session().rows.columns = tuple(chosen)


def _shown(info: DatasetInfo) -> list[str]:
    """Return the columns that are shown: those chosen before, else the label and the first."""
    names = [c.name for c in info.version.columns]
    chosen = [n for n in session.session().rows.columns if n in set(names)]
    if chosen:
        return chosen
    label = [info.version.label.name] if info.version.label is not None else []
    return list(dict.fromkeys([*label, *names]))[:FIRST_COLUMNS]


def _download(info: DatasetInfo, place: RowsQuery, page: Page) -> None:
    n = browse.exported(info.version, page.total)
    view = place.view
    with st.popover("Download", icon=":material/download:", disabled=not page.total):
        form = st.segmented_control("Form", [SAFE, AS_IS], default=SAFE, required=True)
        st.caption(
            "Cells that a spreadsheet would run as a formula start with an apostrophe."
            if form == SAFE
            else "Every cell is as it was read from your file, to the byte. A spreadsheet may run "
            "what is in it, and change dates and numbers: take the other one there."
        )
        cut = "" if n == page.total else f" (the first of {page.total:,})"
        st.download_button(
            f"{words.count(n, 'row')} as CSV{cut}",
            lambda: browse.csv(session.workspace(), view, for_spreadsheet=form == SAFE),
            file_name="rows.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            key="rows-download",
        )


def _table(info: DatasetInfo, place: RowsQuery, page: Page) -> None:
    ids = [int(i) for i in page.row_id]
    names = _shown(info)
    texts = browse.texts(session.workspace(), place.view, page, names)
    key = _key(place, page, names)
    frame = _frame(texts)
    headings: dict[str, str | None] = dict(zip(frame.columns, [None, *names], strict=True))
    st.caption(
        "Select a row to see all its values. Click a heading to sort all rows by it, again to turn "
        f"the order round, and once more for the order of the file. {row_names.counting(info)}"
    )
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height="content" if len(ids) <= 14 else 530,  # noqa: PLR2004 - rows that fit
        on_select=lambda: _clicked(key, ids, headings, place.view.order),
        # a column that can be selected is not sorted by the browser, which has this page only
        selection_mode=("single-row", "single-column"),
        column_config=_config(headings, place.view.order),
        alt=f"Rows {page.offset + 1} to {page.offset + len(ids)} of {page.total}",
    )


def _config(headings: Mapping[str, str | None], order: Order | None) -> dict[str, ColumnConfig]:
    """Return how the columns are drawn; the one that the rows are sorted by has an arrow."""
    found: dict[str, ColumnConfig] = {
        ROW: st.column_config.NumberColumn(pinned=True, width=72, format="%d")
    }
    for shown, name in headings.items():
        if order is not None and name == order.column:
            arrow = "↓" if order.descending else "↑"
            found[shown] = st.column_config.TextColumn(label=f"{arrow} {shown}")
    return found


def next_order(column: str | None, order: Order | None) -> Order | None:
    """Return the order after a click on the heading of a column (None: of the row ids).

    Smallest first, then largest first, then (None) as in the file.
    """
    if column is None or order == Order(column, descending=True):
        return None
    return Order(column, descending=order == Order(column))


def _key(place: RowsQuery, page: Page, names: Sequence[str]) -> str:
    """Return a name for the table that changes with what it shows, so no selection stays."""
    shown = repr((place.view, page.offset, names, session.session().rows.closed))
    return f"rows-table-{zlib.crc32(shown.encode('utf-8', 'replace')):08x}"


def _frame(texts: pd.DataFrame) -> pd.DataFrame:
    frame = texts.map(lambda text: plain(text, limit=MOST_TEXT))
    names = [plain(name, limit=60) or "(no name)" for name in frame.columns]
    frame.columns = unique([ROW, *names])[1:]
    frame.insert(0, ROW, [row_number(int(i)) for i in frame.index])
    return frame


def _clicked(
    key: str, ids: Sequence[int], headings: Mapping[str, str | None], order: Order | None
) -> None:
    """Open the row that was selected, or sort by the heading that was."""
    state = session.remembered(key)
    chosen = state["selection"] if isinstance(state, dict) else {}
    columns, rows = chosen.get("columns") or [], chosen.get("rows") or []
    if columns and columns[0] in headings:
        wanted = next_order(headings[columns[0]], order)
        rows_place.sort_by(
            wanted.column if wanted else None, descending=wanted is not None and wanted.descending
        )
    elif rows and 0 <= rows[0] < len(ids):
        rows_place.open_row(ids[rows[0]])


def _pages(info: DatasetInfo, place: RowsQuery, page: Page) -> None:
    last = (page.total - 1) // PAGE_ROWS
    here = page.offset // PAGE_ROWS
    steps = (
        ("First", ":material/first_page:", 0, here == 0),
        ("Previous", ":material/chevron_left:", here - 1, here == 0),
        ("Next", ":material/chevron_right:", here + 1, here >= last),
        ("Last", ":material/last_page:", last, here >= last),
    )
    line = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    )
    with line.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
        for word, icon, target, is_off in steps:
            st.button(
                word,
                icon=icon,
                disabled=is_off,
                key=f"rows-{word.lower()}",
                on_click=rows_place.turn_to,
                args=(target,),
            )
        st.markdown(f":gray[Page {here + 1:,} of {last + 1:,}]", width="content")
    with line:
        _go_to(info, place)


def _go_to(info: DatasetInfo, place: RowsQuery) -> None:
    with st.form("rows-go", border=False, width="content", clear_on_submit=True):
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        wanted = row.number_input(
            "Go to row",
            1,
            max(1, info.version.n_rows),
            value=None,
            step=1,
            width=150,
            placeholder=f"1 to {info.version.n_rows:,}",
        )
        pressed = row.form_submit_button("Go", icon=":material/arrow_forward:")
    if pressed and wanted is not None:
        row_id = row_id_of(int(wanted))
        if place.view.order is None:
            before = browse.place(session.workspace(), place.view, row_id)
            rows_place.turn_to(before // PAGE_ROWS)
        rows_place.open_row(row_id)
        st.rerun()
