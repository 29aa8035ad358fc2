"""The first button of the overview leads to what its headline names."""

from __future__ import annotations

import pytest

from components.core.judgement.findings import Severity
from components.core.judgement.policy import Policy, PolicyRule
from components.core.settings import Settings
from components.services.runs import runs
from components.services.runs.settings import RunSettings
from components.services.workspace import open_workspace
from components.views.navigation import Pages

ONLY = ["labels.label_errors", "completeness.missing_values"]


@pytest.fixture
def judged(finished, tmp_path):
    """Return a function that checks the table where only one concern asks for review."""
    opened = open_workspace(Settings(home=tmp_path / "home"))

    def run(concern):
        rules = (
            PolicyRule(findings=concern, becomes=Severity.WARNING),
            *(PolicyRule(findings=c, becomes=Severity.INFO) for c in ("labels", "completeness")),
        )
        told = RunSettings(policy=Policy(name="p.toml", sha256="0" * 64, rules=rules))
        return runs.execute(opened, finished.dataset_id, settings=told, only=ONLY)

    yield run
    opened.close()


def offered(at):
    """The keys of the buttons of the card, the main one first."""
    return [b.key for b in at.button if str(b.key).startswith("verdict-")]


def test_a_gap_in_the_headline_is_what_the_main_button_opens(app, finished, judged):
    """It led to the review of labels, whatever the headline said."""
    judged("completeness")
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert offered(at)[0] == "verdict-open"
    assert "verdict-review" in offered(at)
    next(b for b in at.button if b.key == "verdict-open").click().run()
    assert at.query_params["finding"].startswith("completeness.")


def test_labels_in_the_headline_lead_to_their_review(app, finished, judged):
    judged("labels")
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert offered(at)[0] == "verdict-review"
