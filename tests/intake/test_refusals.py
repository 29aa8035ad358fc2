"""What cannot be read as a table is refused in words, and leaves nothing behind."""

from __future__ import annotations

import gzip

import pytest

from components.core.errors import UnusableInput


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"\n\r\n  \n", "only blank lines"),
        (b"a,b,c\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        (b"%PDF-1.7\n" + b"x" * 50, "PDF"),
        (bytes(range(256)) * 20, "not text"),
        (b"a,b\n1," + b"x" * 17_000_000 + b"\n2,y\n", "line 2 is longer than 16 MB"),
        (b"a,b\n0,z\n1," + b"x" * 33_000_000 + b"\n2,y\n", "line 3 is longer than 16 MB"),
    ],
)
def test_what_is_no_table(read, tmp_path, data, words):
    with pytest.raises(UnusableInput, match=words) as error:
        read(data)
    assert error.value.todo
    assert list((tmp_path / "read0" / "dataset").iterdir()) == []


def test_too_large_and_too_wide(read):
    with pytest.raises(UnusableInput, match="limit is 100 bytes"):
        read(b"a,b\n" + b"1,2\n" * 100, max_upload=100)
    with pytest.raises(UnusableInput, match="11 columns; the limit is 10"):
        read(",".join(f"n{i}" for i in range(11)) + "\n" + ",".join("1" * 11), max_columns=10)


def test_one_row_and_one_column_are_tables(read):
    assert read("a,b,c\n1,x,2.5\n").rows == [["1", "x", "2.5"]]
    assert read("name\nAda\nBob\n").rows == [["Ada"], ["Bob"]]


def test_a_gzip_file_is_unpacked(read):
    result = read(gzip.compress(b"a,b\n1,x\n2,y\n"), name="upload.csv.gz")
    assert result.rows == [["1", "x"], ["2", "y"]]


def test_nothing_but_the_results_stays(read):
    result = read(b"\xff\xfe" + "a,b\n1,x\n2,y,\n3\n4,z,5\n".encode("utf-16-le"))
    assert sorted(path.name.split("-")[0] for path in result.folder.iterdir()) == [
        "aside.csv",
        "source.json",
        "table",
        "text.parquet",
    ]


@pytest.mark.parametrize(("content", "said"), [(b"a\n", "1 name but"), (b"a,b\n", "2 names but")])
def test_a_header_alone_is_counted_in_good_english(read, content, said):
    with pytest.raises(UnusableInput, match=f"a header with {said} no rows"):
        read(content)
