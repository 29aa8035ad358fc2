"""The words and colours for what the core names: one place, plain English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components.core.dataset import Kind, Role
from components.core.findings import Severity, Status
from components.core.gate import Outcome
from components.core.review import Action

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "primary"]


@dataclass(frozen=True, slots=True)
class Word:
    """How something is called, coloured and drawn."""

    text: str
    colour: Colour
    icon: str
    meaning: str = ""


SEVERITY = {
    Severity.CRITICAL: Word("Blocker", "red", ":material/block:", "Do not train yet."),
    Severity.WARNING: Word("Review", "orange", ":material/priority_high:", "Look before training."),
    Severity.INFO: Word("Note", "gray", ":material/info:", "Good to know."),
}

STATUS = {
    Status.PASSED: Word("Clean", "green", ":material/check:"),
    Status.FLAGGED: Word("Flagged", "orange", ":material/flag:"),
    Status.SKIPPED: Word("Skipped", "gray", ":material/remove:"),
    Status.FAILED: Word("Failed", "red", ":material/error:"),
}

OUTCOME = {
    Outcome.PASS: Word("Ready", "green", ":material/check_circle:"),
    Outcome.REVIEW: Word("Review first", "orange", ":material/priority_high:"),
    Outcome.STOP: Word("Not ready", "red", ":material/block:"),
}

ACTION = {
    Action.KEEP: Word("Kept", "gray", ":material/check:"),
    Action.CHANGE: Word("Changed", "primary", ":material/swap_horiz:"),
    Action.EXCLUDE: Word("Excluded", "orange", ":material/remove_circle:"),
    Action.UNSURE: Word("Not sure", "gray", ":material/help:"),
}

CONCERN = {
    "anomalies": "Anomalies",
    "bias": "Bias",
    "completeness": "Missing",
    "duplicates": "Duplicates",
    "labels": "Labels",
    "leakage": "Leakage",
    "validity": "File",
}

KIND = {
    Kind.NUMBER: "Number",
    Kind.INTEGER: "Whole number",
    Kind.CATEGORY: "Category",
    Kind.BOOLEAN: "Yes/no",
    Kind.DATETIME: "Date or time",
    Kind.TEXT: "Text",
    Kind.IDENTIFIER: "Identifier",
    Kind.CONSTANT: "One value only",
    Kind.EMPTY: "Empty",
}

ROLE = {
    Role.FEATURE: "Input",
    Role.LABEL: "Label to predict",
    Role.SENSITIVE: "Group of people",
    Role.ID: "Identifier",
    Role.TIME: "Time",
    Role.TEXT: "Text input",
    Role.ANNOTATOR: "Annotator's answer",
    Role.SPLIT: "Train/test split",
    Role.SOURCE: "Source",
    Role.WEIGHT: "Weight",
    Role.IGNORE: "Leave out",
}


def concern(name: str) -> str:
    """Return the word for a concern, which is a folder of checks."""
    return CONCERN.get(name, name.replace("_", " ").capitalize())


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


def number(value: float) -> str:
    """Return a number with four significant digits at most, and thousands marked."""
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - floats are exact below
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004 - digits


def size(n_bytes: int) -> str:
    """Return a file size for people."""
    value = float(n_bytes)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - SI steps
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} GB"


def moment(at: datetime) -> str:
    """Return a time as ``21 Nov 2026, 14:05``."""
    return f"{at.day} {at:%b %Y, %H:%M}"


def minutes(seconds: float) -> str:
    """Return a rough duration: ``20 s``, ``about 4 min``."""
    if seconds < 90:  # noqa: PLR2004 - below that, seconds read better
        return f"{max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"
