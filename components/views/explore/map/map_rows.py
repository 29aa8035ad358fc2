"""The rows beside the map: those that are selected, or the ones to look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from components.charts.explore.row_map import Points
from components.core.data.dataset import ROW_ID
from components.core.data.query import OneOf
from components.core.data.row_numbers import row_number
from components.services.data import rows
from components.services.data.datasets import DatasetInfo
from components.services.explore.filters import MOST_ROWS
from components.services.explore.row_maps import Colouring
from components.views import session, words
from components.views.parts import heading
from components.views.parts.row_table import ROW, unique
from components.views.text import plain

LISTED = 200
"""Rows of the table under the map."""
MOST_COLUMNS = 20


def show(info: DatasetInfo, points: Points, selected: Sequence[int], by: Colouring) -> None:
    """Draw the table of rows; it selects rows for those who cannot draw a line, too.

    Parameters
    ----------
    selected
        Positions of the points that are selected on the map.
    """
    listed = _ordered(points, selected) if selected else _ordered(points, range(len(points.x)))
    controls = heading.section(_title(points, selected))
    listed = listed[:LISTED]
    st.caption(_told(len(selected)))
    picked = [listed[i] for i in _table(info, points, listed, by) if i < len(listed)]
    wanted = picked or _ordered(points, selected)[:MOST_ROWS]
    with controls:
        _open(points, wanted)


def _told(n: int) -> str:
    if not n:
        return "Select rows here or on the map to open them on the page of rows."
    listed = f"The first {LISTED:,} of them are listed. " if n > LISTED else ""
    opened = f"The page of rows takes the first {MOST_ROWS:,}." if n > MOST_ROWS else ""
    return f"{listed}{opened}" or "Double-click on the map to select none."


def _title(points: Points, selected: Sequence[int]) -> str:
    if selected:
        return f"{words.count(len(selected), 'selected row')}"
    return "Lowest scores first" if points.is_quality else "The first rows on the map"


def _ordered(points: Points, positions: Sequence[int]) -> list[int]:
    """Return positions worst first where there are scores, else by row id."""
    chosen = np.array(sorted(set(positions)), dtype=np.int64)
    if not points.is_quality or points.scale is None or not len(chosen):
        return [int(p) for p in chosen]
    quality = np.nan_to_num(points.scale[chosen], nan=np.inf)
    return [int(p) for p in chosen[np.argsort(quality, kind="stable")]]


def _open(points: Points, wanted: Sequence[int]) -> None:
    n = len(wanted)
    pressed = st.button(
        f"Open {words.count(n, 'row')} in Rows" if n else "Open in Rows",
        icon=":material/table_rows:",
        type="primary",
        disabled=not n,
        help=None if n else "Select rows on the map or in the table first.",
        key="map-open",
    )
    if pressed and n:
        ids = tuple(int(points.row_id[position]) for position in wanted)
        session.open_rows((OneOf(ROW_ID, ids),))


def _table(
    info: DatasetInfo, points: Points, listed: Sequence[int], by: Colouring
) -> Sequence[int]:
    """Draw the rows and return the places in the table that are selected."""
    ids = [int(points.row_id[position]) for position in listed]
    label = [info.version.label.name] if info.version.label is not None else []
    names = list(dict.fromkeys([*label, *(c.name for c in info.version.columns)]))[:MOST_COLUMNS]
    frame = rows.texts(session.workspace(), info.version.id, ids, names)
    frame = frame.map(lambda text: plain(text, limit=120))
    shown = [plain(name, limit=60) or "(no name)" for name in names]
    frame.columns = unique([ROW, "score", *shown])[2:]
    frame.insert(0, ROW, [row_number(i) for i in ids])
    if points.is_quality and points.scale is not None:
        frame.insert(1, "score", [float(points.scale[p]) for p in listed])
    state = st.dataframe(
        frame,
        key=f"map-rows-{by.check_id or plain(by.name)}-{hash(tuple(ids))}",
        hide_index=True,
        height="content" if len(ids) <= 8 else 330,  # noqa: PLR2004 - rows that fit
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            ROW: st.column_config.NumberColumn(pinned=True, width=72, format="%d"),
            "score": st.column_config.NumberColumn(pinned=True, width=72, format="%.3f"),
        },
        alt="Rows of the map; select some to open them",
    )
    chosen = state["selection"]["rows"] if isinstance(state, Mapping) else []
    return [place for place in chosen if isinstance(place, int)]
