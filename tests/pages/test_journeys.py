"""From a table to a decided label and a corrected file, as a person does it."""

from dataclasses import replace

import numpy as np
import pytest

from components.core.judgement.evidence import CellScores
from components.core.judgement.findings import CheckResult, Coverage, Status
from components.core.judgement.review import Action, Cell, ItemType
from components.core.settings import Settings
from components.jobs.folder import RunFolder
from components.services.review import review
from components.services.review.selection import Selection
from components.services.runs import runs
from components.services.team import assignments, plans
from components.services.workspace import open_workspace
from components.store.results import write_result
from components.views.navigation import Pages


def press(at, label):
    next(b for b in at.button if b.label.startswith(label)).click().run()
    assert [e.value for e in at.exception] == []
    return at


@pytest.fixture
def reviewing(app, finished):
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons")
    at.text_input[0].input("Ada")
    press(at, "Start the review")
    return at


def decided(finished):
    ws = open_workspace(Settings.from_environment())
    made = review.decisions(ws, finished.dataset_id)
    ws.close()
    return made


def test_a_reviewer_keeps_changes_and_takes_back(reviewing, finished):
    press(reviewing, "Keep")
    press(reviewing, "Change to")
    first, second = decided(finished)
    assert [first.action, second.action] == [Action.KEEP, Action.CHANGE]
    assert {first.reviewer, second.reviewer} == {"Ada"}
    assert first.cell != second.cell
    press(reviewing, "Undo")
    assert [d.undone for d in decided(finished)] == [False, True]
    assert shown_row(reviewing) == f"Row {second.cell.row_id + 1:,}"
    (said,) = undo_said(reviewing)
    assert said.startswith(f"Undone: “income” of row {second.cell.row_id + 1} is no longer changed")
    assert said.endswith(f" to “{second.new}”, as you had decided. It is open again.")


def undo_said(at):
    """Return what stands in the notices about undoing."""
    told = [i.value.replace("\\", "").replace("\u2060", "") for i in at.info]
    return [line for line in told if "ndone" in line]


def test_two_people_with_buttons_are_asked_about_different_rows(reviewing, another, finished):
    """The second of two used to be asked what the first was deciding, and was refused."""
    at = another.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons")
    at.text_input[0].input("Bob")
    press(at, "Start the review")
    assert shown_row(at) != shown_row(reviewing)
    for _ in range(2):
        press(reviewing, "Keep")
        press(at, "Keep")
    made = decided(finished)
    assert [d.reviewer for d in made] == ["Ada", "Bob"] * 2
    assert len({d.cell for d in made}) == 4


def test_undo_never_takes_back_another_decision_than_the_last(reviewing, finished):
    """With Bob's answer on the same row, an older decision of Ada's was taken back, silently."""
    press(reviewing, "Keep")
    press(reviewing, "Keep")
    last = decided(finished)[-1].cell
    ws = open_workspace(Settings.from_environment())
    queue = review.queue(ws, finished.run_id)
    review.decide(ws, queue, last, Action.EXCLUDE, reviewer="Bob")
    press(reviewing, "Undo")
    assert [d.undone for d in decided(finished)] == [False] * 3
    (said,) = undo_said(reviewing)
    assert f"“income” of row {last.row_id + 1}, was overruled by Bob: left out" in said
    review.undo(ws, queue, reviewer="Bob")
    ws.close()
    press(reviewing, "Undo")
    assert [d.undone for d in decided(finished)] == [False, True, True]


def test_undo_says_when_a_decision_is_older_than_this_visit(app, finished):
    ws = open_workspace(Settings.from_environment())
    run_id = finished.run_id
    cell = review.items(ws, review.queue(ws, run_id), 0, 1)[0].cell
    review.decide(ws, review.queue(ws, run_id), cell, Action.UNSURE, reviewer="Bob")
    review.decide(ws, review.queue(ws, run_id), cell, Action.KEEP, reviewer="Ada")
    ws.close()
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons")
    at.text_input[0].input("Ada")
    press(at, "Start the review")
    press(at, "Undo")
    (said,) = undo_said(at)
    assert "as you had decided, made before this visit, on " in said
    assert said.endswith("It is marked as not sure by Bob again, as before.")


def shown_row(at):
    return next(s.value for s in at.subheader if s.value.startswith("Row "))


