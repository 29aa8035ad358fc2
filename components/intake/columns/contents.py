"""Cells that hold more than a value: JSON, lists, paths of images, addresses of pages, places."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from components.core.data.dataset import Column, Confidence, Kind, Storage
from components.intake.columns.names import normal

LOOKED_AT = 500
"""Different cells that are looked at."""

ENOUGH_CELLS = 5
"""Different cells from which parts in cells are detected (our choice)."""

ENOUGH_PARTS = 20
"""Parts of cells from which their vocabulary is judged (our choice)."""

LONGEST_JSON = 100_000
"""Characters of a cell that is parsed."""

DEEPEST_JSON = 50
"""Brackets that are open at once in a cell that is parsed."""

SEPARATORS = {";": 0.3, "|": 0.3, ", ": 0.15, ",": 0.15}
"""Sign between the parts of a cell -> share of different ones among the parts, at most. Sentences
have commas, too, and other words each time (our choice)."""

WITH_SIGN = 0.5
"""Share of the different cells that have the sign, at least (our choice)."""

PART_LENGTH = 40
"""Characters of a part, at most; longer ones are sentences (our choice)."""

IMAGE = re.compile(r"[^\r\n]+\.(?:jpe?g|png|gif|bmp|tiff?|webp|svg|heic|dcm)(?:\?\S*)?", re.I)
URL = re.compile(r"(?:https?|ftp|s3|gs)://[^\s/$.?#][^\s]*", re.IGNORECASE)
WEB = re.compile(r"www\.[\w-]+\.[a-z]{2,}[^\s]*", re.IGNORECASE)

LATITUDE = re.compile(r"(?:(?<=_)|^)(?:latitude|lat)(?:(?=_)|$)")
LONGITUDE = ("longitude", "long", "lng", "lon")
MOST_LATITUDE, MOST_LONGITUDE = 90.0, 180.0


def link_kind(values: Sequence[str]) -> str:
    """Return what all the values point to, in words; empty where they do not."""
    seen = values[:LOOKED_AT]
    if not seen:
        return ""
    if all(IMAGE.fullmatch(v) for v in seen):
        return "paths of images"
    if all(URL.fullmatch(v) or WEB.fullmatch(v) for v in seen):
        return "addresses of pages or files"
    return ""


def list_kind(values: Sequence[str]) -> str:
    """Return in words how the cells hold several things; empty where they do not."""
    seen = values[:LOOKED_AT]
    if not seen:
        return ""
    if all(v[0] in "[{" and _is_json(v) for v in seen):
        return "JSON"
    for sign, most in SEPARATORS.items():
        if _is_listed(seen, sign, most):
            return f"parts with “{sign.strip()}” between"
    return ""


def _is_json(value: str) -> bool:
    if len(value) > LONGEST_JSON or value.count("[") + value.count("{") > len(value) / 2:
        return False
    if not _is_flat(value):
        return False
    return _parses(value) or _parses(value.replace("'", '"').replace("None", "null"))


def _is_flat(value: str) -> bool:
    depth = 0
    for sign in value:
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST_JSON:
            return False
    return True


def _parses(value: str) -> bool:
    try:
        return isinstance(json.loads(value), list | dict)
    except ValueError:
        return False


def _is_listed(values: Sequence[str], sign: str, most: float) -> bool:
    """Whether cells are lists: of few parts that come again, in cells of different length."""
    if sum(1 for v in values if sign in v) < max(ENOUGH_CELLS, WITH_SIGN * len(values)):
        return False
    cells = [[p.strip() for p in v.strip(sign).split(sign)] for v in values]
    with_sign = [c for c in cells if len(c) > 1]
    if len(with_sign) < max(ENOUGH_CELLS, WITH_SIGN * len(cells)):
        return False
    parts = [p for c in cells for p in c]
    if len(parts) < ENOUGH_PARTS or any(not p or len(p) > PART_LENGTH for p in parts):
        return False
    if len({len(c) for c in cells}) == 1 or any(len(set(c)) < len(c) for c in cells):
        return False
    if "," in sign and all(p.replace(".", "").isdigit() for p in parts):
        return False
    return len(set(parts)) <= most * len(parts)


def with_places(
    columns: Sequence[Column], spans: Mapping[str, tuple[float | None, float | None]]
) -> tuple[Column, ...]:
    """Return the columns, pairs of latitude and longitude marked as such.

    Parameters
    ----------
    spans
        Field -> least and greatest value, for numbers.
    """
    numbers = {normal(c.name): c for c in columns if c.storage is Storage.NUMBER}
    found = {}
    for name, latitude in numbers.items():
        longitude = _partner(name, numbers)
        if longitude is None or not _on_earth(spans, latitude, longitude):
            continue
        found[latitude.field] = _place(latitude, longitude, "latitude")
        found[longitude.field] = _place(longitude, latitude, "longitude")
    return tuple(found.get(c.field, c) for c in columns)


def _partner(name: str, numbers: Mapping[str, Column]) -> Column | None:
    match = LATITUDE.search(name)
    if match is None:
        return None
    names = (f"{name[: match.start()]}{word}{name[match.end() :]}" for word in LONGITUDE)
    return next((numbers[other] for other in names if other in numbers), None)


def _on_earth(
    spans: Mapping[str, tuple[float | None, float | None]], latitude: Column, longitude: Column
) -> bool:
    for column, most in ((latitude, MOST_LATITUDE), (longitude, MOST_LONGITUDE)):
        low, high = spans.get(column.field, (None, None))
        if low is None or high is None or low < -most or high > most:
            return False
    return True


def _place(column: Column, other: Column, word: str) -> Column:
    most = int(MOST_LATITUDE if word == "latitude" else MOST_LONGITUDE)
    why = (
        f"The name says {word}, all values lie between -{most} and {most}, and “{other.name}” is"
        " the other half."
    )
    return replace(column, kind=Kind.GEO, kind_why=why, kind_confidence=Confidence.HIGH)
