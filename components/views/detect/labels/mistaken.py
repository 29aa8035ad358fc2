"""What is mistaken for what: a grid whose cells lead to the review, and a list for the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.charts.evidence.click_grid import CLICKED, cell_of, click_grid
from components.charts.evidence.figure import alt
from components.charts.figure_data import of_evidence
from components.core.judgement.evidence import Matrix
from components.core.judgement.findings import CheckResult
from components.views import session, words
from components.views.navigation import Pages, go
from components.views.parts.figures import evidence_panel
from components.views.parts.figures.evidence_panel import Point
from components.views.text import plain

Pair = tuple[str, str, int]
"""Given and suggested label, and the flagged rows that have both."""


def show(result: CheckResult) -> None:
    """Draw both, and leave for the review when a pair is chosen."""
    st.markdown("**What is mistaken for what**")
    shape = next((e for e in result.evidence if isinstance(e, Matrix)), None)
    pairs = [] if shape is None else _pairs(shape)
    if shape is None or not pairs:
        st.caption("No label was flagged.")
        return
    points = evidence_panel.pick(
        click_grid(shape, session.theme()),
        key="confusion",
        alt_text=alt(shape),
        sheet=lambda: of_evidence(shape),
        name="labels mistaken",
    )
    st.caption(
        "Down: the label in the file. Across: the label that the models expect. A cell leads to "
        "the review of its labels."
    )
    chosen = _clicked(shape, points) or _listed(pairs)
    if chosen is not None:
        session.session().queue = result.check_id
        go(Pages.REVIEW, {"given": chosen[0], "suggested": chosen[1]})


def _pairs(shape: Matrix) -> list[Pair]:
    """Return the pairs with a flagged row, most first."""
    found = [
        (given, suggested, int(n))
        for given, line in zip(shape.rows, shape.values, strict=True)
        for suggested, n in zip(shape.columns, line, strict=True)
        if n
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))


def _clicked(shape: Matrix, points: Sequence[Point]) -> Pair | None:
    """Return the pair of the selected cell, where it has a row."""
    cells = [cell_of(shape, point.position) for point in points if point.curve == CLICKED]
    if not cells or cells[-1] is None:
        return None
    down, across = cells[-1]
    n = shape.values[down][across]
    return (shape.rows[down], shape.columns[across], int(n)) if n else None


def _listed(pairs: Sequence[Pair]) -> Pair | None:
    """Draw the list, and return the pair that is to be reviewed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "In the file, and expected",
            range(len(pairs)),
            format_func=lambda i: _said(pairs[i]),
            key="confusion-pair",
        )
        pressed = st.button("Review these", key="confusion-review", icon=":material/rule:")
    return pairs[place] if pressed and place is not None else None


def _said(pair: Pair) -> str:
    given, suggested, n = pair
    return f"{plain(given, limit=40)} to {plain(suggested, limit=40)}: {words.count(n, 'label')}"
