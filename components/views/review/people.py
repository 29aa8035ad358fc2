"""Who works on a queue: what is judged by two, how far they agree, and what the owner may set."""

from __future__ import annotations

import streamlit as st

from components.core.errors import PreflightError
from components.services.data import datasets
from components.services.review.review import ReviewQueue
from components.services.team import figures, plans, several
from components.services.team.figures import PairAgreement, ReviewFigures
from components.views import identity, session, words
from components.views.text import md

SHARE = "people-double-share"
PAIRS = 20


def button(queue: ReviewQueue) -> None:
    """Draw the button that opens the panel."""
    if st.button("People", icon=":material/group:", type="tertiary", key="people"):
        _panel(queue)


@st.dialog("People", width="large")
def _panel(queue: ReviewQueue) -> None:
    """Draw who is asked, and what their answers come to."""
    st.markdown(_owner(queue))
    _double(queue)
    _agreement(queue)


def _owner(queue: ReviewQueue) -> str:
    """Return who may set what is in the panel."""
    person = identity.person()
    owner = datasets.get(session.workspace(), queue.dataset_id).version.owner
    if not person.is_proven:
        return (
            "Names are typed here, not proven by a login: everybody is an owner of this table, and "
            "two names may be one person."
        )
    if not owner:
        return "This table belongs to nobody: everybody may set what is here."
    if owner == person.name:
        return "This table is yours: only you may set what is here."
    return f"This table belongs to {md(owner, limit=60)}, who alone may set what is here."


def _may_set(queue: ReviewQueue) -> bool:
    owner = datasets.get(session.workspace(), queue.dataset_id).version.owner
    return identity.person().owns(owner)


def _double(queue: ReviewQueue) -> None:
    ws = session.workspace()
    share = plans.plan(ws, queue.dataset_id).double_share
    waiting = several.waiting(ws, queue, identity.person())
    st.markdown("#### Judged by two")
    st.markdown(
        "Two people judge a share of the items, and none sees the answer of the other. An item "
        "stands once both say the same. Where they differ, a third person sees both answers, not "
        "whose they are, decides, and writes why. Until then it is open. An item about which "
        "somebody has answered already stays as it is."
    )
    chosen = st.slider(
        "Share of the items, in percent",
        0,
        100,
        round(100 * share),
        key=SHARE,
        disabled=not _may_set(queue),
    )
    st.caption(f"Now {round(100 * share)} percent are judged by two.")
    if st.button("Set the share", key="people-set"):
        _set(queue, chosen / 100)
    if waiting.n_second or waiting.n_third:
        st.markdown(
            f"{words.count(waiting.n_second, 'item')} of this queue "
            f"{'waits' if waiting.n_second == 1 else 'wait'} for a second person, "
            f"{waiting.n_third:,} for a third, because two differ."
        )


def _set(queue: ReviewQueue, share: float) -> None:
    try:
        plans.set_double_share(
            session.workspace(), queue.dataset_id, share, reviewer=identity.person()
        )
    except PreflightError as error:
        st.error(f"{md(error.what)} {md(error.todo)}")
        return
    st.rerun(scope="fragment")


def _agreement(queue: ReviewQueue) -> None:
    with st.spinner("Comparing answers"):
        found = figures.figures(session.workspace(), queue)
    st.markdown("#### How far people agree")
    if found is None:
        st.markdown(":gray[No item of this queue has two blind answers yet.]")
        return
    st.markdown(_agreed(found))
    rows = [_row(pair) for pair in found.pairs[:PAIRS]]
    st.table(
        {name: [row[name] for row in rows] for name in rows[0]},
        hide_index=True,
        border="horizontal",
        alt="How far each two people agree",
    )
    st.caption(
        "Cohen's kappa is agreement beyond chance: 0 is what chance gives, 1 is always. It is told "
        "from 20 items on, and where more than one answer was given."
    )


def _agreed(found: ReviewFigures) -> str:
    of_all = found.agreement
    return (
        f"Of {words.count(of_all.n, 'item')} that two people judged blind, they agreed about "
        f"**{of_all.n_agreed:,}** ({of_all.n_agreed / of_all.n:.0%}; 95 % interval "
        f"{of_all.low:.0%} to {of_all.high:.0%})."
    )


def _row(pair: PairAgreement) -> dict[str, str]:
    told = pair.agreement
    kappa = "too few"
    if told.kappa is not None:
        kappa = f"{told.kappa:.2f} ({told.kappa_low:.2f} to {told.kappa_high:.2f})"
    return {
        "Two people": f"{md(pair.one, limit=40)} and {md(pair.other, limit=40)}",
        "Items": f"{told.n:,}",
        "Agreed": f"{told.n_agreed / told.n:.0%} ({told.low:.0%} to {told.high:.0%})",
        "Cohen's kappa": kappa,
    }
