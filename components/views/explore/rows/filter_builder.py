"""Adding a condition to a filter: choose a column, then what its values should be. No code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from components.core.data.dataset import Column, Kind, Storage
from components.core.data.query import Condition, Missing, Not
from components.core.errors import UnusableInput
from components.services.data.datasets import DatasetInfo
from components.services.explore import browse
from components.services.explore.browse import Flag, View
from components.services.explore.filters import Flagged, Part
from components.views import session, words
from components.views.explore.rows import filter_inputs
from components.views.text import md, plain

FLAGS = "Flagged by a check"
RANGE, VALUES, CONTAINS, EXACT = "Range", "Values", "Contains", "Is exactly"
GAPS, FILLED = "Is missing", "Is not missing"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a condition is about: a column, or (None) the flags of the checks."""

    column: Column | None

    @property
    def label(self) -> str:
        return FLAGS if self.column is None else plain(self.column.name, limit=60)


def show(info: DatasetInfo, view: View, flags: Sequence[Flag]) -> tuple[Part, ...]:
    """Draw the builder and return the conditions that were just asked for, none as a rule."""
    subjects = [_Subject(c) for c in info.version.columns]
    if flags:
        subjects.insert(0, _Subject(None))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        subject = st.selectbox(
            "Show rows by",
            range(len(subjects)),
            format_func=lambda i: _option(subjects[i]),
            index=None,
            placeholder="A column, or the flags of a check" if flags else "A column",
            key="filter-subject",
            width=280,
        )
        if subject is None or subject >= len(subjects):
            return ()
        column = subjects[subject].column
        if column is None:
            return _by_flag(flags)
        way = _way(column)
    return _by_column(view, column, way)


def _option(subject: _Subject) -> str:
    if subject.column is None:
        return FLAGS
    return f"{subject.label} ({words.KIND[subject.column.kind].lower()})"


def ways(column: Column) -> tuple[str, ...]:
    """Return the ways in which the rows can be chosen by a column, the best one first."""
    if column.kind is Kind.EMPTY:
        return (GAPS, FILLED)
    if column.storage is Storage.BOOLEAN or column.kind in {Kind.CONSTANT}:
        return (VALUES, GAPS, FILLED)
    if column.storage is not Storage.TEXT:
        discrete = column.kind.is_discrete
        return (VALUES, RANGE, GAPS, FILLED) if discrete else (RANGE, GAPS, FILLED)
    if column.kind.is_discrete:
        return (VALUES, CONTAINS, GAPS, FILLED)
    return (CONTAINS, EXACT, GAPS, FILLED)


def _way(column: Column) -> str:
    chosen = st.selectbox("How", ways(column), key=f"filter-way-{column.field}", width=160)
    return str(chosen)


def _by_flag(flags: Sequence[Flag]) -> tuple[Part, ...]:
    titles = {flag.check_id: flag.title for flag in flags}
    with st.form("filter-flags", border=False, width="content"):
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        check_id = row.selectbox(
            "Check", list(titles), format_func=lambda c: titles[c], key="filter-check", width=260
        )
        wanted = row.selectbox("Rows", ["Flagged", "Not flagged"], key="filter-wanted", width=140)
        if not row.form_submit_button("Add", icon=":material/add:", type="primary"):
            return ()
    return (Flagged(str(check_id), wanted=wanted == "Flagged"),)


def _by_column(view: View, column: Column, way: str) -> tuple[Part, ...]:
    key = f"filter-{column.field}-{way}"
    with st.form(key, border=False, width="content"):
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        with row:
            asked = _asked(view, column, way, key)
            pressed = st.form_submit_button("Add", icon=":material/add:", type="primary")
    if not pressed:
        return ()
    try:
        found = asked.conditions()
    except UnusableInput as error:
        st.warning(md(str(error)), icon=":material/edit:")
        return ()
    session.forget(*asked.keys)
    return found


def _asked(view: View, column: Column, way: str, key: str) -> filter_inputs.Asked:
    """Draw the inputs of one way; their values are read when the button was pressed."""
    if way == RANGE:
        low, high = browse.extent(session.workspace(), view.dataset_id, column.name)
        return filter_inputs.between(column, low, high, key)
    if way == VALUES:
        among = replace(view, parts=()) if view.any_of else view
        known = browse.values(session.workspace(), among, column.name)
        return filter_inputs.among(column, known, key)
    if way in {CONTAINS, EXACT}:
        return filter_inputs.text(column, key, exact=way == EXACT)
    gap: Condition = Missing(column.name)
    return filter_inputs.Asked((), lambda: (gap if way == GAPS else Not(gap),))
