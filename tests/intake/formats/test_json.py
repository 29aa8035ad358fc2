import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.core.errors import UnusableInput
from components.intake.formats.parsers import json_records
from components.intake.formats.parsers.json_depth import MAX_DEPTH, is_deep
from components.intake.formats.parsers.json_records import Broken, Pairs, dump, records_of

LONG = "12345678901234567890123"
LINES = b"""{"a": 1.10, "b": 12345678901234567890123, "c": "x\\ny", "d": {"k": [1, 2.50]}, "A": 0}
{"c": "\xc3\xa9", "a": 7, "new": null, "later": "z"}

{"a": -0.0, "b": "N/A"}
"""


def test_json_lines_keep_numbers_as_written(load):
    opened = load(LINES, "t.jsonl")
    assert opened.names == ["a", "b", "c", "d", "A", "new", "later"]
    assert opened.rows[0][:5] == ("1.10", LONG, "x\ny", '{"k": [1, 2.50]}', "0")
    assert opened.rows[1] == ("7", "", "é", "", "", "", "z")
    assert opened.rows[2][:2] == ("-0.0", "N/A")
    assert opened.report.format == "jsonl"


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_records(load, indent):
    records = [{"n": i, "s": f"row, {i}\n", "l": [i, {"k": "é"}]} for i in range(2_000)]
    opened = load(json.dumps(records, indent=indent).encode(), "t.json")
    assert opened.texts["c0"] == [str(i) for i in range(2_000)]
    assert opened.texts["c1"] == [f"row, {i}\n" for i in range(2_000)]
    assert json.loads(opened.texts["c2"][7]) == [7, {"k": "é"}]


def test_objects_one_after_another_in_utf16(load):
    text = "\n".join(json.dumps({"a": i, "b": "ñ"}, indent=1, ensure_ascii=False) for i in (1, 2))
    assert load(text.encode("utf-16"), "t.json").rows == [("1", "ñ"), ("2", "ñ")]


def test_broken_lines_are_kept_aside(load):
    opened = load(b'{"a": 1}\n{"a": 2\n[3]\n{"a": 4}\n', "t.ndjson")
    assert opened.rows == [("1",), ("4",)]
    assert [(row.line, row.text) for row in opened.report.aside] == [(2, '{"a": 2'), (3, "[3]")]
    assert opened.report.n_aside == 2
    assert "rows_aside" in opened.codes


def test_repeated_keys_are_told(load):
    opened = load(b'{"a": 1, "a": 2}\n{"a": 3}\n', "t.jsonl")
    assert opened.rows == [("2",), ("3",)]
    assert "duplicate_keys" in opened.codes


def test_text_that_only_starts_like_json_is_text(load):
    opened = load(b"[id],[name]\n1,Ann\n2,Bob\n", "t.csv")
    assert opened.report.format == "csv"
    opened = load(b'{"a": 1},x\n{"a": 2},y\n', "t.csv", header_rows=0)
    assert opened.report.format == "csv"


def test_no_records(load):
    with pytest.raises(UnusableInput, match="no records"):
        load(b"[]", "t.json")
    with pytest.raises(UnusableInput, match="no object with keys"):
        load(b"[[1, 2], [3, 4]]", "t.json")


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_depth_is_told_from_pieces(cut):
    deepest = "[" * MAX_DEPTH + r'"[[[[ \\" ' + "]" * MAX_DEPTH
    pieces = [deepest[i : i + cut] for i in range(0, len(deepest), cut)]
    assert not is_deep(pieces)
    assert is_deep(["[", *pieces])
    assert not is_deep([r'["\"[', "[" * 100, r"\\", '"]'])


KEYS = st.text(max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1), min_size=2, max_size=8))
def test_any_records_come_back(tmp_path, records):
    path = tmp_path / "t.json"
    for lines in (True, False):
        text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records, indent=1)
        path.write_text(text, encoding="utf-8")
        found = [record for _, record in records_of(path, "utf-8", lines=lines)]
        assert not any(isinstance(record, Broken) for record in found)
        assert all(isinstance(record, Pairs) for record in found)
        assert [json.loads(dump(record)) for record in found] == records


@pytest.mark.parametrize(
    ("name", "content", "names", "rows"),
    [
        ("t.jsonl", b'{"a\xe9": 1}\n{"a\xe9": 2}\n', ["a?"], [("1",), ("2",)]),
        ("t.json", b'[{"a\xe9": 1}, {"a\xe9": 2}]', ["a?"], [("1",), ("2",)]),
        ("t.jsonl", b'{"\\ud800": "\\udfff"}\n{"\\ud800": "y"}\n', ["?"], [("?",), ("y",)]),
        (
            "t.jsonl",
            b'{"\xe9":1,"\xe8":2}\n{"\xe8": 3}\n',
            ["?", "?_2"],
            [("1", "2"), ("", "3")],
        ),
    ],
)
def test_a_broken_byte_in_a_name_is_told_and_columns_stay_apart(load, name, content, names, rows):
    """It used to end in a UnicodeEncodeError."""
    opened = load(content, name)
    assert (opened.names, opened.rows) == (names, rows)
    assert "invalid_names" in opened.codes


def test_a_record_with_a_broken_byte_is_kept_aside_as_text(load):
    opened = load(b'{"a":"x","b":1}\n{"a":"y" \xe9"b":1}\n{"a":"z","b":2}\n', "t.jsonl")
    assert opened.rows == [("x", "1"), ("z", "2")]
    (row,) = opened.report.aside
    assert (row.line, row.text) == (2, '{"a":"y" ?"b":1}')


def test_what_is_refused_names_a_broken_key_in_characters(load):
    with pytest.raises(UnusableInput) as told:
        load(b'{"list\xe9": [{"a": 1}, {"a": 2}]}', "t.json")
    assert str(told.value).encode()


@pytest.mark.parametrize(
    ("record", "where", "why"),
    [
        ('{"a": 1, "b" 2}', "line 3, character 14", "a colon is missing"),
        ('{"a": 1\n "b": 2}', "line 4, character 2", "a comma or a closing bracket is missing"),
        ('{"a": , "b": 2}', "line 3, character 7", "a value is missing"),
        ("{a: 1}", "line 3, character 2", "a name in double quotes is missing"),
    ],
)
def test_a_broken_record_in_a_list_is_told_with_its_place(load, record, where, why):
    text = f'[\n{{"a": 0, "b": 0}},\n{record},\n{{"a": 3, "b": 3}}\n]'
    with pytest.raises(UnusableInput) as told:
        load(text.encode(), "t.json")
    assert told.value.what == (
        f"The JSON is broken on {where}, in the record that starts on line 3: {why}."
    )
    assert "only broken lines are kept aside" in told.value.todo


def test_a_broken_record_far_from_the_end_is_not_called_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "PIECE", 2_000)
    monkeypatch.setattr(json_records, "MAX_RECORD", 8_000)
    rows = [json.dumps({"a": i, "b": "x" * 50}) for i in range(1_000)]
    rows[5] = rows[5].replace(":", " ", 1)
    path = tmp_path / "t.json"
    path.write_text("[" + ",\n".join(rows) + "]", encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"line 6, .*starts on line 6: a colon is missing"):
        list(records_of(path, "utf-8", lines=False))
    path.write_text("[" + ",\n".join(rows[:5]), encoding="utf-8")
    with pytest.raises(UnusableInput, match="cut off in the record that starts on line 5"):
        list(records_of(path, "utf-8", lines=False))
