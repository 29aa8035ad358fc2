"""The inputs of one condition: from and to, values to pick, a text to look for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import streamlit as st

from components.core.data.dataset import Column, Storage
from components.core.data.query import AllOf, Compare, Condition, Contains, Not, OneOf, Op, Scalar
from components.core.errors import UnusableInput
from components.views import words
from components.views.text import plain

Build = Callable[[], tuple[Condition, ...]]
PICK, LEAVE = "Show", "Leave out"


@dataclass(frozen=True, slots=True)
class Asked:
    """Inputs that are on the screen.

    Attributes
    ----------
    keys
        Of the widgets.
    conditions
        Reads them; raises :class:`UnusableInput` with what to correct.
    """

    keys: tuple[str, ...]
    conditions: Build


def between(column: Column, low: Scalar, high: Scalar, key: str) -> Asked:
    """Draw the inputs for a range; both ends belong to it, an empty one is open.

    Parameters
    ----------
    low, high
        The smallest and the largest value of the column.
    """
    if column.storage is Storage.DATETIME:
        return _days(column, low, high, key)
    keys = (f"{key}-from", f"{key}-to")
    first = st.text_input("From", key=keys[0], placeholder=_shown(low, column), width=150)
    last = st.text_input("To", key=keys[1], placeholder=_shown(high, column), width=150)
    return Asked(keys, lambda: _range(column, _number(first), _number(last)))


def among(column: Column, known: Sequence[tuple[Scalar, int]], key: str) -> Asked:
    """Draw the values of a column with their rows, to pick from."""
    keys = (f"{key}-picked", f"{key}-kept")
    picked = st.multiselect(
        f"Values, most frequent first ({len(known):,} listed)",
        range(len(known)),
        format_func=lambda i: f"{_shown(known[i][0], column)} ({known[i][1]:,})",
        key=keys[0],
        placeholder="Choose values",
        width=420,
    )
    way = st.selectbox("Rows with them", [PICK, LEAVE], key=keys[1], width=130)

    def conditions() -> tuple[Condition, ...]:
        values = tuple(v for i in picked if (v := known[i][0]) is not None)
        if not values:
            raise UnusableInput("No value is chosen.", "Choose at least one.")
        chosen = OneOf(column.name, values)
        return (chosen if way == PICK else Not(chosen),)

    return Asked(keys, conditions)


def text(column: Column, key: str, *, exact: bool) -> Asked:
    """Draw the input for a text to look for; capitals matter only where it must be equal."""
    keys = (f"{key}-text",)
    wanted = st.text_input(
        "Text" if exact else "Text to look for", key=keys[0], max_chars=500, width=320
    )

    def conditions() -> tuple[Condition, ...]:
        if exact:
            return (Compare(column.name, Op.EQ, wanted),)
        if not wanted.strip():
            raise UnusableInput("There is no text to look for.", "Type at least one letter.")
        return (Contains(column.name, wanted),)

    return Asked(keys, conditions)


def _days(column: Column, low: Scalar, high: Scalar, key: str) -> Asked:
    keys = (f"{key}-from", f"{key}-to")
    if not isinstance(low, datetime) or not isinstance(high, datetime):
        return Asked((), lambda: _range(column, None, None))
    bounds = (low.date(), high.date())
    first, last = (
        st.date_input(
            word, None, min_value=bounds[0], max_value=bounds[1], key=own, width=150,
            help=f"{bounds[0]} to {bounds[1]} in this table",
        )
        for word, own in zip(("From", "To"), keys, strict=True)
    )  # fmt: skip
    return Asked(keys, lambda: _span(column, first, last))


def _span(column: Column, first: object, last: object) -> tuple[Condition, ...]:
    low = datetime.combine(first, time()) if isinstance(first, date) else None
    end = None
    if isinstance(last, date) and last < date.max:
        end = datetime.combine(last + timedelta(days=1), time())
    if low is not None and end is not None and low >= end:
        raise UnusableInput("The first day lies after the last one.", "Swap them.")
    if low is None and end is None:
        raise UnusableInput("The range has no end.", "Choose a first or a last day.")
    found = [Compare(column.name, Op.GE, low)] if low is not None else []
    return _ends(*found, *([Compare(column.name, Op.LT, end)] if end is not None else []))


def _ends(*found: Compare) -> tuple[Condition, ...]:
    """Return the ends of a range as one condition, also where any condition is enough."""
    return (AllOf(found),) if len(found) > 1 else found


def _range(
    column: Column, first: int | float | None, last: int | float | None
) -> tuple[Condition, ...]:
    if first is None and last is None:
        raise UnusableInput("The range has no end.", "Type a smallest or a largest value.")
    if first is not None and last is not None:
        if first > last:
            raise UnusableInput("The smallest value is above the largest one.", "Swap them.")
        if first == last:
            return (Compare(column.name, Op.EQ, first),)
    low = () if first is None else (Compare(column.name, Op.GE, first),)
    high = () if last is None else (Compare(column.name, Op.LE, last),)
    return _ends(*low, *high)


def _number(typed: str) -> int | float | None:
    """Return the number that was typed; None for nothing."""
    text = typed.strip().replace(",", "").replace(" ", "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise UnusableInput(f"“{plain(typed, limit=40)}” is no number.", "Type digits.") from None
    if value != value:  # noqa: PLR0124 - not a number
        raise UnusableInput("That is no number.", "Type digits.")
    return int(text) if text.lstrip("+-").isdigit() else value


def _shown(value: Scalar, column: Column) -> str:
    if isinstance(value, bool):
        return plain(column.text_of(value), limit=60)
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return words.number(value) if math.isfinite(value) else str(value)
    return plain(str(value).removesuffix(" 00:00:00"), limit=60) or "(empty)"
