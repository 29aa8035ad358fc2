"""What the page of labels draws for each queue: the way to its review, and its first rows."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.core.judgement.evidence import RowScores
from components.services.data.datasets import DatasetInfo
from components.views import session
from components.views.navigation import Pages, go
from components.views.parts import row_table
from components.views.text import plain

NOTHING_LEFT = "Look at the decisions"
"""What is pressed where nothing waits any more."""


def invite(
    check_id: str, said: str, press: str, *, icon: str, key: str, is_main: bool = False
) -> None:
    """Draw what waits in the queue of a check, and the way there.

    Parameters
    ----------
    is_main
        Whether it is what the page asks for first.
    """
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.markdown(said, width="content")
        if st.button(press, type="primary" if is_main else "secondary", icon=icon, key=key):
            session.session().queue = check_id
            go(Pages.REVIEW)


def listed(
    info: DatasetInfo,
    scores: RowScores,
    extra: Mapping[str, list[object]],
    *,
    limit: int,
    alt: str,
) -> None:
    """Draw the first rows of a queue, with the reasons where there are any.

    Parameters
    ----------
    extra
        Further columns, which come before the reasons.
    """
    n = min(limit, len(scores.row_id))
    shown = dict(extra)
    if scores.reason is not None and any(scores.reason[:n]):
        shown["Why"] = [plain(reason or "", limit=160) for reason in scores.reason[:n]]
    rows = [int(i) for i in scores.row_id[:n]]
    row_table.show(info, rows, extra=shown, limit=limit, alt=alt)
