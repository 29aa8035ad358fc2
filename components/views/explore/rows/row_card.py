"""The card of one row: all its values, and what the checks say about it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.services.data import rows
from components.services.data.datasets import DatasetInfo
from components.services.explore import browse
from components.services.explore.browse import Score
from components.views import session, words
from components.views.explore.rows import rows_place
from components.views.parts import row_names
from components.views.text import md, plain

WIDTH = 620
MOST_TEXT = 2_000
"""Characters of one value."""


def show(info: DatasetInfo, run_id: str | None) -> None:
    """Open the card where the address names a row of the table."""
    row_id = rows_place.opened_row()
    if row_id is None:
        return
    if row_id >= info.version.n_rows:
        rows_place.close_row()
        st.toast("This row is not in the table.", icon=":material/info:")
        return
    drawer = st.dialog(
        row_names.title(row_id),
        width=WIDTH,
        position="right",
        icon=":material/table_rows:",
        on_dismiss=rows_place.close_row,
    )
    drawer(_card)(info, run_id, row_id)


def _card(info: DatasetInfo, run_id: str | None, row_id: int) -> None:
    _scores(browse.scores(session.workspace(), run_id, row_id), run_id)
    texts = rows.texts(session.workspace(), info.version.id, [row_id])
    _values(info, [str(v) for v in texts.iloc[0]])
    where = row_names.line(info, row_id)
    st.caption(
        f"{where.capitalize()}. " * bool(where) + "The address bar holds a link to this row."
    )


def _scores(said: Sequence[Score], run_id: str | None) -> None:
    if run_id is None:
        st.caption("This table has not been checked yet: there are no scores.")
        return
    if not said:
        st.caption("No check of this run has scored this row.")
        return
    with st.grid(2, min_column_width=200):
        for score in said:
            st.metric(
                md(score.title, limit=80),
                f"{score.quality:.3f}",
                delta="Flagged" if score.flagged else "Not flagged",
                delta_color="orange" if score.flagged else "gray",
                delta_arrow="off",
                border=True,
                height="stretch",
                help=f"The {md(score.name, limit=60)} of the row, from 0 to 1: the lowest are "
                "looked at first. It is no probability.",
            )
    for score in said:
        if score.flagged and (score.reason or score.suggested):
            st.markdown(_why(score))


def _why(score: Score) -> str:
    said = f":gray[{md(score.title)}:] {md(score.reason, limit=300)}"
    if not score.suggested:
        return said
    return f"{said} :gray[Suggested:] **{md(score.suggested, limit=80)}**"


def _values(info: DatasetInfo, texts: Sequence[str]) -> None:
    columns = info.version.columns
    frame = pd.DataFrame(
        {
            "Column": [plain(c.name, limit=60) or "(no name)" for c in columns],
            "Value": [plain(text, limit=MOST_TEXT) for text in texts],
            "Kind": [words.KIND[c.kind] for c in columns],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 20 else 600,  # noqa: PLR2004 - rows that fit
        alt="The values of the row by column",
    )
