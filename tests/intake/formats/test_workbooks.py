import pytest

from components.core.data.source import ProblemLevel
from components.core.errors import UnusableInput
from components.intake.formats.parsers.sheets import lay_out
from components.intake.options import ReadOptions


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_small_sheet(load, workbooks, ending):
    opened = load(workbooks / f"simple.{ending}", f"simple.{ending}")
    assert opened.names == ["date", "temperature", "place"]
    assert opened.rows[0] == ("2011-01-01", "1", "Galway")
    assert opened.rows[-1] == ("2011-01-03", "5", "Berkeley")
    assert (opened.report.format, opened.report.sheet) == (ending, "simple.csv")


def test_an_opendocument_sheet(load, workbooks):
    opened = load(workbooks / "simple.ods", "simple.ods")
    assert opened.names == ["Name", "Age", "When"]
    assert opened.rows == [
        ("Bob", "20", "2010-10-10"),
        ("Jane", "23", "2012-01-01"),
        ("Ian", "34", "2015-11-11"),
    ]


def test_the_first_sheet_with_a_table_and_the_others_are_told(load, workbooks):
    opened = load(workbooks / "two_sheets.xlsx", "two.xlsx")
    assert opened.report.sheet == "data"
    assert opened.report.choices == ("not this one", "data", "ʤ")
    assert {"other_sheets", "formulas", "blank_names"} <= opened.codes
    assert opened.rows[0][:6] == (
        "Chicago Reader",
        "1971-01-01",
        "40",
        "TRUE",
        "1",
        "1971-01-01 04:14:00",
    )


def test_a_sheet_can_be_chosen(load, workbooks):
    other = load(workbooks / "two_sheets.xlsx", "two.xlsx", sheet="ʤ")
    assert other.report.sheet == "ʤ"
    with pytest.raises(UnusableInput, match="no sheet called “gone”"):
        load(workbooks / "two_sheets.xlsx", "two.xlsx", sheet="gone")
    with pytest.raises(UnusableInput, match="holds no table"):
        load(workbooks / "two_sheets.xlsx", "two.xlsx", sheet="not this one")


def test_merged_and_multirow_headers(load, workbooks):
    opened = load(workbooks / "multiline_headers.xlsx", "multi.xlsx")
    long = "Cumulative impact of changes on cost of food basket"
    assert opened.names == [
        "Region",
        "Caloric contribution (%)",
        f"{long} from previous quarter",
        f"{long} from baseline (%)",
    ]
    assert opened.rows == [("A", "B", "C", "D")]
    assert {"multirow_header", "merged_header"} <= opened.codes
    assert opened.report.dialect.header_rows == 5


def test_no_table(load, workbooks):
    with pytest.raises(UnusableInput, match="No sheet of the workbook holds a table"):
        load(workbooks / "merged_cells.xlsx", "merged.xlsx")


def test_title_rows_and_merged_data():
    rows = [
        ("Sales of 2024", "", ""),
        ("", "", ""),
        ("name", "q1", "q2"),
        ("Ann", "1", "2"),
        ("Bob", "3", ""),
    ]
    layout = lay_out(rows, [(0, 0, 0, 2), (4, 1, 4, 2)], ReadOptions())
    assert layout.names == ("name", "q1", "q2")
    assert (layout.preamble_rows, layout.header_rows, layout.body) == (1, 1, 3)
    assert (layout.filled, layout.merged) == (0, 1)


def test_a_wrong_ending_is_told(load, workbooks):
    opened = load(workbooks / "simple.xlsx", "simple.csv")
    assert opened.report.format == "xlsx"
    told = [p for p in opened.report.problems if p.code == "wrong_extension"]
    assert "ends in .csv, but it is an Excel workbook" in told[0].message
    assert told[0].level is ProblemLevel.NOTE
