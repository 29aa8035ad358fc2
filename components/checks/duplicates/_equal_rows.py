"""Sets of equal rows, and what differs inside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from components.checks._lib import ask
from components.checks._lib.label_leaks import given_away_by
from components.core.data.dataset import DatasetVersion, Kind, Role
from components.core.data.query import Agg, Fn
from components.core.data.table import Table
from components.core.data.value_texts import MISSING_TEXT
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import RowGroup
from components.core.judgement.findings import Affected
from components.core.judgement.row_evidence import BoolArray, IntArray, TextArray

MAX_GROUPS = 100
MAX_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class Copies:
    """Rows that repeat an earlier row.

    Attributes
    ----------
    row_id, first
        The rows that repeat, ascending, and the first row of their set; shape (n,).
    """

    row_id: IntArray
    first: IntArray

    @property
    def n(self) -> int:
        """Rows that repeat."""
        return len(self.row_id)

    @property
    def n_groups(self) -> int:
        """Sets of equal rows."""
        return len(np.unique(self.first))

    @property
    def largest(self) -> int:
        """Rows of the largest set, the first one included."""
        return int(np.unique(self.first, return_counts=True)[1].max(initial=0)) + 1

    def groups(self) -> tuple[RowGroup, ...]:
        """Return the largest sets."""
        firsts, counts = np.unique(self.first, return_counts=True)
        order = np.lexsort((firsts, -counts))[:MAX_GROUPS]
        by_first = np.argsort(self.first, kind="stable")
        starts = np.searchsorted(self.first[by_first], firsts)
        return tuple(
            RowGroup(
                anchor=int(firsts[i]),
                row_id=tuple(
                    int(r)
                    for r in self.row_id[by_first[starts[i] : starts[i] + counts[i]]][:MAX_MEMBERS]
                ),
                n_more=max(0, int(counts[i]) - MAX_MEMBERS),
            )
            for i in order
        )

    def affected(self, n_rows: int) -> Affected:
        """Return what a finding about the repeats touches."""
        return Affected(
            n_rows=self.n, share=self.n / n_rows, row_id=tuple(int(i) for i in self.row_id[:50])
        )


def compared(version: DatasetVersion) -> list[str]:
    """Return the columns in which equal rows agree: no identifiers, no split, nothing ignored.

    Nor predicted probabilities: copies that models of other folds judged differ in them.
    """
    left_out = {Role.ID, Role.IGNORE, Role.SPLIT, Role.PREDICTED}
    return [
        c.name
        for c in version.columns
        if c.role not in left_out and c.kind not in {Kind.IDENTIFIER, Kind.EMPTY}
    ]


def find(table: Table, names: list[str]) -> Copies:
    """Return the rows that repeat an earlier row in all of ``names``."""
    repeats = table.repeats(names)
    return Copies(row_id=repeats.row_id, first=repeats.first)


def read_by_a_model(table: Table, run: RunContext) -> tuple[list[str], list[str]]:
    """Return the inputs that do not give the label away, and those that do."""
    leaks = set(given_away_by(table, run))
    names = [c.name for c in table.version.inputs]
    return [n for n in names if n not in leaks], [n for n in names if n in leaks]


MIN_PAIRS = 1.0
"""Pairs of rows that agree by chance from which equal inputs are a coincidence."""


def is_coincidence(profile: DatasetProfile, names: list[str], version: DatasetVersion) -> bool:
    """Return whether two rows could agree by chance: few values, and no text among the inputs.

    The columns count at half of their information each: real columns go together.
    """
    if any(version.column(name).kind.is_wordy for name in names):
        return False
    n = profile.n_rows
    chances = [agreement(profile.column(name)) for name in names]
    if not all(chances):
        return False
    return math.log(n * (n - 1) / 2) + 0.5 * sum(map(math.log, chances)) >= math.log(MIN_PAIRS)


def agreement(column: ColumnProfile) -> float:
    """Return the chance that two different rows have the same value, in [0, 1].

    Missing equals missing. Pairs are counted without pairing a row with itself, so that a column
    of unique values gives 0.
    """
    if column.n < 2:  # noqa: PLR2004 - a pair
        return 1.0
    told = [top.count for top in column.top]
    rest = max(0, column.n - column.n_missing - sum(told))
    kinds = max(1, column.n_distinct - len(told))
    pairs = float(sum(c * (c - 1) for c in (*told, column.n_missing)))
    pairs += rest * max(0.0, rest / kinds - 1.0)
    return min(1.0, pairs / (column.n * (column.n - 1)))


@dataclass(frozen=True, slots=True)
class Crossing:
    """Rows with a copy in another split; ``shares`` holds their share of each split."""

    row_id: IntArray
    shares: dict[str, float]

    @property
    def n(self) -> int:
        """Rows with a copy elsewhere."""
        return len(self.row_id)

    @property
    def worst(self) -> tuple[str, float]:
        """The split with the largest share, and that share."""
        return max(self.shares.items(), key=lambda item: item[1])


def crossing(table: Table, copies: Copies, split: str) -> Crossing:
    """Return the rows that have a copy in another split."""
    members, sets = _members(copies)
    names = _texts(table, members, split)
    mixed = _mixed(names, sets)
    row_id = np.sort(members[mixed])
    shares = {}
    for name, size in _sizes(table, split).items():
        inside = int((mixed & (names == name)).sum())
        if inside:
            shares[name] = inside / size
    return Crossing(row_id=row_id, shares=shares)


def _sizes(table: Table, column: str) -> dict[str, int]:
    records = table.groups([column], {"n": Agg(Fn.ROWS)})
    text_of = table.version.column(column).text_of
    return {text_of(r[column]): ask.whole(r["n"]) for r in records}


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Rows whose inputs are equal and whose labels differ.

    Attributes
    ----------
    n_wrong
        Rows outside the most frequent label of their set: no model can be right on all.
    """

    row_id: IntArray
    n_sets: int
    n_wrong: int

    @property
    def n_rows(self) -> int:
        """Rows in such sets."""
        return len(self.row_id)

    def affected(self, version: DatasetVersion) -> Affected:
        """Return what a finding about the conflicts touches."""
        return Affected(
            columns=tuple(c.name for c in version.with_roles(Role.LABEL)),
            n_rows=self.n_rows,
            share=self.n_rows / version.n_rows,
            row_id=tuple(int(i) for i in self.row_id[:50]),
        )


