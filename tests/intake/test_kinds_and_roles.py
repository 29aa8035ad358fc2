"""What columns mean and are for, with the evidence; what a person chooses instead."""

from __future__ import annotations

import json
import math

import pyarrow.parquet as pq
import pytest

from components import intake
from components.core.codec import from_json
from components.core.data.dataset import Kind, Role, Storage
from components.core.data.source import SourceReport
from components.core.errors import UnusableInput


def one_column(read, values, name="value"):
    """Read ``values`` beside a column that is regular whatever they are."""
    lines = [f"other;{name}", *(f"w{i % 3};{value}" for i, value in enumerate(values))]
    result = read("\n".join(lines) + "\n")
    column = result.columns[1]
    table = pq.read_table(result.table)
    return column, table.column(column.field).to_pylist(), result


@pytest.mark.parametrize(
    ("values", "kind", "typed"),
    [
        (["1", "-2", "30"], Kind.INTEGER, [1, -2, 30]),
        (["1", "", "30"], Kind.INTEGER, [1, None, 30]),
        (["1", "2.5", "3e2"], Kind.NUMBER, [1.0, 2.5, 300.0]),
        (["1,234", "56", "7,654,321"], Kind.INTEGER, [1234, 56, 7654321]),
        (["1.234,5", "-99,90", "12.000.000,00"], Kind.NUMBER, [1234.5, -99.9, 12000000.0]),
        (["1,7", "2", "3,25"], Kind.NUMBER, [1.7, 2.0, 3.25]),
        (["200.000.000", "1.000", "7"], Kind.INTEGER, [200000000, 1000, 7]),
        (["1 234,5", "12", "7"], Kind.NUMBER, [1234.5, 12.0, 7.0]),
        (["$74.69", "$5", "$1.5"], Kind.NUMBER, [74.69, 5.0, 1.5]),
        (["5 %", "7%", "12.5 %"], Kind.NUMBER, [5.0, 7.0, 12.5]),
        (["yes", "No", "yes"], Kind.BOOLEAN, [True, False, True]),
        (["T", "f", "t"], Kind.BOOLEAN, [True, False, True]),
        (["0", "1", "1"], Kind.INTEGER, [0, 1, 1]),
        (["02134", "00501", "90210"], Kind.CATEGORY, ["02134", "00501", "90210"]),
        (["1234567890123456", "2", "3"], Kind.CATEGORY, ["1234567890123456", "2", "3"]),
        (["99999999999999999999", "1", "2"], Kind.CATEGORY, ["99999999999999999999", "1", "2"]),
        (["1_000", "2", "3"], Kind.CATEGORY, ["1_000", "2", "3"]),
        (["0x1F", "2", "3"], Kind.CATEGORY, ["0x1F", "2", "3"]),
        (["$1", "€2", "$3"], Kind.CATEGORY, ["$1", "€2", "$3"]),
        (["?", "2", "3"], Kind.INTEGER, [None, 2, 3]),
        (["1.5", "None", "#N/A"], Kind.NUMBER, [1.5, None, None]),
        (["red", "None", "-"], Kind.CATEGORY, ["red", "None", None]),
    ],
)
def test_values_are_read_by_what_all_of_them_are(read, values, kind, typed):
    column, found, _ = one_column(read, values)
    assert column.kind is kind
    assert found == typed
    assert column.kind_why.endswith(".")


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["2023-01-31", "2023-02-01"], "2023-01-31T00:00:00"),
        (["2023-01-31T23:59:59Z", "2023-02-01T00:00:00Z"], "2023-01-31T23:59:59"),
        (["2012/09/26 12:00:00", "2012/09/27 12:00:00"], "2012-09-26T12:00:00"),
        (["02/01/2014", "31/12/2012"], "2014-01-02T00:00:00"),
        (["02/01/2014", "12/31/2012"], "2014-02-01T00:00:00"),
        (["31.01.23", "01.02.23"], "2023-01-31T00:00:00"),
        (["5/19/2006 0:00:00", "4/18/2013 0:00:00"], "2006-05-19T00:00:00"),
        (["Jan 31, 2023", "Feb 1, 2023"], "2023-01-31T00:00:00"),
        (["3-Jan-2020", "14-Feb-2021"], "2020-01-03T00:00:00"),
        (["3/1/2023 2:05 PM", "13/1/2023 11:00 AM"], "2023-01-03T14:05:00"),
        (["2023-01-31T10:00:00+02:00", "2023-02-01T10:00:00+02:00"], "2023-01-31T08:00:00"),
        (["2023-01-03 10:00:00.5-0330", "2023-02-01 10:00:00-0330"], "2023-01-03T13:30:00.500000"),
        (["2023-01-03 10:00:00+00", "2023-02-01 10:00:00+00"], "2023-01-03T10:00:00"),
    ],
)
def test_dates(read, values, first):
    column, found, result = one_column(read, values)
    assert "ambiguous_dates" not in result.codes()
    assert column.kind is Kind.DATETIME
    assert column.role is Role.TIME
    assert found[0].isoformat() == first


