"""Writing a corrected table: the uploaded texts, with the decisions of people folded in.

Only decided cells differ; excluded rows are left out. The work is done a block of rows at a time
on whole columns, so a million rows take seconds and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from components import intake
from components.core.dataset import ROW_ID, Column
from components.core.errors import Conflict
from components.core.review import Action, Decision, resolve
from components.core.source import Dialect
from components.services.info import DatasetInfo

BLOCK = 65_536
"""Rows that are in memory at a time."""

FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s*%?$"


@dataclass(frozen=True, slots=True)
class Changes:
    """What decisions add up to.

    Attributes
    ----------
    cells
        New text by row id, by display name of the column.
    excluded
        Ids of the rows to leave out.
    """

    cells: Mapping[str, Mapping[int, str]]
    excluded: frozenset[int]

    @property
    def n_changed(self) -> int:
        """Cells that get another text (in rows that stay)."""
        rows = ((r for r in new if r not in self.excluded) for new in self.cells.values())
        return sum(1 for ids in rows for _ in ids)


NO_CHANGES = Changes({}, frozenset())


def fold(decisions: Iterable[Decision]) -> Changes:
    """Return what the decisions that hold add up to, column by column."""
    by_column: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_column.setdefault(decision.column, []).append(decision)
    standing = [d for made in by_column.values() for d in resolve(made).values()]
    cells: dict[str, dict[int, str]] = {}
    for decision in standing:
        if decision.action is Action.CHANGE and decision.new != decision.given:
            cells.setdefault(decision.column, {})[decision.row_id] = decision.new
    excluded = frozenset(d.row_id for d in standing if d.action is Action.EXCLUDE)
    return Changes(cells, excluded)


def write_table(
    info: DatasetInfo, changes: Changes, out: BinaryIO, *, for_spreadsheet: bool = False
) -> None:
    """Write the table as delimited text in UTF-8, in the dialect of the upload.

    Lines above the header are left out. Without a header in the upload, none is written.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    Conflict
        When a text cannot be written in the dialect of the upload.
    """
    dialect = info.report.dialect
    header = [c.header for c in info.version.columns] if dialect.header_rows else None
    write_texts(info, dialect, header, out, changes=changes, for_spreadsheet=for_spreadsheet)


def write_texts(
    info: DatasetInfo,
    dialect: Dialect,
    header: Sequence[str] | None,
    out: BinaryIO,
    *,
    changes: Changes = NO_CHANGES,
    for_spreadsheet: bool = False,
) -> None:
    """Write the cell texts in any dialect, always in UTF-8; see :func:`write_table`."""
    import pyarrow as pa

    writer = _Writer(dialect, for_spreadsheet=for_spreadsheet)
    columns = info.version.columns
    if header is not None:
        out.write(writer.lines([pa.array([name]) for name in header]))
    for batch in intake.text_batches(info.folder, [c.field for c in columns]):
        out.write(writer.lines(_folded(batch, columns, changes)))


def write_lines(
    header: Sequence[str], lines: Sequence[Sequence[str]], out: BinaryIO, *, for_spreadsheet: bool
) -> None:
    """Write a small table of our own as comma-separated text in UTF-8."""
    import pyarrow as pa

    columns = zip(header, *lines, strict=True)
    writer = _Writer(Dialect(), for_spreadsheet=for_spreadsheet)
    out.write(writer.lines([pa.array(list(column), type=pa.string()) for column in columns]))


def _folded(batch: Any, columns: Sequence[Column], changes: Changes) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    ids = batch.column(ROW_ID).to_pylist()
    arrays = [_changed(batch.column(c.field), ids, changes.cells.get(c.name, {})) for c in columns]
    if changes.excluded.isdisjoint(ids):
        return arrays
    keep = pa.array([row_id not in changes.excluded for row_id in ids])
    return [array.filter(keep) for array in arrays]


def _changed(array: Any, ids: Sequence[int], new: Mapping[int, str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    if not new or new.keys().isdisjoint(ids):
        return array
    pairs = zip(ids, array.to_pylist(), strict=True)
    return pa.array([new.get(row_id, text) for row_id, text in pairs], type=pa.string())


def spreadsheet_safe(texts: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Put a single quote before each text that a spreadsheet would run as a formula."""
    import pyarrow as pa
    from pyarrow import compute

    formula = compute.match_substring_regex(texts, FORMULA)
    number = compute.match_substring_regex(texts, NUMBER)
    quoted = compute.binary_join_element_wise(pa.scalar("'"), texts, "")
    return compute.if_else(compute.and_not(formula, number), quoted, texts)


def _pattern(text: str) -> str:
    """Return the regular expression, as Arrow reads it, that matches ``text`` and nothing else."""
    return "".join(f"\\x{{{ord(c):x}}}" for c in text)


class _Writer:
    """Turns columns of texts into lines of one dialect."""

    def __init__(self, dialect: Dialect, *, for_spreadsheet: bool) -> None:
        self._dialect = dialect
        self._for_spreadsheet = for_spreadsheet
        special = [dialect.delimiter, dialect.quotechar, dialect.escapechar, "\r", "\n"]
        self._special = "|".join(_pattern(s) for s in special if s)

    def lines(self, columns: Sequence[Any]) -> bytes:
        """Return one line per row."""
        from pyarrow import compute

        texts = [compute.fill_null(column, "") for column in columns]
        if self._for_spreadsheet:
            texts = [spreadsheet_safe(column) for column in texts]
        fields = [self._fields(column) for column in texts]
        if len(fields) == 1 and self._dialect.quotechar:  # an empty line would not be read as a row
            empty = compute.equal(fields[0], "")
            fields = [compute.if_else(empty, self._dialect.quotechar * 2, fields[0])]
        joined = compute.binary_join_element_wise(*fields, self._dialect.delimiter)
        newline = self._dialect.newline
        return "".join(f"{line}{newline}" for line in joined.to_pylist()).encode("utf-8")

    def _fields(self, texts: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        from pyarrow import compute

        special = compute.match_substring_regex(texts, self._special)
        if not compute.any(special).as_py():
            return texts
        return compute.if_else(special, self._quoted(texts, special), texts)

    def _quoted(self, texts: Any, special: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        import pyarrow as pa
        from pyarrow import compute

        quote, escape = self._dialect.quotechar, self._dialect.escapechar
        if quote is None:
            self._refuse(texts, special)
            return texts
        if escape and escape != quote:
            texts = compute.replace_substring(texts, escape, escape * 2)
        inner = compute.replace_substring(texts, quote, (escape or quote) + quote)
        return compute.binary_join_element_wise(pa.scalar(quote), inner, pa.scalar(quote), "")

    def _refuse(self, texts: Any, special: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        breaking = (self._dialect.delimiter, "\r", "\n")
        for text in texts.filter(special).to_pylist():
            if any(s in text for s in breaking):
                raise Conflict(
                    f"“{text[:60]}” cannot be written: the file has no quote character, and the "
                    "text holds the delimiter or a line break.",
                    "Choose another spelling of this class.",
                )
