"""What the pages of a new version say about the former one."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from components.core.judgement.findings import Status
from components.core.judgement.review import Action
from components.core.settings import Settings
from components.jobs.folder import RunFolder
from components.services.data import datasets, remove
from components.services.export import exports
from components.services.export.publish import publish_here
from components.services.review import review
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.store.results import write_result
from components.views.navigation import Pages

LABELS = "labels.label_errors"


@pytest.fixture
def decided(finished):
    """Decide about three rows of the table: one changed, one kept, one left out."""
    ws = open_workspace(Settings.from_environment())
    found = review.queue(ws, finished.run_id)
    cells = [item.cell for item in review.items(ws, found, 0, 3)]
    for cell, action in zip(cells, (Action.CHANGE, Action.KEEP, Action.EXCLUDE), strict=True):
        given = review.item(ws, found, cell).suggestion
        new = given.suggested if action is Action.CHANGE else ""
        review.decide(ws, found, cell, action, new=new, reviewer="Ann")
    yield ws, cells
    ws.close()


def said_on(app, ws, info):
    """Return what overview and report say of a version, after a run."""
    runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    said = []
    for page in (Pages.OVERVIEW, Pages.REPORT):
        at = app.open(page.value, data=info.version.id)
        assert [e.value for e in at.exception] == []
        said.append(app.text())
    return said


def report_of(ws, info, tmp_path):
    """Return the text of the report of a version, after a run."""
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    path = exports.report_html(ws, run_id, out=tmp_path / "report.html").path
    return " ".join(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")).split())


def test_the_pages_of_a_published_version_say_what_became_of_decisions(
    app, finished, decided, tmp_path
):
    ws, _ = decided
    made = publish_here(ws, finished.dataset_id, "Ann", lambda _share, _note: None)
    for text in said_on(app, ws, made):
        assert "The corrected version of " in text
        assert "1 of 248 rows was left out by decisions." in text
        assert "Decisions about 2 rows were carried over, 1 row with decisions is not in" in text
    report = report_of(ws, made, tmp_path)
    assert "The corrected version of people.csv. 1 of 248 rows was left out by" in report
    assert "Decisions about 2 rows were carried over, 1 row with decisions is not in" in report


def test_the_pages_of_a_table_uploaded_again_say_what_became_of_decisions(
    app, finished, decided, tmp_path
):
    ws, cells = decided
    former = datasets.get(ws, finished.dataset_id)
    header, *lines = (former.folder / "source").read_text().splitlines()
    left_out = cells[0].row_id
    stays = [line for n, line in enumerate(lines) if n != left_out]
    again = "\n".join([header, *stays[::-1], "33,12,Hull,f,N,low"]) + "\n"
    info = datasets.add(ws, io.BytesIO(again.encode()), "again.csv")
    for text in said_on(app, ws, info):
        assert "A new version of " in text
        assert "247 of 248 rows were found again, by what their cells hold; 1 row is new." in text
        assert "Decisions about 2 rows were carried over, 1 row with decisions is not in" in text
    report = report_of(ws, info, tmp_path)
    assert "A new version of people.csv. 247 of 248 rows were found again, by what" in report


@pytest.mark.parametrize(("reviewer", "owner"), [("", ""), ("Ada", "Ada")])
def test_a_version_published_without_a_name_belongs_to_nobody(
    app, finished, decided, reviewer, owner
):
    """It used to belong to “data scientist”, whom nobody had named, and could not be removed."""
    ws, _ = decided
    if reviewer:
        app.open(Pages.REVIEW.value, data=finished.dataset_id)
        app.at.text_input[0].input(reviewer)
        next(b for b in app.at.button if b.label == "Start the review").click().run()
    at = app.open(Pages.REPORT.value, data=finished.dataset_id)
    assert "items are not settled: their cells stay as they are" in app.text()
    next(b for b in at.button if b.label == "Publish as a new version").click().run()
    (made,) = (i for i in datasets.recent(ws) if i.version.parent == finished.dataset_id)
    assert made.version.owner == owner
    assert "The corrected version is open." in app.text()
    if not owner:
        remove.remove(ws, made.version.id, actor="")


def test_the_review_of_a_published_version_counts_what_it_no_longer_asks_about(
    app, finished, decided
):
    """Open items that the check no longer flags were gone without a word."""
    ws, _ = decided
    n_left = review.queue(ws, finished.run_id).counts.n_open
    made = publish_here(ws, finished.dataset_id, "Ann", lambda _share, _note: None)
    run_id = runs.execute(ws, made.version.id, only=["completeness.missing_values"])
    before = next(r for r in runs.results(ws, finished.run_id) if r.check_id == LABELS)
    nothing = replace(before, status=Status.PASSED, findings=(), evidence=())
    write_result(ws.files.run(run_id), nothing)
    spec = runs.spec(ws, run_id)
    RunFolder(ws.files.run(run_id)).write_spec(replace(spec, checks=(*spec.checks, LABELS)))
    app.open(Pages.REVIEW.value, data=made.version.id)
    assert f"{n_left} items that were not settled in the former version are not asked" in app.text()
