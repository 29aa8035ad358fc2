"""A long delimited text straight to its typed table, without a file of cell texts.

Casts of the columns are proposed on rows from all over the file. Then one pass writes the typed
table; it stops where a text is no value. What it could not see is looked up in the table
afterwards. Where a proposal proves wrong, the column is settled on all rows of the text, and the
pass is done again. What does not come to an end in this way is for the cell texts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from components.core.data.dataset import Column, Storage
from components.core.data.source import Problem
from components.core.errors import UnusableInput
from components.core.progress import Progress
from components.engine.connect import keep_open
from components.engine.table.held_columns import HeldColumns
from components.engine.table.typed_facts import TypedTable, open_typed
from components.engine.text.delimited import WIDE
from components.engine.text.held_texts import HeldTexts, read_held
from components.engine.text.text_facts import open_csv_texts
from components.engine.text.typed_csv import LONGEST, PassOutcome, write_typed_csv
from components.intake.columns.describe import ColumnEvidence, Describer, sample_rows
from components.intake.columns.describe_typed import (
    TypedDescriber,
    as_settled,
    blank_fields,
    has_blank_texts,
    unproved,
    unread_fields,
)
from components.intake.columns.text_formats import propose
from components.intake.mend.mend_text import MendedText, mend, without_mending
from components.intake.mend.preparation import ReadyText
from components.intake.text.scan import PIECE
from components.intake.text.sniff import SniffedText
from components.intake.write.sample_lines import spread_rows
from components.intake.write.typed_table import table_key

LARGE = 32_000_000
"""Bytes of a text from which an engine of its own, with less memory, is worth its 20 ms."""

LARGE_MEMORY = 1_000_000_000
"""Bytes for the engine while it reads a large text; measured: more changes nothing."""

ROUNDS = 6
"""Times a text is read this way before its cell texts are written after all."""

TYPED_FILE = "typed.parquet"


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text that was written to its typed table.

    Attributes
    ----------
    path
        The typed table.
    mended
        The text that holds exactly the rows of the table.
    problems
        What is odd about the columns.
    held
        The columns of the table that are in memory.
    """

    path: Path
    mended: MendedText
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]
    held: HeldColumns


@dataclass(frozen=True, slots=True)
class NotInOnePass:
    """Why a text is for the other way, in a few words."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the columns are to be written, and what is known of them.

    Attributes
    ----------
    careful
        Fields of which the engine casts no text by itself.
    """

    seen: tuple[ColumnEvidence, ...]
    columns: tuple[Column, ...]
    careful: frozenset[str]


def write_in_one_pass(
    text: SniffedText,
    ready: ReadyText,
    names: Sequence[str],
    work: Path,
    *,
    memory_limit: int,
    tell: Progress,
    for_export: bool = False,
) -> TypedText | NotInOnePass:
    """Write the typed table of a text in ``work``.

    Parameters
    ----------
    names
        Of the columns.
    for_export
        Whether the typed table is going to be written out: see
        :func:`components.engine.text.typed_csv.write_typed_csv`.
    """
    # the reader leaves out lines that are longer than its buffer, without a word
    if len(names) > WIDE or text.scan.longest + 2 * PIECE > LONGEST:
        return NotInOnePass("too many columns, or a very long line")
    large = ready.path.stat().st_size >= LARGE
    limit = min(memory_limit, LARGE_MEMORY) if large else memory_limit
    with keep_open(limit):
        return _OnePass(text, ready, tuple(names), work, limit, tell, for_export).write()


