"""How much of a polluted table comes back: the measures of the benchmark Pollock, a few files each.

``tests/benchmarks/pollock.py`` loads all 2,290 files.
"""

import csv
import importlib
import io
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def pollock():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("pollock")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def files(pollock):
    return {file.name: file for file in pollock.benchmark(pollock.own_table())}


def as_python_reads(file):
    """What a reader without any repair gives back."""
    out = io.StringIO(newline="")
    text = io.StringIO(file.data.decode(), newline="")
    csv.writer(out).writerows(csv.reader(text, escapechar=None))
    return out.getvalue().encode()


def test_the_files_and_their_weights_are_the_benchmarks(files):
    assert len(files) == 2290
    kinds = [file.kind for file in files.values()]
    assert kinds.count("row_more_sep") == kinds.count("row_extra_quote") == 756
    assert (kinds.count("row_less_sep"), kinds.count("row_field_delimiter")) == (672, 84)
    assert sum(file.weight for file in files.values()) == pytest.approx(4450.1485, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("row_more_sep_row33_col1", (1, 1, 1, 1, 1, 0.9986789960369881)),
        ("row_less_sep_row24_col8", (1, 1, 1, 1, 0.9986772486772487, 1)),
        ("row_less_sep_row58_col3", (1, 1, 1, 1, 0.9973544973544973, 0.9986754966887417)),
        (
            "row_less_sep_row16_col1",
            (1, 1, 0.9879518072289156, 0.9879518072289156, 0.9973544973544973, 0.9986754966887417),
        ),
        (
            "row_less_sep_row23_col4",
            (1, 1, 0.9879518072289156, 0.9879518072289156, 0.9973544973544973, 0.9986754966887417),
        ),
        (
            "row_less_sep_row0_col3",
            (0.7777777777777778, 0.875, 1, 1, 0.9973544973544973, 0.9986754966887417),
        ),
    ],
)
def test_the_measures_are_the_benchmarks(pollock, files, name, published):
    """The figures published for CleverCSV, which reads these as Python's csv module does."""
    file = files[f"{name}.csv"]
    score = pollock.score(file.clean, as_python_reads(file))
    parts = (score.header, score.record, score.cell)
    found = [share for part in parts for share in (part.precision, part.recall)]
    assert found == pytest.approx(published, abs=1e-12)


def test_measures_of_refused_and_of_empty_files(pollock):
    assert pollock.score([["a"], ["1"]], None).total == 0
    assert pollock.score([], b"").total == 10
    assert pollock.score([["a"], ["1"]], b"a\r\n1\r\n").total == 10
    assert pollock.score([["a"], ["1"]], b"").total == 1


LEAST = {
    "source": 10,
    "file_no_payload": 0,  # refused: there is nothing to train on
    "file_header_only": 10,  # the names are written, with a warning
    "file_no_trailing_newline": 10,
    "file_double_trailing_newline": 10,
    "file_no_header": 10,
    "file_header_multirow_2": 10,
    "file_header_multirow_3": 10,
    "file_preamble": 10,
    "file_one_data_row": 10,
    "file_multitable_less": 10,
    "file_multitable_same": 10,
    "file_multitable_more": 10,
    "file_record_delimiter_0xA": 10,
    "file_record_delimiter_0xD": 10,
    "file_field_delimiter_0x3B": 10,
    "file_field_delimiter_0x9": 10,
    "file_field_delimiter_0x2C_0x20": 10,
    "file_field_delimiter_0x20": 10,
    "file_quotation_char_0x27": 10,
    "file_escape_char_0x5C": 10,
    "file_escape_char_0x00": 10,
    "row_more_sep_row0_col3": 10,
    "row_more_sep_row40_col0": 10,
    "row_more_sep_row83_col8": 10,
    "row_less_sep_row0_col2": 9.3,
    "row_less_sep_row7_col1": 10,
    "row_less_sep_row83_col8": 10,
    "row_extra_quote0_col8": 9.6,
    "row_extra_quote21_col2": 9.95,
    "row_extra_quote40_col6": 10,
    "row_field_delimiter_0_0x20": 10,
    "row_field_delimiter_30_0x20": 10,
}
"""Points of 10 that each file must get at least."""


def test_polluted_files_come_back(pollock, files):
    outcomes = pollock.run([files[f"{name}.csv"] for name in LEAST])
    short = {
        o.name: (round(o.score.total, 4), o.why)
        for o, least in zip(outcomes, LEAST.values(), strict=True)
        if o.score.total < least - 1e-9
    }
    assert not short


def test_what_was_repaired_is_told(pollock, files):
    names = ["row_extra_quote21_col2", "row_less_sep_row7_col1", "row_less_sep_row0_col2"]
    told = [o.why for o in pollock.run([files[f"{name}.csv"] for name in names])]
    assert "stray_quotes: 1 row" in told[0]
    assert "(line 22)" in told[0]
    assert "missing_delimiter: 1 row" in told[1]
    assert "(line 8)" in told[1]
    assert "header_short" in told[2]
