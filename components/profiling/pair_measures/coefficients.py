"""How strongly two columns go together, on the rows in which both have a value.

Two numbers: Pearson's and Spearman's correlation (ties get their middle rank). Two categories:
Cramér's V, corrected for the bias of small tables. A number and a category: the correlation ratio
of the ranks, as Kruskal and Wallis compare groups, so that a few absurd values hide nothing; it is
corrected the same way: without it, a category of 100 values explains a tenth of 1,000 random
numbers.

References
----------
Spearman 1904, Am. J. Psychology 15. Bergsma 2013, A bias-correction for Cramér's V and Tschuprow's
T, J. Korean Statistical Society 42. Kelley 1935, An unbiased correlation ratio measure, PNAS 21.
Kruskal, Wallis 1952, Use of ranks in one-criterion variance analysis, JASA 47.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from components.profiling.pair_measures.codes import (
    MIN_ROWS,
    Codes,
    Floats,
    Places,
    Prepared,
    sums_by,
)
from components.profiling.pair_measures.ranks import level_ranks

BLOCK = 8_192
"""Rows that are multiplied at a time; 200 columns of them take 13 MB."""

CELLS = 2_000_000
"""Cells of the columns on each side of a product: 20 columns of 100,000 rows. The values and ranks
of both sides take 64 MB."""

LOST = 1e-13
"""Spread per distance from the median below which the digits of a double tell nothing."""

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of numeric columns; NaN where a column does not vary. Shapes (p, p)."""

    pearson: Floats
    spearman: Floats
    n: NDArray[np.int64]


def correlations(columns: Sequence[Prepared], tick: Tick) -> Correlations:
    """Return the correlations of all pairs of numeric columns.

    Notes
    -----
    Columns with the same gaps are ranked together, once for each other pattern of gaps: the
    result equals that of ranking every pair on its own complete rows. Without gaps every column is
    ranked once and the rest is one matrix product.
    """
    p = len(columns)
    found = Correlations(
        pearson=np.full((p, p), np.nan), spearman=np.full((p, p), np.nan), n=np.zeros((p, p), int)
    )
    patterns = _patterns(columns)
    for i, (mask, group) in enumerate(patterns):
        for other_mask, other in patterns[i:]:
            tick()
            rows = None if not (mask or other_mask) else _both(columns[group[0]], columns[other[0]])
            _fill(found, columns, group, other, rows)
    return found


