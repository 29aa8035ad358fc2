"""The order of a queue into which items drawn at random are mixed, also rows never flagged.

Nothing on a card may betray which items these are. So such a queue shows no score and no reason,
and a row that was never flagged is given the other value of a flagged one with the same label: its
look is that of the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from components.core.judgement.review import Cell, ItemType, Suggestion
from components.core.people.random_share import STRATA, Mixed, mix
from components.core.people.several_people import ReviewPlan
from components.services.data import cells, datasets
from components.services.review.items.orders import CellOrder, IntArray
from components.services.review.states import cell_order
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store.results import read_row_ids

NEVER = len(STRATA) - 1


def planned_order(ws: Workspace, run_id: str, check_id: str, plan: ReviewPlan) -> CellOrder:
    """Return the cells that people are asked about, in their order.

    They are the flagged ones, worst first, unless the owner has items drawn at random.
    """
    if not plan.random_share:
        return cell_order(ws, run_id, check_id)
    return _mixed(ws, run_id, check_id, plan.random_share, plan.seed)


def veiled(order: CellOrder, position: int, given: str, *, check_id: str) -> Suggestion:
    """Return what a card says where none may betray why it is there."""
    return Suggestion(
        cell=Cell(int(order.row_id[position]), order.names[int(order.column[position])]),
        given=given,
        suggested=list(order.texts)[int(order.suggested[position])],
        confidence=None,
        quality=None,
        check_id=check_id,
        reason="",
    )


@lru_cache(maxsize=8)
def _mixed(ws: Workspace, run_id: str, check_id: str, share: float, seed: int) -> CellOrder:
    flagged = cell_order(ws, run_id, check_id)
    row_ids = read_row_ids(ws.files.run(run_id), check_id)
    n = len(flagged.row_id)
    is_label = flagged.asks.item_type is ItemType.LABEL
    if not n or row_ids is None or len(flagged.names) != 1 or not is_label:
        return flagged
    found = mix(n, len(row_ids) - n, share, seed)
    rows = row_ids[found.rank]
    (name,) = flagged.names
    info = datasets.get(ws, runs.spec(ws, run_id).dataset.id)
    given = cells.texts(info, rows, [name])[name].to_numpy(dtype=object)
    like, instead = _look(flagged, found, given)
    texts = dict(flagged.texts)
    suggested = flagged.suggested[like]
    for place, text in instead.items():
        suggested[place] = texts.setdefault(text, len(texts))
    return replace(
        flagged,
        row_id=rows,
        column=np.zeros(len(rows), dtype=np.int64),
        suggested=suggested,
        texts=texts,
        mixed=found,
        like=like,
        given=given,
    )


def _look(
    flagged: CellOrder, found: Mixed, given: NDArray[np.object_]
) -> tuple[IntArray, dict[int, str]]:
    """Return the rank of the flagged cell that each looks like; a flagged one looks like itself.

    And another value for those for whose label none is flagged: that is a label of a flagged cell.
    """
    like, instead = found.rank.copy(), {}
    of_label: defaultdict[str, list[int]] = defaultdict(list)
    for place in np.flatnonzero(found.stratum != NEVER).tolist():
        of_label[given[place]].append(int(found.rank[place]))
    texts, labels = list(flagged.texts), sorted(of_label)
    never = np.flatnonzero(found.stratum == NEVER)
    chance = np.random.default_rng(found.turn[never])
    for place in never.tolist():
        own = given[place]
        same = of_label.get(own) or range(len(flagged.row_id))
        like[place] = int(chance.choice(same))
        if texts[int(flagged.suggested[like[place]])] == own:
            instead[place] = str(chance.choice([text for text in labels if text != own]))
    return like, instead
