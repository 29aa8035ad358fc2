"""Numbers in a label that the other rows contradict, from the check to the corrected file."""

import csv
import io

import numpy as np
import pytest

from components.core.data.dataset import Role, Task
from components.core.errors import Conflict
from components.core.judgement.review import Action, ItemType
from components.core.settings import Settings
from components.services.data import datasets
from components.services.export import exports
from components.services.headless import role_arguments
from components.services.review import review
from components.services.runs import runs
from components.services.workspace import open_workspace

CHECK = "labels.number_errors"


def written(value):
    """A number as a German file writes it: 1.234,5."""
    return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A workspace with a German file of rents, some ten times too large, on which the check ran."""
    rng = np.random.default_rng(7)
    n = 400
    size = rng.uniform(30, 150, n).round(0)
    rent = (200 + 9 * size + rng.normal(0, 25, n)).round(1)
    wrong = np.arange(10, n, 40)
    given = rent.copy()
    given[wrong] = (rent[wrong] * 10).round(1)
    rows = zip(size.astype(int), rng.integers(0, 5, n), given, strict=True)
    text = "size;storey;rent\n" + "".join(f"{a};{b};{written(c)}\n" for a, b, c in rows)
    workspace = open_workspace(Settings(home=tmp_path_factory.mktemp("rents") / "home"))
    info = datasets.add(workspace, io.BytesIO(text.encode()), "rents.csv")
    changes = role_arguments.assign(info.version, {Role.LABEL: ["rent"]})
    info = datasets.set_columns(workspace, info.version.id, changes, actor="Ann")
    yield workspace, info, runs.execute(workspace, info.version.id, only=[CHECK]), rent, wrong
    workspace.close()


def test_people_are_asked_about_cells_of_the_label(kept):
    ws, info, run_id, _, wrong = kept
    assert info.version.task is Task.REGRESSION
    found = review.queue(ws, run_id)
    assert (found.check_id, found.item_type, found.column) == (CHECK, ItemType.CELL, "rent")
    assert found.about_label
    assert not found.classes
    asked = {item.cell.row_id for item in review.items(ws, found, n=found.n_items)}
    assert set(wrong.tolist()) <= asked
    assert len(asked) <= len(wrong) + 8


def test_the_suggestion_is_written_as_the_file_writes_numbers(kept):
    ws, _, run_id, rent, wrong = kept
    found = review.queue(ws, run_id)
    told = {i.cell.row_id: i.suggestion for i in review.items(ws, found, n=found.n_items)}
    named = [row for row in wrong.tolist() if "10 times too large" in told[row].reason]
    assert len(named) >= 8
    for row in named:
        assert told[row].given == written(rent[row] * 10)
        assert told[row].suggested.replace(",", ".") == f"{rent[row]:g}"
        assert told[row].confidence is None


def test_an_accepted_number_stands_in_the_corrected_file(kept, made):
    ws, info, run_id, rent, wrong = kept
    found = review.queue(ws, run_id)
    told = {i.cell.row_id: i for i in review.items(ws, found, n=found.n_items)}
    named = (row for row in wrong.tolist() if "10 times too large" in told[row].suggestion.reason)
    item = told[next(named)]
    with pytest.raises(Conflict, match="is not read as a value"):
        review.decide(ws, found, item.cell, Action.CHANGE, new="dear", reviewer="Ann")
    new = item.suggestion.suggested
    review.decide(ws, found, item.cell, Action.CHANGE, new=new, reviewer="Ann")
    content = made(exports.corrected_csv, ws, info.version.id).content.decode()
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    at = item.cell.row_id
    assert float(rows[at + 1][2].replace(",", ".")) == pytest.approx(rent[at])
