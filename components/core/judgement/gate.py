"""From results to one verdict: is this data ready to train on?

Screen, report, ``results.json`` and exit status render the same :class:`Verdict`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.core.data.dataset import Role
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.findings import (
    CheckResult,
    Doubt,
    Finding,
    Severity,
    Status,
    ranked,
)
from components.core.judgement.runs import RunSpec, RunState

ANSWERED = frozenset({Status.PASSED, Status.FLAGGED})
"""How a check ends that came to an answer."""


class Outcome(StrEnum):
    """The verdict in one word."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REVIEW = "review"
    STOP = "stop"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with its reasons.

    Attributes
    ----------
    reasons
        Ids of the findings that decided, worst first: those that stop, else those that leave the
        answer open and those to review.
    doubts
        Why the answer is not known, or is not whole where something stops already; in the order
        in which they are told.
    n_critical, n_warning, n_info
        Findings per severity.
    n_to_review
        Warnings that leave the answer known: what is left to review beside the doubts.
    n_planned, n_answered
        Checks that were asked for, and those that came to an answer.
    failed
        Ids of the checks that failed; a failed check never looks like a clean one.
    missing
        Ids of the checks without a result: the run has not come to them.
    skipped
        Ids of the checks that did not apply.
    left_out
        Ids of the checks that nobody asked for: the verdict is partial where there are any.
    settled
        Ids of the findings whose suggestions people have settled; they decide nothing any more.
    accepted
        Ids of the findings that a person has accepted; they decide nothing any more.
    accepted_by
        Who accepted them.
    """

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    n_critical: int = 0
    n_warning: int = 0
    n_info: int = 0
    n_to_review: int = 0
    n_planned: int = 0
    n_answered: int = 0
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    accepted_by: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is an answer."""
        return self.outcome is not Outcome.UNKNOWN

    @property
    def is_label_unlearnt(self) -> bool:
        """Whether models learnt nothing of the label, so that none could be doubted."""
        return bool({Doubt.NOT_LEARNABLE, Doubt.NOT_WITHOUT_LEAKS} & {*self.doubts})

    @property
    def is_partial(self) -> bool:
        """Whether checks were left out on purpose."""
        return bool(self.left_out)

    @property
    def is_incomplete(self) -> bool:
        """Whether a check that was asked for failed, or has no result."""
        return bool(self.failed or self.missing)


def judge(
    spec: RunSpec,
    state: RunState,
    results: Sequence[CheckResult],
    answers: Answers = NO_ANSWERS,
) -> Verdict:
    """Judge a run as far as it is, with what people have said about it."""
    there = {result.check_id for result in results}
    return verdict(
        results,
        missing=tuple(check_id for check_id in spec.checks if check_id not in there),
        left_out=spec.left_out,
        is_done=state is RunState.DONE,
        without_label=_without_label(spec),
        answers=answers,
    )


def _without_label(spec: RunSpec) -> Doubt | None:
    """Return what it says that a check found no label that it could use."""
    if spec.dataset.label is not None:
        return Doubt.ONE_CLASS
    return None if spec.dataset.no_label else Doubt.NO_LABEL


def verdict(
    results: Sequence[CheckResult],
    *,
    missing: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    is_done: bool = True,
    without_label: Doubt | None = Doubt.NO_LABEL,
    answers: Answers = NO_ANSWERS,
) -> Verdict:
    """Judge results: stop, else unknown, else review, else pass.

    One critical finding stops. Without one, the verdict is unknown where what decides could not be
    checked, or a finding says that nobody can know (:class:`Doubt`); else one warning asks for
    review.

    Parameters
    ----------
    missing
        Ids of the checks without a result.
    without_label
        What it says that a check lacked a label; None: the table has none on purpose, and checks
        that need one do not count.
    answers
        A finding that people have settled or accepted decides nothing any more.
    """
    found = ranked(tuple(results))
    findings = [f for f in found if not answers.is_answered(f)]
    critical = _of(findings, Severity.CRITICAL)
    warning = _of(findings, Severity.WARNING)
    doubting = [f for f in findings if f.doubt is not None]
    to_review = [f for f in warning if f.doubt is None]
    doubts = _doubts(results, is_whole=is_done and not missing, without_label=without_label)
    if critical:
        outcome = Outcome.STOP
    elif doubts:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.REVIEW if warning else Outcome.PASS
    return Verdict(
        outcome=outcome,
        reasons=tuple(f.id for f in (critical or [*doubting, *to_review])),
        doubts=doubts,
        n_critical=len(critical),
        n_warning=len(warning),
        n_info=len(findings) - len(critical) - len(warning),
        n_to_review=len(to_review),
        n_planned=len(results) + len(missing),
        n_answered=sum(r.status in ANSWERED for r in results),
        failed=_ended(results, Status.FAILED),
        missing=missing,
        skipped=_ended(results, Status.SKIPPED),
        left_out=left_out,
        **_answered(found, answers),
    )


def _answered(found: Sequence[Finding], answers: Answers) -> dict[str, tuple[str, ...]]:
    """Return which findings people have settled or accepted, and who accepted them."""
    accepted = [a for f in found if (a := answers.acceptance_of(f)) is not None]
    return {
        "settled": tuple(f.id for f in found if answers.is_settled(f)),
        "accepted": tuple(a.finding_id for a in accepted),
        "accepted_by": tuple(dict.fromkeys(a.reviewer for a in accepted)),
    }


def _doubts(
    results: Sequence[CheckResult], *, is_whole: bool, without_label: Doubt | None
) -> tuple[Doubt, ...]:
    """Return the doubts in the order of :class:`Doubt`."""
    found = {f.doubt for r in results for f in r.findings}
    needs_label = [r for r in results if Role.LABEL in r.lacks]
    if needs_label:
        found.add(without_label)
    n_asked = sum(not r.for_other_task for r in results)
    n_asked -= len(needs_label) if without_label is None else 0
    n_answered = sum(r.status in ANSWERED for r in results)
    seen = {
        Doubt.UNFINISHED: not is_whole,
        Doubt.FAILED: bool(_ended(results, Status.FAILED)),
        Doubt.NOTHING_RAN: is_whole and n_answered == 0,
        Doubt.FEW_APPLY: is_whole and 0 < n_answered < n_asked / 2,
    }
    return tuple(doubt for doubt in Doubt if doubt in found or seen.get(doubt))


def _ended(results: Sequence[CheckResult], status: Status) -> tuple[str, ...]:
    return tuple(r.check_id for r in results if r.status is status)


def _of(findings: Sequence[Finding], severity: Severity) -> list[Finding]:
    return [f for f in findings if f.severity is severity]
