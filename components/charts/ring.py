"""The whole run in one ring: how each check ended, and the number of findings."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import count
from components.charts.style.theme import blank
from components.core.judgement.findings import CheckResult, Status
from components.core.judgement.gate import Verdict

ORDER = (Status.FLAGGED, Status.FAILED, Status.PASSED, Status.SKIPPED)
"""Clockwise from the top: what needs a person first."""


def ring(results: Sequence[CheckResult], verdict: Verdict, theme: ThemeName) -> go.Figure:
    """Draw the share of checks that flagged something, failed, passed and were skipped.

    There is no score: the number in the middle is the number of findings. Flagged checks have the
    colour of the verdict; failed ones are striped in it, so that they never look clean; skipped
    ones are left open.
    """
    colours = palette(theme)
    counts = ended(results)
    shown = [status for status in ORDER if counts[status]] or [Status.SKIPPED]
    figure = blank(theme, height=190)
    figure.add_pie(
        values=[counts[status] or 1 for status in shown],
        labels=[status.value for status in shown],
        hovertext=[words(status, counts[status]) for status in shown],
        hovertemplate="%{hovertext}<extra></extra>",
        hole=0.84,
        sort=False,
        direction="clockwise",
        textinfo="none",
        marker={
            "colors": [_colour(status, verdict, colours) for status in shown],
            "pattern": _stripes(shown, colours),
            "line": {"color": colours.surface, "width": 2 if len(shown) > 1 else 0},
        },
    )  # fmt: skip
    n = verdict.n_critical + verdict.n_warning + verdict.n_info
    figure.add_annotation(
        text=f"<b>{count(n)}</b>", x=0.5, y=0.53, xref="paper", yref="paper", showarrow=False,
        font={"size": 38, "color": colours.text},
    )  # fmt: skip
    figure.add_annotation(
        text="finding" if n == 1 else "findings", x=0.5, y=0.34, xref="paper", yref="paper",
        showarrow=False, font={"size": 13, "color": colours.muted},
    )  # fmt: skip
    figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})
    return figure


def _stripes(shown: Sequence[Status], colours: Palette) -> dict[str, object] | None:
    """Return the pattern of failed checks; Plotly complains of one that nothing is drawn with."""
    if Status.FAILED not in shown:
        return None
    return {
        "shape": ["/" if status is Status.FAILED else "" for status in shown],
        "fillmode": "overlay", "fgcolor": colours.surface, "size": 6, "solidity": 0.4,
    }  # fmt: skip


def ended(results: Sequence[CheckResult]) -> dict[Status, int]:
    """Return how many checks ended in each way."""
    return {status: sum(r.status is status for r in results) for status in Status}


def words(status: Status, n: int) -> str:
    """Return a number of checks and how they ended: ``3 checks found nothing``."""
    return f"{count(n)} {'check' if n == 1 else 'checks'} {_ending(status, n)}"


def _ending(status: Status, n: int) -> str:
    match status:
        case Status.PASSED:
            return "found nothing"
        case Status.FLAGGED:
            return "found something"
        case Status.SKIPPED:
            return "does not apply" if n == 1 else "do not apply"
        case Status.FAILED:
            return "failed to run"


def alt_ring(results: Sequence[CheckResult]) -> str:
    """Return the ring in one sentence."""
    counts = ended(results)
    n = sum(len(r.findings) for r in results)
    parts = [words(status, counts[status]) for status in ORDER if counts[status]]
    return f"{count(n)} {'finding' if n == 1 else 'findings'}: {', '.join(parts)}."


def _colour(status: Status, verdict: Verdict, colours: Palette) -> str:
    match status:
        case Status.FLAGGED | Status.FAILED:
            return colours.outcome(verdict.outcome) if verdict.is_known else colours.warning
        case Status.PASSED:
            return (
                colours.ok if not verdict.reasons and not verdict.is_incomplete else colours.shape
            )
        case Status.SKIPPED:
            return colours.track
