"""Further pollutions, of which the benchmark publishes no scores or weights.

Most stood in early versions of the benchmark (encodings, footnotes, other preambles, strange names,
dimensions, other dialects of single rows); the others are what else happens to files of this sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from _pollock_files import Line, Polluted, joined, lines_of, texts
from _pollock_table import Cell, Table

ROWS = (1, 2, 41, -1)
"""Rows that are polluted alone: the first ones, one in the middle, the last one."""


def more(table: Table) -> Iterator[Polluted]:
    """Yield the files."""
    yield from _encodings(table)
    yield from _surroundings(table)
    yield from _names(table)
    yield from _dialects(table)
    yield from _sizes(table)
    for row in ROWS:
        yield from _rows(table, row)


def _file(kind: str, detail: str, data: bytes, clean: list[list[str]]) -> Polluted:
    return Polluted(name=f"{kind}_{detail}.csv", kind=kind, data=data, clean=clean)


def _encodings(table: Table) -> Iterator[Polluted]:
    """Yield the table with accents in its notes, in several encodings."""
    accented = [
        [Cell(c.text.replace("one", "oné").replace("bo", "bø"), c.quoted) for c in row]
        for row in table
    ]
    text, clean = joined(lines_of(accented)).decode(), texts(accented)
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be"):
        yield _file("encoding", encoding, text.encode(encoding), clean)


def _surroundings(table: Table) -> Iterator[Polluted]:
    """Yield preambles and footnotes: with or without delimiters, with or without an empty row."""
    lines, clean, width = lines_of(table), texts(table), len(table[0])
    for word, above in (("PREAMBLE", True), ("FOOTNOTE", False)):
        for filled in (True, False):
            remark = [word] + [""] * (width - 1) if filled else [word]
            blank = [""] * width if filled else [""]
            for n, gap in ((1, False), (3, False), (3, True)):
                rows = [remark] * n + [blank] * gap
                extra = lines_of([[Cell(t) for t in r] for r in (rows if above else rows[::-1])])
                data = joined([*extra, *lines] if above else [*lines, *extra])
                detail = f"{n}{'_delimited' if filled else ''}{'_empty_row' if gap else ''}"
                yield _file(word.lower(), detail, data, clean)


def _names(table: Table) -> Iterator[Polluted]:
    """Yield odd names: none, twice the same, unsafe ones, a very long one."""
    for col in (0, 2, len(table[0]) - 1):
        for detail, name in (
            ("empty", ""),
            ("twice", table[0][col - 1].text),
            ("unsafe", "HEAD/%R"),
            ("spaces", " a  name "),
            ("long", "HEADER" * 20_000),
        ):
            header = [*table[0][:col], Cell(name), *table[0][col + 1 :]]
            new = [header, *table[1:]]
            yield _file("name", f"{detail}_col{col}", joined(lines_of(new)), texts(new))


def _dialects(table: Table) -> Iterator[Polluted]:
    clean = texts(table)
    for sign in ("|", "\t\t", "||", "::", "^", "~", "\x01"):
        detail = "".join(f"_{ord(c):x}" for c in sign)
        yield _file("delimiter", detail[1:], joined(lines_of(table, delimiter=sign)), clean)
    for sign in (";", "\t", "|"):
        quoted = [[Cell(c.text, quoted=True) for c in row] for row in table]
        for quote in ('"', "'"):
            lines = lines_of(quoted, delimiter=sign, quote=quote, escape="\\")
            if quote == "'":
                lines = [_escaped(line, quoted[i]) for i, line in enumerate(lines)]
            yield _file("all_quoted", f"{ord(sign):x}_{ord(quote):x}", joined(lines), clean)
    spaced = [[Cell(f" {c.text} ") if not c.quoted else c for c in row] for row in table]
    yield _file("spaces_around", "plain", joined(lines_of(spaced)), texts(spaced))


def _escaped(line: Line, row: list[Cell]) -> Line:
    cells = [c.text.replace("\\", "\\\\").replace("'", "\\'") for c in row]
    return replace(line, cells=[f"'{text}'" for text in cells])


def _sizes(table: Table) -> Iterator[Polluted]:
    """Yield one column, many columns, many rows, a very long cell, a trailing delimiter."""
    one = [[Cell(row[3].text)] for row in table]
    yield _file("columns", "1", joined(lines_of(one)), texts(one))
    wide = [
        row + [Cell(f"col{i}" if n == 0 else row[2].text) for i in range(1015)]
        for n, row in enumerate(table)
    ]
    yield _file("columns", "1024", joined(lines_of(wide)), texts(wide))
    long = [*table, *([table[-1]] * 20_000)]
    yield _file("rows", "20083", joined(lines_of(long)), texts(long))
    big = [list(row) for row in table]
    big[20][6] = Cell("word, " * 180_000, quoted=True)
    yield _file("cell", "1mb", joined(lines_of(big)), texts(big))
    lines = [replace(line, end=",\r\n") for line in lines_of(table)]
    yield _file("trailing_delimiter", "all", joined(lines), texts(table))
    lines = [lines_of(table)[0], *(replace(line, end=",\r\n") for line in lines_of(table)[1:])]
    yield _file("trailing_delimiter", "all_but_header", joined(lines), texts(table))


def _rows(table: Table, row: int) -> Iterator[Polluted]:
    """Yield files in which one record is written in another way, is shorter, or longer."""
    lines, clean = lines_of(table), texts(table)
    row %= len(table)
    line, width = lines[row], len(table[0])

    def file(
        kind: str, detail: str, new: Line, expected: list[list[str]] | None = None
    ) -> Polluted:
        data = joined([*lines[:row], new, *lines[row + 1 :]])
        return _file(kind, f"row{row}_{detail}", data, expected or clean)

    for sign in (";", "\t", "|"):
        new = replace(line, separators=[sign] * (width - 1))
        yield file("row_delimiter", f"{ord(sign):x}", new)
    for end in ("\n", "\r"):
        yield file("row_end", f"{ord(end):x}", replace(line, end=end))
    yield file("row_quote", "27", lines_of([table[row]], quote="'")[0])
    yield file("row_escape", "5c", lines_of([table[row]], escape="\\")[0])
    yield file("row_blank", "line", Line([""], []), [*clean[:row], *clean[row + 1 :]])
    short = Line(line.cells[:5], line.separators[:4])
    yield file("row_fields", "5", short, _with(clean, row, clean[row][:5]))
    surplus = Line(line.cells + ["x"] * 6, line.separators + [","] * 6)
    yield file("row_fields", "15", surplus, _with(clean, row, clean[row] + ["x"] * 6))


def _with(clean: list[list[str]], row: int, new: list[str]) -> list[list[str]]:
    return [*clean[:row], new, *clean[row + 1 :]]
