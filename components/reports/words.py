"""The words of the verdict, the severities and the concerns: the same on screen and in reports."""

from __future__ import annotations

from collections.abc import Sequence

from components.charts.style.text import clean
from components.checks import registry
from components.core.data.dataset import Column, DatasetVersion, Kind, Role
from components.core.judgement.answers import Acceptance
from components.core.judgement.findings import CheckResult, Doubt, Finding, Severity, Status
from components.core.judgement.gate import Outcome, Verdict
from components.core.judgement.review import ReviewCounts
from components.core.judgement.runs import RunSpec, RunState

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
    Role.PREDICTED: "Predicted probability",
    Role.EMBEDDING: "Part of an embedding",
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

_HOLD_NOTHING = frozenset({Kind.CONSTANT, Kind.EMPTY})
MOST_UNREAD = 10
"""Columns that the sentence about those that no model reads names."""

_NOT_KNOWN = {
    Doubt.NO_LABEL: "no label was chosen",
    Doubt.ONE_CLASS: "the label has one value at most",
    Doubt.NOT_LEARNABLE: "nothing shows that the label can be learned",
    Doubt.NOT_WITHOUT_LEAKS: "nothing shows that the label can be learned apart from the columns "
    "that give it away",
    Doubt.NOTHING_RAN: "no check applies to this table",
}
_SEE_NEEDS = "See what each check needs, and give the columns their roles."
_ADVICE = {
    Doubt.UNFINISHED: "Let the run come to its end, or start it again.",
    Doubt.FAILED: "Read why it failed below, and run it again.",
    Doubt.NO_LABEL: "Choose a label, or say that there is none.",
    Doubt.ONE_CLASS: "Add rows with another value of the label, or choose another label.",
    Doubt.NOT_LEARNABLE: "Read what the check of the label says, or choose another label.",
    Doubt.NOT_WITHOUT_LEAKS: "Find out whether the columns that give the label away are known when "
    "the model is used, and remove those that are not.",
    Doubt.NOTHING_RAN: _SEE_NEEDS,
    Doubt.FEW_APPLY: _SEE_NEEDS,
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
    """Return the verdict in one or two words."""
    match outcome:
        case Outcome.STOP:
            return "Not ready"
        case Outcome.REVIEW:
            return "Almost ready"
        case Outcome.PASS:
            return "Ready"
        case Outcome.UNKNOWN:
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
    """Return the display name of a concern; of one that is gone, the name of its folder."""
    declared = registry.concerns().get(concern)
    return declared.title if declared else concern.replace("_", " ").capitalize()


def role_name(role: Role) -> str:
    """Return the display name of a role."""
    return _ROLES[role]


def kind_name(kind: Kind) -> str:
    """Return the display name of a kind."""
    return _KINDS[kind]


def verdict_sentence(verdict: Verdict) -> str:
    """Return the verdict in one sentence, with its number; a partial one says so.

    What people accepted decides nothing, and is said with their names.
    """
    said = _answer(verdict)
    if verdict.accepted:
        n = plural(len(verdict.accepted), "finding")
        said += f"; {n} accepted by {clean(', '.join(verdict.accepted_by), 200)}"
    if not verdict.is_partial:
        return said
    there = plural(verdict.n_planned + len(verdict.left_out), "check")
    return f"{said} (partial: {verdict.n_planned:,} of {there})"


def _answer(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.STOP:
            return f"Not yet: fix {plural(verdict.n_critical, 'blocker')} first"
        case Outcome.REVIEW:
            return f"Almost: {plural(verdict.n_warning, 'thing')} to review first"
        case Outcome.PASS:
            return _ready(verdict)
        case Outcome.UNKNOWN:
            return _unknown(verdict)


def counts_sentence(counts: ReviewCounts, *, of_all: bool = False) -> str:
    """Return what became of all items: the numbers add up to how many there are.

    Parameters
    ----------
    of_all
        Whether it begins with how many are settled, of how many.
    """
    is_open, settled = f"{counts.n_open:,} open", f"{counts.n_settled:,}"
    first = [f"{settled} of {counts.n_items:,} settled", is_open]
    parts = first if of_all else [is_open, f"{settled} settled"]
    parts.append(f"{counts.n_unsure:,} not sure")
    if counts.n_errors:
        parts.append(f"{counts.n_errors:,} called errors")
    return ", ".join(parts)


def review_sentence(counts: ReviewCounts) -> str:
    """Return how far people are with the cells that a finding consists of, in one line."""
    became = (
        (counts.n_changed, "changed"),
        (counts.n_kept, "kept"),
        (counts.n_excluded, "left out"),
    )
    said = ", ".join(f"{n:,} {word}" for n, word in became if n)
    told = f"{counts.n_settled:,} of {counts.n_items:,} reviewed{f': {said}' if said else ''}"
    if counts.is_settled:
        return f"settled: {told}"
    waiting = (
        (counts.n_open, "open"),
        (counts.n_unsure, "not sure"),
        (counts.n_errors, "called errors, still in the table"),
    )
    return "; ".join([told, *(f"{n:,} {word}" for n, word in waiting if n)])


def acceptance_sentence(acceptance: Acceptance, finding: Finding) -> str:
    """Return who accepted a finding, when and why, and what it said then if it says else now."""
    at = f"{acceptance.at.day} {acceptance.at:%B %Y, %H:%M}"
    said = f"accepted by {acceptance.reviewer} on {at} UTC: “{acceptance.reason}”"
    then = f" (it said then: “{acceptance.title}”)" if acceptance.title != finding.title else ""
    return f"{said}{then}"


def _ready(verdict: Verdict) -> str:
    by = f"by {verdict.n_answered:,} of {plural(verdict.n_planned, 'check')}"
    if verdict.settled or verdict.accepted:
        return f"Ready: nothing left to fix, {by}"
    if verdict.n_info:
        return f"Ready: nothing to fix and {plural(verdict.n_info, 'note')}, {by}"
    return f"Ready: nothing found {by}"


def _unknown(verdict: Verdict) -> str:
    """Return the first doubt, and what has to be looked at whatever the answer is."""
    doubt = verdict.doubts[0] if verdict.doubts else Doubt.NOTHING_RAN
    found = verdict.n_to_review
    more = f"; {plural(found, 'thing')} to review" if found else ""
    return f"{_doubt(doubt, verdict)}{more}"


def _doubt(doubt: Doubt, verdict: Verdict) -> str:
    planned = plural(verdict.n_planned, "check")
    match doubt:
        case Doubt.UNFINISHED:
            ended = verdict.n_planned - len(verdict.missing)
            return f"Not known yet: {ended:,} of {planned} have ended"
        case Doubt.FAILED:
            return f"Not known: {plural(len(verdict.failed), 'check')} failed to run"
        case Doubt.FEW_APPLY:
            return f"Not known: {verdict.n_answered:,} of {planned} apply to this table"
        case _:
            return f"Not known: {_NOT_KNOWN[doubt]}"


def doubt_advice(doubt: Doubt) -> str:
    """Return what a person can do about a doubt."""
    return _ADVICE[doubt]


def coverage_sentences(verdict: Verdict, results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return what the verdict rests on and what it does not know, one sentence each."""
    failed = [r for r in results if r.status is Status.FAILED]
    skipped = [r for r in results if r.status is Status.SKIPPED]
    sampled = [r for r in results if r.coverage.sampled]
    lines = [f"{verdict.n_answered:,} of {plural(verdict.n_planned, 'check')} came to an answer."]
    if failed:
        lines.append(
            f"{plural(len(failed), 'check')} failed to run, so the verdict does not know about: "
            f"{_titles(failed)}."
        )
    if skipped:
        verb = "does" if len(skipped) == 1 else "do"
        lines.append(f"{plural(len(skipped), 'check')} {verb} not apply: {_titles(skipped)}.")
    if verdict.missing:
        lines.append(f"{plural(len(verdict.missing), 'check')} did not start or did not end.")
    if sampled:
        lines.append(
            f"{plural(len(sampled), 'check')} looked at a sample of rows: {_titles(sampled)}."
        )
    if verdict.is_partial:
        left = len(verdict.left_out)
        verb = "was" if left == 1 else "were"
        lines.append(f"The verdict is partial: {plural(left, 'check')} {verb} left out on purpose.")
    lines += [doubt_advice(d) for d in verdict.doubts if d is not Doubt.UNFINISHED]
    return tuple(dict.fromkeys(lines))


def unread_sentences(version: DatasetVersion) -> tuple[str, ...]:
    """Return which columns no model reads and as what, in one sentence; none where all are read.

    Those that hold something come first.
    """
    read = {c.name for c in version.inputs}
    unread = [c for c in version.columns if c.name not in read and c.role is not Role.LABEL]
    unread.sort(key=lambda c: c.kind in _HOLD_NOTHING)
    if not unread:
        return ()
    said = [f"“{clean(c.name, 60)}” ({_unread_as(c)})" for c in unread[:MOST_UNREAD]]
    if len(unread) > MOST_UNREAD:
        said.append(f"and {plural(len(unread) - MOST_UNREAD, 'more column', 'more columns')}")
    return (f"Not read by models: {', '.join(said)}.",)


def _unread_as(column: Column) -> str:
    if column.kind in _HOLD_NOTHING or column.role.is_input:
        return kind_name(column.kind).lower()
    return role_name(column.role).lower()


def settings_sentences(spec: RunSpec, results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return what a run was told beyond its defaults, and what came of it; one sentence each."""
    lines = [
        f"{result.title}: {', '.join(f'{name} = {result.params[name]}' for name in result.changed)}"
        for result in results
        if result.changed
    ]
    said = [f"Parameters were set. {'; '.join(lines)}."] if lines else []
    if spec.policy is not None:
        changed = [f for r in results for f in r.findings if f.severity_of_check is not None]
        verb = "another severity" if len(changed) == 1 else "other severities"
        said.append(
            f"The policy “{spec.policy.name}” gave {plural(len(changed), 'finding')} {verb}."
        )
    if spec.reference is not None:
        other = spec.reference.dataset
        rows = plural(other.n_rows, "row")
        said.append(f"The reference “{other.name}” was read ({rows}). {_comparing(results)}")
    return tuple(said)


def _comparing(results: Sequence[CheckResult]) -> str:
    using = [r for r in results if r.compared]
    if not using:
        return "No check of this run compares with a reference, so nothing was compared with it."
    return f"It was compared by: {_titles(using)}."


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
            return f"The run was interrupted before its end; more may be found.{why}"
        case RunState.FAILED:
            return f"The run failed before its end.{why}"
