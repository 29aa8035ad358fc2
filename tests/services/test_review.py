from __future__ import annotations

import contextlib
import re
import threading

import pytest

from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.review import Action, Cell, ReviewCounts
from components.services import workspace
from components.services.data import remove, rows
from components.services.export import decision_files, exports
from components.services.export.publish import publish
from components.services.people import names
from components.services.review import review
from components.services.runs import runs

YES = "x,ok\n" + "".join(f"{n},{'yes' if n % 2 else 'No'}\n" for n in range(40)) + "40,no\n"


def decide(ws, run_id, row_id, action, *, column="kind", check_id=None, **said):
    """Decide about a cell that is shown in a queue of a run."""
    return review.decide(
        ws, review.queue(ws, run_id, check_id), Cell(row_id, column), action, **said
    )


def decision_at(ws, run_id, position):
    return review.items(ws, review.queue(ws, run_id), position, 1)[0].decision


def test_the_queue_shows_the_worst_first_in_the_words_of_the_file(ws, labelled):
    info, run_id = labelled()
    queue = review.queue(ws, run_id)
    assert (queue.run_id, queue.dataset_id, queue.column) == (run_id, info.version.id, "kind")
    assert queue.classes == ("cat", "dog", "bird")
    found = [i.suggestion for i in review.items(ws, queue)]
    assert [(s.cell, s.given, s.suggested) for s in found] == [
        (Cell(3, "kind"), "dog", "cat"),
        (Cell(6, "kind"), "cat", "dog"),
    ]
    assert [s.confidence for s in found] == [0.8, 0.8]
    assert {s.check_id for s in found} == {queue.check_id} == {"labels.label_errors"}
    assert found[0].quality < found[1].quality
    assert (queue.n_items, queue.counts.n_settled, queue.first_open) == (2, 0, 0)


def test_classes_are_spelled_as_in_the_file(ws, labelled):
    _, run_id = labelled(YES, label="ok", flagged=((0, "true"), (1, "False")))
    queue = review.queue(ws, run_id)
    assert set(queue.classes) >= {"No", "yes"}
    typed_as_boolean = len(queue.classes) == 2
    if typed_as_boolean:
        found = [i.suggestion for i in review.items(ws, queue)]
        assert [(s.given, s.suggested) for s in found] == [("No", "yes"), ("yes", "No")]


def test_there_is_no_queue_without_a_label_check(ws, upload):
    info = upload()
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    assert review.queue(ws, run_id) is None
    assert review.queue(ws, run_id, "labels.label_errors") is None
    assert review.reviewable(ws, run_id) == ()


def test_a_card_shows_the_row_and_its_neighbours(ws, labelled):
    _, run_id = labelled()
    queue = review.queue(ws, run_id)
    card = review.card(ws, queue, review.item(ws, queue, Cell(3, "kind")))
    assert card.item.cell == Cell(3, "kind")
    assert {name for name, _ in card.values} == {"name", "weight", "legs", "note"}
    assert dict(card.values)["note"] == "two\nlines"
    assert card.nearest.index.tolist() == [0, 1]
    assert card.nearest.columns[0] == "kind"
    assert card.nearest["kind"].tolist() == ["cat", "dog"]
    for nowhere in (Cell(0, "kind"), Cell(3, "note")):
        with pytest.raises(NotFound, match="not flagged"):
            review.item(ws, queue, nowhere)


@pytest.mark.both_databases
def test_a_decision_is_kept_with_its_record(ws, labelled):
    info, run_id = labelled()
    made = decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="  Ann   B ", note=" sure ")
    assert (made.given, made.new, made.reviewer, made.note) == ("dog", "cat", "Ann B", "sure")
    assert made.at.tzinfo is not None
    assert review.decisions(ws, info.version.id) == (made,)
    queue = review.queue(ws, run_id)
    assert queue.first_open == 1
    assert queue.counts == ReviewCounts(n_open=1, n_changed=1)
    assert [i.decision for i in review.items(ws, queue)] == [made, None]
    event = workspace.history(ws)[0]
    assert (event.actor, event.action, event.dataset_id) == (
        "Ann B",
        "decision.made",
        info.version.id,
    )
    assert event.detail["decision_id"] == made.id
    assert review.reviewers(ws) == ("Ann B",)


@pytest.mark.parametrize("action", [Action.KEEP, Action.EXCLUDE, Action.UNSURE])
def test_only_a_change_has_a_new_label(ws, labelled, action):
    _, run_id = labelled()
    assert decide(ws, run_id, 3, action, new="cat", reviewer="Ann").new == "dog"


