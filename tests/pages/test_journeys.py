"""From a table to a decided label and a corrected file, as a person does it."""

import pytest

from components.core.judgement.review import Action
from components.core.settings import Settings
from components.services.review import review
from components.services.workspace import open_workspace
from components.views.navigation import Pages


def press(at, label):
    next(b for b in at.button if b.label.startswith(label)).click().run()
    assert [e.value for e in at.exception] == []
    return at


@pytest.fixture
def reviewing(app, finished):
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id)
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
    assert shown_row(reviewing) == f"Row {second.cell.row_id:,}"


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


@pytest.mark.usefixtures("empty_home")
def test_an_upload_is_read_and_its_label_asked(app):
    at = app.open(Pages.UPLOAD.value)
    content = b"a,b,income\n" + b"".join(
        b"%d,%d,%s\n" % (i, i % 7, b"x" if i % 2 else b"y") for i in range(60)
    )
    at.file_uploader[0].upload("tiny.csv", content)
    at.run()
    assert [e.value for e in at.exception] == []
    assert at.title[0].value == "Did we read it right?"
    assert at.selectbox[0].label == "What should a model predict?"
    assert any(b.label == "Check this data" for b in at.button)


@pytest.mark.usefixtures("empty_home")
def test_a_file_that_is_no_table_is_refused_in_words(app):
    at = app.open(Pages.UPLOAD.value)
    at.file_uploader[0].upload("empty.csv", b"")
    at.run()
    assert [e.value for e in at.exception] == []
    assert "cannot be used" in at.error[0].value
