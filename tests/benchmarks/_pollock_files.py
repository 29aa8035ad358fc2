"""The polluted files of the benchmark Pollock, made of any table.

Vitagliano, Hameed, Jiang, Reisener, Wu, Naumann: "Pollock: A Data Loading Benchmark", PVLDB 16(8),
2023. The pollutions, what counts as the clean outcome of each, and the weights (how often a
pollution was found in 3,712 real files) are the benchmark's; the code and the table are ours.
For 83 rows of 9 columns there are 2,290 files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from _pollock_table import Cell, Table

CRLF = "\r\n"
FILE_WEIGHTS = {
    "source": 1,
    "file_no_payload": 15,
    "file_no_trailing_newline": 184,
    "file_double_trailing_newline": 5,
    "file_no_header": 470,
    "file_header_multirow_2": 47,
    "file_header_multirow_3": 47,
    "file_preamble": 282,
    "file_multitable_less": 188 / 3,
    "file_multitable_same": 188 / 3,
    "file_multitable_more": 188 / 3,
    "file_header_only": 3,
    "file_one_data_row": 4,
    "file_record_delimiter_0xA": 1691,
    "file_record_delimiter_0xD": 7,
    "file_field_delimiter_0x3B": 834,
    "file_field_delimiter_0x9": 4,
    "file_field_delimiter_0x2C_0x20": 101,
    "file_field_delimiter_0x20": 4,
    "file_quotation_char_0x27": 11,
    "file_escape_char_0x5C": 1,
    "file_escape_char_0x00": 7,
}
ROW_WEIGHTS = {
    "row_less_sep": 520 / 1414,
    "row_more_sep": 520 / 1414,
    "row_field_delimiter": 1 / 7,
    "row_extra_quote": 1 / 108,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Polluted:
    """A polluted file.

    Attributes
    ----------
    kind
        What all files of the same pollution have in common.
    clean
        The rows of the expected outcome; the first one is compared as the header.
    weight
        Of the file in the weighted score.
    """

    name: str
    kind: str
    data: bytes
    clean: list[list[str]]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is written: cells, what stands between them, and at the end."""

    cells: list[str]
    separators: list[str]
    end: str = CRLF

    @property
    def text(self) -> str:
        """The record with its line end."""
        pieces = [self.cells[0]] if self.cells else []
        for separator, cell in zip(self.separators, self.cells[1:], strict=True):
            pieces += (separator, cell)
        return "".join(pieces) + self.end


def write_cell(cell: Cell, quote: str = '"', escape: str = '"') -> str:
    """Return a cell as it is written; quotes inside are escaped in plain cells, too."""
    text = cell.text.replace('"', escape + '"')
    return f"{quote}{text}{quote}" if cell.quoted else text


def lines_of(
    table: Table, *, delimiter: str = ",", quote: str = '"', escape: str = '"', end: str = CRLF
) -> list[Line]:
    """Return the records of a table in one dialect."""
    return [
        Line([write_cell(c, quote, escape) for c in row], [delimiter] * (len(row) - 1), end)
        for row in table
    ]


def joined(lines: list[Line]) -> bytes:
    """Return the text of records, in UTF-8."""
    return "".join(line.text for line in lines).encode()


def texts(table: Table) -> list[list[str]]:
    """Return the texts of a table."""
    return [[cell.text for cell in row] for row in table]


def benchmark(table: Table) -> Iterator[Polluted]:
    """Yield the files of the benchmark."""
    yield from _whole_files(table)
    yield from _tables(table)
    yield from _dialects(table)
    for row in range(len(table)):
        yield from _rows(table, row)


def _file(kind: str, data: bytes, clean: list[list[str]]) -> Polluted:
    return Polluted(
        name=f"{kind}.csv", kind=kind, data=data, clean=clean, weight=FILE_WEIGHTS[kind]
    )


