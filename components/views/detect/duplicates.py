"""Duplicates: rows and columns that are in the table twice."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.evidence import Evidence, Measure, RowGroups
from components.core.judgement.findings import CheckResult
from components.services.data.datasets import DatasetInfo
from components.views import words
from components.views.current import Run
from components.views.parts import heading, row_table
from components.views.parts.findings import concern

CHECK = "duplicates.exact_rows"
MOST_GROUPS = 8


def show() -> None:
    """Draw the page."""
    concern.show("duplicates", extra=_copies, hidden=_is_shown_above)


def _is_shown_above(result: CheckResult, piece: Evidence) -> bool:
    return result.check_id == CHECK and isinstance(piece, Measure)


def _copies(info: DatasetInfo, run: Run) -> None:
    groups = _groups(run)
    if groups is None or not groups.groups:
        return
    largest = sorted(groups.groups, key=lambda g: -g.size)[:MOST_GROUPS]
    all_sets = len(largest) == groups.n_groups
    larger = "" if all_sets else f"; the {len(largest)} largest are shown"
    heading.section("Rows that are copies of one another")
    st.caption(
        f"{words.count(groups.n_groups, 'set')} of equal rows{larger}. "
        "The first row of a set is the original."
    )
    row_ids: list[int] = []
    sets: list[str] = []
    for number, group in enumerate(largest, 1):
        shown = [group.anchor, *group.row_id]
        row_ids += shown
        sets += set_names(number, len(shown), group.size)
    row_table.show(info, row_ids, extra={"Set": sets}, limit=len(row_ids), alt="Sets of equal rows")


def set_names(number: int, n_shown: int, n: int) -> list[str]:
    """Return the name of a set, once per row shown; the last one says how many more there are."""
    names = [f"{number} (row {k:,} of {n:,})" for k in range(1, n_shown + 1)]
    if n > n_shown:
        names[-1] += f", and {words.count(n - n_shown, 'more row')}"
    return names


def _groups(run: Run) -> RowGroups | None:
    result = run.result(CHECK)
    if result is None:
        return None
    pieces = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    return next((e for e in pieces if isinstance(e, RowGroups)), None)
