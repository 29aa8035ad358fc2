"""The head of the page of labels: contradicted, noise floor, wrong."""

from __future__ import annotations

import streamlit as st

from components.charts.style.text import by_unit, interval
from components.core.judgement.evidence import Evidence, Measure
from components.core.judgement.findings import CheckResult
from components.core.people.random_share import FEWEST_DRAWN
from components.reports.label_numbers import (
    CONTRADICTED_SAYS,
    NOISE_FLOOR,
    LabelNumbers,
    label_numbers,
)
from components.services.review import review
from components.services.team.wrong_labels import wrong_labels
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.review_places import PANEL, PEOPLE


def shows(piece: Evidence) -> bool:
    """Whether a piece of evidence stands here."""
    return isinstance(piece, Measure) and piece.name == NOISE_FLOOR


def show(run: Run) -> None:
    """Draw the numbers of each check of labels that has them."""
    for result in run.of_concern("labels"):
        numbers = label_numbers(result)
        if numbers is not None:
            _three(run, result, numbers)


def _three(run: Run, result: CheckResult, numbers: LabelNumbers) -> None:
    with st.grid(3, min_column_width=240):
        share = words.share(numbers.n_contradicted / max(1, numbers.n_judged))
        _card(
            "Contradicted",
            f"{numbers.n_contradicted:,}",
            f"{share} of {words.count(numbers.n_judged, 'label')} judged",
            CONTRADICTED_SAYS,
        )
        floor = numbers.floor
        ends = interval(floor.ci_low, floor.ci_high, floor.unit)
        _card(
            "Noise floor",
            by_unit(floor.value, floor.unit),
            f"95 % interval {ends}",
            f"Contradicted however sure the models are. {numbers.floor_says}",
        )
        with st.container(border=True, height="stretch"):
            _wrong(run, result, numbers)


def _card(name: str, number: str, spread: str, meaning: str) -> None:
    with st.container(border=True, height="stretch"):
        _number(name, number, spread)
        st.caption(meaning)


def _number(name: str, number: str, spread: str) -> None:
    line = f"  \n:gray[:small[{spread}]]" if spread else ""
    st.markdown(f":gray[{name}]")
    st.markdown(f"### {number}{line}")


def _wrong(run: Run, result: CheckResult, numbers: LabelNumbers) -> None:
    queue = review.queue(session.workspace(), run.id, result.check_id)
    with st.spinner("Looking at the review"):
        wrong = wrong_labels(session.workspace(), queue, numbers.n_contradicted)
    _number("Wrong", wrong.number, "")
    st.caption(wrong.says())
    for name, told in wrong.by_third():
        st.caption(f"{name.capitalize()}: {told}")
    if queue is None or wrong.is_known or not numbers.n_contradicted:
        return
    if queue.is_mixed:
        if st.button("Go on with the review", icon=":material/rule:", key="labels-go-on"):
            _leave(result.check_id)
    elif numbers.n_contradicted >= FEWEST_DRAWN and st.button(
        "Draw flags at random", icon=":material/casino:", key="labels-draw"
    ):
        _leave(result.check_id, {PANEL: PEOPLE})


def _leave(check_id: str, query: dict[str, str] | None = None) -> None:
    session.session().queue = check_id
    go(Pages.REVIEW, query)
