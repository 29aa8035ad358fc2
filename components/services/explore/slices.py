"""A column of a run in parts, counted when somebody looks: by group, over time, on a log scale.

Every row is read and every figure is exact: at 10 million rows a question takes about half a
second. Answers are remembered per run and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from components.core.data.dataset import Kind, Role
from components.core.data.instants import instant_at
from components.core.data.query import Agg, AllOf, Compare, Condition, Fn, Op, Scalar
from components.core.errors import NotFound
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.facts.slices import LogBins, Slice, Slices
from components.engine.table.group_counts import GroupCounts, Step, log_counts, parts, tally
from components.engine.table.open_table import SqlTable, open_table
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import Workspace

MOST_GROUPS = 12
MOST_STEPS = 60
MOST_VALUES = 8
"""Values of a column of names that are counted per slice; the rest is one remainder."""
FEW_VALUES = 8
"""Whole numbers with at most so many values are counted like names."""
MOST_TO_SPLIT = 50
"""A column with more values is no grouping, unless it is a sensitive attribute."""
LOG_BINS = 30
REMEMBERED = 256

_DAY = 86_400
_MONDAY = 4 * _DAY
"""1970-01-05, in seconds: weeks start on a Monday."""

STEPS: tuple[tuple[str, Step, float], ...] = (
    ("second", Step("second", 1), 1),
    ("10 seconds", Step("second", 10), 10),
    ("minute", Step("second", 60), 60),
    ("10 minutes", Step("second", 600), 600),
    ("hour", Step("second", 3_600), 3_600),
    ("6 hours", Step("second", 21_600), 21_600),
    ("day", Step("second", _DAY), _DAY),
    ("week", Step("second", 7 * _DAY, _MONDAY), 7 * _DAY),
    ("month", Step("month", 1), 28 * _DAY),
    ("quarter", Step("month", 3), 90 * _DAY),
    ("year", Step("month", 12), 365 * _DAY),
    ("5 years", Step("month", 60), 5 * 365 * _DAY),
    ("20 years", Step("month", 240), 20 * 365 * _DAY),
    ("century", Step("month", 1_200), 100 * 365 * _DAY),
    ("1,000 years", Step("month", 12_000), 1_000 * 365 * _DAY),
)
"""Name, step, and the least seconds it can last."""


def groupings(profile: DatasetProfile, column: str) -> tuple[str, ...]:
    """Return the columns by which ``column`` can be split: sensitive ones first.

    Others have 2 to :data:`MOST_TO_SPLIT` names or few whole numbers.
    """
    found = [c for c in profile.columns if c.name != column and _is_grouping(c)]
    return tuple(c.name for c in sorted(found, key=lambda c: c.role is not Role.SENSITIVE))


def times(profile: DatasetProfile, column: str) -> tuple[str, ...]:
    """Return the columns of times with a span: the one that orders the rows first."""
    found = [
        c
        for c in profile.columns
        if c.name != column and c.kind is Kind.DATETIME and c.bins and c.n_distinct > 1
    ]
    return tuple(c.name for c in sorted(found, key=lambda c: c.role is not Role.TIME))


def by_group(ws: Workspace, run_id: str, column: str, by: str) -> Slices:
    """Return a column by the :data:`MOST_GROUPS` largest groups of another one."""
    return _by_group(ws, run_id, column, by)


def over_time(ws: Workspace, run_id: str, column: str, time: str) -> Slices:
    """Return a column by at most :data:`MOST_STEPS` steps of time.

    The steps cover the bulk of the times, as the histogram of the time column does; rows outside,
    and those without a time, are left out and counted.
    """
    return _over_time(ws, run_id, column, time)


def log_bins(ws: Workspace, run_id: str, column: str) -> LogBins:
    """Return the positive values of a column of numbers in bins of equal ratio."""
    return _log_bins(ws, run_id, column)


def step_for(low: float, high: float) -> tuple[str, Step]:
    """Return the shortest step of which :data:`MOST_STEPS` cover a span of seconds."""
    for name, step, seconds in STEPS:
        if (high - low) / seconds <= MOST_STEPS - 2:
            return name, step
    name, step, _ = STEPS[-1]
    return name, step


def is_counted(profile: ColumnProfile) -> bool:
    """Whether the values of a column are counted one by one, as names are."""
    if profile.kind.is_discrete:
        return True
    return profile.kind.is_numeric and profile.n_distinct <= FEW_VALUES


def _is_grouping(c: ColumnProfile) -> bool:
    named = c.kind.is_discrete or (c.kind.is_numeric and c.n_distinct <= FEW_VALUES)
    few = c.role is Role.SENSITIVE or c.n_distinct <= MOST_TO_SPLIT
    return named and few and c.n_distinct + bool(c.n_missing) > 1


@lru_cache(maxsize=REMEMBERED)
def _by_group(ws: Workspace, run_id: str, column: str, by: str) -> Slices:
    profile = _profile(ws, run_id)
    split = profile.column(by)
    with table_of(ws, run_id) as table:
        found = parts(table, column, by, limit=MOST_GROUPS)
        values, counts = _values(table, profile.column(column), by)
        version = table.version
    return Slices(
        column=column,
        by=by,
        values=values,
        slices=tuple(_slice(p, p.key, None, values, counts) for p in found),
        n_slices=max(len(found), split.n_distinct + bool(split.n_missing)),
        n_rows=profile.n_rows,
        spelling=version.column(column).spelling,
        by_spelling=version.column(by).spelling,
    )


@lru_cache(maxsize=REMEMBERED)
def _over_time(ws: Workspace, run_id: str, column: str, time: str) -> Slices:
    profile = _profile(ws, run_id)
    bins = profile.column(time).bins
    if bins is None:
        raise NotFound(f"The column “{time}” has no times to go by.", "Choose another column.")
    low, high = bins.edges[0], bins.edges[-1]
    name, step = step_for(low, high)
    inside = AllOf((Compare(time, Op.GE, instant_at(low)), Compare(time, Op.LE, instant_at(high))))
    with table_of(ws, run_id) as table:
        found = parts(table, column, time, step=step, where=inside, limit=MOST_STEPS)
        shown = profile.column(column)
        values, counts = _values(table, shown, time, step=step, where=inside)
        spelling = table.version.column(column).spelling
    return Slices(
        column=column,
        by=time,
        values=values,
        slices=tuple(_at(p, step, values, counts) for p in found),
        n_slices=len(found),
        n_rows=profile.n_rows,
        step=name,
        spelling=spelling,
    )


@lru_cache(maxsize=REMEMBERED)
def _log_bins(ws: Workspace, run_id: str, column: str) -> LogBins:
    facts = _profile(ws, run_id).column(column)
    with table_of(ws, run_id) as table:
        edges, counts = log_counts(table, column, LOG_BINS)
    return LogBins(
        edges=edges,
        counts=tuple(counts),
        n_zero=facts.n_zero or 0,
        n_negative=facts.n_negative or 0,
        n_missing=facts.n_missing,
        n_infinite=facts.n_infinite or 0,
    )


def _values(
    table: SqlTable,
    shown: ColumnProfile,
    by: str,
    *,
    step: Step | None = None,
    where: Condition | None = None,
) -> tuple[tuple[Scalar, ...], dict[tuple[Scalar, Scalar], int]]:
    """Return the most frequent values of a column of names, and their rows per slice."""
    if not is_counted(shown):
        return (), {}
    ordered = table.groups([shown.name], {"n": Agg(Fn.ROWS)}, order_by="n", limit=MOST_VALUES + 1)
    values = [r[shown.name] for r in ordered if r[shown.name] is not None][:MOST_VALUES]
    return tuple(values), tally(table, shown.name, by, values, step=step, where=where)


def _slice(
    part: GroupCounts,
    key: Scalar,
    until: datetime | None,
    values: Sequence[Scalar],
    counts: dict[tuple[Scalar, Scalar], int],
) -> Slice:
    return Slice(
        key=key,
        until=until,
        n=part.n,
        n_missing=part.n - part.n_present,
        spread=part.spread,
        counts=tuple(counts.get((part.key, value), 0) for value in values),
    )


def _at(
    part: GroupCounts,
    step: Step,
    values: Sequence[Scalar],
    counts: dict[tuple[Scalar, Scalar], int],
) -> Slice:
    number = part.key if isinstance(part.key, int) else 0
    return _slice(part, step.start(number), step.start(number + 1), values, counts)


def _profile(ws: Workspace, run_id: str) -> DatasetProfile:
    found = runs.profile(ws, run_id)
    if found is None:
        raise NotFound("The facts of this run are not there yet.", "Wait until they are counted.")
    return found


@contextmanager
def table_of(ws: Workspace, run_id: str) -> Iterator[SqlTable]:
    """Open the table as the run reads it: kinds may have been changed since."""
    version = runs.spec(ws, run_id).dataset
    path = datasets.table_path(replace(datasets.get(ws, version.id), version=version))
    with open_table(version, path, memory_limit=ws.settings.memory_limit) as table:
        yield table