def test_a_key_pressed_twice_never_decides_the_next_row(reviewing, finished):
    before = shown_row(reviewing)
    keep = next(b for b in reviewing.button if b.label.startswith("Keep"))
    keep.click()
    reviewing.run()
    keep.click()  # the button of the old screen once more
    reviewing.run()
    rows = [d.cell for d in decided(finished)]
    assert len(rows) == len(set(rows))
    assert shown_row(reviewing) != before


def test_the_end_of_the_review_leads_to_the_report(reviewing):
    for _ in range(100):
        if not any(b.label.startswith("Not sure") for b in reviewing.button):
            break
        press(reviewing, "Not sure")
    assert any(b.label == "Get the corrected file" for b in reviewing.button)
    text = " ".join(m.value for m in reviewing.markdown)
    assert "are settled, " in text
    assert "not sure.**" in text  # what nobody is sure about is not settled
    before = [b.label for b in reviewing.button]
    press(reviewing, next(label for label in before if label.startswith("Look again at")))
    assert any(b.label.startswith("Not sure") for b in reviewing.button)


def test_the_overview_follows_decisions(app, finished):
    n = len(labels_in_doubt(finished))
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    of_labels = "Labels contradicted by the other rows"  # rows are asked about, too
    assert f"{of_labels}: {n} open, 0 settled, 0 not sure" in app.text()
    assert f"A person can take a closer look at {n} label" in app.text()
    ws = open_workspace(Settings.from_environment())
    queue = review.queue(ws, finished.run_id)
    for cell in labels_in_doubt(finished):
        review.decide(ws, queue, cell, Action.KEEP, reviewer="Ada")
    ws.close()
    at.run()
    assert f"{of_labels}: 0 open, {n} settled, 0 not sure" in app.text()
    assert "take a closer look" not in app.text()


def labels_in_doubt(finished):
    ws = open_workspace(Settings.from_environment())
    queue = review.queue(ws, finished.run_id)
    cells = [item.cell for item in review.items(ws, queue, 0, queue.n_items)]
    ws.close()
    return cells


def plant_towns(finished):
    """Put a check into the run that suggests other towns for two rows."""
    ws = open_workspace(Settings.from_environment())
    scores = CellScores(
        name="towns",
        n_assessed=240,
        n_flagged=2,
        row_id=np.array([4, 9]),
        column=np.array(["town", "town"], dtype=object),
        value=np.array(["?", "?"], dtype=object),
        quality=np.array([0.1, 0.2]),
        flagged=np.array([True, True]),
        suggested=np.array(["", ""], dtype=object),
    )
    result = CheckResult(
        check_id="validity.planted",
        title="Odd towns",
        version=1,
        status=Status.PASSED,
        evidence=(scores,),
        coverage=Coverage(rows_seen=240, rows_total=240),
        elapsed_s=0.1,
    )
    folder, spec = ws.files.run(finished.run_id), runs.spec(ws, finished.run_id)
    write_result(folder, result)
    RunFolder(folder).write_spec(replace(spec, checks=(*spec.checks, result.check_id)))
    ws.close()


def test_cells_of_other_columns_are_chosen_reviewed_and_linked_to(app, finished):
    plant_towns(finished)
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons")
    at.text_input[0].input("Ada")
    press(at, "Start the review")
    assert at.query_params["queue"] == "labels.label_errors"
    at.button_group(key="review-queue").set_value("validity.planted").run()
    assert at.query_params["queue"] == "validity.planted"
    assert "Is this value right?" in app.text()
    assert shown_row(at) == "Row 5"
    press(at, "Make it empty")
    assert shown_row(at) == "Row 10"
    (made,) = decided(finished)
    assert (made.cell, made.check_id) == (Cell(4, "town"), "validity.planted")
    assert (made.action, made.new) == (Action.CHANGE, "")
    press(at, "Undo")
    assert shown_row(at) == "Row 5"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("validity.planted", "Is this value right?"), ("no.check", Pages.REVIEW.value.signal)],
)
def test_a_link_names_what_is_reviewed(app, finished, asked, shown):
    plant_towns(finished)
    app.open(Pages.REVIEW.value, data=finished.dataset_id, queue=asked)
    assert shown in app.text()


def note_field(at):
    return next(t for t in at.text_input if t.label == "Note")


