"""What the footer of a Parquet file tells for nothing: rows, missing values, extremes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """One column of a file.

    Attributes
    ----------
    low, high
        Bounds of the values; of long texts a little outside. None where there is no value.
    is_known
        Whether the bounds are: not where one value is NaN, or a time that Python cannot hold.
    """

    n_null: int
    low: Any = None
    high: Any = None
    is_known: bool = True


def spans(path: Path) -> dict[str, Span]:
    """Return the span of each column of a file written by the engine, by field."""
    from pyarrow import parquet

    meta = parquet.read_metadata(path)
    names = meta.schema.names
    found = dict.fromkeys(names, Span(0))
    for group in range(meta.num_row_groups):
        row_group = meta.row_group(group)
        for index, name in enumerate(names):
            part = row_group.column(index)
            found[name] = _joined(found[name], _span(part.statistics, part.num_values))
    return found


def n_rows(path: Path) -> int:
    """Return the number of rows of a file."""
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def _span(statistics: Any, n_values: int) -> Span:  # noqa: ANN401 - pyarrow has no types
    if statistics is None or not statistics.has_null_count:
        return Span(0, is_known=False)
    n_null = int(statistics.null_count)
    if not statistics.has_min_max:
        return Span(n_null, is_known=n_null == n_values)
    try:
        return Span(n_null, statistics.min, statistics.max)
    except (OverflowError, ValueError):  # times before year 1 and after 9999, and endless ones
        return Span(n_null, is_known=False)


def _joined(one: Span, other: Span) -> Span:
    lows = [span.low for span in (one, other) if span.low is not None]
    highs = [span.high for span in (one, other) if span.high is not None]
    return Span(
        one.n_null + other.n_null,
        min(lows, default=None),
        max(highs, default=None),
        one.is_known and other.is_known,
    )