def test_the_order_of_day_and_month_is_decided_by_all_rows(read):
    values = ["01/02/2020"] * 9_000 + ["28/02/2020"] + ["03/04/2020"] * 9_000
    column, found, result = one_column(read, values)
    assert column.format == "%d/%m/%Y"
    assert found[0].isoformat() == "2020-02-01T00:00:00"
    assert "ambiguous_dates" not in result.codes()


def test_dates_that_do_not_tell_their_order_are_reported(read):
    column, _, result = one_column(read, ["01/02/2020", "03/04/2020"])
    assert column.kind is Kind.DATETIME
    assert "month first" in result.problem("ambiguous_dates").message


def test_a_column_with_stray_texts_stays_text(read):
    column, found, result = one_column(read, [*map(str, range(300)), "about 7"])
    assert column.storage is Storage.TEXT
    assert found[-1] == "about 7"
    message = result.problem("mixed_types").message
    assert "300 of 301" in message
    assert "“about 7”" in message


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            [f"2022-05-{d:02}" for d in range(1, 29)] + ["44689", "44690", "44700", "44750"] * 4,
            (
                "32 of 32 different texts examined look like dates or numbers, but not in one form:"
                " 28 like “2022-05-01” and 4 like “44689”."
            ),
        ),
        (
            [f"{'C' * (i % 8 == 3)}{i}" for i in range(536360, 536400)],
            (
                "35 of 40 different texts examined look like dates or numbers (35 like “536360”),"
                " the others do not: “C536363”, “C536371”, “C536379” and others."
            ),
        ),
        (
            ["1", "1.0", "True", "0", "0.0", "False"] * 9,
            (
                "4 of 6 different texts examined look like dates or numbers (2 like “0” and 2 like"
                " “0.0”), the others do not: “False”, “True”."
            ),
        ),
    ],
    ids=["days of a spreadsheet", "codes", "spellings of a class"],
)
def test_the_examples_of_a_mixed_column_show_what_is_mixed(read, values, told):
    column, _, result = one_column(read, values)
    assert column.storage is Storage.TEXT
    assert told in result.problem("mixed_types").message


def test_numbers_in_other_digits_are_not_said_to_be_no_numbers(read):
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    values = [str(i).translate(digits) for i in range(10, 60)]
    column, _, result = one_column(read, values)
    assert column.storage is Storage.TEXT
    message = result.problem("mixed_types").message
    assert "none of 50 filled cells could be read as a number or a date, though" in message
    assert "Only the digits 0 to 9 are read." in message
    assert values[0] in message


def test_words_for_missing_are_not_counted_as_numbers(read):
    """The ten gaps counted as numbers, too."""
    values = [*map(str, range(150)), *["NA"] * 10, "about 7", *map(str, range(150))]
    _, _, result = one_column(read, values)
    assert "300 of 311 filled cells could be read" in result.problem("mixed_types").message


def test_a_late_decimal_makes_a_number_of_all(read):
    column, found, _ = one_column(read, [*map(str, range(20_000)), "1.5"])
    assert column.kind is Kind.NUMBER
    assert found[-1] == 1.5


@pytest.mark.parametrize("end", ["", ".5", "e3"])
def test_infinite_numbers_are_numbers_and_told(read, end):
    words = ["inf", "-inf", "Infinity", "-INFINITY", "+inf"]
    finite = [f"{i}{end}" for i in range(50)]
    column, found, result = one_column(read, [*words, *finite])
    assert column.storage is Storage.NUMBER
    endless = [math.inf, -math.inf, math.inf, -math.inf, math.inf]
    assert found[:55] == [*endless, *(float(text) for text in finite)]
    assert "infinite" in result.problem("infinite_values").message


