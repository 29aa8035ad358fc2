"""Rows without a label, from the check to the corrected file."""

import csv
import io

import numpy as np
import pytest

from components.core.data.dataset import Role
from components.core.errors import Conflict
from components.core.judgement.review import Action, ItemType
from components.core.settings import Settings
from components.services.data import datasets
from components.services.export import exports
from components.services.headless import role_arguments
from components.services.review import review
from components.services.review.items import said
from components.services.runs import runs
from components.services.workspace import open_workspace

CHECK = "labels.missing_labels"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A workspace with a file of parcels, of which every tenth has no way."""
    rng = np.random.default_rng(3)
    n = 300
    weight = rng.uniform(0, 10, n).round(2)
    heavy = weight + rng.normal(0, 1.5, n) > 5
    way = np.where(heavy, "Truck", "letter").astype(object)
    way[::10] = ""
    text = "weight,depth,way\n" + "".join(
        f"{a},{b:.1f},{c}\n" for a, b, c in zip(weight, rng.normal(size=n), way, strict=True)
    )
    workspace = open_workspace(Settings(home=tmp_path_factory.mktemp("parcels") / "home"))
    info = datasets.add(workspace, io.BytesIO(text.encode()), "parcels.csv")
    changes = role_arguments.assign(info.version, {Role.LABEL: ["way"]})
    info = datasets.set_columns(workspace, info.version.id, changes, actor="Ann")
    only = [CHECK, "labels.label_errors"]
    yield workspace, info, runs.execute(workspace, info.version.id, only=only)
    workspace.close()


@pytest.fixture
def queue(kept):
    ws, _, run_id = kept
    return review.queue(ws, run_id, CHECK)


def items(kept, queue):
    return review.items(kept[0], queue, n=queue.n_items)


def test_they_are_a_queue_of_their_own(kept, queue):
    ws, _, run_id = kept
    types = [r.item_type for r in review.reviewable(ws, run_id)]
    assert types == [ItemType.LABEL, ItemType.UNLABELLED]
    assert (queue.item_type, queue.column, queue.n_items) == (ItemType.UNLABELLED, "way", 30)
    assert set(queue.classes) == {"Truck", "letter"}
    assert sorted(i.cell.row_id for i in items(kept, queue)) == list(range(0, 300, 10))


def test_the_least_sure_come_first_and_have_no_suggestion(kept, queue):
    told = [item.suggestion for item in items(kept, queue)]
    assert told[0].suggested is None
    assert told[0].confidence is None
    assert told[-1].suggested in {"Truck", "letter"}
    assert told[-1].confidence > 0.9
    assert {one.given for one in told} == {""}


def test_a_label_enters_by_a_decision_only(kept, queue, made):
    ws, info, _ = kept
    before = made(exports.corrected_csv, ws, info.version.id).content.decode()
    assert [r[2] for r in csv.reader(io.StringIO(before))][1::10] == [""] * 30
    first, second, last = items(kept, queue)[0], items(kept, queue)[1], items(kept, queue)[-1]
    with pytest.raises(Conflict, match="is not a value of"):
        review.decide(ws, queue, first.cell, Action.CHANGE, new="boat", reviewer="Ann")
    review.decide(ws, queue, first.cell, Action.CHANGE, new="letter", reviewer="Ann")
    new = last.suggestion.suggested
    review.decide(ws, queue, last.cell, Action.CHANGE, new=new, reviewer="Ann")
    left = review.decide(ws, queue, second.cell, Action.KEEP, reviewer="Ann")
    assert said.of(left) == "left empty"
    after = made(exports.corrected_csv, ws, info.version.id).content.decode()
    way = [r[2] for r in csv.reader(io.StringIO(after))][1:]
    assert (way[first.cell.row_id], way[last.cell.row_id]) == ("letter", new)
    assert way[second.cell.row_id] == ""
    assert sum(text == "" for text in way) == 28
