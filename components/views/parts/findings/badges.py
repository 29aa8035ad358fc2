"""Badges in Markdown: a word, its colour, its icon."""

from __future__ import annotations

from components.core.judgement.findings import Finding, Severity
from components.views import words
from components.views.words import Word


def badge(word: Word) -> str:
    """Return a badge with an icon."""
    return f":{word.colour}-badge[{word.icon} {word.text}]"


def severity(level: Severity) -> str:
    """Return the badge of a severity."""
    return badge(words.SEVERITY[level])


def quiet(text: str) -> str:
    """Return a grey badge; ``text`` must be our own words or escaped."""
    return f":gray-badge[{text}]"


def of(finding: Finding) -> str:
    """Return the two badges of a finding: how bad, and about what."""
    return f"{severity(finding.severity)} {quiet(words.concern(finding.concern))}"
