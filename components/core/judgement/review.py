"""A machine suggests, a person decides: both speak of one cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell of a table: the unit of review.

    Attributes
    ----------
    column
        Display name of the column.
    """

    row_id: int
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a check says about a cell; nothing is changed by it.

    Attributes
    ----------
    given, suggested
        Cell texts, spelled as in the file. "" suggests an empty cell, None that the check does not
        know what should be there.
    confidence
        Of the suggestion, in [0, 1]; None where the check does not say.
    quality
        Of the given value, in [0, 1]; 1 = surely right. None where it must not be told.
    reason, against
        What speaks for it and against it, in words; "" where nothing is said.
    """

    cell: Cell
    given: str
    suggested: str | None
    confidence: float | None
    quality: float | None
    check_id: str
    reason: str
    against: str = ""


class Action(StrEnum):
    """What a person decided about a cell."""

    KEEP = "keep"
    CHANGE = "change"
    EXCLUDE = "exclude"
    """Leave its whole row out."""
    UNSURE = "unsure"
    ESCALATE = "escalate"
    """Not sure either: somebody who knows more must decide."""
    ERROR = "error"
    """It is wrong, and nobody knows here what is right; it stays until it is corrected."""


WHOLE_ROW, REPEATS = " row", " repeats"
"""The columns of questions about rows, and about the rows that repeat one."""


class ItemType(StrEnum):
    """What one item is; in the order in which they are offered.

    A check says with its scores which of these its flags are (:class:`Asks`); queue, cards, keys,
    files and the verdict follow. A question about more than a cell stands in a column of its own,
    which no column of a table can be: their names begin with no space.
    """

    LABEL = "label"
    """A class in the column of the label, another one suggested."""
    UNLABELLED = "unlabelled"
    """An empty cell in the column of the label; a class may be suggested."""
    CELL = "cell"
    """A cell of any column, and what it might hold instead."""
    ROW = "row"
    """A row unlike the rest."""
    REPEATS = "repeats"
    """A row and the rows that repeat it."""

    @property
    def place(self) -> str:
        """The column in which such an item stands; "" for the column of a cell."""
        return {ItemType.ROW: WHOLE_ROW, ItemType.REPEATS: REPEATS}.get(self, "")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be decided about it."""
        between: tuple[Action, ...] = (Action.CHANGE,)
        if self.place:
            between = (Action.ERROR,) if self is ItemType.ROW else ()
        return (Action.KEEP, *between, Action.EXCLUDE, Action.UNSURE, Action.ESCALATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What people are asked about rows or cells that a check flags.

    Attributes
    ----------
    actions
        What makes sense, where that is less than what the type allows; empty: all of it.
    """

    item_type: ItemType
    actions: tuple[Action, ...] = ()

    @property
    def offered(self) -> tuple[Action, ...]:
        """What can be decided."""
        usual = self.item_type.actions
        return tuple(a for a in usual if a in self.actions) if self.actions else usual


def place_of(column: str) -> ItemType | None:
    """Return what an item is that stands in a column of its own; None for a cell."""
    return next((t for t in (ItemType.ROW, ItemType.REPEATS) if t.place == column), None)


class Capacity(StrEnum):
    """In what capacity a person decided about a cell."""

    ALONE = "alone"
    """One person is enough."""
    BLIND = "blind"
    """One of two, who did not see the answer of the other."""
    AGAIN = "again"
    """One of two, who answers once more while the answer of the other is there: where both had said
    the same it could be seen."""
    ADJUDICATOR = "adjudicator"
    """A third one, who saw both answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about one cell; kept as long as its table.

    Which of the decisions about a cell counts is said in
    :func:`components.core.people.several_people.what_stands`.

    Attributes
    ----------
    id
        Given by the store; 0 before. A later decision has a higher one.
    given, new
        The cell text before and after; ``new`` equals ``given`` unless the action is CHANGE.
    undone
        Whether it was taken back; it then counts for nothing.
    answered
        What checks suggested for the cell when it was decided, and what the decision says about
        other texts; a suggestion that is not among them asks again. None: not recorded, so that the
        decision answers whatever is suggested.
    carried_from
        Id of the decision in an earlier version of the table that this one repeats; None where a
        person made it here.
    press
        The mark that a browser gave to the key that was pressed; the same press, sent again, is
        the same decision. "" where there was none.
    seconds
        How long the cell was on the screen before; None: not measured.
    capacity
        Whether one person was enough, or this is one of several answers.
    source
        The tool in which it was answered, such as ``Label Studio``; "" for this one.
    said_at
        When it was answered there; None where it was answered here, or the tool does not tell.
    batch
        The mark of the one press with which it was decided together with others; "" for one alone.
    judged_first
        Whether the person answered before the suggestion was shown: it was not on their card or in
        their list before, and they had not answered about the cell otherwise.
    stratum, probability
        Where the cell came up because it was drawn at random: from which stratum
        (:mod:`components.core.people.random_share`), and with which probability; else "" and None.
    others
        Of rows that repeat one: the ids of the rows that EXCLUDE leaves out, ascending; the one
        that ``cell`` names stays. Empty for everything else.
    """

    id: int = 0
    dataset_id: str
    cell: Cell
    check_id: str
    action: Action
    given: str
    new: str
    reviewer: str
    at: datetime
    note: str = ""
    undone: bool = False
    answered: tuple[str | None, ...] | None = None
    carried_from: int | None = None
    press: str = ""
    seconds: float | None = None
    capacity: Capacity = Capacity.ALONE
    source: str = ""
    said_at: datetime | None = None
    batch: str = ""
    judged_first: bool = False
    stratum: str = ""
    probability: float | None = None
    others: tuple[int, ...] = ()

    @property
    def version(self) -> str:
        """What a screen names to say that it has shown this decision; never empty.

        Decisions that were made together have the same one, each about another cell.
        """
        return self.press or self.batch or f"#{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCounts:
    """Suggestions that people are asked about, and what became of them.

    Every page and file that counts them shows these: open, settled, not sure, called errors.

    Attributes
    ----------
    n_unsure
        Those that somebody was not sure about, or handed on to somebody who knows more.
    n_escalated
        The latter of them.
    n_errors
        Those that are wrong, as somebody says, and still in the table.
    """

    n_open: int = 0
    n_kept: int = 0
    n_changed: int = 0
    n_excluded: int = 0
    n_unsure: int = 0
    n_escalated: int = 0
    n_errors: int = 0

    @property
    def n_settled(self) -> int:
        """Cells about which somebody was sure."""
        return self.n_kept + self.n_changed + self.n_excluded

    @property
    def n_items(self) -> int:
        """All of them."""
        return self.n_open + self.n_settled + self.n_unsure + self.n_errors

    @property
    def n_waiting(self) -> int:
        """Cells that still need somebody: open, not sure, or wrong and not yet corrected."""
        return self.n_open + self.n_unsure + self.n_errors

    @property
    def is_settled(self) -> bool:
        """Whether there was something to settle and nothing waits."""
        return self.n_items > 0 and self.n_waiting == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the decisions that count add up to.

    A row may be left out for several of its cells, and a changed cell may stand in a row that is
    left out: ``n_changed`` and ``n_excluded`` say what the corrected table shows.

    Attributes
    ----------
    actions, by_column, reviewers
        Decisions by kind, by column and kind, and by person.
    n_changed
        Cells that get another text, in rows that stay.
    n_excluded
        Rows that are left out.
    """

    actions: Counter[Action]
    by_column: dict[str, Counter[Action]]
    reviewers: Counter[str]
    n_changed: int
    n_excluded: int