def _whole_files(table: Table) -> Iterator[Polluted]:
    clean, lines = texts(table), lines_of(table)
    width, last = len(table[0]), lines[-1]
    yield _file("source", joined(lines), clean)
    yield _file("file_no_payload", b"", [])
    yield _file("file_no_trailing_newline", joined([*lines[:-1], replace(last, end="")]), clean)
    doubled = replace(last, end=CRLF * 2)
    yield _file("file_double_trailing_newline", joined([*lines[:-1], doubled]), clean)
    yield _file("file_no_header", joined(lines[1:]), clean[1:])
    plain = lines_of([[Cell(c.text) for c in table[0]]])
    for n in (2, 3):
        header = [" ".join([name] * n) for name in clean[0]]
        data = joined([*plain * (n - 1), *lines])
        yield _file(f"file_header_multirow_{n}", data, [header, *clean[1:]])
    above = [["PREAMBLE"] + [""] * (width - 1), [""] * width]
    preamble = lines_of([[Cell(t) for t in row] for row in above])
    yield _file("file_preamble", joined([*preamble, *lines]), clean)
    yield _file("file_header_only", joined(lines[:1]), clean[:1])
    yield _file("file_one_data_row", joined(lines[:2]), clean[:2])


def _tables(table: Table) -> Iterator[Polluted]:
    """Yield two tables in one file: the second is the first without its last row."""
    width = len(table[0])
    first, below = joined(lines_of(table)), [_split(row, width) for row in table[:-1]]
    for kind, n in (("less", width - 1), ("same", width), ("more", width + 1)):
        rows = [[*row, Cell("col1" if i == 0 else "")][:n] for i, row in enumerate(below)]
        data = first + joined(lines_of(rows))
        yield _file(f"file_multitable_{kind}", data, texts(table))


def _split(row: list[Cell], width: int) -> list[Cell]:
    """Return a row as the benchmark repeats it: cut at quotes, quoted only around a comma."""
    pieces = [p for cell in row for p in re.split(r'(?=")', cell.text) or [""]]
    return [Cell(piece, quoted="," in piece[1:]) for piece in pieces[:width]]


def _dialects(table: Table) -> Iterator[Polluted]:
    clean = texts(table)
    for end in ("\n", "\r"):
        name = f"file_record_delimiter_0x{ord(end):X}"
        yield _file(name, joined(lines_of(table, end=end)), clean)
    for sign in (";", "\t", ", ", " "):
        name = "file_field_delimiter" + "".join(f"_0x{ord(c):X}" for c in sign)
        yield _file(name, joined(lines_of(table, delimiter=sign)), clean)
    yield _file("file_quotation_char_0x27", joined(lines_of(table, quote="'")), clean)
    yield _file("file_escape_char_0x5C", joined(lines_of(table, escape="\\")), clean)
    yield _file("file_escape_char_0x00", joined(lines_of(table, escape="")), clean)


def _rows(table: Table, row: int) -> Iterator[Polluted]:
    """Yield the files in which only one record is polluted."""
    lines, clean = lines_of(table), texts(table)
    line = lines[row]

    def polluted(kind: str, name: str, new: Line, expected: list[list[str]]) -> Polluted:
        data = joined([*lines[:row], new, *lines[row + 1 :]])
        weight = ROW_WEIGHTS[kind]
        return Polluted(name=f"{name}.csv", kind=kind, data=data, clean=expected, weight=weight)

    spaced = replace(line, separators=[" "] * len(line.separators))
    name = f"row_field_delimiter_{row}_0x20"
    yield polluted("row_field_delimiter", name, spaced, clean)
    for col in range(len(line.cells)):
        place = f"row{row}_col{col}"
        more = _more(line, col)
        yield polluted("row_more_sep", f"row_more_sep_{place}", more, clean)
        if col:
            less = replace(line, separators=_changed(line.separators, col - 1, ""))
            yield polluted("row_less_sep", f"row_less_sep_{place}", less, clean)
        new, expected = _stray(line, clean, row, col)
        yield polluted("row_extra_quote", f"row_extra_quote{row}_col{col}", new, expected)


def _more(line: Line, col: int) -> Line:
    if col == 0:
        return replace(line, cells=_changed(line.cells, 0, "," + line.cells[0]))
    return replace(line, separators=_changed(line.separators, col - 1, ",,"))


def _stray(line: Line, clean: list[list[str]], row: int, col: int) -> tuple[Line, list[list[str]]]:
    """Put a quote before the text of a cell; it counts as a part of the text."""
    new = replace(line, cells=_changed(line.cells, col, '"' + line.cells[col]))
    kept = _changed(clean[row], col, '"' + clean[row][col])
    return new, _changed(clean, row, kept)


def _changed(items: list, index: int, new: object) -> list:
    return [*items[:index], new, *items[index + 1 :]]
