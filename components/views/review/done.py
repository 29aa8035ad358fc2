"""What the review says when nothing is open: what became of the items, and where to go on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.checks.labels._cleaning.benefit import FEWEST_CHANGED
from components.core.judgement.review import ItemType, ReviewCounts
from components.services.review import review
from components.services.review.items.item_words import WORDS, ItemWords
from components.services.review.review import ReviewQueue
from components.views import session, words
from components.views.navigation import Pages, go
from components.views.review.buttons import steps


def show(queue: ReviewQueue) -> None:
    """Draw it."""
    counts = queue.counts
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown("### :green[:material/task_alt:]", width="content")
        st.markdown(settled(counts, _named(queue)), width="content")
        st.markdown(
            f":gray[{_effect(queue)} The file you uploaded stays as it was; the corrected one is "
            f"made from it.{_where_measured(queue)}]",
            width="content",
            text_alignment="center",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("Get the corrected file", type="primary", icon=":material/download:"):
                go(Pages.REPORT)
            if queue.first_unsure is not None:
                st.button(
                    f"Look again at {counts.n_unsure:,} not sure",
                    icon=":material/help:",
                    on_click=_look_again,
                    args=(queue, queue.first_unsure),
                )
            st.button(
                "Undo the last",
                icon=":material/undo:",
                shortcut="Z",
                on_click=steps.undo,
                args=(queue,),
            )
        st.space("small")


def _named(queue: ReviewQueue) -> ItemWords:
    """Return what people were asked about: not all of it is doubtful where some were drawn."""
    named = WORDS[queue.item_type]
    return replace(named, one="label", many="labels") if queue.is_mixed else named


def settled(counts: ReviewCounts, named: ItemWords) -> str:
    """Return what became of all items of a queue, of which none is left for the person."""
    items = words.count(counts.n_items, named.one, named.many)
    if counts.n_settled < counts.n_items:
        verb = "is" if counts.n_settled == 1 else "are"
        waiting = [f"{counts.n_open:,} open"] if counts.n_open else []
        waiting += [f"{counts.n_unsure:,} not sure"] if counts.n_unsure else []
        waiting += [f"{counts.n_errors:,} called errors"] if counts.n_errors else []
        return f"**{counts.n_settled:,} of {items} {verb} settled, {', '.join(waiting)}.**"
    if counts.n_items == 1:
        return f"**The only {named.one} is settled.**"
    return f"**All {items} are settled.**"


def _effect(queue: ReviewQueue) -> str:
    """Return what the decisions about these items do to the table."""
    counts = queue.counts
    if not queue.item_type.place:
        what = "label" if queue.about_label else "value"
        return f"{words.count(counts.n_changed, what)} changed."
    left_out = words.count(counts.n_excluded, "row")
    if counts.n_errors:
        still = words.count(counts.n_errors, "error")
        stays = "stays" if counts.n_errors == 1 else "stay"
        return f"{left_out} left out; {still} {stays} in the table until corrected or left out."
    if queue.order.others_at(0).size:
        return f"Of {words.count(counts.n_excluded, 'set')} one row stays."
    return f"{left_out} left out."


def _where_measured(queue: ReviewQueue) -> str:
    """Return where what the corrections bring is measured, from as many on as that needs."""
    is_label = queue.item_type is ItemType.LABEL
    if not is_label or queue.counts.n_changed < FEWEST_CHANGED:
        return ""
    return " What the corrections bring to models is measured on the page “Labels”."


def _look_again(queue: ReviewQueue, position: int) -> None:
    item = review.items(session.workspace(), queue, position, 1)[0]
    session.session().cell = item.cell
