"""What the items of a queue can be chosen by, and how many items each choice would leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from components.services.review.beside.people import groups_of_people
from components.services.review.items.orders import IntArray
from components.services.review.queues import ReviewQueue
from components.services.review.selection import (
    BoolArray,
    Selection,
    Stage,
    at_stage,
    decided_by,
    facets,
    masks,
)
from components.services.review.states import states
from components.services.workspace import Workspace

_T = TypeVar("_T")

MOST = 200
"""Choices of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Choices of each kind with the items that are left, the other choices being as they are.

    Choices without an item are left out.

    Attributes
    ----------
    stages
        How far people are.
    pairs
        Given and suggested text, most items first; at most ``MOST``.
    groups
        Sensitive column and group.
    bands
        Tenths of the quality, the lowest first.
    people
        Who decided, by name.
    """

    stages: tuple[tuple[Stage, int], ...]
    pairs: tuple[tuple[tuple[str, str], int], ...]
    groups: tuple[tuple[tuple[str, str], int], ...]
    bands: tuple[tuple[int, int], ...]
    people: tuple[tuple[str, int], ...]


def choices(ws: Workspace, found: ReviewQueue, wanted: Selection) -> Choices:
    """Return what items can be chosen by, beside what is chosen already."""
    parts = masks(ws, found, wanted)
    told = facets(ws, found)
    left = {name: _all_but(parts, name, found.n_items) for name in _KINDS}
    state = states(ws, found.dataset_id, found.order)
    pairs = _some(zip(told.pairs, _counts(told.pair[left["pair"]], len(told.pairs)), strict=True))
    return Choices(
        stages=_some((s, int((at_stage(state, s) & left["stage"]).sum())) for s in Stage),
        pairs=tuple(sorted(pairs, key=lambda item: (-item[1], item[0]))[:MOST]),
        groups=_some(
            ((groups.column, name), n)
            for groups in groups_of_people(ws, found.run_id, found.order)
            for name, n in zip(
                groups.names, groups.counted(np.flatnonzero(left["group"])), strict=True
            )
        ),
        bands=_some(enumerate(_counts(told.band[left["band"]], 10))),
        people=_some(
            (name, int((there & left["decided_by"]).sum()))
            for name, there in sorted(decided_by(ws, found).items())
        ),
    )


_KINDS = ("stage", "pair", "group", "band", "decided_by")


def _all_but(parts: dict[str, BoolArray], name: str, n: int) -> BoolArray:
    """Return which items all parts but one leave."""
    others = [mask for key, mask in parts.items() if key != name]
    return np.logical_and.reduce(others) if others else np.ones(n, dtype=bool)


def _counts(codes: IntArray, n: int) -> list[int]:
    counted: list[int] = np.bincount(codes, minlength=n).tolist()
    return counted


def _some(counted: Iterable[tuple[_T, int]]) -> tuple[tuple[_T, int], ...]:
    return tuple((choice, n) for choice, n in counted if n)
