"""The table at hand, in the sidebar of every page."""

from __future__ import annotations

import streamlit as st

from components.reports.words import counts_sentence
from components.views import current, words
from components.views.current import Run
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
    if run is not None:
        lines += _reviews(run)
    if version.parent is not None:
        lines.append(":small[:green-badge[:material/verified: Corrected version]]")
    if version.demo:
        lines.append(":violet-badge[:material/science: Demo data]")
    with st.container(border=True):
        st.markdown("  \n".join(lines))


def _reviews(run: Run) -> list[str]:
    """Return how far the review of each check is that asks about values."""
    asked = {r.check_id: r.title for r in run.results if r.check_id in run.answers.by_check}
    counted = [(title, run.answers.by_check[check_id]) for check_id, title in asked.items()]
    told = [(title, counts_sentence(counts)) for title, counts in counted if counts.n_items]
    if len(told) == 1:
        return [f":gray[:small[Review: {told[0][1]}]]"]
    return [f":gray[:small[{md(title)}: {said}]]" for title, said in told]
