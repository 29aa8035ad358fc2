"""Whatever a CSV writer writes comes back cell for cell."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import intake
from components.core.settings import Settings

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

CELL = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\ufeff")
    | st.sampled_from("\n\r\t,;|'\"\\ a1"),
    max_size=12,
)

WORDS = st.lists(
    st.sampled_from(
        ["red", "Big house", "3", "4.5", "a, b", "it's", "née", "x;y", "l1\nl2", 'a "b"']
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quotechar: str
    escapechar: str | None
    newline: str
    quote_all: bool


DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    quotechar=st.sampled_from("\"'"),
    escapechar=st.sampled_from([None, "\\"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
)


@st.composite
def tables(draw: st.DrawFn, cell: st.SearchStrategy[str], least: int) -> list[list[str]]:
    width = draw(st.integers(least, 5))
    rows = draw(
        st.lists(st.lists(cell, min_size=width, max_size=width), min_size=least, max_size=8)
    )
    names = [f"name {chr(97 + i)}" for i in range(width)]
    kept = [row for row in rows if width == 1 or any(c.strip() for c in row)]
    return [names, *(kept or [["x"] * width])]


def _written(table: list[list[str]], dialect: Dialect) -> bytes:
    """Write as RFC 4180 asks: cells with special characters stand in quotes.

    (``csv.writer`` leaves line feeds bare where lines end in carriage returns.)
    """
    lines = (dialect.delimiter.join(_cell(c, dialect) for c in row) for row in table)
    return "".join(line + dialect.newline for line in lines).encode()


def _cell(cell: str, dialect: Dialect) -> str:
    quote, escape = dialect.quotechar, dialect.escapechar
    special = set(cell) & {dialect.delimiter, quote, escape, "\r", "\n"}
    if not (special or dialect.quote_all or not cell or cell != cell.strip()):
        return cell
    if escape:
        cell = cell.replace(escape, escape * 2)
    return quote + cell.replace(quote, (escape or quote) + quote) + quote


def _read(data: bytes, options: intake.ReadOptions | None) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "upload.csv")
        path.write_bytes(data)
        dataset = Path(folder, "dataset")
        dataset.mkdir()
        loaded = intake.load(
            path, dataset, name=path.name, settings=Settings(home=dataset), options=options
        )
        assert loaded.report.n_aside == 0, loaded.report.aside
        fields = [c.field for c in loaded.columns]
        rows = [[c.header for c in loaded.columns]]
        for batch in intake.text_batches(dataset, fields):
            _, *texts = (column.to_pylist() for column in batch.columns)
            rows += [list(row) for row in zip(*texts, strict=True)]
        return rows


@QUICK
@given(table=tables(CELL, 1), dialect=DIALECTS)
def test_any_table_comes_back_when_the_dialect_is_told(table, dialect):
    options = intake.ReadOptions(
        delimiter=dialect.delimiter,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar or "",
        header_rows=1,
        preamble_lines=0,
    )
    assert _read(_written(table, dialect), options) == table


@QUICK
@given(table=tables(WORDS, 2), dialect=DIALECTS)
def test_a_sane_table_comes_back_with_nothing_told(table, dialect):
    assert _read(_written(table, dialect), None) == table