@pytest.mark.parametrize(
    ("row_id", "new", "error"),
    [
        (3, "", Conflict),
        (3, "wolf", Conflict),
        (3, "dog", Conflict),
        (8, "cat", NotFound),
        (-1, "cat", NotFound),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(ws, labelled, row_id, new, error):
    info, run_id = labelled()
    with pytest.raises(error):
        decide(ws, run_id, row_id, Action.CHANGE, new=new, reviewer="Ann")
    assert review.decisions(ws, info.version.id) == ()
    assert workspace.history(ws)[0].action == "run.started"


@pytest.mark.parametrize("reviewer", ["", " ", "x" * 101])
def test_a_decision_needs_a_name(ws, labelled, reviewer):
    _, run_id = labelled()
    with pytest.raises(UnusableInput, match="name"):
        decide(ws, run_id, 3, Action.KEEP, reviewer=reviewer)


@pytest.mark.both_databases
def test_undo_takes_back_ones_own_last_decision_and_says_what_stands_then(ws, labelled):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    ann = decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    bob = decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Bob")
    assert review.undo(ws, review.queue(ws, run_id), reviewer="Cem") is None
    undone = review.undo(ws, review.queue(ws, run_id), reviewer="Bob")
    assert (undone.taken.id, undone.taken.undone, undone.stands) == (bob.id, True, ann)
    undone = review.undo(ws, review.queue(ws, run_id), reviewer="Ann")
    assert (undone.taken.id, undone.stands) == (ann.id, None)
    assert decision_at(ws, run_id, 0).reviewer == "Ann"
    assert [e.action for e in workspace.history(ws)[:2]] == ["decision.undone"] * 2
    assert len(review.decisions(ws, info.version.id)) == 3


@pytest.mark.both_databases
def test_undo_of_an_overruled_decision_tells_it_and_changes_nothing(ws, labelled):
    """It used to take back an older decision of the same person about another row instead."""
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    bob = decide(ws, run_id, 6, Action.CHANGE, new="dog", reviewer="Bob")
    before, told = review.decisions(ws, info.version.id), len(workspace.history(ws))
    with pytest.raises(Conflict, match="“kind” of row 7, was overruled by Bob: changed to “dog”"):
        review.undo(ws, review.queue(ws, run_id), reviewer="Ann")
    assert review.decisions(ws, info.version.id) == before
    assert len(workspace.history(ws)) == told
    assert decision_at(ws, run_id, 1) == bob
    review.undo(ws, review.queue(ws, run_id), reviewer="Bob")
    assert review.undo(ws, review.queue(ws, run_id), reviewer="Ann").taken.cell.row_id == 6


@pytest.mark.both_databases
def test_decisions_of_several_people_at_once_are_kept_or_refused(ws, labelled):
    info, run_id = labelled()
    acknowledged: list[int] = []

    def keep_ten(name: str) -> None:
        for _ in range(10):
            with contextlib.suppress(Conflict):  # somebody else was faster, and it was told
                made = decide(ws, run_id, 3, Action.KEEP, reviewer=name)
                acknowledged.append(made.id)

    threads = [threading.Thread(target=keep_ten, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = review.decisions(ws, info.version.id)
    assert sorted(d.id for d in made) == sorted(acknowledged)
    assert made


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ａｎｎ", "Ann"), ("A\u200bnn", "Ann"), ("\u202eAnn", "Ann"), ("A\ufb01", "Afi"),
     ("  Ann\u00a0\tLee ", "Ann Lee"), ("e\u0301", "é"), ("Ann\x00", "Ann")],
)  # fmt: skip
def test_names_that_look_alike_are_one(typed, kept):
    assert names.valid_name(typed) == kept
    assert names.valid_name(kept) == kept


def test_a_name_of_invisible_signs_is_none():
    with pytest.raises(UnusableInput, match="needs the name"):
        names.valid_name("\u200b\u202e ")


@pytest.mark.both_databases
def test_names_are_remembered(ws):
    review.remember(ws, "Ann")
    assert review.reviewers(ws) == ("Ann",)
    with pytest.raises(UnusableInput):
        review.remember(ws, "")


def test_any_check_that_suggests_feeds_the_review(ws, labelled, plant_cells, made):
    info, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "note"): "mended", (2, "name"): "Rex"})
    assert [r.check_id for r in review.reviewable(ws, run_id)] == ["labels.label_errors", check_id]
    queue = review.queue(ws, run_id, check_id)
    assert (queue.column, queue.classes, queue.n_items) == ("", (), 2)
    first, second = review.items(ws, queue)
    texts = rows.texts(ws, info.version.id, [1])
    assert first.suggestion.given == texts["note"].iloc[0]
    assert (first.cell, first.suggestion.suggested) == (Cell(1, "note"), "mended")
    assert review.card(ws, queue, second).values[0][0] != "name"
    edited = review.decide(ws, queue, first.cell, Action.CHANGE, new="another", reviewer="Ann")
    assert edited.new == "another", "a cell is edited, a label is chosen"
    with pytest.raises(Conflict, match="not a value"):
        decide(ws, run_id, 3, Action.CHANGE, new="horse", reviewer="Ann")
    now = review.queue(ws, run_id, check_id)
    decided = review.decide(ws, now, first.cell, Action.CHANGE, new="mended", reviewer="Ann")
    assert (decided.check_id, decided.cell) == (check_id, Cell(1, "note"))
    assert review.queue(ws, run_id, check_id).first_open == 1
    assert review.queue(ws, run_id).counts.n_settled == 0
    corrected = made(exports.corrected_csv, ws, info.version.id)
    assert "mended" in corrected.content.decode()
    assert corrected.n_changed == 1
    for _ in range(2):
        review.undo(ws, queue, reviewer="Ann")
    assert review.queue(ws, run_id, check_id).counts.n_settled == 0
    assert made(exports.corrected_csv, ws, info.version.id).n_changed == 0


