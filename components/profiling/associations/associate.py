"""How the columns of a table go together: every pair of kinds, in a bounded time and memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.core.facts.associations import AssociationMeasure, Associations
from components.core.facts.profile import DatasetProfile
from components.core.progress import Progress, silent
from components.engine.table.open_table import SqlTable
from components.profiling.associations import choose
from components.profiling.associations import matrix_order as arrange
from components.profiling.associations.compare import (
    AllPairs,
    Work,
    all_pairs,
    strongest_first,
    with_power,
)
from components.profiling.associations.read_columns import ColumnReader
from components.profiling.associations.sampling_error import error_bound, with_errors
from components.profiling.pair_measures.codes import Prepared
from components.profiling.pair_measures.predictive_power import folds

MAX_PAIRS = 2_000
"""Pairs that are kept with their figures, the strongest ones."""


def associate(
    table: SqlTable, facts: DatasetProfile, *, seed: int = 0, progress: Progress | None = None
) -> Associations:
    """Return how the columns of a table go together.

    Up to 100,000 rows every figure is exact; above, all pairs are computed on one seeded sample of
    100,000 rows. Of more than 200 columns, all are compared with the label, and the 200 that
    matter most with each other.

    Parameters
    ----------
    facts
        The profile of the table.
    progress
        Called with the share that is done, in [0, 1], and the next step; may raise to cancel.
    """
    say = progress or silent
    say(0.0, "reading columns")
    rows = choose.draw(table, seed)
    gapped = choose.with_gaps(table, facts)
    often = choose.repeated(facts)
    reader = ColumnReader(table=table, rows=rows, with_gaps=gapped, often=often)
    work = Work(fold=folds(reader.n_rows, seed))
    _gather(work, reader, facts, say)
    missing = arrange.gaps([column.name for column in gapped], reader.gaps(say))
    compared = all_pairs(work.columns, say)
    strongest = compared.pairs(MAX_PAIRS)
    to_label = compared.pairs_with(work.label) if work.label else []
    powered = with_power(work, dict.fromkeys([*strongest, *to_label]), say)
    kept = tuple(powered[pair] for pair in strongest)
    with_label = work.with_label | {pair.first: powered[pair] for pair in to_label}
    say(0.98, "putting in order")
    names = [column.name for column in work.columns]
    found = Associations(
        n_rows=table.version.n_rows,
        n_used=reader.n_rows,
        error_bound=None,
        matrix=arrange.matrix(names, compared.values),
        pairs=kept,
        clusters=arrange.clusters(_in_file_order(table, names), kept),
        with_label=tuple(sorted(with_label.values(), key=strongest_first)),
        missing=missing,
        left_out=_in_order_of(table, work.left_out),
    )
    return found if rows is None else _with_errors(found, compared)


def _with_errors(found: Associations, compared: AllPairs) -> Associations:
    """Say how far the figures of a sample may be from those of the table."""
    names = {column.name for column in compared.columns}
    others = [pair for pair in found.with_label if pair.first not in names]
    more = [pair.n for pair in others if pair.measure is AssociationMeasure.SPEARMAN]
    rows = [*compared.rank_rows().tolist(), *more]
    return replace(
        found,
        error_bound=error_bound(min(rows, default=found.n_used), len(rows)),
        pairs=with_errors(found.pairs, len(rows)),
        with_label=with_errors(found.with_label, len(rows)),
    )


def _in_file_order(table: SqlTable, names: Sequence[str]) -> list[str]:
    wanted = set(names)
    return [c.name for c in table.version.columns if c.name in wanted]


def _in_order_of(table: SqlTable, reasons: dict[str, str]) -> dict[str, str]:
    return {name: reasons[name] for name in _in_file_order(table, list(reasons))}


def _gather(work: Work, reader: ColumnReader, facts: DatasetProfile, say: Progress) -> None:
    """Read the columns and keep those that matter most: of many, each is compared with the label.

    Of few, all pairs are compared later.
    """
    usable, work.left_out = choose.eligible(reader.table, facts)
    are_many = len(usable) > choose.MAX_COLUMNS
    label = reader.table.version.label
    ready: list[Prepared] = []
    n_read = 0
    for batch in reader.columns(usable):
        for column in batch:
            n_read += 1
            say(0.4 * n_read / len(usable), "reading columns")
            if label is not None and column.name == label.name:
                work.label = column
            elif work.label is not None and are_many:
                work.add_with_label(column, work.label)
        # the label is read first: without one, the columns with the fewest gaps are compared
        if work.label is None and len(ready) + len(batch) >= choose.MAX_COLUMNS:
            ready = [*ready, *batch][: choose.MAX_COLUMNS]
            break
        ready = choose.nearest([*ready, *batch], work.strengths, label.name if label else "")
        work.keep(ready)
    names = _in_file_order(reader.table, [c.name for c in ready])
    place = {name: i for i, name in enumerate(names)}
    work.columns = sorted(ready, key=lambda c: (c is work.label, place[c.name]))
    work.left_out |= reader.left_out
    work.left_out |= choose.not_all_pairs(usable, work)
