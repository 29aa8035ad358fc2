"""The words of the verdict, the severities and the concerns: the same on screen and in reports."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from components.core.data.dataset import Kind, Role
from components.core.judgement.findings import CheckResult, Severity, Status
from components.core.judgement.gate import Outcome, Verdict
from components.core.judgement.runs import RunState

_CONCERNS = {
    "anomalies": "Anomalies",
    "bias": "Bias",
    "completeness": "Missing values",
    "drift": "Drift",
    "duplicates": "Duplicates",
    "labels": "Labels",
    "leakage": "Leakage",
    "privacy": "Privacy",
    "security": "Security",
    "validity": "Validity",
}
_ROLES = {
    Role.FEATURE: "Input",
    Role.LABEL: "Label",
    Role.SENSITIVE: "Sensitive",
    Role.ID: "Identifier",
    Role.ENTITY: "Person or device",
    Role.TIME: "Time",
    Role.TEXT: "Text input",
    Role.ANNOTATOR: "Annotator",
    Role.SPLIT: "Split",
    Role.SOURCE: "Source",
    Role.WEIGHT: "Weight",
    Role.IGNORE: "Ignored",
}
_KINDS = {
    Kind.NUMBER: "Number",
    Kind.INTEGER: "Whole number",
    Kind.CATEGORY: "Category",
    Kind.ORDINAL: "Ordered steps",
    Kind.BOOLEAN: "Yes/no",
    Kind.DATETIME: "Time",
    Kind.TEXT: "Text",
    Kind.LIST: "List",
    Kind.LINK: "Image or link",
    Kind.GEO: "Place",
    Kind.IDENTIFIER: "Identifier",
    Kind.CONSTANT: "One value",
    Kind.EMPTY: "Empty",
}


def plural(n: int, one: str, many: str = "") -> str:
    """Return ``1 row`` or ``1,234 rows``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def severity_name(severity: Severity) -> str:
    """Return the severity as people read it."""
    match severity:
        case Severity.CRITICAL:
            return "Blocker"
        case Severity.WARNING:
            return "Review"
        case Severity.INFO:
            return "Note"


def severity_help(severity: Severity) -> str:
    """Return what a severity asks of the reader."""
    match severity:
        case Severity.CRITICAL:
            return "Do not train before this is fixed."
        case Severity.WARNING:
            return "Look at this before training."
        case Severity.INFO:
            return "Good to know; nothing has to be done."


def outcome_name(outcome: Outcome) -> str:
    """Return the bare outcome; :func:`standing` knows whether it can be said."""
    return standing_name(Standing(outcome.value))


class Standing(StrEnum):
    """The verdict as far as it is known; a run that is not complete is never called ready."""

    STOP = "stop"
    REVIEW = "review"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    UNKNOWN = "unknown"


def standing_name(standing: Standing) -> str:
    """Return the standing in one or two words."""
    match standing:
        case Standing.STOP:
            return "Not ready"
        case Standing.REVIEW:
            return "Almost ready"
        case Standing.PASS:
            return "Ready"
        case Standing.UNKNOWN:
            return "Not known"


def status_name(status: Status) -> str:
    """Return how a check ended, as people read it."""
    match status:
        case Status.PASSED:
            return "Nothing found"
        case Status.FLAGGED:
            return "Found something"
        case Status.SKIPPED:
            return "Does not apply"
        case Status.FAILED:
            return "Failed to run"


def concern_name(concern: str) -> str:
    """Return the display name of a concern, the folder of a check."""
    return _CONCERNS.get(concern, concern.replace("_", " ").capitalize())


def role_name(role: Role) -> str:
    """Return the display name of a role."""
    return _ROLES[role]


def kind_name(kind: Kind) -> str:
    """Return the display name of a kind."""
    return _KINDS[kind]


def n_ran(results: Sequence[CheckResult]) -> int:
    """Return how many checks came to an answer."""
    return sum(r.status in {Status.PASSED, Status.FLAGGED} for r in results)


