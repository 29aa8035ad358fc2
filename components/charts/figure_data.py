"""The numbers behind a figure as a small table of texts, for download."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import assert_never

import numpy as np

from components.charts.ring import ORDER, ended
from components.core.data.dataset import Kind
from components.core.data.instants import instant_at
from components.core.data.query import Scalar
from components.core.data.value_texts import Spelling, value_text
from components.core.facts import associations
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.facts.slices import POINTS, LogBins, Slices
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
from components.core.judgement.findings import CheckResult


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and lines of texts, as long as the header each.

    Texts stand as they are in the data; whoever writes a file for a spreadsheet escapes formulas.
    """

    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def sheet(header: Sequence[str], lines: Iterable[Sequence[object]]) -> Sheet:
    """Return a sheet of any values; an unknown number is an empty text."""
    return Sheet(tuple(header), tuple(tuple(_text(v) for v in line) for line in lines))


def of_evidence(evidence: Evidence) -> Sheet:  # noqa: C901, PLR0911 - one branch per shape
    """Return the numbers of one piece of evidence, all that are there."""
    lines: Iterable[Sequence[object]]
    match evidence:
        case Measure(name=name, value=value, n=n, ci_low=low, ci_high=high):
            header = ("measure", "value", "ci_low", "ci_high", "n")
            return sheet(header, [(name, value, low, high, n)])
        case Distribution():
            return _distribution(evidence)
        case Matrix():
            return _grid(evidence.rows, evidence.columns, evidence.values)
        case GroupMetrics():
            lines = zip(
                evidence.groups, evidence.value, evidence.ci_low, evidence.ci_high, evidence.n,
                strict=True,
            )  # fmt: skip
            return sheet((evidence.attribute, evidence.metric, "ci_low", "ci_high", "n"), lines)
        case Ranking():
            notes = evidence.notes or ("",) * len(evidence.items)
            lines = zip(evidence.items, evidence.values, notes, strict=True)
            return sheet(("name", evidence.axis, "note"), lines)
        case RowScores():
            return _histogram(evidence)
        case CellScores(row_id=rows, column=columns, value=values, quality=quality):
            lines = zip(rows.tolist(), columns, values, quality.tolist(), strict=True)
            return sheet(("row_id", "column", "value", "quality"), lines)
        case RowGroups():
            lines = ((g.anchor, row_id) for g in evidence.groups for row_id in g.row_id)
            return sheet(("row_id", f"{evidence.relation}_row_id"), lines)
        case TimeSeries(at=at, value=value, axis=axis):
            return sheet(("at", axis), zip(at, value, strict=True))
        case Curve(x_axis=x_axis, y_axis=y_axis, x=x, y=y):
            return sheet((x_axis, y_axis), zip(x, y, strict=True))
        case _:
            assert_never(evidence)


def of_column(profile: ColumnProfile) -> Sheet:
    """Return the histogram of a column or its frequent values, by class where that is known."""
    bins = profile.bins
    if bins is not None and len(bins.edges) > 1:
        classes = bins.by_label or {}
        ends = [_edge(e, profile.kind) for e in bins.edges]
        lines = zip(ends, ends[1:], bins.counts, *classes.values(), strict=False)
        return sheet(("from", "to", "rows", *(f"rows: {name}" for name in classes)), lines)
    names = list(dict.fromkeys(name for value in profile.top for name in value.by_label or {}))
    rows = ((v.value, v.count, *((v.by_label or {}).get(n, 0) for n in names)) for v in profile.top)
    return sheet(("value", "rows", *(f"rows: {name}" for name in names)), rows)


def of_slices(shape: Slices) -> Sheet:
    """Return one line per group or step of time."""
    spread = any(s.spread for s in shape.slices)
    header = [shape.by, *(["until"] if shape.step else []), "rows", "missing"]
    header += [f"q{q:g}" for q in POINTS] if spread else []
    header += [f"rows: {_text(_spelled(value, shape.spelling))}" for value in shape.values]
    lines = (
        [
            _spelled(s.key, shape.by_spelling),
            *([s.until] if shape.step else []),
            s.n,
            s.n_missing,
            *((s.spread or ("",) * len(POINTS)) if spread else ()),
            *s.counts,
        ]
        for s in shape.slices
    )
    return sheet(header, lines)


def of_log_bins(shape: LogBins) -> Sheet:
    """Return one line per bin."""
    lines = zip(shape.edges, shape.edges[1:], shape.counts, strict=False)
    return sheet(("from", "to", "rows"), lines)


def of_matrix(matrix: associations.AssociationMatrix) -> Sheet:
    """Return strengths between columns, all of them."""
    return _grid(matrix.columns, matrix.columns, matrix.values)


def of_gaps(profile: DatasetProfile) -> Sheet:
    """Return the gaps of every column, in the order of the file."""
    lines = ((c.name, c.n_missing, 1 - c.completeness) for c in profile.columns)
    return sheet(("column", "missing", "share"), lines)


def of_ring(results: Sequence[CheckResult]) -> Sheet:
    """Return how many checks ended in each way, with the findings that these made."""
    counts = ended(results)
    found = {s: sum(len(r.findings) for r in results if r.status is s) for s in ORDER}
    return sheet(("ended", "checks", "findings"), ((s.value, counts[s], found[s]) for s in ORDER))


def _distribution(shape: Distribution) -> Sheet:
    groups = [name or "rows" for name in shape.counts]
    counts = list(shape.counts.values())
    if shape.edges is not None:
        spans = pairwise(shape.edges)
        lines = ((a, b, *row) for (a, b), *row in zip(spans, *counts, strict=False))
        return sheet(("from", "to", *groups), lines)
    return sheet((shape.axis, *groups), zip(shape.categories or (), *counts, strict=False))


def _grid(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]]
) -> Sheet:
    lines = ((name, *line) for name, line in zip(rows, values, strict=True))
    return sheet(("", *columns), lines)


def _histogram(shape: RowScores) -> Sheet:
    n = len(shape.histogram)
    lines = ((i / n, (i + 1) / n, rows) for i, rows in enumerate(shape.histogram))
    return sheet(("quality from", "quality to", "rows"), lines)


def _edge(value: float, kind: Kind) -> float | datetime:
    if kind is not Kind.DATETIME:
        return value
    return instant_at(value)


def _spelled(value: Scalar, spelling: Spelling | None) -> Scalar:
    """Return a value of a column; a truth value as the file writes it."""
    return value_text(value, spelling) if isinstance(value, bool) else value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return repr(float(value)) if math.isfinite(value) else ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
