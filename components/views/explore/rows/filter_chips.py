"""A filter in words, one button per part that takes it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st

from components.core.data.dataset import ROW_ID
from components.core.data.query import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Missing,
    Not,
    OneOf,
    Op,
)
from components.core.data.row_numbers import row_number
from components.core.data.value_texts import Spelling, value_text
from components.services.explore.filters import Flagged, Part, is_range
from components.views import words
from components.views.text import md, plain

MOST_VALUES = 3
"""Values of a list that a chip names."""
_SIGNS = {Op.EQ: "is", Op.NE: "is not", Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥"}
_BELOW = {Op.GE: "≤", Op.GT: "<"}
_CUT = 40

Spellings = Mapping[str, Spelling | None]


def show(
    parts: tuple[Part, ...],
    titles: Mapping[str, str],
    spellings: Spellings,
    remove: Callable[[int], None],
    *,
    any_of: bool,
) -> None:
    """Draw the parts of a filter; a press takes one away.

    Parameters
    ----------
    titles
        The titles of the checks, by id.
    spellings
        How the file writes true and false, by column.
    remove
        Called with the position of the part.
    any_of
        Whether one part that holds is enough.
    """
    for position, part in enumerate(parts):
        if position:
            st.markdown(f":gray[{'or' if any_of else 'and'}]", width="content")
        st.button(
            md(spoken(part, titles, spellings), limit=160),
            icon=":material/close:",
            key=f"chip-{position}",
            help="Take this condition away",
            on_click=remove,
            args=(position,),
        )


def spoken(  # noqa: PLR0911 - one per condition
    part: Part, titles: Mapping[str, str], spellings: Spellings
) -> str:
    """Return a part of a filter in words; they hold text from the data."""
    match part:
        case Flagged(check_id, wanted):
            title = titles.get(check_id, check_id)
            return f"{'Flagged' if wanted else 'Not flagged'}: {title}"
        case Not(inner):
            return _denied(inner, spellings)
        case Missing(column):
            return f"{_name(column)} is missing"
        case Contains(column, text):
            return f"{_name(column)} contains “{plain(text, limit=_CUT)}”"
        case Compare(column, op, value):
            return f"{_name(column)} {_SIGNS[op]} {_value(value, spellings.get(column))}"
        case OneOf(column, values):
            return _listed(column, values, "is", spellings.get(column))
        case AllOf(several) | AnyOf(several):
            return _joined(several, "and" if isinstance(part, AllOf) else "or", spellings)


def _joined(several: tuple[Condition, ...], word: str, spellings: Spellings) -> str:
    match several:
        case (Compare() as low, Compare() as high) if word == "and" and is_range(low, high):
            name = f"{_BELOW[low.op]} {_name(low.column)} {_SIGNS[high.op]}"
            return f"{_value(low.value)} {name} {_value(high.value)}"
        case _:
            return f" {word} ".join(spoken(one, {}, spellings) for one in several)


def _denied(inner: Part, spellings: Spellings) -> str:
    match inner:
        case Missing(column):
            return f"{_name(column)} is not missing"
        case Contains(column, text):
            return f"{_name(column)} does not contain “{plain(text, limit=_CUT)}”"
        case OneOf(column, values):
            return _listed(column, values, "is not", spellings.get(column))
        case _:
            return f"not: {spoken(inner, {}, spellings)}"


def _listed(column: str, values: tuple[object, ...], verb: str, spelling: Spelling | None) -> str:
    named = (
        [row_number(v) if isinstance(v, int) else v for v in values] if column == ROW_ID else values
    )
    shown = [_value(v, spelling) for v in named[:MOST_VALUES]]
    left = len(values) - len(shown)
    if column == ROW_ID and (left > 0 or not values):
        return f"{'' if verb == 'is' else 'not '}{words.count(len(values), 'chosen row')}"
    if left > 0:
        shown.append(f"{left:,} more")
    listed = " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
    return f"{'row' if column == ROW_ID else _name(column)} {verb} {listed}"


def _name(column: str) -> str:
    return plain(column, limit=_CUT)


def _value(value: object, spelling: Spelling | None = None) -> str:
    if isinstance(value, bool):
        return plain(value_text(value, spelling), limit=_CUT)
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return plain(value, limit=_CUT) or "(empty)"
