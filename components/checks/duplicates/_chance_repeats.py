"""How many rows would repeat by chance, from a tree of related columns."""

from __future__ import annotations

import numpy as np

from components.checks.duplicates import _column_pairs
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import IntArray

MAX_ROWS = 5_000
MAX_COLUMNS = 40
MANY = 0.3
"""Different values per row from which a column counts as unrelated: few of its pairs repeat."""
CLEAR = 1.2
"""How many times the information between shuffled columns a link must have."""
DRAWS = 5


def expected_repeats(table: Table, run: RunContext, names: list[str]) -> float:
    """Return how many rows would repeat in a table whose columns are linked as in this one.

    A tree links each column to the one that it goes with most (Chow, Liu 1968). Tables of as many
    rows are drawn from it, and their repeats counted; the sample is scaled to the table by pairs.
    With more than 40 columns, those with the most values are kept.
    """
    sample = table.sample(MAX_ROWS, seed=run.seed, columns=names)
    codes = [_column_pairs.codes(sample.frame[name]) for name in names]
    codes = sorted(codes, key=lambda c: -int(c.max(initial=0)))[:MAX_COLUMNS]
    n = len(sample.row_id)
    if n < 2 or not codes:  # noqa: PLR2004 - a pair
        return 0.0
    rng = np.random.default_rng(run.seed)
    tree = _tree(codes, n, rng)
    drawn = [_repeats(_draw(codes, tree, n, rng)) for _ in range(DRAWS)]
    full = table.version.n_rows
    return min(float(full), float(np.mean(drawn)) * (full / n) ** 2)


def _tree(codes: list[IntArray], n: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return (column, parent) in the order of drawing; -1 for a column that stands alone."""
    sizes = [int(c.max()) + 1 for c in codes]
    free = [size > MANY * n for size in sizes]
    k = len(codes)
    gain = np.zeros((k, k))
    for i in range(k):
        for j in range(i):
            if not (free[i] or free[j]):
                gain[i, j] = gain[j, i] = _information(codes[i], codes[j], rng)
    order: list[tuple[int, int]] = []
    left = set(range(k))
    best = dict.fromkeys(left, (0.0, -1))
    while left:
        child = max(left, key=lambda i: (best[i][0], i))
        left.remove(child)
        order.append((child, best[child][1]))
        for i in left:
            if gain[i, child] > best[i][0]:
                best[i] = float(gain[i, child]), child
    return order


def _information(a: IntArray, b: IntArray, rng: np.random.Generator) -> float:
    """Return the mutual information above that of shuffled columns; 0 where it is not clear."""
    chance = _shared(a, rng.permutation(b))
    found = _shared(a, b)
    return found - chance if found > CLEAR * chance else 0.0


def _shared(a: IntArray, b: IntArray) -> float:
    """Return the mutual information of two columns in nats."""
    joint = a * (int(b.max()) + 1) + b
    entropy = []
    for values in (a, b, joint):
        part = np.unique(values, return_counts=True)[1] / len(a)
        entropy.append(-float(np.sum(part * np.log(part))))
    return max(0.0, entropy[0] + entropy[1] - entropy[2])


def _draw(
    codes: list[IntArray], tree: list[tuple[int, int]], n: int, rng: np.random.Generator
) -> IntArray:
    """Draw n rows: each value from the rows that have the value of its parent.

    Where only m rows have it, from all rows with a chance of 1 / m: a copied row must not
    become the model of itself.
    """
    drawn = np.zeros((n, len(codes)), dtype=np.int64)
    for child, parent in tree:
        any_row = rng.permutation(codes[child])  # without replacement: a single value stays one
        if parent < 0:
            drawn[:, child] = any_row
            continue
        by_parent = np.argsort(codes[parent], kind="stable")
        ordered = codes[parent][by_parent]
        start = np.searchsorted(ordered, drawn[:, parent], side="left")
        end = np.searchsorted(ordered, drawn[:, parent], side="right")
        from_parent = by_parent[start + rng.integers(0, end - start)]
        alone = rng.random(n) < 1.0 / (end - start)
        drawn[:, child] = np.where(alone, any_row, codes[child][from_parent])
    return drawn


def _repeats(rows: IntArray) -> int:
    return len(rows) - len(np.unique(rows, axis=0))
