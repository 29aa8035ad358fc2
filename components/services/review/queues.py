"""What is to be reviewed: the flagged labels of a run, worst first, and a card for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from components.core.data.dataset import Column, Role
from components.core.errors import NotFound
from components.core.judgement.evidence import RowGroups, RowScores
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import Decision, resolve
from components.services.data import cells, datasets
from components.services.data.label_spelling import Spelling, spelling
from components.services.runs import runs
from components.services.upload.uploads import DatasetInfo
from components.services.workspace import Workspace
from components.store import decisions as table

if TYPE_CHECKING:
    import pandas as pd

CHECK = "labels.label_errors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A flagged label.

    Attributes
    ----------
    given, suggested
        Cell texts, spelled as in the file.
    confidence
        Of the suggestion, in [0, 1]; None where the check does not say.
    quality
        In [0, 1]; 1 = surely right.
    decision
        The decision that holds for the row, or None.
    """

    row_id: int
    given: str
    suggested: str
    confidence: float | None
    quality: float
    reason: str
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The flagged labels of a run, worst first.

    Attributes
    ----------
    column
        The label column.
    classes
        Cell texts of the classes, most frequent first.
    """

    run_id: str
    dataset_id: str
    column: str
    classes: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def n_decided(self) -> int:
        """Items with a decision."""
        return sum(item.decision is not None for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that a person needs to decide about one label.

    Attributes
    ----------
    values
        Column names and cell texts of the row, the inputs of a model first, without the label.
    nearest
        Cell texts of the most similar rows, indexed by row id, the label first; empty where the
        check named none.
    """

    item: Item
    values: tuple[tuple[str, str], ...]
    nearest: pd.DataFrame


def queue(ws: Workspace, run_id: str) -> Queue | None:
    """Return what is to be reviewed; None where no label check ran."""
    result = runs.result(ws, run_id, CHECK)
    if result is None or result.row_scores is None:
        return None
    fresh = _undecided(ws, run_id)
    standing = _standing(ws, fresh.dataset_id, fresh.column)
    items = (
        replace(item, decision=standing[item.row_id]) if item.row_id in standing else item
        for item in fresh.items
    )
    return replace(fresh, items=tuple(items))


@lru_cache(maxsize=16)
def _undecided(ws: Workspace, run_id: str) -> Queue:
    """Return the queue without decisions; it never changes, as results never do."""
    info, label = subject(ws, run_id)
    words = words_of(ws, run_id, info, label)
    scores = runs.row_scores(ws, run_id, CHECK, flagged_only=True)
    items: tuple[Item, ...] = ()
    if scores is not None:
        given = cells.texts(info, scores.row_id.tolist(), [label.name])[label.name].tolist()
        items = tuple(_item(scores, n, given=text, words=words) for n, text in enumerate(given))
    return Queue(
        run_id=run_id,
        dataset_id=info.version.id,
        column=label.name,
        classes=words.classes,
        items=items,
    )


def card(ws: Workspace, run_id: str, row_id: int) -> Card:
    """Return all that a person needs to decide about one row.

    Raises
    ------
    NotFound
        When the row is not in the queue of the run.
    """
    found = queue(ws, run_id)
    item = next((i for i in found.items if i.row_id == row_id), None) if found else None
    if found is None or item is None:
        raise NotFound(f"Row {row_id} is not flagged in this run.", "Choose one from the list.")
    return card_of(ws, found, item)


def card_of(ws: Workspace, found: Queue, item: Item) -> Card:
    """Return the card of an item of a queue that was read already."""
    info = datasets.get(ws, found.dataset_id)
    names = _ordered(runs.spec(ws, found.run_id).dataset.columns, found.column)
    row = cells.texts(info, [item.row_id], names).iloc[0]
    near = _nearest(runs.result(ws, found.run_id, CHECK), item.row_id)
    return Card(
        item=item,
        values=tuple((name, str(row[name])) for name in names),
        nearest=cells.texts(info, near, [found.column, *names]),
    )


def decisions(ws: Workspace, dataset_id: str) -> tuple[Decision, ...]:
    """Return every decision about a dataset, oldest first, the undone ones included."""
    with ws.db.read() as session:
        return table.of_dataset(session, dataset_id)


def subject(ws: Workspace, run_id: str) -> tuple[DatasetInfo, Column]:
    """Return the dataset and the label of a run.

    Raises
    ------
    NotFound
        When there is no such run, or it has no label.
    """
    version = runs.spec(ws, run_id).dataset
    if version.label is None:
        raise NotFound("This run has no label to review.", "Choose a label and run again.")
    return datasets.get(ws, version.id), version.label


def words_of(ws: Workspace, run_id: str, info: DatasetInfo, label: Column) -> Spelling:
    """Return how the classes of the label are spelled in the file."""
    return spelling(info, Path(runs.spec(ws, run_id).table), label)


def _standing(ws: Workspace, dataset_id: str, column: str) -> Mapping[int, Decision]:
    return resolve(d for d in decisions(ws, dataset_id) if d.column == column)


def _item(scores: RowScores, n: int, *, given: str, words: Spelling) -> Item:
    suggested = None if scores.suggested is None else scores.suggested[n]
    reason = None if scores.reason is None else scores.reason[n]
    return Item(
        row_id=int(scores.row_id[n]),
        given=given,
        suggested=words.of(suggested) if suggested else "",
        confidence=None if scores.confidence is None else float(scores.confidence[n]),
        quality=float(scores.quality[n]),
        reason=reason or "",
        decision=None,
    )


def _ordered(columns: tuple[Column, ...], label: str) -> list[str]:
    """Return the names to show: inputs first, what a model does not read after them."""
    shown = [c for c in columns if c.name != label]
    return [
        c.name for c in sorted(shown, key=lambda c: (not c.role.is_input, c.role is Role.IGNORE))
    ]


def _nearest(result: CheckResult | None, row_id: int) -> list[int]:
    if result is None:
        return []
    shapes = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    for shape in shapes:
        if isinstance(shape, RowGroups) and shape.relation == "nearest":
            for group in shape.groups:
                if group.anchor == row_id:
                    return list(group.row_id)
    return []