def standing(
    verdict: Verdict,
    results: Sequence[CheckResult],
    *,
    n_planned: int | None = None,
    state: RunState = RunState.DONE,
) -> Standing:
    """Return how far the verdict can be trusted; the parameters are as below."""
    if verdict.n_critical:
        return Standing.STOP
    if state is not RunState.DONE or len(results) < (n_planned or 0) or not n_ran(results):
        return Standing.UNKNOWN
    if verdict.n_warning:
        return Standing.REVIEW
    return Standing.UNKNOWN if verdict.not_run else Standing.PASS


def verdict_sentence(
    verdict: Verdict,
    results: Sequence[CheckResult],
    *,
    n_planned: int | None = None,
    state: RunState = RunState.DONE,
) -> str:
    """Return the verdict in one sentence, with its number.

    A good verdict is given only for a run that came to its end and in which something ran.

    Parameters
    ----------
    n_planned
        Checks that the run was asked for; those in ``results`` when None.
    """
    planned = max(n_planned or 0, len(results))
    match standing(verdict, results, n_planned=planned, state=state):
        case Standing.STOP:
            return f"Not yet: fix {plural(verdict.n_critical, 'blocker')} first"
        case Standing.REVIEW:
            return f"Almost: {plural(verdict.n_warning, 'thing')} to review first"
        case Standing.PASS:
            return _ready(verdict, n_ran(results), planned)
        case Standing.UNKNOWN:
            return _unknown(verdict, results, planned, state)


def _ready(verdict: Verdict, ran: int, planned: int) -> str:
    by = f"by {ran:,} of {plural(planned, 'check')}"
    if verdict.n_info:
        return f"Ready: nothing to fix and {plural(verdict.n_info, 'note')}, {by}"
    return f"Ready: nothing found {by}"


def _unknown(
    verdict: Verdict, results: Sequence[CheckResult], planned: int, state: RunState
) -> str:
    if state is not RunState.DONE or len(results) < planned:
        return f"Not known yet: {len(results):,} of {plural(planned, 'check')} have ended"
    if verdict.not_run:
        return f"Not known: {plural(len(verdict.not_run), 'check')} failed to run"
    return "Not known: no check applies to this table"


def coverage_sentences(
    results: Sequence[CheckResult], *, n_planned: int | None = None
) -> tuple[str, ...]:
    """Return what the verdict rests on and what it does not know, one sentence each."""
    planned = max(n_planned or 0, len(results))
    failed = [r for r in results if r.status is Status.FAILED]
    skipped = [r for r in results if r.status is Status.SKIPPED]
    sampled = [r for r in results if r.coverage.sampled]
    lines = [f"{n_ran(results):,} of {plural(planned, 'check')} came to an answer."]
    if failed:
        lines.append(
            f"{plural(len(failed), 'check')} failed to run, so the verdict does not know about: "
            f"{_titles(failed)}."
        )
    if skipped:
        verb = "does" if len(skipped) == 1 else "do"
        lines.append(f"{plural(len(skipped), 'check')} {verb} not apply: {_titles(skipped)}.")
    if len(results) < planned:
        left = planned - len(results)
        lines.append(f"{plural(left, 'check')} did not start or did not end.")
    if sampled:
        lines.append(
            f"{plural(len(sampled), 'check')} looked at a sample of rows: {_titles(sampled)}."
        )
    return tuple(lines)


def _titles(results: Sequence[CheckResult]) -> str:
    return ", ".join(r.title[:1].lower() + r.title[1:] for r in results)


def state_sentence(state: RunState, error: str = "") -> str:
    """Return why a run is not complete; "" for one that came to its end."""
    why = f" {error}" if error else ""
    match state:
        case RunState.DONE:
            return ""
        case RunState.QUEUED:
            return "The run has not started."
        case RunState.RUNNING:
            return "The run has not ended; more may be found."
        case RunState.CANCELLED:
            return "The run was cancelled before its end; more may be found."
        case RunState.INTERRUPTED:
            return "The run was interrupted before its end; more may be found."
        case RunState.FAILED:
            return f"The run failed before its end.{why}"
