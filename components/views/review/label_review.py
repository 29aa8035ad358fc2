"""Review: one doubtful label at a time, decided with keys."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.review import Action
from components.services.review import review
from components.services.review.review import Card, Item, Queue
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import empty_state, heading, row_table
from components.views.parts.figures import evidence_panel
from components.views.review import decide, review_side
from components.views.text import md

FIELDS = 16
SECONDS_EACH = 6


def show() -> None:
    """Draw the page."""
    actions = heading.show(Pages.REVIEW.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    _, run = here
    queue = review.queue(session.workspace(), run.id)
    if queue is None or not queue.items:
        _nothing(run, queue)
        return
    with actions:
        review_side.who()
    if not session.session().reviewer:
        review_side.ask_name()
        return
    _review(run, queue)


def _nothing(run: Run, queue: Queue | None) -> None:
    if not run.status.state.is_over:
        text = "The labels are still being checked. The page fills itself."
        empty_state.show(":material/hourglass_top:", "Not ready yet", text)
    elif queue is None:
        empty_state.show(
            ":material/new_label:",
            "No label was checked",
            "Say what a model should predict, then check again.",
            button="Choose the label",
            page=Pages.UPLOAD,
        )
    else:
        empty_state.show(
            ":material/check_circle:",
            "No label looks wrong",
            "There is nothing to decide here.",
            button="Get the report",
            page=Pages.REPORT,
        )


def _review(run: Run, queue: Queue) -> None:
    left = len(queue.items) - queue.n_decided
    _progress(queue, left)
    item = current(queue)
    if item is None:
        _done(run, queue)
        return
    session.session().shown_row = item.row_id
    card = review.card_of(session.workspace(), queue, item)
    main, side = st.columns([2.7, 1], gap="medium")
    with main:
        _card(run, queue, card)
        _nearest(card)
    with side:
        review_side.why(card.item)
        review_side.counts(queue)


def current(queue: Queue) -> Item | None:
    """Return the item on the screen: the one gone back to, else the first one not decided."""
    asked = session.session().row_id
    for item in queue.items:
        if item.row_id == asked:
            return item
    return next((item for item in queue.items if item.decision is None), None)


def _progress(queue: Queue, left: int) -> None:
    total = len(queue.items)
    ahead = f", {words.minutes(left * SECONDS_EACH)} left" if left else ""
    st.progress(
        queue.n_decided / total, text=f"**{queue.n_decided:,}** of {total:,} decided{ahead}"
    )


def _card(run: Run, queue: Queue, card: Card) -> None:
    item = card.item
    place = next(i for i, other in enumerate(queue.items, 1) if other.row_id == item.row_id)
    with st.container(border=True, key="card"):
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
        )
        row.subheader(f"Row {item.row_id:,}", anchor=False, width="content")
        row.caption(f"Item {place:,} of {len(queue.items):,}, most doubtful first", width="content")
        given, suggested = st.columns(2)
        with given.container(border=True, height="stretch"):
            st.markdown(f":gray[:small[{md(queue.column, limit=40)} in the file]]")
            st.subheader(md(item.given, limit=60), anchor=False)
        with suggested.container(border=True, height="stretch"):
            st.markdown(":gray[:small[The model expects]]")
            st.subheader(f":primary[{md(item.suggested, limit=60)}]{_sure(item)}", anchor=False)
        if item.decision is not None:
            word = words.ACTION[item.decision.action]
            st.caption(f"Decided before: {word.text.lower()}, by {md(item.decision.reviewer)}.")
        decide.buttons(run.id, queue, item)
        _values(card.values)


def _sure(item: Item) -> str:
    return "" if item.confidence is None else f" &nbsp; :gray[:small[{item.confidence:.0%} sure]]"


def _values(values: tuple[tuple[str, str], ...]) -> None:
    _grid(values[:FIELDS])
    if len(values) > FIELDS:
        with st.expander(f"{len(values) - FIELDS} more columns"):
            _grid(values[FIELDS : FIELDS + 200])


def _grid(values: tuple[tuple[str, str], ...]) -> None:
    with st.grid(4, min_column_width=130):
        for name, value in values:
            text = md(value, limit=80) if value.strip() else ":orange[missing]"
            st.markdown(evidence_panel.pair(md(name, limit=40), text))


def _nearest(card: Card) -> None:
    if len(card.nearest):
        st.markdown("**Rows most like this one**")
        frame = card.nearest.reset_index(names="row")
        row_table.draw(frame, alt="The nearest rows, their label first")


def _done(run: Run, queue: Queue) -> None:
    kept = sum(1 for i in queue.items if i.decision and i.decision.action is Action.CHANGE)
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown("### :green[:material/task_alt:]", width="content")
        st.markdown(f"**All {len(queue.items):,} doubtful labels are decided.**", width="content")
        st.markdown(
            f":gray[{words.count(kept, 'label')} changed. The file you uploaded stays as it was; "
            "the corrected one is made from it.]",
            width="content",
            text_alignment="center",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("Get the corrected file", type="primary", icon=":material/download:"):
                go(Pages.REPORT)
            st.button(
                "Undo the last",
                icon=":material/undo:",
                shortcut="Z",
                on_click=decide.undo,
                args=(run.id,),
            )
        st.space("small")
