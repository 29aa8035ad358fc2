"""Writing delimited text in any dialect: quoted where needed, harmless in a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from components.core.data.source import Dialect
from components.core.errors import Conflict
from components.core.formulas import FORMULA, NUMBER


def to_csv(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """Return a table of texts as CSV in UTF-8; a text that would run as a formula is defused."""
    buffer = io.BytesIO()
    write_lines(tuple(header), list(lines), buffer, for_spreadsheet=True)
    return buffer.getvalue()


def write_lines(
    header: Sequence[str], lines: Sequence[Sequence[str]], out: BinaryIO, *, for_spreadsheet: bool
) -> None:
    """Write a small table of our own as comma-separated text in UTF-8."""
    import pyarrow as pa

    columns = zip(header, *lines, strict=True)
    writer = DelimitedWriter(Dialect(), for_spreadsheet=for_spreadsheet)
    out.write(writer.lines([pa.array(list(column), type=pa.string()) for column in columns]))


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


class DelimitedWriter:
    """Turns columns of texts into lines of one dialect; each text is a cell."""

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
