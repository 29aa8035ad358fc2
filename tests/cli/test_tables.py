from __future__ import annotations

import io

import pytest

from components.cli import PASS, UNUSABLE, main
from components.core.settings import Settings
from components.services.data import datasets, remove
from components.services.runs import runs
from components.services.workspace import open_workspace

ONE = ["completeness.missing_values"]


@pytest.fixture
def ws(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path / "home"))
    made = open_workspace(Settings.from_environment())
    yield made
    made.close()


@pytest.fixture
def add(ws):
    def take(text="a,b\n1,2\n3,4\n", name="t.csv"):
        return datasets.add(ws, io.BytesIO(text.encode()), name).version.id

    return take


def test_tables_are_listed_with_runs_and_sizes(ws, add, capsys):
    dataset_id = add()
    run_id = runs.execute(ws, dataset_id, only=ONE)
    assert main(["list"]) == PASS
    said = capsys.readouterr().out
    assert f"{dataset_id}  t.csv: 2 rows, 0.0 MB" in said
    assert f"run {run_id}: done" in said
    assert "free on the disk" in said


def test_a_table_is_removed_taken_back_and_freed(ws, add, capsys):
    dataset_id = add()
    assert main(["remove", "t.csv"]) == UNUSABLE, "nobody is there to ask"
    assert "--yes" in capsys.readouterr().err
    assert main(["remove", "t.csv", "--yes"]) == PASS
    assert datasets.recent(ws) == ()
    assert main(["list"]) == PASS
    assert "removed, can come back until" in capsys.readouterr().out
    assert main(["remove", "--undo", dataset_id]) == PASS
    assert main(["remove", dataset_id, "--yes"]) == PASS
    assert main(["gc"]) == PASS
    assert len(remove.removed(ws)) == 1
    capsys.readouterr()
    assert main(["gc", "--now"]) == PASS
    said = capsys.readouterr().out
    assert said.startswith("removed tables: 1, 0.0 MB\n")
    assert "Freed: " in said
    assert remove.removed(ws) == ()


def test_a_name_of_several_tables_is_asked_about(add, capsys):
    ids = {add(), add("a,b\n5,6\n")}
    assert main(["remove", "t.csv", "--yes"]) == UNUSABLE
    said = capsys.readouterr().err
    assert all(i in said for i in ids)
    assert main(["remove", "nope", "--yes"]) == UNUSABLE
    assert "preflight list" in capsys.readouterr().err


@pytest.mark.usefixtures("ws")
@pytest.mark.parametrize("command", ["report", "export"])
def test_what_is_not_there_names_the_command_that_lists(tmp_path, capsys, command):
    """The words used to send a person to a list that a command line does not show."""
    assert main([command, "nope", "--out", str(tmp_path / "out")]) == UNUSABLE
    assert "“preflight list”" in capsys.readouterr().err


def said_by_check(tmp_path, capsys, *given):
    data = tmp_path / "t.csv"
    data.write_text("Customer Name,amount,kind\n" + "a,1,x\nb,2,y\n" * 20)
    assert main(["check", str(data), *given, "--out", str(tmp_path / "out")]) == UNUSABLE
    return capsys.readouterr().err


def test_a_parameter_that_is_set_twice_is_refused(tmp_path, capsys):
    """The last one used to win without a word."""
    name = "completeness.missing_values.min_share"
    said = said_by_check(tmp_path, capsys, "--param", f"{name}=0.1", "--param", f"{name}=0.2")
    assert f"{name} is set twice" in said


@pytest.mark.parametrize(
    ("given", "meant"), [("AMOUNT", "amount"), ("name", "Customer Name"), ("knd", "kind")]
)
def test_a_column_that_is_not_there_is_told_with_those_like_it(tmp_path, capsys, given, meant):
    assert f"Did you mean “{meant}”?" in said_by_check(tmp_path, capsys, "--label", given)


def test_an_empty_policy_in_json_is_answered_in_json(tmp_path, capsys):
    policy = tmp_path / "policy.json"
    policy.write_text("{}")
    said = said_by_check(tmp_path, capsys, "--policy", str(policy))
    assert '{"rules": [' in said
    assert "[[rules]]" not in said


def test_json_with_broken_bytes_is_checked_and_reported(tmp_path, capsys):
    data = tmp_path / "t.jsonl"
    lines = [b'{"a\xe9":"x%d","b":%d}\n' % (n, n % 3) for n in range(60)]
    data.write_bytes(b"".join(lines) + b'{"a":"y" \xe9"b":1}\n')
    out = tmp_path / "out"
    status = main(["check", str(data), "--no-label", "--only", "completeness", "--out", str(out)])
    assert status == PASS, capsys.readouterr().err
    assert (out / "report.html").read_text("utf-8")
