"""Delimited texts straight to the typed table, without a file of cell texts.

A short text is held in memory, and all its rows say how columns are read. Of a large one, the
readings of the columns are proposed on rows from all over the file. Then one pass writes the typed
table; it stops where a text is no value. What it could not see is looked up in the table
afterwards. Where a proposal proves wrong, the column is settled on all rows of the text, and the
pass is done again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from components.core.data.dataset import Column, Storage
from components.core.data.source import Problem
from components.core.errors import UnusableInput
from components.core.progress import Progress
from components.engine.connect import keep_open
from components.engine.table.held_columns import HeldColumns
from components.engine.table.typed_facts import TypedTable, open_typed
from components.engine.text.delimited import WIDE, Delimited
from components.engine.text.held_texts import HeldTexts, read_held
from components.engine.text.text_facts import open_csv_texts
from components.engine.text.typed_csv import LONGEST, Outcome, check_shape, write_typed_csv
from components.intake.columns.describe import Describer, Seen, sample_rows
from components.intake.columns.describe_typed import (
    TypedDescriber,
    as_settled,
    blank_fields,
    has_blank_texts,
    unproved,
)
from components.intake.columns.text_formats import propose
from components.intake.mend.mender import Mender
from components.intake.mend.read_and_mend import Reader, Reading
from components.intake.text.sample_lines import has_few_rows, spread_rows
from components.intake.text.scan import PIECE
from components.intake.text.utf8_copy import Staged
from components.intake.text_source import TextSource, add_trimmed
from components.intake.write.typed_table import table_key

LARGE = 32_000_000
"""Bytes of a text from which an engine of its own, with less memory, is worth its 20 ms."""

LARGE_MEMORY = 1_000_000_000
"""Bytes for the engine while it reads a large text; measured: more changes nothing."""

ROUNDS = 6
"""Times a text is read this way before its cell texts are written after all."""

TYPED_FILE = "typed.parquet"


@dataclass(slots=True)
class _Plan:
    """How the columns are to be written, and what is known of them."""

    seen: list[Seen]
    columns: tuple[Column, ...]
    careful: set[str]


class _GiveUp(Exception):
    """Raised where this way does not lead to the end and the other one does."""


class DirectText:
    """Reads one text straight to its typed table; see :meth:`read`.

    Attributes
    ----------
    columns, problems
        What was found, once :meth:`read` has returned something.
    path, settings
        The text that holds exactly the rows of the table, and how it is read.
    held
        The columns of the table that are in memory.
    """

    def __init__(
        self,
        text: TextSource,
        names: Sequence[str],
        work: Path,
        memory_limit: int,
        tell: Progress,
        *,
        note_words: bool = True,
    ) -> None:
        self.text = text
        self.names = names
        self.work = work
        self.memory_limit = memory_limit
        self.tell = tell
        self.note_words = note_words
        self.columns: tuple[Column, ...] = ()
        self.problems: list[Problem] = []
        self.path = Path()
        self.settings: Delimited | None = None
        self.held: HeldColumns | None = None
        self._reading = Reading()

    @property
    def typed(self) -> Path:
        """The typed table."""
        return self.work / TYPED_FILE

    def read(self, ready: Staged, settings: Delimited, mender: Mender) -> Reading | None:
        """Write the typed table; None where the text is too wide or too odd for this way."""
        # the reader leaves out lines that are longer than its buffer, without a word
        if len(self.names) > WIDE or self.text.scan.longest + 2 * PIECE > LONGEST:
            return None
        self.path, self.settings, self._reading = ready.path, settings, Reading()
        if ready.path.stat().st_size >= LARGE:
            self.memory_limit = min(self.memory_limit, LARGE_MEMORY)
        try:
            with keep_open(self.memory_limit):
                if has_few_rows(ready.path, settings, sample_rows(len(self.names)) - 1):
                    self._take(settings)
                else:
                    self._write(self._first_plan(settings), ready, settings, mender)
        except (_GiveUp, UnusableInput):  # what cannot be read at all is told by the other way
            self.settings = None
            self.typed.unlink(missing_ok=True)
            return None
        add_trimmed(self.text, self._reading)
        return self._reading

    def _take(self, settings: Delimited) -> None:
        """Write the typed table of a short text at once."""
        with self._held(self.path, settings) as texts:
            if not texts.is_whole or not texts.n_rows or self._has_odd_rows(texts):
                raise _GiveUp
            describer = Describer(texts, texts.n_rows)
            seen = describer.look(self.names)
            self.columns, self.problems = describer.conclude(seen, self.text.layout.names)
            texts.write_typed(self.columns, self.typed)
            self._reading.n_rows = texts.n_rows

    def _held(self, path: Path, settings: Delimited) -> AbstractContextManager[HeldTexts]:
        return read_held(path, settings, len(self.names), memory_limit=self.memory_limit)

    def _has_odd_rows(self, texts: HeldTexts) -> bool:
        """Whether there are empty rows or repeated headers: the other way tells their lines."""
        names, width = self.text.layout.names, len(self.names)
        is_named = self.text.layout.header_rows == 1
        return width > 1 and bool(texts.n_like([""] * width) or (is_named and texts.n_like(names)))

    def _first_plan(self, settings: Delimited) -> _Plan:
        """Propose readings on rows from all over the text."""
        lines, wanted = self.work / "sample.txt", sample_rows(len(self.names)) - 1
        broken = any("\n" in cell or "\r" in cell for r in self.text.records for cell in r.cells)
        spread_rows(self.path, settings, lines, wanted, everywhere=not broken)
        with self._held(lines, settings) as texts:
            if texts.n_rows == 0:
                raise _GiveUp
            describer = Describer(texts, texts.n_rows)
            seen = describer.look(self.names)
            columns = describer.columns_of(seen, self.text.layout.names)
        plan = _Plan(seen, columns, {s.reading.field for s in seen if has_blank_texts(s)})
        if self.text.scan.has_joined_digits:
            plan.careful |= {c.field for c in columns if c.storage is Storage.NUMBER}
        self._settle(plan, {s.reading.field for s in seen if s.odd}, settings)
        return plan

    def _write(self, plan: _Plan, ready: Staged, settings: Delimited, mender: Mender) -> None:
        """Write the table, look at it, and again, until it is as it should be."""
        repaired, n_failed = False, 0
        for number in range(ROUNDS):
            outcome = self._pass(plan, settings, number)
            if outcome.misshapen and repaired:
                raise _GiveUp
            if outcome.misshapen:
                self._repair(ready, settings, mender)
                repaired = True
            elif outcome.failed:
                # where a second column fails, more may: look at all of them at once
                typed = {s.reading.field for s in plan.seen if not s.is_text} if n_failed else set()
                self._settle(plan, outcome.failed | (typed - plan.careful), settings)
                n_failed += 1
            elif outcome.is_whole and self._conclude(plan, settings):
                return
        raise _GiveUp

    def _pass(self, plan: _Plan, settings: Delimited, number: int) -> Outcome:
        words = "Reading the cells" if number == 0 else "Reading the cells again"
        return write_typed_csv(
            self.path,
            settings,
            plan.columns,
            self.typed,
            careful=plan.careful,
            note_words=self.note_words,
            memory_limit=self.memory_limit,
            tell=lambda share: self.tell(0.2 + 0.6 * share, words),
        )

    def _repair(self, ready: Staged, settings: Delimited, mender: Mender) -> None:
        """Mend the records that do not fit, in a copy of the text."""
        load = partial(check_shape, settings=settings, n_columns=len(self.names))
        reader = Reader(mender, settings, self.work, partial(load, memory_limit=self.memory_limit))
        self._reading = reader.read(ready)
        self.path = reader.path

    def _conclude(self, plan: _Plan, settings: Delimited) -> bool:
        """Look at the table that was written; say whether it is as it should be."""
        self.tell(0.85, "Finding out what the columns mean")
        with open_typed(self.typed, plan.columns, memory_limit=self.memory_limit) as table:
            self._refuse_odd_rows(table)
            blank = blank_fields(table, plan.columns) - plan.careful
            doubtful = unproved(table, plan.columns, plan.careful)
            if blank or (doubtful and self._is_settled_anew(plan, doubtful, settings)):
                plan.careful |= blank
                return False
            describer = TypedDescriber(table, plan.columns)
            seen = describer.look_at(plan.seen)
            if describer.unread:
                self._settle(plan, describer.unread, settings)
                return False
            self.tell(0.9, "Finding out what the columns are for")
            self.columns, self.problems = describer.conclude(seen, self.text.layout.names)
            self._reading.n_rows = table.n_rows
            self.held = table.held
        as_it_is, plan.columns = table_key(plan.columns), self.columns
        return table_key(self.columns) == as_it_is

    def _refuse_odd_rows(self, table: TypedTable) -> None:
        """Leave empty rows and repeated headers to the way that tells their lines."""
        names = self.text.layout.names if self.text.layout.header_rows == 1 else ()
        texts = {f"c{i}": name for i, name in enumerate(names)}
        if len(self.names) > 1 and (table.n_empty_rows() or table.n_like(texts)):
            raise _GiveUp

    def _is_settled_anew(self, plan: _Plan, fields: Collection[str], settings: Delimited) -> bool:
        before = table_key(plan.columns)
        self._settle(plan, fields, settings)
        return table_key(plan.columns) != before

    def _settle(self, plan: _Plan, fields: Collection[str], settings: Delimited) -> None:
        """Decide from all rows of the text how columns are read."""
        chosen = [s for s in plan.seen if s.reading.field in fields]
        if not chosen:
            return
        self.tell(0.8, "Looking at all values of the columns that differ")
        width, limit = len(self.names), self.memory_limit
        with open_csv_texts(self.path, settings, width, memory_limit=limit) as texts:
            describer = Describer(texts, 0)
            readings = [propose(s.name, s.reading.field, s.sample) for s in chosen]
            for seen, reading, facts in zip(chosen, readings, texts.facts(readings), strict=True):
                seen.reading, seen.facts = reading, facts
                seen.odd, seen.missing, seen.texts = {}, {}, None
                describer.settle(seen)
                if seen.is_text:
                    seen.missing = describer.missing_words(seen)
        self._refuse_header(chosen)
        plan.careful |= set(fields)
        settled = {s.reading.field: s for s in chosen}
        plan.columns = tuple(
            as_settled(c, settled[c.field]) if c.field in settled else c for c in plan.columns
        )

    def _refuse_header(self, seen: Sequence[Seen]) -> None:
        """Give up where a value is the name of its column: the header may come again."""
        if self.text.layout.header_rows != 1:
            return
        names = {f"c{i}": name.strip() for i, name in enumerate(self.text.layout.names)}
        if any(names.get(s.reading.field) in s.odd for s in seen):
            raise _GiveUp