@pytest.mark.parametrize(
    "values", [["inf", "info", "int"], ["inf", "inf"], ["1.5", "2.5", "1e400"]]
)
def test_what_is_no_infinite_number_stays_text(read, values):
    column, found, result = one_column(read, values)
    assert column.storage is Storage.TEXT
    assert found == values
    assert "infinite_values" not in result.codes()


def test_na_among_countries_is_namibia(read):
    column, found, _ = one_column(read, ["NA", "ZA", "DE", "FR", "NA", "US"])
    assert column.disguised == ()
    assert found[0] == "NA"


def test_identifiers_texts_constants_and_empty_columns(read):
    lines = ["row,code,note,same,gap,when_year"]
    for i in range(40):
        note = f"A longer remark about case number {i} that nobody repeats"
        lines.append(f"{i + 1},K{i:05d}x,{note},all,,{1980 + i}")
    result = read("\n".join(lines))
    kinds = {c.name: (c.kind, c.role) for c in result.columns}
    assert kinds == {
        "row": (Kind.IDENTIFIER, Role.ID),
        "code": (Kind.IDENTIFIER, Role.ID),
        "note": (Kind.TEXT, Role.TEXT),
        "same": (Kind.CONSTANT, Role.IGNORE),
        "gap": (Kind.EMPTY, Role.IGNORE),
        "when_year": (Kind.INTEGER, Role.FEATURE),
    }
    assert all(c.role_why for c in result.columns if c.role is not Role.FEATURE)


def people(n=60):
    lines = ["customer_id,sex,age,fnlwgt,split,rater,income,grade"]
    for i in range(n):
        part = ("train", "test", "valid")[i % 3]
        sex, income = "FM"[i % 2], ("low", "high")[i % 2]
        lines.append(
            f"{7000 + 3 * i},{sex},{20 + i % 50},{i * 31},{part},r{i % 4},{income},{i % 3}"
        )
    return "\n".join(lines)


def test_roles_are_guessed_from_names_and_values(read):
    result = read(people())
    roles = {c.name: c.role for c in result.columns}
    assert roles == {
        "customer_id": Role.ID,
        "sex": Role.SENSITIVE,
        "age": Role.FEATURE,
        "fnlwgt": Role.WEIGHT,
        "split": Role.SPLIT,
        "rater": Role.ANNOTATOR,
        "income": Role.LABEL,
        "grade": Role.FEATURE,
    }
    assert "income" in result.column("income").role_why


def test_a_name_that_may_mean_an_input_gives_no_role_that_hides_the_column(read):
    plain = ["weight", "Weight", "weights", "source", "site", "batch", "worker", "reviewer"]
    meant = ["sample_weight", "data_source", "annotator", "worker_id"]
    lines = [",".join([*plain, *meant, "x", "label"])]
    for i in range(60):
        numbers = [i % 7 + 0.5] * 3
        names = [f"s{i % 4}"] * 5
        lines.append(",".join(map(str, [*numbers, *names, i % 5 + 0.5, *names[:3], i, i % 2])))
    roles = {c.name: c.role for c in read("\n".join(lines)).columns}
    assert [roles[name] for name in plain] == [Role.FEATURE] * len(plain)
    assert [roles[name] for name in meant] == [
        Role.WEIGHT, Role.SOURCE, Role.ANNOTATOR, Role.ANNOTATOR,
    ]  # fmt: skip


def test_values_that_do_not_fit_speak_against_the_name(read):
    lines = ["sample_weight,data_source,x,label"]
    lines += [f"{i - 30.5},place {i} of many,{i % 9 / 2},{i % 2}" for i in range(120)]
    roles = {c.name: c.role for c in read("\n".join(lines)).columns}
    assert not {roles["sample_weight"], roles["data_source"]} & {Role.WEIGHT, Role.SOURCE}


def test_a_label_of_numbers_names_classes(read):
    lines = ["x,target"] + [f"{i * 0.5},{i % 2 + 1}" for i in range(50)]
    label = read("\n".join(lines)).column("target")
    assert (label.kind, label.storage, label.role) == (Kind.CATEGORY, Storage.TEXT, Role.LABEL)


