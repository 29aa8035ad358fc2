"""Several items that are alike, with buttons: shown first, then confirmed."""

from __future__ import annotations

from secrets import token_hex

import streamlit as st

from components.core.errors import PreflightError
from components.core.judgement.review import Action, Cell, ItemType
from components.services.review.review import Item, ReviewQueue
from components.services.review.several import together
from components.services.review.several.similar import Likeness, Similar, similar_to
from components.services.review.several.together import PressForSeveral
from components.views import session, words
from components.views.review import chosen_items
from components.views.review.chosen_items import Chosen
from components.views.text import code, md
from components.views.visitors import identity

LIKENESS = {
    Likeness.REASON: "Same whole reason",
    Likeness.STRONGEST: "Same strongest reason",
    Likeness.VALUES: "Any reason",
}
FOR_ALL = {
    Action.KEEP: "Keep all",
    Action.CHANGE: "Accept for all",
    Action.EXCLUDE: "Leave all out",
}
FOR_ALL_ROWS = {
    ItemType.ROW: {Action.KEEP: "All rare but right", Action.EXCLUDE: "Leave all out"},
    ItemType.REPEATS: {Action.KEEP: "Keep all rows", Action.EXCLUDE: "Keep one of each set"},
}

ACCEPTING = "Accepting them"


def offer(queue: ReviewQueue, item: Item, chosen: Chosen) -> None:
    """Draw the button that opens the dialog."""
    asked = st.button(
        "Several like this",
        key="several",
        icon=":material/select_all:",
        shortcut="S",
        type="tertiary",
    )
    if asked:
        _show(queue, item.cell, chosen)


@st.dialog("Several like this", width="large")
def _show(queue: ReviewQueue, cell: Cell, chosen: Chosen) -> None:
    asked = session.remembered("several-likeness")
    likeness = asked if isinstance(asked, Likeness) else None
    found = _found(queue, cell, chosen, likeness)
    n = found.n_by_likeness
    st.segmented_control(
        "In what they are alike"
        if queue.item_type.place
        else "The same given and suggested value, and",
        list(LIKENESS),
        default=found.likeness,
        format_func=lambda name: f"{LIKENESS[name]} ({n[name]:,})",
        required=True,
        key="several-likeness",
    )
    st.markdown(_common(queue, found))
    if found.places:
        _effects(found)
    named = FOR_ALL_ROWS.get(queue.item_type, FOR_ALL)
    offered = [a for a in named if a is not Action.CHANGE or found.can_accept]
    action = st.segmented_control(
        "What to decide",
        offered,
        default=None,
        format_func=named.__getitem__,
        key=f"several-action-{cell.row_id}",
        disabled=not found.places,
    )
    st.markdown(
        _said(queue, found, action) if action else ":gray[Choose what to decide; then confirm it.]"
    )
    confirmed = st.button(
        "Confirm",
        key="several-confirm",
        disabled=action is None,
        on_click=_decide,
        args=(queue, found, action, token_hex(16)),  # a second press on this screen is the same
    )
    if confirmed:
        st.rerun()


def _found(queue: ReviewQueue, cell: Cell, chosen: Chosen, likeness: Likeness | None) -> Similar:
    who, wanted = identity.person(), chosen_items.wanted(chosen)
    ws = session.workspace()
    return similar_to(ws, queue, cell, wanted, reviewer=who, likeness=likeness)


def _common(queue: ReviewQueue, found: Similar) -> str:
    suggested = "not known" if found.suggested is None else found.suggested or "an empty cell"
    parts = []
    if not queue.item_type.place:
        parts.append(f"Given {code(found.given or 'empty')}, suggested {code(suggested)}.")
    if found.reason:
        which = "reason" if found.likeness is Likeness.REASON else "strongest reason"
        parts.append(f"The {which}: {md(found.reason)}.")
    if found.n_held:
        held = words.count(found.n_held, "item")
        parts.append(f"{held} on the screen of somebody else: left out.")
    if found.n_alone:
        alone = words.count(found.n_alone, "item")
        parts.append(f"{alone} for one by one: you have answered, or two people differ.")
    if found.n_more:
        parts.append(f"{words.count(found.n_more, 'more item')}: the next time.")
    return " ".join(parts)


def _effects(found: Similar) -> None:
    """Draw whom a decision is about."""
    st.markdown("**Whom it is about**")
    if not found.effects:
        st.caption(
            "No column that forms groups of people is marked as sensitive, so nothing can be said "
            "of them."
        )
        return
    st.table(
        {
            "Column": [md(e.column, limit=40) for e in found.effects],
            "Group": [md(e.group, limit=40) for e in found.effects],
            "Rows decided": [f"{e.n_decided:,}" for e in found.effects],
            "Of the rows of the group": [
                f"{e.n_rows:,} ({e.n_decided / e.n_rows:.2%})" for e in found.effects
            ],
        },
        border="horizontal",
        hide_index=True,
        alt="Rows that are decided, by group of people",
    )
    for changed in found.changed:
        st.markdown(md(changed.sentence(ACCEPTING)))


def _said(queue: ReviewQueue, found: Similar, action: Action) -> str:
    n = len(found.places)
    if queue.item_type is ItemType.REPEATS:
        sets = words.count(n, "set")
        told = f"All rows of {sets} stay." if action is Action.KEEP else f"Of {sets} one row stays."
        return f"{told} One undo takes it back."
    if queue.item_type is ItemType.ROW and action is Action.KEEP:
        return f"Kept as rare but right: {words.count(n, 'row')}. One undo takes it back."
    rows, given = words.count(len(found.places), "row"), code(found.given or "empty")
    line = {
        Action.KEEP: f"{given} stays in {rows}.",
        Action.CHANGE: f"{given} becomes {code(found.suggested or 'empty')} in {rows}.",
        Action.EXCLUDE: f"Left out of the corrected table: {rows}.",
    }[action]
    return f"{line} One undo takes it back."


def _decide(queue: ReviewQueue, found: Similar, action: Action, mark: str) -> None:
    """Decide about what was on the screen."""
    here = session.session()
    try:
        press = PressForSeveral(mark=mark, places=found.places, as_of=found.as_of, action=action)
        told = together.apply(session.workspace(), queue, press, reviewer=identity.person())
    except PreflightError as error:
        here.notice = md(error)
        return
    here.cell, here.shown_cell = None, None
    here.review.undone.clear()
    here.review.together[mark] = press
    here.decided[queue.check_id, action] += told.n_kept
    kept = f"{words.count(told.n_kept, 'item')} decided together."
    here.notice = f"{kept} {told.why}".strip()
