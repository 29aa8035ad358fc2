"""Evidence as small still pictures: what is drawn where, as shares of the plot.

A template per form turns them into SVG or tables; see ``picture_parts``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from components.charts.evidence.alt_text import alt, flagged_words
from components.charts.style.text import (
    QUALITY_AXIS,
    and_more,
    by_unit,
    capital,
    clean,
    count,
    interval,
)
from components.core.judgement.evidence import (
    CellScores,
    Curve,
    Distribution,
    Evidence,
    GroupMetrics,
    Matrix,
    Measure,
    Ranking,
    RowGroups,
    RowScores,
    TimeSeries,
)
from components.reports.pictures.axis import Axis, span
from components.reports.pictures.line_plots import TITLE, curve, time_series
from components.reports.pictures.picture_parts import (
    BarPiece,
    BinsPicture,
    GridPicture,
    NumberPicture,
    Picture,
    PictureRow,
    RowsPicture,
)
from components.reports.pictures.stacked_bars import (
    AXIS,
    MOST_BARS,
    NAME,
    bars,
    distribution,
    stack,
)

MOST_ACROSS = 12
LEVELS = 6


def picture(evidence: Evidence) -> Picture | None:  # noqa: C901, PLR0911 - one branch per shape
    """Return the picture of one piece of evidence; None where there is nothing to draw."""
    match evidence:
        case Measure():
            return _number(evidence)
        case Distribution():
            return distribution(evidence)
        case Matrix():
            return _grid(evidence)
        case GroupMetrics():
            return _dots(evidence)
        case Ranking():
            return _ranking(evidence)
        case RowScores():
            return _quality(evidence)
        case CellScores():
            return _cells(evidence)
        case RowGroups():
            return _groups(evidence)
        case TimeSeries():
            return time_series(evidence)
        case Curve():
            return curve(evidence)
        case _:
            assert_never(evidence)


def _number(shape: Measure) -> NumberPicture:
    spread = interval(shape.ci_low, shape.ci_high, shape.unit)
    words = [f"95 % interval {spread}"] if spread else []
    words += [f"n = {shape.n:,}"] if shape.n is not None else []
    return NumberPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        value=by_unit(shape.value, shape.unit),
        words=", ".join(words),
    )


def _named(
    shape: Evidence, title: str, axis: str, values: Sequence[tuple[str, float]]
) -> RowsPicture:
    largest = max((v for _, v in values), default=0) or 1
    return RowsPicture(
        title=capital(clean(title, TITLE)),
        alt=alt(shape),
        axis=axis,
        rows=tuple(
            PictureRow(name=clean(name, NAME), value=count(v), parts=stack([("shape", v)], largest))
            for name, v in values[:MOST_BARS]
        ),
        note=and_more(len(values) - MOST_BARS),
    )


def _cells(shape: CellScores) -> RowsPicture | None:
    flagged = zip(shape.column.tolist(), shape.flagged.tolist(), strict=True)
    found = Counter(str(column) for column, is_flagged in flagged if is_flagged)
    return _named(shape, shape.name, "flagged cells", found.most_common()) if found else None


def _groups(shape: RowGroups) -> RowsPicture | None:
    sizes = Counter(group.size for group in shape.groups)
    named = [(f"{size:,} rows", float(n)) for size, n in sorted(sizes.items())]
    return _named(shape, shape.name, "groups by size", named) if named else None


def _ranking(shape: Ranking) -> RowsPicture | None:
    pairs = [p for p in zip(shape.items, shape.values, strict=False) if math.isfinite(p[1])]
    if not pairs:
        return None
    line = shape.threshold
    ends = [v for _, v in pairs] + ([line] if line is not None else [])
    scale = Axis(*span([0.0, *ends], shape.unit))
    return RowsPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        axis=clean(shape.axis, AXIS),
        rows=tuple(
            PictureRow(
                name=clean(item, NAME),
                value=by_unit(value, shape.unit),
                parts=(_from_zero(value, scale, strong=line is None or value >= line),),
            )
            for item, value in pairs[:MOST_BARS]
        ),
        line=None if line is None else scale.at(line),
        line_words="" if line is None else f"threshold {by_unit(line, shape.unit)}",
        note=and_more(len(pairs) - MOST_BARS),
    )


def _from_zero(value: float, scale: Axis, *, strong: bool) -> BarPiece:
    start, end = sorted((scale.at(0.0), scale.at(value)))
    return BarPiece(start=start, size=end - start, colour="strong" if strong else "shape")


def _dots(shape: GroupMetrics) -> RowsPicture | None:
    overall = shape.overall
    known = [
        v
        for v in (*shape.value, *shape.ci_low, *shape.ci_high, overall)
        if v is not None and math.isfinite(v)
    ]
    if not known:
        return None
    scale = Axis(*span(known, shape.unit))
    return RowsPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        axis="",
        rows=tuple(_dot(shape, i, scale) for i in range(min(len(shape.groups), MOST_BARS))),
        ticks=scale.ticks(shape.unit),
        line=None if overall is None else scale.at(overall),
        line_words="" if overall is None else f"all {by_unit(overall, shape.unit)}",
        note=and_more(len(shape.groups) - MOST_BARS, "groups"),
    )


def _dot(shape: GroupMetrics, i: int, scale: Axis) -> PictureRow:
    value, low, high = shape.value[i], shape.ci_low[i], shape.ci_high[i]
    known = value is not None and math.isfinite(value)
    words = by_unit(value, shape.unit) if known else "not enough rows"
    reference = ", reference" if shape.groups[i] == shape.reference else ""
    about = f" (n = {shape.n[i]:,}{reference})"
    return PictureRow(
        name=clean(shape.groups[i], max(8, NAME - len(about))) + about,
        value=words,
        at=scale.at(value) if known and value is not None else None,
        low=scale.at(low) if known and low is not None and math.isfinite(low) else None,
        high=scale.at(high) if known and high is not None and math.isfinite(high) else None,
    )


def _quality(shape: RowScores) -> BinsPicture | None:
    """Draw the quality; the flagged rows are the first ``n_flagged`` of it, from zero up."""
    if not shape.n_assessed or not shape.histogram:
        return None
    n, left, stacks = len(shape.histogram), shape.n_flagged, []
    for rows in shape.histogram:
        flagged = min(left, rows)
        left -= flagged
        stacks.append([("strong", float(flagged)), ("shape", float(rows - flagged))])
    scale = Axis(0.0, 1.0)
    return BinsPicture(
        title=capital(clean(shape.name, TITLE)),
        alt=alt(shape),
        axis=QUALITY_AXIS,
        bars=bars([i / n for i in range(n + 1)], stacks, scale, max(shape.histogram)),
        ticks=scale.ticks(),
        top=count(max(shape.histogram)),
        legend=(("flagged", "strong"), ("not flagged", "shape")),
        note=flagged_words(shape),
    )


def _grid(shape: Matrix) -> GridPicture | None:
    rows, columns = shape.rows[:MOST_ACROSS], shape.columns[:MOST_ACROSS]
    cells = [line[: len(columns)] for line in shape.values[: len(rows)]]
    known = [abs(v) for line in cells for v in line if v is not None and math.isfinite(v)]
    if not known:
        return None
    largest = max(known) or 1.0
    more = [
        and_more(len(shape.rows) - len(rows), "rows"),
        and_more(len(shape.columns) - len(columns), "columns"),
    ]
    return GridPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        columns=tuple(clean(c, 16) for c in columns),
        rows=tuple(
            (clean(name, NAME), tuple((by_unit(v, shape.unit), _level(v, largest)) for v in line))
            for name, line in zip(rows, cells, strict=False)
        ),
        note="; ".join(m for m in more if m),
    )


def _level(value: float | None, largest: float) -> int:
    if value is None or not math.isfinite(value):
        return 0
    return round((LEVELS - 1) * abs(value) / largest)
