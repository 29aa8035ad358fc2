"""What is to be reviewed: the cells that a check flagged, worst first, and a card for each.

Any check whose scores carry suggestions has a queue; no check is named here. A queue itself is
positions and counts only, so that a page of it costs the same however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from components.core.data.row_numbers import row_number
from components.core.errors import NotFound
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import (
    Action,
    Cell,
    Decision,
    ItemType,
    ReviewCounts,
    Suggestion,
    place_of,
)
from components.core.people.several_people import NO_PLAN, ReviewPlan
from components.services.review.items.orders import CellOrder
from components.services.review.items.suggested import suggested
from components.services.review.mixed_order import planned_order
from components.services.review.states import (
    ESCALATED,
    OPEN,
    UNSURE,
    answers,
    counted,
    first_of,
    spelling_of,
    states,
)
from components.services.runs import runs
from components.services.workspace import Workspace, now
from components.store.review import decisions as table
from components.store.review import plans

NO_COLUMN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One cell to review.

    Attributes
    ----------
    position
        In its queue, from 0; the worst one comes first.
    decision
        The decision that counts for the cell, or None.
    is_open
        Whether the cell waits for a decision: there is none, or it answered another suggestion.
    """

    position: int
    suggestion: Suggestion
    decision: Decision | None
    is_open: bool = True

    @property
    def cell(self) -> Cell:
        """The cell."""
        return self.suggestion.cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """The flagged cells of one check of a run.

    Attributes
    ----------
    column
        The column that all its cells lie in; "" where they lie in several. Items that are no cells
        have one of their own (`core.judgement.review`).
    about_label
        Whether that column is the label of the run.
    classes
        Cell texts of the classes of that column, most frequent first; empty for several columns,
        and for one that has no classes.
    n_items
        Cells in the queue.
    counts
        How many of them are open, settled and not sure.
    first_open, first_unsure
        Position of the worst cell that is open, and of the worst one that nobody is sure about;
        None where there is none.
    as_of, read_at
        Id of the newest decision when the queue was read, and when that was: a decision that came
        later was not on the screen.
    """

    run_id: str
    dataset_id: str
    check_id: str
    title: str
    column: str
    about_label: bool
    classes: tuple[str, ...]
    n_items: int
    counts: ReviewCounts
    first_open: int | None
    first_unsure: int | None
    as_of: int
    read_at: datetime
    order: CellOrder = field(repr=False, compare=False)
    plan: ReviewPlan = NO_PLAN

    @property
    def item_type(self) -> ItemType:
        """What its items are."""
        return self.order.asks.item_type

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be decided about them."""
        return self.order.asks.offered

    def position_of(self, cell: Cell) -> int | None:
        """Return where a cell stands in the queue, None where it does not."""
        return self.order.position_of(cell)

    def is_open(self, cell: Cell, stands: Decision | None) -> bool:
        """Whether a cell waits for a decision, given the one that counts for it."""
        asked = [text for _, text in self.order.suggested_among({cell})]
        return stands is None or not all(answers(stands, text) for text in asked)

    @property
    def is_mixed(self) -> bool:
        """Whether items drawn at random are mixed in, so that no card tells why it is there."""
        return self.order.mixed is not None

    def cell_at(self, position: int) -> Cell:
        """Return the cell at a place of the queue."""
        order = self.order
        return Cell(int(order.row_id[position]), order.names[int(order.column[position])])


def reviewable(ws: Workspace, run_id: str) -> tuple[CheckResult, ...]:
    """Return the results of a run about which people decide: first those about the label."""
    offered = [r for r in runs.results(ws, run_id) if r.suggests]
    types = list(ItemType)
    return tuple(sorted(offered, key=lambda r: types.index(r.item_type or ItemType.CELL)))


def queue(ws: Workspace, run_id: str, check_id: str | None = None) -> ReviewQueue | None:
    """Return what is to be reviewed.

    Parameters
    ----------
    check_id
        Of the check that suggests; None: the first one of the run that flagged something.

    Returns
    -------
    ReviewQueue or None
        None where no check of the run suggests anything, or not the one that is asked for.
    """
    read_at = now()  # before anything is read: what is decided later was not seen
    offered = reviewable(ws, run_id)
    if check_id is not None:
        offered = tuple(r for r in offered if r.check_id == check_id)
    if not offered:
        return None
    result = next((r for r in offered if r.n_suggested), offered[0])
    spec = runs.spec(ws, run_id)
    with ws.db.read() as session:
        plan = plans.of_dataset(session, spec.dataset.id)
        as_of = table.newest_id(session, spec.dataset.id)
    order = planned_order(ws, run_id, result.check_id, plan)
    state = states(ws, spec.dataset.id, order)
    column = order.names[0] if len(order.names) == 1 else NO_COLUMN
    return ReviewQueue(
        run_id=run_id,
        dataset_id=spec.dataset.id,
        check_id=result.check_id,
        title=result.title,
        column=column,
        about_label=spec.dataset.label is not None and column == spec.dataset.label.name,
        classes=_classes(ws, run_id, column),
        n_items=len(order.row_id),
        counts=counted(state),
        first_open=first_of(state, OPEN),
        first_unsure=first_of(state, UNSURE, ESCALATED),
        as_of=as_of,
        read_at=read_at,
        order=order,
        plan=plan,
    )


def items(ws: Workspace, found: ReviewQueue, start: int = 0, n: int = 50) -> tuple[Item, ...]:
    """Return one page of a queue, with the decisions that count."""
    return items_at(ws, found, range(start, min(start + n, found.n_items)))


def items_at(ws: Workspace, found: ReviewQueue, positions: Sequence[int]) -> tuple[Item, ...]:
    """Return the items at some places of a queue, with the decisions that count."""
    told = suggested(ws, found, positions)
    rows = {s.cell.row_id for s in told}
    with ws.db.read() as session:
        made = {d.cell: d for d in table.standing(session, found.dataset_id, row_ids=rows)}
    return tuple(
        Item(
            position=position,
            suggestion=s,
            decision=made.get(s.cell),
            is_open=not answers(made.get(s.cell), s.suggested),
        )
        for position, s in zip(positions, told, strict=True)
    )


def item(ws: Workspace, found: ReviewQueue, cell: Cell) -> Item:
    """Return the item of one cell.

    Raises
    ------
    NotFound
        When the cell is not in the queue.
    """
    position = found.position_of(cell)
    if position is None:
        what = f"Row {row_number(cell.row_id):,} is not flagged in this run."
        raise NotFound(what, "Choose one from the list.")
    return items(ws, found, position, 1)[0]


def _classes(ws: Workspace, run_id: str, column: str) -> tuple[str, ...]:
    if not column or place_of(column):
        return ()
    if not runs.spec(ws, run_id).dataset.column(column).kind.is_discrete:
        return ()
    return spelling_of(ws, run_id, column).classes
