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
