"""Beside the review card: who reviews, why the cell was flagged, and what was decided so far."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components.core.judgement.review import Action, ItemType, ReviewCounts
from components.core.people.person import Identity
from components.services.review import review
from components.services.review.beside.asked_before import no_longer_asked
from components.services.review.review import ReviewCard, ReviewQueue
from components.views import session, words
from components.views.review import judge_first
from components.views.text import code, md, plain
from components.views.visitors import identity, visitor

_MOST_NAMES = 5
_YEAR = 31_536_000
_FIELD = "Your name"
_OTHER = "reviewer-other"
_MEMORY = st.components.v2.component(
    "preflight_reviewer",
    html="<span></span>\n",
    js=Path(__file__).with_name("name_memory.js").read_text(encoding="utf-8"),
)


def ask_name() -> None:
    """Ask once for the reviewer's name; known names are one press away."""
    known = review.reviewers(session.workspace())
    _remember_here(focus=_FIELD)
    with st.container(border=True):
        st.markdown("**Who is reviewing?**")
        st.markdown(":gray[Every decision is kept with a name and a time.]")
        with st.form("reviewer", border=False):
            row = st.container(horizontal=True, vertical_alignment="bottom")
            name = row.text_input(_FIELD, max_chars=60, placeholder="Your name", width=320)
            pressed = row.form_submit_button("Start the review", type="primary")
        if known:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(":gray[:small[Or go on as]]", width="content")
                for position, other in enumerate(known[:_MOST_NAMES]):
                    st.button(
                        md(other, limit=40),
                        key=f"reviewer-{position}",
                        on_click=_be,
                        args=(other,),
                    )
                _others(known[_MOST_NAMES:])
    if pressed and name.strip():
        _be(name.strip())
        st.rerun()
    elif pressed:
        st.warning("Type a name first.", icon=":material/edit:")


def _others(names: Sequence[str]) -> None:
    """Offer the names for which there is no button."""
    if names:
        st.selectbox(
            "Another name",
            names,
            index=None,
            format_func=plain,
            placeholder=f"{len(names):,} more names",
            label_visibility="collapsed",
            key=_OTHER,
            on_change=_be_other,
            width=200,
        )


def _be_other() -> None:
    chosen = session.remembered(_OTHER)
    if isinstance(chosen, str):
        _be(chosen)


def _be(name: str) -> None:
    session.session().reviewer = review.remember(session.workspace(), name)


def _remember_here(focus: str = "") -> None:
    """Keep the name in a cookie of the browser, or forget it there where nobody reviews."""
    data = {"cookie": session.REVIEWER_COOKIE, "seconds": _YEAR, "focus": focus}
    _MEMORY(key="reviewer-memory", data={**data, "name": session.session().reviewer})


def who() -> None:
    """Say whose decisions these are, with a way to change."""
    person = identity.person()
    if person.identity is Identity.HEADER:
        st.markdown(f":material/person: {md(person.name, limit=40)}", width="content")
    elif person.identity is Identity.LOGIN:
        st.button(
            md(person.name, limit=40),
            key="who",
            type="tertiary",
            icon=":material/logout:",
            help="Log out",
            on_click=visitor.log_out,
        )
    elif person.name:
        st.button(
            md(person.name, limit=40),
            key="who",
            type="tertiary",
            icon=":material/person:",
            help="Review under another name",
            on_click=_leave,
        )
        _remember_here()


def _leave() -> None:
    session.session().reviewer = ""


def why(card: ReviewCard, predicted_by: str = "") -> None:
    """Draw why the cell was flagged; nothing before the answer of one who judges first.

    Parameters
    ----------
    predicted_by
        Which columns of the table the probabilities are; "" for those of our models.
    """
    told = card.item.suggestion
    if told.quality is None or judge_first.hides(card.item):
        return
    with st.container(border=True):
        st.markdown("**Why it was flagged**")
        if told.reason:
            st.markdown(f":gray[Speaks for it: {md(told.reason)}]")
        if told.against:
            st.markdown(f":gray[Speaks against it: {md(told.against)}]")
        st.progress(
            _unit(told.quality), text=f":small[Score {told.quality:.2f}: the lowest come first]"
        )
        for name, probability in card.likely:
            text = f":small[Probability of {code(name or 'empty')}: {probability:.0%}]"
            st.progress(_unit(probability), text=text)
        if told.confidence is not None:
            if not card.likely:
                st.progress(
                    _unit(told.confidence),
                    text=f":small[Probability of the other value: {told.confidence:.0%}]",
                )
            st.caption(
                "This is not the chance that the label is wrong: where labels are hard to predict, "
                f"most flags may be right labels. {_whose(predicted_by)}"
            )


def _whose(predicted_by: str) -> str:
    if not predicted_by:
        return "The probabilities are those of models that had not seen this row."
    return f"The probabilities stand in {md(predicted_by)}: their model must not have seen the row."


def asked_before(run_id: str) -> None:
    """Say what was not settled when this version was published, and is asked about no more."""
    found = no_longer_asked(session.workspace(), run_id)
    if not found:
        return
    n = sum(one.n for one in found)
    by_check = ", ".join(f"{one.n:,} of “{md(one.title)}”" for one in found)
    st.caption(
        f":material/info: {words.count(n, 'item')} that {'was' if n == 1 else 'were'} not settled "
        f"in the former version {'is' if n == 1 else 'are'} not asked about here, because the "
        f"check of this version does not flag {'it' if n == 1 else 'them'}: {by_check}. What they "
        "are about is as it was; decide about it in the former version if it matters."
    )


def _unit(value: float) -> float:
    return min(1.0, max(0.0, float(value)))


def _of(counts: ReviewCounts, action: Action) -> int:
    return {
        Action.KEEP: counts.n_kept,
        Action.CHANGE: counts.n_changed,
        Action.EXCLUDE: counts.n_excluded,
        Action.UNSURE: counts.n_unsure - counts.n_escalated,
        Action.ESCALATE: counts.n_escalated,
        Action.ERROR: counts.n_errors,
    }[action]


def _word(queue: ReviewQueue, action: Action) -> str:
    of_repeats = {Action.KEEP: "All kept", Action.EXCLUDE: "One kept"}
    own = of_repeats.get(action) if queue.item_type is ItemType.REPEATS else None
    return own or words.ACTION[action].text


def counts(queue: ReviewQueue) -> None:
    """Draw the decisions of this session and of everybody."""
    mine = session.session().decided
    with st.container(border=True):
        st.markdown("**Decided so far**")
        st.table(
            {
                "": [_word(queue, a) for a in queue.actions],
                "You, now": [mine[queue.check_id, a] for a in queue.actions],
                "All": [_of(queue.counts, a) for a in queue.actions],
            },
            border="horizontal",
            hide_index=True,
            alt="Decisions by kind",
        )
