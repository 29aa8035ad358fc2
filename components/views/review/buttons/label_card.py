"""The card of a doubtful value, with buttons: what it is, what is suggested, its row, its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.core.judgement.review import Decision, ItemType, Suggestion
from components.core.people.several_people import Shown
from components.services.data import datasets
from components.services.review.beside import examples
from components.services.review.items import said
from components.services.review.review import ReviewCard, ReviewQueue
from components.views import session
from components.views.desk_parts import beside
from components.views.parts import row_names, row_table
from components.views.parts.figures import evidence_panel
from components.views.review import judge_first
from components.views.review.buttons import decide, several_dialog, whole_row_card
from components.views.review.chosen_items import Chosen
from components.views.text import md

FIELDS = 16
_FIRST = {ItemType.REPEATS: "largest", ItemType.UNLABELLED: "least sure"}
"""Which items of a type come first, where that is not the most doubtful one."""
MIXED = "Another value that may be right"
LONG, LONGEST_TEXT = 90, 5_000
"""Characters from which a value is a block of text, and of which so many are shown."""


def show(
    queue: ReviewQueue, card: ReviewCard, shown: Shown, chosen: Chosen, *, kept_for: str = ""
) -> None:
    """Draw the card of one item, its buttons, and the rows most like it.

    Parameters
    ----------
    kept_for
        For whom else the item is kept: it is here to look at only.
    """
    item, told = card.item, card.item.suggestion
    is_hidden = judge_first.hides(item)
    if not is_hidden:
        judge_first.shows(queue, item)
    with st.container(border=True, key="card"):
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
        )
        row.subheader(row_names.title(item.cell.row_id), anchor=False, width="content")
        first = _FIRST.get(queue.item_type, "most doubtful")
        order = "" if queue.is_mixed else f", {first} first"
        place = f"item {item.position + 1:,} of {queue.n_items:,}{order}"
        where = row_names.line(
            datasets.get(session.workspace(), queue.dataset_id), item.cell.row_id
        )
        row.caption(", ".join(filter(None, (where, place))).capitalize(), width="content")
        if queue.item_type.place:
            whole_row_card.draw(card)
        else:
            whose = examples.predicted_by(session.workspace(), queue)
            who = MIXED if queue.is_mixed else _who(told, whose)
            _pair(told, "" if is_hidden else who)
        if shown.decision is not None:
            st.caption(_before(shown.decision, waits=shown.waits, is_open=item.is_open))
        decide.buttons(queue, item, shown, kept_for=kept_for)
        if not queue.is_mixed and not is_hidden and not kept_for:
            several_dialog.offer(queue, item, chosen)
        if card.equal is None:
            _values(card.values, beside.marks(session.workspace(), queue))
    if not is_hidden:
        _nearest(card)


def _pair(told: Suggestion, who: str) -> None:
    """Draw what the cell holds and what is suggested, side by side; not yet without a ``who``."""
    given, suggested = st.columns(2)
    with given.container(border=True, height="stretch"):
        st.markdown(f":gray[:small[{md(told.cell.column, limit=40)} in the file]]")
        st.subheader(md(told.given, limit=60) or ":gray[empty]", anchor=False)
    with suggested.container(border=True, height="stretch"):
        if not who:
            st.markdown(":gray[:small[What is suggested comes after your answer]]")
            return
        st.markdown(f":gray[:small[{who}]]")
        st.subheader(f"{_expected(told)}{_probability(told)}", anchor=False)


def _before(made: Decision, *, waits: bool, is_open: bool) -> str:
    word = md(said.of(made))
    if waits:
        return f"Your answer: {word}. It waits for the answer of somebody else."
    again = " That answered another suggestion, so it is open again." * is_open
    return f"Decided before: {word}, by {md(made.reviewer)}.{again}"


def _who(told: Suggestion, predicted_by: str) -> str:
    if told.confidence is None:
        return "The check suggests"
    return "The probabilities in the table say" if predicted_by else "The models expect"


def _expected(told: Suggestion) -> str:
    if told.suggested is None:
        return "not known"
    return md(told.suggested, limit=60) or "an empty cell"


def _probability(told: Suggestion) -> str:
    if told.confidence is None:
        return ""
    return f" &nbsp; :gray[:small[probability {told.confidence:.0%}]]"


def _values(values: Sequence[tuple[str, str]], marks: Mapping[str, str]) -> None:
    told = [(_marked(name, marks.get(name, "")), value) for name, value in values]
    _grid(told[:FIELDS])
    if len(told) > FIELDS:
        with st.expander(f"{len(told) - FIELDS} more columns"):
            _grid(told[FIELDS : FIELDS + 200])


def _marked(name: str, mark: str) -> str:
    """Return the name of a column with what is to know of it, as Markdown."""
    return f"{md(name, limit=40)} :orange[{mark}]" if mark else md(name, limit=40)


def _grid(values: Sequence[tuple[str, str]]) -> None:
    """Draw names, escaped already, with their values."""
    for label, value in values:
        if _is_long(value):
            st.markdown(f":gray[:small[{label}]]")
            st.text(value[:LONGEST_TEXT], width="stretch")
    with st.grid(4, min_column_width=130):
        for label, value in values:
            if not _is_long(value):
                text = md(value, limit=80) if value.strip() else ":orange[missing]"
                st.markdown(evidence_panel.pair(label, text))


def _is_long(value: str) -> bool:
    return len(value) > LONG or "\n" in value


def _nearest(card: ReviewCard) -> None:
    if len(card.nearest):
        st.markdown("**Rows most like this one**")
        row_table.draw(row_table.numbered(card.nearest), alt="The nearest rows, their label first")
