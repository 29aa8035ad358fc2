"""A profile held against the slow facts, column by column and fact by fact."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import slow_associations  # noqa: F401 - the fixture of the tests takes it from here
import slow_contents
import slow_facts
import slow_values

from components.core.data.dataset import Column, Role, Storage
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.intake import Loaded

CLOSE = 1e-9
FEW_CLASSES = 10


def differences(
    profile: DatasetProfile, loaded: Loaded, source: Path, but: tuple[str, ...] = ()
) -> list[str]:
    """Return what in the profile of a CSV file is not as the slow implementation finds it.

    Parameters
    ----------
    but
        Facts that are not compared.
    """
    _, texts = slow_values.cells(source)
    columns = [slow_values.values(t, c) for t, c in zip(texts, loaded.columns, strict=True)]
    found = [*_table(profile, loaded.columns, columns)]
    for place, (column, values) in enumerate(zip(loaded.columns, columns, strict=True)):
        seen = profile.columns[place]
        told = _column(seen, column, values)
        words = slow_values.disguised(texts[place], column)
        told = [*told, *_same("disguised", seen.disguised, words)]
        spelling = slow_values.spelling(texts[place], column)
        told += _same("spelling", column.spelling, spelling)
        told = [text for text in told if not (but and text.startswith(but))]
        found += [f"{column.name!r} ({column.storage}): {text}" for text in told]
    labels = _labels(loaded.columns, columns)
    for place, values in enumerate(columns if labels else ()):
        if loaded.columns[place].role is not Role.LABEL:
            texts_of = loaded.columns[place].spelling, _label_spelling(loaded.columns)
            told = _by_label(profile.columns[place], values, labels, texts_of)
            found += [f"{loaded.columns[place].name!r} by label: {text}" for text in told]
    return found


def same(found: object, expected: object, scale: float = 1.0) -> bool:
    """Say whether two facts are the same, floats within a billionth of their size.

    Parameters
    ----------
    scale
        The size of the values: next to it, a rest of cancelled sums does not count.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        alike = found.keys() == expected.keys()
        return alike and all(same(found[k], expected[k], scale) for k in found)
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=CLOSE, abs_tol=1e-12 * scale)
    return found == expected


def _same(name: str, found: object, expected: object, scale: float = 1.0) -> Iterator[str]:
    if not same(found, expected, scale):
        yield f"{name} is {found!r}, not {expected!r}"


def column_differences(seen: ColumnProfile, column: Column, values: Sequence) -> list[str]:
    """Return what in the profile of one column is not as the slow implementation finds it."""
    return list(_column(seen, column, values))


def _column(seen: ColumnProfile, column: Column, values: Sequence) -> Iterator[str]:
    expected = slow_facts.facts(values, column.storage)
    finite = [abs(v) for v in values if type(v) in {int, float} and math.isfinite(v)]
    scale = float(max(finite, default=1.0))
    for name, value in expected.items():
        of_values = name in {"mean", "sd", "quantiles"}
        yield from _same(name, getattr(seen, name), value, scale if of_values else 1.0)
    unset = {"mean", "sd", "skew", "kurtosis", "n_zero", "length_mean", "length_min", "length_max"}
    for name in unset - expected.keys():
        yield from _same(name, getattr(seen, name), None)
    yield from _same(
        "top", [(t.value, t.count) for t in seen.top], slow_facts.top(values, column.spelling)
    )
    yield from bins(seen, values, column.storage)
    yield from contents(seen, [v for v in values if v is not None], column.storage)


def bins(seen: ColumnProfile, values: Sequence, storage: Storage) -> Iterator[str]:
    """Yield what is wrong with a histogram; values at an edge may be on either side of it."""
    places = [slow_facts.axis(v) for v in values if v is not None and storage in AXES]
    if seen.bins is None or not any(map(math.isfinite, places)):
        yield from _same("bins are there", seen.bins is not None, any(map(math.isfinite, places)))
        return
    edges, counts = seen.bins.edges, seen.bins.counts
    yield from _same("edges", len(edges), len(counts) + 1)
    yield from _same("edges ascend", list(edges), sorted(set(edges)))
    yield from _same("below", seen.bins.below, sum(v < edges[0] for v in places))
    held = sum(counts) + seen.bins.below + seen.bins.above
    yield from _same("rows in bins", held, len(places))
    before = seen.bins.below
    for edge, count in zip(edges[1:], counts, strict=True):
        before += count
        slack = 1e-9 * max(1.0, abs(edge))
        low, high = sum(v < edge - slack for v in places), sum(v <= edge + slack for v in places)
        if not low <= before <= high:
            yield f"{before} rows up to {edge!r}, not {low} to {high}"


AXES = {Storage.INTEGER, Storage.NUMBER, Storage.DATETIME}


