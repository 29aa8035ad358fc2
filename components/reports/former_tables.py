"""What a table has in common with a former version, in words: its rows, and their decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from components.charts.style.text import clean
from components.core.data.carry_over import CarryOver, MatchedBy
from components.reports.words import plural

LONGEST = 60
"""Characters of a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerTable:
    """A former version: its name and size, and how the table met it.

    Attributes
    ----------
    is_further
        Whether another one is told before it, the decisions of which it only adds to.
    """

    name: str
    n_rows: int
    met: CarryOver
    is_further: bool = False


def _clean(text: str) -> str:
    return clean(text, LONGEST)


def headline(former: FormerTable, quote: Callable[[str], str] = _clean) -> str:
    """Return whose version this is.

    Parameters
    ----------
    quote
        Makes a name from the data safe for the place where it will stand.
    """
    name = quote(former.name)
    if former.met.matched_by is MatchedBy.PUBLISHED:
        return f"The corrected version of {name}"
    return f"A new version of {name}"


def told(former: FormerTable, n_rows: int, quote: Callable[[str], str] = _clean) -> str:
    """Return which rows were found again and what became of the decisions.

    Parameters
    ----------
    n_rows
        Of the table at hand.
    quote
        As in ``headline``.
    """
    return " ".join(part for part in (_rows(former, n_rows, quote), _decisions(former)) if part)


def _rows(former: FormerTable, n_rows: int, quote: Callable[[str], str]) -> str:
    met, n_former = former.met, plural(former.n_rows, "row")
    if met.matched_by is MatchedBy.PUBLISHED:
        if not met.left_out:
            return f"It has all {n_former}."
        verb = "was" if len(met.left_out) == 1 else "were"
        return f"{len(met.left_out):,} of {n_former} {verb} left out by decisions."
    n_new = n_rows - met.n_rows
    how = f"by {quote(met.column)}" if met.column else "by what their cells hold"
    new = f"; {plural(n_new, 'row is', 'rows are')} new" if n_new else ""
    verb = "was" if former.n_rows == 1 else "were"
    return f"{met.n_rows:,} of {n_former} {verb} found again, {how}{new}."


def _decisions(former: FormerTable) -> str:
    met = former.met
    if not met.n_decided:
        return ""
    parts = [_carried(former)]
    gone = met.n_decided - met.n_decided_found - met.n_decided_several
    if gone and not former.is_further:
        said = plural(gone, "row with decisions is", "rows with decisions are")
        parts.append(f"{said} not in this file")
    if met.n_decided_several and not former.is_further:
        parts.append(
            plural(
                met.n_decided_several,
                "row with decisions could be any of several rows here, so they stayed behind",
                "rows with decisions could each be any of several rows here, so they stayed behind",
            )
        )
    if met.n_differing:
        parts.append(
            plural(
                met.n_differing,
                "decided value differs here, so that decision stayed behind",
                "decided values differ here, so those decisions stayed behind",
            )
        )
    return f"{', '.join(parts)}."


def _carried(former: FormerTable) -> str:
    met = former.met
    if former.is_further:
        said = plural(met.n_carried, "further decision was", "further decisions were")
        return f"{said} carried over"
    match met.n_decided_carried:
        case 0:
            return "No decision was carried over"
        case 1:
            return "What was decided about 1 row was carried over"
        case n:
            return f"Decisions about {n:,} rows were carried over"
