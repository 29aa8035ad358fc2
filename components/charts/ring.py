"""The whole run in one ring: how many checks, how each ended, and what the colours mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import count
from components.charts.style.theme import blank
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.findings import CheckResult, Severity, Status
from components.core.judgement.gate import Verdict

LEGEND = 136
"""Pixels at the right of the ring for the words."""
ORDER = (Status.FLAGGED, Status.FAILED, Status.PASSED, Status.SKIPPED)
"""Clockwise from the top: what needs a person first."""


@dataclass(frozen=True, slots=True)
class Arc:
    """Checks that ended alike: how many, in words, and the colour of their part of the ring."""

    n: int
    words: str
    colour: str
    is_striped: bool = False


def arcs(
    results: Sequence[CheckResult], verdict: Verdict, theme: ThemeName, said: Answers = NO_ANSWERS
) -> list[Arc]:
    """Return the parts of the ring, clockwise from the top: what needs a person first.

    A check counts by the worst finding that nobody has settled or accepted.
    """
    colours, counts = palette(theme), ended(results)
    asking = [[f for f in r.findings if not said.is_answered(f)] for r in results]
    worst = Counter(max(f.severity for f in findings) for findings in asking if findings)
    accepted, settled = _answered(results, said)
    clean = not verdict.reasons and not verdict.is_incomplete
    found = [
        Arc(worst[Severity.CRITICAL], "with a blocker", colours.critical),
        Arc(worst[Severity.WARNING], "to review", colours.warning),
        Arc(worst[Severity.INFO], "with a note", colours.primary),
        Arc(accepted, "accepted", colours.other),
        Arc(settled, "settled", colours.muted),
        Arc(counts[Status.FAILED], "failed", colours.warning, is_striped=True),
        Arc(_n_quiet(results), "found nothing", colours.ok if clean else colours.shape),
        Arc(counts[Status.SKIPPED], "not applicable", colours.track),
    ]
    return [arc for arc in found if arc.n]


def _answered(results: Sequence[CheckResult], said: Answers) -> tuple[int, int]:
    """Return how many checks have no open finding, since people accepted or settled them.

    One with both counts as accepted.
    """
    done = [r for r in results if r.findings and all(said.is_answered(f) for f in r.findings)]
    accepted = sum(any(not said.is_settled(f) for f in r.findings) for r in done)
    return accepted, len(done) - accepted


def _n_quiet(results: Sequence[CheckResult]) -> int:
    over = {Status.SKIPPED, Status.FAILED}
    return sum(not r.findings and r.status not in over for r in results)


def ring(
    results: Sequence[CheckResult], verdict: Verdict, theme: ThemeName, said: Answers = NO_ANSWERS
) -> go.Figure:
    """Draw how the checks ended: by the worst that each found, failed, nothing, not applicable.

    What people have accepted or settled is told as such.

    There is no score: the number in the middle is that of the checks, which the ring is made of.
    The words beside it say what each colour means and how many checks have it.
    """
    colours = palette(theme)
    parts = arcs(results, verdict, theme, said)
    shown = parts or [Arc(1, "no check has ended", colours.track)]
    figure = blank(theme, height=150)
    figure.add_pie(
        values=[arc.n for arc in shown],
        labels=[f"{count(arc.n)} {arc.words}" for arc in shown],
        hovertext=[f"{_checks(arc.n)} {arc.words}" for arc in shown],
        hovertemplate="%{hovertext}<extra></extra>",
        hole=0.82,
        sort=False,
        direction="clockwise",
        textinfo="none",
        marker={
            "colors": [arc.colour for arc in shown],
            "pattern": _stripes(shown, colours),
            "line": {"color": colours.surface, "width": 2 if len(shown) > 1 else 0},
        },
    )  # fmt: skip
    _middle(figure, sum(arc.n for arc in parts), colours)
    figure.update_layout(
        margin={"l": 4, "r": LEGEND, "t": 4, "b": 4, "autoexpand": False},
        showlegend=True,
        legend={
            "orientation": "v", "x": 1.04, "xanchor": "left",
            "y": 0.5, "yanchor": "middle",
            "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    return figure


def _middle(figure: go.Figure, n: int, colours: Palette) -> None:
    """Write the number of checks into the ring."""
    for text, y, size, colour in (
        (f"<b>{count(n)}</b>", 0.56, 28, colours.text),
        ("check" if n == 1 else "checks", 0.34, 12, colours.muted),
    ):
        figure.add_annotation(
            text=text, x=0.5, y=y, xref="paper", yref="paper", showarrow=False,
            xanchor="center", yanchor="middle", font={"size": size, "color": colour},
        )  # fmt: skip


def _checks(n: int) -> str:
    return f"{count(n)} {'check' if n == 1 else 'checks'}"


def _stripes(shown: Sequence[Arc], colours: Palette) -> dict[str, object] | None:
    """Return the pattern of failed checks; Plotly complains of one that nothing is drawn with."""
    if not any(arc.is_striped for arc in shown):
        return None
    return {
        "shape": ["/" if arc.is_striped else "" for arc in shown],
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


def alt_ring(results: Sequence[CheckResult], said: Answers = NO_ANSWERS) -> str:
    """Return the ring in one sentence."""
    counts = ended(results)
    n = sum(len(r.findings) for r in results)
    n_answered = sum(said.is_answered(f) for r in results for f in r.findings)
    answered = f", {count(n_answered)} accepted or settled by people" if n_answered else ""
    parts = [words(status, counts[status]) for status in ORDER if counts[status]]
    return f"{count(n)} {'finding' if n == 1 else 'findings'}{answered}: {', '.join(parts)}."
