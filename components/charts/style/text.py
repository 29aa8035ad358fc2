"""Words and numbers on figures and in reports: cleaned, cut, escaped, formatted.

Text from the data is untrusted. :func:`clean` makes it safe to read, :func:`label` makes it safe
to hand to Plotly, which renders a small part of HTML, TeX between dollar signs, and entities.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from components.core.judgement.evidence import Unit

LIMIT = 60
"""Longest piece of text from the data on a figure, in characters."""

QUALITY_AXIS = "score, for the order only (1 = least doubtful)"
"""What a quality of rows is: no probability, and flagged rows come first whatever else holds."""

NOTHING = "–"
"""The placeholder for a number that is not known."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_SMALLEST_SHARE = 0.001
_EXACT_BELOW = 1e15
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e6


def clean(text: object, limit: int = LIMIT) -> str:
    """Return ``text`` on one line, without control and direction characters, cut to ``limit``.

    An empty text becomes ``(empty)``, so that a blank name still has something to read.
    """
    spaced = " ".join(str(text)[: 20 * limit].split())
    shown = spaced if spaced.isprintable() else _visible(spaced)
    if not shown:
        return "(empty)"
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE).strip()


def capital(text: str) -> str:
    """Return ``text`` with a capital first letter."""
    return text[:1].upper() + text[1:]


def label(text: object, limit: int = LIMIT) -> str:
    """Return ``text`` cleaned and escaped for Plotly: no markup, no links, no TeX."""
    return html.escape(clean(text, limit), quote=False).replace("$", "&#36;")


def labels(texts: Sequence[object], limit: int = LIMIT) -> list[str]:
    """Return :func:`label` of each."""
    return [label(text, limit) for text in texts]


def count(value: float) -> str:
    """Return a whole number with thousands separators: ``1,234``."""
    return f"{value:,.0f}" if math.isfinite(value) else NOTHING


def percent(share: float | None) -> str:
    """Return a share in [0, 1] as ``6.3 %``; never rounds something to nothing or to all."""
    if share is None or not math.isfinite(share):
        return NOTHING
    if 0 < share < _SMALLEST_SHARE:
        return "< 0.1 %"
    if 1 - _SMALLEST_SHARE < share < 1:
        return "> 99.9 %"
    text = f"{100 * share:.1f}"
    return f"{text.removesuffix('.0')} %"


def plain(value: float | None, digits: int = 4) -> str:
    """Return a number in about ``digits`` significant digits, with thousands separators."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    if float(value).is_integer() and abs(value) < _EXACT_BELOW:
        return f"{value:,.0f}"
    if abs(value) < _PLAIN_FROM or abs(value) >= _EXACT_BELOW:
        return f"{value:.3g}"
    if abs(value) >= _PLAIN_TO:
        return f"{value:,.0f}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def by_unit(value: float | None, unit: Unit) -> str:
    """Return a number in the notation of its unit."""
    if value is None or not math.isfinite(value):
        return NOTHING
    match unit:
        case Unit.SHARE:
            return percent(value)
        case Unit.COUNT:
            return count(value)
        case Unit.DIFFERENCE:
            return f"{100 * value:+.1f} points"
        case Unit.RATIO | Unit.SCORE:
            return plain(value, 3)
        case Unit.VALUE:
            return plain(value)


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    """Return ``4.1 % to 8.9 %``; "" where an end is missing."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{by_unit(low, unit)} to {by_unit(high, unit)}"


def instant(iso: str) -> datetime | None:
    """Return an ISO 8601 text as an instant without zone; None where it is not one."""
    try:
        return datetime.fromisoformat(iso).replace(tzinfo=None)
    except ValueError:
        return None


def finite(value: float | None) -> float | None:
    """Return ``value``, or None where it is not a finite number."""
    return value if value is not None and math.isfinite(value) else None


def and_more(n: int, what: str = "") -> str:
    """Return ``and 970 more``, or "" for none."""
    return f"and {n:,} more{' ' if what else ''}{what}" if n > 0 else ""
