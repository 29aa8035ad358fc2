"""A table without a label: nobody can say that it is ready, until a person says what is meant."""

from __future__ import annotations

import io

import numpy as np
import pytest

from components.core.data.dataset import Role
from components.core.judgement.gate import Outcome
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import Pages

QUESTION = "What should a model predict?"
ONLY = ["labels", "completeness", "duplicates"]


def hospitals(n=120):
    """Places and measures, as a register of hospitals holds them: no column is a label."""
    draw = np.random.default_rng(2)
    lines = ["provider,hospital,town,phone,score,sample"]
    for i in range(n):
        town = draw.choice(["birmingham", "dothan", "opp", "florence", "sheffield"])
        score, sample = draw.normal(80, 9), draw.integers(10, 900)
        lines.append(f"{10000 + i},clinic {i * 7 % 61} of {town},{town},33455{i:05},"
                     f"{score:.2f},{sample} patients")  # fmt: skip
    return "\n".join(lines) + "\n"


@pytest.fixture
def ws(empty_home):
    opened = open_workspace(Settings(home=empty_home))
    yield opened
    opened.close()


@pytest.fixture
def unlabelled(ws):
    """A table in which no label was guessed, and that somebody confirmed so."""
    info = datasets.add(ws, io.BytesIO(hospitals().encode()), "hospital.csv")
    changes = {c.name: (c.kind, Role.FEATURE) for c in info.version.columns if c.role is Role.LABEL}
    return datasets.set_columns(ws, info.version.id, changes, actor="Ann").version.id


def button(at, label):
    return next(b for b in at.button if b.label == label)


def headers(at):
    return " ".join(h.value for h in at.header)


def test_a_guessed_absence_of_a_label_is_not_known(app, ws, unlabelled):
    """It was “Almost ready”, with six of eleven checks that did not apply."""
    run_id = runs.execute(ws, unlabelled, only=ONLY)
    assert runs.verdict(ws, run_id).outcome is Outcome.UNKNOWN
    at = app.open(Pages.OVERVIEW.value, data=unlabelled)
    assert "Not known: no label was chosen" in headers(at)
    text = app.text()
    assert "Choose a label, or say that there is none." in text
    assert "No label was chosen" in text, "the sidebar says so as well"
    for untrue in ("Ready", "Almost", "othing to fix", "most harmful"):
        assert untrue not in headers(at) + text
    shown = [b.label for b in at.button]
    assert shown.index("Choose a label") < shown.index("There is no label")


def test_the_button_keeps_a_persons_word_and_checks_again(app, ws, unlabelled, monkeypatch):
    runs.execute(ws, unlabelled, only=ONLY)
    monkeypatch.setattr(runs.runner, "start", lambda *_: None)
    at = app.open(Pages.OVERVIEW.value, data=unlabelled)
    button(at, "There is no label").click().run()
    assert [e.value for e in at.exception] == []
    stored = datasets.get(ws, unlabelled).version
    assert (stored.no_label, stored.label) == (True, None)
    assert runs.spec(ws, runs.latest(ws, unlabelled)).dataset.no_label


def test_with_a_persons_word_the_label_leaves_no_doubt(ws, unlabelled):
    datasets.set_columns(ws, unlabelled, {}, actor="Ann", no_label=True)
    verdict = runs.verdict(ws, runs.execute(ws, unlabelled, only=ONLY))
    assert (verdict.doubts, verdict.is_known) == ((), True)


def test_the_question_is_open_until_a_person_answers_it(app, ws, unlabelled, monkeypatch):
    monkeypatch.setattr(runs.runner, "start", lambda *_: None)
    at = app.open(Pages.UPLOAD.value, data=unlabelled)
    box = next(s for s in at.selectbox if s.label == QUESTION)
    assert (box.value, box.options[0]) == (None, "There is no label")
    assert "No label was chosen." in app.text()
    button(at, "Check this data").click().run()
    assert not datasets.get(ws, unlabelled).version.no_label, "an open question is no answer"


def test_the_list_of_columns_takes_a_persons_word(app, ws, unlabelled, monkeypatch):
    monkeypatch.setattr(runs.runner, "start", lambda *_: None)
    at = app.open(Pages.UPLOAD.value, data=unlabelled)
    next(s for s in at.selectbox if s.label == QUESTION).select_index(0).run()
    button(at, "Check this data").click().run()
    assert [e.value for e in at.exception] == []
    assert datasets.get(ws, unlabelled).version.no_label


def test_a_new_version_says_that_the_word_was_carried_over(app, ws, unlabelled, monkeypatch):
    monkeypatch.setattr(runs.runner, "start", lambda *_: None)
    info = datasets.set_columns(ws, unlabelled, {}, actor="Ann", no_label=True)
    header, *lines = (info.folder / "source").read_text().splitlines()
    again = "\n".join([header, *lines[::-1]]) + "\n"
    new = datasets.add(ws, io.BytesIO(again.encode()), "again.csv")
    at = app.open(Pages.UPLOAD.value, data=new.version.id)
    assert next(s for s in at.selectbox if s.label == QUESTION).value == 0
    assert "A person said then that there is no label; this is carried over, too." in app.text()


def test_a_label_that_is_chosen_later_takes_the_word_back(ws, unlabelled):
    word = datasets.set_columns(ws, unlabelled, {}, actor="Ann", no_label=True)
    kept = datasets.set_columns(ws, unlabelled, {}, actor="Bob")
    assert kept.version.no_label, "who says nothing about it does not take it back"
    town = word.version.column("town")
    chosen = datasets.set_columns(ws, unlabelled, {"town": (town.kind, Role.LABEL)}, actor="Bob")
    assert (chosen.version.no_label, chosen.version.label.name) == (False, "town")
