from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from components import cli

ROOT = Path(__file__).parents[2]

LATIN = "# made by hand\nname;n\n'Ü;x';1\nb;2\nbroken;3;4\nc;5\nd;6\n"


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return lambda *arguments: cli.main([str(a) for a in arguments])


@pytest.fixture
def latin(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(LATIN.encode("cp1252"))
    return path


def test_load_tells_every_setting_at_the_top(here, latin, tmp_path, capsys):
    assert here("load", latin, "--out", tmp_path / "t.csv", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["delimiter"] == ";"
    assert said["quotechar"] == "'"
    assert said["escapechar"] is None
    assert said["newline"] == "\n"
    assert (said["header_rows"], said["preamble_lines"]) == (1, 1)
    assert (said["rows"], said["n_columns"]) == (4, 2)
    assert [c["name"] for c in said["columns"]] == ["name", "n"]
    assert (said["format"], said["sheet"], said["member"]) == ("csv", None, None)
    assert [(r["line"], r["text"]) for r in said["set_aside"]] == [(5, "broken;3;4")]
    assert said["n_set_aside"] == 1
    assert said["set_aside"][0]["reason"]
    assert all(w["code"] and w["message"] for w in said["warnings"])
    assert any(5 in w["lines"] for w in said["warnings"])


def test_rows_are_kept_aside_instead_of_mended(here, tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text("id,n\n" + "".join(f"{i},{i}{',' * (i == 7)}\n" for i in range(30)))
    found = []
    for flags in ([], ["--no-mend"]):
        assert here("load", path, "--out", tmp_path / "out.csv", "--json", *flags) == 0
        said = json.loads(capsys.readouterr().out)
        found.append((said["rows"], said["n_mended"], said["n_set_aside"]))
    assert found == [(30, 1, 0), (29, 0, 1)]
    assert said["set_aside"][0]["line"] == 9


def test_settings_of_text_are_null_for_a_workbook(here, tmp_path, capsys):
    import pandas as pd

    book = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1, 2]}).to_parquet(book)
    assert here("load", book, "--out", tmp_path / "t.csv", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["format"] == "parquet"
    names = ("encoding", "delimiter", "quotechar", "escapechar", "newline")
    assert {said[name] for name in names} == {None}


@pytest.mark.parametrize(("newline", "end"), [("lf", b"\n"), ("crlf", b"\r\n")])
def test_line_ends_are_chosen(here, people, tmp_path, newline, end):
    out = tmp_path / "t.csv"
    assert here("load", people, "--out", out, "--newline", newline) == 0
    content = out.read_bytes()
    assert content.count(end) == 301
    assert content.replace(b"\r\n", b"\n").count(b"\r") == 0
    assert content.startswith(b"id,age,sex,label" + end)


def test_line_ends_default_to_lf(here, people, tmp_path):
    assert here("load", people, "--out", tmp_path / "t.csv") == 0
    assert b"\r" not in (tmp_path / "t.csv").read_bytes()


def test_what_is_said_wins(here, tmp_path, capsys):
    path = tmp_path / "odd.csv"
    path.write_bytes("note\na\tb\n1\t'é\n2\tx\n".encode("cp1252"))
    told = ["--encoding", "cp1252", "--delimiter", "tab", "--quotechar", "none"]
    told += ["--header-rows", "0", "--preamble-lines", "1"]
    assert here("load", path, *told, "--out", tmp_path / "t.csv", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["delimiter"], said["quotechar"], said["encoding"]) == ("\t", None, "cp1252")
    assert (said["header_rows"], said["preamble_lines"], said["rows"]) == (0, 1, 3)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["a", "b"], ["1", "'é"], ["2", "x"]]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (["--delimiter", ""], "delimiter is empty"),
        (["--quotechar", "ab"], "one character"),
        (["--header-rows", "-1"], "-1 is not a number of header rows"),
        (["--header-rows", "two"], "invalid int value"),
        (["--encoding", "klingon"], "klingon"),
    ],
)
def test_what_makes_no_sense_is_refused(here, people, capsys, told, words):
    out = people.with_name("t.csv")
    assert here("load", people, *told, "--out", out) == cli.UNUSABLE
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_check_takes_the_same_settings(here, latin, tmp_path):
    out = tmp_path / "out"
    assert (
        here("check", latin, "--header-rows", "0", "--only", "validity", "--out", out) == cli.STOP
    )
    dataset = json.loads((out / "results.json").read_text())["dataset"]
    assert dataset["n_rows"] == 5


