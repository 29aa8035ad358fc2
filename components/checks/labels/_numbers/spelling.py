"""How a suggested number is written: rounded to what it can say, in the notation of the file."""

from __future__ import annotations

import math

from components.checks._lib.features import FloatArray
from components.core.data.dataset import Column, Storage
from components.core.data.value_texts import value_text

MOST_DECIMALS = 9
BEYOND_DOUBLES = 1e15
"""From here on whole numbers are not told apart any more."""


def decimals_of(y: FloatArray, column: Column) -> int:
    """Return how many decimals nearly all numbers of a label have at most."""
    if column.storage is Storage.INTEGER:
        return 0
    counted = sorted(_decimals(value) for value in y[:: max(1, len(y) // 1_000)].tolist())
    return counted[int(0.95 * (len(counted) - 1))] if counted else 0


def _decimals(value: float) -> int:
    text = f"{value:.{MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])


def rounded(value: float, width: float, decimals: int) -> float:
    """Return an expected number without digits that it cannot say.

    Parameters
    ----------
    width
        Width of the range in which numbers like it lie: a hundredth of it is kept.
    decimals
        Decimals of the label.
    """
    if not math.isfinite(value) or abs(value) >= BEYOND_DOUBLES:
        return value
    kept = decimals if width <= 0 else min(decimals, 2 - math.floor(math.log10(width)))
    return float(round(value, kept)) + 0.0


def number_in_file(value: float, column: Column) -> str:
    """Return a number as a cell of ``column`` would hold it, without thousands signs and marks."""
    if column.storage is Storage.INTEGER:
        value = float(round(value)) if math.isfinite(value) else value
    text = value_text(value)
    return text.replace(".", ",") if _has_comma(column.format) else text


def _has_comma(example: str) -> bool:
    """Whether the notation of a column writes decimals after a comma (see ``Column.format``)."""
    return "234,5" in example
