"""Review: one doubtful cell at a time, decided with keys."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.core.judgement.findings import CheckResult
from components.core.judgement.review import Cell, ItemType
from components.reports.words import counts_sentence
from components.services.review import desk, review, selection
from components.services.review.beside import examples
from components.services.review.items.item_words import WORDS
from components.services.review.items.orders import IntArray
from components.services.review.review import Item, ReviewQueue
from components.services.review.selection import Selection, Stage
from components.services.team import several
from components.views import session
from components.views.current import Run
from components.views.navigation import Pages
from components.views.parts import empty_state, heading, run_progress
from components.views.review import (
    chosen_items,
    done,
    exchange_panel,
    fast_card,
    judge_first,
    key_preset,
    review_side,
)
from components.views.review.buttons import label_card, steps
from components.views.review.team import guidelines, people
from components.views.text import md
from components.views.visitors import identity

QUEUE = "queue"
"""The part of the address that names the check whose suggestions are reviewed."""

MODE, BUTTONS = "mode", "buttons"
"""The part of the address that says how to decide, and its value for the page without a script."""

NOTHING_LEFT = (
    "Nothing is left for you here: what is open is on the screen of somebody else, waits for the "
    "answer of somebody else or is kept for them. Load the page again in a few minutes."
)

MOST_DIGITS = 18
MIXED = (
    "A share of these items is drawn at random, also from rows that no check has flagged. So no "
    "card says why it is there: judge the row, not the other value."
)


def show() -> None:
    """Draw the page."""
    top, question = st.container(), Pages.REVIEW.value.signal
    here = empty_state.need_run()
    queue = None if here is None else _queue(here[1])
    with top:
        actions = heading.show(question if queue is None else WORDS[queue.item_type].question)
    if here is None:
        return
    _, run = here
    review_side.asked_before(run.id)
    if queue is None or not queue.n_items:
        _nothing(run, queue)
        return
    with actions:
        review_side.who()
    if not identity.person().name:
        review_side.ask_name()
        return
    if run.unfinished:
        st.caption(run_progress.not_ended(run))
    _review(queue)


def _queue(run: Run) -> ReviewQueue | None:
    """Return the queue that is worked on; a choice among several is drawn."""
    ws, here = session.workspace(), session.session()
    asked = run.answers.by_check
    offered = [r for r in review.reviewable(ws, run.id) if r.n_suggested]
    if len(offered) > 1:
        ids = [r.check_id for r in offered]
        wanted = session.asked(QUEUE) or here.queue
        titles = {r.check_id: _tab(r, offered, asked[r.check_id].n_items) for r in offered}
        chosen = st.segmented_control(
            "What to review",
            ids,
            default=wanted if wanted in ids else ids[0],
            format_func=lambda check_id: md(titles[check_id]),
            required=True,
            key="review-queue",
        )
        if chosen != here.queue:
            here.queue, here.cell, here.passed = str(chosen), None, -1
        session.put(QUEUE, here.queue)
    known = here.queue in {r.check_id for r in offered}
    return review.queue(ws, run.id, here.queue if known else None)


def _tab(result: CheckResult, offered: Sequence[CheckResult], n: int) -> str:
    """Return the name of a queue: that of its type, with the check where several have this type."""
    item_type = result.item_type or ItemType.CELL
    has_others = sum(r.item_type is item_type for r in offered) > 1
    return f"{WORDS[item_type].tab}{f': {result.title}' if has_others else ''} ({n:,})"


def _with_keys() -> bool:
    """Return whether the fast card is wanted; the address keeps the choice."""
    modes = {"": "Fast card", BUTTONS: "Buttons"}
    asked = session.asked(MODE)
    chosen = st.segmented_control(
        "How to decide",
        list(modes),
        default=asked if asked in modes else "",
        format_func=modes.__getitem__,
        required=True,
        key="review-mode",
        label_visibility="collapsed",
        width="content",
    )
    session.put(MODE, str(chosen))
    return not chosen


def _nothing(run: Run, queue: ReviewQueue | None) -> None:
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
    elif run.verdict.is_label_unlearnt:
        empty_state.show(
            ":material/help:",
            "No label could be judged",
            "Nothing shows that models can learn the label, so they cannot say what is wrong.",
            button="Get the report",
            page=Pages.REPORT,
        )
    else:
        empty_state.show(
            ":material/check_circle:",
            "No label is contradicted",
            "There is nothing to decide here.",
            button="Get the report",
            page=Pages.REPORT,
        )


def _review(queue: ReviewQueue) -> None:
    top = st.container(horizontal=True, vertical_alignment="center")
    with top:
        is_fast = _with_keys()
        people.button(queue)
        guidelines.button(queue)
        exchange_panel.show(queue)
        chosen = chosen_items.show(queue, is_blind=judge_first.is_wanted())
        judge_first.ask()
    if queue.is_mixed:
        st.caption(MIXED)
    if is_fast:
        if not queue.counts.n_open:
            done.show(queue)
        fast_card.show(queue, chosen)
        key_preset.ask()
        return
    _progress(queue)
    item = current(queue, chosen_items.wanted(chosen))
    if item is None:
        _none_left(queue, chosen)
        return
    session.session().shown_cell = item.cell
    steps.shown(queue, item.cell)
    session.put(chosen_items.ITEM, _address_of(queue, item.cell))
    card = review.card(session.workspace(), queue, item)
    ws, who = session.workspace(), identity.person()
    shown = several.shown(ws, queue, [item], who)[item.cell]
    kept_for = several.kept_for(item, several.waiting(ws, queue, who), who)
    main, side = st.columns([2.7, 1], gap="medium")
    with main:
        label_card.show(queue, card, shown, chosen, kept_for=kept_for)
    with side:
        if card.equal is None:
            review_side.why(card, examples.predicted_by(session.workspace(), queue))
        review_side.counts(queue)
    key_preset.ask()


def current(queue: ReviewQueue, wanted: Selection) -> Item | None:
    """Return the item on the screen: the one gone back to, else the next of those wanted.

    It is the same one until it is decided or passed over. Where open ones are wanted, none comes
    that somebody else holds, and behind the end it goes on with the worst.
    """
    ws, here = session.workspace(), session.session()
    asked = here.cell or _asked_cell(queue)
    position = queue.position_of(asked) if asked is not None else None
    if position is not None:
        (item,) = review.items(ws, queue, position, 1)
    else:
        places = selection.positions(ws, queue, wanted)
        found = (
            _dealt(queue, places)
            if wanted.stage is Stage.OPEN
            else review.items_at(ws, queue, places[places >= here.passed][:1].tolist())
        )
        if not found:
            return None
        (item,) = found
    here.passed = item.position
    return item


def _dealt(queue: ReviewQueue, places: IntArray) -> tuple[Item, ...]:
    """Return the next of some places that nobody else holds; the reviewer holds it from now on."""
    ws, person = session.workspace(), identity.person()
    offered = several.offered(places, several.waiting(ws, queue, person), person)
    place = session.session().passed
    return desk.deal(ws, queue, offered, reviewer=person, n=1, after=place - 1)


def _asked_cell(queue: ReviewQueue) -> Cell | None:
    """Return the cell that the address named when the page was opened, once."""
    here = session.session()
    if here.shown_cell is not None or here.passed >= 0:
        return None
    row, _, column = session.asked(chosen_items.ITEM).partition(" ")
    if not row.isdecimal() or len(row) > MOST_DIGITS:
        return None
    return Cell(int(row), queue.column or column)


def _address_of(queue: ReviewQueue, cell: Cell) -> str:
    return str(cell.row_id) if queue.column else f"{cell.row_id} {cell.column}"


def _none_left(queue: ReviewQueue, chosen: chosen_items.Chosen) -> None:
    """Say that nothing is left of what was chosen, or of all."""
    if chosen and queue.counts.n_open:
        st.info("Nothing is left of what you chose.", icon=":material/filter_alt:")
        return
    if queue.counts.n_open:
        st.info(NOTHING_LEFT, icon=":material/group:")
    done.show(queue)


def _progress(queue: ReviewQueue) -> None:
    counts, ws, who = queue.counts, session.workspace(), identity.person()
    waits = several.waiting(ws, queue, who)
    told = [counts_sentence(counts, of_all=True)]
    if waits.n_second:
        told.append(f"{waits.n_second:,} of the open ones wait for a second person")
    if waits.n_third:
        told.append(f"{waits.n_third:,} for a third, because two differ")
    kept = several.n_kept(ws, queue, waits).items()
    told += [f"{n:,} kept for {md(name, limit=40)}" for name, n in kept if name != who.name]
    st.progress(counts.n_settled / counts.n_items, text="; ".join(told))