def conflicts(table: Table, inputs: list[str], label: str) -> Conflicts:
    """Return the sets of rows with equal ``inputs`` and more than one label."""
    members, sets = _members(find(table, inputs))
    given = _texts(table, members, label)
    known = given != MISSING_TEXT
    members, sets, given = members[known], sets[known], given[known]
    mixed = _mixed(given, sets)
    members, sets, given = members[mixed], sets[mixed], given[mixed]
    return Conflicts(
        row_id=np.sort(members),
        n_sets=len(np.unique(sets)),
        n_wrong=len(members) - _most_frequent(given, sets),
    )


def _most_frequent(values: TextArray, sets: IntArray) -> int:
    """Return how many rows have the most frequent value of their set."""
    codes = np.unique(values, return_inverse=True)[1]
    pairs, counts = np.unique(np.array([sets, codes]), axis=1, return_counts=True)
    _, places = np.unique(pairs[0], return_inverse=True)
    best = np.zeros(places.max(initial=-1) + 1, dtype=np.int64)
    np.maximum.at(best, places, counts)
    return int(best.sum())


def _members(copies: Copies) -> tuple[IntArray, IntArray]:
    """Return all rows of all sets and the first row of the set of each."""
    firsts = np.unique(copies.first)
    return np.concatenate([firsts, copies.row_id]), np.concatenate([firsts, copies.first])


def _texts(table: Table, row_id: IntArray, column: str) -> TextArray:
    """Return the values of ``column`` in these rows as texts, shape (n,)."""
    values = table.rows(row_id, columns=[column])[column]
    text_of = table.version.column(column).text_of
    texts = np.empty(len(row_id), dtype=object)
    texts[:] = [
        MISSING_TEXT if gone else text_of(value)
        for value, gone in zip(values.tolist(), values.isna().tolist(), strict=True)
    ]
    return texts


def _mixed(values: TextArray, sets: IntArray) -> BoolArray:
    """Return which rows belong to a set with more than one value, shape (n,)."""
    codes = np.unique(values, return_inverse=True)[1]
    places = np.unique(sets, return_inverse=True)[1]
    low = np.full(places.max(initial=-1) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), -1)
    np.minimum.at(low, places, codes)
    np.maximum.at(high, places, codes)
    return np.asarray((low != high)[places], dtype=np.bool_)
