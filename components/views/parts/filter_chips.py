"""A filter in words, one button per part that takes it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st

from components.core.dataset import ROW_ID
from components.core.query import AllOf, AnyOf, Compare, Contains, Missing, Not, OneOf, Op
from components.services.filters import Flagged, Part
from components.views import words
from components.views.text import md, plain

MOST_VALUES = 3
"""Values of a list that a chip names."""
_SIGNS = {Op.EQ: "is", Op.NE: "is not", Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥"}
_CUT = 40


def show(parts: tuple[Part, ...], titles: Mapping[str, str], remove: Callable[[int], None]) -> None:
    """Draw the parts of a filter; a press takes one away.

    Parameters
    ----------
    titles
        The titles of the checks, by id.
    remove
        Called with the position of the part.
    """
    for position, part in enumerate(parts):
        st.button(
            md(spoken(part, titles), limit=160),
            icon=":material/close:",
            key=f"chip-{position}",
            help="Take this condition away",
            on_click=remove,
            args=(position,),
        )


def spoken(part: Part, titles: Mapping[str, str]) -> str:  # noqa: PLR0911 - one per condition
    """Return a part of a filter in words; they hold text from the data."""
    match part:
        case Flagged(check_id, wanted):
            title = titles.get(check_id, check_id)
            return f"{'Flagged' if wanted else 'Not flagged'}: {title}"
        case Not(inner):
            return _denied(inner)
        case Missing(column):
            return f"{_name(column)} is missing"
        case Contains(column, text):
            return f"{_name(column)} contains “{plain(text, limit=_CUT)}”"
        case Compare(column, op, value):
            return f"{_name(column)} {_SIGNS[op]} {_value(value)}"
        case OneOf(column, values):
            return _listed(column, values, "is")
        case AllOf() | AnyOf():
            return "several conditions"


def _denied(inner: Part) -> str:
    match inner:
        case Missing(column):
            return f"{_name(column)} is not missing"
        case Contains(column, text):
            return f"{_name(column)} does not contain “{plain(text, limit=_CUT)}”"
        case OneOf(column, values):
            return _listed(column, values, "is not")
        case _:
            return f"not: {spoken(inner, {})}"


def _listed(column: str, values: tuple[object, ...], verb: str) -> str:
    shown = [_value(v) for v in values[:MOST_VALUES]]
    left = len(values) - len(shown)
    if column == ROW_ID and (left > 0 or not values):
        return f"{'' if verb == 'is' else 'not '}{words.count(len(values), 'chosen row')}"
    if left > 0:
        shown.append(f"{left:,} more")
    listed = " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
    return f"{'row' if column == ROW_ID else _name(column)} {verb} {listed}"


def _name(column: str) -> str:
    return plain(column, limit=_CUT)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return plain(value, limit=_CUT) or "(empty)"
