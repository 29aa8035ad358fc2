"""54 awkward files: each is read as its truth says, or what differs is told."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from components.core.data.dataset import Storage
from components.core.errors import UnusableInput

ZOO = Path(__file__).parents[1] / "data" / "intake" / "csv_zoo"
EXPECTED = {e["file"]: e for e in json.loads((ZOO / "expected.json").read_text(encoding="utf-8"))}

WIDE = "wide.csv"

REFUSED = {"empty.csv": "0 bytes", "only_header.csv": "no rows"}

OTHERWISE = {
    # the benchmark's view is one of several; the user is warned (so with its two tables)
    "pollock_file_header_multirow_2.csv": "multirow_header",
    # records that do not fit are kept aside, with their lines
    "ragged_short_long.csv": "rows_aside",
}
"""Files that are read otherwise than their truth, with the warning that says so."""

TOLD = {
    "null_byte.csv": "nul_bytes",
    "no_header_row.csv": "no_header",
    "mixed_date_formats.csv": "mixed_types",
    "unclosed_quote.csv": "stray_quotes",
    "latin1_bytes_in_utf8.csv": "mixed_encoding",
    "mixed_line_ends.csv": "mixed_newlines",
    "duplicate_headers.csv": "duplicate_names",
    "blank_headers.csv": "blank_names",
    "trailing_empty_columns.csv": "ragged_rows",
    "greek_8859_7.csv": "encoding_guess",
    "pollock_file_preamble.csv": "preamble",
    "pollock_row_extra_quote12_col2.csv": "stray_quotes",
    "pollock_row_more_sep_row10_col8.csv": "ragged_rows",
    "pollock_file_multitable_same.csv": "several_tables",
    "pollock_row_less_sep_row10_col7.csv": "missing_delimiter",
}


@pytest.fixture
def zoo(tmp_path):
    """Give the path of a file of the zoo: large ones are packed, the largest is made."""

    def find(name: str) -> Path:
        if (ZOO / name).exists():
            return ZOO / name
        path = tmp_path / name
        if name == "huge_field.csv":
            text = b"lorem ipsum, dolor " * 70_000
            path.write_bytes(b'id,text\n1,short\n2,"' + text + b'"\n3,short\n')
        else:
            path.write_bytes(gzip.decompress((ZOO / f"{name}.gz").read_bytes()))
        assert name == WIDE or path.stat().st_size in {212_083, 1_330_029}
        return path

    return find


def same_cell(cell: str, expected: str) -> bool:
    """Long cells are cut in the truth."""
    return cell == expected or (len(expected) > 250 and cell.startswith(expected[:250]))


def same_row(row: list[str], expected: list[str]) -> bool:
    return len(row) == len(expected) and all(map(same_cell, row, expected))


def is_encoding(found: str, expected: dict) -> bool:
    allowed = expected.get("encoding_ok") or [expected["encoding"]]
    if expected["encoding"] in {"utf-8", "ascii"}:
        allowed = [*allowed, "ascii", "utf-8"]
    return found in allowed


def test_the_zoo_is_whole():
    assert len(EXPECTED) == 54


@pytest.mark.parametrize(
    "name", [n for n in EXPECTED if n not in REFUSED and n not in OTHERWISE and n != WIDE]
)
def test_is_read_as_its_truth_says(read, zoo, name):
    expected = EXPECTED[name]
    result = read(zoo(name))
    dialect = result.report.dialect
    assert is_encoding(dialect.encoding, expected)
    assert dialect.delimiter == expected["delimiter"]
    assert dialect.quotechar == expected["quotechar"]
    assert dialect.header_rows == expected["header_rows"]
    assert dialect.preamble_lines == expected["preamble_lines"]
    if expected["columns"]:
        assert [c.header for c in result.columns] == expected["columns"]
    assert len(result.columns) == expected["n_columns"]
    assert len(result.rows) == expected["n_rows"]
    assert same_row(result.rows[0], expected["first_row"])
    assert same_row(result.rows[-1], expected["last_row"])


def test_nine_thousand_columns_are_read(read, zoo):
    path = zoo(WIDE)
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    result = read(path)
    assert len(result.columns) == EXPECTED[WIDE]["n_columns"]
    assert [c.header for c in result.columns] == header
    assert result.rows == rows
    assert result.rows[0][:8] == EXPECTED[WIDE]["first_row"]
    assert result.rows[-1][:8] == EXPECTED[WIDE]["last_row"]


@pytest.mark.parametrize(("name", "words"), REFUSED.items())
def test_is_refused_with_a_clear_sentence(read, name, words):
    assert "reject_clear" in (
        EXPECTED[name]["outcome"],
        *EXPECTED[name].get("outcome_alternatives", []),
    )
    with pytest.raises(UnusableInput, match=words) as error:
        read(ZOO / name)
    assert error.value.todo


@pytest.mark.parametrize(("name", "code"), TOLD.items())
def test_what_was_done_is_told(read, name, code):
    problem = read(ZOO / name).problem(code)
    assert len(problem.message.split()) > 5
    assert problem.message.endswith(".")


def test_a_header_in_two_rows_is_joined_and_told(read):
    result = read(ZOO / "pollock_file_header_multirow_2.csv")
    assert [c.header for c in result.columns][:2] == ["DATE DATE", "TIME TIME"]
    assert len(result.rows) == 83
    assert "multirow_header" in result.codes()


def test_a_copy_of_the_table_below_it_is_kept_aside_with_a_warning(read):
    result = read(ZOO / "pollock_file_multitable_same.csv")
    assert [row.line for row in result.report.aside] == list(range(85, 168))
    assert {row.reason for row in result.report.aside} == {"it belongs to a copy of the table"}
    assert "The header comes again (line 85)" in result.problem("several_tables").message
    assert len(result.rows) == 83


def test_ragged_rows_are_padded_or_kept_aside(read):
    result = read(ZOO / "ragged_short_long.csv")
    assert [(row.line, row.text) for row in result.report.aside] == [(2, '1,27,,"I\'m too long!"')]
    assert result.problem("ragged_rows").lines == (3,)
    assert result.rows == [["", "I'm too short!", ""], ["0", "mixed types.... uh oh", "17"]]
    assert (result.folder / "aside.csv").read_text(encoding="utf-8").startswith("line,reason,text")


def test_a_cell_of_a_million_characters(read):
    text = "x" * 1_300_000
    result = read(f"id,text\n1,short\n2,{text}\n3,short\n")
    assert result.rows == [["1", "short"], ["2", text], ["3", "short"]]


def test_many_columns(read):
    names = [str(100_000 + i) for i in range(1_200)]
    rows = [
        [f"id{n}", *("TRUE" if (i + n) % 3 else "FALSE" for i in range(1_199))] for n in range(3)
    ]
    result = read("\n".join(",".join(row) for row in [["id", *names[1:]], *rows]))
    assert result.rows == rows
    assert len(result.columns) == 1_200
    assert result.columns[5].storage.value == "boolean"


def test_hundreds_of_decimals_fit_into_little_memory(read):
    row = ",".join(["1.25"] * 500)
    names = ",".join(f"v{i}" for i in range(500))
    result = read("\n".join([names, *[row] * 2_500]) + "\n", memory_limit=1_000_000_000)
    assert {c.storage for c in result.columns} == {Storage.NUMBER}
    assert len(result.rows) == 2_500
