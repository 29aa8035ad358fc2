"""Whether the chain of events holds, and whether what stands in the tables is what it tells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from components.store.chain import counted, hashes
from components.store.review import acceptances, decision_rows, decisions, guidelines
from components.store.tables import AcceptedFindingRow, AuditRow, DecisionRow, GuidelinesRow

BATCH = 1_000
"""Events that are made objects at a time."""

MOST = 20
"""Misfits that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of looking at the whole history.

    Attributes
    ----------
    problems
        What does not fit, in words, at most :data:`MOST` of it; empty where all fits.
    n_problems
        How many things do not fit.
    n_events, n_decisions, n_acceptances
        How many were looked at.
    last_hash, last_at
        Of the newest event; ``last_at`` is None where there is none.
    """

    problems: tuple[str, ...]
    n_problems: int
    n_events: int
    n_decisions: int
    n_acceptances: int
    last_hash: str
    last_at: datetime | None

    @property
    def problem(self) -> str:
        """The first thing that does not fit, in words; "" where all fits."""
        return self.problems[0] if self.problems else ""


@dataclass(slots=True)
class _Tellings:
    """What the events tell about rows of one kind.

    Attributes
    ----------
    made
        The event of each row that has one of its own, by the id of the row.
    taken_back
        Rows that were taken back; before hashes came, all of a dataset may have been.
    several
        Events that tell of several rows of a dataset at once.
    """

    made: dict[int, AuditRow] = field(default_factory=dict)
    taken_back: set[int] = field(default_factory=set)
    several: list[AuditRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as far as events tell of it."""

    at: datetime
    content: str
    is_taken_back: bool


def _decisions(session: Session, dataset_id: str) -> dict[int, _Row]:
    found = decisions.of_dataset(session, dataset_id)
    return {d.id: _Row(d.at, decision_rows.fingerprint(d), d.undone) for d in found}


def _acceptances(session: Session, dataset_id: str) -> dict[int, _Row]:
    found = acceptances.of_dataset(session, dataset_id)
    return {a.id: _Row(a.at, acceptances.fingerprint(a), a.withdrawn) for a in found}


