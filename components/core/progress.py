"""How long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Told the share that is done, in [0, 1], and what comes next; may raise to stop the work."""


def silent(_share: float, _words: str) -> None:
    """Tell nobody."""


def part(tell: Progress, start: float, end: float) -> Progress:
    """Return how a part of the work, from one share to another, tells the share of itself."""
    return lambda share, words: tell(start + (end - start) * share, words)
