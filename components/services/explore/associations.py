"""How the columns of a table go together, and the rows behind a pair of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components.core.data.query import Agg, AllOf, Condition, Fn, Missing, Not, OneOf, Scalar
from components.core.facts.associations import Associations
from components.engine.table.open_table import SqlTable, open_table
from components.jobs.folder import RunFolder
from components.profiling.value_text import cut
from components.services.data import datasets
from components.services.runs import runs
from components.services.runs.read_once import cached
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

PAIR_ROWS = 2_000
"""Rows of a pair that a picture shows: more points lie on each other, and a message to the browser
stays under 100 kB."""

TOP = 12
"""Values of each column that a contingency table tells apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contingency:
    """The rows per pair of values of two columns; exact, over all rows with both values.

    Attributes
    ----------
    rows
        The most frequent values of ``first``, as texts, most frequent first.
    columns
        The same for ``second``.
    counts
        One line per value of ``first``. Where ``other_rows``, a last line holds all its other
        values together; where ``other_columns``, a last count in each line those of ``second``.
    """

    first: str
    second: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    other_rows: bool = False
    other_columns: bool = False

    @property
    def n(self) -> int:
        """Rows with both values."""
        return sum(map(sum, self.counts))


def associations(ws: Workspace, run_id: str) -> Associations | None:
    """Return how the columns go together; None while it is not there.

    Where a run is over and there is none, the run was stopped before, or the computation failed:
    :attr:`~components.core.judgement.runs.RunStatus.notes` says so.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    runs.spec(ws, run_id)
    return cached(Associations, RunFolder(ws.files.run(run_id)).associations_file)


def pair_rows(
    ws: Workspace,
    run_id: str,
    first: str,
    second: str,
    *,
    n: int = PAIR_ROWS,
    seed: int | None = None,
) -> pd.DataFrame:
    """Return typed values of two columns, indexed by row id, ascending; missing ones as they are.

    The rows are drawn with the seed of the run, so they are among those that the figures of a
    large table were computed from.

    Parameters
    ----------
    n
        Most rows.
    seed
        Another seed than that of the run.

    Raises
    ------
    NotFound
        When there is no such run or column.
    """
    import pandas as pd

    with _open(ws, run_id) as table:
        drawn = runs.spec(ws, run_id).seed if seed is None else seed
        sample = table.sample(n, seed=drawn, columns=[first, second])
    return sample.frame.set_axis(pd.Index(sample.row_id, name="row_id"), axis=0)


def contingency(ws: Workspace, run_id: str, first: str, second: str, top: int = TOP) -> Contingency:
    """Return the rows per pair of values of two columns, the rarer values put together.

    Raises
    ------
    NotFound
        When there is no such run or column.
    """
    both: tuple[Condition, ...] = (Not(Missing(first)), Not(Missing(second)))
    with _open(ws, run_id) as table:
        rows = _frequent(table, first, both, top)
        columns = _frequent(table, second, both, top)
        total = table.aggregate({"n": Agg(Fn.ROWS)}, where=AllOf(both))["n"]
        among = AllOf((*both, _one_of(first, rows), _one_of(second, columns)))
        joint = table.groups([first, second], {"n": Agg(Fn.ROWS)}, where=among)
    cells = {(record[first], record[second]): _whole(record["n"]) for record in joint}
    counts = [[cells.get((a, b), 0) for b in columns] for a in rows]
    rest_rows = _whole(total) - sum(rows.values())
    rest_columns = _whole(total) - sum(columns.values())
    if rest_columns:
        for line, n in zip(counts, rows.values(), strict=True):
            line.append(n - sum(line))
    if rest_rows:
        others = [n - sum(line[j] for line in counts) for j, n in enumerate(columns.values())]
        counts.append([*others, rest_rows - sum(others)] if rest_columns else others)
    return Contingency(
        first=first,
        second=second,
        rows=tuple(cut(table.version.column(first).text_of(value)) for value in rows),
        columns=tuple(cut(table.version.column(second).text_of(value)) for value in columns),
        counts=tuple(map(tuple, counts)),
        other_rows=rest_rows > 0,
        other_columns=rest_columns > 0,
    )


@contextmanager
def _open(ws: Workspace, run_id: str) -> Iterator[SqlTable]:
    """Open the table as the run reads it: kinds may have been changed since."""
    version = runs.spec(ws, run_id).dataset
    info = replace(datasets.get(ws, version.id), version=version)
    path = datasets.table_path(info)
    with open_table(version, path, memory_limit=ws.settings.memory_limit) as table:
        yield table


def _frequent(
    table: SqlTable, name: str, both: tuple[Condition, ...], top: int
) -> dict[Scalar, int]:
    found = table.groups(
        [name], {"n": Agg(Fn.ROWS)}, where=AllOf(both), order_by="n", limit=max(top, 1)
    )
    return {record[name]: _whole(record["n"]) for record in found}


def _one_of(name: str, values: dict[Scalar, int]) -> OneOf:
    return OneOf(name, tuple(value for value in values if value is not None))


def _whole(value: Scalar) -> int:
    return value if isinstance(value, int) else 0
