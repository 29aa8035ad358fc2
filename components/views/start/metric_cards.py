"""Four numbers that a stakeholder can read: filled, unique, labels in doubt, leaks."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.core.judgement.findings import Severity, Status
from components.core.judgement.review import ItemType
from components.services.runs import runs
from components.views import words
from components.views.current import Run
from components.views.text import md
from components.views.words import Colour

DOUBTS_NONE = "labels.missing_labels"
"""The check that asks people for labels where there are none."""

NEARLY_FULL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCard:
    """One metric card; ``note`` and ``label`` are ours or escaped."""

    label: str
    value: str
    note: str
    colour: Colour = "gray"
    help: str | None = None


def show(run: Run) -> None:
    """Draw the cards; a number that is not known says why."""
    with st.grid(4, min_column_width=200):
        for card in (_filled(run), _unique(run), labels_in_doubt(run), _leaks(run)):
            st.metric(
                card.label,
                card.value,
                delta=card.note or None,
                delta_color=card.colour,
                delta_arrow="off",
                border=True,
                height="stretch",
                help=card.help,
            )


def _filled(run: Run) -> MetricCard:
    label, help_text = "Cells filled", "Cells with a value, over all rows and columns."
    if run.profile is None:
        return MetricCard(label=label, value="–", note=_not_counted(run))
    columns = run.profile.columns
    low = sum(1 for c in columns if c.completeness < NEARLY_FULL)
    note = f"{words.count(low, 'column')} below 90 %" if low else "every column above 90 %"
    return MetricCard(
        label=label,
        value=words.share(run.profile.completeness),
        note=note,
        colour="orange" if low else "green",
        help=help_text,
    )


def _unique(run: Run) -> MetricCard:
    label = "Rows that are unique"
    if run.profile is None or run.profile.n_repeats is None or not run.profile.n_rows:
        return MetricCard(label=label, value="–", note=_not_counted(run))
    repeats = run.profile.n_repeats
    return MetricCard(
        label=label,
        value=words.share(1 - repeats / run.profile.n_rows),
        note=words.count(repeats, "exact copy", "exact copies")
        if repeats
        else without_repeats(run),
        colour="orange" if repeats else "green",
        help="Rows that do not repeat an earlier row in every column, identifiers included.",
    )


def without_repeats(run: Run) -> str:
    """Say that no row repeats, or how many do when identifiers are left out."""
    result = next((r for r in run.of_concern("duplicates") if r.row_scores is not None), None)
    flagged = 0 if result is None or result.row_scores is None else result.row_scores.n_flagged
    if not flagged:
        return "no exact copies"
    return f"{flagged:,} equal in all but identifiers and the like"


def labels_in_doubt(run: Run) -> MetricCard:
    """Say how many labels are contradicted; not 0 where nobody could doubt one."""
    label = "Labels in doubt"
    doubting = (r for r in run.of_concern("labels") if r.item_type is not ItemType.UNLABELLED)
    result = next((r for r in doubting if r.suggests), None)
    scores = None if result is None else result.row_scores
    if result is None or scores is None:
        return MetricCard(label=label, value="–", note=_why_not(run, _judges_labels(run)))
    if run.verdict.is_label_unlearnt and not scores.n_flagged:
        return MetricCard(label=label, value="–", note="cannot be judged")
    flagged, n_judged = scores.n_flagged, scores.n_assessed
    is_part = n_judged < result.coverage.rows_total
    of_what = f"the {n_judged:,} judged" if is_part else "labels"
    return MetricCard(
        label=label,
        value=f"{flagged:,}",
        note=f"{words.share(flagged / max(1, n_judged))} of {of_what}",
        colour="violet" if flagged else "green",
        help="Labels that a model, which never saw the row, contradicts with confidence.",
    )


def _judges_labels(run: Run) -> str:
    """Return the check that judges labels of the kind at hand: the others do not apply."""
    known = [c.id for c in runs.catalogue() if c.concern == "labels" and c.suggests]
    asked = [check_id for check_id in known if check_id != DOUBTS_NONE]
    skipped = {r.check_id for r in run.results if r.status is Status.SKIPPED}
    return next((c for c in asked if c not in skipped), asked[0])


def _leaks(run: Run) -> MetricCard:
    label, result = "Columns that leak", run.result("leakage.target_proxy")
    if result is None or result.status in {Status.SKIPPED, Status.FAILED}:
        return MetricCard(label=label, value="–", note=_why_not(run, "leakage.target_proxy"))
    touching = [f for f in result.findings if f.severity >= Severity.WARNING]
    columns = list(dict.fromkeys(c for f in touching for c in f.affected.columns))
    worst = any(f.severity is Severity.CRITICAL for f in touching)
    return MetricCard(
        label=label,
        value=f"{len(columns):,}",
        note=md(columns[0], limit=28) if columns else "none found",
        colour="red" if worst else "orange" if columns else "green",
        help="Columns that tell the label so well that a model would look perfect and fail in use.",
    )


def _not_counted(run: Run) -> str:
    return "not counted" if run.status.state.is_over else "not counted yet"


def _why_not(run: Run, check_id: str) -> str:
    result = run.result(check_id)
    if result is None:
        return "not checked" if run.status.state.is_over else "not checked yet"
    return {Status.SKIPPED: "does not apply", Status.FAILED: "the check failed"}.get(
        result.status, "no rows assessed"
    )
