from __future__ import annotations

from dataclasses import replace

import pytest

from components.core.data.dataset import Kind, Role
from components.core.judgement.findings import CheckResult, Coverage, Severity, Status
from components.core.judgement.gate import Outcome, Verdict, verdict
from components.core.judgement.runs import RunState
from components.reports import words


def results(passed=0, skipped=0, failed=0, sampled=0):
    statuses = [Status.PASSED] * passed + [Status.SKIPPED] * skipped + [Status.FAILED] * failed
    return tuple(
        CheckResult(
            check_id=f"a.c{i}", title=f"Check {i}", version=1, status=status, elapsed_s=0,
            coverage=Coverage(rows_seen=1, rows_total=2, sampled=i < sampled),
        )
        for i, status in enumerate(statuses)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("judged", "checks", "sentence"),
    [
        (Verdict(outcome=Outcome.STOP, n_critical=1), results(11), "Not yet: fix 1 blocker first"),
        (Verdict(outcome=Outcome.STOP, n_critical=2), results(11), "Not yet: fix 2 blockers first"),
        (
            Verdict(outcome=Outcome.REVIEW, n_warning=3, n_info=1), results(11),
            "Almost: 3 things to review first",
        ),
        (Verdict(outcome=Outcome.PASS), results(9, 2), "Ready: nothing found by 9 of 11 checks"),
        (
            Verdict(outcome=Outcome.PASS, n_info=1), results(11),
            "Ready: nothing to fix and 1 note, by 11 of 11 checks",
        ),
        (verdict(results(9, 0, 2)), results(9, 0, 2), "Not known: 2 checks failed to run"),
        (verdict(results(0, 3)), results(0, 3), "Not known: no check applies to this table"),
    ],
)  # fmt: skip
def test_the_verdict_in_a_sentence(judged, checks, sentence):
    assert words.verdict_sentence(judged, checks) == sentence


def test_an_unfinished_run_is_never_called_ready():
    checks = results(3)
    for kwargs in ({"n_planned": 11}, {"n_planned": 3, "state": RunState.INTERRUPTED}):
        sentence = words.verdict_sentence(verdict(checks), checks, **kwargs)
        assert sentence.startswith("Not known yet: 3 of ")
        assert words.standing(verdict(checks), checks, **kwargs) is words.Standing.UNKNOWN
    stop = Verdict(outcome=Outcome.STOP, n_critical=1)
    assert words.verdict_sentence(stop, checks, n_planned=11).startswith("Not yet")


def test_a_verdict_that_rests_on_nothing_is_unknown():
    for checks in (results(0, 3), results(3, 0, 1), ()):
        assert words.standing(verdict(checks), checks) is words.Standing.UNKNOWN
    checks = results(3, 1)
    assert words.standing(verdict(checks), checks) is words.Standing.PASS


def test_coverage_names_what_is_not_known():
    lines = words.coverage_sentences(results(2, 1, 1, sampled=1), n_planned=6)
    assert lines == (
        "2 of 6 checks came to an answer.",
        "1 check failed to run, so the verdict does not know about: check 3.",
        "1 check does not apply: check 2.",
        "2 checks did not start or did not end.",
        "1 check looked at a sample of rows: check 0.",
    )


def test_every_member_has_a_name_of_its_own():
    assert len({words.severity_name(s) for s in Severity}) == 3
    assert len({words.severity_help(s) for s in Severity}) == 3
    assert {words.outcome_name(o) for o in Outcome} == {"Ready", "Almost ready", "Not ready"}
    assert len({words.standing_name(s) for s in words.Standing}) == 4
    assert len({words.status_name(s) for s in Status}) == 4
    assert len({words.role_name(r) for r in Role}) == len(Role)
    assert len({words.kind_name(k) for k in Kind}) == len(Kind)
    assert {bool(words.state_sentence(s)) for s in RunState if s is not RunState.DONE} == {True}
    assert words.state_sentence(RunState.DONE) == ""
    assert words.state_sentence(RunState.FAILED, "No memory.").endswith("No memory.")


def test_concerns():
    assert words.concern_name("completeness") == "Missing values"
    assert words.concern_name("new_thing") == "New thing"


def test_plural():
    assert words.plural(1, "row") == "1 row"
    assert words.plural(1234, "row") == "1,234 rows"
    assert words.plural(2, "entry", "entries") == "2 entries"


def test_failed_checks_change_the_sentence_only_when_nothing_is_worse():
    checks = results(3, 0, 1)
    judged = replace(verdict(checks), n_warning=1)
    assert words.verdict_sentence(judged, checks) == "Almost: 1 thing to review first"
