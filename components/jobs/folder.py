"""The folder through which a run and its watchers talk: names of files, reading, writing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from components.core.atomic_files import read_json, write_json
from components.core.facts.associations import Associations
from components.core.facts.profile import DatasetProfile
from components.core.judgement.runs import RunSpec, RunStatus
from components.processes.folder import JobFolder


@dataclass(frozen=True, slots=True)
class RunFolder(JobFolder):
    """One run on disk: a job whose request and results are those of a run."""

    @property
    def associations_file(self) -> Path:
        """How the columns go together."""
        return self.path / "associations.json"

    def spec(self) -> RunSpec | None:
        """Read what is to be checked."""
        return read_json(RunSpec, self.path / "spec.json")

    def status(self) -> RunStatus | None:
        """Read how far the worker says it is."""
        return read_json(RunStatus, self.path / "status.json")

    def profile(self) -> DatasetProfile | None:
        """Read the facts about the table; None while they are not there."""
        return read_json(DatasetProfile, self.path / "profile.json")

    def write_spec(self, spec: RunSpec) -> None:
        """Write what is to be checked."""
        write_json(self.path / "spec.json", spec, durable=True)

    def write_status(self, status: RunStatus) -> None:
        """Replace the status; the first and the last one survive a power cut."""
        durable = status.state.is_over or status.started_at is None
        write_json(self.path / "status.json", status, durable=durable)

    def write_profile(self, profile: DatasetProfile) -> None:
        """Write the facts about the table."""
        write_json(self.path / "profile.json", profile, durable=True)

    def write_associations(self, found: Associations) -> None:
        """Write how the columns go together."""
        write_json(self.associations_file, found, durable=True)
