"""The columns of a typed table that was written before all of its texts had been seen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from components.core.data.dataset import Column, Storage
from components.engine.sql.casts import ISO
from components.engine.table.typed_facts import TypedTable
from components.engine.text.text_facts import Cast, TextFacts
from components.intake.columns.describe import EXACT_ROWS, FEW_TEXTS, ColumnEvidence, Describer
from components.intake.columns.kinds import has_id_name
from components.intake.columns.text_formats import spelling_of

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the table, without a zone
"""What the engine reads ``epoch`` as."""

LAST = datetime(9999, 12, 31)  # noqa: DTZ001 - as the table, without a zone
"""The driver of the engine shows later times, and ``infinity``, as this day."""


def has_blank_texts(seen: ColumnEvidence) -> bool:
    """Whether the sample holds texts of nothing but spaces."""
    return any(text[:1] == " " and not text.strip(" ") for text in seen.sample)


def as_settled(column: Column, seen: ColumnEvidence) -> Column:
    """Return a column as it is to be written once its reading is settled on all rows."""
    disguised = tuple(sorted(seen.missing))
    cast = seen.cast
    return replace(
        column,
        storage=cast.storage,
        format=cast.style,
        spelling=spelling_of(cast, seen.texts or {}, seen.sample),
        disguised=disguised,
    )


def blank_fields(table: TypedTable, columns: Sequence[Column]) -> set[str]:
    """Return the text columns that hold texts of nothing but spaces; they should be null."""
    return {
        c.field
        for c in columns
        if c.storage is Storage.TEXT and _may_be_blank(table, c.field) and table.has_blank(c.field)
    }


def _may_be_blank(table: TypedTable, field: str) -> bool:
    span = table.spans[field]
    return not span.is_known or (span.low is not None and span.low < "!")


def unproved(
    table: TypedTable, columns: Sequence[Column], careful: Collection[str]
) -> frozenset[str]:
    """Return the fields that the engine has cast by itself and that hold a value to wonder at.

    Infinite numbers and times, times before the year 1, and the moment that ``epoch`` stands for:
    the text may be a word.
    """
    cast = [c for c in columns if c.field not in careful and not c.disguised]
    numbers = [c.field for c in cast if c.storage is Storage.NUMBER and not c.format]
    times = [c.field for c in cast if c.storage is Storage.DATETIME and c.format in {"", ISO}]
    spans = table.spans
    odd = {f for f in numbers if not spans[f].is_known or _is_infinite(spans[f].low, spans[f].high)}
    return frozenset(odd | {f for f in times if _is_odd_time(table, f)})


def _is_infinite(*ends: float | None) -> bool:
    return any(end is not None and not math.isfinite(end) for end in ends)


def _is_odd_time(table: TypedTable, field: str) -> bool:
    span = table.spans[field]
    if not span.is_known or span.low is None:
        return not span.is_known
    if span.high >= LAST:
        return True
    return bool(span.low <= EPOCH) and table.has_epoch(field)


NEARLY_ALL = 0.9
"""Share of different values, as estimated, from which all of them may differ."""


class TypedDescriber(Describer):
    """Decides what columns are from their values, and from samples of their texts."""

    def __init__(self, table: TypedTable, columns: Sequence[Column]) -> None:
        super().__init__(table, table.n_rows)
        self.table = table
        self.columns = {c.field: c for c in columns}
        self._exact: dict[str, int] = {}  # different values that were counted already

    def look_at(self, proposed: Sequence[ColumnEvidence]) -> list[ColumnEvidence]:
        """Return what is known of the columns now, over all rows."""
        few = [s.field for s in proposed if len(_values(s)) <= FEW_TEXTS]
        truth = {f for f in few if self.columns[f].storage is Storage.BOOLEAN}
        listed = self.table.distinct([f for f in few if f not in truth], FEW_TEXTS + 1)
        listed = {f: texts for f, texts in listed.items() if len(texts) <= FEW_TEXTS}
        listed |= {f: self._truth(f) for f in truth}
        many = [s for s in proposed if s.field not in listed]
        counts = self._counts_of([s for s in many if s.is_text or self._is_whole(s)])
        return [self._full(s, listed.get(s.field), counts) for s in proposed]

    def _is_whole(self, seen: ColumnEvidence) -> bool:
        return self.columns[seen.field].storage is Storage.INTEGER

    def _truth(self, field: str) -> dict[str, int]:
        """Return which truth values there are, each with some rows, from the footer."""
        span, text_of = self.table.spans[field], self.columns[field].text_of
        return {text_of(end): 1 for end in (span.low, span.high) if end is not None}

    def _counts_of(self, seen: Sequence[ColumnEvidence]) -> dict[str, int]:
        """Return how many values differ: estimated, exact where all rows could.

        Whole numbers in a long table are estimated only where the name says identifier; for the
        others it matters no more once they are many.
        """
        running = [s.field for s in seen if self._is_whole(s) and self._runs(s)]
        short = self.n_rows <= EXACT_ROWS
        open_now = [s for s in seen if short or s.is_text or has_id_name(s.name)]
        fields = [s.field for s in open_now if s.field not in running]
        found = self.table.estimates(fields)
        names = {s.field for s in open_now if self._is_whole(s) and not short}
        unique = [f for f in names & set(found) if found[f] > NEARLY_ALL * self.n_rows]
        self._exact = self.table.count_distinct(unique) | dict.fromkeys(running, self.n_rows)
        return found | self._exact

    def _count_exactly(self, fields: Sequence[str]) -> dict[str, int]:
        open_now = [field for field in fields if field not in self._exact]
        return self._exact | super()._count_exactly(open_now)

    def _runs(self, seen: ColumnEvidence) -> bool:
        span = self.table.spans[seen.field]
        whole = span.n_null == 0 and span.low is not None
        return whole and span.high - span.low + 1 == self.n_rows and self.table.runs(seen.field)

    def _full(
        self, seen: ColumnEvidence, listed: Mapping[str, int] | None, estimates: Mapping[str, int]
    ) -> ColumnEvidence:
        words = dict.fromkeys(self.columns[seen.field].disguised, 0)
        full = replace(
            seen,
            facts=self._facts(seen, listed),
            missing=words,
            texts=None if listed is None else {**words, **listed},
        )
        if full.is_text:
            full = replace(full, missing=self.missing_words(full))
        if listed is not None:
            return full
        n = estimates[seen.field] if seen.field in estimates else len(_values(seen))
        return replace(full, facts=replace(full.facts, n_distinct=n + len(full.missing)))

    def _facts(self, seen: ColumnEvidence, listed: Mapping[str, int] | None) -> TextFacts:
        span, stored = self.table.spans[seen.field], self.columns[seen.field].storage
        if stored is Storage.TEXT and not seen.is_text and not _reads_all(seen.cast, listed):
            return self.table.facts([seen.cast])[0]
        n = self.n_rows - span.n_null
        is_number = stored in {Storage.NUMBER, Storage.INTEGER}
        low, high = (span.low, span.high) if is_number else (None, None)
        return TextFacts(
            n_filled=n,
            n_read=n,
            n_distinct=0,
            low=None if low is None else float(low),
            high=None if high is None else float(high),
        )

    def _words(self, column: ColumnEvidence) -> dict[str, int]:
        return {**column.missing, **super()._words(column)}


def unread_fields(seen: Sequence[ColumnEvidence]) -> set[str]:
    """Return fields kept as text of which not all texts are values of the proposed cast."""
    return {s.field for s in seen if s.facts.n_read != s.facts.n_filled}


def _reads_all(cast: Cast, texts: Iterable[str] | None) -> bool:
    """Whether all texts are values, as far as that is seen without the engine."""
    if texts is None:
        return False
    words = set((cast.style or "true/false").split("/"))
    return cast.storage is Storage.BOOLEAN and all(text.lower() in words for text in texts)


def _values(seen: ColumnEvidence) -> set[str]:
    """Return the different values of the sample."""
    return set(map(str.strip, seen.sample)) - {""} - set(seen.missing)
