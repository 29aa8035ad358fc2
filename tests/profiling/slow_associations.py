"""How two columns go together, again: pair by pair, from the formulas in the books.

Values are lists with None for missing; each measure looks at the rows where both have a value.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

LEAST = 10
"""Rows with both values that a pair needs."""


def complete(one: Sequence, other: Sequence) -> list[tuple]:
    """Return the pairs of values where both are there and finite."""
    return [(a, b) for a, b in zip(one, other, strict=True) if _there(a) and _there(b)]


def _there(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def pearson(one: Sequence, other: Sequence) -> float | None:
    """Return Pearson's correlation, summed in exact fractions."""
    pairs = complete(one, other)
    if len(pairs) < LEAST:
        return None
    x, y = ([Fraction(v) for v in side] for side in zip(*pairs, strict=True))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    square = sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y)
    if not square:
        return None
    share = above * above / square  # of one: its root is a double whatever the sizes
    return math.copysign(math.sqrt(share), 1 if above > 0 else -1) if above else 0.0


def ranks(values: Sequence) -> list[Fraction]:
    """Return the rank of each value among all; ties get the middle one."""
    return [
        sum(w < v for w in values) + Fraction(sum(w == v for w in values) + 1, 2) for v in values
    ]


def middle_ranks(values: Sequence) -> list[Fraction | None]:
    """Return the rank of each value among those that are there; None where none is."""
    known = [v for v, _ in complete(values, [0] * len(values))]
    rank = dict(zip(known, ranks(known), strict=True))
    return [rank.get(v) for v in values]


def spearman(one: Sequence, other: Sequence) -> float | None:
    """Return Spearman's correlation: Pearson's of the ranks within the complete rows."""
    pairs = complete(one, other)
    if len(pairs) < LEAST:
        return None
    x, y = zip(*pairs, strict=True)
    return pearson(ranks(x), ranks(y))


def cramers_v(one: Sequence, other: Sequence) -> float | None:
    """Return Cramér's V with the correction of Bergsma 2013."""
    pairs = complete(one, other)
    n = len(pairs)
    cells, rows = Counter(pairs), Counter(a for a, _ in pairs)
    columns = Counter(b for _, b in pairs)
    r, k = len(rows), len(columns)
    if n < LEAST or min(r, k) < 2:
        return None
    chi2 = Fraction(0)
    for a, n_a in rows.items():
        for b, n_b in columns.items():
            expected = Fraction(n_a * n_b, n)
            chi2 += (cells[a, b] - expected) ** 2 / expected
    phi2 = max(Fraction(0), chi2 / n - Fraction((r - 1) * (k - 1), n - 1))
    least = min(r - Fraction((r - 1) ** 2, n - 1), k - Fraction((k - 1) ** 2, n - 1)) - 1
    return min(1.0, math.sqrt(phi2 / least)) if least > 0 else None


def correlation_ratio(numbers: Sequence, groups: Sequence) -> float | None:
    """Return the root of epsilon squared (Kelley 1935): (SSB - (k - 1) MSW) / SST, at least 0."""
    pairs = complete(numbers, groups)
    by_group: dict[object, list[Fraction]] = defaultdict(list)
    for value, group in pairs:
        by_group[group].append(Fraction(value))
    n, k = len(pairs), len(by_group)
    if n < LEAST or not 1 < k < n:
        return None
    mean = sum(v for values in by_group.values() for v in values) / n
    total = sum((v - mean) ** 2 for values in by_group.values() for v in values)
    if not total:
        return None
    means = {group: sum(values) / len(values) for group, values in by_group.items()}
    within = sum((v - means[g]) ** 2 for g, values in by_group.items() for v in values)
    share = (total - within - (k - 1) * within / (n - k)) / total
    return math.sqrt(max(Fraction(0), share))


def phi(one: Sequence[bool], other: Sequence[bool]) -> float:
    """Return the correlation of two flags, from the four counts."""
    both = Counter(zip(one, other, strict=True))
    yes, no = both[True, True], both[False, False]
    left, right = both[True, False], both[False, True]
    margins = (yes + left) * (right + no) * (yes + right) * (left + no)
    return (yes * no - left * right) / math.sqrt(margins)


def power(source: Sequence, target: Sequence, fold: Sequence[int], *, number: bool) -> float | None:
    """Return the share of squared error that a category saves, learnt on the other folds.

    Parameters
    ----------
    fold
        The part of each row.
    number
        Whether ``target`` is a number: then its ranks in [-1, 1] are guessed.
    """
    there = [t for t in target if t is not None]
    if number:
        place = dict(zip(there, ranks(there), strict=True))
        target = [
            None if t is None else (2 * place[t] - 1 - len(there)) / len(there) for t in target
        ]
    names = [1] if number else sorted(set(there))
    rows = [
        (s, [t] if number else [int(t == name) for name in names], f)
        for s, t, f in zip(source, target, fold, strict=True)
        if s is not None and t is not None
    ]
    saved = best = Fraction(0)
    for part in set(fold):
        learn = [(s, t) for s, t, f in rows if f != part]
        constant = _mean([t for _, t in learn], len(names))
        by_value: dict[object, list] = defaultdict(list)
        for s, t in learn:
            by_value[s].append(t)
        for s, t, f in rows:
            if f != part:
                continue
            seen = by_value.get(s, [])
            guess = [
                (sum(v[i] for v in seen) + constant[i]) / (len(seen) + 1) for i in range(len(names))
            ]
            best += sum((a - b) ** 2 for a, b in zip(t, constant, strict=True))
            saved += sum((a - b) ** 2 for a, b in zip(t, guess, strict=True))
    return float(max(Fraction(0), 1 - saved / best)) if best else None


def _mean(rows: Sequence[Sequence], width: int) -> list[Fraction]:
    return [Fraction(sum(row[i] for row in rows)) / max(1, len(rows)) for i in range(width)]
