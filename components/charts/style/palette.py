"""Colours in a light and a dark theme; no plotting library, so that reports can use them too.

Grey is for shape; colour is for state and for the classes of a label. Classes are never red or
green, which would read as bad or good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.core.judgement.findings import Severity
from components.core.judgement.gate import Outcome

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme.

    Attributes
    ----------
    shape
        Bars that only show a shape.
    track
        The unfilled rest of a ring or a bar.
    other
        What is left after the classes that have a colour of their own.
    classes
        Ten colours for the classes of a label.
    sequential
        From nothing to much, for heat-maps.
    diverging
        From below zero over nothing to above zero, for heat-maps of differences.
    """

    primary: str
    text: str
    muted: str
    grid: str
    track: str
    shape: str
    other: str
    critical: str
    warning: str
    info: str
    ok: str
    surface: str
    classes: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]

    def severity(self, severity: Severity) -> str:
        """Return the colour of a severity."""
        match severity:
            case Severity.CRITICAL:
                return self.critical
            case Severity.WARNING:
                return self.warning
            case Severity.INFO:
                return self.info

    def outcome(self, outcome: Outcome) -> str:
        """Return the colour of a verdict."""
        match outcome:
            case Outcome.STOP:
                return self.critical
            case Outcome.REVIEW:
                return self.warning
            case Outcome.PASS:
                return self.ok
            case Outcome.UNKNOWN:
                return self.muted


LIGHT = Palette(
    primary="#4338ca",
    text="#181a2a",
    muted="#5c6078",
    grid="#e2e4ee",
    track="#eceef6",
    shape="#c3c6d8",
    other="#d9dbe6",
    critical="#d92d20",
    warning="#e1620c",
    info="#64748b",
    ok="#0f8f63",
    surface="#ffffff",
    classes=(
        "#4f46e5", "#14a3a0", "#c99a3a", "#3b9ae1", "#a855c7",
        "#64748b", "#8f6b52", "#0e6f8c", "#9b97f0", "#d0709e",
    ),
    sequential=("#f4f4fb", "#dcdaf6", "#b5b0ec", "#8a82e0", "#6358d4", "#4338ca"),
    diverging=("#0e8f8c", "#8fd0cd", "#f4f4fb", "#b5b0ec", "#4338ca"),
)  # fmt: skip

DARK = Palette(
    primary="#6d66f0",
    text="#e8e9f3",
    muted="#a3a7be",
    grid="#2a2e40",
    track="#2a2c40",
    shape="#8f92ad",
    other="#4a4e66",
    critical="#ff6b61",
    warning="#ff9440",
    info="#94a3b8",
    ok="#34c08d",
    surface="#0f111a",
    classes=(
        "#8b85ff", "#2dd4bf", "#d9b45f", "#58b4f5", "#c983e6",
        "#94a3b8", "#b8937a", "#3fa3c2", "#c3c0ff", "#e593bb",
    ),
    sequential=("#171a28", "#23264a", "#30326b", "#3f3f90", "#524fba", "#6d66f0"),
    diverging=("#14857f", "#175b5a", "#171a28", "#3f3f90", "#6d66f0"),
)  # fmt: skip


def palette(theme: ThemeName) -> Palette:
    """Return the colours of ``theme``."""
    return DARK if theme == "dark" else LIGHT
