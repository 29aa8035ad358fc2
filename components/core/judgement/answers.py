"""What people have said about what a run found: suggestions settled, findings accepted.

Results stay what the machine said; the verdict is made of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from components.core.judgement.findings import Finding, Severity
from components.core.judgement.review import ReviewCounts

GROWN = 1.25
"""How many times as large a share of rows makes an accepted finding ask again (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A person has read a finding and takes the table as it is, for a reason.

    Attributes
    ----------
    id
        Given by the store; 0 before.
    finding_id
        ``check_id:key``: the same problem in every run on the table.
    title, severity
        What the finding said then. One that has become worse is not accepted by it.
    share
        The share of rows that it touched then, in [0, 1]; None: not recorded.
    accepted_as
        Id of the version that was looked at, where a published version took it over; else "".
    withdrawn
        Whether it was taken back.
    """

    id: int = 0
    dataset_id: str
    finding_id: str
    title: str
    severity: Severity
    reason: str
    reviewer: str
    at: datetime
    accepted_as: str = ""
    withdrawn: bool = False
    share: float | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is the accepted one, and no worse than it was."""
        has_grown = self.share is not None and finding.affected.share > GROWN * self.share
        is_it = finding.id == self.finding_id
        return is_it and finding.severity <= self.severity and not has_grown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What people have said about one run.

    Attributes
    ----------
    counts
        Of all cells that checks of the run ask about; a cell counts once, whoever asks.
    by_check
        The same per check that asks.
    reviewed
        The same per finding, for findings that consist of such cells.
    accepted
        Acceptances that hold, by the id of the finding.
    """

    counts: ReviewCounts = field(default_factory=ReviewCounts)
    by_check: Mapping[str, ReviewCounts] = field(default_factory=dict)
    reviewed: Mapping[str, ReviewCounts] = field(default_factory=dict)
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)

    def acceptance_of(self, finding: Finding) -> Acceptance | None:
        """Return who accepted a finding, as it is now; None where nobody has."""
        found = self.accepted.get(finding.id)
        return found if found is not None and found.covers(finding) else None

    def is_settled(self, finding: Finding) -> bool:
        """Whether every cell that a finding consists of was settled by people."""
        counts = self.reviewed.get(finding.id)
        return counts is not None and counts.is_settled

    def is_answered(self, finding: Finding) -> bool:
        """Whether a finding asks for nothing any more: it was settled or accepted."""
        return self.is_settled(finding) or self.acceptance_of(finding) is not None


NO_ANSWERS = Answers()
"""Nobody has said anything yet."""
