"""Lists of labels, from the file to the corrected file."""

import csv
import io

import numpy as np
import pytest

from components.core.data.dataset import Kind, Role, Task
from components.core.judgement.findings import Status
from components.core.judgement.review import Action, ItemType
from components.core.settings import Settings
from components.services.data import datasets
from components.services.export import exports
from components.services.headless import role_arguments
from components.services.review import review
from components.services.runs import runs
from components.services.workspace import open_workspace

CHECK = "labels.several_labels"
NAMES = np.array(["cheap", "fast", "loud", "new", "safe"])


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A workspace with a file of engines, each with several tags, some of them wrong."""
    rng = np.random.default_rng(2)
    n = 500
    x = rng.normal(size=(n, 5))
    has = x + 0.8 * np.roll(x, 1, axis=1) + rng.normal(0, 0.1, x.shape) > -0.3
    has ^= rng.random(has.shape) < 0.03
    text = "price,power,noise,age,doors,tags\n" + "".join(
        ",".join([*(f"{v:.2f}" for v in values), "|".join(NAMES[own])]) + "\n"
        for values, own in zip(x, has, strict=True)
    )
    workspace = open_workspace(Settings(home=tmp_path_factory.mktemp("engines") / "home"))
    info = datasets.add(workspace, io.BytesIO(text.encode()), "engines.csv")
    changes = role_arguments.assign(info.version, {Role.LABEL: ["tags"]})
    info = datasets.set_columns(workspace, info.version.id, changes, actor="Ann")
    only = [CHECK, "labels.label_errors", "labels.trainable_label"]
    yield workspace, info, runs.execute(workspace, info.version.id, only=only)
    workspace.close()


def test_a_column_of_lists_holds_several_labels_per_row(kept):
    ws, info, run_id = kept
    assert info.version.label.kind is Kind.LIST
    assert info.version.task is Task.SEVERAL
    assert runs.result(ws, run_id, "labels.label_errors").status is Status.SKIPPED
    assert not runs.result(ws, run_id, "labels.trainable_label").findings


def test_every_check_comes_to_an_end(kept):
    ws, info, _ = kept
    results = runs.results(ws, runs.execute(ws, info.version.id))
    assert not [r.check_id for r in results if r.status is Status.FAILED]
    told = {r.check_id: r.reason for r in results if r.status is Status.SKIPPED}
    assert "several labels per row" in told["leakage.target_proxy"]


def test_people_are_asked_about_the_list_and_its_change_stands_in_the_file(kept, made):
    ws, info, run_id = kept
    queue = review.queue(ws, run_id)
    assert (queue.check_id, queue.item_type, queue.column) == (CHECK, ItemType.CELL, "tags")
    items = review.items(ws, queue, n=queue.n_items)
    assert 30 <= len(items) <= 100
    first, second = items[0], items[1]
    told = first.suggestion
    assert told.suggested != told.given
    assert {*told.suggested.split("|")} <= {*NAMES, ""}
    assert "(probability " in told.reason
    review.decide(ws, queue, first.cell, Action.CHANGE, new=told.suggested, reviewer="Ann")
    review.decide(ws, queue, second.cell, Action.CHANGE, new="loud|cheap", reviewer="Ann")
    content = made(exports.corrected_csv, ws, info.version.id).content.decode()
    tags = [row[5] for row in csv.reader(io.StringIO(content))][1:]
    assert tags[first.cell.row_id] == told.suggested
    assert tags[second.cell.row_id] == "loud|cheap"
