"""Colours and icons for what the core names; the words are those of the reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components.core.data.dataset import Kind, Role
from components.core.judgement.findings import Severity, Status
from components.core.judgement.gate import Outcome
from components.core.judgement.review import Action
from components.reports import words as said

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "primary"]


@dataclass(frozen=True, slots=True)
class Word:
    """How something is called, coloured and drawn."""

    text: str
    colour: Colour
    icon: str
    meaning: str = ""


def _severity(level: Severity, colour: Colour, icon: str) -> Word:
    return Word(said.severity_name(level), colour, icon, said.severity_help(level))


def _status(status: Status, colour: Colour, icon: str) -> Word:
    return Word(said.status_name(status), colour, icon)


def _outcome(outcome: Outcome, colour: Colour, icon: str) -> Word:
    return Word(said.outcome_name(outcome), colour, icon)


SEVERITY = {
    Severity.CRITICAL: _severity(Severity.CRITICAL, "red", ":material/block:"),
    Severity.WARNING: _severity(Severity.WARNING, "orange", ":material/priority_high:"),
    Severity.INFO: _severity(Severity.INFO, "gray", ":material/info:"),
}

STATUS = {
    Status.PASSED: _status(Status.PASSED, "green", ":material/check:"),
    Status.FLAGGED: _status(Status.FLAGGED, "orange", ":material/flag:"),
    Status.SKIPPED: _status(Status.SKIPPED, "gray", ":material/remove:"),
    Status.FAILED: _status(Status.FAILED, "red", ":material/error:"),
}

OUTCOME = {
    Outcome.PASS: _outcome(Outcome.PASS, "green", ":material/check_circle:"),
    Outcome.REVIEW: _outcome(Outcome.REVIEW, "orange", ":material/priority_high:"),
    Outcome.STOP: _outcome(Outcome.STOP, "red", ":material/block:"),
    Outcome.UNKNOWN: _outcome(Outcome.UNKNOWN, "gray", ":material/help:"),
}

NOT_RUN = Word("Did not run", "orange", ":material/cancel:")

ACTION = {
    Action.KEEP: Word("Kept", "gray", ":material/check:"),
    Action.CHANGE: Word("Changed", "primary", ":material/swap_horiz:"),
    Action.EXCLUDE: Word("Left out", "orange", ":material/remove_circle:"),
    Action.UNSURE: Word("Not sure", "gray", ":material/help:"),
    Action.ESCALATE: Word("Handed on", "gray", ":material/forward_to_inbox:"),
    Action.ERROR: Word("Error", "red", ":material/error:"),
}

KIND = {kind: said.kind_name(kind) for kind in Kind}
ROLE = {role: said.role_name(role) for role in Role}


def concern(name: str) -> str:
    """Return the word for a concern, which is a folder of checks."""
    return said.concern_name(name)


def count(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 row``, ``1,204 rows``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def share(value: float) -> str:
    """Return a share in [0, 1] as a percentage that is never rounded to a false 0 or 100."""
    percent = 100 * value
    if 0 < percent < 0.1:  # noqa: PLR2004 - the last digit shown
        return "< 0.1 %"
    if 99.9 < percent < 100:  # noqa: PLR2004 - the last digit shown
        return "> 99.9 %"
    return f"{percent:.0f} %" if percent in {0.0, 100.0} else f"{percent:.1f} %"


def _digits(value: float) -> str:
    """Return three significant digits, all digits of larger numbers, never an exponent for them."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - digits


def number(value: float) -> str:
    """Return a number with three significant digits, and thousands marked."""
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - floats are exact below
        return f"{int(value):,}"
    return _digits(value)


def size(n_bytes: int) -> str:
    """Return a file size for people."""
    value = float(n_bytes)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - SI steps
            return f"{_digits(value)} {unit}"
        value /= 1000
    return f"{_digits(value)} GB"


def moment(at: datetime) -> str:
    """Return a time as ``21 Nov 2026, 14:05``."""
    return f"{at.day} {at:%b %Y, %H:%M}"


def minutes(seconds: float) -> str:
    """Return a rough duration: ``20 s``, ``about 4 min``."""
    if seconds < 90:  # noqa: PLR2004 - below that, seconds read better
        return f"{max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"
