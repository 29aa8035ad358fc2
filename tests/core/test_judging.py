"""From findings to a verdict, from decisions to an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from components.core.codec import from_json, to_json
from components.core.data.dataset import Kind, Role
from components.core.judgement.evidence import CellScores, GroupMetrics, Measure, RowScores, Unit
from components.core.judgement.findings import Doubt, Severity, Status, ranked
from components.core.judgement.gate import Outcome, judge, verdict
from components.core.judgement.policy import Policy, PolicyRule
from components.core.judgement.runs import RunSpec, RunState


def test_nothing_that_ran_is_no_pass():
    """It was a pass, with exit status 0, when no check had run at all."""
    assert (verdict([]).outcome, verdict([]).doubts) == (Outcome.UNKNOWN, (Doubt.NOTHING_RAN,))


def test_skipped_checks_alone_are_no_pass(result):
    """Such as ``--only labels,bias`` on a table without a label."""
    found = verdict([result("labels.a", Status.SKIPPED), result("bias.b", Status.SKIPPED)])
    assert (found.outcome, found.doubts) == (Outcome.UNKNOWN, (Doubt.NOTHING_RAN,))


def test_clean_and_skipped_checks_pass_and_the_skipped_are_named(result):
    found = verdict([result("a.clean", Status.PASSED), result("a.skipped", Status.SKIPPED)])
    assert found.outcome is Outcome.PASS
    assert found.skipped == ("a.skipped",)
    assert (found.reasons, found.doubts) == ((), ())
    assert (found.n_answered, found.n_planned) == (1, 2)


def test_a_few_checks_of_many_do_not_make_a_pass(result, finding):
    skipped = [result(f"a.s{n}", Status.SKIPPED) for n in range(3)]
    warned = result("a.b", Status.FLAGGED, finding("w", Severity.WARNING))
    found = verdict([warned, *skipped])
    assert (found.outcome, found.doubts) == (Outcome.UNKNOWN, (Doubt.FEW_APPLY,))
    assert found.reasons == ("concern.check:w",)


def test_a_missing_label_leaves_the_answer_open_unless_it_is_missing_on_purpose(result):
    clean = [result(f"a.c{n}", Status.PASSED) for n in range(3)]
    labels = [replace(result("labels.a", Status.SKIPPED), lacks=(Role.LABEL,)) for _ in range(4)]
    found = verdict([*clean, *labels])
    assert (found.outcome, found.doubts) == (
        Outcome.UNKNOWN,
        (Doubt.NO_LABEL, Doubt.FEW_APPLY),
    )
    on_purpose = verdict([*clean, *labels], without_label=None)
    assert (on_purpose.outcome, on_purpose.doubts) == (Outcome.PASS, ())
    assert verdict(clean).outcome is Outcome.PASS, "nobody asked for a check that needs a label"


def test_checks_for_another_task_are_not_missed(result):
    """Such as those of classes and of lists, where a label holds numbers."""
    other = [replace(result(f"labels.o{n}", Status.SKIPPED), for_other_task=True) for n in range(5)]
    assert verdict([result("labels.a", Status.PASSED), *other]).outcome is Outcome.PASS
    assert verdict(other).doubts == (Doubt.NOTHING_RAN,)


def test_things_to_know_pass(result, finding):
    found = verdict([result("a.b", Status.FLAGGED, finding(severity=Severity.INFO))])
    assert (found.outcome, found.n_info, found.reasons) == (Outcome.PASS, 1, ())


def test_a_warning_asks_for_review(result, finding):
    info, warning = finding("i", Severity.INFO), finding("w", Severity.WARNING)
    found = verdict([result("a.b", Status.FLAGGED, info, warning)])
    assert (found.outcome, found.n_warning, found.n_info) == (Outcome.REVIEW, 1, 1)
    assert found.reasons == ("concern.check:w",)


def test_a_failed_check_never_looks_like_a_clean_one(result, finding):
    found = verdict([result("a.b", Status.PASSED), result("a.failed", Status.FAILED)])
    assert (found.outcome, found.failed, found.doubts) == (
        Outcome.UNKNOWN,
        ("a.failed",),
        (Doubt.FAILED,),
    )
    warned = result("a.b", Status.FLAGGED, finding("w", Severity.WARNING))
    assert verdict([warned, result("a.failed", Status.FAILED)]).outcome is Outcome.UNKNOWN


def test_one_critical_finding_stops_and_gives_the_reasons(result, finding):
    critical = [finding(k, Severity.CRITICAL, share=s) for k, s in (("small", 0.1), ("big", 0.9))]
    found = verdict(
        [
            result("a.b", Status.FLAGGED, finding("w", Severity.WARNING), *critical),
            result("a.failed", Status.FAILED),
        ],
        missing=("a.c",),
    )
    assert (found.outcome, found.n_critical, found.n_warning) == (Outcome.STOP, 2, 1)
    assert found.reasons == ("concern.check:big", "concern.check:small")
    assert (found.failed, found.missing) == (("a.failed",), ("a.c",))
    assert found.doubts == (Doubt.UNFINISHED, Doubt.FAILED)


def test_a_run_is_judged_by_what_it_was_asked(result, version):
    spec = RunSpec(
        run_id="r",
        dataset=version(("x", Kind.NUMBER, Role.FEATURE)),
        table="t.parquet",
        checks=("a.b", "a.c"),
        left_out=("d.e",),
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    half = judge(spec, RunState.CANCELLED, [result("a.b", Status.PASSED)])
    assert (half.outcome, half.missing, half.doubts) == (
        Outcome.UNKNOWN,
        ("a.c",),
        (Doubt.UNFINISHED,),
    )
    whole = judge(spec, RunState.DONE, [result(c, Status.PASSED) for c in spec.checks])
    assert (whole.outcome, whole.is_partial, whole.left_out) == (Outcome.PASS, True, ("d.e",))


def test_a_finding_can_say_that_the_answer_is_not_known(result, finding):
    """Order: what stops, then what failed, then what nobody knows, then what is to review."""
    doubt = replace(finding("doubt", Severity.INFO), doubt=Doubt.NOT_LEARNABLE)
    warned = result("a.b", Status.FLAGGED, finding("w", Severity.WARNING))
    asked = result("labels.l", Status.FLAGGED, doubt)
    found = verdict([warned, asked])
    assert (found.outcome, found.doubts) == (Outcome.UNKNOWN, (Doubt.NOT_LEARNABLE,))
    assert found.reasons == ("concern.check:doubt", "concern.check:w")
    assert (found.n_warning, found.n_to_review) == (1, 1)
    both = verdict([asked, result("a.failed", Status.FAILED)])
    assert both.doubts == (Doubt.FAILED, Doubt.NOT_LEARNABLE)
    stopped = verdict([asked, result("a.c", Status.FLAGGED, finding("c", Severity.CRITICAL))])
    assert (stopped.outcome, stopped.doubts) == (Outcome.STOP, (Doubt.NOT_LEARNABLE,))


def test_a_warning_that_is_the_doubt_is_not_to_be_reviewed_beside_it(result, finding):
    doubt = replace(finding("doubt", Severity.WARNING), doubt=Doubt.NO_LABEL)
    found = verdict([result("labels.l", Status.FLAGGED, doubt)])
    assert (found.outcome, found.n_warning, found.n_to_review) == (Outcome.UNKNOWN, 1, 0)


def test_no_policy_makes_an_answer_of_a_doubt(result, finding):
    doubt = replace(finding("doubt", Severity.CRITICAL), doubt=Doubt.ONE_CLASS)
    rules = (PolicyRule(findings="concern", becomes=Severity.INFO),)
    policy = Policy(name="p.toml", sha256="0" * 64, rules=rules)
    quiet = policy.apply(result("concern.check", Status.FLAGGED, doubt))
    assert verdict([quiet]).outcome is Outcome.UNKNOWN


def test_a_guess_of_a_run_from_before_is_no_word_of_a_person(result, version):
    """The page told each run without a guessed label that there was none on purpose."""
    spec = RunSpec(
        run_id="r",
        dataset=version(("x", Kind.NUMBER, Role.FEATURE)),
        table="t.parquet",
        checks=("a.b", "labels.c"),
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    old = to_json(spec) | {"no_label": True}
    del old["dataset"]["no_label"]
    read = from_json(RunSpec, old)
    lacking = replace(result("labels.c", Status.SKIPPED), lacks=(Role.LABEL,))
    results = [result("a.b", Status.PASSED), lacking]
    assert judge(read, RunState.DONE, results).doubts == (Doubt.NO_LABEL,)
    said = replace(read, dataset=replace(read.dataset, no_label=True))
    assert judge(said, RunState.DONE, results).outcome is Outcome.PASS


def test_a_policy_says_which_findings_stop_and_keeps_what_the_check_said(result, finding):
    rules = (
        PolicyRule(findings="concern.check:quiet", becomes=Severity.INFO),
        PolicyRule(findings="concern", becomes=Severity.CRITICAL, severity=Severity.WARNING),
    )
    policy = Policy(name="p.toml", sha256="0" * 64, rules=rules)
    found = policy.apply(
        result(
            "concern.check",
            Status.FLAGGED,
            finding("loud", Severity.WARNING),
            finding("quiet", Severity.WARNING),
            finding("known", Severity.INFO),
        )
    )
    assert [(f.key, f.severity, f.severity_of_check) for f in found.findings] == [
        ("loud", Severity.CRITICAL, Severity.WARNING),
        ("quiet", Severity.INFO, Severity.WARNING),
        ("known", Severity.INFO, None),
    ]
    assert verdict([found]).outcome is Outcome.STOP


def test_findings_are_ranked_by_severity_then_share_then_name(result, finding):
    findings = [
        finding("b", Severity.INFO, share=1.0),
        finding("d", Severity.WARNING, share=0.1),
        finding("c", Severity.WARNING, share=0.1),
        finding("a", Severity.CRITICAL, share=0.0),
    ]
    order = ranked((result("x.y", Status.FLAGGED, *findings),))
    assert [f.key for f in order] == ["a", "c", "d", "b"]
    assert order[0].concern == "concern"


def test_group_metrics_are_listed_once(result, finding):
    metrics = GroupMetrics(
        name="n",
        metric="rate",
        attribute="sex",
        unit=Unit.SHARE,
        groups=("f",),
        value=(0.5,),
        ci_low=(0.4,),
        ci_high=(0.6,),
        n=(100,),
    )
    made = result("a.b", Status.FLAGGED, finding(evidence=(metrics,)), evidence=(metrics,))
    assert made.group_metrics == (metrics,)


def scores(n: int) -> RowScores:
    return RowScores.of(
        "quality",
        row_id=np.arange(n),
        quality=np.linspace(0, 1, n),
        flagged=np.arange(n) < 5,
        given=np.array([f"g{i}" for i in range(n)], dtype=object),
        confidence=np.linspace(1, 0, n),
    )


def test_row_scores_stand_worst_first_with_flagged_rows_ahead():
    made = RowScores.of(
        "quality",
        row_id=np.array([4, 3, 2, 1]),
        quality=np.array([0.9, 0.1, 0.5, 0.5]),
        flagged=np.array([False, False, True, True]),
        suggested=np.array(["d", "c", "b", "a"], dtype=object),
    )
    assert made.row_id.tolist() == [1, 2, 3, 4]
    assert made.flagged.tolist() == [True, True, False, False]
    assert made.suggested.tolist() == ["a", "b", "c", "d"]
    assert (made.n_assessed, made.n_flagged, made.given) == (4, 2, None)
    assert sum(made.histogram) == 4
    assert (made.histogram[2], made.histogram[10], made.histogram[18]) == (1, 2, 1)


def test_brief_results_keep_the_worst_rows_and_the_totals(result, finding):
    cells = CellScores(
        name="cells",
        n_assessed=900,
        n_flagged=300,
        row_id=np.arange(300),
        column=np.array(["c"] * 300, dtype=object),
        value=np.array(["v"] * 300, dtype=object),
        quality=np.zeros(300),
        flagged=np.ones(300, bool),
    )
    measure = Measure(name="m", value=1.0, unit=Unit.COUNT)
    long = result(
        "a.b",
        Status.FLAGGED,
        finding(evidence=(scores(500),)),
        evidence=(scores(500), cells, measure),
    )
    brief = long.brief()
    assert len(brief.row_scores.row_id) == len(brief.row_scores.given) == 200
    assert brief.row_scores.n_assessed == 500
    assert sum(brief.row_scores.histogram) == 500
    assert (len(brief.cell_scores.column), brief.cell_scores.n_flagged) == (200, 300)
    assert brief.evidence[2] is measure
    assert len(brief.findings[0].evidence[0].row_id) == 200
    assert len(long.row_scores.row_id) == 500
