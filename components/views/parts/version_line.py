"""What a table has in common with a former version, in sentences: its rows, and their decisions."""

from __future__ import annotations

import streamlit as st

from components.services.data import versions
from components.services.data.datasets import DatasetInfo
from components.services.data.versions import CarryOver, Former, MatchedBy
from components.views import session, words
from components.views.text import md


def show(info: DatasetInfo) -> None:
    """Draw a line per former version; nothing for a table that is none's."""
    for former in versions.formers(session.workspace(), info):
        if former.met is not None:
            st.markdown(
                f":material/history: **{headline(former)}** "
                f":gray[{told(former.met, info, former.info)}]"
            )


def headline(former: Former) -> str:
    """Return whose version this is, as Markdown."""
    name = md(former.info.version.name, limit=60)
    if former.met is not None and former.met.matched_by is MatchedBy.PUBLISHED:
        return f"The corrected version of {name}"
    return f"A new version of {name}"


def told(met: CarryOver, info: DatasetInfo, former: DatasetInfo) -> str:
    """Return which rows were found again and what became of the decisions, as Markdown."""
    return " ".join(part for part in (_rows(met, info, former), _decisions(met)) if part)


def _rows(met: CarryOver, info: DatasetInfo, former: DatasetInfo) -> str:
    n_former = words.count(former.version.n_rows, "row")
    if met.matched_by is MatchedBy.PUBLISHED:
        if not met.left_out:
            return f"It has all {n_former}."
        return f"{len(met.left_out):,} of {n_former} left out by decisions."
    n_new = info.version.n_rows - met.n_rows
    how = f"by {md(met.column, limit=40)}" if met.column else "by what their cells hold"
    new = f"; {words.count(n_new, 'row is', 'rows are')} new" if n_new else ""
    verb = "was" if former.version.n_rows == 1 else "were"
    return f"{met.n_rows:,} of {n_former} {verb} found again, {how}{new}."


def _decisions(met: CarryOver) -> str:
    if not met.n_decided:
        return ""
    verb = "was" if met.n_decided_carried == 1 else "were"
    about = words.count(met.n_decided_carried, "row")
    parts = [f"Decisions about {about} {verb} carried over"]
    gone = met.n_decided - met.n_decided_found - met.n_decided_several
    if gone:
        told = words.count(gone, "row with decisions is", "rows with decisions are")
        parts.append(f"{told} not in this file")
    if met.n_decided_several:
        said = words.count(met.n_decided_several, "row with decisions", "rows with decisions")
        parts.append(f"{said} could each be several rows here and stayed open")
    if met.n_differing:
        said = words.count(met.n_differing, "decided value")
        parts.append(f"{said} differ{'s' if met.n_differing == 1 else ''} here: open again")
    return f"{', '.join(parts)}."
