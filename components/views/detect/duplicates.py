"""Duplicates: rows and columns that are in the table twice."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.evidence import Measure, RowGroups
from components.services.data.datasets import DatasetInfo
from components.views import words
from components.views.current import Run
from components.views.parts import heading, row_table
from components.views.parts.findings import concern

CHECK = "duplicates.exact_rows"
MOST_GROUPS = 8
MOST_ROWS = 60


def show() -> None:
    """Draw the page."""
    concern.show("duplicates", extra=_copies, hidden={CHECK: (Measure,)})


def _copies(info: DatasetInfo, run: Run) -> None:
    groups = _groups(run)
    if groups is None or not groups.groups:
        return
    largest = sorted(groups.groups, key=lambda g: -len(g.row_id))[:MOST_GROUPS]
    heading.section("Rows that are copies of one another")
    st.caption(
        f"{words.count(groups.n_groups, 'set')} of equal rows; "
        f"the {len(largest)} largest are shown. The first row of a set is the original."
    )
    row_ids, sets = [], []
    for number, group in enumerate(largest, 1):
        members = [group.anchor, *group.row_id][: MOST_ROWS // MOST_GROUPS]
        row_ids += members
        sets += [number] * len(members)
    row_table.show(info, row_ids, extra={"Set": sets}, limit=MOST_ROWS, alt="Sets of equal rows")


def _groups(run: Run) -> RowGroups | None:
    result = run.result(CHECK)
    if result is None:
        return None
    pieces = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    return next((e for e in pieces if isinstance(e, RowGroups)), None)
