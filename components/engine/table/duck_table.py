"""A table over a typed Parquet file, answered by the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, DatasetVersion
from components.core.data.query import Agg, Condition, Fn, Scalar
from components.core.data.table import IntArray, Repeats, Sample
from components.core.errors import Conflict, NotFound
from components.engine.arrays import arrow_of
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.frames import frame_of, ids_of, sample_of, scalar
from components.engine.sql import sampling
from components.engine.sql.aggregates import descending, measure
from components.engine.sql.expressions import (
    DATA,
    condition,
    field,
    find,
    named,
    select,
    sourced,
    text_of,
)
from components.engine.table.footer import few_values
from components.engine.table.held_columns import HeldColumns
from components.engine.table.repeats import FIRST, repeated

if TYPE_CHECKING:
    import pandas as pd

_ASKED = "asked"

_BLOCK_ROWS = 131_072
_BLOCK_CELLS = 5_000_000
"""Small batches are cut from blocks of about this size: each reading of the file costs the same."""


@contextmanager
def open_parquet(
    version: DatasetVersion,
    path: Path,
    *,
    memory_limit: int = DEFAULT_MEMORY,
    held: HeldColumns | None = None,
) -> Iterator[DuckTable]:
    """Open the typed Parquet file of a dataset version.

    See :func:`components.engine.table.open_table.open_table`.
    """
    if not path.is_file():
        raise NotFound(f"The table of {version.name} is not stored any more.", "Upload it again.")
    with connect(memory_limit) as connection:
        table = DuckTable(version, path, connection, held)
        rows = table.aggregate({"n": Agg(Fn.ROWS)})["n"]
        if rows != version.n_rows:
            raise Conflict(
                f"The stored table of {version.name} has {rows:,} rows, not {version.n_rows:,}.",
                "Upload the file again.",
            )
        yield table


class DuckTable:
    """A :class:`components.core.data.facts_table.FactsTable` over a typed Parquet file.

    Each question runs on its own cursor, so several threads may ask at the same time.

    Attributes
    ----------
    version
        What is being asked.
    path
        The typed Parquet file.
    """

    def __init__(
        self,
        version: DatasetVersion,
        path: Path,
        connection: duckdb.DuckDBPyConnection,
        held: HeldColumns | None = None,
    ) -> None:
        self.version = version
        self.path = path
        self._connection = connection
        self._draws: dict[tuple[int, int], IntArray] = {}
        self._held = HeldColumns() if held is None else held

    def aggregate(
        self, measures: Mapping[str, Agg], *, where: Condition | None = None
    ) -> dict[str, Scalar]:
        """Return one value per measure over the rows that satisfy ``where``, in one pass."""
        return self.groups((), measures, where=where)[0] if measures else {}

    def groups(
        self,
        by: Sequence[str],
        measures: Mapping[str, Agg],
        *,
        where: Condition | None = None,
        order_by: str | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Scalar]]:
        """Return one record per combination of values of ``by`` (missing is a value: None).

        Ordered by the measure ``order_by``, largest first and None last, then by the columns of
        ``by``, smallest first and None last.
        """
        keys = [field(find(self.version, name).field) for name in by]
        aliases = {name: f"m{i}" for i, name in enumerate(measures)}
        selected: list[exp.Expr] = [key.as_(f"g{i}", quoted=True) for i, key in enumerate(keys)]
        for name, agg in measures.items():
            selected.append(measure(self.version, agg).as_(aliases[name], quoted=True))
        statement = self._select(selected, where).group_by(*keys)
        order = [exp.Ordered(this=key, nulls_first=False) for key in keys]
        if order_by is not None:
            order.insert(0, descending(aliases, order_by))
        if order:
            statement = statement.order_by(*order)
        if limit is not None:
            statement = statement.limit(limit)
        names = [*by, *measures]
        return [dict(zip(names, row, strict=True)) for row in self._fetch(statement)]

    def sample(
        self,
        n: int,
        *,
        seed: int,
        columns: Sequence[str] | None = None,
        where: Condition | None = None,
    ) -> Sample:
        """Return at most ``n`` rows drawn without replacement, the same ones for the same seed.

        Every set of ``n`` rows is about as likely as any other over the seeds; see
        :mod:`components.engine.sql.sampling`.
        """
        wanted = self._columns(columns)
        n_total = self.version.n_rows if where is None else self._count(where)
        if n < n_total:
            found = self._among(_fields(wanted), self._drawn(n, seed, where, n_total))
        else:
            found = self._arrow(self._select(_fields(wanted), where).order_by(field(ROW_ID)))
        return sample_of(found, wanted, n_total)

    def draw(self, n: int, *, seed: int) -> IntArray:
        """Return the rows of the same sample without their values, ascending; drawn once."""
        if (n, seed) not in self._draws:
            self._draws[n, seed] = self._drawn(n, seed, None, self.version.n_rows)
        return self._draws[n, seed]

    def rows(self, row_id: IntArray, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows asked for, in the order asked for, indexed by ``row_id``.

        Raises
        ------
        NotFound
            When a row or a column is not there.
        """
        wanted = self._columns(columns)
        asked = np.asarray(row_id, dtype=np.int64)
        unique, place = np.unique(asked, return_inverse=True)
        ids = exp.select(field(ROW_ID)).from_(_ASKED)
        statement = self._select(_fields(wanted), None).where(field(ROW_ID).isin(ids))
        found = self._arrow(statement.order_by(field(ROW_ID)), asked=unique)
        if found.num_rows != len(unique):
            lost = np.setdiff1d(unique, ids_of(found, ROW_ID))
            raise NotFound(f"There is no row {lost[0]} in {self.version.name}.")
        frame = frame_of(found, wanted).take(place)
        return frame.set_axis(asked, axis=0).rename_axis(ROW_ID)

    def row_ids(self, where: Condition, *, limit: int | None = None) -> IntArray:
        """Return the ids of the rows that satisfy ``where``, ascending."""
        statement = self._select([field(ROW_ID)], where).order_by(field(ROW_ID))
        if limit is not None:
            statement = statement.limit(limit)
        return ids_of(self._arrow(statement), ROW_ID)

    def batches(
        self, *, columns: Sequence[str] | None = None, size: int = 65_536
    ) -> Iterator[Sample]:
        """Yield the whole table in row order, ``size`` rows at a time."""
        wanted = self._columns(columns)
        n_rows = self.version.n_rows
        block = size * max(1, min(_BLOCK_ROWS, _BLOCK_CELLS // max(1, len(wanted))) // size)
        for start in range(0, n_rows, block):
            inside = exp.and_(
                exp.GTE(this=field(ROW_ID), expression=exp.Literal.number(start)),
                exp.LT(this=field(ROW_ID), expression=exp.Literal.number(start + block)),
            )
            statement = self._select(_fields(wanted), None).where(inside)
            found = self._arrow(statement.order_by(field(ROW_ID)))
            for offset in range(0, found.num_rows, size):
                yield sample_of(found.slice(offset, size), wanted, n_rows)

    def repeats(self, columns: Sequence[str]) -> Repeats:
        """Return the rows that equal an earlier row in all of ``columns`` (missing = missing)."""
        found = self._arrow(repeated(self._columns(columns)))
        return Repeats(row_id=ids_of(found, ROW_ID), first=ids_of(found, FIRST))

    @property
    def n_bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size

    def bytes_in_memory(self) -> dict[str, int]:
        """Return the bytes of each column that is in memory already, by field."""
        return self._held.sizes()

    def few_values(self, n_values: int, n_bytes: int) -> frozenset[str]:
        """Return fields of columns that are known to differ little without reading them."""
        with self._connection.cursor() as cursor:
            return few_values(cursor, self.path, n_values, n_bytes)

    def query(self, statement: exp.Expr) -> list[dict[str, Scalar]]:
        """Return the records of a statement over the table ``data``."""
        found = self._arrow(statement)
        names = found.column_names
        columns = (found.column(i).to_pylist() for i in range(len(names)))
        return [
            {name: scalar(value) for name, value in zip(names, row, strict=True)}
            for row in zip(*columns, strict=True)
        ]

    def arrow(self, columns: Sequence[Column], *, rows: IntArray | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return ``row_id`` and the columns as an Arrow table, in row order."""
        return self._whole(columns) if rows is None else self._among(_fields(columns), rows)

    def gaps(self, columns: Sequence[Column], *, rows: IntArray | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return where the columns have no value as :meth:`arrow` does, without their values."""
        flags = (exp.Is(this=field(c.field), expression=exp.null()) for c in columns)
        selected = [named(flag, c.field) for flag, c in zip(flags, columns, strict=True)]
        return self._among([field(ROW_ID), *selected], rows)

    def fetch(self, statement: exp.Expr) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return the same as :meth:`query` as an Arrow table: for many records."""
        return self._arrow(statement)

    def stream(self, statement: exp.Expr, size: int) -> Iterator[Any]:
        """Yield the same as Arrow record batches of at most ``size`` records: for any number."""
        with self._connection.cursor() as cursor:
            yield from cursor.sql(self._text(statement)).to_arrow_reader(size)

    def _columns(self, names: Sequence[str] | None) -> list[Column]:
        if names is None:
            return list(self.version.columns)
        return [find(self.version, name) for name in dict.fromkeys(names)]

    def _select(self, selected: Sequence[exp.Expr], where: Condition | None) -> exp.Select:
        statement = exp.select(*selected).from_(DATA)
        return statement if where is None else statement.where(condition(self.version, where))

    def _drawn(self, n: int, seed: int, where: Condition | None, n_total: int) -> IntArray:
        ids = self._select([field(ROW_ID)], where)
        return sampling.draw(ids, n, n_total, seed, lambda s: ids_of(self._arrow(s), ROW_ID))

    def _count(self, where: Condition) -> int:
        rows = self.aggregate({"rows": Agg(Fn.ROWS)}, where=where)["rows"]
        return rows if isinstance(rows, int) else 0

    def _text(self, statement: exp.Expr) -> str:
        return text_of(sourced(statement, self.version, self.path))

    def _whole(self, columns: Sequence[Column]) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return whole columns in row order; those of a short table are read once."""
        names = [ROW_ID, *(column.field for column in columns)]
        return self._held.table(names, lambda asked: self._among(list(map(field, asked)), None))

    def _among(self, selected: Sequence[exp.Expr], rows: IntArray | None) -> Any:  # noqa: ANN401 - pyarrow
        """Return what is selected in row order; the engine reads a whole file in order."""
        if rows is None:
            return self._arrow(select(selected))
        inside = field(ROW_ID).isin(select([field(ROW_ID)], _ASKED), copy=False)
        statement = select(selected).where(inside, copy=False)
        return self._arrow(statement.order_by(field(ROW_ID), copy=False), asked=rows)

    def _fetch(self, statement: exp.Expr) -> list[tuple[Scalar, ...]]:
        with self._connection.cursor() as cursor:
            rows = cursor.execute(self._text(statement)).fetchall()
        return [tuple(scalar(value) for value in row) for row in rows]

    def _arrow(self, statement: exp.Expr, *, asked: IntArray | None = None) -> Any:  # noqa: ANN401 - pyarrow
        import pyarrow as pa

        with self._connection.cursor() as cursor:
            if asked is not None:
                cursor.register(_ASKED, pa.table([arrow_of(asked)], names=[ROW_ID]))
            return cursor.sql(self._text(statement)).to_arrow_table()


def _fields(columns: Sequence[Column]) -> list[exp.Expr]:
    return [field(ROW_ID), *(field(column.field) for column in columns)]
