from __future__ import annotations

from dataclasses import replace

import pytest

from components.core.data.dataset import Kind, Role
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    CheckResult,
    Coverage,
    Doubt,
    Finding,
    Severity,
    Status,
)
from components.core.judgement.gate import Outcome, Verdict, verdict
from components.core.judgement.review import ReviewCounts
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


def warned():
    """Three checks, one of which failed, and a thing to review."""
    made = results(2, 0, 1)
    finding = Finding(
        check_id="a.c0", key="k", title="1 thing", detail="", severity=Severity.WARNING,
        measure=Measure(name="m", value=1, unit=Unit.COUNT), threshold=None, affected=Affected(),
        recommended_action="", caveat="",
    )  # fmt: skip
    return (replace(made[0], status=Status.FLAGGED, findings=(finding,)), *made[1:])


def not_learnable():
    """A thing to review, and a finding that leaves the answer open."""
    made = warned()[:2]
    finding = replace(made[0].findings[0], key="d", doubt=Doubt.NOT_LEARNABLE)
    return (made[0], replace(made[1], status=Status.FLAGGED, findings=(finding,)))


def without_a_label(passed, skipped):
    made = results(passed, skipped)
    return tuple(replace(r, lacks=(Role.LABEL,)) if r.status is Status.SKIPPED else r for r in made)


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        (Verdict(outcome=Outcome.STOP, n_critical=1), "Not yet: fix 1 blocker first"),
        (Verdict(outcome=Outcome.STOP, n_critical=2), "Not yet: fix 2 blockers first"),
        (
            Verdict(outcome=Outcome.REVIEW, n_warning=3, n_info=1),
            "Almost: 3 things to review first",
        ),
        (verdict(results(9, 2)), "Ready: nothing found by 9 of 11 checks"),
        (
            Verdict(outcome=Outcome.PASS, n_info=1, n_planned=11, n_answered=11),
            "Ready: nothing to fix and 1 note, by 11 of 11 checks",
        ),
        (
            verdict(results(2), left_out=("b.c", "b.d")),
            "Ready: nothing found by 2 of 2 checks (partial: 2 of 4 checks)",
        ),
        (verdict(results(9, 0, 2)), "Not known: 2 checks failed to run"),
        (verdict(warned()), "Not known: 1 check failed to run; 1 thing to review"),
        (verdict(results(0, 3)), "Not known: no check applies to this table"),
        (verdict(results(2, 5)), "Not known: 2 of 7 checks apply to this table"),
        (
            verdict(without_a_label(6, 3)),
            "Not known: no label was chosen",
        ),
        (
            verdict(without_a_label(6, 3), without_label=None),
            "Ready: nothing found by 6 of 9 checks",
        ),
        (
            verdict(without_a_label(6, 3), without_label=Doubt.ONE_CLASS),
            "Not known: the label has one value at most",
        ),
        (
            verdict(not_learnable()),
            "Not known: nothing shows that the label can be learned; 1 thing to review",
        ),
    ],
)
def test_the_verdict_in_a_sentence(judged, sentence):
    assert words.verdict_sentence(judged) == sentence


def test_an_unfinished_run_is_never_called_ready():
    for kwargs in ({"missing": ("a.x", "a.y")}, {"is_done": False}):
        judged = verdict(results(3), **kwargs)
        sentence = words.verdict_sentence(judged)
        assert sentence.startswith("Not known yet: 3 of ")
        assert judged.outcome is Outcome.UNKNOWN


def test_a_verdict_that_rests_on_nothing_is_unknown():
    for checks in (results(0, 3), results(3, 0, 1), ()):
        assert verdict(checks).outcome is Outcome.UNKNOWN
    assert verdict(results(3, 1)).outcome is Outcome.PASS


def test_every_doubt_says_what_to_do():
    assert {bool(words.doubt_advice(d)) for d in Doubt} == {True}


def test_coverage_names_what_is_not_known():
    checks = results(2, 1, 1, sampled=1)
    judged = verdict(checks, missing=("a.x", "a.y"), left_out=("b.c",))
    lines = words.coverage_sentences(judged, checks)
    assert lines == (
        "2 of 6 checks came to an answer.",
        "1 check failed to run, so the verdict does not know about: check 3.",
        "1 check does not apply: check 2.",
        "2 checks did not start or did not end.",
        "1 check looked at a sample of rows: check 0.",
        "The verdict is partial: 1 check was left out on purpose.",
        "Read why it failed below, and run it again.",
    )


def test_every_member_has_a_name_of_its_own():
    assert len({words.severity_name(s) for s in Severity}) == 3
    assert len({words.severity_help(s) for s in Severity}) == 3
    assert {words.outcome_name(o) for o in Outcome} == {
        "Ready", "Almost ready", "Not ready", "Not known",
    }  # fmt: skip
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


def test_the_counts_of_a_review_add_up_to_its_items():
    """Rows called errors were in no count, so that the others did not add up."""
    made = ReviewCounts(n_open=4, n_kept=1, n_changed=2, n_unsure=1, n_errors=3, n_excluded=1_000)
    told = words.counts_sentence(made)
    assert told == "4 open, 1,003 settled, 1 not sure, 3 called errors"
    of_all = words.counts_sentence(made, of_all=True)
    assert of_all == "1,003 of 1,011 settled, 4 open, 1 not sure, 3 called errors"
    assert words.counts_sentence(ReviewCounts(n_open=2)) == "2 open, 0 settled, 0 not sure"
