"""Which items of a queue a person works on: open ones, of one class, of one group of people, ..."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.review import ItemType, place_of
from components.services.data import cells, datasets
from components.services.review.beside.people import groups_of_people
from components.services.review.items.orders import CellOrder, IntArray
from components.services.review.queues import ReviewQueue
from components.services.review.states import (
    ERROR,
    ESCALATED,
    OPEN,
    UNSURE,
    cell_order,
    states,
)
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store.review import deciders

BoolArray = NDArray[np.bool_]


class Stage(StrEnum):
    """How far people are with an item."""

    OPEN = "open"
    SETTLED = "settled"
    UNSURE = "unsure"
    """Somebody was not sure, or handed it on."""
    ESCALATED = "escalated"
    """Somebody handed it on."""
    ERRORS = "errors"
    """Somebody called it an error that stays in for now."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Items that satisfy all of this.

    Attributes
    ----------
    given, suggested
        Cell texts; None: any.
    reason
        Part of the reason, in any case; "": any.
    by_column, group
        A sensitive column and the name of one of its groups; "": any.
    band
        Tenth of the quality, 0 for 0 to 0.1; None: any.
    decided_by
        Who made the decision that counts; "": anybody, and nobody.
    text
        Part of the text of any cell of the row, in any case; "": any.
    column, value
        A column and the whole text of its cell, as in the file; "" for the column: any.
    """

    stage: Stage = Stage.OPEN
    given: str | None = None
    suggested: str | None = None
    reason: str = ""
    by_column: str = ""
    group: str = ""
    band: int | None = None
    decided_by: str = ""
    text: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """What items can be chosen by; shape (n_items,), in the order of the queue.

    Attributes
    ----------
    suggested
        The texts; "" where the check does not know one, or suggests an empty cell.
    band
        Tenth of the quality, 0 for 0 to 0.1.
    pair
        Place in ``pairs`` of its given and suggested text.
    """

    given: NDArray[np.object_]
    suggested: NDArray[np.object_]
    reason: NDArray[np.object_]
    band: IntArray
    pair: IntArray
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls,
        given: NDArray[np.object_],
        suggested: NDArray[np.object_],
        reason: NDArray[np.object_],
        band: IntArray,
    ) -> Facets:
        """Return them with their pairs; once, for every screen of a reviewer counts these."""
        codes: dict[tuple[str, str], int] = {}
        told = zip(given.tolist(), suggested.tolist(), strict=True)
        pair = np.array([codes.setdefault(one, len(codes)) for one in told], dtype=np.int64)
        return cls(given, suggested, reason, band, pair, tuple(codes))


def facets(ws: Workspace, found: ReviewQueue) -> Facets:
    """Return what the items of a queue can be chosen by.

    Where items drawn at random are mixed in, no reason tells which those are, and an item that was
    never flagged can be chosen by what it looks like.
    """
    order = found.order
    if order.mixed is None:
        return flagged_facets(ws, found.run_id, found.check_id)
    return _mixed_facets(ws, found.run_id, found.check_id, order)


@lru_cache(maxsize=8)
def _mixed_facets(ws: Workspace, run_id: str, check_id: str, order: CellOrder) -> Facets:
    flagged = flagged_facets(ws, run_id, check_id)
    if order.like is None or order.given is None:
        return flagged
    texts = np.array([text or "" for text in order.texts], dtype=object)
    return Facets.of(
        given=order.given,
        suggested=texts[order.suggested],
        reason=np.full(len(order.row_id), "", dtype=object),
        band=flagged.band[order.like],
    )


@lru_cache(maxsize=16)
def flagged_facets(ws: Workspace, run_id: str, check_id: str) -> Facets:
    """Return what flagged items can be chosen by; they never change, as results never do."""
    order = cell_order(ws, run_id, check_id)
    texts = np.array([text or "" for text in order.texts], dtype=object)
    scores = _scores(ws, run_id, check_id)
    return Facets.of(
        given=_given(ws, runs.spec(ws, run_id).dataset.id, order),
        suggested=texts[order.suggested] if len(texts) else np.empty(0, dtype=object),
        reason=_reasons(None if scores is None else scores.reason, len(order.row_id)),
        band=_bands(scores, len(order.row_id)),
    )


def _scores(ws: Workspace, run_id: str, check_id: str) -> RowScores | CellScores | None:
    """Return what a check says about rows, where it asks about them; else cells; worst first."""
    rows = runs.row_scores(ws, run_id, check_id, flagged_only=True)
    if rows is not None and rows.item_type is not None:
        return None if rows.item_type is ItemType.REPEATS else rows
    return runs.cell_scores(ws, run_id, check_id)


@lru_cache(maxsize=4)
def row_texts(ws: Workspace, dataset_id: str, order: CellOrder) -> tuple[str, ...]:
    """Return all cells of the row of each item as one text without case, a line for each cell."""
    info = datasets.get(ws, dataset_id)
    found = cells.texts(info, order.row_id)
    lines = zip(*(found[name].astype(str) for name in found.columns), strict=True)
    return tuple("\n".join(line).casefold() for line in lines)


def positions(ws: Workspace, found: ReviewQueue, wanted: Selection) -> IntArray:
    """Return the places of the chosen items in the queue, worst first."""
    chosen = np.ones(found.n_items, dtype=bool)
    for mask in masks(ws, found, wanted).values():
        chosen &= mask
    return np.flatnonzero(chosen)


def masks(ws: Workspace, found: ReviewQueue, wanted: Selection) -> dict[str, BoolArray]:
    """Return which items satisfy each part of what is wanted; only of parts that are wanted."""
    told = facets(ws, found)
    parts = {"stage": at_stage(states(ws, found.dataset_id, found.order), wanted.stage)}
    pair = [
        values == text
        for values, text in ((told.given, wanted.given), (told.suggested, wanted.suggested))
        if text is not None
    ]
    if pair:
        parts["pair"] = np.logical_and.reduce(pair)
    if wanted.reason:
        parts["reason"] = _holding(told.reason, wanted.reason)
    if wanted.by_column:
        parts["group"] = _in_group(ws, found, wanted)
    if wanted.band is not None:
        parts["band"] = told.band == wanted.band
    if wanted.decided_by:
        parts["decided_by"] = decided_by(ws, found).get(wanted.decided_by, _none(found))
    if wanted.text:
        parts["text"] = _holding(row_texts(ws, found.dataset_id, found.order), wanted.text)
    if wanted.column:
        parts["value"] = _with_value(ws, found, wanted)
    return parts


def decided_by(ws: Workspace, found: ReviewQueue) -> dict[str, BoolArray]:
    """Return, for each person, the items for which a decision of theirs counts."""
    told: dict[str, BoolArray] = {}
    with ws.db.read() as session:
        for code, name in enumerate(found.order.names):
            for person, rows in deciders.rows_of_each(session, found.dataset_id, name).items():
                there = (found.order.column == code) & np.isin(found.order.row_id, rows)
                told[person] = told.get(person, _none(found)) | there
    return told


def _with_value(ws: Workspace, found: ReviewQueue, wanted: Selection) -> BoolArray:
    info = datasets.get(ws, found.dataset_id)
    if wanted.column not in {c.name for c in info.version.columns}:
        return _none(found)
    cell = cells.texts(info, found.order.row_id, [wanted.column])[wanted.column]
    return np.asarray(cell.to_numpy() == wanted.value, dtype=bool)


def _none(found: ReviewQueue) -> BoolArray:
    return np.zeros(found.n_items, dtype=bool)


def _in_group(ws: Workspace, found: ReviewQueue, wanted: Selection) -> BoolArray:
    for groups in groups_of_people(ws, found.run_id, found.order):
        if groups.column == wanted.by_column and wanted.group in groups.names:
            return np.asarray(groups.of_item == groups.names.index(wanted.group))
    return _none(found)


def _holding(texts: Iterable[str], part: str) -> BoolArray:
    sought = part.casefold()
    return np.fromiter((sought in text.casefold() for text in texts), dtype=bool)


def at_stage(state: IntArray, stage: Stage) -> BoolArray:
    """Return which items people are so far with."""
    is_open, doubtful = np.equal(state, OPEN), np.isin(state, (UNSURE, ESCALATED))
    is_error = np.equal(state, ERROR)
    match stage:
        case Stage.ALL:
            return np.ones(len(state), dtype=bool)
        case Stage.OPEN:
            return is_open
        case Stage.UNSURE:
            return doubtful
        case Stage.ESCALATED:
            return np.equal(state, ESCALATED)
        case Stage.ERRORS:
            return is_error
        case Stage.SETTLED:
            return ~(is_open | doubtful | is_error)


def _reasons(reason: NDArray[np.object_] | None, n: int) -> NDArray[np.object_]:
    if reason is None:
        return np.full(n, "", dtype=object)
    return np.array([text or "" for text in reason[:n]], dtype=object)


def _bands(scores: RowScores | CellScores | None, n: int) -> IntArray:
    if scores is None:
        return np.zeros(n, dtype=np.int64)
    return np.clip(10 * scores.quality[:n], 0, 9).astype(np.int64)


def _given(ws: Workspace, dataset_id: str, order: CellOrder) -> NDArray[np.object_]:
    """Return what the cells of a queue hold, one column after the other."""
    info = datasets.get(ws, dataset_id)
    told = np.full(len(order.row_id), "", dtype=object)
    for code, name in enumerate(order.names):
        if place_of(name):
            continue  # a whole row has no text of its own
        there = order.column == code
        told[there] = cells.texts(info, order.row_id[there], [name])[name].to_numpy()
    return told
