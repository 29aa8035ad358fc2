"""All that a person needs to decide about an item: its row, rows like it, what models expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.core.data.dataset import Column, Role
from components.core.judgement.evidence import RowGroups
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import ItemType
from components.services.data import cells, datasets
from components.services.dataset_info import DatasetInfo
from components.services.review.items import whole_rows
from components.services.review.items.whole_rows import EqualRows, OddValue
from components.services.review.queues import Item, ReviewQueue
from components.services.review.states import spelling_of
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store import single_rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """All that a person needs to decide about one cell.

    Attributes
    ----------
    values
        Column names and cell texts of the row, the inputs of a model first, without the cell.
    nearest
        Cell texts of the most similar rows, indexed by row id, the column of the cell first; empty
        where the check named none.
    likely
        The most probable texts of the cell with the models' probabilities, which had not seen the
        row, the most probable first; empty where the check keeps none.
    odd
        Of a row unlike the rest: the values that set it apart.
    equal
        Of rows that repeat one: the first of them; None for other items.
    """

    item: Item
    values: tuple[tuple[str, str], ...]
    nearest: pd.DataFrame
    likely: tuple[tuple[str, float], ...] = ()
    odd: tuple[OddValue, ...] = ()
    equal: EqualRows | None = None


def card(ws: Workspace, found: ReviewQueue, shown: Item) -> ReviewCard:
    """Return all that a person needs to decide about one item of a queue."""
    return cards(ws, found, [shown])[0]


def cards(
    ws: Workspace, found: ReviewQueue, shown: Sequence[Item], *, most: int | None = None
) -> tuple[ReviewCard, ...]:
    """Return all that a person needs to decide about some items; their rows are read at once.

    Parameters
    ----------
    most
        Columns of a card beside its own, the inputs first; None: all.
    """
    if not shown:
        return ()
    info, columns = datasets.get(ws, found.dataset_id), runs.spec(ws, found.run_id).dataset.columns
    if found.item_type.place:
        return _of_rows(ws, found, info, shown, [*_ordered(columns, "")][:most])
    near = {} if found.is_mixed else _nearest(runs.result(ws, found.run_id, found.check_id))
    named = [_ordered(columns, one.cell.column)[:most] for one in shown]
    ids = {n for one in shown for n in (one.cell.row_id, *near.get(one.cell.row_id, ()))}
    wanted = dict.fromkeys(
        name for one, names in zip(shown, named, strict=True) for name in (one.cell.column, *names)
    )
    texts = cells.texts(info, sorted(ids), list(wanted))
    likely = _likely(ws, found, [one.position for one in shown])
    return tuple(
        ReviewCard(
            item=one,
            values=tuple((name, str(texts.at[one.cell.row_id, name])) for name in names),
            nearest=texts.loc[list(near.get(one.cell.row_id, ())), [one.cell.column, *names]],
            likely=of_it,
        )
        for one, names, of_it in zip(shown, named, likely, strict=True)
    )


def _of_rows(
    ws: Workspace, found: ReviewQueue, info: DatasetInfo, shown: Sequence[Item], names: list[str]
) -> tuple[ReviewCard, ...]:
    """Return the cards of items that are whole rows."""
    odd: Mapping[int, tuple[OddValue, ...]] = {}
    equal: Mapping[int, EqualRows] = {}
    if found.item_type is ItemType.REPEATS:
        equal = whole_rows.equal_rows(info, found.order, [one.position for one in shown])
    else:
        rows = [one.cell.row_id for one in shown]
        odd = whole_rows.odd_values(ws, found.run_id, found.check_id, rows)
    texts = cells.texts(info, sorted({one.cell.row_id for one in shown}), names)
    return tuple(
        ReviewCard(
            item=one,
            values=tuple((name, str(texts.at[one.cell.row_id, name])) for name in names),
            nearest=texts.iloc[:0],
            odd=odd.get(one.cell.row_id, ()),
            equal=equal.get(one.position),
        )
        for one in shown
    )


def _likely(
    ws: Workspace, found: ReviewQueue, places: Sequence[int]
) -> list[tuple[tuple[str, float], ...]]:
    """Return the most probable classes of some items, spelled as in the file."""
    if found.is_mixed:  # they would tell which items were drawn at random
        return [() for _ in places]
    told = single_rows.likely_classes(ws.files.run(found.run_id), found.check_id, places)
    if not any(told):
        return told
    words = spelling_of(ws, found.run_id, found.column)
    return [tuple((words.of(name), share) for name, share in one) for one in told]


def _ordered(columns: tuple[Column, ...], of_cell: str) -> list[str]:
    """Return the names to show: inputs first, what a model does not read after them.

    The numbers of embeddings come last: nobody reads them.
    """
    shown = [c for c in columns if c.name != of_cell]
    return [
        c.name
        for c in sorted(
            shown,
            key=lambda c: (
                c.role is Role.EMBEDDING,
                not c.role.is_input,
                c.role is Role.IGNORE,
            ),
        )
    ]


def _nearest(result: CheckResult | None) -> dict[int, tuple[int, ...]]:
    """Return the rows that a check names as nearest, by the row that they are near to."""
    if result is None:
        return {}
    shapes = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    near: dict[int, tuple[int, ...]] = {}
    for shape in shapes:
        if isinstance(shape, RowGroups) and shape.relation == "nearest":
            for group in shape.groups:
                if group.anchor is not None:
                    near.setdefault(group.anchor, tuple(group.row_id))
    return near
