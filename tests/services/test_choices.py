"""Items chosen by group, score, person, stage and text; each choice with what it would leave."""

from __future__ import annotations

import pytest

from components.core.judgement.review import Action, Cell
from components.services.review import review, selection
from components.services.review.beside.choices import choices
from components.services.review.beside.people import groups_of_people
from components.services.review.selection import Selection, Stage

N = 12


@pytest.fixture
def queue(ws, labelled):
    lines = [
        f"{row},{'F' if row % 3 else 'M'},{'cat' if row % 4 else 'dog'},Note {row}\n"
        for row in range(2 * N)
    ]
    text = "x,sex,kind,note\n" + "".join(lines)
    _, run_id = labelled(text, flagged=tuple((n, "dog" if n % 4 else "cat") for n in range(N)))
    return review.queue(ws, run_id)


def chosen(ws, queue, **wanted):
    return selection.positions(ws, queue, Selection(**wanted)).tolist()


def test_items_are_chosen_by_group_score_and_text(ws, queue):
    assert chosen(ws, queue, by_column="sex", group="M") == [0, 3, 6, 9]
    assert chosen(ws, queue, by_column="sex", group="X") == []
    assert chosen(ws, queue, by_column="age", group="M") == []
    assert chosen(ws, queue, band=1) == list(range(10)), "the score of row n is 0.1 + n / 100"
    assert chosen(ws, queue, band=2) == [10, 11]
    assert chosen(ws, queue, text="NOTE 1") == [1, 10, 11]
    assert chosen(ws, queue, column="note", value="Note 1") == [1], "the whole cell, as in the file"
    assert chosen(ws, queue, column="note", value="note 1") == []
    assert chosen(ws, queue, column="sex", value="M", given="dog") == [0]
    assert chosen(ws, queue, column="no such column", value="") == []
    assert chosen(ws, queue, text="note 1", by_column="sex", group="F", band=2) == [10, 11]


@pytest.mark.both_databases
def test_items_are_chosen_by_who_decided_and_how_far(ws, queue):
    for n, (action, who) in enumerate(
        [(Action.KEEP, "Ann"), (Action.UNSURE, "Bob"), (Action.ESCALATE, "Ann")]
    ):
        review.decide(ws, queue, queue.cell_at(n), action, reviewer=who)
    assert chosen(ws, queue, stage=Stage.ALL, decided_by="Ann") == [0, 2]
    assert chosen(ws, queue, stage=Stage.ESCALATED) == [2]
    assert chosen(ws, queue, stage=Stage.UNSURE) == [1, 2]
    assert chosen(ws, queue, stage=Stage.ALL, decided_by="Cleo") == []
    found = choices(ws, queue, Selection(stage=Stage.ALL, decided_by="Ann"))
    assert dict(found.stages) == {
        Stage.SETTLED: 1,
        Stage.UNSURE: 1,
        Stage.ESCALATED: 1,
        Stage.ALL: 2,
    }
    assert found.people == (("Ann", 2), ("Bob", 1)), "what another choice of person would leave"
    assert dict(found.groups) == {("sex", "F"): 1, ("sex", "M"): 1}


def test_each_choice_says_what_it_would_leave_beside_the_others(ws, queue):
    found = choices(ws, queue, Selection(by_column="sex", group="M"))
    assert dict(found.groups) == {("sex", "M"): 4, ("sex", "F"): 8}
    assert dict(found.pairs) == {("cat", "dog"): 3, ("dog", "cat"): 1}
    assert (found.bands, found.people) == (((1, 4),), ())
    assert dict(found.stages) == {Stage.OPEN: 4, Stage.ALL: 4}


def test_groups_of_people_are_those_of_the_whole_table(ws, queue):
    (sex,) = groups_of_people(ws, queue.run_id, queue.order)
    assert (sex.column, sex.names, sex.n_rows) == ("sex", ("F", "M"), (16, 8))
    assert sex.counted(selection.positions(ws, queue, Selection())) == [8, 4]


def test_a_table_without_people_has_no_groups(ws, labelled):
    _, run_id = labelled()
    queue = review.queue(ws, run_id)
    assert groups_of_people(ws, run_id, queue.order) == ()
    assert choices(ws, queue, Selection()).groups == ()


def test_cells_of_several_columns_are_chosen_by_text_and_person(ws, labelled, plant_cells):
    _, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "note"): "mended", (2, "name"): "Rex", (3, "name"): ""})
    queue = review.queue(ws, run_id, check_id)
    review.decide(ws, queue, Cell(2, "name"), Action.KEEP, reviewer="Ann")
    assert chosen(ws, queue, stage=Stage.ALL, text="rex") == [0]
    assert chosen(ws, queue, stage=Stage.ALL, decided_by="Ann") == [1]
