"""What a person should know about how a text file was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from components.core.data.source import AsideRow, Problem, ProblemLevel
from components.intake.mend.mender import How, MendedRow
from components.intake.mend.non_rows import COPY, HEADER, OTHER, REMARK, TOTAL
from components.intake.mend.preparation import Preparation
from components.intake.text.drawn_tables import Aligned, Framed, Wrapped
from components.intake.text.header_repair import HeaderRepair
from components.intake.text.layout import is_downwards
from components.intake.text.sniff import SniffedText

LINES = 20
"""Line numbers reported with each problem."""

MANY_ABOVE = 3
"""Records of one width above the header that may be a table (our choice)."""

MAX_FIELDS = 100
"""Lines of a file that may hold one record written downwards (our choice)."""

MENDED = (
    (
        "ragged_rows",
        (How.TRIMMED, How.PADDED),
        ("row has", "rows have"),
        "fewer or more cells than the header",
        "Missing cells at the end were left empty; surplus empty cells were dropped",
    ),
    (
        "missing_delimiter",
        (How.SPLIT,),
        ("row lacks", "rows lack"),
        "a delimiter between two cells",
        "The cells were parted where both look like the others of their columns",
    ),
    (
        "delimiter_in_text",
        (How.JOINED,),
        ("row has", "rows have"),
        "a delimiter in a text without quotes",
        "The parts were joined again, where only that fits the other columns",
    ),
    (
        "other_dialect",
        (How.DIALECT,),
        ("row is", "rows are"),
        "written with another delimiter or quote than the others",
        "It was read with that one",
    ),
    (
        "stray_quotes",
        (How.LENIENT, How.UNQUOTED),
        ("row has", "rows have"),
        "a quote where none belongs",
        "It was taken as a character, or left out of a number or a date",
    ),
)
"""Code, what was done, and the words for it: subject, what is the matter, what came of it."""


DRAWINGS: dict[type, tuple[str, str]] = {
    Wrapped: (
        "wrapped_lines",
        "Every line of the file stands in quotes as a whole. What stands within was read.",
    ),
    Aligned: (
        "aligned_columns",
        "The columns are aligned with spaces; they were cut where all lines have one.",
    ),
    Framed: (
        "drawn_table",
        "The table is drawn with lines and spaces. Those around the cells were left out.",
    ),
}

DOUBTS = {
    TOTAL: ("row looks like a total of the others", "rows look like totals of others"),
    REMARK: (
        "row at the end looks like a remark below the table",
        "rows at the end look like remarks below the table",
    ),
}

TABLES = {
    HEADER: "The header comes again{at}: the file may hold several tables. They were read as one.",
    COPY: "The header comes again{at}, and below it the rows of the table once more. The copy was"
    " kept aside.",
    OTHER: "Another table starts within the file{at}. It was kept aside: save it as a file of its"
    " own to use it.",
}


def file_problems(
    text: SniffedText,
    preparation: Preparation,
    mended: Sequence[MendedRow],
    aside: Sequence[AsideRow],
    n_rows: int,
) -> list[Problem]:
    """Return the problems of a text file, those about rows first."""
    return [
        *_nothing(text, n_rows, aside),
        *_aside(aside),
        *_tables(aside),
        *_mended(mended),
        *_doubts(text, preparation),
        *_drawing(text),
        *_layout(text),
        *_header(text),
        *_hints(text, preparation),
        *_bytes(text),
        *_encoding(text),
    ]


def _nothing(text: SniffedText, n_rows: int, aside: Sequence[AsideRow]) -> Iterator[Problem]:
    if not n_rows and not aside:
        names = count(text.layout.width, "name", "names")
        yield Problem(code="no_rows", message=f"The file has a header with {names} but no rows.")


def _aside(aside: Sequence[AsideRow]) -> Iterator[Problem]:
    n = len(aside)
    if not n:
        return
    lines = tuple(row.line for row in aside)
    reasons = list(dict.fromkeys(row.reason for row in aside))
    others = " (and other reasons)" if len(reasons) > 1 else ""
    yield Problem(
        code="rows_aside",
        message=f"{count(n, 'row does', 'rows do')} not fit the table and"
        f" {'was' if n == 1 else 'were'} kept aside{_at(lines)}: {reasons[0]}{others}.",
        lines=lines[:LINES],
    )


def _tables(aside: Sequence[AsideRow]) -> Iterator[Problem]:
    for reason, matter in TABLES.items():
        lines = tuple(row.line for row in aside if row.reason == reason)
        if lines:
            where = lines if reason == HEADER else lines[:1]
            yield Problem(
                code="several_tables", message=matter.format(at=_at(where)), lines=lines[:LINES]
            )


def _mended(mended: Sequence[MendedRow]) -> Iterator[Problem]:
    for code, hows, (one, many), matter, outcome in MENDED:
        lines = [row.line for row in mended if row.how in hows]
        if lines:
            yield Problem(
                code=code,
                message=f"{count(len(lines), one, many)} {matter}{_at(lines)}. {outcome}.",
                lines=tuple(lines[:LINES]),
            )


def _drawing(text: SniffedText) -> Iterator[Problem]:
    form = text.quoting.form
    if form is not None:
        code, matter = DRAWINGS[type(form)]
        yield Problem(code=code, message=matter)


def _doubts(text: SniffedText, preparation: Preparation) -> Iterator[Problem]:
    for kind, (one, many) in DOUBTS.items():
        lines = tuple(
            record.line + 1 + text.has_sep_line for record, why in preparation.doubts if why == kind
        )
        if lines:
            yield Problem(
                code=f"{kind}_rows",
                message=f"{count(len(lines), one, many)}{_at(lines)}. It was kept as a row: take"
                " it out of the file if it is none.",
                lines=lines[:LINES],
            )


def _layout(text: SniffedText) -> Iterator[Problem]:
    layout = text.layout
    if layout.preamble:
        lines = tuple(r.line + 1 + text.has_sep_line for r in layout.preamble)
        yield Problem(
            code="preamble",
            message=f"{count(len(lines), 'line', 'lines')} above the header"
            f" {'is' if len(lines) == 1 else 'are'} not part of the table.",
            level=ProblemLevel.NOTE,
            lines=lines[:LINES],
        )
    if layout.header_rows == 0:
        yield Problem(
            code="no_header",
            message=f"The file seems to have no header: {layout.why}. The columns are numbered.",
        )
    if layout.header_rows > 1:
        yield Problem(
            code="multirow_header",
            message=f"The header takes {layout.header_rows} rows: {layout.why}. The names were"
            " joined.",
        )


HEADERS = {
    HeaderRepair.COMMENT: "stands behind a #. It was read as the names",
    HeaderRepair.INDEX: "has no name for the first column, which counts the rows",
    HeaderRepair.LONG: "has more names than there are columns. The last names were left out, and"
    " the others may stand over the wrong column: compare them with the values",
    HeaderRepair.DELIMITER: "is written with another delimiter than the rows. It was read with that"
    " one",
    HeaderRepair.QUOTE: "has a quote where none belongs. It was left out",
    HeaderRepair.SURPLUS: "has more places than the rows have cells. The empty ones were left out",
    HeaderRepair.SHORT: "has fewer names than there are columns. The last columns got none, and the"
    " others may stand over the wrong column: compare them with the values",
}


def _header(text: SniffedText) -> Iterator[Problem]:
    header = text.header
    if header:
        line = header.line + 1 + text.has_sep_line
        names = count(header.n_names, "name", "names")
        columns = count(text.layout.width, "column", "columns")
        yield Problem(
            code=f"header_{header.how.value}",
            message=f"The header on line {line:,} {HEADERS[header.how]} ({names}, {columns}).",
            lines=(line,),
        )


def _bytes(text: SniffedText) -> Iterator[Problem]:
    scan = text.scan
    if scan.n_nul and not text.encoding.name.startswith(("utf-16", "utf-32")):
        yield Problem(
            code="nul_bytes",
            message=f"{count(scan.n_nul, 'NUL byte was', 'NUL bytes were')} left out of the text.",
        )
    if scan.n_inner_marks > 0:
        marks = count(scan.n_inner_marks, "byte order mark stands", "byte order marks stand")
        yield Problem(
            code="inner_marks",
            message=f"{marks} within the text, as when files are put together. Left out.",
            level=ProblemLevel.NOTE,
        )
    if text.encoding.line_end:
        yield Problem(
            code="odd_line_ends",
            message="The lines end with the character"
            f" U+{ord(text.encoding.line_end):04X} instead of a line end. It was read as one.",
        )
    if text.mixed:
        kinds = (("LF", scan.n_lf), ("CRLF", scan.n_crlf), ("CR", scan.n_cr))
        found = ", ".join(f"{n:,} {name}" for name, n in kinds if n)
        yield Problem(
            code="mixed_newlines",
            message=f"The lines of the file end in different ways ({found}). All were read as line"
            " ends.",
            level=ProblemLevel.NOTE,
        )
    if scan.n_mojibake:
        yield Problem(
            code="mojibake",
            message=f"In {count(scan.n_mojibake, 'place', 'places')} the text looks as if it was"
            " read in a wrong encoding before it was saved (such as “Ã©” for “é”).",
        )


def _encoding(text: SniffedText) -> Iterator[Problem]:
    encoding = text.encoding
    if encoding.n_stray:
        yield Problem(
            code="mixed_encoding",
            message=f"The file is UTF-8 except for {count(encoding.n_stray, 'byte', 'bytes')},"
            " which were read as cp1252. Look at names with accents.",
        )
    elif not encoding.is_sure:
        yield Problem(
            code="encoding_guess",
            message=f"The encoding is a guess from the letters: {encoding.name}. Look at names with"
            " accents, and choose another if they are wrong.",
        )


def _at(lines: Sequence[int]) -> str:
    shown = ", ".join(f"{line:,}" for line in lines[:3])
    more = ", …" if len(lines) > 3 else ""  # noqa: PLR2004 - three are shown
    return f" (line{'' if len(lines) == 1 else 's'} {shown}{more})"


def count(n: int, one: str, many: str) -> str:
    """Return “1 row” or “1,234 rows”."""
    return f"{n:,} {one if n == 1 else many}"


def _hints(text: SniffedText, preparation: Preparation) -> Iterator[Problem]:
    """Yield what the first rows hint at: the text can be meant as it is."""
    yield from _table_above(text)
    yield from _downwards(text)
    yield from _formulas(preparation)
    if text.layout.width == 1 and len(text.records) > 1:
        yield Problem(
            code="one_column",
            message="No delimiter was found: the file was read as one column.",
            level=ProblemLevel.NOTE,
        )


def _table_above(text: SniffedText) -> Iterator[Problem]:
    """Say that the lines above the header look like a table of their own."""
    widths = Counter(len(r.cells) for r in text.layout.preamble if r.n_filled > 1)
    width, n = widths.most_common(1)[0] if widths else (0, 0)
    if n > MANY_ABOVE and width > 2:  # noqa: PLR2004 - two cells are a name and its value
        lines = tuple(r.line + 1 + text.has_sep_line for r in text.layout.preamble)
        yield Problem(
            code="several_tables",
            message=f"The {len(lines):,} lines above line {lines[-1] + 1:,} look like another"
            f" table, of {width} columns. They were not read: save them as a file of their own to"
            " use them.",
            lines=lines[:20],
        )


def _downwards(text: SniffedText) -> Iterator[Problem]:
    rows = [r for r in text.records if not r.is_blank]
    if text.layout.width > 1 and len(rows) <= MAX_FIELDS and is_downwards(rows, text.layout.width):
        yield Problem(
            code="transposed",
            message="The names seem to stand in the first column, with the values beside them. If"
            " so, turn the table: each column should hold one kind of value.",
        )


def _formulas(preparation: Preparation) -> Iterator[Problem]:
    n = sum(1 for r in preparation.rows for c in r.cells if c.startswith('="') and c.endswith('"'))
    if n:
        yield Problem(
            code="excel_texts",
            message=f'{n:,} of the first cells hold a text as a formula (such as ="001"), as Excel'
            " writes it. They were kept as they stand.",
        )
