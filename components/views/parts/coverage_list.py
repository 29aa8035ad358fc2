"""What was checked, what was not, and why: a check that did not run never looks clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.core.findings import CheckResult, Status
from components.views import words
from components.views.text import plain

_ORDER = (Status.FAILED, Status.FLAGGED, Status.PASSED, Status.SKIPPED)


def summary(results: Sequence[CheckResult]) -> str:
    """Return the outcomes in one line: ``6 clean, 4 flagged, 1 skipped``."""
    counted = Counter(r.status for r in results)
    return ", ".join(
        f"{counted[status]} {words.STATUS[status].text.lower()}"
        for status in (Status.PASSED, Status.FLAGGED, Status.SKIPPED, Status.FAILED)
        if counted[status]
    )


def show(results: Sequence[CheckResult], *, with_concern: bool = True) -> None:
    """Draw one line per check."""
    ordered = sorted(results, key=lambda r: (_ORDER.index(r.status), r.check_id))
    frame = pd.DataFrame([_line(result) for result in ordered])
    if not with_concern:
        frame = frame.drop(columns="About")
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        alt=f"Outcome of {len(ordered)} checks: {summary(results)}",
        column_config={
            "Outcome": st.column_config.MultiselectColumn(
                width=100,
                options=[words.STATUS[s].text for s in _ORDER],
                color=[words.STATUS[s].colour for s in _ORDER],
            ),
            "Check": st.column_config.TextColumn(width="medium"),
            "About": st.column_config.TextColumn(width=110),
            "What was seen": st.column_config.TextColumn(width="large"),
            "Time": st.column_config.NumberColumn(format="%.1f s", width=80),
        },
    )


def _line(result: CheckResult) -> dict[str, object]:
    return {
        "Outcome": [words.STATUS[result.status].text],
        "Check": result.title,
        "About": words.concern(result.concern),
        "What was seen": plain(_seen(result), limit=300),
        "Time": result.elapsed_s,
    }


def _seen(result: CheckResult) -> str:
    if result.status in {Status.SKIPPED, Status.FAILED}:
        return result.reason
    seen = f"{result.coverage.rows_seen:,} of {result.coverage.rows_total:,} rows"
    if result.coverage.rows_seen == result.coverage.rows_total:
        seen = f"all {words.count(result.coverage.rows_total, 'row')}"
    found = words.count(len(result.findings), "finding") if result.findings else "no finding"
    return f"{found} in {seen}. {result.coverage.note}".strip()
