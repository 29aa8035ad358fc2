"""What was checked, what was not, and why: a check that did not run never looks clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from components.core.judgement.findings import CheckResult, Status
from components.core.judgement.runs import CheckProgress
from components.views import words
from components.views.parts.findings import badges
from components.views.text import md

_ORDER = (Status.FAILED, Status.FLAGGED, Status.PASSED, Status.SKIPPED)


def summary(results: Sequence[CheckResult]) -> str:
    """Return the outcomes in one line: ``6 clean, 4 flagged, 1 skipped``."""
    counted = Counter(r.status for r in results)
    return ", ".join(
        f"{counted[status]} {words.STATUS[status].text.lower()}"
        for status in (Status.PASSED, Status.FLAGGED, Status.SKIPPED, Status.FAILED)
        if counted[status]
    )


def show(results: Sequence[CheckResult], *, planned: Sequence[CheckProgress] = ()) -> None:
    """Draw one line per check; those that were planned and gave no result as well."""
    ordered = sorted(results, key=lambda r: (_ORDER.index(r.status), r.check_id))
    lines = [
        (r.title, badges.badge(words.STATUS[r.status]), _seen(r), f"{r.elapsed_s:.1f} s")
        for r in ordered
    ]
    there = {r.check_id for r in results}
    lines += [
        (c.title, badges.badge(words.NOT_RUN), "The run ended before it.", "")
        for c in planned
        if c.check_id not in there
    ]
    st.table(
        {
            "Check": [f"**{md(title)}**" for title, *_ in lines],
            "Outcome": [outcome for _, outcome, *_ in lines],
            "What was seen": [md(seen, limit=220) for *_, seen, _ in lines],
            "Time": [time for *_, time in lines],
        },
        border="horizontal",
        hide_index=True,
        alt=f"Outcome of {len(lines)} checks: {summary(results)}",
    )


def _seen(result: CheckResult) -> str:
    if result.status in {Status.SKIPPED, Status.FAILED}:
        return result.reason
    seen = f"{result.coverage.rows_seen:,} of {result.coverage.rows_total:,} rows"
    if result.coverage.rows_seen == result.coverage.rows_total:
        seen = f"all {words.count(result.coverage.rows_total, 'row')}"
    found = words.count(len(result.findings), "finding") if result.findings else "No finding"
    told = ", ".join(f"{name} = {result.params[name]}" for name in result.changed)
    parts = [f"{found} in {seen}.", told and f"Set for this run: {told}.", result.coverage.note]
    return " ".join(part for part in parts if part)
