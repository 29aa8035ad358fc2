from __future__ import annotations

import io
import json
import sqlite3

import pytest

from components.cli import PASS, STOP, UNUSABLE, main
from components.core.settings import Settings
from components.services.data import datasets, remove
from components.services.workspace import open_workspace


@pytest.fixture
def dataset_id(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path / "home"))
    ws = open_workspace(Settings.from_environment())
    made = datasets.add(ws, io.BytesIO(b"a,b\n1,2\n3,4\n"), "t.csv").version.id
    remove.remove(ws, made, actor="Ann")
    ws.close()
    return made


def test_the_history_is_shown_newest_last(dataset_id, capsys):
    assert main(["audit", "show"]) == PASS
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1  20")
    assert first.endswith(f"UTC  preflight  dataset.added {dataset_id}  name=t.csv")
    assert f"Ann  dataset.removed {dataset_id}" in second
    assert main(["audit", "show", "--table", dataset_id, "--limit", "1", "--json"]) == PASS
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["action"], told["table"]) == (2, "dataset.removed", dataset_id)
    assert len(told["hash"]) == 64


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "--limit", "0"], "1 or more"),
        (["show", "--table", "x"], "names no table “x”"),
        ([], "required"),
    ],
)
def test_what_cannot_be_shown_is_told(dataset_id, capsys, arguments, words):
    assert dataset_id
    assert main(["audit", *arguments]) == UNUSABLE
    assert words in capsys.readouterr().err


def test_a_history_that_was_changed_is_told_by_its_first_event(dataset_id, tmp_path, capsys):
    assert main(["audit", "verify"]) == PASS
    said = capsys.readouterr().out
    assert said.startswith("2 events fit together, and 0 decisions and 0 accepted findings stand")
    noted = said.split()[-1]
    assert main(["audit", "verify", "--contains", noted.upper()]) == PASS
    assert main(["audit", "verify", "--contains", "0" * 64]) == STOP
    assert "the history is another one" in capsys.readouterr().err
    with sqlite3.connect(tmp_path / "home" / "preflight.db") as other:
        other.execute("DROP TRIGGER audit_events_keep")
        other.execute("UPDATE audit_events SET actor = 'Bob' WHERE id = 2")
    other.close()
    assert main(["audit", "verify"]) == STOP
    said = capsys.readouterr().err
    assert said.startswith("preflight: Event 2 (dataset.removed, 20")
    assert said.endswith("was changed: its content does not fit its hash.\n")
    assert dataset_id
    assert main(["audit", "verify", "--contains", "0" * 64]) == STOP
    assert len(capsys.readouterr().err.splitlines()) == 2, "a line for each"


def test_an_empty_history_is_said_to_be_empty(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path))
    assert main(["audit", "show"]) == PASS
    assert capsys.readouterr().out == ""
    assert main(["audit", "verify"]) == PASS
    assert capsys.readouterr().out == "The history is empty.\n"
