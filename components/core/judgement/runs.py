"""A run: what is to be checked, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from components.core.data.dataset import DatasetVersion
from components.core.data.source import SourceReport
from components.core.judgement.findings import Status
from components.core.judgement.parameters import ParamValues
from components.core.judgement.policy import Policy


class RunState(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self not in {RunState.QUEUED, RunState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A table to compare with: the one a model was trained on, or last month's.

    Attributes
    ----------
    table
        Path of the typed Parquet file.
    """

    dataset: DatasetVersion
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """All that a worker process needs to know; immutable, stored beside the results.

    Attributes
    ----------
    dataset
        The version with the kinds and roles under which it is checked.
    table
        Path of the typed Parquet file.
    checks
        Ids of the checks to run, in order.
    left_out
        Ids of the checks that there are and that were not asked for.
    params
        The parameters that differ from the defaults of their checks.
    policy
        What changes the severity of findings; None: the checks decide.
    reference
        The table to compare with, for checks that ask for one.
    memory_limit
        For the engine, in bytes.
    source
        What intake said about the file.
    """

    run_id: str
    dataset: DatasetVersion
    table: str
    checks: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    params: ParamValues = field(default_factory=dict)
    policy: Policy | None = None
    reference: Reference | None = None
    seed: int = 0
    memory_limit: int = 2_000_000_000
    source: SourceReport | None = None
    created_at: datetime

    def is_same_question(self, other: RunSpec) -> bool:
        """Whether both ask the same of the same table, whenever they were started."""
        return replace(self, run_id=other.run_id, created_at=other.created_at) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """How far one check is.

    Attributes
    ----------
    done
        In [0, 1].
    status
        None until it has ended.
    """

    check_id: str
    title: str
    done: float = 0.0
    note: str = ""
    status: Status | None = None
    n_findings: int = 0
    elapsed_s: float = 0.0

    @property
    def concern(self) -> str:
        """The concern of the check."""
        return self.check_id.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How far a run is; written by the worker, read by everybody.

    Attributes
    ----------
    step
        What is being done now, in words.
    pid
        The worker process, 0 before it has started.
    notes
        What did not work beside the checks, and did not end the run: one sentence each.
    """

    run_id: str
    state: RunState
    step: str = ""
    checks: tuple[CheckProgress, ...] = field(default=())
    pid: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    error: str = ""
    notes: tuple[str, ...] = ()

    @property
    def done(self) -> float:
        """The share of the work that is done, in [0, 1]."""
        if not self.checks:
            return 1.0 if self.state is RunState.DONE else 0.0
        return sum(1.0 if c.status else c.done for c in self.checks) / len(self.checks)

    @property
    def n_findings(self) -> int:
        """Findings so far."""
        return sum(c.n_findings for c in self.checks)
