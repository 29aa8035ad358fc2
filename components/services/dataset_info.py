"""What a person wants to know about a dataset version; no database is needed to say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from components.core.data.dataset import DatasetVersion
from components.core.data.source import SourceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """A dataset version with what a person wants to know about it.

    Attributes
    ----------
    folder
        Where its files are.
    confirmed
        Whether a person has confirmed the roles.
    revision
        How often the columns got another meaning; who changes them says which one he has seen.
    """

    version: DatasetVersion
    report: SourceReport
    added_at: datetime
    folder: Path
    confirmed: bool
    revision: int = 0
