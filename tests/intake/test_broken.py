"""Files that are broken or odd in ways that real files are: read right, or told."""

from __future__ import annotations

import random

import pytest

from components.core.errors import UnusableInput
from components.intake.mend.mender import Mended, Mender
from components.intake.text.csv_records import Quoting, read_records

NAMES = ["id", "day", "name", "amount", "grade"]
PEOPLE = ["Anna Bell", "Bo Chan", "Cyril Dole", "Di Eck", "Edda Fry", "Flo Gray"]


def table(n: int = 12) -> list[list[str]]:
    rng = random.Random(5)  # noqa: S311 - no secret
    return [
        [
            str(i + 1),
            f"2024-01-{i + 1:02d}",
            rng.choice(PEOPLE),
            f"{rng.uniform(10, 99):.2f}",
            rng.choice("ABC"),
        ]
        for i in range(n)
    ]


ROWS = table()


def text(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


PLAIN = text([NAMES, *ROWS])


def cells(result) -> list[list[str]]:
    return [[c.header for c in result.columns], *result.rows]


def drawn(edge: str, rule: str, width: int = 12) -> str:
    """A table in a frame, as psql, mysql and Markdown write it."""
    lines = [
        edge + " " + " | ".join(f"{c:<{width}}" for c in r) + " " + edge for r in [NAMES, *ROWS]
    ]
    return "\n".join([lines[0].strip(" "), rule, *(line.strip(" ") for line in lines[1:])]) + "\n"


FIXED = "".join(f"{r[0]:<5}{r[1]:<12}{r[2]:<14}{r[3]:>8}  {r[4]}\n" for r in [NAMES, *ROWS])

READ = {
    "parted by the byte of Hive": (text([NAMES, *ROWS], "\x01"), None),
    "parted by unit separators": (text([NAMES, *ROWS], "\x1f"), None),
    "commas of Chinese": (text([NAMES, *ROWS], "\uff0c"), None),
    "semicolon of Arabic": (text([NAMES, *ROWS], "\u061b"), None),
    "aligned with spaces": (FIXED, "aligned_columns"),
    "psql": (drawn("", "-" * 14 + "+" + "-" * 60), "drawn_table"),
    "Markdown": (drawn("|", "|---|---|---|---|---|"), "drawn_table"),
    "every line in quotes": (
        "".join(f'"{",".join(row)}"\n' for row in [NAMES, *ROWS]),
        "wrapped_lines",
    ),
    "quotes in quoted lines": (
        "".join('"' + ",".join(f'""{c}""' for c in row) + '"\n' for row in [NAMES, *ROWS]),
        "wrapped_lines",
    ),
    "a byte order mark within": (
        text([NAMES, *ROWS[:5]]) + "\ufeff" + text(ROWS[5:]),
        "inner_marks",
    ),
    "files put together": ("\ufeff" + PLAIN + "\ufeff" + PLAIN, "several_tables"),
    "record separators": ("\x1e".join("\x1f".join(r) for r in [NAMES, *ROWS]), "odd_line_ends"),
    "next line": (text([NAMES, *ROWS], end="\x85"), "odd_line_ends"),
    "line separator": (text([NAMES, *ROWS], end="\u2028"), "odd_line_ends"),
    "another table above": (
        text([["city", "people", "area"], *([["Rome", "1", "2"]] * 5)]) + "\n" + PLAIN,
        "several_tables",
    ),
    "names behind a hash": ("#" + PLAIN, "header_comment"),
    "comments above names behind a hash": ("## made by hand\n# " + PLAIN, "header_comment"),
    "more names than columns": (text([[*NAMES, "p", "q"], *ROWS]), "header_long"),
    "sep line": ("sep=;\r\n" + text([NAMES, *ROWS], ";", "\r\n"), None),
    "blank lines": (text([NAMES, *ROWS[:5]]) + "\n" * 2_000 + text(ROWS[5:]), None),
    "padded with NUL bytes": (PLAIN + "\0" * 500, "nul_bytes"),
    "comments between the rows": (
        text([NAMES, *ROWS[:5]]) + "# one, two, three, four, five\n" + text(ROWS[5:]),
        "rows_aside",
    ),
    "names again and again": (
        text([NAMES, *ROWS[:4], NAMES, *ROWS[4:8], NAMES, *ROWS[8:]]),
        "several_tables",
    ),
    "a copy below": (PLAIN + PLAIN, "several_tables"),
    "another table below": (PLAIN + "\ncity,people\nRome,1\nOslo,2\nBern,3\n", "several_tables"),
    "another table as wide below": (
        PLAIN
        + "city,people,area,mayor,river\n"
        + "Rome,many,wide,Ann,Tiber\n" * 2
        + "Bern,few,small,Bob,Aare\n",
        "several_tables",
    ),
    "a comma in a text": (
        PLAIN.replace("Anna Bell", "Bell, Anna"),
        "delimiter_in_text",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_is_read_as_it_is_meant(read, name):
    source, told = READ[name]
    result = read(source)
    expected = [NAMES, *ROWS]
    if told == "delimiter_in_text":
        expected = [[c.replace("Anna Bell", "Bell, Anna") for c in row] for row in expected]
    assert cells(result) == expected
    assert told is None or told in result.codes()


def test_one_record_written_downwards_is_told(read):
    told = read("name,Anna\nage,34\ncity,Rome\nheight,1.72\nborn,1990-01-02\n").codes()
    assert "transposed" in told
    assert "transposed" in read("id,1,2,3\nname,Anna,Bo,Cy\nage,34,22,41\n").codes()
    assert "transposed" not in read(PLAIN).codes()


def test_texts_as_formulas_are_kept_and_told(read):
    result = read("id,code,x\n" + "".join(f'{i},="00{i}",{i}\n' for i in range(9)))
    assert "9 of the first cells" in result.problem("excel_texts").message
    assert result.rows[1] == ["1", '="001"', "1"]


def test_a_single_column_is_told(read):
    assert "one_column" in read("name\nAnna\nBo\nCy\n").codes()
    assert "one_column" not in read(PLAIN).codes()


def test_escaped_delimiters(read):
    result = read("id,note,x\n" + "".join(f"{i},a\\, b{i},{i}\n" for i in range(9)))
    assert result.report.dialect.escapechar == "\\"
    assert result.rows[3] == ["3", "a, b3", "3"]


def test_spaces_between_quoted_cells_and_numbers_of_rows_as_r_writes_them(read):
    rows = "".join(f'"{i + 1}" "{r[1]}" "{r[2]}" {r[3]}\n' for i, r in enumerate(ROWS))
    result = read('"day" "name" "amount"\n' + rows)
    assert [c.header for c in result.columns] == ["", "day", "name", "amount"]
    assert result.rows == [[str(i + 1), *r[1:4]] for i, r in enumerate(ROWS)]
    assert "header_index" in result.codes()


def test_a_text_with_spaces_beside_spaces_that_part_cells(read):
    lines = [f'{r[1]} {r[3]} {r[2]} "a {r[4]}, b" {r[0]}\n' for r in table(20)]
    lines += [f'{r[1]} {r[3]} Cher "a {r[4]}, b" {r[0]}\n' for r in table(30)]
    result = read("day amount name note id\n" + "".join(lines))
    assert result.report.dialect.delimiter == " "
    assert result.rows[0] == [ROWS[0][1], ROWS[0][3], ROWS[0][2], f"a {ROWS[0][4]}, b", "1"]


@pytest.mark.parametrize("end", ["Total,,,612.55,", ",,Grand total:,612.55,", "Summe,,,1,"])
def test_a_row_of_totals_is_told(read, end):
    result = read(PLAIN + end + "\n")
    assert result.problem("total_rows").lines == (14,)
    assert result.rows[-1] == end.split(",")


def test_a_category_called_total_is_no_total(read):
    rows = [[r[0], r[1], "Total" if i % 3 else "Part", r[3], r[4]] for i, r in enumerate(ROWS)]
    assert "total_rows" not in read(text([NAMES, *rows])).codes()


def test_a_remark_below_the_table_is_told(read):
    result = read(PLAIN + "Source: the office,,,,\n")
    assert result.problem("remark_rows").lines == (14,)
    assert len(result.rows) == 13


def test_numbers_count_columns(read):
    rows = [[f"0.{i * 7 + j * 3:03d}" for j in range(4)] for i in range(9)]
    for names in (["0", "1", "2", "3"], ["2019", "2020", "2021", "2022"]):
        assert cells(read(text([names, *rows]))) == [names, *rows]
    assert read(text([["1", "2", "3", "4"], *rows])).report.dialect.header_rows == 0


def test_a_line_of_a_log_is_no_name(read):
    lines = [
        f"13:55:{i:02d} worker[{i}] took over the job from the queue of host{i}" for i in range(9)
    ]
    result = read("\n".join(lines) + "\n")
    assert result.report.dialect.header_rows == 0
    assert len(result.rows) == 9


def test_a_column_of_sentences_is_one_column(read):
    rows = ["Hello, world", "Good morning", "Well, well, well", "Yes", "No, thanks"]
    assert cells(read("text\n" + "\n".join(rows) + "\n")) == [["text"], *([r] for r in rows)]


def test_a_web_page_called_csv_is_refused(read):
    with pytest.raises(UnusableInput, match="web page"):
        read("<html><body><table><tr><td>1</td></tr></table></body></html>")


def mender(rows: list[list[str]]) -> Mender:
    quoting = Quoting(",")
    return Mender(quoting, len(rows[0]), read_records(text(rows), quoting))


def tables() -> list[list[list[str]]]:
    """Dates and texts, numbers only, codes and prices, texts only."""
    rng = random.Random(7)  # noqa: S311 - no secret
    numbers = [
        [str(rng.randrange(10_000)), f"{rng.gauss(0, 9):.1f}", f"{rng.random():.3f}", str(i)]
        for i in range(40)
    ]
    codes = [
        [f"{rng.choice('ABC')}{i:03d}", f"${rng.uniform(1, 99):.2f}", rng.choice(PEOPLE), "yes"]
        for i in range(40)
    ]
    words = [[rng.choice(PEOPLE), rng.choice(PEOPLE), rng.choice(PEOPLE)] for _ in range(40)]
    return [table(28), numbers, codes, words]


@pytest.mark.parametrize("rows", tables(), ids=["mixed", "numbers", "codes", "words"])
def test_a_record_without_a_delimiter_is_read_right_or_not_at_all(rows):
    able = mender(rows)
    outcomes = {True: 0, False: 0}
    for row in rows[:20]:
        for at in range(1, len(row)):
            broken = ",".join([*row[: at - 1], row[at - 1] + row[at], *row[at + 1 :]])
            mended = able.mend(broken + "\n")
            taken = isinstance(mended, Mended) and mended.how == "split"
            outcomes[taken] += 1
            assert not taken or mended.cells == tuple(row), broken
    assert outcomes[True] or rows[0][0] in PEOPLE


def test_of_dates_and_texts_nearly_every_missing_delimiter_is_found():
    rows = table(28)
    able = mender(rows)
    broken = [
        (row, ",".join([*row[: at - 1], row[at - 1] + row[at], *row[at + 1 :]]))
        for row in rows
        for at in (2, 3, 4)
    ]
    right = sum(1 for row, line in broken if getattr(able.mend(line), "cells", ()) == tuple(row))
    assert right >= 0.95 * len(broken)


@pytest.mark.parametrize("rows", tables()[:3], ids=["mixed", "numbers", "codes"])
def test_an_empty_cell_too_many_is_left_out_where_it_stands_or_nowhere(rows):
    able = mender(rows)
    n_right = 0
    for row in rows[:20]:
        for at in range(1, len(row)):
            mended = able.mend(",".join([*row[:at], "", *row[at:]]) + "\n")
            if isinstance(mended, Mended):
                assert mended.cells == tuple(row)
                n_right += 1
    assert n_right >= 40


def test_a_quote_that_hides_delimiters_by_chance_is_seen(read):
    rows = [[r[0], r[1], r[2], f'"one, two {r[4]}, three"', r[3]] for r in table(28)]
    lines = text([["id", "day", "name", "note", "amount"], *rows]).splitlines()
    broken = ",".join(rows[9][:2]) + f',{rows[9][2]}"one, two, three",{rows[9][4]}'
    lines[10] = broken.replace('three"', "three")  # five cells, by chance
    result = read("\n".join(lines) + "\n")
    assert 11 in {line for p in result.report.problems for line in p.lines}
