"""Encodings, dialects, broken rows: what is mended, what is kept aside, what is told."""

from __future__ import annotations

import pytest

from components import intake

TEXTS = {
    "cp1251": "имя,город\nИван,Москва\nОльга,Санкт-Петербург\n",
    "koi8-r": "имя,город\nИван,Москва\nОльга,Санкт-Петербург\n",
    "cp1250": "jméno,město\nŘehoř,Žďár\nŠárka,Čáslav\n",
    "iso-8859-2": "jméno,město\nŘehoř,Žďár\nŠárka,Čáslav\n",
    "cp1252": "name,city\nJosé,Málaga\nFrançois,Besançon\nMüller,Köln\n",
    "cp1253": "όνομα,ηλικία\nΆννα,3\nΓιώργος,4\n",
    "cp1254": "ad,şehir\nAyşe,İstanbul\nÖmer,Iğdır\n",
    "cp1255": "שם,עיר\nדוד,ירושלים\n",
    "cp1256": "اسم,مدينة\nأحمد,القاهرة\n",
    "euc_kr": "이름,도시\n김철수,서울\n박영희,부산\n",
    "euc_jp": "名前,都市\n田中さん,東京\nスズキ,大阪\n",
    "cp932": "名前,都市\n田中,東京\nスズキ,大阪\n",
    "gb18030": "姓名,城市\n张伟,北京\n王芳,上海\n李娜,广州\n",
    "big5": "姓名,城市\n王小明,台北\n陳大文,高雄\n",
    "utf-16": "a,b\n1,é\n2,中\n",
    "utf-16-le": "a,b\n" + "11,été\n22,abc\n" * 20,
    "utf-8-sig": "a,b\n1,é\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings(read, encoding):
    text = TEXTS[encoding]
    result = read(text.encode(encoding))
    lines = [line.split(",") for line in text.splitlines()]
    assert [[c.header for c in result.columns], *result.rows] == lines


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Café,Sørensen"),
        ("cp1252", "Þór,Ísafjörður"),
        ("cp1252", "São Paulo,Ação"),
        ("cp1252", "tõde,öö,ülikool,äär"),
        ("cp1252", "Width 3½”,10 €,“quoted”"),
        ("cp1250", "Kovács Győző,Székesfehérvár,Szűcs"),
        ("cp1250", "Łódź,Gdańsk,Kraków"),
        ("cp1250", "Bucureşti,Iaşi,Timişoara"),
        ("cp1254", "Muğla,Çanakkale,Güneş,Şırnak"),
    ],
)
def test_a_few_letters_tell_the_encoding(read, encoding, words):
    cells = words.split(",")
    data = "id,word\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))
    assert [row[1] for row in read(data.encode(encoding)).rows] == cells


def test_a_chosen_encoding_wins(read):
    data = "a,b\n1,é\n2,ü\n".encode("cp1252")
    result = read(data, intake.ReadOptions(encoding="cp850"))
    assert result.report.dialect.encoding == "cp850"
    assert result.rows[0] == ["1", "é".encode("cp1252").decode("cp850")]


def test_mojibake_is_noticed(read):
    text = "name,city\nJosé,Málaga\nAnna,Köln\n".encode().decode("cp1252")
    assert "3 places" in read(text).problem("mojibake").message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "||", "::", "^", "~"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(read, delimiter, newline):
    rows = [["id", "when", "text"], ["1", "2024-01-05", "red house"], ["2", "2024-01-06", "blue"]]
    text = "".join(delimiter.join(row) + newline for row in rows)
    result = read(text)
    assert [[c.header for c in result.columns], *result.rows] == rows
    assert result.report.dialect.delimiter == delimiter
    assert result.report.dialect.newline == newline


def test_options_of_a_person_win(read):
    result = read(
        "first\nsecond;x\n1;2\n3;4\n",
        intake.ReadOptions(delimiter=";", header_rows=0, preamble_lines=2),
    )
    assert result.rows == [["1", "2"], ["3", "4"]]
    assert [c.name for c in result.columns] == ["column_1", "column_2"]


def test_names_are_made_unique_and_visible(read):
    result = read("a,a_2,a,,row_id,x\u200by\n1,2,3,4,5,6\n7,8,9,1,2,3\n")
    names = [c.name for c in result.columns]
    assert names == ["a", "a_2", "a_3", "column_4", "row_id_2", "xy"]
    assert {"duplicate_names", "blank_names", "bidi_or_invisible_names"} <= set(result.codes())
    assert result.columns[2].header == "a"


