"""The folder through which a run and its watchers talk: names of files, reading, writing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from components.core.facts.associations import Associations
from components.core.facts.profile import DatasetProfile
from components.core.judgement.runs import RunSpec, RunStatus
from components.store.files import read_json, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that works on a run.

    Attributes
    ----------
    created
        When the process was created, in seconds since 1970: a process number is given again after
        its process has ended, the pair is not.
    """

    pid: int
    created: float


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run on disk."""

    path: Path

    @property
    def log(self) -> Path:
        """What the worker printed."""
        return self.path / "worker.log"

    @property
    def scratch(self) -> Path:
        """Temporary files of the worker; deleted when the run is over, however it ended."""
        return self.path / "scratch"

    @property
    def associations_file(self) -> Path:
        """How the columns go together."""
        return self.path / "associations.json"

    @property
    def cancel_asked(self) -> bool:
        """Whether a person asked the run to stop."""
        return (self.path / "cancel").exists()

    def ask_cancel(self) -> None:
        """Ask the run to stop."""
        (self.path / "cancel").touch()

    def spec(self) -> RunSpec | None:
        """Read what is to be checked."""
        return read_json(RunSpec, self.path / "spec.json")

    def status(self) -> RunStatus | None:
        """Read how far the worker says it is."""
        return read_json(RunStatus, self.path / "status.json")

    def profile(self) -> DatasetProfile | None:
        """Read the facts about the table; None while they are not there."""
        return read_json(DatasetProfile, self.path / "profile.json")

    def owner(self) -> Owner | None:
        """Read which process works on it; None before it has started."""
        return read_json(Owner, self.path / "owner.json")

    def write_spec(self, spec: RunSpec) -> None:
        """Write what is to be checked."""
        write_json(self.path / "spec.json", spec, durable=True)

    def write_status(self, status: RunStatus) -> None:
        """Replace the status."""
        write_json(self.path / "status.json", status)

    def write_profile(self, profile: DatasetProfile) -> None:
        """Write the facts about the table."""
        write_json(self.path / "profile.json", profile)

    def write_associations(self, found: Associations) -> None:
        """Write how the columns go together."""
        write_json(self.associations_file, found)

    def write_owner(self, owner: Owner) -> None:
        """Write which process works on it."""
        write_json(self.path / "owner.json", owner)

    def clean(self) -> None:
        """Delete the temporary files of the worker."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def last_words(self) -> str:
        """Return the last line that the worker printed; "" when it printed nothing."""
        try:
            tail = self.log.read_bytes()[-4_000:].decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        lines = [line.strip() for line in tail.splitlines() if line.strip()]
        return lines[-1][:500] if lines else ""