def _guidelines(session: Session, dataset_id: str) -> dict[int, _Row]:
    found = guidelines.of_dataset(session, dataset_id)
    return {g.id: _Row(g.at, guidelines.fingerprint(g), is_taken_back=False) for g in found}


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of row that events tell of.

    Attributes
    ----------
    noun
        What a row is called.
    made, undone
        The actions by which a person makes one and takes it back.
    key, mark
        Where events name the row, and in what they list rows that were taken back already.
    """

    noun: str
    made: str
    undone: str
    key: str
    mark: str
    table: type[DecisionRow | AcceptedFindingRow | GuidelinesRow]
    rows: Callable[[Session, str], dict[int, _Row]]


_DECISIONS = _Kind(
    noun="decision",
    made="decision.made",
    undone="decision.undone",
    key="decision_id",
    mark="undone",
    table=DecisionRow,
    rows=_decisions,
)
_ACCEPTANCES = _Kind(
    noun="acceptance",
    made="finding.accepted",
    undone="finding.acceptance_undone",
    key="acceptance_id",
    mark="withdrawn",
    table=AcceptedFindingRow,
    rows=_acceptances,
)


_GUIDELINES = _Kind(
    noun="guideline",
    made="guidelines.written",
    undone="",
    key="guideline_id",
    mark="",
    table=GuidelinesRow,
    rows=_guidelines,
)
_KINDS = (_DECISIONS, _ACCEPTANCES, _GUIDELINES)


def verify(session: Session, *, contains: str = "") -> Verification:
    """Look at every event, and at every row that events tell of.

    Parameters
    ----------
    contains
        A hash that was noted earlier and must be one of the chain; "" where none was.
    """
    walk, told, n_told = _Walk(), list[str](), 0
    for problem in _problems(session, walk, contains):
        n_told += 1
        if n_told <= MOST:
            told.append(problem)
    found = {
        kind.noun: session.scalar(select(func.count()).select_from(kind.table)) or 0
        for kind in _KINDS
    }
    return Verification(
        problems=tuple(told),
        n_problems=n_told,
        n_events=walk.n_events,
        n_decisions=found[_DECISIONS.noun],
        n_acceptances=found[_ACCEPTANCES.noun],
        last_hash=walk.last_hash,
        last_at=walk.last_at,
    )


def _problems(session: Session, walk: _Walk, contains: str) -> Iterator[str]:
    """Yield all that does not fit: in the chain, then in the rows, then in what counts."""
    yield from walk.problems(session)
    if contains and contains not in walk.known:
        yield f"No event has the hash {contains}: the history is another one than it was then."
    for kind in _KINDS:
        yield from _differences(session, kind, walk)
    yield from counted.problems(session)


@dataclass(slots=True)
class _Walk:
    """The chain, walked from its beginning."""

    n_events: int = 0
    last_hash: str = hashes.BEGINNING
    last_at: datetime | None = None
    known: set[str] = field(default_factory=set)
    told: dict[str, _Tellings] = field(
        default_factory=lambda: {kind.noun: _Tellings() for kind in _KINDS}
    )
    deleted: set[str | None] = field(default_factory=set)

    def problems(self, session: Session) -> Iterator[str]:
        """Walk all events; yield what is wrong with each that does not fit."""
        query = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=BATCH)
        with closing(session.scalars(query)) as rows:
            for row in rows:
                wrong = self._look_at(row)
                if wrong:
                    at = f"{row.at:%Y-%m-%d %H:%M:%S} UTC"
                    yield f"Event {row.id:,} ({row.action}, {at}) {wrong}"
                session.expunge(row)

    def _look_at(self, row: AuditRow) -> str:
        """Go on to an event; what it tells is taken where its content fits its hash."""
        goes_on = row.previous == self.last_hash
        self.n_events += 1
        self.last_hash, self.last_at = row.hash, row.at
        self.known.add(row.hash)
        told = hashes.of_event(row.previous, {name: getattr(row, name) for name in hashes.EVENT})
        if told != row.hash:
            return "was changed: its content does not fit its hash."
        if row.action == "dataset.deleted":
            self.deleted.add(row.dataset_id)
        for kind in _KINDS:
            _take(self.told[kind.noun], kind, row)
        if goes_on:
            return ""
        return (
            "does not go on from the event before it: events between them are missing, were "
            "put in, or changed."
        )


def _take(told: _Tellings, kind: _Kind, row: AuditRow) -> None:
    """Remember what an event tells about rows of a kind."""
    detail = row.detail
    if row.action == kind.made and kind.key in detail:
        told.made[detail[kind.key]] = row
    elif row.action == kind.undone:
        told.taken_back |= {detail[kind.key]} if kind.key in detail else set()
        told.taken_back |= set(detail.get(f"{kind.key}s", ()))
    elif row.action in {f"{kind.noun}s.{how}" for how in ("carried", "sealed", "made")}:
        told.several.append(row)
        told.taken_back |= set(detail.get(kind.mark, ()))


def _differences(session: Session, kind: _Kind, walk: _Walk) -> Iterator[str]:
    """Yield what differs between rows and events."""
    told = walk.told[kind.noun]
    missing = {key for key, event in told.made.items() if event.dataset_id not in walk.deleted}
    several = [event for event in told.several if event.dataset_id not in walk.deleted]
    ids = select(kind.table.dataset_id).distinct().order_by(kind.table.dataset_id)
    for dataset_id in session.scalars(ids).all():
        rows = kind.rows(session, dataset_id)
        missing -= rows.keys()
        known = list(rows)
        together: set[int] = set()
        for event in [e for e in several if e.dataset_id == dataset_id]:
            several.remove(event)
            first, last = event.detail["first"], event.detail["last"]
            those = known[bisect_left(known, first) : bisect_right(known, last)]
            together |= set(those)
            if hashes.of_several(rows[key].content for key in those) != event.detail["content"]:
                yield f"The {kind.noun}s {first:,} to {last:,} are not those of event {event.id:,}."
        for key, row in rows.items():
            yield from _wrong_with(kind, told, key, row, is_told=key in together)
    for key in sorted(missing):
        yield f"The {kind.noun} {key:,}, made in event {told.made[key].id:,}, is missing."
    for event in several:
        yield f"The {kind.noun}s of event {event.id:,} are missing."


def _wrong_with(
    kind: _Kind, told: _Tellings, key: int, row: _Row, *, is_told: bool
) -> Iterator[str]:
    """Yield what is wrong with one row."""
    event = told.made.get(key)
    if event is None and not is_told:
        yield f"The {kind.noun} {key:,}, dated {row.at:%Y-%m-%d %H:%M:%S} UTC, has no event."
    if event is not None and event.detail.get("content", row.content) != row.content:
        yield f"The {kind.noun} {key:,} is not what event {event.id:,} tells."
    if row.is_taken_back != (key in told.taken_back):
        was = "was" if key in told.taken_back else "was not"
        yield f"The {kind.noun} {key:,} {was} taken back by an event; its row says otherwise."
