"""Leakage: columns that give the answer away."""

from __future__ import annotations

from components.views.parts.findings import concern


def show() -> None:
    """Draw the page."""
    concern.show("leakage")
