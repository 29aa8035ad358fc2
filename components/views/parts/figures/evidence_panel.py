"""Evidence of any shape: a figure with words for those who cannot see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from components.charts.evidence.figure import Figure, alt, figure
from components.charts.figure_data import of_evidence
from components.charts.style.text import capital
from components.core.judgement.evidence import Evidence, Measure, Unit
from components.views import session, words
from components.views.parts.figures import downloads
from components.views.parts.figures.downloads import MakeSheet, Side
from components.views.text import md


class Point(NamedTuple):
    """A selected mark: the number of its trace, its place in it, and its line in a grid."""

    curve: int
    position: int
    line: int


MOST_NUMBERS = 8
MOST_AT_ONCE = 3
CONFIG = {"displayModeBar": "hover", "scrollZoom": False, "modeBarButtons": [["toImage"]]}


def plot(
    drawn: Figure,
    *,
    key: str,
    alt_text: str,
    sheet: MakeSheet,
    name: str,
    side: Side = "right",
) -> None:
    """Draw a figure of ours, and under it the way to its picture and its numbers.

    Parameters
    ----------
    sheet
        Makes the numbers behind the figure when they are asked for.
    name
        Of the files, without an ending; from the data it is untrusted.
    side
        Where the downloads stand.
    """
    place = figure_key(key)
    with st.container(key=place):
        st.plotly_chart(
            drawn,
            theme=None,
            key=f"{key}-{session.theme()}",
            config=CONFIG,
            alt=alt_text[:500],
        )
    downloads.show(place, name, sheet, side=side)


def pick(
    drawn: Figure,
    *,
    key: str,
    alt_text: str,
    sheet: MakeSheet,
    name: str,
    hint: str = "",
    lasso: bool = False,
    on_pick: Callable[[list[Point]], None] | None = None,
) -> list[Point]:
    """Draw a figure whose marks can be selected, and return the selected ones.

    Parameters
    ----------
    lasso
        Whether many marks can be selected with a box or a lasso.
    on_pick
        Called with the new selection, before the page is drawn again.
    """
    drawn.update_layout(clickmode="event+select")
    place, chart = figure_key(key), f"{key}-{session.theme()}"
    buttons = ["select2d", "lasso2d", "toImage"] if lasso else ["toImage"]
    with st.container(key=place):
        state = st.plotly_chart(
            drawn,
            theme=None,
            key=chart,
            config=CONFIG | {"modeBarButtons": [buttons]},
            alt=alt_text[:500],
            on_select="rerun" if on_pick is None else partial(_picked, chart, on_pick),
            selection_mode=("points", "box", "lasso") if lasso else "points",
        )
    downloads.show(place, name, sheet, hint=hint)
    return points(state)


def _picked(chart: str, on_pick: Callable[[list[Point]], None]) -> None:
    on_pick(points(session.remembered(chart)))


def points(state: object) -> list[Point]:
    """Return the selected marks of a figure: what the browser says is checked, not trusted."""
    chosen = state.get("selection") if isinstance(state, Mapping) else None
    marks = chosen.get("points") if isinstance(chosen, Mapping) else None
    return [m for m in map(_point, marks if isinstance(marks, list) else ()) if m is not None]


def _point(mark: object) -> Point | None:
    if not isinstance(mark, Mapping):
        return None
    curve, index = mark.get("curve_number"), mark.get("point_index")
    if isinstance(index, list | tuple) and len(index) == 2:  # noqa: PLR2004 - row and column of a cell
        row, column = index
        return Point(int(curve or 0), int(column), int(row))
    if not isinstance(curve, int) or not isinstance(index, int):
        return None
    return Point(curve, index, 0)


def figure_key(key: str) -> str:
    """Return the key of the container of a figure: letters, digits and dashes only."""
    return "figure-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


def show(evidence: Sequence[Evidence], *, key: str) -> None:
    """Draw pieces of evidence: numbers side by side, then figures, the first ones at once."""
    numbers = [e for e in evidence if isinstance(e, Measure)]
    if numbers:
        with st.container(horizontal=True, gap="large"):
            for measure in numbers[:MOST_NUMBERS]:
                value(measure)
    pieces = [e for e in evidence if not isinstance(e, Measure)]
    _figures(pieces[:MOST_AT_ONCE], key=f"{key}-first")
    rest = pieces[MOST_AT_ONCE:]
    if rest:
        with st.expander(f"{len(rest)} more {'figure' if len(rest) == 1 else 'figures'}"):
            _figures(rest, key=f"{key}-rest")


def _figures(pieces: Sequence[Evidence], *, key: str) -> None:
    for position, piece in enumerate(pieces):
        plot(
            figure(piece, session.theme()),
            key=f"{key}-{position}",
            alt_text=alt(piece),
            sheet=partial(of_evidence, piece),
            name=piece.name,
        )


def value(measure: Measure) -> None:
    """Draw one number as a label with its value, and its interval where it has one."""
    spread = interval(measure)
    line = f"  \n:gray[:small[{md(spread)}]]" if spread else ""
    st.markdown(pair(md(capital(measure.name)), measured(measure)) + line, width="content")


def pairs(facts: Sequence[tuple[str, str]], *, narrowest: int = 92) -> None:
    """Draw labels with their values side by side; both must be ours or escaped."""
    with st.grid(max(1, len(facts)), min_column_width=narrowest):
        for label, text in facts:
            st.markdown(pair(label, text))


def pair(label: str, value_text: str) -> str:
    """Return a small grey label over a bold value; both must be ours or escaped."""
    return f":gray[:small[{label}]]  \n**{value_text}**"


def by_unit(amount: float, unit: Unit) -> str:
    """Return a number as its unit asks for."""
    if unit is Unit.SHARE:
        return words.share(amount)
    if unit is Unit.DIFFERENCE:
        return f"{100 * amount:+.1f} points"
    return words.number(amount) if amount == amount else "–"  # noqa: PLR0124 - not a number


def measured(measure: Measure) -> str:
    """Return the value of a measure in words."""
    return by_unit(measure.value, measure.unit)


def interval(measure: Measure) -> str:
    """Return the 95 % interval of a measure and its n, "" where there is none."""
    if measure.ci_low is None or measure.ci_high is None:
        return f"n = {measure.n:,}" if measure.n is not None else ""
    low, high = by_unit(measure.ci_low, measure.unit), by_unit(measure.ci_high, measure.unit)
    behind = f", n = {measure.n:,}" if measure.n is not None else ""
    return f"95 % interval {low} to {high}{behind}"
