"""What pages say while some checks of a run have not ended, or never did."""

from __future__ import annotations

import dataclasses

import pytest

from components.checks import registry
from components.core.judgement.runs import RunState
from components.services.runs import runs
from components.views.navigation import PAGE_OF_CONCERN, Pages

N_CHECKS = len(registry.select(["labels"]))
LATE = ("labels.label_errors", "labels.learnability")


@pytest.fixture
def unfinished(monkeypatch):
    """Let some checks of the run have no result, in the given state."""

    def make(state, late=LATE):
        status, results = runs.status, runs.results

        def as_of_then(*a):
            found = status(*a)
            checks = tuple(
                dataclasses.replace(c, status=None) if c.check_id in late else c
                for c in found.checks
            )
            return dataclasses.replace(found, state=state, checks=checks)

        def so_far(*a):
            return tuple(r for r in results(*a) if r.check_id not in late)

        monkeypatch.setattr(runs, "status", as_of_then)
        monkeypatch.setattr(runs, "results", so_far)

    return make


def doubt_on(at):
    (shown,) = (m for m in at.metric if m.label == "Items still in doubt")
    return shown.value, shown.delta


def test_a_page_shows_no_green_tick_before_its_checks_have_ended(app, finished, unfinished):
    """One ended check of four was enough for "Nothing to report", in green."""
    unfinished(RunState.RUNNING)
    at = app.open(PAGE_OF_CONCERN["labels"], data=finished.dataset_id)
    said = [i.value for i in at.info]
    assert [s for s in said if "have not ended yet" in s] == [
        f"2 of {N_CHECKS} checks of this page have not ended yet: more may be found."
    ]
    assert len(at.success) == 0
    assert "Nothing to report" not in app.text()


def test_a_page_of_a_stopped_run_says_what_gave_no_result(app, finished, unfinished):
    unfinished(RunState.CANCELLED)
    at = app.open(PAGE_OF_CONCERN["labels"], data=finished.dataset_id)
    assert f"2 of {N_CHECKS} checks of this page gave no result before the run ended." in app.text()
    assert len(at.success) == 0


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (RunState.RUNNING, "not known until the checks have ended"),
        (RunState.CANCELLED, "not known: checks did not end"),
    ],
)
def test_the_report_counts_no_doubt_before_the_checks_that_suggest(
    app, finished, unfinished, state, why
):
    """It said 0 values in doubt before anything had looked for them."""
    unfinished(state)
    at = app.open(Pages.REPORT.value, data=finished.dataset_id)
    assert doubt_on(at) == ("–", why)
    assert any(i.value.startswith("2 of ") for i in at.info)


def test_the_report_counts_when_what_is_left_suggests_nothing(app, finished, unfinished):
    unfinished(RunState.RUNNING, late=("labels.learnability",))
    at = app.open(Pages.REPORT.value, data=finished.dataset_id)
    value, note = doubt_on(at)
    assert int(value) > 0
    assert note == f"{value} open, 0 settled, 0 not sure"


def test_the_review_says_that_more_may_come(app, finished, unfinished):
    unfinished(RunState.RUNNING, late=("labels.learnability",))
    at = app.open(Pages.REVIEW.value, data=finished.dataset_id, mode="buttons")
    at.text_input[0].input("Ada")
    next(b for b in at.button if b.label == "Start the review").click().run()
    assert any("has not ended yet: more may be found." in c.value for c in at.caption)


def test_nothing_is_said_to_be_missing_where_all_checks_have_ended(app, finished):
    for page in (Pages.REPORT.value, PAGE_OF_CONCERN["labels"]):
        app.open(page, data=finished.dataset_id)
        assert "not ended yet" not in app.text()
        assert "gave no result" not in app.text()
