"""The input columns of a mixed table: which are read, as what, and their values as numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.data.value_texts import Spelling, value_text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]

MAX_ABS = 1e30
"""Numbers beyond it, and infinite ones, are moved here: squares must stay finite."""
TEXT_CUT = 2_000
"""Characters read of one text."""
MAX_COPIES = 0.1
"""Largest share of the rows that are taken for copies of one another (ours: half of a fold)."""
LEAST_BY_CHANCE = 5.0
"""Rows with one content that chance must make before such rows count as no copies (ours)."""
TIMES_CHANCE = 3.0
"""How many times as many there may be (ours): columns of a table are related."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns are read, and as what (display names, in file order)."""

    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    times: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read."""
        return self.numbers + self.times + self.categories + self.texts


def plan(version: DatasetVersion, *, leave_out: Collection[str] = ()) -> Plan:
    """Sort the input columns of ``version`` by the way they are encoded."""
    ways = {c.name: _way(c) for c in version.inputs if c.name not in leave_out}

    def of(way: str) -> tuple[str, ...]:
        return tuple(name for name, own in ways.items() if own == way)

    return Plan(of("number"), of("category"), of("time"), of("text"))


def _way(column: Column) -> str:
    if column.kind is Kind.DATETIME and column.storage is Storage.DATETIME:
        return "time"
    if column.is_number:
        return "number"
    if column.storage is Storage.TEXT and (column.kind.is_wordy or column.role is Role.TEXT):
        return "text"
    return "category"


def content_keys(frame: pd.DataFrame, names: Collection[str]) -> NDArray[np.uint64]:
    """Return one number per row, equal for rows with equal values, whatever the row order."""
    import pandas as pd

    if not names:
        return np.zeros(len(frame), dtype=np.uint64)
    hashed = pd.util.hash_pandas_object(frame[list(names)], index=False)
    return np.asarray(hashed, dtype=np.uint64)


def expected_counts(frame: pd.DataFrame, names: Collection[str]) -> FloatArray:
    """Return in how many rows the content of each row would stand, were columns unrelated."""
    n = len(frame)
    expected = np.full(n, float(n))
    for name in names:
        code = frame[name].factorize(use_na_sentinel=False)[0]
        expected *= np.bincount(code)[code] / n
    return expected


def without_cells(
    keys: NDArray[np.uint64], expected: FloatArray | None = None
) -> NDArray[np.uint64]:
    """Return the keys of rows, with keys of their own for rows whose contents are too frequent.

    Rows with equal contents stay in one fold, so that no model is tested on a copy of a row that it
    has seen. Contents of more than a tenth of the rows, and those that chance makes about as
    often, are no copies but cells of a coarse table: kept in one fold, no model would ever have
    seen what it is asked about.

    Parameters
    ----------
    expected
        See :func:`expected_counts`; None: only the tenth of the rows counts.
    """
    found, first, code, n = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    frequent = n > MAX_COPIES * len(keys)
    if expected is not None:
        by_chance = expected[first]
        frequent |= (by_chance >= LEAST_BY_CHANCE) & (n <= TIMES_CHANCE * by_chance)
    if not frequent.any():
        return keys
    order = np.argsort(code, kind="stable")
    nth = np.empty(len(keys), dtype=np.uint64)
    nth[order] = np.arange(len(keys)) - np.repeat(np.cumsum(n) - n, n)
    with np.errstate(over="ignore"):
        own = mixed(found[code] + nth * np.uint64(0xD1B54A32D192ED03), 1)
    return np.where(frequent[code], own, keys)


def mixed(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return ``keys`` shuffled by ``seed`` (splitmix64), so that an order by them is random."""
    with np.errstate(over="ignore"):
        z = keys + np.uint64(0x9E3779B97F4A7C15) * np.uint64(seed % 2**32 + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def value_names(series: pd.Series, spelling: Spelling | None = None) -> pd.Series:
    """Return the values of a column as the profile writes them; missing is None.

    Parameters
    ----------
    spelling
        How the file writes true and false, where the names are shown.
    """
    import pandas as pd

    codes, values = pd.factorize(series)
    texts = [value_text(value, spelling) for value in values.tolist()]
    names = np.array([*texts, None], dtype=object)
    return pd.Series(names[codes], index=series.index, dtype=object)


def number_values(series: pd.Series) -> FloatArray:
    """Return a numeric column as floats; missing is NaN, infinite is ``MAX_ABS``."""
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.clip(values, -MAX_ABS, MAX_ABS))


TIME_PARTS = ("day", "hour", "weekday", "month")
_HOUR = 3_600 * 1_000_000
_DAY = 24 * _HOUR
_THURSDAY = 3
"""The weekday of 1970-01-01, counted from Monday = 0."""


def time_values(series: pd.Series) -> FloatArray:
    """Return days since 1970, hour, weekday and month, shape (n, 4); missing is NaN.

    Microseconds hold every day of the years 1 to 9999; the nanoseconds that pandas computes with
    end in 2262.
    """
    times = series.to_numpy(dtype="datetime64[us]")
    ticks = times.astype(np.int64)
    parts = (
        ticks / _DAY,
        ticks % _DAY // _HOUR,
        (ticks // _DAY + _THURSDAY) % 7,
        times.astype("datetime64[M]").astype(np.int64) % 12 + 1,
    )
    return np.where(np.isnat(times)[:, None], np.nan, np.column_stack(parts))


def joined_text(frame: pd.DataFrame, texts: tuple[str, ...]) -> list[str]:
    """Return the free texts of each row as one text."""
    parts = [frame[name].fillna("").str.slice(0, TEXT_CUT).tolist() for name in texts]
    return [" ".join(row) for row in zip(*parts, strict=True)]
