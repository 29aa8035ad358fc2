"""What the visitor's place leads to: the table and its run, read once per change."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.errors import NotFound
from components.core.facts.profile import DatasetProfile
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.findings import CheckResult, Finding, ranked
from components.core.judgement.gate import Verdict
from components.core.judgement.runs import CheckProgress, RunStatus
from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.services.review import outcome
from components.services.runs import runs
from components.views.session import session, workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run as far as it is.

    Attributes
    ----------
    results
        The results that are there, in the order of the run.
    verdict
        On what the checks found and what people said about it.
    answers
        What people said: suggestions settled, findings accepted.
    profile
        None until the facts are there.
    """

    status: RunStatus
    results: tuple[CheckResult, ...]
    verdict: Verdict
    profile: DatasetProfile | None
    answers: Answers = NO_ANSWERS

    @property
    def id(self) -> str:
        """The id of the run."""
        return self.status.run_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings so far, worst first."""
        return ranked(self.results)

    @property
    def asking(self) -> tuple[Finding, ...]:
        """The findings that nobody has settled or accepted, worst first."""
        return tuple(f for f in self.findings if not self.answers.is_answered(f))

    @property
    def answered(self) -> tuple[Finding, ...]:
        """The findings that people have settled or accepted."""
        return tuple(f for f in self.findings if self.answers.is_answered(f))

    @property
    def unfinished(self) -> tuple[CheckProgress, ...]:
        """The checks of the run that gave no result, or none yet."""
        there = {r.check_id for r in self.results}
        return tuple(c for c in self.status.checks if c.check_id not in there)

    def result(self, check_id: str) -> CheckResult | None:
        """Return the result of one check, None where it has not ended."""
        return next((r for r in self.results if r.check_id == check_id), None)

    def of_concern(self, concern: str) -> tuple[CheckResult, ...]:
        """Return the results of one concern."""
        return tuple(r for r in self.results if r.concern == concern)


def dataset() -> DatasetInfo | None:
    """Return the table that is looked at."""
    chosen = session().dataset_id
    if chosen is None:
        return None
    try:
        return datasets.get(workspace(), chosen)
    except NotFound:
        return None


def run() -> Run | None:
    """Return the run that is looked at, as far as it is."""
    chosen = session().run_id
    if chosen is None:
        return None
    ws = workspace()
    try:
        status = runs.status(ws, chosen)
    except NotFound:
        return None
    said = outcome.answers(ws, chosen)
    return Run(
        status=status,
        results=runs.results(ws, chosen),
        verdict=outcome.verdict(ws, chosen, said),
        answers=said,
        profile=runs.profile(ws, chosen),
    )
