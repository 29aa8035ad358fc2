"""Associations: which columns go together, all at a glance and one pair in detail."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.charts.explore.association_matrix import (
    MOST_ACROSS,
    alt_heat_map,
    heat_map,
    strongest,
)
from components.charts.figure_data import of_matrix
from components.core.facts.associations import AssociationMatrix, Associations
from components.services.data.datasets import DatasetInfo
from components.services.explore.associations import associations
from components.views import session, words
from components.views.current import Run
from components.views.explore.associations import association_lists, association_pair
from components.views.explore.associations.association_pair import ChosenPair
from components.views.navigation import Pages
from components.views.parts import empty_state, heading
from components.views.parts.figures import evidence_panel
from components.views.parts.figures.evidence_panel import Point
from components.views.text import md

HINT = "Click a cell for its pair. Violet: tied, or rise together. Green: opposite ways."


def show() -> None:
    """Draw the page."""
    heading.show(Pages.ASSOCIATIONS.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    found = associations(session.workspace(), run.id)
    if found is None:
        _none(info, run)
        return
    st.caption(said(found))
    chosen_pair = association_pair.chosen_pair(run, found)
    if chosen_pair is None:
        empty_state.show(
            ":material/hub:",
            "Fewer than two columns can be compared",
            "A pair needs two columns with values that vary. Below is why columns were left out.",
        )
    else:
        _both(run, found, chosen_pair)
    association_lists.show(run, found)


def _none(info: DatasetInfo, run: Run) -> None:
    """Say why there is nothing: it comes, or the run ended without it."""
    if not run.status.state.is_over:
        st.info(
            "The columns are being compared. The page fills itself.",
            icon=":material/hourglass_top:",
        )
        return
    why = " ".join(run.status.notes) or "The run ended before, or an earlier version made it."
    empty_state.show(
        ":material/hub:", "The columns of this run were not compared", md(why), again=info
    )


def said(found: Associations) -> str:
    """Return what was compared and on which rows, in our own words."""
    n, n_out = len(found.matrix.columns), len(found.left_out)
    compared = f"{n:,} of {n + n_out:,} columns" if n_out else words.count(n, "column")
    if not found.is_sampled:
        return f"{compared} compared, over all {words.count(found.n_rows, 'row')}."
    line = (
        f"{compared} compared, over a seeded sample of {found.n_used:,} of {found.n_rows:,} rows, "
        "the same one for all pairs."
    )
    if found.error_bound is None:
        return line
    return (
        f"{line} With 95 % confidence no rank correlation is more than "
        f"{found.error_bound:.3f} away from the one over all rows, for all pairs at once."
    )


def _both(run: Run, found: Associations, chosen_pair: ChosenPair) -> None:
    left, right = st.columns([1.25, 1], gap="medium")
    with left, st.container(border=True):
        _map(run, found, chosen_pair)
    with right, st.container(border=True):
        association_pair.show(run, found, chosen_pair)


def _map(run: Run, found: Associations, chosen_pair: ChosenPair) -> None:
    label = found.with_label[0].second if found.with_label else ""
    drawn = strongest(found.matrix, (chosen_pair.first, chosen_pair.second, label))
    evidence_panel.pick(
        heat_map(
            drawn, session.theme(), chosen=(chosen_pair.first, chosen_pair.second), what="strength"
        ),
        key=f"associations-{run.id}",
        alt_text=alt_heat_map(drawn),
        sheet=lambda: of_matrix(found.matrix),
        name="associations",
        hint=HINT,
        on_pick=partial(_picked, run, drawn),
    )
    left_out = len(found.matrix.columns) - len(drawn.columns)
    if left_out:
        st.caption(
            f"The {MOST_ACROSS} columns with the strongest ties are drawn. {left_out:,} more are "
            "in the boxes at the side and in the download."
        )


def _picked(run: Run, drawn: AssociationMatrix, points: list[Point]) -> None:
    n = len(drawn.columns)
    for point in points:
        line, column = divmod(point.position, n)
        if point.curve == 1 and line < n and line != column:
            association_pair.look_at(run, drawn.columns[line], drawn.columns[column])
