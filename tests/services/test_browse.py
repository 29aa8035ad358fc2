"""Filtering, paging and exporting the rows of a dataset."""

import csv
import io

import pytest

from components.core.data.query import Compare, Contains, Missing, OneOf, Op
from components.core.errors import NotFound
from components.services.data import cells
from components.services.explore import browse
from components.services.explore.browse import Order, View
from components.services.explore.filters import Flagged


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def pets_view(upload):
    return View(dataset_id=upload().version.id)


def viewing(view, *parts, order=None, any_of=False):
    return View(
        dataset_id=view.dataset_id, run_id=view.run_id, parts=parts, order=order, any_of=any_of
    )


def test_a_page_holds_the_matching_rows(ws, pets_view):
    heavy = viewing(pets_view, Compare("weight", Op.GT, 4.0))
    page = browse.page(ws, heavy, limit=3)
    assert (page.row_id.tolist(), page.offset, page.total) == ([0, 1, 4], 0, 5)
    second = browse.page(ws, heavy, offset=3, limit=3)
    assert (second.row_id.tolist(), second.offset) == ([5, 6], 3)
    assert browse.count(ws, heavy) == 5


def test_an_offset_beyond_the_end_gives_the_last_page(ws, pets_view):
    page = browse.page(ws, pets_view, offset=10**9, limit=5)
    assert (page.row_id.tolist(), page.offset, page.total) == ([5, 6, 7], 5, 8)
    nobody = viewing(pets_view, Compare("weight", Op.GT, 1e9))
    assert browse.page(ws, nobody, offset=50, limit=5).row_id.tolist() == []


def test_rows_come_in_the_order_of_a_column(ws, pets_view):
    by_weight = viewing(pets_view, order=Order("weight", descending=True))
    assert browse.page(ws, by_weight, limit=3).row_id.tolist() == [4, 1, 6]


def test_a_row_has_a_place_among_the_matching_ones(ws, pets_view):
    dogs = viewing(pets_view, OneOf("kind", ("dog",)))
    assert browse.page(ws, dogs).row_id.tolist() == [1, 3, 4]
    assert [browse.place(ws, dogs, row_id) for row_id in (0, 1, 3, 7)] == [0, 0, 1, 3]


def test_values_are_counted_among_the_matching_rows(ws, pets_view):
    assert browse.values(ws, pets_view, "kind") == (("cat", 3), ("dog", 3), ("bird", 2))
    light = viewing(pets_view, Compare("weight", Op.LT, 4.0))
    assert browse.values(ws, light, "kind") == (("bird", 2), ("dog", 1))
    assert browse.extent(ws, pets_view.dataset_id, "weight") == (0.02, 30.0)


def test_the_flags_of_a_check_filter_rows(ws, labelled):
    info, run_id = labelled()
    view = View(dataset_id=info.version.id, run_id=run_id)
    flags = browse.flags(ws, run_id)
    assert "labels.label_errors" in {flag.check_id for flag in flags}
    flagged = viewing(view, Flagged("labels.label_errors"))
    assert browse.page(ws, flagged).row_id.tolist() == [3, 6]
    others = viewing(view, Flagged("labels.label_errors", wanted=False))
    assert browse.page(ws, others).row_id.tolist() == [0, 1, 2, 4, 5, 7]


def test_the_scores_of_a_row_say_why(ws, labelled):
    info, run_id = labelled()
    said = {s.check_id: s for s in browse.scores(ws, run_id, 3)}["labels.label_errors"]
    assert (said.flagged, said.quality, said.suggested) == (True, pytest.approx(0.13), "cat")
    assert browse.scores(ws, None, 3) == ()
    assert info.version.n_rows == 8


def test_one_condition_that_holds_is_enough(ws, pets_view):
    parts = OneOf("kind", ("bird",)), Compare("weight", Op.GT, 20.0)
    either = viewing(pets_view, *parts, any_of=True)
    rows = browse.page(ws, either)
    apart = [browse.page(ws, viewing(pets_view, part)).row_id.tolist() for part in parts]
    assert rows.row_id.tolist() == sorted({*apart[0], *apart[1]})
    assert rows.total == len(rows.row_id) > max(map(len, apart))
    assert browse.count(ws, viewing(pets_view, *parts)) == 0
    down = viewing(pets_view, *parts, any_of=True, order=Order("weight", descending=True))
    assert browse.page(ws, down, limit=2).row_id.tolist() == [4, 1]
    exported = [line[0] for line in lines(browse.csv(ws, either))[1:]]
    assert exported == [str(i) for i in rows.row_id]
    assert browse.count(ws, viewing(pets_view, any_of=True)) == 8
    assert browse.count(ws, viewing(pets_view, parts[0], any_of=True)) == len(apart[0])