def test_buttons_note_redo_and_go_back_and_forth(reviewing, finished):
    """This mode had no note, no redo, and no way to the item before."""
    first = shown_row(reviewing)
    note_field(reviewing).input("seen twice")
    press(reviewing, "Leave out")
    second = shown_row(reviewing)
    assert second != first
    (made,) = decided(finished)
    assert (made.action, made.note) == (Action.EXCLUDE, "seen twice")
    assert note_field(reviewing).value == ""
    press(reviewing, "Previous")
    assert (shown_row(reviewing), note_field(reviewing).value) == (first, "seen twice")
    press(reviewing, "Next")
    assert shown_row(reviewing) == second
    press(reviewing, "Next")
    third = shown_row(reviewing)
    assert third not in {first, second}, "an open item is passed over"
    reviewing.run()
    assert shown_row(reviewing) == third, "none but a key moves on"
    press(reviewing, "Undo")
    assert shown_row(reviewing) == first
    press(reviewing, "Redo")
    assert reviewing.info[0].value.startswith("Done again: ")
    undone, again = decided(finished)
    assert (undone.undone, again.undone) == (True, False)
    assert (again.cell, again.action, again.note) == (made.cell, made.action, made.note)
    press(reviewing, "Redo")
    assert reviewing.info[0].value == "There is nothing to do again."
    press(reviewing, "Previous")
    note_field(reviewing).input("seen three times").run()
    assert [d.note for d in decided(finished) if not d.undone] == ["seen twice", "seen three times"]


def test_buttons_tell_what_waits_for_a_second_and_a_third_person(reviewing, finished):
    """The fast card told it, the buttons did not."""
    ws = open_workspace(Settings.from_environment())
    plans.set_shares(ws, finished.dataset_id, double=1.0, reviewer="Ada")
    queue = review.queue(ws, finished.run_id)
    one, two = (item.cell for item in review.items(ws, queue, 0, 2))
    review.decide(ws, queue, one, Action.KEEP, reviewer="Bob")
    review.decide(ws, queue, two, Action.KEEP, reviewer="Bob")
    review.decide(ws, queue, two, Action.UNSURE, reviewer="Cem")
    ws.close()
    reviewing.run()
    told = reviewing.get("progress")[0].proto.text
    assert (
        "; 1 of the open ones wait for a second person; 1 for a third, because two differ" in told
    )


def test_the_list_of_decisions_says_that_the_named_one_of_equal_rows_stays(app, finished):
    """“Row 4, left out” stood there, and row 4 was the one that stayed."""
    ws = open_workspace(Settings.from_environment())
    check_id = next(r.check_id for r in review.reviewable(ws, finished.run_id)
                    if r.item_type is ItemType.REPEATS)  # fmt: skip
    queue = review.queue(ws, finished.run_id, check_id)
    made = review.decide(ws, queue, queue.cell_at(0), Action.EXCLUDE, reviewer="Ada")
    ws.close()
    at = app.open(Pages.REPORT.value, data=finished.dataset_id)
    (line,) = at.dataframe[-1].value.to_dict("records")
    n, verb = len(made.others), "repeats" if len(made.others) == 1 else "repeat"
    assert line["Row"] == made.cell.row_id + 1
    assert line["Decision"] == f"Kept, and {n} that {verb} it left out"
    assert (line["Column"], line["In the file"]) == ("rows that repeat one", "")


def test_a_link_to_an_item_that_is_kept_for_somebody_else_shows_it_to_look_at(app, finished):
    """It opened as if it were offered."""
    ws = open_workspace(Settings.from_environment())
    queue = review.queue(ws, finished.run_id)
    assignments.assign(ws, queue, Selection(), to="Bob", reviewer="Ada")
    row = queue.cell_at(0).row_id
    ws.close()
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons", item=str(row))
    at.text_input[0].input("Ada")
    press(at, "Start the review")
    assert shown_row(at) == f"Row {row + 1}"
    assert "Kept for Bob: here to look at only." in app.text()
    assert not any(b.label.startswith("Keep") for b in at.button)
    press(at, "Next")
    assert "Nothing is left for you here" in app.text()


def test_an_answer_to_a_card_that_had_shown_its_suggestion_is_not_judged_first(reviewing, finished):
    """It was exported so once the switch was on, though the suggestion had been there before."""
    reviewing.toggle(key="judge-first").set_value(True).run()
    assert "What is suggested comes after your answer" in [
        m.value.removeprefix(":gray[:small[").removesuffix("]]") for m in reviewing.markdown
    ]
    press(reviewing, "Keep")
    press(reviewing, "Keep")
    assert [d.judged_first for d in decided(finished)] == [False, True]
