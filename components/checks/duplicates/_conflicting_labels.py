"""What is said of rows with equal inputs and different labels."""

from __future__ import annotations

from dataclasses import dataclass

from components.checks._lib.words import listed, of_rows, plural, share
from components.checks.duplicates._equal_rows import Conflicts
from components.core.data.dataset import DatasetVersion
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Finding, Severity, Threshold

CHECK_ID = "duplicates.exact_rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was compared for conflicting labels.

    Attributes
    ----------
    n_inputs
        Columns that were compared.
    leaks
        Inputs that were not, because they give the label away.
    wrong_with_leaks
        Rows that no model can get right where it reads these as well.
    coincidence
        Whether equal inputs may be chance.
    """

    n_inputs: int
    leaks: tuple[str, ...]
    wrong_with_leaks: int
    coincidence: bool

    @property
    def title(self) -> str:
        """What the rows share."""
        if not self.leaks:
            return "share all inputs"
        verb = "gives" if len(self.leaks) == 1 else "give"
        return f"share all inputs but {listed(self.leaks, limit=2)}, which {verb} the label away,"

    @property
    def without(self) -> str:
        """What a model is asked to do without."""
        return f" without {listed(self.leaks)}" if self.leaks else ""

    def with_leaks(self) -> str:
        """Say what a model that reads all columns could do."""
        if not self.leaks:
            return ""
        them = "it" if len(self.leaks) == 1 else "them"
        if not self.wrong_with_leaks:
            return f"Of the rows that share {them} as well, none disagree. "
        return f"With {them}, it is still wrong on {self.wrong_with_leaks:,} at least. "

    def action(self) -> str:
        """Return what to do."""
        if self.leaks:
            one = len(self.leaks) == 1
            return (
                f"Find out whether {listed(self.leaks)} {'is' if one else 'are'} known when the "
                f"model is used. If so, nothing is wrong with these rows; if not, remove "
                f"{'it' if one else 'them'}, and add a column that tells the rows apart."
            )
        if self.coincidence:
            return (
                "Take the share as a limit of what a model can reach, and add a column that tells "
                "these rows apart if one is needed."
            )
        return "Review the labels of these rows, or add a column that tells them apart."


def conflict_finding(
    version: DatasetVersion,
    found: Conflicts,
    line: float,
    asked: Comparison,
) -> Finding:
    """Return the finding; it asks for review from a share of ``line`` of the rows on."""
    n = version.n_rows
    part = found.n_wrong / n
    surely = min(found.n_wrong, asked.wrong_with_leaks) / n
    return Finding(
        check_id=CHECK_ID,
        key="conflicting_labels",
        title=f"{plural(found.n_rows, 'row')} in {plural(found.n_sets, 'set')} {asked.title} "
        "and disagree on the label",
        detail=f"{of_rows(found.n_rows, n)} are concerned. Whatever a model says{asked.without}, "
        f"it is wrong on {found.n_wrong:,} of them at least ({share(part)} of the table). "
        f"{asked.with_leaks()}{_why(asked)}",
        severity=Severity.WARNING if surely >= line and not asked.coincidence else Severity.INFO,
        measure=Measure(
            name="Share of rows that no model can get right", value=part, unit=Unit.SHARE, n=n
        ),
        threshold=Threshold(
            value=line,
            param="conflict_share",
            source="our convention; deepchecks tolerates no conflict",
        ),
        affected=found.affected(version),
        recommended_action=asked.action(),
        caveat="Equal inputs with different labels can both be right. Columns that give the label "
        "away are not counted as inputs.",
    )


def _why(asked: Comparison) -> str:
    inputs = plural(asked.n_inputs, "other input" if asked.leaks else "input")
    if asked.coincidence:
        return (
            f"The {inputs} {'takes' if asked.n_inputs == 1 else 'take'} few or coarse values, so "
            "that different cases can share them all: this is a limit of what a model can reach, "
            "not a sign of wrong labels."
        )
    hold = "holds" if asked.n_inputs == 1 else "hold"
    return f"The {inputs} {hold} enough different values that equal rows are hardly chance."
