"""``preflight review``: questions and decisions as files, and answers that come back."""

from __future__ import annotations

import io
import json
import random
import shutil

import pytest

from components.cli import PASS, UNUSABLE, main
from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.headless import role_arguments, temporary_workspace
from components.services.runs import runs
from tests.other_tools import Argilla, LabelStudio

PLANTED = (40, 81, 122)
"""Rows far inside b that say a."""


def table():
    """Two numbers, whose sum is the letter."""
    draw = random.Random(1)  # noqa: S311 - repeatable
    lines = ["x,y,letter"]
    for n in range(300):
        x, y = (2.0, 2.0) if n in PLANTED else (draw.gauss(0, 1), draw.gauss(0, 1))
        lines.append(f"{x:.3f},{y:.3f},{'b' if x + y > 0 and n not in PLANTED else 'a'}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A workspace with a run that doubts labels."""
    home = tmp_path_factory.mktemp("checked") / "home"
    with temporary_workspace.opened(Settings(home=home)) as ws:
        info = datasets.add(ws, io.BytesIO(table().encode()), "letters.csv")
        changes = role_arguments.assign(info.version, {Role.LABEL: ["letter"]})
        datasets.set_columns(ws, info.version.id, changes, actor="Ann")
        return home, runs.execute(ws, info.version.id, only=["labels.label_errors"])


@pytest.fixture
def run_id(checked, home, monkeypatch):
    """Its run, in a copy of it for one test."""
    shutil.copytree(checked[0], home)
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return checked[1]


@pytest.mark.parametrize(("form", "tool"), [("label-studio", LabelStudio), ("argilla", Argilla)])
def test_questions_go_out_and_answers_come_in(run_id, tmp_path, capsys, form, tool):
    out, back, sheet = (tmp_path / name for name in ("out.json", "back.json", "decisions.csv"))
    assert main(["review", "export", run_id, "--format", form, "--out", str(out)]) == PASS
    assert f"letters-{form}.json: " in capsys.readouterr().out
    asked = json.loads(out.read_text())
    rows = [(one.get("data") or one["metadata"])["row_id"] for one in asked]
    assert set(PLANTED) <= set(rows)
    back.write_bytes(tool().annotate(asked, {40: "b", 81: "a", rows[-1]: "z"}))
    assert main(["review", "import", run_id, str(back)]) == UNUSABLE
    said = capsys.readouterr()
    assert "2 kept as decisions, 1 refused because the value is none of the column" in said.out
    assert "“z” is not a value of “letter”." in said.out
    assert said.err.strip() == "preflight: 1 answers were refused."
    assert main(["review", "export", run_id, "--out", str(sheet)]) == PASS
    assert len(sheet.read_text().splitlines()) == 1 + 2
    back.write_bytes(tool().annotate(asked, {40: "b", 81: "a"}))
    capsys.readouterr()
    assert main(["review", "import", run_id, str(back)]) == PASS
    assert capsys.readouterr().out.strip().endswith("2 kept before.")


def test_the_configuration_and_parquet_are_written(run_id, tmp_path):
    config, table = tmp_path / "config.xml", tmp_path / "decisions.parquet"
    for form, path in (("label-studio-config", config), ("parquet", table)):
        assert main(["review", "export", run_id, "--format", form, "--out", str(path)]) == PASS
    assert '<Choice value="a"/>' in config.read_text()
    assert table.read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["export", "0" * 32, "--out", "x.csv"],
            "no such run in this workspace",
        ),
        (["import", "RUN", "nowhere.json"], "nowhere.json cannot be read"),
        (
            ["export", "RUN", "--check", "bias.outcome_gap", "--format", "argilla", "--out", "x"],
            "Nothing",
        ),
        (["export", "RUN", "--format", "xlsx", "--out", "x"], "invalid choice"),
        (["export", "RUN", "--out", "no/such/folder/x.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_one_line(run_id, capsys, arguments, words):
    asked = [run_id if one == "RUN" else one for one in arguments]
    assert main(["review", *asked]) == UNUSABLE
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1
