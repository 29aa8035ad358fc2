"""Rows of the table as they were uploaded, bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components.core.data.row_numbers import row_number
from components.services.data import rows
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.parts import row_names
from components.views.text import plain

if TYPE_CHECKING:
    import pandas as pd

ROW = "row"
"""The heading over the numbers of the rows."""
MOST_ROWS = 500
MOST_COLUMNS = 60


def show(
    info: DatasetInfo,
    row_ids: Sequence[int],
    *,
    first: Sequence[str] = (),
    extra: Mapping[str, Sequence[object]] | None = None,
    limit: int = 50,
    alt: str = "Rows of the table",
) -> None:
    """Draw rows by id, with the columns of interest first; people count them from 1.

    Parameters
    ----------
    extra
        Columns of our own, one value per row id, drawn before those of the table.
    """
    chosen = [int(i) for i in row_ids[: min(limit, MOST_ROWS)]]
    if not chosen:
        st.caption("No rows to show.")
        return
    frame = rows.texts(session.workspace(), info.version.id, chosen, _ordered(info, first))
    frame = numbered(frame)
    for position, (name, values) in enumerate((extra or {}).items()):
        frame.insert(position + 1, name, list(values)[: len(frame)], allow_duplicates=True)
    draw(frame, alt=alt)
    more = len(row_ids) - len(chosen)
    left = f"And {words.count(more, 'more row')}. " if more > 0 else ""
    st.caption(f"{left}{row_names.counting(info)}")


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame that is indexed by row id, with the numbers of its rows as first column."""
    numbers = [row_number(int(row_id)) for row_id in frame.index]
    frame = frame.copy()
    frame.insert(0, ROW, numbers, allow_duplicates=True)
    return frame


def _ordered(info: DatasetInfo, first: Sequence[str]) -> list[str]:
    names = [c.name for c in info.version.columns]
    known = [name for name in dict.fromkeys(first) if name in set(names)]
    label = info.version.label
    if label is not None and label.name not in known:
        known.append(label.name)
    return [*known, *(n for n in names if n not in set(known))][:MOST_COLUMNS]


def draw(frame: pd.DataFrame, *, alt: str) -> None:
    """Draw a small frame of texts; headers are literal and unique."""
    frame = frame.copy()
    frame.columns = unique([plain(name, limit=60) or "(no name)" for name in frame.columns])
    st.dataframe(frame, hide_index=True, height="content" if len(frame) <= 15 else 420, alt=alt)  # noqa: PLR2004 - rows that fit


def unique(names: Sequence[str]) -> list[str]:
    """Return the names with a number after those that were there before."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