def contents(seen: ColumnProfile, present: Sequence, storage: Storage) -> Iterator[str]:
    """Yield what is wrong with the facts about texts, times and last digits."""
    if not present:
        told = {"texts": seen.texts, "times": seen.times, "digits": seen.digits}
        yield from _same("contents", told, dict.fromkeys(told))
    elif storage is Storage.TEXT:
        expected = slow_contents.texts(present)
        yield from _formats(seen, expected.pop("formats"))
        yield from _fields("texts", seen.texts, expected)
    elif storage is Storage.DATETIME:
        yield from _fields("times", seen.times, slow_contents.times(present))
    elif storage in slow_facts.NUMERIC:
        low, high = (float((seen.quantiles or {}).get(q, 0.0)) for q in ("0.05", "0.95"))
        yield from _fields("digits", seen.digits, slow_contents.digits(present, low, high))


def _fields(part: str, found: object, expected: dict | None) -> Iterator[str]:
    if expected is None or found is None:
        yield from _same(f"{part} is None", found is None, expected is None)
        return
    for name, value in expected.items():
        yield from _same(f"{part}.{name}", getattr(found, name), value)


def _formats(seen: ColumnProfile, expected: Counter) -> Iterator[str]:
    shown = [] if seen.texts is None else [(f.pattern, f.count) for f in seen.texts.formats]
    most = sorted(expected.values(), reverse=True)[: slow_contents.FORMATS]
    yield from _same("formats", [n for _, n in shown], most)
    for pattern, count in shown:
        yield from _same(f"format {pattern!r}", count, expected[pattern])


def _labels(columns: Sequence[Column], values: Sequence[Sequence]) -> Sequence | None:
    """Return the label of each row, when it splits the facts."""
    place = next((i for i, c in enumerate(columns) if c.role is Role.LABEL), None)
    if place is None or columns[place].kind.is_numeric:
        return None
    classes = {v for v in values[place] if v is not None}
    return values[place] if 0 < len(classes) <= FEW_CLASSES else None


def _label_spelling(columns: Sequence[Column]) -> tuple[str, str] | None:
    return next((c.spelling for c in columns if c.role is Role.LABEL), None)


def _by_label(
    seen: ColumnProfile,
    values: Sequence,
    labels: Sequence,
    spellings: tuple[tuple[str, str] | None, tuple[str, str] | None],
) -> Iterator[str]:
    own, of_label = spellings
    pairs = Counter(
        (slow_facts.as_text(v, own), slow_facts.as_text(label, of_label))
        for v, label in zip(values, labels, strict=True)
        if v is not None and label is not None
    )
    names = {slow_facts.as_text(label, of_label) for label in labels if label is not None}
    for item in seen.top:
        expected = {name: pairs[item.value, name] for name in names}
        yield from _same(f"top {item.value!r}", item.by_label, expected)
    if seen.bins is not None:
        split = seen.bins.by_label or {}
        yield from _same("classes of bins", set(split), names)
        unlabelled = sum(label is None for label in labels)
        for i, count in enumerate(seen.bins.counts):
            total = sum(of_class[i] for of_class in split.values())
            if not count - unlabelled <= total <= count:
                yield f"bin {i} has {total} rows by class and {count} in all"


def _table(
    profile: DatasetProfile, columns: Sequence[Column], values: Sequence[Sequence]
) -> Iterator[str]:
    rows = list(zip(*values, strict=True))
    keys = [i for i, c in enumerate(columns) if _is_key(c)]
    others = [tuple(v for i, v in enumerate(row) if i not in keys) for row in rows]
    expected = {
        "n_rows": len(rows),
        "n_columns": len(columns),
        "n_repeats": slow_facts.repeats(rows),
        "keys": tuple(columns[i].name for i in keys),
        "n_repeats_without_keys": slow_facts.repeats(others)
        if 0 < len(keys) < len(columns)
        else None,
        "missing_per_row": slow_facts.missing_per_row(rows),
        "completeness": 1 - sum(v is None for row in rows for v in row) / _cells(rows),
        "label_counts": _classes(columns, values),
    }
    counted = expected["label_counts"]
    expected["n_classes"] = None if counted is None else len(counted)
    for name, value in expected.items():
        yield from _same(name, getattr(profile, name), value)
    size = slow_facts.bytes_memory(
        [(c.storage, v) for c, v in zip(columns, values, strict=True)], len(rows)
    )
    yield from _same("bytes_memory", profile.bytes_memory, size)


def _cells(rows: Sequence[tuple]) -> int:
    return sum(len(row) for row in rows)


def _is_key(column: Column) -> bool:
    return column.kind.value == "identifier" or column.role in {Role.ID, Role.TIME}


def _classes(columns: Sequence[Column], values: Sequence[Sequence]) -> dict[str, int] | None:
    for column, of_column in zip(columns, values, strict=True):
        if column.role is Role.LABEL and not column.kind.is_numeric:
            counts = Counter(
                slow_facts.as_text(v, column.spelling) for v in of_column if v is not None
            )
            return dict(counts)
    return None
