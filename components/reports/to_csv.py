r"""The CSV files of a run, for machines: UTF-8, comma, ``\n``, quotes where needed, a header line.

Values stand as they are in the data: a value may start with ``=``. What a person downloads is
written with ``for_spreadsheet``, which keeps a spreadsheet from running it.
A number that is not known is an empty field. Floats are written so that they read back equal.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.core.data.query import Scalar
from components.core.facts.associations import Associations
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.formulas import defused

if TYPE_CHECKING:
    from components.core.judgement.evidence import RowScores
    from components.core.judgement.findings import CheckResult

ROWS = ("row_id", "quality", "flagged")
ROWS_EXTRA = ("given", "suggested", "confidence", "reason")
CELLS = ("row_id", "column", "value", "quality", "flagged", "suggested", "reason")
GROUPS = ("metric", "attribute", "group", "value", "ci_low", "ci_high", "n")
QUANTILES = ("0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99")
COLUMNS = (
    "name", "kind", "role", "n", "n_missing", "share_missing", "disguised", "n_distinct",
    "distinct_exact", "minimum", "maximum", "mean", "sd", "skew", "kurtosis",
    *(f"q{q}" for q in QUANTILES),
    "n_zero", "n_negative", "n_infinite", "length_mean", "length_max",
    "uniqueness", "n_top", "share_top", "quantiles_exact", "n_whole", "length_min",
)  # fmt: skip
TEXTS = ("n_used", "n_formats", "tokens_mean", "tokens_max", "n_vocabulary", "n_near_empty")
TIMES = (
    "span_s", "granularity", "n_midnight", "step_s", "regular", "n_gaps", "largest_gap_s",
    "largest_gap_from",
)  # fmt: skip
DIGITS = ("last_digits", "multiples")
ALL_COLUMNS = (*COLUMNS, "formats", *(f"texts_{name}" for name in TEXTS), *TIMES, *DIGITS)
"""The header of ``columns.csv``."""

ASSOCIATIONS = (
    "first", "second", "measure", "value", "pearson", "n", "first_predicts", "second_predicts",
    "error",
)  # fmt: skip
BLOCK = 65_536
"""Rows that are turned into text at a time."""

Field = str | int
_TO_QUOTE = re.compile(r'[,"\r\n]')


def rows(result: CheckResult, n_rows: int, out: Path, *, for_spreadsheet: bool = False) -> None:
    """Write one line per row of the table, in row order.

    A row that was not assessed has an empty quality and is not flagged. Nothing is written for a
    result without row-level evidence.

    Parameters
    ----------
    result
        With all its rows, not :meth:`~components.core.judgement.findings.CheckResult.brief`.
    n_rows
        Rows of the table.
    out
        The file to write.
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    ValueError
        When rows were cut off, named twice, or lie outside the table.
    """
    scores = result.row_scores
    if scores is None:
        return
    at = _positions(scores, n_rows)
    extra = [name for name in ROWS_EXTRA if getattr(scores, name) is not None]
    lines: Iterable[Sequence[Field]] = _row_lines(scores, at, extra)
    if for_spreadsheet:
        lines = ([f if isinstance(f, int) else defused(f) for f in line] for line in lines)
    _write(out, (*ROWS, *extra), lines)


def _positions(scores: RowScores, n_rows: int) -> NDArray[np.int64]:
    row_id = scores.row_id
    if len(row_id) != scores.n_assessed:
        raise ValueError(f"{scores.n_assessed:,} rows were assessed and {len(row_id):,} are here")
    if len(row_id) and (row_id.min() < 0 or row_id.max() >= n_rows):
        raise ValueError(f"row ids lie outside 0 to {n_rows - 1:,}")
    at = np.full(n_rows, -1, dtype=np.int64)
    at[row_id] = np.arange(len(row_id))
    if int((at >= 0).sum()) != len(row_id):
        raise ValueError("a row is assessed twice")
    return at


def _row_lines(
    scores: RowScores, at: NDArray[np.int64], extra: Sequence[str]
) -> Iterator[list[Field]]:
    parts = [getattr(scores, name) for name in extra]
    for start in range(0, len(at), BLOCK):
        for row_id, i in enumerate(at[start : start + BLOCK].tolist(), start):
            if i < 0:
                yield [row_id, "", "false", *[""] * len(parts)]
            else:
                flagged = _bool(bool(scores.flagged[i]))
                yield [row_id, _text(scores.quality[i]), flagged, *(_text(p[i]) for p in parts)]


def cells(result: CheckResult, out: Path) -> None:
    """Write one line per cell worth naming, worst first; nothing without cell-level evidence.

    Raises
    ------
    ValueError
        When flagged cells were cut off.
    """
    scores = result.cell_scores
    if scores is None:
        return
    here = int(scores.flagged.sum())
    if here < scores.n_flagged:
        raise ValueError(f"{scores.n_flagged:,} cells are flagged and {here:,} are here")
    _write(
        out,
        CELLS,
        (
            [
                int(scores.row_id[i]),
                _text(scores.column[i]),
                _text(scores.value[i]),
                _text(scores.quality[i]),
                _bool(bool(scores.flagged[i])),
                "" if scores.suggested is None else _text(scores.suggested[i]),
                "" if scores.reason is None else _text(scores.reason[i]),
            ]
            for i in range(len(scores.row_id))
        ),
    )


def groups(result: CheckResult, out: Path) -> None:
    """Write one line per group of each metric; nothing for a result without groups."""
    found = result.group_metrics
    if not found:
        return
    _write(
        out,
        GROUPS,
        (
            [
                shape.metric, shape.attribute, group,
                *(_text(number) for number in (value, low, high)), n,
            ]
            for shape in found
            for group, value, low, high, n in zip(
                shape.groups, shape.value, shape.ci_low, shape.ci_high, shape.n, strict=True
            )
        ),
    )  # fmt: skip


def columns(profile: DatasetProfile, out: Path) -> None:
    """Write one line per column: the facts of the profile.

    ``disguised``, ``formats``, ``last_digits`` and ``multiples`` are JSON.
    """
    _write(out, ALL_COLUMNS, ([*_column_line(c), *_contents(c)] for c in profile.columns))


def associations(found: Associations, out: Path) -> None:
    """Write one line per pair of columns that is kept, strongest first; each pair stands once."""
    pairs = dict.fromkeys((*found.pairs, *found.with_label))
    ordered = sorted(pairs, key=lambda pair: (-pair.strength, pair.first, pair.second))
    _write(
        out,
        ASSOCIATIONS,
        (
            [
                p.first, p.second, p.measure.value, _text(p.value), _text(p.pearson), p.n,
                _text(p.first_predicts), _text(p.second_predicts), _text(p.error),
            ]
            for p in ordered
        ),
    )  # fmt: skip


def _column_line(c: ColumnProfile) -> list[Field]:
    quantiles = c.quantiles or {}
    return [
        c.name, c.kind.value, c.role.value, c.n, c.n_missing, _text(1 - c.completeness),
        _json(c.disguised),
        c.n_distinct, _bool(c.distinct_exact), _text(c.minimum), _text(c.maximum),
        _text(c.mean), _text(c.sd), _text(c.skew), _text(c.kurtosis),
        *(_text(quantiles.get(q)) for q in QUANTILES),
        _text(c.n_zero), _text(c.n_negative), _text(c.n_infinite),
        _text(c.length_mean), _text(c.length_max),
        _text(c.uniqueness), _text(c.n_top), _text(c.share_top),
        _bool(c.quantiles_exact) if c.quantiles else "", _text(c.n_whole), _text(c.length_min),
    ]  # fmt: skip


def _contents(c: ColumnProfile) -> list[Field]:
    """Return what the values of a column are made of."""
    formats = {f.pattern: f.count for f in c.texts.formats} if c.texts else None
    last = c.digits.last if c.digits else None
    multiples = c.digits.multiples if c.digits else None
    return [
        _json(formats),
        *(_text(getattr(c.texts, name, None)) for name in TEXTS),
        *(_text(getattr(c.times, name, None)) for name in TIMES),
        _json(last),
        _json(multiples),
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _write(out: Path, header: Sequence[str], lines: Iterable[Sequence[Field]]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(_line(header))
        file.writelines(map(_line, lines))


def _line(fields: Sequence[Field]) -> str:
    """Return one line; the standard writer leaves a lone carriage return unquoted."""
    return ",".join(map(_field, fields)) + "\n"


def _field(value: Field) -> str:
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _bool(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "true" if value else "false"


def _text(value: Scalar | np.float64) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _bool(value)
    if isinstance(value, float | np.floating):
        return repr(float(value)) if math.isfinite(value) else ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
