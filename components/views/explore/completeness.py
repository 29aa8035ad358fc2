"""Missing values: where the gaps are, and how many rows they touch."""

from __future__ import annotations

import streamlit as st

from components.charts.explore.gaps import alt_missing, missing_bars
from components.charts.figure_data import of_gaps
from components.core.facts.profile import DatasetProfile
from components.core.judgement.evidence import Evidence, Ranking
from components.core.judgement.findings import CheckResult
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.current import Run
from components.views.parts import heading
from components.views.parts.figures import evidence_panel, picks
from components.views.parts.findings import concern

CHECK = "completeness.missing_values"


def show() -> None:
    """Draw the page."""
    concern.show("completeness", extra=_gaps, hidden=_is_shown_above)


def _is_shown_above(result: CheckResult, piece: Evidence) -> bool:
    return result.check_id == CHECK and isinstance(piece, Ranking)


def _gaps(_info: DatasetInfo, run: Run) -> None:
    profile = run.profile
    if profile is None:
        return
    heading.section("Gaps per column")
    with st.container(border=True):
        evidence_panel.pairs(_facts(profile), narrowest=140)
        points = evidence_panel.pick(
            missing_bars(profile, session.theme()),
            key="gaps",
            alt_text=alt_missing(profile),
            sheet=lambda: of_gaps(profile),
            name="gaps",
            hint="Click a bar to see the rows without a value.",
        )
        picks.offer(picks.of_gaps(profile, points), key="gaps")


def _facts(profile: DatasetProfile) -> list[tuple[str, str]]:
    cells = sum(c.n_missing for c in profile.columns)
    facts = [
        ("Cells filled", words.share(profile.completeness)),
        ("Cells missing", f"{cells:,}"),
        ("Columns with gaps", f"{sum(1 for c in profile.columns if c.n_missing):,}"),
    ]
    if profile.missing_per_row:
        whole = profile.missing_per_row.get(0, 0)
        share = whole / profile.n_rows if profile.n_rows else 1.0
        facts.append(("Rows without a gap", f"{whole:,} ({words.share(share)})"))
    return facts
