"""From results to a verdict: is this data ready to train on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.core.judgement.findings import CheckResult, Finding, Severity, Status, ranked


class Outcome(StrEnum):
    """The verdict in one word."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REVIEW = "review"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with its reasons.

    Attributes
    ----------
    reasons
        Ids of the findings that decided, worst first.
    n_critical, n_warning, n_info
        Findings per severity.
    not_run
        Ids of the checks that failed; a failed check never looks like a clean one.
    skipped
        Ids of the checks that did not apply.
    """

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    n_critical: int = 0
    n_warning: int = 0
    n_info: int = 0
    not_run: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def verdict(results: Sequence[CheckResult]) -> Verdict:
    """Judge a run: one critical finding stops; a warning or a failed check asks for review."""
    findings = ranked(tuple(results))
    critical = _of(findings, Severity.CRITICAL)
    warning = _of(findings, Severity.WARNING)
    failed = tuple(r.check_id for r in results if r.status is Status.FAILED)
    if critical:
        outcome = Outcome.STOP
    elif warning or failed:
        outcome = Outcome.REVIEW
    else:
        outcome = Outcome.PASS
    return Verdict(
        outcome=outcome,
        reasons=tuple(f.id for f in (critical or warning)),
        n_critical=len(critical),
        n_warning=len(warning),
        n_info=len(findings) - len(critical) - len(warning),
        not_run=failed,
        skipped=tuple(r.check_id for r in results if r.status is Status.SKIPPED),
    )


def _of(findings: Sequence[Finding], severity: Severity) -> list[Finding]:
    return [f for f in findings if f.severity is severity]
