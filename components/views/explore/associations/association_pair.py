"""One pair of columns: its picture, and its numbers in sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.charts.explore.column_pairs import has_shares, mosaic, scatter
from components.charts.explore.slices import alt_slices, by_group
from components.charts.figure_data import Sheet, of_slices, sheet
from components.core.data.dataset import ROW_ID, Column, DatasetVersion, Kind
from components.core.data.query import OneOf
from components.core.facts.associations import AssociationMeasure, Associations, Pair
from components.services.explore import association_rows, slices
from components.services.explore.associations import Contingency
from components.services.runs import runs
from components.views import session, words
from components.views.current import Run
from components.views.parts.figures import evidence_panel, picks
from components.views.parts.figures.picks import Pick
from components.views.text import code, md, plain

ADDRESS = "pair"
BETWEEN = "~"
MOST_POINTS = 500
"""Rows that a selection of points leads to: as many as stand in an address."""


@dataclass(frozen=True, slots=True)
class ChosenPair:
    """The pair that is looked at."""

    first: str
    second: str


def chosen_pair(run: Run, found: Associations) -> ChosenPair | None:
    """Return the pair that the address names, else the strongest one; None where there is none."""
    names = comparable(found)
    asked = _asked(run, set(names))
    if asked is not None:
        return asked
    if session.asked(ADDRESS):
        st.info(
            "This link leads to a pair of columns that was not compared here. Below is another "
            "one.",
            icon=":material/info:",
        )
    for pair in (*found.with_label, *found.pairs):
        return ChosenPair(pair.first, pair.second)
    return ChosenPair(names[0], names[1]) if len(names) > 1 else None


def comparable(found: Associations) -> list[str]:
    """Return the columns that can be half of a pair, those of the heat-map first."""
    others = (name for pair in found.with_label for name in (pair.first, pair.second))
    return list(dict.fromkeys((*found.matrix.columns, *others)))


def _asked(run: Run, names: set[str]) -> ChosenPair | None:
    fields = {c.field: c.name for c in _version(run).columns}
    halves = [fields.get(part, "") for part in session.asked(ADDRESS).split(BETWEEN)]
    if len(halves) != 2 or halves[0] == halves[1] or not set(halves) <= names:  # noqa: PLR2004 - a pair
        return None
    return ChosenPair(halves[0], halves[1])


def look_at(run: Run, first: str, second: str) -> None:
    """Put a pair into the address."""
    version = _version(run)
    fields = (version.column(name).field for name in (first, second))
    session.put(ADDRESS, BETWEEN.join(fields))


def show(run: Run, found: Associations, here: ChosenPair) -> None:
    """Draw the pair."""
    _choose(run, found, here)
    version = _version(run)
    first, second = version.column(here.first), version.column(here.second)
    if _is_number(first) and _is_number(second):
        _points(run, first, second)
    elif _is_number(first) or _is_number(second):
        number, names = (first, second) if _is_number(first) else (second, first)
        _boxes(run, number, names)
    else:
        _mosaic(run, first, second)
    for sentence in sentences(found, here):
        st.markdown(sentence)


def _choose(run: Run, found: Associations, here: ChosenPair) -> None:
    """Draw two boxes that name the pair: the way without a pointer."""
    names = comparable(found)
    left, right = st.columns(2)
    mark = _mark(here)
    for side, at, other in ((left, here.first, here.second), (right, here.second, here.first)):
        options = [n for n in names if n != other]
        is_left = side is left
        key = f"pair-{'one' if is_left else 'two'}-{mark}"
        side.selectbox(
            "One column" if is_left else "The other column",
            options,
            index=options.index(at),
            format_func=lambda name: plain(name, limit=60),
            key=key,
            on_change=_changed,
            args=(run, key, here, is_left),
        )


def _mark(here: ChosenPair) -> str:
    return hashlib.sha256(f"{here.first}\0{here.second}".encode()).hexdigest()[:10]


def _changed(run: Run, key: str, here: ChosenPair, is_left: bool) -> None:  # noqa: FBT001 - args of a callback
    chosen = session.remembered(key)
    if isinstance(chosen, str):
        pair = (chosen, here.second) if is_left else (here.first, chosen)
        look_at(run, *pair)


def _is_number(column: Column) -> bool:
    return column.kind.is_numeric or column.kind is Kind.DATETIME


def _points(run: Run, first: Column, second: Column) -> None:
    with st.spinner("Drawing rows…", show_time=True):
        frame = association_rows.points(session.workspace(), run.id, first.name, second.name)
    known = frame.dropna()
    x, y = (_axis(known[c.name].to_numpy(), c) for c in (first, second))
    usable = np.isfinite(x) & np.isfinite(y)
    row_id = known.index.to_numpy()[usable]
    x, y = x[usable], y[usable]
    dates = (first.kind is Kind.DATETIME, second.kind is Kind.DATETIME)
    drawn = scatter(x, y, (first.name, second.name), session.theme(), dates=dates)
    n_traces = len(drawn.data)
    points = evidence_panel.pick(
        drawn,
        key=f"pair-{_mark(ChosenPair(first.name, second.name))}",
        alt_text=f"{len(x):,} points of {plain(first.name)} and {plain(second.name)}",
        sheet=lambda: sheet((ROW_ID, first.name, second.name), known.itertuples()),
        name=f"{first.name} {second.name}",
        hint=_drawn(len(x), len(frame), run),
        lasso=True,
    )
    chosen = [int(row_id[p.position]) for p in points if p.curve == n_traces - 1]
    ids = tuple(sorted(set(chosen)))[:MOST_POINTS]
    if len(set(chosen)) > MOST_POINTS:
        st.caption(f"{len(set(chosen)):,} points are selected: {MOST_POINTS:,} fit into a link.")
    picks.offer(Pick((OneOf(ROW_ID, ids),), len(ids)) if ids else None, key="pair")


def _axis(values: NDArray[np.generic], column: Column) -> NDArray[np.float64]:
    """Return values on a numeric axis: times as milliseconds since 1970-01-01."""
    if column.kind is Kind.DATETIME:
        return values.astype("datetime64[ms]").astype(np.int64).astype(np.float64)
    return values.astype(np.float64)


def _drawn(n_points: int, n_rows: int, run: Run) -> str:
    total = _version(run).n_rows
    rows = f"{n_rows:,} of {total:,} rows, drawn with a seed" if n_rows < total else "all rows"
    return f"{n_points:,} points from {rows}. Draw a box around points for their rows."


BARS_HINT = "All rows. Share of each value within a group. Click a part for its rows."
BOXES_HINT = "All rows. Dot: median. Box: middle half. Line: 5 % to 95 %. Click a dot for rows."


def _boxes(run: Run, number: Column, names: Column) -> None:
    with st.spinner("Counting groups…", show_time=True):
        found = slices.by_group(session.workspace(), run.id, number.name, names.name)
    points = evidence_panel.pick(
        by_group(found, session.theme(), dates=number.kind is Kind.DATETIME),
        key=f"pair-{_mark(ChosenPair(number.name, names.name))}",
        alt_text=alt_slices(found),
        sheet=lambda: of_slices(found),
        name=f"{number.name} by {names.name}",
        hint=BARS_HINT if found.values else BOXES_HINT,
    )
    picks.offer(picks.of_slices(found, points), key="pair")


def _mosaic(run: Run, first: Column, second: Column) -> None:
    with st.spinner("Counting rows…", show_time=True):
        found = association_rows.cells(session.workspace(), run.id, first.name, second.name)
    drawn = mosaic(
        found.rows, found.columns, found.counts, (first.name, second.name), session.theme()
    )
    shares = has_shares(found.rows, found.counts)
    width = "Width: share of the first." if shares else "The bars are equally wide."
    points = evidence_panel.pick(
        drawn,
        key=f"pair-{_mark(ChosenPair(first.name, second.name))}",
        alt_text=f"{found.n:,} rows by {plain(first.name)} and {plain(second.name)}",
        sheet=lambda: _contingency(found),
        name=f"{first.name} {second.name}",
        hint=f"{found.n:,} rows with both. {width} Click a part for its rows.",
    )
    picks.offer(picks.of_cell(_version(run), found, points), key="pair")


def _contingency(found: Contingency) -> Sheet:
    rows = [*found.rows, *(["all others"] if found.other_rows else [])]
    header = [found.first, *found.columns, *(["all others"] if found.other_columns else [])]
    return sheet(header, ([name, *line] for name, line in zip(rows, found.counts, strict=True)))


def sentences(found: Associations, here: ChosenPair) -> Iterator[str]:
    """Yield what is known of a pair, in sentences that Markdown can show."""
    pair = found.pair(here.first, here.second)
    if pair is None:
        value = _cell(found, here)
        if value is not None:
            yield md(f"Strength {value:.2f}. Only the strongest pairs are kept with all figures.")
        return
    yield _measured(pair)
    yield from _powers(pair)
    yield md(
        f"Computed from {words.count(pair.n, 'row')} with a value in both columns"
        f"{_of(found, pair)}."
    )


def _of(found: Associations, pair: Pair) -> str:
    if not found.is_sampled:
        return ""
    bound = f"; the rank correlation is at most {pair.error:.3f} off" if pair.error else ""
    return f", of a sample of {found.n_used:,} rows{bound}"


def _measured(pair: Pair) -> str:
    match pair.measure:
        case AssociationMeasure.SPEARMAN | AssociationMeasure.PEARSON:
            way = "rise together" if pair.value >= 0 else "move in opposite ways"
            line = (
                f"**Rank correlation {pair.value:.2f}.** The two {way} "
                "(1: always together, 0: not at all, −1: always opposite; Spearman)."
            )
            if pair.pearson is not None:
                line += f" Along a straight line it is {pair.pearson:.2f} (Pearson)."
            return line
        case AssociationMeasure.CRAMERS_V:
            return (
                f"**Association {pair.value:.2f}.** 0: the shares are the same in every group, "
                "1: one column tells the other (Cramér's V, bias-corrected)."
            )
        case AssociationMeasure.CORRELATION_RATIO:
            return (
                f"**Correlation ratio {pair.value:.2f}.** 0: every group has the same mean rank, "
                "1: the group tells the rank of the number (by ranks, so that a few extreme "
                "values do not decide; bias-corrected)."
            )


ALMOST_ALL = 0.98
"""Predictive power from which a column predicts another one almost without error."""


def _powers(pair: Pair) -> Iterator[str]:
    for one, other, power in (
        (pair.first, pair.second, pair.first_predicts),
        (pair.second, pair.first, pair.second_predicts),
    ):
        if power is not None and power >= ALMOST_ALL:
            yield (
                f"From {code(one)}, {code(other)} can be predicted almost without error, on rows "
                "that were held out."
            )
        elif power is not None:
            yield (
                f"Knowing {code(one)} saves {md(words.share(power))} of the error of guessing "
                f"{code(other)}, on rows that were held out."
            )


def _cell(found: Associations, here: ChosenPair) -> float | None:
    names = found.matrix.columns
    if here.first not in names or here.second not in names:
        return None
    return found.matrix.values[names.index(here.first)][names.index(here.second)]


def _version(run: Run) -> DatasetVersion:
    return runs.spec(session.workspace(), run.id).dataset
