"""All tables of the workspace database, on one page.

::

    datasets ──< runs
        ├────< decisions          append-only; only ``undone`` may change, once
        │         ├── standing_decisions    per cell the one that counts
        │         └── waiting_answers       of cells that several people judge, until one counts
        ├──── review_plans        who is asked, as the owner has set it
        ├────< assignments        items that are kept for one person
        ├────< guidelines         append-only; the newest version holds
        ├────< claims             cells on somebody's screen, until when
        ├────< accepted_findings  append-only; only ``withdrawn`` may change, once
        └────< carry_overs        from which version decisions were taken over, and how rows met
    audit_events                  append-only; who did what, when
    reviewers                     names that have decided something

The indexes are those of SQLite; PostgreSQL has some without long texts, see the migrations.
Instants are kept as ISO 8601 texts in UTC. JSON columns hold what ``core.codec`` writes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Dialect,
    Float,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

JsonObject = dict[str, Any]
JsonList = list[Any]

MARK = "\ue000"


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as ISO 8601 text in UTC so that nothing is lost in SQLite."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - given by the base class
        """Write UTC; a time without a zone is refused, never guessed."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by the base class
        """Read what was written."""
        return None if value is None else datetime.fromisoformat(value)


class AnyText(TypeDecorator[str]):
    """A text that may hold any character, also U+0000, which PostgreSQL does not take.

    There it is U+E000 twice, and U+E000 itself is U+E000 U+E001. Other texts stand as they are.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write what the database takes."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace(MARK, MARK + "\ue001").replace("\0", MARK + MARK)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read what was written."""
        if value is None or dialect.name != "postgresql" or MARK not in value:
            return value
        first, *rest = value.split(MARK + MARK)
        return "\0".join([first, *rest]).replace(MARK + "\ue001", MARK)


class Base(DeclarativeBase):
    """The tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, JsonObject: JSON, JsonList: JSON}  # noqa: RUF012 - declarative API


class DatasetRow(Base):
    """A dataset version; one with ``removed_at`` may come back until it has ``deleted_at``.

    ``number`` counts in the order of adding, whatever the clock said. ``revision`` grows whenever
    its columns get another meaning: a writer names the one it has seen.
    """

    __tablename__ = "datasets"
    __table_args__ = (
        Index(
            "ix_datasets_sha256_options",
            "sha256",
            "options",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_datasets_header_key_added_at", "header_key", "added_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(AnyText)
    sha256: Mapped[str] = mapped_column(String(64))
    options: Mapped[str] = mapped_column(AnyText)
    folder: Mapped[str] = mapped_column(String(128))
    header_key: Mapped[str] = mapped_column(String(64))
    n_rows: Mapped[int]
    columns: Mapped[JsonList]
    report: Mapped[JsonObject]
    parent: Mapped[str | None] = mapped_column(ForeignKey("datasets.id"))
    demo: Mapped[bool]
    confirmed: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(index=True)
    removed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(server_default="0", index=True)
    owner: Mapped[str] = mapped_column(AnyText, server_default="")
    location: Mapped[str] = mapped_column(AnyText, server_default="")
    revision: Mapped[int] = mapped_column(server_default="0")
    no_label: Mapped[bool] = mapped_column(server_default=false())


class RunRow(Base):
    """A run of a dataset version; all else about it stands in its folder."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(server_default="0", index=True)


