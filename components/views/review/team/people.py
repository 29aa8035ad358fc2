"""Who works on a queue: what is judged by two, how far they agree, and what the owner may set."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from components.core.errors import PreflightError
from components.core.people.random_share import EstimatedRate
from components.services.data import datasets
from components.services.review.review import ReviewQueue
from components.services.team import figures, plans, several
from components.services.team.figures import PairAgreement, ReviewFigures
from components.views import session, words
from components.views.review.team import kept_items, work_table
from components.views.review_places import PANEL, PEOPLE
from components.views.text import md
from components.views.visitors import identity

PAIRS = 20
Which = Literal["double", "random"]


def button(queue: ReviewQueue) -> None:
    """Draw the button that opens the panel."""
    asked = session.asked(PANEL) == PEOPLE
    if st.button("People", icon=":material/group:", type="tertiary", key="people") or asked:
        session.put(PANEL, "")
        _panel(queue)


@st.dialog("People", width="large")
def _panel(queue: ReviewQueue) -> None:
    """Draw who is asked, and what their answers come to."""
    st.markdown(_owner(queue))
    kept_items.show(queue, may_set=_may_set(queue))
    work_table.show(queue)
    _double(queue)
    _random(queue)
    with st.spinner("Comparing answers"):
        found = figures.figures(session.workspace(), queue)
    if found is not None and _may_set(queue):
        _rates(found)
    _agreement(found)


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
    st.markdown("**Judged by two**")
    st.markdown(
        "Two people judge a share of the items, and none sees the answer of the other. An item "
        "stands once both say the same. Where they differ, a third person sees both answers, not "
        "whose they are, decides, and writes why. Until then it is open. An item about which "
        "somebody has answered already stays as it is."
    )
    _share(queue, "double", "are judged by two")
    waiting = several.waiting(session.workspace(), queue, identity.person())
    if waiting.n_second or waiting.n_third:
        st.markdown(
            f"{words.count(waiting.n_second, 'item')} of this queue "
            f"{'waits' if waiting.n_second == 1 else 'wait'} for a second person, "
            f"{waiting.n_third:,} for a third, because two differ."
        )


def _random(queue: ReviewQueue) -> None:
    st.markdown("**Drawn at random**")
    st.markdown(
        "A queue that begins with the worst cannot tell how many labels are wrong: what is "
        "answered first is worse than what is left, and rows that were never flagged do not come "
        "up at all. Items drawn at random can tell. A share of the flagged ones is drawn, and as "
        "many rows that were never flagged are added; all are mixed in, unmarked. So that nothing "
        "betrays them, no card shows a reason or a score while this is on: it is off at first."
    )
    _share(queue, "random", "are drawn at random")


def _share(queue: ReviewQueue, which: Which, said: str) -> None:
    """Draw one share with the way to set it."""
    ws = session.workspace()
    plan = plans.plan(ws, queue.dataset_id)
    now = round(100 * (plan.double_share if which == "double" else plan.random_share))
    chosen = st.slider(
        f"Share of the items that {said}, in percent",
        0,
        100,
        now,
        key=f"people-{which}",
        disabled=not _may_set(queue),
    )
    st.caption(f"Now {now} percent {said}.")
    if _may_set(queue) and st.button("Set the share", key=f"people-set-{which}"):
        _set(queue, which, chosen / 100)


def _set(queue: ReviewQueue, which: Which, share: float) -> None:
    ws, person = session.workspace(), identity.person()
    try:
        if which == "double":
            plans.set_shares(ws, queue.dataset_id, double=share, reviewer=person)
        else:
            plans.set_shares(ws, queue.dataset_id, random=share, reviewer=person)
    except PreflightError as error:
        st.error(f"{md(error.what)} {md(error.todo)}")
        return
    if which == "random":
        st.rerun()  # the queue is another one
    st.rerun(scope="fragment")


def _rates(found: ReviewFigures) -> None:
    """Say how many labels are wrong, as far as the items drawn at random tell."""
    for rate in found.rates:
        which = "flagged" if rate.is_flagged else "never flagged"
        drawn = f"Of {words.count(rate.n_drawn, 'row')} drawn from those {which}, "
        answered = f"{rate.n_answered:,} {'is' if rate.n_answered == 1 else 'are'} answered"
        st.markdown(f"- {drawn}{answered}. {_estimate(rate)}")
    if found.rates:
        st.caption(
            "Only the rows drawn before the first one that is not answered count, and only where "
            "somebody was sure about the label: it was kept, or changed."
        )


def _estimate(rate: EstimatedRate) -> str:
    if not rate.n_clear:
        return "None of them counts yet."
    return (
        f"Among the first {rate.n_used:,}, **{rate.n_wrong:,} of {rate.n_clear:,} labels were "
        f"wrong**: {rate.n_wrong / rate.n_clear:.0%}, 95 % interval {rate.low:.0%} to "
        f"{rate.high:.0%}."
    )


def _agreement(found: ReviewFigures | None) -> None:
    st.markdown("**How far people agree**")
    if found is None or not found.pairs:
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
