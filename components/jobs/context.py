"""What a run offers to its checks: facts, progress, cancellation, shared work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from components.core.data.source import SourceReport
from components.core.data.table import Table
from components.core.errors import Cancelled
from components.core.facts.profile import DatasetProfile
from components.core.judgement.findings import CheckResult
from components.core.judgement.parameters import Value
from components.core.judgement.runs import CheckProgress, RunSpec, RunState, RunStatus
from components.core.progress import Progress
from components.jobs.folder import RunFolder

R = TypeVar("R")

WRITE_EVERY = 0.2
"""Seconds between two writes of the status; a person sees no more than five a second."""


class Journal:
    """Keeps ``status.json`` up to date, at most every :data:`WRITE_EVERY` seconds."""

    def __init__(
        self,
        folder: RunFolder,
        status: RunStatus,
        listener: Callable[[RunStatus], None] | None = None,
    ) -> None:
        self._folder = folder
        self._status = status
        self._listener = listener
        self._written = 0.0
        self._started = 0.0

    @property
    def status(self) -> RunStatus:
        """How far the run is now."""
        return self._status

    def say(self, step: str) -> None:
        """Tell what is being done now; nothing more happens when a person asked to stop.

        Raises
        ------
        Cancelled
            When a person asked the run to stop.
        """
        self._update(replace(self._status, step=step))
        self.obey()

    def obey(self) -> None:
        """Stop here when a person asked for it.

        Raises
        ------
        Cancelled
            When a person asked the run to stop.
        """
        if self._folder.cancel_asked:
            raise Cancelled

    def note(self, sentence: str) -> None:
        """Tell what did not work and does not end the run."""
        self._update(replace(self._status, notes=(*self._status.notes, sentence)), now=True)

    def begin(self, check_id: str) -> None:
        """Note that a check starts."""
        self._started = time.perf_counter()
        title = next(c.title for c in self._status.checks if c.check_id == check_id)
        self._update(replace(self._status, step=title), now=True)
        self.obey()

    def advance(self, check_id: str, done: float, note: str) -> None:
        """Note how far a check is; it never goes backwards."""
        elapsed = time.perf_counter() - self._started
        self._change(check_id, done=min(max(done, 0.0), 1.0), note=note, elapsed=elapsed)
        self.obey()

    def end(self, result: CheckResult) -> None:
        """Note how a check ended."""
        checks = tuple(
            replace(
                c,
                done=1.0,
                note=result.reason,
                status=result.status,
                n_findings=len(result.findings),
                elapsed_s=result.elapsed_s,
            )
            if c.check_id == result.check_id
            else c
            for c in self._status.checks
        )
        self._update(replace(self._status, checks=checks), now=True)

    def close(self, state: RunState, error: str = "") -> RunStatus:
        """Note how the run ended; nothing temporary is left when anybody can see that."""
        self._folder.clean()
        ended = replace(self._status, state=state, step="", error=error, ended_at=datetime.now(UTC))
        self._update(ended, now=True)
        return ended

    def _change(self, check_id: str, *, done: float, note: str, elapsed: float) -> None:
        checks = tuple(
            replace(c, done=max(c.done, done), note=note, elapsed_s=round(elapsed, 3))
            if c.check_id == check_id
            else c
            for c in self._status.checks
        )
        self._update(replace(self._status, checks=checks))

    def _update(self, status: RunStatus, *, now: bool = False) -> None:
        self._status = status
        clock = time.monotonic()
        if now or clock - self._written >= WRITE_EVERY:
            self._folder.write_status(status)
            self._written = clock
            if self._listener is not None:
                self._listener(status)


def first_status(spec: RunSpec, titles: dict[str, str]) -> RunStatus:
    """Return the status of a run that has not started."""
    checks = tuple(CheckProgress(check_id=c, title=titles.get(c, c)) for c in spec.checks)
    return RunStatus(run_id=spec.run_id, state=RunState.QUEUED, step="Starting", checks=checks)


class Context:
    """The :class:`~components.core.judgement.checks.RunContext` of one check in one run.

    Attributes
    ----------
    spec
        What the run was asked.
    """

    def __init__(
        self,
        spec: RunSpec,
        profile: DatasetProfile,
        journal: Journal,
        check_id: str,
        shared: dict[str, Any],
        *,
        reference: Table | None = None,
    ) -> None:
        self.spec = spec
        self._profile = profile
        self._journal = journal
        self._check_id = check_id
        self._shared = shared
        self._reference = reference

    @property
    def seed(self) -> int:
        """The only source of randomness."""
        return self.spec.seed

    @property
    def profile(self) -> DatasetProfile:
        """The facts about the table."""
        return self._profile

    @property
    def source(self) -> SourceReport | None:
        """What intake said about the file, where there was one."""
        return self.spec.source

    @property
    def reference(self) -> Table | None:
        """The table to compare with, where one was given."""
        return self._reference

    @property
    def params(self) -> Mapping[str, Mapping[str, Value]]:
        """What was set for the checks of this run, by the id of the check."""
        return self.spec.params

    def progress(self, done: float, note: str = "") -> None:
        """Say how far the check is (in [0, 1]).

        Raises
        ------
        Cancelled
            When a person asked the run to stop.
        """
        self._journal.advance(self._check_id, done, note)

    def shared(self, key: str, make: Callable[[], R]) -> R:
        """Return what ``make`` makes, made once per run for all checks that ask for ``key``."""
        if key not in self._shared:
            self._shared[key] = make()
        made: R = self._shared[key]
        return made


class AfterRun:
    """The :class:`~components.core.judgement.checks.RunContext` of work when a run is over.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the work.
    """

    source: SourceReport | None = None
    reference: Table | None = None

    def __init__(self, spec: RunSpec, profile: DatasetProfile, tell: Progress) -> None:
        self.seed = spec.seed
        self.params = spec.params
        self.profile = profile
        self._tell = tell
        self._shared: dict[str, Any] = {}

    def progress(self, done: float, note: str = "") -> None:
        """Say how far the work is (in [0, 1])."""
        self._tell(done, note)

    def shared(self, key: str, make: Callable[[], R]) -> R:
        """Return what ``make`` makes, made once."""
        if key not in self._shared:
            self._shared[key] = make()
        made: R = self._shared[key]
        return made
