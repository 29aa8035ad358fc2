"""The profile of a table: every fact, in a bounded number of passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.core.dataset import Column
from components.core.facts import Bins, ColumnProfile, DatasetProfile, TopValue
from components.core.query import Scalar
from components.core.source import SourceReport
from components.engine.duck_table import DuckTable
from components.profiling import binning, disguised, rows
from components.profiling.measures import QUANTILES, Measures, measure
from components.profiling.moments import Shape, shapes
from components.profiling.values import Values, count_by, count_values
from components.profiling.words import cut, text_of

FEW_CLASSES = 10
"""Up to so many classes of the label, values and histograms are split by class."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What was gathered, by field, before it is put together."""

    measures: dict[str, Measures]
    shapes: dict[str, Shape]
    values: dict[str, Values]
    by_class: dict[str, dict[tuple[Scalar, Scalar], int]]
    bins: dict[str, dict[tuple[int, Scalar], int]]
    disguised: dict[str, dict[str, int]]
    label: Column | None
    names: dict[Scalar, str]
    label_counts: dict[str, int] | None


def profile(
    table: DuckTable,
    report: SourceReport | None = None,  # noqa: ARG001 - part of the agreed call
    *,
    text: Path | None = None,
    progress: Progress | None = None,
) -> DatasetProfile:
    """Return the facts about a table and each of its columns.

    Extremes, moments and quantiles leave infinite values out; they are counted apart. Up to
    1,000,000 rows everything is exact; above, distinct values over 50,000 and quantiles are
    estimated, and frequent values of such columns are found in a sample and counted exactly.

    Parameters
    ----------
    text
        The file of cell texts, for the counts of disguised missing values; by default the one
        beside the typed table.
    progress
        Told the share that is done, in [0, 1], and what comes next.

    Notes
    -----
    Each column is read about six times, whatever the number of figures; a statement covers at
    most 25 columns. Memory is bounded by the limit of the engine.
    """
    say = progress or _silent
    columns = table.version.columns
    facts = _gather(table, text or _text_beside(table.path), say)
    say(0.85, "rows")
    n_rows = table.version.n_rows
    incomplete = [c for c in columns if facts.measures[c.field].n_present < n_rows]
    found = DatasetProfile(
        n_rows=n_rows,
        n_columns=len(columns),
        columns=tuple(_column(c, n_rows, facts) for c in columns),
        n_repeats=rows.repeats(table),
        label_counts=facts.label_counts,
        missing_per_row=rows.missing_per_row(table, incomplete),
    )
    say(1.0, "")
    return found


def _gather(table: DuckTable, text: Path | None, say: Progress) -> _Facts:
    columns = table.version.columns
    say(0.0, "counting")
    measures = measure(table, columns)
    say(0.25, "shapes")
    moments = shapes(table, columns, measures)
    say(0.35, "frequent values")
    values = count_values(table, columns, measures)
    classes = rows.classes(table)
    few = classes is not None and 0 < len(classes) <= FEW_CLASSES
    label = table.version.label if few else None
    say(0.6, "histograms")
    return _Facts(
        measures=measures,
        shapes=moments,
        values=values,
        by_class=_by_class(table, values, label),
        bins=binning.count_bins(table, columns, measures, label),
        disguised=disguised.count_disguised(table, columns, text),
        label=label,
        names={value: text_of(value) for value, _ in classes or ()},
        label_counts=None if classes is None else {text_of(v): n for v, n in classes},
    )


def _silent(done: float, note: str) -> None:
    """Tell nobody."""


def _text_beside(path: Path) -> Path | None:
    beside = path.with_name("text.parquet")
    return beside if beside.is_file() else None


def _by_class(
    table: DuckTable, values: dict[str, Values], label: Column | None
) -> dict[str, dict[tuple[Scalar, Scalar], int]]:
    if label is None:
        return {}
    others = [c for c in table.version.columns if c != label]
    return count_by(table, others, {f: [v for v, _ in x.top] for f, x in values.items()}, label)


def _column(column: Column, n_rows: int, facts: _Facts) -> ColumnProfile:
    m = facts.measures[column.field]
    shape = facts.shapes.get(column.field, Shape())
    values = facts.values[column.field]
    is_number = m.mean is not None or m.n_zero is not None
    quantiles = zip(QUANTILES, m.quantiles, strict=True) if is_number and m.quantiles else ()
    return ColumnProfile(
        name=column.name,
        kind=column.kind,
        role=column.role,
        n=n_rows,
        n_missing=n_rows - m.n_present,
        disguised=facts.disguised[column.field],
        n_distinct=values.n_distinct,
        distinct_exact=values.exact,
        minimum=_short(m.minimum),
        maximum=_short(m.maximum),
        mean=m.mean,
        sd=m.sd if shape.sd is None else shape.sd,
        skew=shape.skew,
        kurtosis=shape.kurtosis,
        quantiles={f"{q:g}": value for q, value in quantiles} or None,
        n_zero=m.n_zero,
        n_negative=m.n_negative,
        n_infinite=m.n_infinite,
        length_mean=m.length_mean,
        length_max=m.length_max,
        bins=_bins(column, facts),
        top=tuple(_top(column, value, rows, facts) for value, rows in values.top),
    )


def _short(value: Scalar) -> Scalar:
    return cut(value) if isinstance(value, str) else value


def _bins(column: Column, facts: _Facts) -> Bins | None:
    edges = binning.scale(column, facts.measures[column.field])
    if edges is None:
        return None
    split = facts.names if facts.label not in {None, column} else None
    return binning.histogram(edges, facts.bins[column.field], split)


def _top(column: Column, value: Scalar, n_rows: int, facts: _Facts) -> TopValue:
    if facts.label in {None, column}:
        return TopValue(value=cut(text_of(value)), count=n_rows)
    counts = facts.by_class[column.field]
    by_label = {name: counts.get((value, label), 0) for label, name in facts.names.items()}
    return TopValue(value=cut(text_of(value)), count=n_rows, by_label=by_label)
