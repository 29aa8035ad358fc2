"""How strongly two columns go together, on the rows in which both have a value.

Two numbers: Pearson's and Spearman's correlation (ties get their middle rank). Two categories:
Cramér's V, corrected for the bias of small tables. A number and a category: the correlation ratio,
corrected the same way: without it, a category of 100 values explains a tenth of 1,000 random
numbers.

References
----------
Spearman 1904, Am. J. Psychology 15. Bergsma 2013, A bias-correction for Cramér's V and Tschuprow's
T, J. Korean Statistical Society 42. Kelley 1935, An unbiased correlation ratio measure, PNAS 21.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.profiling.associations_columns import MIN_ROWS, Codes, Floats, Prepared, sums_by

BLOCK = 8_192
"""Rows that are multiplied at a time; 200 columns of them take 13 MB."""

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
    """Return the columns by their pattern of gaps; b"" for none."""
    found: dict[bytes, list[int]] = {}
    for i, column in enumerate(columns):
        key = np.packbits(column.present).tobytes() if column.n_missing else b""
        found.setdefault(key, []).append(i)
    return list(found.items())


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
    counts = np.bincount(codes, minlength=column.n_levels + 1)
    ranks = np.cumsum(counts) - (counts - 1) / 2.0
    values = np.zeros(column.n_levels + 1)
    values[1:] = column.values
    return _unit(values, counts), _unit(ranks, counts)


def _unit(values: Floats, counts: NDArray[np.int64]) -> Floats:
    there = counts > 0
    used, weights = values[there], counts[there]
    out = np.full(len(values), np.nan)
    if len(used) < 2:  # noqa: PLR2004 - one value does not vary
        return out
    # a shift and a scale first: squares of huge values would overflow
    middle = used[len(used) // 2]
    spread = np.abs(used / 2 - middle / 2).max()
    if spread == 0:
        return out
    used = (used / 2 - middle / 2) / spread
    used = used - np.average(used, weights=weights)
    length = math.sqrt(float(np.sum(used * used * weights)))
    out[there] = used / length if length > 0 else np.nan
    return out


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


def correlation_ratio(number: Prepared, categories: Sequence[Prepared]) -> list[tuple[float, int]]:
    """Return the correlation ratio of a number with each category, and the rows used.

    The root of Kelley's epsilon squared: the share of the variance of the number that lies between
    the categories, less what as many random groups would show; in [0, 1]. NaN where one of the two
    does not vary, or every category has one row.
    """
    values = _centred(number)[number.codes]
    squares = values * values
    full = number.n_missing == 0
    present = number.present.astype(np.float64)
    found = []
    for category in categories:
        sums = sums_by(category.codes, values, category.n_levels + 1)[1:]
        if full:
            counts = category.counts[1:].astype(np.float64)
        else:
            counts = sums_by(category.codes, present, category.n_levels + 1)[1:]
        whole = squares if category.n_missing == 0 else squares[category.present]
        found.append(_epsilon(sums, counts, float(whole.sum())))
    return found


def _centred(number: Prepared) -> Floats:
    """Return the value of each code around the median, in [-1, 1]; 0 for missing."""
    values = np.zeros(number.n_levels + 1)
    numbers = number.values if number.values is not None else np.zeros(number.n_levels)
    middle = np.searchsorted(np.cumsum(number.counts[1:]), number.counts[1:].sum() / 2)
    values[1:] = numbers / 2 - numbers[min(int(middle), len(numbers) - 1)] / 2
    largest = np.abs(values).max()
    return values / largest if largest > 0 else values


def _epsilon(sums: Floats, counts: Floats, squares: float) -> tuple[float, int]:
    there = counts > 0
    n, k = round(float(counts.sum())), int(there.sum())
    if n < MIN_ROWS or not 1 < k < n:
        return math.nan, n
    mean = float(sums.sum()) / n
    total = squares - n * mean * mean
    if total <= 1e-12 * squares:
        return math.nan, n
    between = float(np.sum(counts[there] * (sums[there] / counts[there] - mean) ** 2))
    within = max(0.0, total - between)
    share = 1.0 - within / total * (n - 1) / (n - k)
    return math.sqrt(min(1.0, max(0.0, share))), n
