"""Drawing the map of a run: which rows are on it, where they lie, how it is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from components.checks._lib import features
from components.checks._lib.features import Plan
from components.checks._lib.projection import project
from components.core.data.dataset import DatasetVersion
from components.core.data.table import IntArray, Table
from components.core.errors import Cancelled
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.facts.row_map import MapFacts, RowMap
from components.core.judgement.runs import RunSpec
from components.jobs.folder import RunFolder
from components.store.results import read_rows
from components.store.row_maps import write_map

log = logging.getLogger(__name__)

MOST_ROWS = 5_000
"""Rows on a map: 7 s of one core, and a picture that a browser still draws at once."""
MOST_CHOSEN = 2_500
"""Of these, rows that are there because a check flagged them; the sample needs room, too."""
MOST_COLUMNS = 100
"""Columns that place the rows: an encoding of more would not fit into a small memory."""
FEWEST_ROWS = 20
FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a map: ids ascending, and how many of them were chosen."""

    row_id: IntArray
    n_chosen: int


def draw(
    folder: RunFolder,
    spec: RunSpec,
    table: Table,
    known: DatasetProfile,
    say: Callable[[str], None],
) -> None:
    """Draw the map of a run whose checks have ended, and write it.

    Where it cannot be drawn the reason is written; the run goes on.

    Parameters
    ----------
    known
        The facts of the run: where columns are too many, they say which have a say.
    say
        Told what is being done; it raises :class:`Cancelled` when a person asked to stop.
    """
    say("Drawing the map of the rows")
    try:
        drawn = _drawn(folder, spec, table, known)
    except Cancelled:
        raise
    except Exception as error:
        log.exception("the map of run %s failed", spec.run_id)
        what = f"{type(error).__name__}: {error}"[:300]
        drawn = MapFacts(n_rows=table.version.n_rows, reason=f"It stopped with an error: {what}")
    write_map(folder.path, drawn)


def _drawn(
    folder: RunFolder, spec: RunSpec, table: Table, known: DatasetProfile
) -> RowMap | MapFacts:
    version = table.version
    plan, n_left_out = _bounded(version, known)
    if version.n_rows < FEWEST_ROWS:
        return MapFacts(n_rows=version.n_rows, reason=f"A map needs {FEWEST_ROWS} rows at least.")
    if len(plan.names) < FEWEST_COLUMNS:
        return MapFacts(
            n_rows=version.n_rows,
            reason=f"A map needs {FEWEST_COLUMNS} columns at least that a model may read.",
        )
    rows = _rows(folder, spec, table)
    frame = table.rows(rows.row_id, columns=plan.names).reset_index(drop=True)
    try:
        places, method = project(frame, plan, seed=spec.seed)
    except ValueError as error:
        return MapFacts(n_rows=version.n_rows, reason=str(error))
    facts = MapFacts(
        n_rows=version.n_rows,
        method=method,
        n_drawn=len(rows.row_id),
        n_chosen=rows.n_chosen,
        columns=plan.names,
        n_left_out=n_left_out,
        by_variety=True,
        seed=spec.seed,
    )
    return RowMap(facts=facts, row_id=rows.row_id, x=places[:, 0], y=places[:, 1])


def _bounded(version: DatasetVersion, known: DatasetProfile) -> tuple[Plan, int]:
    """Return the plan for the ``MOST_COLUMNS`` inputs that vary most, and how many are left out."""
    names = set(features.plan(version).names)
    inputs = [c.name for c in version.inputs if c.name in names]
    varied = {c.name: _varied(c) for c in known.columns}
    kept = sorted(inputs, key=lambda name: -varied.get(name, 0.0))[:MOST_COLUMNS]
    return features.plan(version, leave_out=names - set(kept)), len(inputs) - len(kept)


def _varied(column: ColumnProfile) -> float:
    """Return the share of rows that are neither empty nor hold the most frequent value.

    The label has no part in it: columns chosen by their ties with the label would let it place
    the rows. Equal columns come in the order of the file.
    """
    return column.completeness * (1.0 - (column.share_top or 0.0))


def _rows(folder: RunFolder, spec: RunSpec, table: Table) -> _Rows:
    n_rows = table.version.n_rows
    if n_rows <= MOST_ROWS:
        return _Rows(np.arange(n_rows, dtype=np.int64), 0)
    flagged = [_flagged(folder, check_id) for check_id in spec.checks]
    chosen = _taking_turns(flagged, MOST_CHOSEN)
    sampled = table.sample(MOST_ROWS - len(chosen), seed=spec.seed, columns=()).row_id
    ids = np.union1d(np.array(chosen, dtype=np.int64), sampled)
    return _Rows(ids, len(set(chosen) - set(sampled.tolist())))


def _flagged(folder: RunFolder, check_id: str) -> list[int]:
    """Return the rows that a check flagged, worst first, as many as a map takes."""
    found = read_rows(folder.path, check_id, flagged_only=True, limit=MOST_CHOSEN)
    return [] if found is None else [int(row_id) for row_id in found.row_id]


def _taking_turns(lists: Sequence[Sequence[int]], most: int) -> list[int]:
    """Return ids from all lists, the worst of each first, until there are ``most``."""
    order = (row_id for turn in zip_longest(*lists) for row_id in turn if row_id is not None)
    return list(dict.fromkeys(order))[:most]
