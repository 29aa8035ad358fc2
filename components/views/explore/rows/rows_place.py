"""What the page of rows looks at: the filter, the order and the page that the address names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.core.errors import UnusableInput
from components.services.data.datasets import DatasetInfo
from components.services.explore import filters
from components.services.explore.browse import Order, View
from components.services.explore.filters import Part
from components.views import session
from components.views.session import FILTER

SORT, PAGE, ROW = "sort", "page", "row"
PAGE_ROWS = 100
"""Rows of one page; the table shows all of them at once."""
_DOWN = "down"
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsQuery:
    """The rows that are looked at.

    Attributes
    ----------
    page
        From 0 on; it may lie beyond the last one.
    problem
        Why the filter of the address cannot be used, "" where it can; all rows are shown then.
    """

    view: View
    page: int
    problem: str = ""


def read(info: DatasetInfo, run_id: str | None) -> RowsQuery:
    """Return what to show: the address wins, else what was looked at before."""
    here = session.session().rows
    if here.dataset_id != info.version.id:
        here = session.RowsPlace(dataset_id=info.version.id)
        session.session().rows = here
    if text := session.asked(FILTER):
        here.change(text)
    session.put(FILTER, here.filter)
    view, problem = View(dataset_id=info.version.id, run_id=run_id), ""
    try:
        asked = filters.read(here.filter, info.version)
        view = replace(view, parts=asked.parts, any_of=asked.any_of)
    except UnusableInput as error:
        problem = error.what
    return RowsQuery(view=replace(view, order=_order(info)), page=_page(), problem=problem)


def change(parts: tuple[Part, ...], *, any_of: bool = False) -> None:
    """Look at the rows that satisfy all of ``parts``, or any, from the first page on.

    Raises
    ------
    UnusableInput
        When the filter is too long for a link.
    """
    _look(filters.to_text(parts, any_of=any_of))
    session.session().rows.change(session.asked(FILTER))


def undo() -> None:
    """Go back to the filter before the last change."""
    here = session.session().rows
    if here.past:
        here.filter = here.past.pop()
        _look(here.filter)


def reset() -> None:
    """Look at all rows, in the order of the file; can be undone."""
    session.put(SORT, "")
    change(())


def sort_by(column: str | None, *, descending: bool) -> None:
    """Order the rows by a column, or (None) as in the file."""
    text = "" if column is None else filters.word(column)
    session.put(SORT, f"{text} {_DOWN}" if text and descending else text)
    session.put(PAGE, "")


def turn_to(page: int) -> None:
    """Show another page, counted from 0."""
    session.put(PAGE, str(page + 1) if page > 0 else "")


def open_row(row_id: int) -> None:
    """Show all values of one row; the address names it."""
    session.put(ROW, str(row_id))


def close_row() -> None:
    """Put the card of a row away, and let the table forget the selection."""
    session.put(ROW, "")
    session.session().rows.closed += 1


def opened_row() -> int | None:
    """Return the row whose card the address asks for."""
    text = session.asked(ROW)
    return int(text) if _is_number(text) else None


def _look(text: str) -> None:
    session.put(FILTER, text)
    session.put(PAGE, "")


def _page() -> int:
    text = session.asked(PAGE)
    return max(0, int(text) - 1) if _is_number(text) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _order(info: DatasetInfo) -> Order | None:
    name, _, direction = session.asked(SORT).partition(" ")
    try:
        wanted = filters.unword(name) if name else None
    except UnusableInput:
        return None
    known = {c.name for c in info.version.columns}
    return Order(wanted, descending=direction == _DOWN) if wanted in known and wanted else None
