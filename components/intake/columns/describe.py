"""The columns of a table of cell texts: how each is read, what it means, what it is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean

from components.core.data.dataset import Column, Storage
from components.core.data.source import Problem
from components.engine.text.held_texts import open_held
from components.engine.text.text_facts import TextTable, open_texts
from components.engine.text.text_measures import Reading, TextFacts
from components.intake.columns.contents import with_places
from components.intake.columns.kinds import Evidence, guess_kind
from components.intake.columns.missing_words import ALL_WORDS, MISSING_WORDS
from components.intake.columns.roles import guess_roles
from components.intake.columns.text_formats import propose
from components.intake.columns.value_problems import (
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


@dataclass(slots=True)
class Seen:
    """What is known of a column by now.

    Attributes
    ----------
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
    reading: Reading
    facts: TextFacts
    sample: list[str]
    missing: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    texts: dict[str, int] | None = None

    @property
    def is_text(self) -> bool:
        """Whether its texts are kept as they are."""
        return self.reading.storage is Storage.TEXT

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

    def look(self, names: Sequence[str]) -> list[Seen]:
        """Propose on a sample, try on all rows."""
        seen = self._first_look(names)
        for column in seen:
            if not column.is_text:
                self.settle(column)
        self._list_texts(seen)
        for column in seen:
            if column.is_text:
                column.missing = self.missing_words(column)
        return seen

    def conclude(
        self, seen: Sequence[Seen], headers: Sequence[str]
    ) -> tuple[tuple[Column, ...], list[Problem]]:
        """Return the columns with kinds and roles, and what is odd."""
        columns = self.columns_of(seen, headers)
        problems = mixed_types([(c.name, c.odd, c.facts.n_filled) for c in seen if c.odd])
        problems += mixed_forms([(c.name, c.sample) for c in seen if c.is_text and not c.odd])
        problems += infinite_values([(c.name, c.facts.low, c.facts.high) for c in seen])
        problems += ambiguous_dates(self.texts, columns)
        return columns, problems

    def columns_of(self, seen: Sequence[Seen], headers: Sequence[str]) -> tuple[Column, ...]:
        """Return the columns with kinds and roles."""
        distinct = self._count(seen)
        columns = [
            self._column(c, headers[i] if i < len(headers) else "", distinct[i])
            for i, c in enumerate(seen)
        ]
        spans = {c.reading.field: (c.facts.low, c.facts.high) for c in seen}
        values = {c.reading.field: v for c in seen if (v := c.values) is not None}
        return guess_roles(with_places(columns, spans), values, self.n_rows)

    def _first_look(self, names: Sequence[str]) -> list[Seen]:
        fields = [f"c{i}" for i in range(len(names))]
        samples = self.texts.sample(fields, sample_rows(len(fields)))
        readings = [propose(n, f, samples[f]) for n, f in zip(names, fields, strict=True)]
        facts = self.texts.facts(readings)
        return [
            Seen(name, reading, fact, samples[reading.field])
            for name, reading, fact in zip(names, readings, facts, strict=True)
        ]

    def settle(self, column: Seen) -> None:
        """Decide how a column is read: all rows must be values or missing words."""
        for _ in range(ATTEMPTS):
            if column.facts.n_read == column.facts.n_filled:
                return
            odd = self.texts.unread(column.reading, ODD_TEXTS)
            missing = {t: n for t, n in odd.items() if t in ALL_WORDS}
            column.odd = {t: n for t, n in odd.items() if t not in missing}
            if not column.odd and len(odd) < ODD_TEXTS:
                column.missing = missing
                n_filled = column.facts.n_read + sum(missing.values())  # the others are spaces
                column.facts = replace(column.facts, n_filled=n_filled)
                return
            if not self._try_again(column):
                break
        column.reading = Reading(column.reading.field)

    def _try_again(self, column: Seen) -> bool:
        """Propose a reading under which the odd texts are values, too; say whether there is one."""
        before = column.reading
        again = propose(column.name, before.field, [*column.sample, *column.odd])
        if again == before or again.storage is Storage.TEXT:
            return False
        column.reading, column.odd = again, {}
        column.facts = self.texts.facts([again])[0]
        return True

    def _list_texts(self, seen: Sequence[Seen]) -> None:
        few = [c for c in seen if 0 < c.facts.n_distinct <= FEW_TEXTS]
        fields = [c.reading.field for c in few]
        listed = self.texts.distinct(fields, 2 * FEW_TEXTS)
        for column in few:
            column.texts = listed[column.reading.field]

    def missing_words(self, column: Seen) -> dict[str, int]:
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
        if column.texts is not None and not others:
            return found
        country = "NA" in found and _are_countries(others)
        return {
            t: n for t, n in found.items() if t in MISSING_WORDS and not (country and t == "NA")
        }

    def _words(self, column: Seen) -> dict[str, int]:
        """Return the missing words among many texts, with their rows."""
        return self.texts.words(column.reading.field, MISSING_WORDS)

    def _count(self, seen: Sequence[Seen]) -> list[int]:
        """Return the number of different values of each column."""
        exact: dict[str, int] = {}
        if self.n_rows <= EXACT_ROWS:
            many = [c for c in seen if c.texts is None and _may_be_unique(c.facts)]
            exact = self._count_exactly([c.reading.field for c in many])
        return [
            len(c.values or ())
            if c.texts is not None
            else exact.get(c.reading.field, c.facts.n_distinct) - len(c.missing)
            for c in seen
        ]

    def _count_exactly(self, fields: Sequence[str]) -> dict[str, int]:
        return self.texts.count_distinct(fields)

    def _column(self, seen: Seen, header: str, n_distinct: int) -> Column:
        facts, reading = seen.facts, seen.reading
        disguised = tuple(sorted(seen.missing))
        sample = _filled(seen) if seen.is_text else []  # the others do not ask for it
        guess = guess_kind(
            Evidence(
                name=seen.name,
                storage=reading.storage,
                style=reading.style,
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
            field=reading.field,
            header=header,
            storage=reading.storage,
            format=reading.style,
            kind=guess.kind,
            kind_why=guess.why,
            kind_confidence=guess.confidence,
            disguised=disguised,
        )


def _filled(seen: Seen) -> list[str]:
    """Return the different texts of the sample that are values."""
    texts = dict.fromkeys(map(str.strip, seen.sample))
    return [t for t in texts if t and t not in seen.missing]


def _are_countries(texts: Collection[str]) -> bool:
    """Whether most texts are codes of two letters: NA is Namibia, then."""
    codes = sum(1 for t in texts if re.fullmatch(r"[A-Z]{2}", t))
    return bool(texts) and codes >= CODES * len(texts)


def _may_be_unique(facts: TextFacts) -> bool:
    return facts.n_distinct > 0.8 * facts.n_filled
