"""The columns of a table of cell texts: how each is read, what it means, what it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.core.dataset import Column, Storage
from components.core.source import Problem
from components.engine.retype import (
    Reading,
    TextFacts,
    count_distinct,
    count_words,
    distinct_texts,
    sample_texts,
    text_facts,
    unread,
)
from components.intake.kinds import Evidence, guess_kind
from components.intake.roles import guess_roles
from components.intake.values import MISSING_WORDS, WEAK_WORDS, propose
from components.intake.value_problems import ambiguous_dates, mixed_types

SAMPLE_CELLS = 100_000
"""Cells looked at to propose how columns are read; all rows decide."""

FEW_TEXTS = 60
"""Different texts up to which they are all listed."""

EXACT_ROWS = 1_000_000
"""Rows up to which different texts are counted, not estimated, where it matters."""

ODD_TEXTS = 50
"""Different texts that are no values, at most, that are looked at."""


@dataclass(slots=True)
class _Seen:
    """What is known of a column by now."""

    name: str
    reading: Reading
    facts: TextFacts
    sample: list[str]
    disguised: tuple[str, ...] = ()
    n_disguised: int = 0
    odd: tuple[tuple[str, int], ...] = ()


def describe(
    path: Path, names: Sequence[str], headers: Sequence[str], n_rows: int, *, memory_limit: int
) -> tuple[tuple[Column, ...], list[Problem]]:
    """Return the columns of the text table ``path`` with kinds and roles, and what is odd."""
    fields = [f"c{i}" for i in range(len(names))]
    rows = max(200, SAMPLE_CELLS // max(1, len(fields)))
    samples = sample_texts(path, fields, rows, n_rows, memory_limit=memory_limit)
    readings = [propose(n, f, samples[f]) for n, f in zip(names, fields, strict=True)]
    facts = text_facts(path, readings, MISSING_WORDS + WEAK_WORDS, memory_limit=memory_limit)
    seen = [
        _Seen(name, reading, fact, samples[reading.field])
        for name, reading, fact in zip(names, readings, facts, strict=True)
    ]
    for column in seen:
        _settle(path, column, memory_limit)
    texts = {c.reading.field: c.disguised for c in seen if c.disguised}
    counts = count_words(path, texts, memory_limit=memory_limit)
    for column in seen:
        column.n_disguised = counts.get(column.reading.field, 0)
    distinct, values = _count(path, seen, n_rows, memory_limit)
    columns = []
    for index, column in enumerate(seen):
        header = headers[index] if index < len(headers) else ""
        columns.append(_column(column, header, n_rows, distinct[column.reading.field]))
    problems = mixed_types([(c.name, c.odd, c.facts.n_filled) for c in seen if c.odd])
    problems += ambiguous_dates(path, columns, memory_limit=memory_limit)
    return guess_roles(columns, values, n_rows), problems


def _settle(path: Path, column: _Seen, memory_limit: int) -> None:
    """Decide how a column is read: all rows must be values or missing words."""
    tried = column.reading
    for last in (False, True):
        if column.reading.storage is Storage.TEXT:
            break
        column.odd = ()
        if column.facts.n_read == column.facts.n_filled:
            return
        odd = unread(path, column.reading, ODD_TEXTS, memory_limit=memory_limit)
        missing = tuple(t for t, _ in odd if t in MISSING_WORDS or t in WEAK_WORDS)
        rest = [(t, n) for t, n in odd if t not in missing]
        if not rest and len(odd) < ODD_TEXTS:
            column.disguised = missing
            return
        column.odd = tuple(rest)
        again = propose(column.name, tried.field, [*column.sample, *(t for t, _ in rest)])
        if last or again == column.reading:
            break
        if again.storage is not Storage.TEXT:
            column.reading = again
            column.facts = text_facts(path, [again], MISSING_WORDS + WEAK_WORDS)[0]
        else:
            break
    column.reading = Reading(tried.field)
    column.disguised = _text_missing(column)


def _text_missing(column: _Seen) -> tuple[str, ...]:
    """Return the missing words of a text column."""
    words = column.facts.words
    strong = tuple(w for w in words if w in MISSING_WORDS)
    others = {t.strip() for t in column.sample} - {""} - set(words)
    if not others and column.facts.n_distinct <= len(words):
        return words
    codes = sum(1 for t in others if re.fullmatch(r"[A-Z]{2}", t))
    if others and codes >= 0.8 * len(others):  # noqa: PLR2004 - two-letter codes: NA is Namibia
        strong = tuple(w for w in strong if w != "NA")
    return strong


def _count(
    path: Path, seen: Sequence[_Seen], n_rows: int, memory_limit: int
) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Return the number of different values per field, and the values where they are few."""
    few = [c.reading.field for c in seen if 0 < c.facts.n_distinct <= FEW_TEXTS]
    listed = distinct_texts(path, few, 2 * FEW_TEXTS, memory_limit=memory_limit)
    distinct = {c.reading.field: c.facts.n_distinct for c in seen}
    if n_rows <= EXACT_ROWS:
        many = [
            c.reading.field
            for c in seen
            if c.facts.n_distinct > FEW_TEXTS and c.facts.n_distinct > 0.8 * c.facts.n_filled  # noqa: PLR2004
        ]
        distinct |= count_distinct(path, many, memory_limit=memory_limit)
    by_field = {c.reading.field: c for c in seen}
    values = {}
    for column in seen:
        distinct[column.reading.field] -= len(column.disguised)
    for field, counts in listed.items():
        kept = tuple(t for t in counts if t not in by_field[field].disguised)
        values[field] = kept
        distinct[field] = len(kept)
    return distinct, values


def _column(seen: _Seen, header: str, n_rows: int, n_distinct: int) -> Column:
    facts, reading = seen.facts, seen.reading
    gone = set(seen.disguised)
    present = facts.n_filled - seen.n_disguised
    guess = guess_kind(
        Evidence(
            name=seen.name,
            storage=reading.storage,
            style=reading.style,
            n=n_rows,
            n_present=present,
            n_distinct=n_distinct,
            length_mean=facts.length_mean,
            spaces_mean=facts.spaces_mean,
            low=facts.low,
            high=facts.high,
            disguised=seen.disguised,
            sample=tuple({t.strip() for t in seen.sample} - {""} - gone)[:1000],
        )
    )
    return Column(
        name=seen.name,
        field=reading.field,
        header=header,
        storage=reading.storage,
        format=reading.style,
        kind=guess.kind,
        kind_why=guess.why,
        disguised=seen.disguised,
    )