class DecisionRow(Base):
    """A decision of a person about one cell."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_dataset_id_row_id", "dataset_id", "row_id"),
        Index("ix_decisions_dataset_id_reviewer", "dataset_id", "reviewer"),
        Index("ix_decisions_dataset_id_press", "dataset_id", "press", unique=True),
        Index("ix_decisions_dataset_id_batch", "dataset_id", "batch"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    row_id: Mapped[int]
    column_name: Mapped[str] = mapped_column(AnyText)
    check_id: Mapped[str] = mapped_column(AnyText)
    action: Mapped[str] = mapped_column(String(16))
    given: Mapped[str] = mapped_column(AnyText)
    new: Mapped[str] = mapped_column(AnyText)
    reviewer: Mapped[str] = mapped_column(AnyText)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(AnyText)
    undone: Mapped[bool]
    answered: Mapped[str | None] = mapped_column(AnyText)
    carried_from: Mapped[int | None] = mapped_column(index=True)
    press: Mapped[str | None] = mapped_column(String(64))
    seconds: Mapped[float | None] = mapped_column(Float)
    capacity: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str | None] = mapped_column(String(32))
    said_at: Mapped[datetime | None]
    batch: Mapped[str | None] = mapped_column(String(64))
    judged_first: Mapped[bool | None]
    stratum: Mapped[str | None] = mapped_column(String(40))
    probability: Mapped[float | None] = mapped_column(Float)
    others: Mapped[str | None] = mapped_column(Text)


class StandingDecisionRow(Base):
    """The decision that counts for a cell; it follows from ``decisions`` and saves folding them."""

    __tablename__ = "standing_decisions"
    __table_args__ = (
        Index("ix_standing_decisions_decision_id", "dataset_id", "decision_id"),
        Index(
            "ix_standing_decisions_answered",
            "dataset_id",
            "column_name",
            "action",
            "answered",
            "row_id",
        ),
    )

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    column_name: Mapped[str] = mapped_column(AnyText, primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    action: Mapped[str] = mapped_column(String(16))
    answered: Mapped[str | None] = mapped_column(AnyText)


class WaitingAnswerRow(Base):
    """An answer about a cell that several people judge, none of which counts yet.

    It follows from ``decisions``, as ``standing_decisions`` does; ``disputed``: they differ.
    """

    __tablename__ = "waiting_answers"
    __table_args__ = (
        Index("ix_waiting_answers_dataset_id_reviewer", "dataset_id", "reviewer"),
        Index("ix_waiting_answers_dataset_id_row_id", "dataset_id", "row_id"),
    )

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decisions.id"), primary_key=True, autoincrement=False
    )
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    column_name: Mapped[str] = mapped_column(AnyText)
    row_id: Mapped[int]
    reviewer: Mapped[str] = mapped_column(AnyText)
    disputed: Mapped[bool]


class ReviewPlanRow(Base):
    """Who is asked about the cells of a table."""

    __tablename__ = "review_plans"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    double_share: Mapped[float] = mapped_column(Float)
    random_share: Mapped[float] = mapped_column(Float, server_default="0")
    seed: Mapped[int]


class AssignmentRow(Base):
    """Items that are kept for one person."""

    __tablename__ = "assignments"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), index=True)
    check_id: Mapped[str] = mapped_column(AnyText)
    wanted: Mapped[JsonObject]
    person: Mapped[str] = mapped_column(AnyText)
    by: Mapped[str] = mapped_column(AnyText)
    at: Mapped[datetime]


class GuidelinesRow(Base):
    """A version of the guidelines for the labels of a table."""

    __tablename__ = "guidelines"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), index=True)
    text: Mapped[str] = mapped_column(AnyText)
    author: Mapped[str] = mapped_column(AnyText)
    at: Mapped[datetime]


class ClaimRow(Base):
    """A cell that is on somebody's screen, until when nobody else is asked about it."""

    __tablename__ = "claims"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    column_name: Mapped[str] = mapped_column(AnyText, primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reviewer: Mapped[str] = mapped_column(AnyText)
    until: Mapped[datetime]


class AcceptedFindingRow(Base):
    """A finding that a person takes as it is."""

    __tablename__ = "accepted_findings"
    __table_args__ = (
        Index("ix_accepted_findings_dataset_id_finding_id", "dataset_id", "finding_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    finding_id: Mapped[str] = mapped_column(AnyText)
    title: Mapped[str] = mapped_column(AnyText)
    severity: Mapped[int]
    reason: Mapped[str] = mapped_column(AnyText)
    reviewer: Mapped[str] = mapped_column(AnyText)
    at: Mapped[datetime]
    accepted_as: Mapped[str] = mapped_column(AnyText)
    withdrawn: Mapped[bool]
    share: Mapped[float | None] = mapped_column(Float)


class CarryOverRow(Base):
    """How a version met an earlier one whose decisions it took over."""

    __tablename__ = "carry_overs"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    former_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    at: Mapped[datetime]
    found: Mapped[JsonObject]


class AuditRow(Base):
    """Something that a person did.

    ``hash`` is that of the event and of ``previous``, which is that of the event before it.
    """

    __tablename__ = "audit_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(AnyText)
    action: Mapped[str] = mapped_column(String(64))
    dataset_id: Mapped[str | None] = mapped_column(String(64), index=True)
    detail: Mapped[JsonObject]
    previous: Mapped[str] = mapped_column(String(64), server_default="")
    hash: Mapped[str] = mapped_column(String(64), server_default="")


class ReviewerRow(Base):
    """A name under which somebody has worked."""

    __tablename__ = "reviewers"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime] = mapped_column(index=True)
