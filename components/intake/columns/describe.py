"""The columns of a table of cell texts: how each is read, what it means, what it is for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from components.core.data.dataset import Column, Kind, Storage
from components.core.data.source import Problem
from components.engine.text.held_texts import open_held
from components.engine.text.text_facts import (
    Cast,
    FloatArray,
    TextFacts,
    TextTable,
    open_texts,
)
from components.intake.columns.contents import with_places
from components.intake.columns.kinds import KindEvidence, guess_kind
from components.intake.columns.missing_words import ALL_WORDS, MARKS, MISSING_WORDS, are_ticks
from components.intake.columns.own_model import MAX_COLUMNS, find_own_models
from components.intake.columns.roles import guess_roles
from components.intake.columns.text_formats import propose, spelling_of
from components.intake.columns.value_problems import (
    Unread,
    ambiguous_dates,
    infinite_values,
    mixed_forms,
    mixed_types,
)

SAMPLE_CELLS = 100_000
"""Cells looked at to propose how columns are read; all rows decide."""

FEW_TEXTS = 60
"""Different texts up to which they are all listed."""

EXACT_ROWS = 1_000_000
"""Rows up to which different texts are counted, not estimated, where it matters."""

ODD_TEXTS = 50
"""Different texts that are no values, at most, that are looked at."""

ATTEMPTS = 3
"""Readings tried on all rows of a column."""

CODES = 0.8
"""Share of two-letter codes among the texts of a column from which NA is one, too (our choice)."""


@dataclass(frozen=True, slots=True)
class ColumnEvidence:
    """What is known of a column by now.

    Attributes
    ----------
    cast
        How its texts are read.
    sample
        Different texts of some rows.
    missing
        The texts that stand for a missing value, with their rows.
    odd
        The texts that are no values though most are, with their rows.
    texts
        All different texts with their rows, where they are few.
    """

    name: str
    cast: Cast
    facts: TextFacts
    sample: Sequence[str]
    missing: Mapping[str, int] = dataclasses.field(default_factory=dict)
    odd: Mapping[str, int] = dataclasses.field(default_factory=dict)
    texts: Mapping[str, int] | None = None

    @property
    def field(self) -> str:
        """The physical name of the column."""
        return self.cast.field

    @property
    def is_text(self) -> bool:
        """Whether its texts are kept as they are."""
        return self.cast.storage is Storage.TEXT

    @property
    def values(self) -> tuple[str, ...] | None:
        """The different values, where they are few."""
        return None if self.texts is None else tuple(t for t in self.texts if t not in self.missing)


def describe(
    path: Path, names: Sequence[str], headers: Sequence[str], n_rows: int, *, memory_limit: int
) -> tuple[tuple[Column, ...], list[Problem]]:
    """Return the columns of the text table ``path`` with kinds and roles, and what is odd."""
    few = 0 < n_rows * len(names) <= SAMPLE_CELLS and n_rows < sample_rows(len(names))
    with (open_held if few else open_texts)(path, memory_limit=memory_limit) as texts:
        describer = Describer(texts, n_rows)
        return describer.conclude(describer.look(names), headers)


def sample_rows(n_columns: int) -> int:
    """Return the rows that are looked at to propose how columns are read."""
    return max(200, SAMPLE_CELLS // max(1, n_columns))


class Describer:
    """Decides what the columns of a table are, from its cell texts."""

    def __init__(self, texts: TextTable, n_rows: int) -> None:
        self.texts = texts
        self.n_rows = n_rows

    def look(self, names: Sequence[str]) -> list[ColumnEvidence]:
        """Propose casts on a sample, try them on all rows."""
        proposed = self._first_look(names)
        settled = [c if c.is_text else self.settle(c) for c in proposed]
        listed = self._with_texts(settled)
        return [replace(c, missing=self.missing_words(c)) if c.is_text else c for c in listed]

    def conclude(
        self, seen: Sequence[ColumnEvidence], headers: Sequence[str]
    ) -> tuple[tuple[Column, ...], list[Problem]]:
        """Return the columns with kinds and roles, and what is odd."""
        columns = self.columns_of(seen, headers)
        unread = [Unread(c.name, c.facts.n_read, c.facts.n_filled, c.odd) for c in seen if c.odd]
        problems = mixed_types(unread)
        problems += mixed_forms([(c.name, c.sample) for c in seen if c.is_text and not c.odd])
        problems += infinite_values([(c.name, c.facts.low, c.facts.high) for c in seen])
        problems += ambiguous_dates(self.texts, columns)
        return columns, problems

    def columns_of(
        self, seen: Sequence[ColumnEvidence], headers: Sequence[str]
    ) -> tuple[Column, ...]:
        """Return the columns with kinds and roles."""
        distinct = self._count(seen)
        columns = [
            self._column(c, headers[i] if i < len(headers) else "", distinct[i])
            for i, c in enumerate(seen)
        ]
        spans = {c.field: (c.facts.low, c.facts.high) for c in seen}
        values = {c.field: v for c in seen if (v := c.values) is not None}
        lows = {field: low for field, (low, _) in spans.items()}
        placed = with_places(columns, spans)
        may_predict = sum(c.kind is Kind.NUMBER for c in columns) > 1  # most tables hold nothing so
        models = (
            find_own_models(placed, values, self._numbers, self._all_values) if may_predict else ()
        )
        return guess_roles(placed, values, lows, self.n_rows, models)

    def _numbers(self, columns: Sequence[Column]) -> FloatArray:
        casts = [Cast(c.field, c.storage, c.format) for c in columns]
        return self.texts.numbers(casts, sample_rows(len(casts)))

    def _all_values(self, column: Column) -> list[str]:
        found = self.texts.distinct([column.field], MAX_COLUMNS + 1)[column.field]
        return sorted(set(found) - set(column.disguised))

    def _first_look(self, names: Sequence[str]) -> list[ColumnEvidence]:
        fields = [f"c{i}" for i in range(len(names))]
        samples = self.texts.sample(fields, sample_rows(len(fields)))
        casts = [propose(n, f, samples[f]) for n, f in zip(names, fields, strict=True)]
        facts = self.texts.facts(casts)
        return [
            ColumnEvidence(name, cast, fact, samples[cast.field])
            for name, cast, fact in zip(names, casts, facts, strict=True)
        ]

    def settle(self, column: ColumnEvidence) -> ColumnEvidence:
        """Return the column with a cast under which all rows are values or missing words."""
        for _ in range(ATTEMPTS):
            if column.facts.n_read == column.facts.n_filled:
                return column
            odd = self.texts.unread(column.cast, ODD_TEXTS)
            missing = {t: n for t, n in odd.items() if t in ALL_WORDS}
            column = replace(column, odd={t: n for t, n in odd.items() if t not in missing})
            if not column.odd and len(odd) < ODD_TEXTS:
                n_filled = column.facts.n_read + sum(missing.values())  # the others are spaces
                facts = replace(column.facts, n_filled=n_filled)
                return replace(column, missing=missing, facts=facts)
            again = propose(column.name, column.field, [*column.sample, *column.odd])
            if again == column.cast or again.storage is Storage.TEXT:
                break
            facts = self.texts.facts([again])[0]
            column = replace(column, cast=again, odd={}, facts=facts)
        return replace(column, cast=Cast(column.field))

    def _with_texts(self, seen: Sequence[ColumnEvidence]) -> list[ColumnEvidence]:
        """Return the columns, those of few texts with all of them."""
        few = [c.field for c in seen if 0 < c.facts.n_distinct <= FEW_TEXTS]
        listed = self.texts.distinct(few, 2 * FEW_TEXTS)
        return [replace(c, texts=listed[c.field]) if c.field in listed else c for c in seen]

    def missing_words(self, column: ColumnEvidence) -> dict[str, int]:
        """Return the missing words of a text column."""
        if column.texts is not None:
            found = {t: n for t, n in column.texts.items() if t in ALL_WORDS}
        elif column.facts.n_filled:
            found = self._words(column)
        else:
            found = {}
        if not found:
            return found
        others = {t.strip() for t in column.texts or column.sample} - {""} - set(found)
        if _holds_ticks(column, found):
            found = {t: n for t, n in found.items() if t not in MARKS}
            others |= MARKS
        if column.texts is not None and not others:
            return found
        country = "NA" in found and _are_countries(others)
        return {
            t: n for t, n in found.items() if t in MISSING_WORDS and not (country and t == "NA")
        }

    def _words(self, column: ColumnEvidence) -> dict[str, int]:
        """Return the missing words among many texts, with their rows."""
        return self.texts.words(column.field, MISSING_WORDS)

    def _count(self, seen: Sequence[ColumnEvidence]) -> list[int]:
        """Return the number of different values of each column."""
        exact: dict[str, int] = {}
        if self.n_rows <= EXACT_ROWS:
            many = [c for c in seen if c.texts is None and _may_be_unique(c.facts)]
            exact = self._count_exactly([c.field for c in many])
        return [
            len(c.values or ())
            if c.texts is not None
            else exact.get(c.field, c.facts.n_distinct) - len(c.missing)
            for c in seen
        ]

    def _count_exactly(self, fields: Sequence[str]) -> dict[str, int]:
        return self.texts.count_distinct(fields)

    def _column(self, seen: ColumnEvidence, header: str, n_distinct: int) -> Column:
        facts, cast = seen.facts, seen.cast
        disguised = tuple(sorted(seen.missing))
        sample = _filled(seen) if seen.is_text else []  # the others do not ask for it
        guess = guess_kind(
            KindEvidence(
                name=seen.name,
                storage=cast.storage,
                style=cast.style,
                n=self.n_rows,
                n_present=facts.n_filled - sum(seen.missing.values()),
                n_distinct=n_distinct,
                length_mean=fmean(map(len, sample)) if sample else 0.0,
                spaces_mean="".join(sample).count(" ") / len(sample) if sample else 0.0,
                low=facts.low,
                high=facts.high,
                disguised=disguised,
                sample=tuple(sample[:1000]),
                values=seen.values,
            )
        )
        return Column(
            name=seen.name,
            field=cast.field,
            header=header,
            storage=cast.storage,
            format=cast.style,
            spelling=spelling_of(cast, seen.texts or {}, seen.sample),
            kind=guess.kind,
            kind_why=guess.why,
            kind_confidence=guess.confidence,
            disguised=disguised,
        )


def _filled(seen: ColumnEvidence) -> list[str]:
    """Return the different texts of the sample that are values."""
    texts = dict.fromkeys(map(str.strip, seen.sample))
    return [t for t in texts if t and t not in seen.missing]


def _holds_ticks(column: ColumnEvidence, found: Mapping[str, int]) -> bool:
    """Whether the marks among the missing words of a text column are answers."""
    marks = MARKS.intersection(found)
    if not marks:
        return False
    no_values = marks.union(found.keys() & MISSING_WORDS)
    texts = {t.strip() for t in column.texts or column.sample} - {""} - no_values
    n_filled = column.facts.n_filled if column.texts is None else sum(column.texts.values())
    n_values = n_filled - sum(found.get(t, 0) for t in no_values)
    return are_ticks(sum(found[t] for t in marks), n_values, len(texts))


def _are_countries(texts: Collection[str]) -> bool:
    """Whether most texts are codes of two letters: NA is Namibia, then."""
    codes = sum(1 for t in texts if re.fullmatch(r"[A-Z]{2}", t))
    return bool(texts) and codes >= CODES * len(texts)


def _may_be_unique(facts: TextFacts) -> bool:
    return facts.n_distinct > 0.8 * facts.n_filled
