from __future__ import annotations

import csv
import io
import json
import os
import socket

import pytest
from pyarrow import parquet

from components import cli
from components.core.judgement.review import Action, Cell, Decision
from components.core.settings import Settings
from components.services.data import datasets
from components.services.headless import temporary_workspace
from components.services.runs import runs
from components.services.workspace import now
from components.store.review import decisions

SEMICOLON = 'name;n;"a;b"\nx;1;"two\nlines"\ny;;"say ""hi"""\nz;3;=1\n'


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return lambda *arguments: cli.main([str(a) for a in arguments])


@pytest.fixture
def odd(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(SEMICOLON)
    return path


def test_load_writes_the_texts_as_plain_csv(here, odd, tmp_path, capsys):
    assert here("load", odd, "--out", tmp_path / "t.csv") == 0
    content = (tmp_path / "t.csv").read_text()
    assert list(csv.reader(io.StringIO(content, newline=""))) == [
        ["name", "n", "a;b"], ["x", "1", "two\nlines"], ["y", "", 'say "hi"'], ["z", "3", "=1"],
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "3 rows, 3 columns" in said
    assert "Delimiter ';'" in said


def test_load_writes_typed_values_as_parquet(here, odd, tmp_path):
    assert here("load", odd, "--out", tmp_path / "t.parquet") == 0
    table = parquet.read_table(tmp_path / "t.parquet")
    assert table.column_names == ["name", "n", "a;b"]
    assert table.column("n").to_pylist() == [1, None, 3]


def test_load_says_it_as_json(here, odd, tmp_path, capsys):
    assert here("load", odd, "--out", tmp_path / "t.csv", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["n_rows"], said["source"]["dialect"]["delimiter"]) == (3, ";")
    assert [c["name"] for c in said["columns"]] == ["name", "n", "a;b"]


def test_serve_starts_the_app_where_it_stands(monkeypatch, capsys):
    called = []
    monkeypatch.setattr(os, "execve", lambda *a: called.append(a))
    monkeypatch.setattr(os, "chdir", called.append)
    monkeypatch.setenv("PREFLIGHT_HOME", "relative")
    cli.main(["serve", "--port", "9000"])
    root, (_, command, environment) = called
    assert (root / "app.py").name == "app.py"
    assert command[1:5] == ["-m", "streamlit", "run", str(root / "app.py")]
    assert command[5:9] == ["--server.port", "9000", "--server.address", "localhost"]
    assert os.path.isabs(environment["PREFLIGHT_HOME"])  # noqa: PTH117 - a text
    assert capsys.readouterr().err == ""


@pytest.fixture
def served(here, monkeypatch):
    """Start the app with arguments; gives what Streamlit would be told, and the environment."""

    def serve(*arguments):
        called = []
        monkeypatch.setattr(os, "execve", lambda *a: called.append(a))
        monkeypatch.setattr(os, "chdir", lambda _: None)
        here("serve", *arguments)
        return called[0][1], called[0][2]

    return serve


def values(command, option):
    return [command[n + 1] for n, part in enumerate(command) if part == option]


@pytest.mark.parametrize("host", ["::1", "[::1]", "127.0.0.1"])
def test_serve_on_an_address_of_this_machine_only(served, host):
    command, _ = served("--host", host)
    assert values(command, "--server.address") == [host.strip("[]")]
    assert values(command, "--server.allowedHosts") == []


def test_serve_on_another_address(served):
    command, _ = served("--host", "10.1.2.3")
    assert values(command, "--server.address") == ["10.1.2.3"]
    assert values(command, "--server.allowedHosts")[-1] == "10.1.2.3"


def test_serve_behind_a_proxy(served, monkeypatch):
    command, environment = served("--public-url", "https://Preflight.corp.example/")
    assert values(command, "--server.address") == ["localhost"]
    assert values(command, "--server.allowedHosts")[-1] == "preflight.corp.example"
    assert values(command, "--browser.serverAddress") == ["preflight.corp.example"]
    assert environment["PREFLIGHT_PUBLIC_URL"] == "https://preflight.corp.example"
    monkeypatch.setenv("PREFLIGHT_PUBLIC_URL", "https://other.example")
    assert served()[1]["PREFLIGHT_PUBLIC_URL"] == "https://other.example"


@pytest.mark.parametrize(
    "url", ["preflight.example", "ftp://x.example", "https://x.example/app", "https://a@b.example",
            "https://", "https://x.example:99999", "https://x y"]
)  # fmt: skip
def test_an_address_of_no_site_is_refused(here, capsys, url):
    assert here("serve", "--public-url", url) == 2
    assert "is not the address of a site" in capsys.readouterr().err


@pytest.fixture
def reviewed(home, people):
    """A run with a label, in the workspace of the test; and one decision."""
    with temporary_workspace.opened(Settings(home=home)) as ws:
        with people.open("rb") as stream:
            info = datasets.add(ws, stream, "people.csv")
        run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
        label = runs.spec(ws, run_id).dataset.label
        assert label.name == "label"
        with ws.db.write() as session:
            decisions.add(
                session,
                Decision(
                    dataset_id=info.version.id,
                    cell=Cell(0, "label"),
                    check_id="labels.label_errors",
                    action=Action.CHANGE,
                    given="no",
                    new="yes",
                    reviewer="Ann",
                    at=now(),
                ),
            )
        return info.version.id, run_id


def test_a_run_of_the_app_can_be_reported(here, reviewed, tmp_path):
    assert here("report", reviewed[1], "--out", tmp_path / "out") == 0
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["run"]["id"] == reviewed[1]


def test_decisions_can_be_exported(here, reviewed, people, tmp_path, capsys):
    out = tmp_path / "corrected.csv"
    assert here("export", reviewed[0], "--out", out) == 0
    assert out.read_text() == people.read_text().replace("0,20,f,no\n", "0,20,f,yes\n", 1)
    assert "1 cell changed, 0 rows left out: " in capsys.readouterr().out
    assert here("export", reviewed[0], "--corrections", "--out", out) == 0
    assert out.read_text().splitlines()[1].startswith("0,label,no,yes,change,Ann,")


def test_serve_on_every_address_lets_visitors_of_this_machine_in(served):
    command, _ = served("--host", "0.0.0.0")  # noqa: S104 - nothing is bound in this test
    allowed = set(values(command, "--server.allowedHosts"))
    assert {"localhost", "127.0.0.1", socket.gethostname()} <= allowed
