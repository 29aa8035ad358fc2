"""What corrected labels bring to models, measured when a person asks for it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.checks.labels._cleaning.benefit import (
    FEWEST_CHANGED,
    BalancedAccuracy,
    CleaningBenefit,
    TooFew,
)
from components.core.errors import PreflightError
from components.services.team import cleaning
from components.services.team.cleaning import Cleaning
from components.views import session, words
from components.views.current import Run
from components.views.parts import heading
from components.views.text import md

TITLE = "What the corrections bring"


def show(run: Run) -> None:
    """Draw what is known, and the way to measure it."""
    ws = session.workspace()
    now, found = cleaning.touched(ws, run.id), cleaning.known(ws, run.id)
    heading.section(TITLE)
    with st.container(border=True):
        if now.n < FEWEST_CHANGED:
            st.caption(
                f"Measured from {FEWEST_CHANGED} labels on that people have changed or left out in "
                f"the review; so far {now.n:,}."
            )
            return
        if found is not None:
            _tell(found)
            if found.as_of == now.as_of:
                return
            st.caption("Labels were decided since then.")
        if st.button(
            "Measure again" if found is not None else f"Measure it for {now.n:,} labels",
            icon=":material/speed:",
            key="cleaning-measure",
            help="Models are trained with labels as they are, corrected, and without these rows.",
        ):
            _measure(run)


def _measure(run: Run) -> None:
    bar = st.progress(0.0, text="Training models")
    try:
        cleaning.measure(session.workspace(), run.id, lambda share, note: _show(bar, share, note))
    except PreflightError as error:
        bar.empty()
        st.error(f"{md(error.what)} {md(error.todo)}")
        return
    st.rerun()


def _show(bar: DeltaGenerator, share: float, note: str) -> None:
    bar.progress(min(1.0, max(0.0, share)), text=md(note))


def _tell(found: Cleaning) -> None:
    if found.benefit is not None:
        _benefit(found.benefit)
    elif found.too_few is not None:
        st.markdown(too_few_sentence(found.too_few))


def too_few_sentence(found: TooFew) -> str:
    """Return why nothing is said."""
    return (
        f"Too little to tell: of the rows that models are trained on, {found.n_touched:,} were "
        f"changed or left out, and {found.n_scored:,} are left to be predicted."
    )


def _benefit(found: CleaningBenefit) -> None:
    st.markdown(f"**{gain_sentence(found)}**")
    rows: list[tuple[str, BalancedAccuracy, BalancedAccuracy | None]] = []
    rows.append(("Labels as they are in the file", found.as_is, None))
    if found.n_changed:
        rows.append((_corrected(found), found.corrected, found.corrected_gain))
    touched = words.count(found.n_changed + found.n_left_out, "row")
    rows.append((f"Without these {touched}", found.without, found.without_gain))
    st.table(
        {
            "Models trained with": [name for name, _, _ in rows],
            "Rows predicted right": [_share(score) for _, score, _ in rows],
            "Difference": ["" if gain is None else points(gain) for _, _, gain in rows],
        },
        hide_index=True,
        border="horizontal",
        alt="What models predict right with labels as they are, corrected and left out",
    )
    st.caption(
        "Balanced accuracy: the share of rows predicted right, each class counting the same, with "
        f"95 % intervals. Predicted are the {words.count(found.n_scored, 'row')} whose label "
        "nobody has changed, by models that had not seen them. Labels there that are still wrong "
        "count as they are, so a gain can be larger than it looks."
    )


def _corrected(found: CleaningBenefit) -> str:
    left_out = f", {found.n_left_out:,} left out" if found.n_left_out else ""
    return f"{words.count(found.n_changed, 'label')} corrected{left_out}"


def gain_sentence(found: CleaningBenefit) -> str:
    """Return what the corrections bring, or that it cannot be told."""
    what, gain = "Corrected labels", found.corrected_gain
    if not found.n_changed:
        what, gain = "Leaving these rows out", found.without_gain
    if gain.low > 0:
        return f"{what} helped: {points(gain)}."
    if gain.high < 0:
        return f"{what} made models worse: {points(gain)}. Look at the changes again."
    return f"No gain can be shown: {points(gain)}."


def points(gain: BalancedAccuracy) -> str:
    """Return a difference of two shares with its interval, in percentage points."""
    value, low, high = (f"{100 * x:+z.1f}" for x in (gain.value, gain.low, gain.high))
    return f"{value} points (95 % interval {low} to {high})".replace("-", "−")


def _share(score: BalancedAccuracy) -> str:
    ends = f"{words.share(score.low)} to {words.share(score.high)}"
    return f"{words.share(score.value)} ({ends})"