def test_what_was_done_to_a_name_is_said_as_it_was(read):
    result = read('"sp\need",x\u200by,a\n1,2,3\n7,8,9\n')
    assert [c.name for c in result.columns] == ["sp eed", "xy", "a"]
    assert result.problem("broken_names").columns == ("sp eed",)
    assert "stands as a space" in result.problem("broken_names").message
    assert result.problem("bidi_or_invisible_names").columns == ("xy",)


def broken_table(n: int = 3_000):
    """Return the bytes of a table and, by kind of damage, the lines that are damaged."""
    lines, damaged = ["id,when,note,amount"], {"short": [], "long": [], "surplus": [], "quote": []}
    line = 2
    for i in range(n):
        note = f'"two\nlines, {i}"' if i % 50 == 7 else f"note {i}"
        row = f"{i},2024-01-{i % 28 + 1:02d},{note},{i * 37 % 1000 / 8}"
        kind = {11: "short", 22: "long", 33: "surplus", 44: "quote"}.get(i % 500)
        if kind == "short":
            row = row.rpartition(",")[0]
        elif kind == "long":
            row += ",extra"
        elif kind == "surplus":
            row += ","
        elif kind == "quote":
            row = '"' + row
        if kind:
            damaged[kind].append(line)
        lines.append(row)
        line += 1 + row.count("\n")
    return "\n".join(lines) + "\n", damaged


def test_every_damaged_row_is_mended_or_kept_aside_with_its_line(read):
    text, damaged = broken_table()
    result = read(text)
    assert [row.line for row in result.report.aside] == damaged["long"]
    assert {row.reason for row in result.report.aside} == {"5 cells where the table has 4"}
    assert set(damaged["short"]) <= set(result.problem("ragged_rows").lines)
    assert list(result.problem("stray_quotes").lines) == damaged["quote"]
    assert len(result.rows) == 3_000 - len(damaged["long"])
    assert [c.kind.value for c in result.columns] == [
        "identifier",
        "datetime",
        "text",
        "number",
    ]
    assert result.rows[44][0] == "45"  # row 22 is aside, the quote of row 44 was left out
    assert result.rows[7][2] == "two\nlines, 7"


def test_a_short_row_that_fits_no_column_is_kept_aside(read):
    rows = "".join(f"{i},2024-02-{i % 28 + 1:02d},x\n" for i in range(30))
    result = read("n,day,name\n" + rows + "2024-02-03,x\n")
    assert [row.text for row in result.report.aside] == ["2024-02-03,x"]


def test_empty_rows_are_kept_aside_where_rows_are_full(read):
    result = read("a,b,c\n1,2,3\n,,\n4,5,6\n , ,\n7,8,9\n")
    assert [(row.line, row.reason) for row in result.report.aside] == [
        (3, "all cells are empty"),
        (5, "all cells are empty"),
    ]
    assert len(result.rows) == 3


def test_progress_is_told(tmp_path):
    from components.core.settings import Settings

    path = tmp_path / "upload.csv"
    path.write_text("a,b\n1,2\n")
    told: list[tuple[float, str]] = []
    folder = tmp_path / "dataset"
    folder.mkdir()
    intake.load(
        path,
        folder,
        name="upload.csv",
        settings=Settings(home=tmp_path),
        progress=lambda share, words: told.append((share, words)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(words for _, words in told)


def test_quoted_paragraphs_with_commas_do_not_make_a_longer_delimiter(read):
    rows = "".join(f'"First, a line {i}.\nThen, another:",name{i}\n' for i in range(40))
    result = read("prompt,truth\n" + rows)
    assert result.report.dialect.delimiter == ","
    assert result.rows[7] == ["First, a line 7.\nThen, another:", "name7"]


def test_a_space_after_every_delimiter_belongs_to_it(read):
    result = read("id, name, note\n" + "".join(f'{i}, "A, b", red house\n' for i in range(9)))
    assert result.report.dialect.delimiter == ", "
    assert result.rows[0] == ["0", "A, b", "red house"]


@pytest.mark.parametrize(
    "cell", ['"City{0}, State{1}"', '"{{""a"": {0}, ""b"": [1, null]}}"', "\"['t {0}', 'o']\""]
)
def test_a_comma_and_a_space_within_quotes_separate_nothing(read, cell):
    lines = ["nr,x", *(f"{i * 3},{cell.format(i % 20, i % 7)}" for i in range(60))]
    result = read("\n".join(lines) + "\n")
    assert result.report.dialect.delimiter == ","
    assert [c.name for c in result.columns] == ["nr", "x"]
    assert result.report.n_rows == 60
