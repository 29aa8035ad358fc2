"""Pairs of columns that carry the same information."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask
from components.core.data.dataset import DatasetVersion
from components.core.data.query import Agg, Fn
from components.core.data.table import Sample, Table
from components.core.data.value_texts import value_text
from components.profiling.pair_measures.ranks import spearman, unit_ranks

if TYPE_CHECKING:
    import pandas as pd

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
MIN_COMPLETE = 30
"""Rows with both values, for a rank correlation."""
MIN_RANKS = 10
"""Different values of a number whose ranks are compared; fewer are categories."""
PREFILTER = 0.65
"""Rough correlation worth a second look: 0.99 shrinks to 0.7 when half of a column is missing."""
MAX_PAIRS_TOLD = 500
MAX_TRIES_EACH = 20
"""Pairs per column that are tried beyond these, to join columns into sets; at half a millisecond
each, 1,000 columns take 10 seconds at worst."""
MAX_VALUES = 200_000
"""Different values up to which one-to-one is confirmed; with more, columns must be equal."""
MAX_COMBINED = 10_000
"""Combinations of two short columns that are fetched; with more, nothing is confirmed."""
MAX_SHORT = 100
"""Columns with few values that are compared pair by pair."""


class Relation(StrEnum):
    """How two columns say the same."""

    EQUAL = "equal values"
    RENAMED = "one to one"
    RANKS = "rank correlation"


@dataclass(frozen=True, slots=True)
class Link:
    """Two columns that say the same; strength in [0, 1]."""

    a: str
    b: str
    relation: Relation
    strength: float


class _Sets:
    """Sets of names that grow together; the first name in order stands for its set."""

    def __init__(self, names: Iterable[str]) -> None:
        self._root = {name: name for name in names}
        self._place = {name: i for i, name in enumerate(self._root)}

    def find(self, name: str) -> str:
        """Return the name that stands for the set of ``name``."""
        while self._root[name] != name:
            name = self._root[name]
        return name

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        first, second = sorted((self.find(one), self.find(other)), key=self._place.__getitem__)
        self._root[second] = first


def codes(series: pd.Series) -> IntArray:
    """Return numbers that stand for the values in order of appearance; missing is a value."""
    import pandas as pd

    return np.asarray(pd.factorize(series, use_na_sentinel=False)[0], dtype=np.int64)


def renamed(table: Table, sample: Sample, names: Sequence[str]) -> list[Link]:
    """Return the columns with one pattern of repetition on the whole table, linked to the first.

    Columns whose values hardly repeat share a pattern by nature; they must be equal.
    """
    n = len(sample.row_id)
    buckets: dict[tuple[bytes, bytes], list[str]] = {}
    for name in names:
        pattern = codes(sample.frame[name])
        few = len(np.unique(pattern)) <= n / 2
        text = b"" if few else _content(sample.frame[name])
        buckets.setdefault((pattern.tobytes(), text), []).append(name)
    links = []
    for (_, text), bucket in buckets.items():
        first = bucket[0]
        for name in bucket[1:]:
            relation = (_seen_equal if text else _confirmed)(table, first, name)
            if relation is not None:
                links.append(Link(first, name, relation, 1.0))
    return links


def _seen_equal(table: Table, a: str, b: str) -> Relation | None:
    batches = table.batches(columns=[a, b])
    same = all(_content(batch.frame[a]) == _content(batch.frame[b]) for batch in batches)
    return Relation.EQUAL if same else None


def _content(series: pd.Series) -> bytes:
    import pandas as pd

    values = series.astype("object").map(lambda v: "" if pd.isna(v) else value_text(v))
    return bytes(pd.util.hash_pandas_object(values, index=False).to_numpy().tobytes())


def _confirmed(table: Table, a: str, b: str) -> Relation | None:
    """Compare two columns on the whole table, batch by batch.

    Values past :data:`MAX_VALUES` are not remembered: from there on only equal ones confirm.
    """
    forth: dict[Any, Any] = {}
    back: dict[Any, Any] = {}
    equal = True
    for batch in table.batches(columns=[a, b]):
        pairs = batch.frame.drop_duplicates().astype("object")
        pairs = pairs.where(pairs.notna(), None)
        for x, y in zip(pairs[a].tolist(), pairs[b].tolist(), strict=True):
            equal = equal and x == y
            if equal and len(forth) >= MAX_VALUES:
                continue
            if forth.setdefault(x, y) != y or back.setdefault(y, x) != x:
                return None
            if len(forth) > MAX_VALUES:
                return None
    return Relation.EQUAL if equal else Relation.RENAMED


def rank_correlations(
    sample: Sample, version: DatasetVersion, max_columns: int, least: float
) -> list[Link]:
    """Return the strongest rank correlations between numbers, strongest first.

    Missing values take the mean rank for a first look at all pairs at once; the pairs that come
    near are computed on the rows where both are present.

    Parameters
    ----------
    least
        Strength that holds columns together, in [0, 1]; what it holds together is complete.
    """
    numeric = [c.name for c in version.single_inputs if c.is_number]
    values = {n: _floats(sample.frame[n]) for n in numeric if n in sample.frame}
    values = {n: v for n, v in values.items() if len(np.unique(v[~np.isnan(v)])) >= MIN_RANKS}
    names = list(values)[:max_columns]
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return []
    ranks = np.column_stack([unit_ranks(values[name]) for name in names])
    rough = np.abs(ranks.T @ ranks)
    near = [(int(i), int(j)) for i, j in np.argwhere(np.triu(rough >= PREFILTER, 1))]
    near.sort(key=lambda ij: -rough[ij])
    links = _links([(names[i], names[j]) for i, j in near], values, least)
    return sorted(links, key=lambda link: -link.strength)


def _links(near: list[tuple[str, str]], values: dict[str, FloatArray], least: float) -> list[Link]:
    """Return the first links, and of the others those that join two sets of columns.

    A hundred columns that say the same make 4,950 pairs: the rest of the table must not go short,
    and no column of the hundred be forgotten.
    """
    sets = _Sets(values)
    left = MAX_TRIES_EACH * len(values)
    links = []
    for number, (a, b) in enumerate(near):
        if number >= MAX_PAIRS_TOLD and (sets.find(a) == sets.find(b) or left <= 0):
            continue
        left -= number >= MAX_PAIRS_TOLD
        r = _rank_strength(values[a], values[b])
        if r > 0 and (number < MAX_PAIRS_TOLD or r >= least):
            links.append(Link(a, b, Relation.RANKS, r))
        if r >= least:
            sets.join(a, b)
    return links


def _floats(series: pd.Series) -> FloatArray:
    return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _rank_strength(a: FloatArray, b: FloatArray) -> float:
    """Return the size of the rank correlation on complete rows; 0 where there are too few."""
    both = ~(np.isnan(a) | np.isnan(b))
    if int(both.sum()) < MIN_COMPLETE or both.mean() < 0.5:  # noqa: PLR2004 - most rows
        return 0.0
    return abs(spearman(a[both], b[both]))


def clusters(names: Sequence[str], links: Sequence[Link]) -> list[list[str]]:
    """Return the sets of columns that links hold together, in file order."""
    together = _Sets(names)
    for link in links:
        together.join(link.a, link.b)
    sets: dict[str, list[str]] = {}
    for name in names:
        sets.setdefault(together.find(name), []).append(name)
    return [members for members in sets.values() if len(members) > 1]


def determined(
    table: Table, sample: Sample, names: Sequence[str], limits: tuple[int, int]
) -> list[tuple[str, str]]:
    """Return (target, source) pairs where the source tells the target on the whole table.

    Parameters
    ----------
    limits
        Most values of a source; fewest rows per value.
    """
    max_values, min_rows = limits
    short = {}
    for name in names:
        pattern = codes(sample.frame[name])
        n_values = len(np.unique(pattern))
        if 1 < n_values <= min(max_values, len(pattern) / min_rows):
            short[name] = pattern
        if len(short) == MAX_SHORT:
            break
    found = []
    for target in short:
        for source in _sources(target, short):
            if _holds(table, target, source, min_rows):
                found.append((target, source))
                break
    return found


def _sources(target: str, short: dict[str, IntArray]) -> Iterator[str]:
    """Yield the columns that determine ``target`` on the sample, fewest values first."""
    goal = short[target]
    n_goal = int(goal.max()) + 1
    for name in sorted(short, key=lambda other: int(short[other].max())):
        n_values = int(short[name].max()) + 1
        if name != target and n_values > n_goal:
            pairs = np.unique(short[name] * n_goal + goal)
            if len(pairs) == n_values:
                yield name


def _holds(table: Table, target: str, source: str, min_rows: int) -> bool:
    """Return whether each value of ``source`` has one value of ``target`` in every row."""
    records = table.groups([source, target], {"n": Agg(Fn.ROWS)}, limit=MAX_COMBINED + 1)
    if len(records) > MAX_COMBINED:
        return False
    sources = {r[source] for r in records}
    rows: dict[object, int] = {}
    for record in records:
        rows[record[target]] = rows.get(record[target], 0) + ask.whole(record["n"])
    return len(sources) == len(records) and min(rows.values()) >= min_rows
