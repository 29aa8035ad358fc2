"""Items about whole rows: what is said of them, their marks, and what their cards show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.core.data.row_marks import row_mark
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.judgement.review import Cell, ItemType, Suggestion
from components.services.data import cells
from components.services.dataset_info import DatasetInfo
from components.services.review.items.orders import CellOrder
from components.services.runs import runs
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 6
"""Rows of a set that a card shows."""
LOW, HIGH = "0.05", "0.95"
"""Between these quantiles nine tenths of a column lie: what a card calls usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddValue:
    """A value that sets a row apart.

    Attributes
    ----------
    reason
        Why, in words of the check.
    usual
        What the column usually holds, in words; "" where that is not known.
    """

    column: str
    value: str
    reason: str
    usual: str


@dataclass(frozen=True, slots=True)
class EqualRows:
    """A row and some of those that repeat it, side by side.

    Attributes
    ----------
    rows
        Cell texts, indexed by row id, the first row first; all columns.
    differing
        Columns in which the rows that are shown differ: identifiers and the like.
    n_more
        Rows of the set that are not shown.
    """

    rows: pd.DataFrame
    differing: tuple[str, ...]
    n_more: int


def marks(info: DatasetInfo, row_ids: Iterable[int]) -> Mapping[int, str]:
    """Return the marks of rows: what stands for them where a cell has its text."""
    texts = cells.texts(info, sorted({*row_ids}))
    lines = texts.itertuples(index=False, name=None)
    return dict(
        zip(texts.index.tolist(), (row_mark(map(str, line)) for line in lines), strict=True)
    )


def suggestions(
    ws: Workspace, run_id: str, check_id: str, order: CellOrder, positions: Sequence[int]
) -> list[Suggestion]:
    """Return what a check says about some rows, or rows with those that repeat them."""
    told = list(order.texts)
    first, last = min(positions), max(positions)
    is_row = order.asks.item_type is ItemType.ROW
    scores = None
    if is_row:
        scores = runs.row_scores(ws, run_id, check_id, start=first, limit=last - first + 1)
    found = []
    for place in positions:
        text = told[int(order.suggested[place])]
        reason = "" if text is None else text
        quality = 0.0
        if scores is not None:
            quality = float(scores.quality[place - first])
            reason = "" if scores.reason is None else scores.reason[place - first] or ""
        cell = Cell(int(order.row_id[place]), order.names[int(order.column[place])])
        found.append(
            Suggestion(
                cell=cell,
                given="",
                suggested=text,
                confidence=None,
                quality=quality,
                check_id=check_id,
                reason=reason,
            )
        )
    return found


def odd_values(
    ws: Workspace, run_id: str, check_id: str, rows: Iterable[int]
) -> dict[int, tuple[OddValue, ...]]:
    """Return the values that set rows apart, as the check names them, with what is usual."""
    scores = runs.cell_scores(ws, run_id, check_id)
    if scores is None:
        return {}
    profile, info = runs.profile(ws, run_id), runs.spec(ws, run_id).dataset
    wanted = np.flatnonzero(np.isin(scores.row_id, [*rows]))
    found: dict[int, list[OddValue]] = {}
    for place in wanted.tolist():
        column = str(scores.column[place])
        if all(column != c.name for c in info.columns):
            continue
        reason = None if scores.reason is None else scores.reason[place]
        found.setdefault(int(scores.row_id[place]), []).append(
            OddValue(
                column=column,
                value=str(scores.value[place]),
                reason=reason or "",
                usual=_usual(profile, column),
            )
        )
    return {row_id: tuple(odd) for row_id, odd in found.items()}


def equal_rows(
    info: DatasetInfo, order: CellOrder, positions: Sequence[int]
) -> dict[int, EqualRows]:
    """Return, by place, the first rows of sets of equal rows."""
    shown: dict[int, list[int]] = {}
    for place in positions:
        others = order.others_at(place)[: MOST_SHOWN - 1].tolist()
        shown[place] = [int(order.row_id[place]), *others]
    texts = cells.texts(info, sorted({row for rows in shown.values() for row in rows}))
    found = {}
    for place, rows in shown.items():
        of_set = texts.loc[rows]
        several = [str(name) for name in of_set.columns if of_set[name].nunique(dropna=False) > 1]
        more = 1 + len(order.others_at(place)) - len(rows)
        found[place] = EqualRows(of_set, tuple(several), more)
    return found


def _usual(profile: DatasetProfile | None, column: str) -> str:
    """Return what most rows hold: a range of numbers, or the most frequent value."""
    known = {c.name: c for c in profile.columns} if profile is not None else {}
    facts = known.get(column)
    if facts is None:
        return ""
    if facts.quantiles is not None:
        low, high = facts.quantiles[LOW], facts.quantiles[HIGH]
        return f"usual: {_number(low)} to {_number(high)} (nine in ten rows)"
    return _most_frequent(facts)


def _most_frequent(facts: ColumnProfile) -> str:
    """Return the value that is more frequent than every other one, "" where there is none."""
    if not facts.top or not facts.n_present:
        return ""
    top, *others = facts.top
    if others and others[0].count == top.count:
        return ""
    share = top.count / facts.n_present
    return f"most often: {str(top.value)[:40]} (in {share:.0%} of the cells that hold something)"


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"  # noqa: PLR2004 - no exponent
