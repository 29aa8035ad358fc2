"""How a version met an earlier one: rows that are the same, decisions that were taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MatchedBy(StrEnum):
    """How it is known that two rows are the same."""

    PUBLISHED = "published"
    """We wrote it: its rows are those of the former one that were not left out, in order."""

    IDENTIFIER = "identifier"
    """A column with other texts in all rows, here and there."""

    CONTENT = "content"
    """What their cells hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver:
    """What a version has in common with a former one.

    Attributes
    ----------
    n_rows
        Rows of this version that stand in the former one.
    column
        Display name of the column by which they were found; "" where it was by no column.
    left_out
        Rows of the former one that are not in a published version; with them the other rows are
        counted on.
    n_decided, n_decided_found
        Rows of the former one with a decision that counts, and those of them that are here.
    n_decided_several
        Rows with a decision that are not, while several rows here could be each of them.
    n_decided_carried
        Rows about which a decision holds here, too.
    n_carried
        Decisions taken over: those that hold here, but for cells that were decided already, as
        through a better match.
    n_differing
        Decided cells that hold another text now and were left undecided, through any former
        version; each counts for the best match only.
    """

    dataset_id: str
    former_id: str
    matched_by: MatchedBy
    at: datetime
    n_rows: int = 0
    column: str = ""
    left_out: tuple[int, ...] = ()
    n_decided: int = 0
    n_decided_found: int = 0
    n_decided_several: int = 0
    n_decided_carried: int = 0
    n_carried: int = 0
    n_differing: int = 0