def test_profile_writes_the_facts(here, people, tmp_path, capsys):
    out = tmp_path / "facts"
    assert here("profile", people, "--out", out) == 0
    assert "300 rows, 4 columns" in capsys.readouterr().out
    found = json.loads((out / "profile.json").read_text())
    assert (found["n_rows"], found["n_columns"]) == (300, 4)
    with (out / "columns.csv").open(encoding="utf-8", newline="") as stream:
        columns = {line["name"]: line for line in csv.DictReader(stream)}
    assert float(columns["age"]["mean"]) == pytest.approx(20 + 49 / 2)
    assert columns["sex"]["n_distinct"] == "2"
    assert json.loads((out / "source.json").read_text())["n_rows"] == 300
    pairs = json.loads((out / "associations.json").read_text())
    assert {p["first"] for p in pairs["pairs"]} | {p["second"] for p in pairs["pairs"]} >= {"sex"}
    assert (out / "associations.csv").read_text().startswith("first,second,measure,")
    assert here("profile", people, "--no-associations", "--out", out) == 0
    assert not list(out.glob("associations.*"))


def test_profile_refuses_in_one_line(here, tmp_path, capsys):
    assert here("profile", tmp_path / "none.csv", "--out", tmp_path / "out") == cli.UNUSABLE
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "file").write_text("x")
    people = tmp_path / "p.csv"
    people.write_text("a,b\n1,2\n")
    assert here("profile", people, "--out", tmp_path / "file") == cli.UNUSABLE
    assert "cannot be written" in capsys.readouterr().err


def test_profile_loads_no_library_that_takes_long(people, tmp_path):
    code = (
        "import sys; from components import cli;"
        f"assert cli.main(['profile', {str(people)!r}, '--out', {str(tmp_path / 'o')!r}]) == 0;"
        "heavy = {'sklearn', 'cleanlab', 'pyod', 'statsmodels', 'scipy', 'pandas', 'sqlalchemy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_header_alone_is_written_but_not_checked(here, tmp_path, capsys):
    path, out = tmp_path / "names.csv", tmp_path / "t.csv"
    path.write_text("id,name\n")
    assert here("load", path, "--out", out, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], [w["code"] for w in said["warnings"]]) == (0, ["no_rows"])
    assert out.read_text() == "id,name\n"
    assert here("check", path, "--out", tmp_path / "out") == cli.UNUSABLE
    assert "no rows" in capsys.readouterr().err


def test_an_empty_file_is_refused_and_nothing_written(here, tmp_path):
    path, out = tmp_path / "empty.csv", tmp_path / "t.csv"
    path.write_bytes(b"")
    assert here("load", path, "--out", out) == cli.UNUSABLE
    assert not out.exists()


@pytest.mark.parametrize(("name", "status"), [("people.csv", 0), ("not-there.csv", 2)])
def test_the_process_ends_at_once_but_not_too_early(people, tmp_path, name, status):
    """What is registered for the end is done, what was printed arrives, and the status is told."""
    left = tmp_path / "left"
    code = (
        "import atexit, pathlib, sys; from components import cli;"
        f"atexit.register(pathlib.Path({str(left)!r}).write_text, 'done');"
        f"sys.argv = ['preflight', 'profile', {str(people.with_name(name))!r}, '--out',"
        f" {str(tmp_path / 'o')!r}]; cli.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert left.read_text() == "done"
    assert ("Results: " in done.stdout) == (status == 0)
    assert ("cannot be read" in done.stderr) == (status == 2)
