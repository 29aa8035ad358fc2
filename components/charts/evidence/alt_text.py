"""The main numbers of a figure in one sentence, for those who cannot see it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import assert_never

from components.charts.style.text import by_unit, clean, count, interval, percent, plain
from components.core.facts.profile import ColumnProfile
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


def alt(evidence: Evidence) -> str:  # noqa: C901, PLR0911 - one branch per shape
    """Return one sentence with the main numbers; plain text, not escaped."""
    match evidence:
        case Measure():
            return _measure(evidence)
        case Distribution():
            return _distribution(evidence)
        case Matrix():
            return _matrix(evidence)
        case GroupMetrics():
            return _groups(evidence)
        case Ranking():
            return _ranking(evidence)
        case RowScores():
            return _share(evidence.name, evidence.n_flagged, evidence.n_assessed, "rows")
        case CellScores():
            return _cells(evidence)
        case RowGroups():
            return (
                f"{clean(evidence.name)}: {count(evidence.n_groups)} groups "
                f"with {count(evidence.n_rows)} rows beside the first of each."
            )
        case TimeSeries():
            known = [v for v in evidence.value if v is not None]
            return _line(evidence.name, known, lambda v: by_unit(v, evidence.unit))
        case Curve():
            return _line(evidence.name, evidence.y, plain)
        case _:
            assert_never(evidence)


def alt_column(profile: ColumnProfile) -> str:
    """Return one sentence about the values of a column; plain text, not escaped."""
    parts = [f"{count(profile.n)} rows, {percent(1 - profile.completeness)} missing"]
    parts.append(
        f"{'' if profile.distinct_exact else 'about '}{count(profile.n_distinct)} distinct"
    )
    if profile.quantiles and "0.5" in profile.quantiles:
        parts.append(f"median {plain(profile.quantiles['0.5'])}")
    if profile.bins is not None and profile.bins.edges:
        return _sentence(profile.name, [*parts, f"histogram of {len(profile.bins.counts)} bins"])
    if profile.top:
        first = profile.top[0]
        parts.append(f"most frequent “{clean(first.value)}” with {count(first.count)} rows")
    return _sentence(profile.name, parts)


def _sentence(name: str, parts: Sequence[str]) -> str:
    return f"{clean(name)}: {', '.join(parts)}."


def _measure(shape: Measure) -> str:
    parts = [by_unit(shape.value, shape.unit)]
    spread = interval(shape.ci_low, shape.ci_high, shape.unit)
    if spread:
        parts.append(f"95 % interval {spread}")
    if shape.n is not None:
        parts.append(f"n = {shape.n:,}")
    return _sentence(shape.name, parts)


def _distribution(shape: Distribution) -> str:
    totals = [sum(column) for column in zip(*shape.counts.values(), strict=False)]
    if not totals or not sum(totals):
        return _sentence(shape.name, ["nothing to show"])
    top = max(range(len(totals)), key=totals.__getitem__)
    if shape.categories is not None and top < len(shape.categories):
        where = f"“{clean(shape.categories[top])}”"
    elif shape.edges is not None and top + 1 < len(shape.edges):
        where = f"{plain(shape.edges[top])} to {plain(shape.edges[top + 1])}"
    else:
        where = "one bar"
    share = percent(totals[top] / sum(totals))
    return _sentence(
        shape.name,
        [f"{count(sum(totals))} in {len(totals):,} bars", f"most in {where} ({share})"],
    )


def _matrix(shape: Matrix) -> str:
    cells = [
        (value, row, column)
        for row, line in zip(shape.rows, shape.values, strict=False)
        for column, value in zip(shape.columns, line, strict=False)
        if value is not None and math.isfinite(value) and row != column
    ]
    size = f"{len(shape.rows):,} by {len(shape.columns):,} grid"
    if not cells:
        return _sentence(shape.name, [size])
    value, row, column = max(cells, key=lambda cell: abs(cell[0]))
    where = f"“{clean(row)}” with “{clean(column)}”"
    return _sentence(shape.name, [size, f"largest {by_unit(value, shape.unit)} for {where}"])


def _groups(shape: GroupMetrics) -> str:
    known = [
        (value, group)
        for value, group in zip(shape.value, shape.groups, strict=False)
        if value is not None and math.isfinite(value)
    ]
    if not known:
        return _sentence(shape.name, ["not enough rows in any group"])
    (low, lowest), (high, highest) = min(known), max(known)
    lower = f"{by_unit(low, shape.unit)} for “{clean(lowest)}”"
    upper = f"{by_unit(high, shape.unit)} for “{clean(highest)}”"
    parts = [f"from {lower} to {upper}"]
    if shape.overall is not None and math.isfinite(shape.overall):
        parts.append(f"{by_unit(shape.overall, shape.unit)} over all rows")
    return _sentence(shape.name, parts)


def _ranking(shape: Ranking) -> str:
    if not shape.items:
        return _sentence(shape.name, ["nothing to show"])
    parts = [
        f"“{clean(item)}” {by_unit(value, shape.unit)}"
        for item, value in list(zip(shape.items, shape.values, strict=False))[:3]
    ]
    if len(shape.items) > len(parts):
        parts.append(f"and {len(shape.items) - len(parts):,} more")
    return _sentence(shape.name, parts)


def _share(name: str, part: int, whole: int, what: str) -> str:
    share = f" ({percent(part / whole)})" if whole else ""
    return f"{clean(name)}: {count(part)} of {count(whole)} {what} flagged{share}."


def flagged_words(shape: RowScores) -> str:
    """Return how many rows are flagged, and where they lie where a half of the scale is theirs."""
    share = percent(shape.n_flagged / shape.n_assessed)
    said = f"{shape.n_flagged:,} of {shape.n_assessed:,} rows flagged ({share})"
    half = sum(shape.histogram[: len(shape.histogram) // 2])
    return f"{said}: those below 0.5" if shape.n_flagged and half == shape.n_flagged else said


def _cells(shape: CellScores) -> str:
    words = _share(shape.name, shape.n_flagged, shape.n_assessed, "cells")
    named = Counter(str(c) for c in shape.column.tolist())
    if not named:
        return words
    return words.removesuffix(".") + f", most in “{clean(named.most_common(1)[0][0])}”."


def _line(name: str, values: Sequence[float], say: Callable[[float], str]) -> str:
    known = [v for v in values if math.isfinite(v)]
    if not known:
        return _sentence(name, ["nothing to show"])
    return _sentence(
        name,
        [
            f"{len(known):,} points",
            f"from {say(known[0])} to {say(known[-1])}",
            f"lowest {say(min(known))}, highest {say(max(known))}",
        ],
    )
