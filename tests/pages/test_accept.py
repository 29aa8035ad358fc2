"""Accepting a finding in its drawer, and taking that back."""

from __future__ import annotations

import json

from components.core.judgement.findings import Severity
from components.core.settings import Settings
from components.services.review import outcome
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import Pages

ACCEPT, BACK = "Accept", "Take the acceptance back"


def warning_of(finished):
    """Return a finding that no decision about labels settles."""
    ws = open_workspace(Settings.from_environment())
    found = [f for r in runs.results(ws, finished.run_id) for f in r.findings]
    ws.close()
    return next(
        f for f in found if f.severity >= Severity.WARNING and not f.check_id.startswith("labels.")
    )


def accepted(finished):
    ws = open_workspace(Settings.from_environment())
    said = outcome.answers(ws, finished.run_id).accepted
    ws.close()
    return said


def labelled(widgets, label):
    return [w for w in widgets if w.label == label]


def press(at, label):
    labelled(at.button, label)[0].click().run()
    assert [e.value for e in at.exception] == []


def test_a_finding_is_accepted_with_a_reason_and_that_is_taken_back(app, finished):
    finding = warning_of(finished)
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id, finding=finding.id)
    press(at, ACCEPT)
    assert accepted(finished) == {}
    labelled(at.text_input, "Your name")[0].set_value("Ann")
    press(at, ACCEPT)
    assert "needs a reason" in app.text()
    assert accepted(finished) == {}

    labelled(at.text_input, "Your name")[0].set_value("Ann")
    labelled(at.text_area, "Why may the table stay as it is?")[0].set_value("known *and* wanted")
    press(at, ACCEPT)
    made = accepted(finished)[finding.id]
    assert (made.reviewer, made.reason) == ("Ann", "known *and* wanted")
    text = app.text()
    assert "Accepted by Ann" in text
    assert "known \\*and\\* wanted" in text
    assert "Settled or accepted by people" in text
    assert labelled(at.button, ACCEPT) == []

    press(at, BACK)
    assert accepted(finished) == {}
    assert "Accepted by Ann" not in app.text()
    assert len(labelled(at.button, ACCEPT)) == 1


def ring_of(at):
    """Return the legend of the ring: how many checks ended in which way."""
    figures = [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]
    return next(f["data"][0]["labels"] for f in figures if f["data"][0]["type"] == "pie")


def test_the_ring_of_the_overview_follows_an_acceptance(app, finished):
    """It went on to say “1 with a blocker” beside a verdict that had none any more."""
    ws = open_workspace(Settings.from_environment())
    blockers = [
        f
        for r in runs.results(ws, finished.run_id)
        for f in r.findings
        if f.severity is Severity.CRITICAL
    ]
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert any("with a blocker" in label for label in ring_of(at))
    for finding in blockers:
        outcome.accept(ws, finished.run_id, finding.id, reason="known", reviewer="Ann")
    ws.close()
    at.run()
    assert not any("with a blocker" in label for label in ring_of(at))
    assert any("accepted" in label or "to review" in label for label in ring_of(at))
