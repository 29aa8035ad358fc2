"""Numbers and untrusted texts as parts of plain sentences.

Everything that a finding quotes from the data goes through :func:`quoted` or :func:`listed`, so
that no cell can break a line, turn the reading direction, or fill the screen.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

MAX_QUOTED = 60
"""Characters of a name or value that a sentence shows."""


def clean(text: object, limit: int = MAX_QUOTED) -> str:
    """Return ``text`` on one line, without control characters, cut to ``limit`` characters.

    Line breaks and tabs become spaces; other control and formatting characters (zero-width signs,
    signs that turn the reading direction) become “�”, so that they can be seen.
    """
    raw = str(text)[: 4 * limit]
    shown = "".join(_visible(sign) for sign in raw)
    line = " ".join(shown.split(" ")) if shown.strip() else shown
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(sign: str) -> str:
    if sign.isspace():
        return " "
    return "�" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} else sign


def quoted(text: object, limit: int = MAX_QUOTED) -> str:
    """Return ``text`` in typographic quotes, made safe by :func:`clean`."""
    return f"“{clean(text, limit)}”"


def listed(items: Iterable[object], *, limit: int = 5) -> str:
    """Return quoted ``items`` as “a”, “b” and “c”; past ``limit`` the rest is counted."""
    every = [quoted(item) for item in items]
    if len(every) > limit:
        return f"{', '.join(every[:limit])} and {len(every) - limit:,} more"
    return joined(every)


def joined(parts: Sequence[str]) -> str:
    """Return ``parts`` as “a, b and c”."""
    if len(parts) < 2:  # noqa: PLR2004 - one part needs no "and"
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def plural(n: int, one: str, many: str = "") -> str:
    """Return “1 row” or “1,234 rows”; ``many`` where adding an s is wrong."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def share(value: float) -> str:
    """Return a share in [0, 1] as a percentage that is never rounded to 0 % or 100 % falsely.

    Two digits below 1 %, one digit up to 99.9 %: “0.04 %”, “6.3 %”, “100 %”, “under 0.01 %”.
    """
    percent = 100.0 * value
    if percent in {0.0, 100.0}:
        return f"{percent:.0f} %"
    if 0.0 < percent < 0.01:  # noqa: PLR2004 - the last digit shown
        return "under 0.01 %"
    if 99.9 < percent < 100.0:  # noqa: PLR2004 - the last digit shown
        return "over 99.9 %"
    digits = 2 if abs(percent) < 1.0 else 1
    return f"{percent:.{digits}f} %".replace(".0 %", " %")


def about(value: float) -> str:
    """Return an estimated share: “about 6.3 %”, “fewer than 0.01 %”, “more than 99.9 %”."""
    said = share(value)
    if said.startswith("under "):
        return said.replace("under", "fewer than")
    return said.replace("over", "more than") if said.startswith("over ") else f"about {said}"


def points(value: float) -> str:
    """Return a difference of two shares in percentage points: “19.6 points”."""
    return f"{100.0 * value:z.1f} points"


def number(value: float) -> str:
    """Return a number with three significant digits or all of its whole part: “0.0312”, “1,234”."""
    if not math.isfinite(value):
        return "no number" if math.isnan(value) else ("-∞" if value < 0 else "∞")
    size = abs(value)
    if value == int(value) and size < 1e15:  # noqa: PLR2004 - floats are whole up to here
        return f"{int(value):,}"
    if size >= 1000:  # noqa: PLR2004 - the fraction no longer matters
        return f"{value:,.0f}"
    return f"{value:.3g}"


def capital(sentence: str) -> str:
    """Return ``sentence`` with its first letter as a capital; the rest is left alone."""
    return sentence[:1].upper() + sentence[1:]


def of_rows(n: int, total: int) -> str:
    """Return “583 of 10,000 rows (5.8 %)”."""
    part = share(n / total) if total else "0 %"
    return f"{n:,} of {plural(total, 'row')} ({part})"
