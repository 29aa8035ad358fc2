"""What the first card says of a run."""

from components.core.judgement.findings import CheckResult, Coverage, Status
from components.core.judgement.gate import verdict
from components.core.judgement.runs import CheckProgress, RunState, RunStatus
from components.reports.words import verdict_sentence
from components.views.current import Run
from components.views.parts.findings import verdict_card

NAMES = ("labels.a", "bias.b")


def run_of(state, *statuses):
    """A run of two checks, of which the first ones have ended."""
    results = tuple(
        CheckResult(
            check_id=name,
            title=name,
            version=1,
            status=status,
            coverage=Coverage(rows_seen=9, rows_total=9),
            elapsed_s=0.1,
        )
        for name, status in zip(NAMES, statuses, strict=False)
    )
    planned = tuple(CheckProgress(check_id=name, title=name) for name in NAMES)
    status = RunStatus(run_id="r", state=state, checks=planned)
    judged = verdict(results, missing=NAMES[len(results) :], is_done=state is RunState.DONE)
    return Run(status=status, results=results, verdict=judged, profile=None)


def test_a_run_that_was_cancelled_at_once_is_not_known():
    run = run_of(RunState.CANCELLED)
    assert not run.verdict.is_known
    assert verdict_sentence(run.verdict).startswith("Not known")
    assert verdict_card.sentence(run).startswith("No check has given an answer. 2 checks did not")


def test_a_clean_half_of_a_run_is_not_known():
    assert not run_of(RunState.INTERRUPTED, Status.PASSED).verdict.is_known


def test_a_failed_check_leaves_the_answer_open():
    run = run_of(RunState.DONE, Status.PASSED, Status.FAILED)
    assert not run.verdict.is_known
    assert "1 check did not come to an answer" in verdict_card.sentence(run)


def test_checks_that_do_not_apply_say_nothing():
    assert not run_of(RunState.DONE, Status.SKIPPED, Status.SKIPPED).verdict.is_known


def test_a_whole_clean_run_is_known():
    run = run_of(RunState.DONE, Status.PASSED, Status.SKIPPED)
    assert run.verdict.is_known
    assert verdict_card.sentence(run) == "1 check found nothing."
