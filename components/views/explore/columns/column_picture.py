"""The picture of one column: all rows, by label, by group, over time; on a log scale."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st

from components.charts.evidence.figure import Figure, alt, figure
from components.charts.explore.histogram import alt_column, histogram
from components.charts.explore.log_bins import left_out_of_log, log_histogram
from components.charts.explore.over_time import over_time
from components.charts.explore.slices import alt_slices, by_group
from components.charts.figure_data import of_column, of_evidence, of_log_bins, of_slices
from components.core.data.dataset import DatasetVersion, Kind
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.facts.slices import Slices
from components.core.judgement.evidence import Distribution
from components.services.explore import slices
from components.services.runs import runs
from components.views import session
from components.views.current import Run
from components.views.parts.figures import evidence_panel, picks
from components.views.text import plain

ALL, SPLIT, GROUP, TIME = "All rows", "By label", "By group", "Over time"
SKEWED = 2.0
"""Skewness from which a log scale is offered: that of an exponential distribution."""
RARE = 0.01
"""Share of the most frequent text under which the way of writing says more than the texts."""
HINT = "Click a bar to see its rows; Shift adds more."
GROUP_HINT = "Dot: the median. Box: the middle half. Line: 5 % to 95 %. Click a dot for its rows."
TIME_HINT = "Line: the median. Dark band: the middle half. Light: 5 % to 95 %. Click for rows."


def show(run: Run, profile: DatasetProfile, column: ColumnProfile) -> None:
    """Draw the column in the way that the visitor chose."""
    views = _views(profile, column)
    if not views:
        _all(run, column)
        return
    chosen = st.segmented_control(
        "Rows",
        [ALL, *views],
        default=SPLIT if SPLIT in views else ALL,
        required=True,
        label_visibility="collapsed",
        key=f"split-{'-'.join(views)}",
        persist_state="session",
    )
    match chosen:
        case "By label":
            _histogram(run, column, by_label=True)
        case "By group":
            _sliced(run, profile, column, slices.groupings(profile, column.name), _groups)
        case "Over time":
            _sliced(run, profile, column, slices.times(profile, column.name), _steps)
        case _:
            _all(run, column)


def _views(profile: DatasetProfile, column: ColumnProfile) -> list[str]:
    """Return the views that say something about this column, beside that of all rows."""
    if column.kind is Kind.EMPTY:
        return []
    split = bool(column.bins and column.bins.by_label) or any(t.by_label for t in column.top)
    found = [SPLIT] if profile.label_counts and split and _formats(column) is None else []
    if slices.groupings(profile, column.name):
        found.append(GROUP)
    if slices.times(profile, column.name):
        found.append(TIME)
    return found


def _all(run: Run, column: ColumnProfile) -> None:
    formats = _formats(column)
    if formats is not None:
        _draw_formats(column, formats)
        return
    skewed = column.kind.is_numeric and abs(column.skew or 0.0) >= SKEWED
    if skewed and st.toggle("Log scale", key="column-log", persist_state="session"):
        _log(run, column)
    else:
        _histogram(run, column, by_label=False)


def _formats(column: ColumnProfile) -> Distribution | None:
    """Return how the texts of a column are written, where hardly one comes twice."""
    if column.texts is None or not column.texts.formats or (column.share_top or 0.0) >= RARE:
        return None
    formats = column.texts.formats
    return Distribution(
        name=f"How the texts of {column.name} are written",
        axis="format",
        categories=tuple(f.pattern for f in formats),
        counts={"": tuple(f.count for f in formats)},
    )


def _draw_formats(column: ColumnProfile, formats: Distribution) -> None:
    evidence_panel.plot(
        figure(formats, session.theme(), title=False),
        key=_key(column.name, "formats"),
        alt_text=alt(formats),
        sheet=lambda: of_evidence(formats),
        name=f"{column.name} formats",
    )
    st.caption("Ways in which the texts are written. A, a: letters; 9: digits.")


def _histogram(run: Run, column: ColumnProfile, *, by_label: bool) -> None:
    drawn = histogram(column, theme=session.theme(), by_label=by_label)
    points = evidence_panel.pick(
        drawn,
        key=_key(column.name, SPLIT if by_label else ALL),
        alt_text=alt_column(column),
        sheet=lambda: of_column(column),
        name=column.name,
        hint=HINT,
    )
    behind = picks.of_bins if column.bins else picks.of_top
    picks.offer(behind(_version(run), column, points, by_label=by_label), key="column")


def _log(run: Run, column: ColumnProfile) -> None:
    found = slices.log_bins(session.workspace(), run.id, column.name)
    points = evidence_panel.pick(
        log_histogram(found, session.theme()),
        key=_key(column.name, "log"),
        alt_text=f"{alt_column(column)} On a log scale.",
        sheet=lambda: of_log_bins(found),
        name=f"{column.name} log",
        hint=HINT,
    )
    said = left_out_of_log(found)
    if said:
        st.caption(said)
    picks.offer(picks.of_log_bins(column.name, found, points), key="column")


def _sliced(
    run: Run,
    profile: DatasetProfile,
    column: ColumnProfile,
    options: tuple[str, ...],
    draw: Callable[[Run, ColumnProfile, str], None],
) -> None:
    """Ask by which other column, where there are several, and draw."""
    by = options[0]
    if len(options) > 1:
        title = "Time column" if draw is _steps else "Group by"
        chosen = st.selectbox(
            title,
            [c.name for c in profile.columns if c.name in set(options)],
            index=[c.name for c in profile.columns if c.name in set(options)].index(by),
            format_func=lambda name: plain(name, limit=60),
            key=f"column-by-{title}-{run.id}",
        )
        by = chosen if chosen in options else by
    draw(run, column, by)


def _groups(run: Run, column: ColumnProfile, by: str) -> None:
    with st.spinner("Counting groups…", show_time=True):
        found = slices.by_group(session.workspace(), run.id, column.name, by)
    drawn = by_group(found, session.theme(), dates=column.kind is Kind.DATETIME)
    _offer(found, drawn, column, GROUP_HINT)


def _steps(run: Run, column: ColumnProfile, by: str) -> None:
    with st.spinner("Counting steps of time…", show_time=True):
        found = slices.over_time(session.workspace(), run.id, column.name, by)
    drawn = over_time(found, session.theme(), dates=column.kind is Kind.DATETIME)
    _offer(found, drawn, column, TIME_HINT)
    if found.n_left_out:
        st.caption(f"{found.n_left_out:,} rows have no time, or one far outside the others.")


def _offer(found: Slices, drawn: Figure, column: ColumnProfile, hint: str) -> None:
    points = evidence_panel.pick(
        drawn,
        key=_key(column.name, f"{found.by}-{found.step}"),
        alt_text=alt_slices(found),
        sheet=lambda: of_slices(found),
        name=f"{column.name} by {found.by}",
        hint=HINT if found.values or not _has_spread(found) else hint,
    )
    picks.offer(picks.of_slices(found, points), key="column")


def _has_spread(found: Slices) -> bool:
    return any(s.spread for s in found.slices)


def _key(*names: str) -> str:
    """Return a key for a figure; names are from the data."""
    return "column-" + hashlib.sha256("\0".join(names).encode()).hexdigest()[:12]


def _version(run: Run) -> DatasetVersion:
    return runs.spec(session.workspace(), run.id).dataset
