"""Columns that are empty in the same rows, or where the other one is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from components.checks._lib import ask
from components.core.data.dataset import DatasetVersion
from components.core.data.query import Agg, AllOf, AnyOf, Fn, Missing
from components.core.data.table import Table
from components.core.judgement.evidence import Matrix, Unit

MAX_PAIRS = 2_000
MAX_MATRIX = 12
COMPLEMENT = 0.95
"""Share of the rows with, and of those without a value, where the other column is the reverse."""


@dataclass(frozen=True, slots=True)
class MissingPattern:
    """Columns that lack a value in (nearly) the same rows; the first lacks most.

    Attributes
    ----------
    n_missing
        Rows without a value in the first column.
    n_joint, n_any
        Rows where all of the columns are empty; where at least one of them is.
    """

    columns: tuple[str, ...]
    n_missing: int
    n_joint: int
    n_any: int

    @property
    def leader(self) -> str:
        """The column that stands for all."""
        return self.columns[0]


@dataclass(frozen=True, slots=True)
class Complement:
    """Two columns of which one is filled where the other is empty; ``n_one``: such rows."""

    a: str
    b: str
    n_one: int

    def other(self, names: Sequence[str]) -> str:
        """Return the column that completes one of ``names``; "" for none."""
        return self.b if self.a in names else self.a if self.b in names else ""


def find_patterns(
    table: Table, missing: Mapping[str, int], together: float
) -> list[MissingPattern]:
    """Group columns whose sets of empty rows overlap by at least ``together`` (Jaccard index).

    Parameters
    ----------
    missing
        Rows without a value, for each column that has some.
    """
    order = sorted(missing, key=lambda name: -missing[name])
    both = _both_missing(table, list(islice(_alike(order, missing, together), MAX_PAIRS)))
    leader = {name: name for name in order}
    for (a, b), n in both.items():
        if n >= together * (missing[a] + missing[b] - n) and leader[a] == a and leader[b] == b:
            leader[b] = a
    gaps = {name: [name] for name in order if leader[name] == name}
    for name in order:
        if leader[name] != name:
            gaps[leader[name]].append(name)
    return [
        MissingPattern(tuple(names), missing[first], *_joint_and_any(table, names, missing))
        for first, names in gaps.items()
    ]


def _joint_and_any(
    table: Table, names: Sequence[str], missing: Mapping[str, int]
) -> tuple[int, int]:
    """Return the rows where all of ``names`` are empty, and those where one of them is."""
    if len(names) == 1:
        return missing[names[0]], missing[names[0]]
    empty = tuple(Missing(name) for name in names)
    answer = table.aggregate(
        {"all": Agg(Fn.ROWS, where=AllOf(empty)), "any": Agg(Fn.ROWS, where=AnyOf(empty))}
    )
    return ask.whole(answer["all"]), ask.whole(answer["any"])


def rows_with_gaps(table: Table, names: Sequence[str]) -> int:
    """Return how many rows lack a value in at least one of ``names``."""
    where = AnyOf(tuple(Missing(name) for name in names))
    return ask.whole(table.aggregate({"n": Agg(Fn.ROWS, where=where)})["n"])


def find_complements(
    table: Table, missing: Mapping[str, int], version: DatasetVersion, min_rows: int
) -> list[Complement]:
    """Return the pairs of columns of one type of which one is filled where the other is empty."""
    n = version.n_rows
    order = [c for c in missing if min_rows <= missing[c] <= n - min_rows]
    possible = (
        (a, b)
        for a, b in combinations(order, 2)
        if version.column(a).storage is version.column(b).storage
        and missing[a] >= COMPLEMENT * (n - missing[b])
        and missing[b] >= COMPLEMENT * (n - missing[a])
    )
    both = _both_missing(table, list(islice(possible, MAX_PAIRS)))
    return [
        Complement(a, b, missing[a] + missing[b] - 2 * n_both)
        for (a, b), n_both in both.items()
        if missing[a] - n_both >= COMPLEMENT * max(missing[a], n - missing[b])
        and missing[b] - n_both >= COMPLEMENT * max(missing[b], n - missing[a])
    ]


def _alike(
    order: Sequence[str], missing: Mapping[str, int], together: float
) -> Iterator[tuple[str, str]]:
    """Yield the pairs whose counts allow such an overlap; ``order`` is by falling count."""
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            if missing[b] < together * missing[a]:
                break
            yield a, b


def _both_missing(table: Table, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    measures = {
        str(i): Agg(Fn.ROWS, where=AllOf((Missing(a), Missing(b))))
        for i, (a, b) in enumerate(pairs)
    }
    answer = ask.aggregate_all(table, measures)
    return {pair: ask.whole(answer[str(i)]) for i, pair in enumerate(pairs)}


def together_matrix(table: Table, missing: Mapping[str, int]) -> Matrix:
    """Return, for the emptiest columns, the share of a row's gaps that another column shares."""
    names = tuple(sorted(missing, key=lambda name: -missing[name])[:MAX_MATRIX])
    both = _both_missing(table, list(combinations(names, 2)))

    def part(a: str, b: str) -> float:
        n = both.get((a, b), both.get((b, a), 0))
        return 1.0 if a == b else n / missing[a]

    return Matrix(
        name="Of the rows where the column on the left is empty, the share where the other is, too",
        unit=Unit.SHARE,
        rows=names,
        columns=names,
        values=tuple(tuple(part(a, b) for b in names) for a in names),
    )
