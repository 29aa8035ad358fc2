"""Rows that were mended on reading can be seen, downloaded, and kept aside instead."""

from __future__ import annotations

import csv
import io

import pytest

from components.intake import ReadOptions
from components.services.data import datasets, mended_rows
from components.services.export import exports


@pytest.fixture
def text():
    lines = [f"{i},x{i},{i % 7}.5,{'ab'[i % 2]}" for i in range(40)]
    lines[7] = "=7,x7,0.5,b,"
    lines[20] = lines[20].rpartition(",")[0]
    return "\n".join(["id,name,amount,label", *lines]) + "\n"


def test_they_are_told_as_they_stand_in_the_file(upload, text):
    info = upload(text)
    found = mended_rows.first(info, 10)
    assert [(row.row_id, row.line, row.text) for row in found] == [
        (7, 9, "=7,x7,0.5,b,"),
        (20, 22, "20,x20,6.5"),
    ]
    assert [row.how for row in found] == [
        "surplus empty cells were dropped",
        "missing cells at the end were left empty",
    ]
    assert mended_rows.first(info, 1) == found[:1]


def as_csv(info):
    out = io.BytesIO()
    mended_rows.write_csv(info, out)
    return out.getvalue()


def test_the_download_holds_all_of_them_and_is_harmless_in_a_spreadsheet(upload, text):
    lines = list(csv.reader(io.StringIO(as_csv(upload(text)).decode())))
    assert lines[0] == ["row_id", "line", "how", "text"]
    assert [line[:2] for line in lines[1:]] == [["7", "9"], ["20", "22"]]
    assert lines[1][3] == "'=7,x7,0.5,b,"


def test_a_table_without_them_has_an_empty_list(upload):
    info = upload("a,b\n1,2\n3,4\n")
    assert mended_rows.first(info, 10) == []
    assert as_csv(info).splitlines() == [b"row_id,line,how,text"]


def test_a_person_keeps_them_aside_instead(ws, upload, text, made):
    info = upload(text)
    strict = datasets.reread(ws, info.version.id, ReadOptions(mend=False), actor="Ann")
    assert (strict.report.n_rows, strict.report.n_aside, strict.report.n_mended) == (38, 2, 0)
    assert [row.line for row in strict.report.aside] == [9, 22]
    assert made(exports.corrected_csv, ws, strict.version.id).n_changed == 0
    assert strict.version.id != info.version.id