def test_flags_are_joined_with_or(ws, labelled):
    info, run_id = labelled()
    view = View(dataset_id=info.version.id, run_id=run_id)
    wrong, other = (Flagged("labels.label_errors", wanted=w) for w in (True, False))
    first = OneOf("row_id", (0,))
    assert browse.page(ws, viewing(view, wrong, first, any_of=True)).row_id.tolist() == [0, 3, 6]
    assert browse.page(ws, viewing(view, other, first, any_of=True)).row_id.tolist() == [
        0, 1, 2, 4, 5, 7,
    ]  # fmt: skip
    assert browse.count(ws, viewing(view, wrong, other, any_of=True)) == 8
    with pytest.raises(NotFound, match="flagged"):
        browse.page(ws, viewing(view, Flagged("nobody.knows_it"), first, any_of=True))


@pytest.mark.parametrize("check_id", ["labels.label_errors", "nobody.knows_it"])
def test_flags_that_the_run_has_not_are_refused(ws, pets_view, check_id):
    with pytest.raises(NotFound, match="flagged"):
        browse.page(ws, viewing(pets_view, Flagged(check_id)))
    assert browse.flags(ws, None) == ()


def test_an_export_holds_the_cell_texts_as_uploaded(ws, pets_view):
    dogs = viewing(pets_view, OneOf("kind", ("dog",)), order=Order("weight"))
    assert lines(browse.csv(ws, dogs)) == [
        ["row_id", "name", "weight", "legs", "kind", "note"],
        ["3", "Kit", "3.9", "4", "dog", "two\nlines"],
        ["1", "Rex", "22.5", "4", "dog", "=1+1"],
        ["4", "Max", "30.0", "4", "dog", "-5"],
    ]
    whole = lines(browse.csv(ws, pets_view))
    assert [line[0] for line in whole[1:]] == [str(i) for i in range(8)]
    assert whole[2][5] == "=1+1"


def test_an_export_for_spreadsheets_runs_no_formula(ws, pets_view):
    safe = lines(browse.csv(ws, pets_view, for_spreadsheet=True))
    assert [line[5] for line in safe[1:]][1::3] == ["'=1+1", "-5", " space"]
    assert safe[6][5] == "'@here"


def test_an_export_is_bounded_and_written_in_pieces(ws, pets_view, monkeypatch):
    monkeypatch.setattr(browse, "CHUNK", 2)
    assert len(lines(browse.csv(ws, pets_view))) == 9
    monkeypatch.setattr(browse, "MOST_CELLS", 26)
    assert len(lines(browse.csv(ws, pets_view))) == 1 + 26 // 5
    monkeypatch.setattr(browse, "MOST_EXPORTED", 3)
    assert len(lines(browse.csv(ws, pets_view))) == 1 + 3


def test_an_export_of_nothing_has_a_header(ws, pets_view):
    nobody = viewing(pets_view, Contains("name", "nobody"))
    assert len(lines(browse.csv(ws, nobody))) == 1
    assert len(lines(browse.csv(ws, viewing(pets_view, Missing("note"))))) == 2


@pytest.mark.parametrize("few", [0, 4])
def test_texts_of_scattered_rows_come_in_the_order_asked_for(upload, monkeypatch, few):
    monkeypatch.setattr(cells, "FEW_GROUPS", few)
    monkeypatch.setattr(cells, "TOP", 0)
    info = upload()
    found = cells.texts(info, [6, 2, 6, 99], ["note", "name"])
    assert found.index.tolist() == [6, 2, 6]
    assert found.to_numpy().tolist() == [["007", "Bob"], ["", "Pip"], ["007", "Bob"]]
    assert cells.texts(info, []).shape == (0, 5)