def test_an_empty_cell_can_be_suggested_and_labels_come_first(ws, labelled, plant_cells):
    info, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "weight"): ""})
    assert review.queue(ws, run_id).check_id == "labels.label_errors"
    queue = review.queue(ws, run_id, check_id)
    assert (queue.column, queue.about_label, queue.classes) == ("weight", False, ())
    (only,) = review.items(ws, queue)
    assert only.suggestion.suggested == ""
    review.decide(ws, queue, only.cell, Action.CHANGE, new="", reviewer="Ann")
    made = publish(ws, info.version.id, actor="Ann")
    assert rows.texts(ws, made.version.id, [1])["weight"].iloc[0] == ""


def test_with_two_label_columns_page_report_and_file_say_the_same(ws, labelled, plant_cells, made):
    """A decision about one cell of a row used to hide another one about the same row."""
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    other = plant_cells(run_id, {(3, "name"): "Rex", (6, "name"): "Rex"})
    decide(ws, run_id, 3, Action.CHANGE, column="name", check_id=other, new="Rex", reviewer="Bob")
    decide(ws, run_id, 6, Action.EXCLUDE, column="name", check_id=other, reviewer="Bob")
    corrected = made(exports.corrected_csv, ws, info.version.id)
    assert (corrected.n_changed, corrected.n_excluded) == (2, 1)
    tally = review.tally(ws, info.version.id)
    assert tally.actions == {Action.CHANGE: 2, Action.EXCLUDE: 1}
    assert tally.by_column["kind"] == {Action.CHANGE: 1}
    assert len(review.standing(ws, info.version.id)) == 3
    report = made(exports.report_html, ws, run_id).content.decode()
    assert re.search(r"<dt>Values changed</dt>\s*<dd>2</dd>", report)
    assert re.search(r"<dt>Rows left out</dt>\s*<dd>1</dd>", report)
    sheet = made(decision_files.corrections_sheet, ws, info.version.id).content.decode()
    assert len(sheet.strip().splitlines()) == 1 + 3


@pytest.mark.both_databases
def test_a_row_left_out_for_two_of_its_cells_is_one_row_everywhere(ws, labelled, plant_cells, made):
    """Page and report used to count decisions where the file counts rows and cells that stay."""
    info, run_id = labelled()
    other = plant_cells(run_id, {(3, "name"): "Rex", (3, "note"): "", (6, "name"): "Rex"})
    decide(ws, run_id, 3, Action.EXCLUDE, reviewer="Ann")
    decide(ws, run_id, 3, Action.EXCLUDE, column="name", check_id=other, reviewer="Bob")
    decide(ws, run_id, 3, Action.CHANGE, column="note", check_id=other, new="", reviewer="Bob")
    decide(ws, run_id, 6, Action.CHANGE, column="name", check_id=other, new="Rex", reviewer="Bob")
    corrected = made(exports.corrected_csv, ws, info.version.id)
    assert (corrected.n_changed, corrected.n_excluded) == (1, 1)
    tally = review.tally(ws, info.version.id)
    assert (tally.n_changed, tally.n_excluded) == (1, 1)
    assert tally.actions == {Action.EXCLUDE: 2, Action.CHANGE: 2}
    report = made(exports.report_html, ws, run_id).content.decode()
    for name, n in (("Values changed", 1), ("Rows left out", 1), ("Cells decided", 4)):
        assert re.search(rf"<dt>{name}</dt>\s*<dd>{n}</dd>", report), name


def test_a_table_that_was_removed_comes_back_undecided(ws, labelled, upload, made):
    """Decisions about a removed table used to count again when its bytes were uploaded again."""
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    remove.remove(ws, info.version.id, actor="Ann")
    again = upload()
    assert again.version.id != info.version.id
    assert review.standing(ws, again.version.id) == ()
    assert made(exports.corrected_csv, ws, again.version.id).n_changed == 0
    remove.end_grace(ws, at_once=True)
    assert review.standing(ws, info.version.id) == ()
    assert review.decisions(ws, info.version.id) == ()
