"""A person's own model on the screen: which column is which class, and whose the bars are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from components.core.data.dataset import Kind, Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.export import exports
from components.services.review import review
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGE_OF_CONCERN, Pages

PETS = Path(__file__).parents[1] / "data" / "own_model" / "pets.csv"


@pytest.fixture
def ws(empty_home):
    opened = open_workspace(Settings(home=empty_home))
    yield opened
    opened.close()


@pytest.fixture
def pets(ws):
    """Return the table as it was read: label and three columns of probabilities are guessed."""
    return datasets.add(ws, io.BytesIO(PETS.read_bytes()), "pets.csv")


@pytest.fixture
def checked(ws, pets):
    """Return a finished run, the column that says what was planted left out."""
    kinds = {"planted": (Kind.CATEGORY, Role.IGNORE)}
    info = datasets.set_columns(ws, pets.version.id, kinds, actor="test")
    return info, runs.execute(ws, info.version.id, only=["labels"])


def test_the_page_says_which_column_is_which_class(app, pets):
    app.open(Pages.UPLOAD.value, data=pets.version.id)
    said = app.text()
    assert "Labels are judged by your own model: “prob_cat” is “cat”" in said.replace("\\", "")
    assert "It must not have seen the rows" in said
    assert "No column of probabilities names" not in said


def test_the_page_says_which_class_has_no_column(app, ws, pets):
    dog = pets.version.column("prob_dog")
    changes = {"prob_dog": (dog.kind, Role.FEATURE), "planted": (Kind.NUMBER, Role.PREDICTED)}
    datasets.set_columns(ws, pets.version.id, changes, actor="test")
    app.open(Pages.UPLOAD.value, data=pets.version.id)
    said = app.text().replace("\\", "")
    assert "No column of probabilities names] “dog” of “label”" in said
    assert "No class is called as] “planted”" in said


def test_without_a_label_the_page_asks_for_it(app, ws, pets):
    label = pets.version.column("label")
    datasets.set_columns(ws, pets.version.id, {"label": (label.kind, Role.FEATURE)}, actor="test")
    app.open(Pages.UPLOAD.value, data=pets.version.id)
    assert "are those of its classes" in app.text()


def test_a_new_version_of_the_table_keeps_the_roles(ws, pets):
    dog = {"prob_dog": (Kind.NUMBER, Role.IGNORE)}
    datasets.set_columns(ws, pets.version.id, dog, actor="test")
    more = PETS.read_text() + "9999,cat,0.9,0.05,0.05,0\n"
    later = datasets.add(ws, io.BytesIO(more.encode()), "pets2.csv")
    roles = {c.name: c.role for c in later.version.columns}
    assert (roles["prob_cat"], roles["prob_dog"]) == (Role.PREDICTED, Role.IGNORE)


def test_the_card_says_whose_probabilities_the_bars_are(app, checked):
    info, _ = checked
    at = app.open(Pages.REVIEW.value, data=info.version.id, mode="buttons")
    at.text_input[0].input("Ada")
    next(b for b in at.button if b.label == "Start the review").click().run()
    assert not at.exception
    said = app.text()
    assert "The probabilities in the table say" in said
    assert "3 columns “prob" in said.replace("\\", "")
    assert "The models expect" not in said
    page = app.open(PAGE_OF_CONCERN["labels"], data=info.version.id)
    assert not page.exception
    said = app.text()
    assert "contradicted by the probabilities in the table" in said
    assert "How well each label fits the probabilities in the table" in said
    assert "Predicted probabilities that the table brings" in said


def test_a_decision_and_the_corrected_file_keep_the_columns(ws, checked, tmp_path):
    info, run_id = checked
    queue = review.queue(ws, run_id, "labels.label_errors")
    assert queue is not None
    assert queue.n_items == 12
    target = tmp_path / "corrected.csv"
    exports.corrected_csv(ws, info.version.id, out=target)
    assert target.read_text().splitlines()[0] == PETS.read_text().splitlines()[0]


def test_an_embedding_is_one_line_of_the_roles_and_one_choice(app, ws):
    numbers = [f"emb_{i}" for i in range(40)]
    lines = [",".join(["size", *numbers, "label"])]
    lines += [
        ",".join([str(n), *(f"{(n * 7 + i * 3) % 11 / 7:.3f}" for i in range(40)), "ab"[n % 2]])
        for n in range(50)
    ]
    info = datasets.add(ws, io.BytesIO("\n".join(lines).encode()), "vectors.csv")
    at = app.open(Pages.UPLOAD.value, data=info.version.id)
    (roles,) = [d.value for d in at.dataframe if "Role" in d.value.columns]
    assert list(roles["Column"]) == ["size", "emb_0 to emb_39", "label"]
    assert list(roles["Role"][1:]) == ["Part of an embedding", "Label"]
    assert "One of 40 numbers of an embedding" in roles["Why"][1]
