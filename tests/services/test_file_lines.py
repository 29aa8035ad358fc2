"""The line of a row in the file: told where it is certain, else not at all."""

import gzip

import pytest

from components.services.data.file_lines import file_line


def table(n=30, *, end="\n", above=""):
    return above + end.join(["size,town", *(f"{i},York" for i in range(n))]) + end


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (table(), 2),
        (table(end="\r\n"), 2),
        (table().rstrip("\n"), 2),
        (table(above="Made by the office\n\n"), 4),
    ],
)
def test_each_record_takes_one_line(upload, text, first):
    info = upload(text, "lines.csv")
    assert info.version.n_rows == 30
    lines = text.splitlines()
    for row_id in (0, 7, 29):
        at = file_line(info, row_id)
        assert at == first + row_id
        assert lines[at - 1] == f"{row_id},York"


def test_it_is_not_told_where_a_record_takes_two_lines(upload, pets):
    assert file_line(upload(pets), 0) is None


def test_it_is_not_told_where_lines_are_no_rows(upload):
    blank = table().replace("7,York\n", "7,York\n\n")
    packed = gzip.compress(table().encode())
    for content, name in ((blank, "blank.csv"), (packed, "packed.csv.gz")):
        assert file_line(upload(content, name), 0) is None
