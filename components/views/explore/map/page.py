"""Map: which rows are alike?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.charts.explore.row_map import Drag, Drawn, Points, alt, draw
from components.charts.figure_data import Sheet, sheet
from components.core.facts.row_map import MapFacts
from components.core.judgement.findings import Severity
from components.services.data.datasets import DatasetInfo
from components.services.explore import row_maps
from components.services.explore.row_maps import Coloured, Colouring
from components.views import session, words
from components.views.current import Run
from components.views.explore.map import map_rows
from components.views.navigation import Pages
from components.views.parts import empty_state, heading, run_progress
from components.views.parts.figures import evidence_panel
from components.views.text import code, md, plain

LEAKS = "leakage.target_proxy"
MOST_NAMED = 3
LASSO, BOX = "Lasso", "Box"
DRAGS: dict[str, Drag] = {LASSO: "lasso", BOX: "select"}


def show() -> None:
    """Draw the page."""
    heading.show(Pages.MAP.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    facts = row_maps.facts(session.workspace(), run.id)
    if facts is None:
        _not_there(info, run)
    elif facts.reason:
        st.info(f"**There is no map.** {md(facts.reason)}", icon=":material/info:")
    else:
        _map(info, run, facts)


def _not_there(info: DatasetInfo, run: Run) -> None:
    if not run.status.state.is_over:
        st.info(
            "The map is drawn when all checks have ended. The page fills itself.",
            icon=":material/hourglass_top:",
        )
        return
    run_progress.ended_badly(info, run.status)
    st.info(
        "This run has no map: it was made without one, or ended before.",
        icon=":material/info:",
    )
    if st.button("Check the table again", icon=":material/refresh:", type="primary"):
        empty_state.start_again(info)
        st.rerun()


def _map(info: DatasetInfo, run: Run, facts: MapFacts) -> None:
    st.markdown(
        "Each point is a row. Rows close together have like values. "
        ":gray[Distances between far groups, the sizes of groups and the directions mean nothing. "
        f"{_say_of_the_label(run, facts)}]"
    )
    by = _colouring(run)
    points = _points(run, by, row_maps.coloured(session.workspace(), run.id, by))
    drawn = draw(points, session.theme(), drag=_drag())
    marks = evidence_panel.pick(
        drawn.figure,
        key=f"map-{run.id}-{by.check_id or plain(by.name)}",
        alt_text=alt(points),
        sheet=partial(_sheet, points, by),
        name="map",
        hint=_hint(by, points),
        lasso=True,
    )
    map_rows.show(info, points, _selected(drawn, marks), by)
    _made(facts)


def _say_of_the_label(run: Run, facts: MapFacts) -> str:
    """Say whether the label places rows: it does through a column that reveals it."""
    suspected = [
        name
        for finding in run.findings
        if finding.check_id == LEAKS and finding.severity > Severity.INFO
        for name in finding.affected.columns
        if name in facts.columns
    ]
    names = list(dict.fromkeys(suspected))
    if not names:
        return "The label has no say in the places."
    return f"The label has a say in the places through {_listed(names)}: see Leakage."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(code(name) for name in names[:MOST_NAMED])
    return shown + (f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else "")


def _colouring(run: Run) -> Colouring:
    choices = row_maps.colourings(session.workspace(), run.id)
    line = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    )
    place = line.selectbox(
        "Coloured by",
        range(len(choices)),
        format_func=lambda i: _option(choices[i]),
        key=f"map-colour-{run.id}",
        width=320,
    )
    with line:
        st.segmented_control(
            "Select rows with a", list(DRAGS), default=LASSO, required=True, key="map-drag"
        )
    return choices[place or 0]


def _option(by: Colouring) -> str:
    return f"{by.name} (score)" if by.check_id else plain(by.name, limit=60)


def _drag() -> Drag:
    return DRAGS.get(str(session.remembered("map-drag")), "lasso")


def _points(run: Run, by: Colouring, coloured: Coloured) -> Points:
    ws = session.workspace()
    places = row_maps.row_map(ws, run.id)
    return Points(
        by=by.name,
        row_id=places.row_id,
        x=places.x,
        y=places.y,
        beside=row_maps.hover(ws, run.id),
        classes=coloured.classes,
        scale=coloured.scale,
        flagged=coloured.flagged,
        is_quality=bool(by.check_id),
    )


def _hint(by: Colouring, points: Points) -> str:
    how = "Pull a line round some points to list their rows below. "
    if by.check_id:
        flagged = int(points.flagged.sum())
        return (
            f"{how}From 0 (strong colour, looked at first) to 1 (pale); "
            f"{words.count(flagged, 'flagged row')} with a ring."
        )
    if by.is_scale:
        return f"{how}The colours end where 2 % of the rows lie beyond."
    return how


def _selected(drawn: Drawn, marks: Sequence[evidence_panel.Point]) -> list[int]:
    return drawn.rows([(mark.curve, mark.position) for mark in marks])


def _sheet(points: Points, by: Colouring) -> Sheet:
    values = points.scale if points.scale is not None else points.classes
    columns = [points.row_id.tolist(), points.x.tolist(), points.y.tolist()]
    shown = values.tolist() if values is not None else [""] * len(points.row_id)
    return sheet(("row_id", "x", "y", by.name), zip(*columns, shown, strict=True))


def _made(facts: MapFacts) -> None:
    if facts.n_drawn < facts.n_rows:
        drawn = f"{facts.n_drawn:,} of {facts.n_rows:,} rows, drawn by chance with a fixed seed"
        if facts.n_chosen:
            drawn += (
                f"; {facts.n_chosen:,} of them were added because a check flagged them, so flagged "
                "rows look more frequent than they are"
            )
    else:
        drawn = f"All {words.count(facts.n_rows, 'row')}"
    st.caption(f"On the map: {drawn}. {_placed_by(facts)}")


def _placed_by(facts: MapFacts) -> str:
    n = len(facts.columns)
    if not facts.n_left_out:
        return f"Placed by {words.count(n, 'input column')} with {facts.method}."
    total = f"{n + facts.n_left_out:,} input columns"
    which = (
        f"the {n:,} of {total} that vary most: where the fewest rows are empty or hold the most "
        "frequent value"
        if facts.by_variety
        else f"the first {n:,} of {total}"
    )
    return f"Placed with {facts.method} by {which}. The others have no say, to bound the memory."
