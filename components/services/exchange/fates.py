"""What became of answers that came in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

MOST_TOLD = 100
"""Refused answers that are told one by one."""


class AnswerFate(StrEnum):
    """What became of an answer."""

    KEPT = "kept"
    BEFORE = "before"
    """It was kept when the file came in before."""
    SKIPPED = "skipped"
    UNUSABLE = "unusable"
    STALE = "stale"
    """The row is not as it was."""
    UNKNOWN = "unknown"
    """The class is none of the column."""
    DECIDED = "decided"
    """Somebody decided here meanwhile."""
    DISAGREED = "disagreed"
    """Several people answered, and not the same."""


@dataclass(slots=True)
class ComingIn:
    """What became of the answers of a file.

    Attributes
    ----------
    tool
        Which tool wrote it.
    told
        Why answers were refused, in words, the first ``MOST_TOLD`` of them.
    """

    tool: str
    n: Counter[AnswerFate] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    @property
    def n_refused(self) -> int:
        """Answers that were not kept and should be looked at."""
        whole = self.n.total()
        return (
            whole - self.n[AnswerFate.KEPT] - self.n[AnswerFate.BEFORE] - self.n[AnswerFate.SKIPPED]
        )

    def refuse(self, fate: AnswerFate, place: str, why: str) -> None:
        """Note that an answer was refused."""
        self.n[fate] += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(f"{place}: {why}.")


def said(report: ComingIn) -> str:
    """Return what became of the answers, in a sentence."""
    told = [f"{report.n[fate]:,} {words}" for fate, words in _WORDS.items() if report.n[fate]]
    return f"{', '.join(told) or 'no answer in the file'}."


_WORDS = {
    AnswerFate.KEPT: "kept as decisions",
    AnswerFate.BEFORE: "kept before",
    AnswerFate.SKIPPED: "without an answer",
    AnswerFate.STALE: "refused because the row is not as it was",
    AnswerFate.UNKNOWN: "refused because the value is none of the column",
    AnswerFate.DECIDED: "refused because somebody decided here meanwhile",
    AnswerFate.DISAGREED: "refused because people disagree",
    AnswerFate.UNUSABLE: "that cannot be used",
}
