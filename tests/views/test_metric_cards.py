"""What the cards of a run say beside the findings."""

import dataclasses

import numpy as np

from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import CheckResult, Coverage, Doubt, Status
from components.core.judgement.gate import verdict
from components.core.judgement.runs import RunState, RunStatus
from components.views.current import Run
from components.views.start.metric_cards import labels_in_doubt, without_repeats


def run_with_flags(n_flagged, check_id="duplicates.exact_rows", **scored):
    """A run of a check that scores nine rows."""
    scores = RowScores.of(
        "uniqueness",
        row_id=np.arange(9, dtype=np.int64),
        quality=np.where(np.arange(9) < n_flagged, 0.0, 1.0),
        flagged=np.arange(9) < n_flagged,
        **scored,
    )
    result = CheckResult(
        check_id=check_id,
        title="A check",
        version=1,
        status=Status.PASSED,
        coverage=Coverage(rows_seen=9, rows_total=9),
        elapsed_s=0.1,
        evidence=(scores,),
    )
    status = RunStatus(run_id="r", state=RunState.DONE, checks=())
    return Run(status=status, results=(result,), verdict=verdict([result]), profile=None)


def test_the_card_of_unique_rows_does_not_contradict_the_finding_about_repeats():
    """It said “no exact copies” beside the finding that rows repeat, which leaves ids out."""
    assert without_repeats(run_with_flags(0)) == "no exact copies"
    assert without_repeats(run_with_flags(2)) == "2 equal in all but identifiers and the like"
    nothing = dataclasses.replace(run_with_flags(0), results=())
    assert without_repeats(nothing) == "no exact copies"


def test_no_label_in_doubt_is_no_comfort_where_none_could_be_doubted():
    run = run_with_flags(0, "labels.label_errors", suggested=np.full(9, "yes", dtype=object))
    assert labels_in_doubt(run).value == "0"
    doubted = dataclasses.replace(run.verdict, doubts=(Doubt.NOT_LEARNABLE,))
    card = labels_in_doubt(dataclasses.replace(run, verdict=doubted))
    assert (card.value, card.note, card.colour) == ("–", "cannot be judged", "gray")


def test_a_share_of_labels_says_of_which_where_not_all_were_judged():
    """“0.3 % of labels” stood beside a finding about 0.03 % of the rows."""
    run = run_with_flags(3, "labels.label_errors", suggested=np.full(9, "yes", dtype=object))
    assert labels_in_doubt(run).note == "33.3 % of labels"
    (result,) = run.results
    part = dataclasses.replace(result, coverage=Coverage(rows_seen=9, rows_total=90))
    card = labels_in_doubt(dataclasses.replace(run, results=(part,)))
    assert card.note == "33.3 % of the 9 judged"


def test_numbers_are_not_checked_yet_while_the_check_of_classes_does_not_apply():
    """“does not apply” stood there while the check of numbers was still running."""
    run = run_with_flags(0, "labels.label_errors")
    (result,) = run.results
    skipped = dataclasses.replace(result, status=Status.SKIPPED, evidence=())
    running = RunStatus(run_id="r", state=RunState.RUNNING, checks=())
    card = labels_in_doubt(dataclasses.replace(run, results=(skipped,), status=running))
    assert (card.value, card.note) == ("–", "not checked yet")