@dataclass(frozen=True, slots=True)
class _OnePass:
    """The circumstances of one reading; :meth:`write` does it."""

    text: SniffedText
    ready: ReadyText
    names: tuple[str, ...]
    work: Path
    memory_limit: int
    tell: Progress
    for_export: bool

    @property
    def typed(self) -> Path:
        """The typed table."""
        return self.work / TYPED_FILE

    def write(self) -> TypedText | NotInOnePass:
        """Write the typed table, look at it, and again, until it is as it should be."""
        plan = self._first_plan()
        return plan if isinstance(plan, NotInOnePass) else self._rounds(plan)

    def _rounds(self, plan: _Plan) -> TypedText | NotInOnePass:
        mended, is_mended, n_failed = without_mending(self.ready, 0), False, 0
        for number in range(ROUNDS):
            outcome = self._pass(plan, mended, number)
            step: _Plan | TypedText | NotInOnePass = plan
            if outcome.unreadable or (outcome.misshapen and is_mended):
                return NotInOnePass("the reader cannot follow the text")
            if outcome.misshapen:
                found = mend(self.ready, self.work, None, memory_limit=self.memory_limit)
                if isinstance(found, UnusableInput):
                    return NotInOnePass(found.what)
                mended, is_mended = found, True
            elif outcome.failed:
                # where a second column fails, more may: look at all of them at once
                typed = {s.field for s in plan.seen if not s.is_text} if n_failed else set()
                step = self._settled(plan, outcome.failed | (typed - plan.careful), mended.path)
                n_failed += 1
            else:
                step = self._checked(plan, mended)
            if not isinstance(step, _Plan):
                return step
            plan = step
        return NotInOnePass(f"columns are not settled in {ROUNDS} rounds")

    def _first_plan(self) -> _Plan | NotInOnePass:
        """Propose casts on rows from all over the text."""
        lines, wanted = self.work / "sample.txt", sample_rows(len(self.names)) - 1
        broken = any("\n" in c or "\r" in c for r in self.text.records for c in r.cells)
        spread_rows(self.ready.path, self.ready.settings, lines, wanted, everywhere=not broken)
        with self._sample(lines) as texts:
            if isinstance(texts, UnusableInput):
                return NotInOnePass(texts.what)
            if texts.n_rows == 0:
                return NotInOnePass("no row of the sample fits")
            describer = Describer(texts, texts.n_rows)
            seen = tuple(describer.look(self.names))
            columns = describer.columns_of(seen, self.text.layout.names)
        careful = {s.field for s in seen if has_blank_texts(s)}
        if self.text.scan.has_joined_digits:
            careful |= {c.field for c in columns if c.storage is Storage.NUMBER}
        plan = _Plan(seen, columns, frozenset(careful))
        return self._settled(plan, {s.field for s in seen if s.odd}, self.ready.path)

    def _sample(self, lines: Path) -> AbstractContextManager[HeldTexts | UnusableInput]:
        settings, width = self.ready.settings, len(self.names)
        return read_held(lines, settings, width, memory_limit=self.memory_limit)

    def _pass(self, plan: _Plan, mended: MendedText, number: int) -> PassOutcome:
        words = "Reading the cells" if number == 0 else "Reading the cells again"
        return write_typed_csv(
            mended.path,
            mended.settings,
            plan.columns,
            self.typed,
            careful=plan.careful,
            for_export=self.for_export,
            memory_limit=self.memory_limit,
            tell=lambda share: self.tell(0.2 + 0.6 * share, words),
        )

    def _checked(self, plan: _Plan, mended: MendedText) -> _Plan | TypedText | NotInOnePass:
        """Look at the table that was written; return a better plan where it is not right."""
        self.tell(0.85, "Finding out what the columns mean")
        with open_typed(self.typed, plan.columns, memory_limit=self.memory_limit) as table:
            if self._has_odd_rows(table):
                return NotInOnePass("rows are empty, or repeat the header")
            blank = blank_fields(table, plan.columns) - plan.careful
            if blank:
                return replace(plan, careful=plan.careful | blank)
            doubtful = unproved(table, plan.columns, plan.careful)
            settled = self._settled(plan, doubtful, mended.path)
            if isinstance(settled, NotInOnePass) or _differ(settled.columns, plan.columns):
                return settled
            return self._described(settled, table, mended)

    def _described(
        self, plan: _Plan, table: TypedTable, mended: MendedText
    ) -> _Plan | TypedText | NotInOnePass:
        """Say what the columns of the table are; return a better plan where that changes it."""
        describer = TypedDescriber(table, plan.columns)
        seen = describer.look_at(plan.seen)
        if unread := unread_fields([s for s in seen if not s.is_text]):
            return self._settled(plan, unread, mended.path)
        self.tell(0.9, "Finding out what the columns are for")
        columns, problems = describer.conclude(seen, self.text.layout.names)
        if _differ(columns, plan.columns):
            return replace(plan, columns=columns)
        done = replace(mended, n_rows=table.n_rows)
        return TypedText(self.typed, done, columns, tuple(problems), table.held)

    def _has_odd_rows(self, table: TypedTable) -> bool:
        """Whether rows are empty or repeat the header: the other way reports their lines."""
        names = self.text.layout.names if self.text.layout.header_rows == 1 else ()
        texts = {f"c{i}": name for i, name in enumerate(names)}
        return len(self.names) > 1 and bool(table.n_empty_rows() or table.n_like(texts))

    def _settled(self, plan: _Plan, fields: Collection[str], path: Path) -> _Plan | NotInOnePass:
        """Decide from all rows of the text how columns are cast."""
        chosen = [s for s in plan.seen if s.field in fields]
        if not chosen:
            return plan
        self.tell(0.8, "Looking at all values of the columns that differ")
        settings, width = self.ready.settings, len(self.names)
        with open_csv_texts(path, settings, width, memory_limit=self.memory_limit) as texts:
            describer = Describer(texts, 0)
            casts = [propose(s.name, s.field, s.sample) for s in chosen]
            settled = {
                s.field: _settle(describer, replace(s, cast=cast, facts=facts))
                for s, cast, facts in zip(chosen, casts, texts.facts(casts), strict=True)
            }
        if self._holds_header(settled.values()):
            return NotInOnePass("a value is the name of its column: the header may come again")
        return _Plan(
            tuple(settled.get(s.field, s) for s in plan.seen),
            tuple(
                as_settled(c, settled[c.field]) if c.field in settled else c for c in plan.columns
            ),
            plan.careful | set(fields),
        )

    def _holds_header(self, seen: Collection[ColumnEvidence]) -> bool:
        if self.text.layout.header_rows != 1:
            return False
        names = {f"c{i}": name.strip() for i, name in enumerate(self.text.layout.names)}
        return any(names.get(s.field) in s.odd for s in seen)


def _settle(describer: Describer, column: ColumnEvidence) -> ColumnEvidence:
    settled = describer.settle(replace(column, odd={}, missing={}, texts=None))
    if not settled.is_text:
        return settled
    return replace(settled, missing=describer.missing_words(settled))


def _differ(columns: tuple[Column, ...], others: tuple[Column, ...]) -> bool:
    """Whether two typed tables differ."""
    return table_key(columns) != table_key(others)
