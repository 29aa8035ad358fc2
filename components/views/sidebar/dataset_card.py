"""The table at hand, in the sidebar of every page."""

from __future__ import annotations

import streamlit as st

from components.views import current, words
from components.views.text import code, md


def show() -> None:
    """Draw the card, and the mark of a demonstration where it is one."""
    info = current.dataset()
    if info is None:
        return
    version = info.version
    size = f"{words.count(version.n_rows, 'row')}, {words.count(len(version.columns), 'column')}"
    lines = [f"**{md(version.name, limit=60)}**", f":gray[:small[{size}]]"]
    if version.label is not None:
        lines.append(f":gray[:small[Label]] {code(version.label.name, limit=24)}")
    else:
        said = "There is no label" if version.no_label else "No label was chosen"
        lines.append(f":gray[:small[{said}]]")
    run = current.run()
    if run is not None and (counts := run.answers.counts).n_items:
        told = f"{counts.n_open:,} open, {counts.n_settled:,} settled, {counts.n_unsure:,} not sure"
        lines.append(f":gray[:small[Review: {told}]]")
    if version.parent is not None:
        lines.append(":small[:green-badge[:material/verified: Corrected version]]")
    if version.demo:
        lines.append(":violet-badge[:material/science: Demo data]")
    with st.container(border=True):
        st.markdown("  \n".join(lines))
