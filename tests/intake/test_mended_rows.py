"""Rows that stand otherwise in the uploaded file are on record, every one, with their numbers."""

from __future__ import annotations

import random

import pytest
from pyarrow import parquet

from components import intake
from components.intake.columns import describe
from components.intake.mend import surplus_cells
from components.intake.mend.mender import How

N = 1500
KEEP_ASIDE = intake.ReadOptions(mend=False)


@pytest.fixture(params=["short", "large"], autouse=True)
def way(request, monkeypatch):
    """Take every file for a short or for a large one."""
    monkeypatch.setattr(describe, "SAMPLE_CELLS", 400 if request.param == "large" else 100_000)
    return request.param


def lines_of(quoted: bool = False) -> list[str]:
    name = '"name {}, the {}"' if quoted else "name {} the {}"
    rows = []
    for i in range(N):
        text = name.format(i % 90 + 10, i % 7)
        rows.append(f"{i},2024-01-{i % 28 + 1:02},{text},{i % 90 + 10}.50")
    return ["id,day,name,amount", *rows]


BROKEN = {
    "a cell too few": lambda line: line.rpartition(",")[0],
    "an empty cell too many": lambda line: line + ",",
    "two empty cells too many": lambda line: line + ",,",
    "an empty cell in quotes too many": lambda line: line + ',""',
    "an empty cell with a space too many": lambda line: line + ", ",
    "another delimiter": lambda line: line.replace(",", ";"),
    "a quote in a text": lambda line: line.replace("name ", '"name" ', 1),
}


def mended_rows(folder) -> list[dict[str, object]]:
    return parquet.read_table(folder / "mended.parquet").to_pylist()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", BROKEN)
def test_every_mended_row_is_on_record_with_its_number_line_and_text(read, name, end):
    lines = lines_of()
    broken = {7, 400, 1200, 1450}
    for at in broken:
        lines[at] = BROKEN[name](lines[at])
    lines[900:900] = ["", ""]
    result = read(end.join(lines) + end)
    ids = [int(row[0]) for row in result.rows]
    assert ids == list(range(N))
    found = mended_rows(result.folder)
    assert [row["row_id"] for row in found] == sorted(at - 1 for at in broken)
    assert [row["line"] for row in found] == [8, 401, 1203, 1453]
    assert all(lines[row["line"] - 1] == row["text"] for row in found)
    assert result.report.n_mended == len(broken)
    assert {row["how"] for row in found} <= {how.value for how in How}


@pytest.mark.parametrize("name", BROKEN)
def test_they_are_kept_aside_instead_where_a_person_says_so(read, name):
    lines = lines_of()
    broken = [7, 400, 1200, 1450]
    for at in broken:
        lines[at] = BROKEN[name](lines[at])
    result = read("\n".join(lines) + "\n", KEEP_ASIDE)
    assert [int(row[0]) for row in result.rows] == [i for i in range(N) if i + 1 not in broken]
    assert [row.line for row in result.report.aside] == [at + 1 for at in broken]
    assert [row.text for row in result.report.aside] == [lines[at] for at in broken]
    assert result.report.n_mended == 0
    assert not (result.folder / "mended.parquet").exists()


def test_numbers_hold_beside_rows_left_out_texts_of_several_lines_and_quotes(read):
    rng = random.Random(3)  # noqa: S311 - no secret
    rows, broken, aside = [], [], 0
    for i in range(N):
        text = f'"name {i}\nof, ""many"" lines"' if rng.random() < 0.2 else f"name {i} of many"
        line = f"{i},2024-01-{i % 28 + 1:02},{text},{i % 90 + 10}.50"
        if i > 20 and rng.random() < 0.02:
            broken.append(i)
            line += ","
        rows.append(line)
        if i > 20 and rng.random() < 0.02:
            rows.append(rng.choice(["1,2,3,4,5,6", ",,,", "id,day,name,amount"]))
            aside += 1
        if rng.random() < 0.05:
            rows.append("")
    result = read("\n".join(["id,day,name,amount", *rows]) + "\n")
    assert [int(row[0]) for row in result.rows] == list(range(N))
    assert result.report.n_aside == aside > 9
    found = mended_rows(result.folder)
    assert [row["row_id"] for row in found] == broken
    assert [str(row["text"]).partition(",")[0] for row in found] == list(map(str, broken))


def test_a_converted_text_has_the_lines_of_the_upload(read):
    lines = lines_of()
    lines[1200] += ","
    lines[1300] = lines[1300].rpartition(",")[0]
    for encoding in ("utf-16", "utf-8-sig"):
        result = read("\n".join(["made by a program", "", *lines]).encode(encoding))
        found = [(row["row_id"], row["line"], row["text"]) for row in mended_rows(result.folder)]
        assert found == [(1199, 1203, lines[1200]), (1299, 1303, lines[1300])]


def test_a_table_without_broken_rows_has_no_such_file(read):
    result = read("\n".join(lines_of()) + "\n")
    assert not (result.folder / "mended.parquet").exists()
    assert result.report.n_mended == 0


def test_an_empty_last_cell_is_no_surplus(read):
    lines = [f"{line.rpartition(',')[0]}," if i % 3 == 1 else line
             for i, line in enumerate(lines_of(quoted=True))]  # fmt: skip
    result = read("\n".join(lines) + "\n")
    assert result.report.n_mended == 0


def test_pages_of_the_file_are_let_go_while_it_is_searched(read, monkeypatch):
    """Else a file of 1.6 GB counts as 1.6 GB of memory of the process."""
    monkeypatch.setattr(surplus_cells, "KEPT", 8_192)
    monkeypatch.setattr(surplus_cells, "PIECE", 1_024)
    let_go = []
    release = surplus_cells._released

    def watched(data, start, end):
        let_go.append((start, end))
        return release(data, start, end)

    monkeypatch.setattr(surplus_cells, "_released", watched)
    lines = lines_of()
    for i in (30, 700, 1_490):
        lines[i] += ","
    result = read("\n".join(lines) + "\n")
    assert [row["row_id"] for row in mended_rows(result.folder)] == [29, 699, 1_489]
    assert len(let_go) > 3
    assert max(end - start for start, end in let_go) < 8_192 + 2 * 1_024