def test_a_label_of_many_numbers_is_a_quantity(read):
    lines = ["x,target"] + [f"{i % 7},{i * 1.5}" for i in range(50)]
    assert read("\n".join(lines)).column("target").kind is Kind.NUMBER


def test_the_last_column_with_few_classes_is_the_label(read):
    lines = ["a,b,sort"] + [f"{i * 1.5},{i % 5},{'xyz'[i % 3]}" for i in range(90)]
    label = read("\n".join(lines)).column("sort")
    assert label.role is Role.LABEL
    assert "last column" in label.role_why


def test_a_person_chooses_kind_and_role(read):
    result = read(people())
    grade = intake.choose(result.column("grade"), role=Role.LABEL, folder=result.folder)
    assert (grade.kind, grade.storage, grade.role_why) == (
        Kind.ORDINAL,
        Storage.TEXT,
        "Chosen by you.",
    )
    age = intake.choose(result.column("age"), kind=Kind.CATEGORY, folder=result.folder)
    columns = tuple({"grade": grade, "age": age}.get(c.name, c) for c in result.columns)
    path = intake.retype(result.folder, columns)
    assert path == intake.table_path(result.folder, columns) != result.table
    table = pq.read_table(path)
    assert table.column(grade.field).to_pylist()[:3] == ["0", "1", "2"]
    assert table.column(age.field).to_pylist()[0] == "20"
    back = intake.choose(age, kind=Kind.INTEGER, folder=result.folder)
    assert (back.storage, back.kind_why) == (Storage.INTEGER, "Chosen by you.")


def test_a_kind_that_does_not_fit_is_refused(read):
    result = read(people())
    with pytest.raises(UnusableInput, match="60 of 60 values are none, such as “F”"):
        intake.choose(result.column("sex"), kind=Kind.NUMBER, folder=result.folder)


def test_the_report_is_stored_beside_the_table(read):
    result = read(people())
    stored = json.loads((result.folder / "source.json").read_text(encoding="utf-8"))
    assert from_json(SourceReport, stored) == result.report


def test_the_last_of_numbered_columns_is_no_label(read):
    lines = ["f1,f2,f3"] + [f"{i % 9},{i % 7},{i % 5}" for i in range(200)]
    assert all(c.role is Role.FEATURE for c in read("\n".join(lines)).columns)


def test_numbered_annotators_are_annotators(read):
    lines = ["item,annotator_1,annotator_2"] + [f"i{i},{i % 2},{i % 3 % 2}" for i in range(60)]
    roles = [c.role for c in read("\n".join(lines)).columns]
    assert roles == [Role.ID, Role.ANNOTATOR, Role.ANNOTATOR]


TICKS = [
    (["x", "", "", "x"], ()),
    (["x", "x", "x", "x"], ()),
    (["x", "-", "x", "-"], ()),
    (["*", "", "*", ""], ()),
    (["+", "-", "-", "+"], ()),
    ([".", "o", ".", "o"], ()),
    (["X", "", "NA", "X"], ("NA",)),
    (["x", "none", "x", "x"], ()),
    (["red", "blue", "-", "-", "-"], ()),
    (["red", "blue", "-", ""], ("-",)),
    (["red", "blue", "red", "-", "-", "."], ("-", ".")),
    (["1", "-", "x", "x", "-", "x", "2"], ("-", "x")),
    (["2023-01-31", "-", "-", "-"], ("-",)),
    (["?", "", "?", ""], ("?",)),
    (["NA", "unknown", "", "NA"], ("NA", "unknown")),
]


@pytest.mark.parametrize(("values", "missing"), TICKS)
@pytest.mark.parametrize("times", [1, 4000])
def test_a_mark_is_missing_only_where_other_values_are_most_of_what_is_filled(
    read, values, missing, times
):
    column, typed, _ = one_column(read, values * times)
    assert column.disguised == missing
    kept = [v for v in values if v and v not in missing]
    assert sum(v is not None for v in typed) == len(kept) * times


def test_a_tick_in_every_row_is_one_value_and_no_empty_column(read):
    ticked, _, _ = one_column(read, ["x"] * 30)
    assert ticked.kind is Kind.CONSTANT
    some, _, _ = one_column(read, ["x", ""] * 30)
    assert (some.kind, some.role) == (Kind.CATEGORY, Role.FEATURE)
