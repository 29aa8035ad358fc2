"""Which points of a long line are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_POINTS = 1_000
"""Most points of a line; of more, the extremes of equal stretches are kept."""


def kept(values: Sequence[float | None], most: int = MOST_POINTS) -> list[int]:
    """Return the positions to draw: all, or the first, last and extremes of equal stretches."""
    n = len(values)
    if n <= most:
        return list(range(n))
    stretch = math.ceil(2 * n / (most - 2))
    chosen = {0, n - 1}
    for start in range(0, n, stretch):
        known = [i for i in range(start, min(start + stretch, n)) if values[i] is not None]
        if known:
            chosen.add(min(known, key=lambda i: values[i] or 0.0))
            chosen.add(max(known, key=lambda i: values[i] or 0.0))
    return sorted(chosen)
