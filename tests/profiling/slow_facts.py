"""Every fact about a column and a table again, in plain Python and exact fractions.

Written from the words of ``core.facts.profile`` and ``core.facts.contents``, not from the code that
is tested. Slow: for small tables.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from components.core.data.dataset import Storage

QUANTILES = ("0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99")
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as stored
NUMERIC = {Storage.INTEGER, Storage.NUMBER}


def facts(values: Sequence, storage: Storage) -> dict[str, object]:
    """Return the facts about the values of one column (None: missing), by name of the field."""
    present = [v for v in values if v is not None]
    counts = Counter(present)
    found: dict[str, object] = {
        "n": len(values),
        "n_missing": len(values) - len(present),
        "n_present": len(present),
        "n_distinct": len(counts),
        "uniqueness": len(counts) / len(present) if present else None,
        "n_top": max(counts.values()) if counts else None,
        "share_top": max(counts.values()) / len(present) if present else None,
        "completeness": len(present) / len(values) if values else 1.0,
        "distinct_exact": True,
        "quantiles_exact": True,
    }
    if storage in NUMERIC:
        return found | numbers(present)
    if storage is Storage.TEXT:
        return found | texts(present)
    if storage is Storage.DATETIME:
        return found | ends(present)
    return found | dict.fromkeys(("minimum", "maximum"))


def numbers(present: Sequence[float]) -> dict[str, object]:
    """Return the facts about numbers; moments and quantiles are of the finite ones."""
    finite = [v for v in present if not isinstance(v, float) or math.isfinite(v)]
    exact = [Fraction(v) for v in finite]
    return {
        **ends(finite),
        **moments(exact),
        "quantiles": quantiles(exact) if exact else None,
        "n_zero": sum(v == 0 for v in present),
        "n_negative": sum(v < 0 for v in present),
        "n_infinite": len(present) - len(finite),
        "n_whole": sum(v.denominator == 1 for v in exact),
    }


def ends(present: Sequence) -> dict[str, object]:
    """Return the smallest and the largest value; texts by code point, cut to 200 characters."""
    if not present:
        return {"minimum": None, "maximum": None}
    return {"minimum": shown(min(present)), "maximum": shown(max(present))}


def moments(exact: Sequence[Fraction]) -> dict[str, float | None]:
    """Return mean, standard deviation (n - 1), skewness G1 and excess kurtosis G2.

    A variance that no double holds is not told, and nothing that stands on it.
    """
    n = len(exact)
    found: dict[str, float | None] = dict.fromkeys(("mean", "sd", "skew", "kurtosis"))
    if not n:
        return found
    mean = sum(exact) / n
    found["mean"] = float(mean)
    second, third, fourth = (sum((x - mean) ** k for x in exact) for k in (2, 3, 4))
    if second > Fraction(sys.float_info.max) * (n - 1):
        return found
    if n > 1:
        found["sd"] = root(Fraction(second, n - 1))
    variance = Fraction(second, max(1, n - 1))
    if n > 2 and second:
        size = root(Fraction(third) ** 2 / variance**3)
        found["skew"] = (-size if third < 0 else size) * n / ((n - 1) * (n - 2))
    if n > 3 and second:
        scale = Fraction(n * (n + 1), (n - 1) * (n - 2) * (n - 3))
        bias = Fraction(3 * (n - 1) ** 2, (n - 2) * (n - 3))
        found["kurtosis"] = float(scale * fourth / variance**2 - bias)
    return found


def root(value: Fraction) -> float:
    """Return the square root, also of what is too large or too small for a float."""
    shift = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    return math.ldexp(math.sqrt(value / Fraction(4) ** shift), shift)


def quantiles(exact: Sequence[Fraction]) -> dict[str, float]:
    """Return the interpolated quantiles (type 7 of Hyndman and Fan 1996)."""
    ordered = sorted(exact)
    found = {}
    for name in QUANTILES:
        place = Fraction(name) * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        found[name] = float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
    return found


def texts(present: Sequence[str]) -> dict[str, object]:
    """Return the facts about texts; lengths in code points."""
    lengths = [len(text) for text in present]
    return {
        **ends(present),
        "length_min": min(lengths, default=None),
        "length_mean": sum(lengths) / len(lengths) if lengths else None,
        "length_max": max(lengths, default=None),
    }


def shown(value: object) -> object:
    """Return an extreme as the profile keeps it."""
    return cut(value) if isinstance(value, str) else value


def cut(text: str, longest: int = 200) -> str:
    """Return a text of at most ``longest`` characters, the last an ellipsis where it was longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def as_text(value: object, spelling: tuple[str, str] | None = None) -> str:
    """Return a value as it is shown among frequent values, true and false as in the file."""
    if isinstance(value, bool):
        yes, no = spelling or ("true", "false")
        return yes if value else no
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 10**15
        return f"{value + 0.0:.0f}" if whole else repr(value)  # + 0.0: no “-0”
    if isinstance(value, datetime):
        midnight = value - datetime.combine(value.date(), datetime.min.time())
        return value.strftime("%Y-%m-%d") if not midnight else value.isoformat(sep=" ")
    return cut(str(value))


def axis(value: object) -> float:
    """Return where a value lies on the axis of a histogram."""
    if isinstance(value, datetime):
        return (value - EPOCH) / timedelta(seconds=1)
    return float(value)  # type: ignore[arg-type]  # numbers are left


def top(
    values: Sequence, spelling: tuple[str, str] | None = None, most: int = 20
) -> list[tuple[str, int]]:
    """Return the frequent values with their rows; among many values only the repeated ones."""
    counts = Counter(v for v in values if v is not None)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    repeated = [(v, n) for v, n in ordered if n > 1 or len(counts) <= most]
    return [(as_text(v, spelling), n) for v, n in repeated[:most]]


def repeats(rows: Sequence[tuple]) -> int:
    """Return the rows that equal an earlier one (missing equals missing)."""
    return len(rows) - len(set(rows))


def missing_per_row(rows: Sequence[tuple]) -> dict[int, int]:
    """Return the rows per number of missing cells."""
    return dict(sorted(Counter(sum(v is None for v in row) for row in rows).items()))


def bytes_memory(columns: Sequence[tuple[Storage, Sequence]], n_rows: int) -> int:
    """Return the size of the columns as Arrow keeps them, gaps as one bit per cell."""
    bits = math.ceil(n_rows / 8)
    total = 0
    for storage, values in columns:
        total += bits + (bits if storage is Storage.BOOLEAN else 8 * n_rows)
        if storage is Storage.TEXT:
            total += sum(len(v.encode()) for v in values if v is not None)
    return total
