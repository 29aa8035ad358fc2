"""A long text is read in one pass; what comes of it is what its cell texts say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet

from components import intake
from components.core.errors import NotFound
from components.core.settings import Settings
from components.engine.text import text_store
from components.engine.text.text_facts import open_texts
from components.intake.columns import describe

N = 1500
TOGETHER = 9
"""Columns of one file; the last ones of a file may become its label."""

LATE = "late: "


def late(text: str) -> list[str]:
    """Mark a text that comes once, near the end, where no sample looks."""
    return [LATE + text]


COLUMNS = {
    "whole": ["1", "22", "-3", "0"],
    "late decimal": ["1", "22", *late("3.5")],
    "late word": ["1.5", "22.25", *late("many")],
    "late missing": ["1.5", "22.25", *late("N/A")],
    "late missing in whole": ["7", "-22", *late("?")],
    "late leading zero": ["17", "22", *late("0123")],
    "late plus": ["17", "22", *late("+5")],
    "late exponent": ["17", "22", *late("1e2")],
    "late space": ["17", "22", *late(" 5")],
    "long id": ["1234567890123456789", "1234567890123456"],
    "too long": ["17", "22", *late("12345678901234567890123")],
    "joined digits": ["1.5", "22.25", *late("1_000.5")],
    "not a number": ["1.5", "22.25", *late("inf")],
    "nan": ["1.5", "22.25", *late("nan")],
    "too big": ["1.5", "22.25", *late("1e400")],
    "half a point": ["1.", ".5", "2e-3", "-7"],
    "thousands": ["1,234.5", "12", "3,000,000"],
    "decimal comma": ["1.234,5", "12,25", "0,5"],
    "euro": ["€ 1.50", "€ 22.75"],
    "percent": ["15%", "22.5%"],
    "truth": ["yes", "no", "Yes"],
    "true": ["true", "false", "TRUE"],
    "late truth": ["true", "false", *late("1")],
    "t": ["t", "f"],
    "date": ["2021-03-04", "2021-12-31"],
    "time": ["2021-03-04 10:11:12", "2021-12-31T23:59:59Z"],
    "late epoch": ["2021-03-04", "2021-12-31", *late("epoch")],
    "real epoch": ["1970-01-01", "2021-12-31"],
    "endless": ["2021-03-04", "2021-12-31", *late("infinity")],
    "before Christ": ["2021-03-04", "2021-12-31", *late("0044-03-15 (BC)")],
    "no such day": ["2021-03-04", "2021-12-31", *late("2021-02-30")],
    "missing day": ["2021-03-04", "2021-12-31", *late("-")],
    "day first": ["31/12/2012", "01/02/2013"],
    "ambiguous": ["01/02/2013", "03/04/2013"],
    "late day": ["01/02/2013", "03/04/2013", *late("25/04/2013")],
    "two forms": ["01/02/2013", "2013-04-05"],
    "compact date": ["20210304", "20211231"],
    "gaps": ["", "3.5", "", "4"],
    "empty": ["", ""],
    "blank": ["a", "  ", "b"],
    "late blank": ["a", "b", *late("   ")],
    "late blank number": ["1.5", "2.5", *late("   ")],
    "spaced": [" a", "b ", "a"],
    "word": ["?", "red", "blue"],
    "late missing word": [f"name {i} of many" for i in range(400)] + late("N/A"),
    "late spaced word": [f"name {i} of many" for i in range(400)] + late(" null "),
    "weak word": ["none", "unknown", ""],
    "late text under weak words": ["none", "unknown", *late("red")],
    "countries": ["DE", "FR", "NA", "US"],
    "late country": [a + b for a in "ABCDEFGHIJKLMQRST" for b in "BCDFGHJKLM"] + late("NA"),
    "constant": ["same"],
    "constant number": ["7"],
    "only missing": ["?", "NA"],
    "quotes": ['a "quoted" one', "a, b"],
    "lines": ["one\ntwo", "three"],
    "accents": ["née", "Straße", "漢字"],
    "rating_score": ["1", "2", "3", "4", "5"],
    "label": ["1", "0"],
    "target": ["yes", "no"],
    "income": ["low", "high"],
    "late label": ["0", "1", *late("maybe")],
    "id": [str(i) for i in range(N)],
    "code": [f"A{i:05d}" for i in range(N)],
    "split": ["train", "test"],
}


def cells(values: list[str]) -> list[str]:
    """Repeat values to N rows."""
    often = [v for v in values if not v.startswith(LATE)]
    found = (often * N)[:N]
    for value in set(values) - set(often):
        found[N - 2] = value.removeprefix(LATE)
    return found


def write(path: Path, columns: dict[str, list[str]], newline: str = "\n") -> None:
    def quoted(cell: str) -> str:
        special = any(sign in cell for sign in ',"\n\r')
        return '"' + cell.replace('"', '""') + '"' if special else cell

    rows = zip(*(cells(v) for v in columns.values()), strict=True)
    lines = [",".join(map(quoted, row)) for row in [tuple(columns), *rows]]
    path.write_bytes("".join(line + newline for line in lines).encode())


def keep_texts(patched: pytest.MonkeyPatch) -> None:
    """Have the cell texts written first."""
    patched.setattr(sys.modules["components.intake.load"], "_is_short", lambda _: True)


@pytest.fixture(params=["short", "large"])
def way(request, monkeypatch):
    """Take every file for a short or for a large one."""
    monkeypatch.setattr(describe, "SAMPLE_CELLS", 400 if request.param == "large" else 100_000)
    return request.param


@pytest.fixture
def both(way, tmp_path, monkeypatch):  # noqa: ARG001 - it is set
    """Read one file by its cell texts, and without them."""

    def read(path: Path) -> tuple[intake.Loaded, intake.Loaded, Path]:
        folder = tmp_path / "small"
        folder.mkdir()
        with monkeypatch.context() as patched:
            keep_texts(patched)
            patched.setattr(describe, "open_held", open_texts)
            small = intake.load(path, folder, name="t.csv", settings=Settings(home=folder))
        assert (folder / "text.parquet").exists()
        other = tmp_path / "other"
        other.mkdir()
        found = intake.load(path, other, name="t.csv", settings=Settings(home=other))
        return small, found, other

    return read


def assert_same(small: intake.Loaded, found: intake.Loaded, folder: Path) -> None:
    def shown(loaded: intake.Loaded):
        return [replace(c, kind_why="", role_why="") for c in loaded.columns]

    assert shown(found) == shown(small)
    one, two = parquet.read_table(small.table), parquet.read_table(found.table)
    assert two.select(one.column_names).cast(one.schema).equals(one)
    words = {f"{c.field}_word" for c in found.columns if c.disguised}
    assert set(two.column_names) - set(one.column_names) in (set(), words)
    texts = small.table.with_name("text.parquet")
    assert parquet.read_table(intake.texts(folder)).equals(parquet.read_table(texts))
    codes = [sorted(p.code for p in loaded.report.problems) for loaded in (small, found)]
    assert codes[1] == codes[0]
    assert found.report.aside == small.report.aside
    assert found.n_rows == small.n_rows


@pytest.mark.parametrize("start", range(0, len(COLUMNS), TOGETHER))
def test_values_are_read_as_in_a_small_file(both, way, tmp_path, start):
    path = tmp_path / "t.csv"
    names = list(COLUMNS)[start : start + TOGETHER]
    write(path, {"row": [f"r{i}" for i in range(N)], **{n: COLUMNS[n] for n in names}})
    small, found, folder = both(path)
    assert (folder / "text.parquet").exists() == (way == "short")
    assert_same(small, found, folder)


def test_all_columns_in_one_file(both, tmp_path):
    path = tmp_path / "t.csv"
    write(path, COLUMNS, newline="\r\n")
    assert_same(*both(path))


def test_rows_that_do_not_fit_are_mended_or_kept_aside(both, way, tmp_path):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": ["1", "2"], "b": ["x", "y"]})
    lines = path.read_text().splitlines()
    lines[700:700] = ["r,7", "one,two,three,four", 'r7,7,"x" y', "r8,8,z,"]
    path.write_text("\n".join(lines))
    small, found, folder = both(path)
    assert (folder / "text.parquet").exists() == (way == "short")
    assert small.report.n_aside == 1
    assert_same(small, found, folder)


@pytest.mark.parametrize("extra", [",,", "row,a,b", " , ,"])
def test_empty_rows_and_repeated_headers_are_kept_aside(both, tmp_path, extra):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": ["1", "2"], "b": ["x", "y"]})
    lines = path.read_text().splitlines()
    lines[700:700] = [extra]
    path.write_text("\n".join(lines))
    small, found, folder = both(path)
    assert small.report.n_aside == 1
    assert_same(small, found, folder)


@pytest.mark.parametrize("way", ["large"], indirect=True)
def test_the_texts_are_made_when_asked_for(both, tmp_path):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": [" 1", "", "?"], "b": ['x "y"', "é"]})
    _, _, folder = both(path)
    batches = list(intake.text_batches(folder, ["c1", "c0"], limit=3))
    assert [b.to_pydict() for b in batches] == [
        {"row_id": [0, 1, 2], "c1": [" 1", "", "?"], "c0": ["r0", "r1", "r2"]}
    ]
    assert not (folder / "text.parquet").exists()
    moved = folder.rename(tmp_path / "other [name] *")
    made = intake.texts(moved)
    assert parquet.read_table(made)["c2"].to_pylist()[:3] == ['x "y"', "é", 'x "y"']
    assert intake.texts(moved) == made


def test_disguised_words_are_counted_in_the_text(both, way, tmp_path):
    path = tmp_path / "t.csv"
    some = ["late missing in whole", "late missing word", "late spaced word", "word", "weak word"]
    write(path, {"row": [f"r{i}" for i in range(N)], **{n: COLUMNS[n] for n in some}})
    small, found, folder = both(path)
    with parquet.ParquetFile(small.table.with_name("text.parquet")) as file:
        texts = file.read()
    wanted = {}
    for column in small.columns:
        words = [text.strip() for text in texts[column.field].to_pylist()]
        wanted[column.field] = {w: words.count(w) for w in column.disguised if w in words}
    assert sum(map(len, wanted.values())) > 4
    assert intake.count_disguised(small.table.parent, small.columns) == wanted
    assert intake.count_disguised(folder, found.columns) == wanted
    assert (folder / "text.parquet").exists() == (way == "short")


@pytest.mark.parametrize("kept", [True, False])
def test_words_of_many_columns_are_counted_in_parts(tmp_path, monkeypatch, kept):
    if kept:
        keep_texts(monkeypatch)
    monkeypatch.setattr(text_store, "AT_ONCE", 2)
    rows = [
        f"r{i},{i if i % 3 else ' ? '},{i / 7 if i % 2 else 'it' + chr(39) + 's'},NA"
        for i in range(9)
    ]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["row,a,b,c", *rows]) + "\n")
    found = intake.load(path, tmp_path, name="t.csv", settings=Settings(home=tmp_path))
    words = {"c1": ("?", "-", "it's"), "c2": ("it's", "?"), "c3": ("NA",)}
    asked = [replace(c, disguised=words.get(c.field, ())) for c in found.columns]
    counted = intake.count_disguised(tmp_path, asked)
    assert counted == {"c0": {}, "c1": {"?": 3}, "c2": {"it's": 5}, "c3": {"NA": 9}}


def test_a_table_without_texts_says_so(tmp_path):
    assert intake.count_disguised(tmp_path, []) == {}
    assert intake.find_texts(tmp_path) is None
    with pytest.raises(NotFound, match="gone"):
        intake.texts(tmp_path)


@pytest.mark.parametrize("way", ["large"], indirect=True)
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_converted_text_is_kept(both, tmp_path, encoding):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"Straße {i}" for i in range(N)], "a": ["1", "2"], "b": ["née", "y"]})
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    small, found, folder = both(path)
    assert (folder / "cells.txt").exists()
    assert_same(small, found, folder)


def test_progress_is_told_and_stops_the_pass(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": ["1", "2"]})
    monkeypatch.setattr(describe, "SAMPLE_CELLS", 400)
    told: list[float] = []

    def tell(share: float, words: str) -> None:
        told.append(share)
        if words == "Reading the cells" and share > 0.2:
            raise KeyboardInterrupt

    folder = tmp_path / "d"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        intake.load(path, folder, name="t", settings=Settings(home=folder), progress=tell)
    assert list(folder.iterdir()) == []
    assert told == sorted(told)


@pytest.mark.parametrize("length", [2_500_000, 9_000_000])
def test_a_very_long_record_is_read_the_other_way(both, tmp_path, length):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": ["x", "y"], "b": ["1", "2"]})
    lines = path.read_text().splitlines()
    lines[700] = f"r699,{'z' * length},2"
    path.write_text("\n".join(lines))
    small, found, folder = both(path)
    assert found.n_rows == N
    assert_same(small, found, folder)


def test_a_table_that_is_going_to_be_written_out_has_the_encodings_every_reader_knows(
    tmp_path, monkeypatch
):
    path = tmp_path / "t.csv"
    write(path, {"row": [f"r{i}" for i in range(N)], "a": ["1.5", "2.5"], "b": ["1", "2"]})
    monkeypatch.setattr(describe, "SAMPLE_CELLS", 400)
    found = {}
    for for_export in (True, False):
        folder = tmp_path / str(for_export)
        folder.mkdir()
        settings = Settings(home=folder)
        made = intake.load(path, folder, name="t", settings=settings, for_export=for_export)
        group = parquet.ParquetFile(made.table).metadata.row_group(0)
        columns = (group.column(i) for i in range(group.num_columns))
        found[for_export] = {encoding for column in columns for encoding in column.encodings}
    assert found[True] <= {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "BIT_PACKED"}
    assert {"DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY"} <= found[False]