def _patterns(columns: Sequence[Prepared]) -> list[tuple[bytes, list[int]]]:
    """Return the columns by their pattern of gaps, b"" for none, a bounded number at a time."""
    size = max(1, CELLS // max(1, len(columns[0].codes))) if columns else 1
    found: dict[bytes, list[int]] = {}
    for i, column in enumerate(columns):
        key = np.packbits(column.present).tobytes() if column.n_missing else b""
        found.setdefault(key, []).append(i)
    return [
        (key, members[start : start + size])
        for key, members in found.items()
        for start in range(0, len(members), size)
    ]


def _both(one: Prepared, other: Prepared) -> NDArray[np.int64]:
    return np.flatnonzero(one.present & other.present)


def _fill(
    found: Correlations,
    columns: Sequence[Prepared],
    group: list[int],
    other: list[int],
    rows: NDArray[np.int64] | None,
) -> None:
    members = group if group is other else group + other
    n = len(columns[0].codes) if rows is None else len(rows)
    if n < MIN_ROWS:
        return
    codes = [columns[i].codes if rows is None else columns[i].codes.take(rows) for i in members]
    scales = [_scales(columns[i], c) for i, c in zip(members, codes, strict=True)]
    at = np.ix_(group, other)
    cut = len(group)
    rights = slice(0, None) if group is other else slice(cut, None)
    for which, target in ((0, found.pearson), (1, found.spearman)):
        product = _product(codes, [s[which] for s in scales], slice(0, cut), rights)
        target[at] = np.clip(product, -1.0, 1.0)
        target.T[at] = target[at]
    found.n[at] = n
    found.n.T[at] = n


def _scales(column: Prepared, codes: Codes) -> tuple[Floats, Floats]:
    """Return value and rank of each code, both of mean 0 and length 1 over ``codes``.

    NaN everywhere for a column that does not vary in these rows.
    """
    n, whole = len(codes), codes is column.codes
    n_codes = column.n_levels + 1
    counts: Places = column.counts if whole else np.bincount(codes, minlength=n_codes)
    ranks = level_ranks(counts)
    values = column.values if column.values is not None else ranks
    mean = float(counts @ values) / n
    return _unit(values - mean, counts, n * (LOST * mean) ** 2), _unit(ranks, counts, 0.0)


def _unit(values: Floats, counts: Places, least: float) -> Floats:
    """Return values at length 1, or NaN where their squares are not more than ``least``.

    Codes that do not occur get a number, too; nobody reads it.
    """
    squares = float(counts @ (values * values))
    return values / math.sqrt(squares) if squares > least else np.full(len(values), np.nan)


def _product(codes: list[Codes], scales: list[Floats], lefts: slice, rights: slice) -> Floats:
    """Return the products of all columns in ``lefts`` with all in ``rights``."""
    n = len(codes[0])
    total: Floats = np.zeros(())
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        block = np.stack([s.take(c[start:stop]) for c, s in zip(codes, scales, strict=True)])
        with np.errstate(invalid="ignore"):
            total = total + block[lefts] @ block[rights].T
    return total


def all_cramers_v(categories: Sequence[Prepared], tick: Tick) -> tuple[Floats, NDArray[np.int64]]:
    """Return Cramér's V of all pairs of categories and the rows used, shapes (p, p).

    NaN on the diagonal.
    """
    p = len(categories)
    values, n = np.full((p, p), np.nan), np.zeros((p, p), dtype=np.int64)
    for i, j in combinations(range(p), 2):
        tick()
        values[i, j], n[i, j] = cramers_v(categories[i], categories[j])
        values[j, i], n[j, i] = values[i, j], n[i, j]
    return values, n


def cramers_v(one: Prepared, other: Prepared) -> tuple[float, int]:
    """Return Cramér's V of two categories, corrected for bias, in [0, 1], and the rows used.

    NaN where a column has one value only in the rows with both, or every value stands once.
    """
    table = contingency(one, other)
    n = int(table.sum())
    r, k = int((table.sum(axis=1) > 0).sum()), int((table.sum(axis=0) > 0).sum())
    if n < MIN_ROWS or min(r, k) < 2:  # noqa: PLR2004 - one value does not vary
        return math.nan, n
    phi2 = _mean_square(table, n)
    phi2 = max(0.0, phi2 - (r - 1) * (k - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
    return (min(1.0, math.sqrt(phi2 / least)) if least > 0 else math.nan), n


def contingency(one: Prepared, other: Prepared) -> NDArray[np.int64]:
    """Return the rows per pair of values, shape (levels of ``one``, levels of ``other``)."""
    width = other.n_levels + 1
    cells = np.bincount(
        one.codes.astype(np.int64) * width + other.codes, minlength=(one.n_levels + 1) * width
    )
    return cells.reshape(-1, width)[1:, 1:]


def _mean_square(table: NDArray[np.int64], n: int) -> float:
    """Return chi-squared over n: the mean square contingency of Pearson."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    i, j = np.nonzero(table)
    seen = table[i, j].astype(np.float64)
    return max(0.0, float(np.sum(seen / rows[i] * (seen / columns[j]))) - 1.0) if n else 0.0


def correlation_ratios(
    numbers: Sequence[Prepared], categories: Sequence[Prepared], tick: Tick
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the correlation ratio of each number with each category, and the rows used.

    The root of Kelley's epsilon squared of the ranks of the number (among all rows that have it,
    ties in the middle): the share of their variance that lies between the categories, less what
    as many random groups would show; in [0, 1]. NaN where one of the two does not vary, or every
    category has one row.
    """
    shape = (len(numbers), len(categories))
    ratios, n = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    if not categories:
        return ratios, n
    for i, number in enumerate(numbers):
        tick()
        ranks = np.concatenate([[0.0], level_ranks(number.counts[1:])])
        values = ranks.take(number.codes)
        sums = [sums_by(c.codes, values, c.n_levels + 1)[1:] for c in categories]
        ratios[i], n[i] = _epsilon(sums, _rows(number, categories), _squares(values, categories))
    return ratios, n


def _rows(number: Prepared, categories: Sequence[Prepared]) -> list[Floats]:
    """Return the rows with a number per value of each category."""
    if not number.n_missing:
        return [category.counts[1:].astype(np.float64) for category in categories]
    present = number.present.astype(np.float64)
    return [sums_by(c.codes, present, c.n_levels + 1)[1:] for c in categories]


def _squares(values: Floats, categories: Sequence[Prepared]) -> Floats:
    """Return the sum of the squared values in the rows of each category."""
    squares = values * values
    total = float(np.sum(squares))
    return np.array(
        [float(np.sum(squares * c.present)) if c.n_missing else total for c in categories]
    )


def _epsilon(
    sums: Sequence[Floats], counts: Sequence[Floats], squares: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the ratio and the rows of each category; their values are put side by side."""
    widths = [len(part) for part in sums]
    starts, owner = np.cumsum([0, *widths[:-1]]), np.repeat(np.arange(len(sums)), widths)
    of_value, rows = np.concatenate(sums), np.concatenate(counts)
    n, k = np.add.reduceat(rows, starts), np.add.reduceat(rows > 0, starts, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.add.reduceat(of_value, starts) / n
        total = squares - n * mean * mean
        away = of_value / np.maximum(rows, 1.0) - mean[owner]
        between = np.add.reduceat(rows * away**2, starts)
        share = 1.0 - np.maximum(0.0, total - between) / total * (n - 1) / (n - k)
    known = (n >= MIN_ROWS) & (k > 1) & (k < n) & (total > 1e-12 * squares)
    ratios = np.sqrt(np.clip(np.where(known, share, np.nan), 0.0, 1.0))
    return ratios, n.astype(np.int64)
