"""Finds the rows of former tables again in a file that has the same columns.

Row order does not matter. Nothing but the header makes a table a candidate, and nothing but its
rows makes it a former version (``same_rows``). Tables that were removed are never looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from components import intake
from components.core.data.carry_over import CarryOver, MatchedBy
from components.core.data.dataset import ROW_ID, Column, DatasetVersion, Role
from components.core.data.row_marks import row_mark
from components.core.data.table import IntArray
from components.core.errors import Damaged, NotFound
from components.core.judgement.review import Cell, Decision, place_of
from components.core.progress import Progress
from components.engine.arrays import arrow_of, numpy_of
from components.engine.text.row_hashes import Hashes, row_hashes
from components.services.upload.carry_over import NOT_HERE, keep, prepare
from components.services.upload.same_rows import RowPrints, SameRows, by_content, by_unique
from components.services.upload.source_bytes import is_small
from components.services.workspace import Workspace, now
from components.store import datasets as table
from components.store.datasets import StoredDataset
from components.store.review import acceptances, counting
from components.store.review import decisions as decision_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

MOST_LOOKED_AT = 3
"""The newest tables with the same header whose rows are compared, and as many with decisions."""

MOST_KNOWN = 50
"""Tables with the same header among which those with decisions are sought."""

MOST_IDENTIFIERS = 3
"""Columns that are tried as what a row is known by."""

COMPARED = 1_000
"""Rows in which the other cells are compared where a column says that they are the same."""

AGREEMENT = 0.5
"""How far their cells must agree: of what chance would leave different, the share that is equal
(as Cohen's kappa, 1960). Tables that number their rows from 1 have equal numbers by chance."""


class NeedsWorker(Exception):
    """A table that must be looked at is too large for this process."""


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table that is not in the database yet.

    Attributes
    ----------
    folder
        Where its cell texts are.
    no_label
        Whether a person said that no column is the label.
    """

    folder: Path
    columns: tuple[Column, ...]
    n_rows: int
    sha256: str
    no_label: bool = False


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """The rows of a former table in a new one.

    Attributes
    ----------
    texts
        What decided cells hold here, by row here and display name.
    """

    former: DatasetVersion
    rows: SameRows
    column: str
    texts: dict[Cell, str] = field(default_factory=dict)


def find(
    ws: Workspace, new: NewTable, tell: Progress, *, small_only: bool
) -> tuple[FoundAgain, ...]:
    """Return the former tables of which ``new`` is a version, that with most of its rows first.

    Parameters
    ----------
    small_only
        Whether this process reads small tables only.

    Raises
    ------
    NeedsWorker
        When a larger one has to be read, and ``small_only``.
    """
    found = []
    for stored, decided in _candidates(ws, new):
        folder = ws.files.dataset(stored.location)
        if not (folder / "source").is_file():  # its files were lost
            continue
        if small_only and not is_small(folder / "source"):
            raise NeedsWorker
        tell(0.97, f"Looking for the rows of {stored.version.name}")
        try:
            again = _compare(stored.version, folder, new, decided)
        except (Damaged, NotFound, OSError, ValueError):
            log.warning("the rows of %s could not be compared", stored.version.id, exc_info=True)
            continue
        if again is not None:
            found.append(again)
    return tuple(sorted(found, key=lambda a: -int((a.rows.places != NOT_HERE).sum())))


def carry_all(
    session: Session, dataset_id: str, new: NewTable, folder: Path, found: Sequence[FoundAgain]
) -> None:
    """Take over what was decided about former tables, in the transaction that keeps the new one.

    Parameters
    ----------
    folder
        Where the cell texts of ``new`` are by now.
    """
    carries = []
    for again in found:
        if table.get(session, again.former.id) is None:  # removed meanwhile
            continue
        met = CarryOver(
            dataset_id=dataset_id,
            former_id=again.former.id,
            matched_by=MatchedBy.IDENTIFIER if again.column else MatchedBy.CONTENT,
            column=again.column,
            at=now(),
            n_rows=int((again.rows.places != NOT_HERE).sum()),
        )

        def texts_of(
            kept: Sequence[tuple[Decision, int]], known: dict[Cell, str] = again.texts
        ) -> list[str]:
            cells = [Cell(row_id, d.cell.column) for d, row_id in kept]
            late = [cell for cell in cells if cell not in known]  # decided while we looked
            known |= _cell_texts(folder, new.columns, late)
            return [known[cell] for cell in cells]

        rows = again.rows
        carries.append(prepare(session, met, rows.places, rows.could_be_several, texts_of))
    keep(session, carries)


def _candidates(ws: Workspace, new: NewTable) -> list[tuple[StoredDataset, dict[str, IntArray]]]:
    """Return former tables and, by column, the rows that were decided about."""
    with ws.db.read() as session:
        known = table.like(session, new.columns, sha256=new.sha256, limit=MOST_KNOWN)
        newest, older = known[:MOST_LOOKED_AT], known[MOST_LOOKED_AT:]
        spoken = (s for s in older if _has_answers(session, s.version.id))
        chosen = (*newest, *islice(spoken, MOST_LOOKED_AT))
        return [(s, _decided(session, s.version.id)) for s in chosen]


def _has_answers(session: Session, dataset_id: str) -> bool:
    newest = decision_table.newest_id(session, dataset_id)
    spoken = newest > 0 or counting.is_waiting(session, dataset_id)
    return spoken or bool(acceptances.standing(session, dataset_id))


def _decided(session: Session, dataset_id: str) -> dict[str, IntArray]:
    names = decision_table.tally(session, dataset_id).by_column
    return {
        name: np.concatenate(
            [d.row_id for d in decision_table.decided_rows(session, dataset_id, name)]
        )
        for name in names
    }


def _compare(
    former: DatasetVersion, folder: Path, new: NewTable, decided: Mapping[str, IntArray]
) -> FoundAgain | None:
    """Return the rows of a former table in the new one; None where it is another table."""
    keys = _identifiers(former, new)
    fields = [c.field for c in new.columns]
    content = [c.field for c in new.columns if c not in keys] or fields
    rest = _uncorrected(former, new, decided)
    keys = keys[:MOST_IDENTIFIERS]
    sets = [fields, content, *([rest] if rest else []), *([c.field] for c in keys)]
    before = _hashes(folder, sets, former.n_rows)
    here = _hashes(new.folder, sets, new.n_rows)
    name, rows = "", None
    for n, key in enumerate(keys, start=len(sets) - len(keys)):
        places = by_unique(before[n], here[n])
        if places is not None and _agree(folder, new, key, places):
            name, rows = key.name, SameRows(places, np.empty(0, np.int64), is_version=True)
            break
    if rows is None:
        rows = by_content(*(RowPrints(h[0], h[1], h[2] if rest else None) for h in (before, here)))
    if not rows.is_version:
        return None
    again = FoundAgain(former, rows, name)
    again.texts.update(_cell_texts(new.folder, new.columns, _cells(decided, rows.places)))
    return again


def _identifiers(former: DatasetVersion, new: NewTable) -> list[Column]:
    """Return the columns that say which row is which, there or here."""
    pairs = zip(former.columns, new.columns, strict=True)
    return [now for before, now in pairs if Role.ID in {before.role, now.role}]


def _uncorrected(former: DatasetVersion, new: NewTable, decided: Collection[str]) -> list[str]:
    """Return the fields of the columns that keep a row known when its label is corrected."""
    pairs = zip(former.columns, new.columns, strict=True)
    return [
        now.field
        for before, now in pairs
        if now.name not in decided and {before.role, now.role}.isdisjoint({Role.ID, Role.LABEL})
    ]


def _hashes(folder: Path, sets: Sequence[Sequence[str]], n_rows: int) -> tuple[Hashes, ...]:
    return row_hashes(intake.text_batches(folder, sets[0]), sets, n_rows)


def _agree(folder: Path, new: NewTable, key: Column, places: IntArray) -> bool:
    """Whether rows that a column calls the same are alike in their other cells, and enough."""
    matched = np.flatnonzero(places != NOT_HERE)
    if 2 * len(matched) < min(len(places), new.n_rows):
        return False
    others = [c.field for c in new.columns if c is not key]
    chosen = matched[np.linspace(0, len(matched) - 1, min(COMPARED, len(matched))).astype(np.int64)]
    chosen = np.random.default_rng(0).permutation(chosen)
    there = _picked(folder, others, chosen)
    here = _picked(new.folder, others, places[chosen])
    equal = float(np.mean([there[f] == here[f] for f in others])) if others else 1.0
    by_chance = float(np.mean([there[f] == np.roll(here[f], 1) for f in others])) if others else 0.0
    return equal == 1.0 or (equal - by_chance) >= AGREEMENT * (1 - by_chance)


def _cells(decided: Mapping[str, IntArray], places: IntArray) -> Iterator[Cell]:
    for name, rows in decided.items():
        here = places[rows]
        yield from (Cell(row_id, name) for row_id in here[here != NOT_HERE].tolist())


def _cell_texts(
    folder: Path, columns: Sequence[Column], cells: Collection[Cell] | Iterator[Cell]
) -> dict[Cell, str]:
    wanted: dict[str, list[int]] = {}
    for cell in cells:
        wanted.setdefault(cell.column, []).append(cell.row_id)
    fields = {c.name: c.field for c in columns}
    found: dict[Cell, str] = {}
    for name, rows in wanted.items():
        if place_of(name) is not None:
            marks = _row_marks(folder, [c.field for c in columns], rows)
            found |= {Cell(row_id, name): marks[row_id] for row_id in rows}
            continue
        texts = _picked(folder, [fields[name]], np.array(rows, dtype=np.int64))
        pairs = zip(rows, texts[fields[name]].tolist(), strict=True)
        found |= {Cell(row_id, name): text for row_id, text in pairs}
    return found


def _row_marks(folder: Path, fields: Sequence[str], rows: Sequence[int]) -> dict[int, str]:
    """Return the marks of whole rows, which stand where a cell has its text."""
    ids = sorted(set(rows))
    texts = _picked(folder, fields, np.array(ids, dtype=np.int64))
    lines = zip(*(texts[field].tolist() for field in fields), strict=True)
    return {row_id: row_mark(line) for row_id, line in zip(ids, lines, strict=True)}


def _picked(folder: Path, fields: Sequence[str], rows: IntArray) -> dict[str, np.ndarray]:
    """Return the texts of rows in the order asked for; one block is in memory at a time."""
    order = np.argsort(rows, kind="stable")
    arranged = rows[order]
    found = {name: np.empty(len(rows), dtype=object) for name in fields}
    if not len(rows) or not fields:
        return found
    for batch in intake.text_batches(folder, fields, limit=int(arranged[-1]) + 1):
        ids = numpy_of(batch.column(ROW_ID))
        first, last = np.searchsorted(arranged, [ids[0], ids[-1] + 1])
        if first == last:
            continue
        part = arranged[first:last] - ids[0]
        for name in fields:
            texts = batch.column(name).take(arrow_of(part)).to_pylist()
            found[name][order[first:last]] = texts
    return found
