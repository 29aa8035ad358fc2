"""Evidence about single rows and cells: scores, and rows that belong together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from components.core.codec import Shaped
from components.core.judgement.review import Asks, ItemType

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.object_]

BRIEF_ROWS = 200
"""Rows of a row-level shape that JSON keeps; all of them stand in Parquet beside the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowScores(Shaped):
    """A quality per row, for the order: the lowest is looked at first. No probability.

    A flagged row has a lower quality than any other.

    Rows that were not assessed are left out. Use :meth:`of` to make one.

    Attributes
    ----------
    name
        What the quality is of ("label quality", "normality").
    n_assessed, n_flagged
        Totals; the arrays may hold fewer rows after :meth:`brief`.
    histogram
        Rows per twentieth of [0, 1], for all assessed rows, 20 counts.
    row_id, quality, flagged
        Shape (n,), worst first.
    given, suggested
        Labels, shape (n,), for label checks.
    confidence
        Of the suggestion, in [0, 1], shape (n,).
    reason, against
        What speaks for the suggestion and against it, in words, shape (n,); None where nothing is
        said.
    likely
        Of each flagged row the most probable classes, ``((class, probability), ...)``, the most
        probable first; None for other rows; shape (n,). It is kept with all rows only.
    columns_read
        Names of the columns that the quality was made of; empty where that is not told.
    predicted_by
        Whose probabilities ``confidence`` and ``likely`` are, where a table brings them: which
        columns. "" for those of our own models.
    group
        Of rows that repeat one another: the id of the first row of the set of each, shape (n,).
    n_groups
        Sets with a flagged row.
    asks
        What people are asked about flagged rows. None: about their label, where one is suggested,
        else nothing.
    """

    name: str
    n_assessed: int
    n_flagged: int
    histogram: tuple[int, ...]
    row_id: IntArray
    quality: FloatArray
    flagged: BoolArray
    given: TextArray | None = None
    suggested: TextArray | None = None
    confidence: FloatArray | None = None
    reason: TextArray | None = None
    against: TextArray | None = None
    likely: TextArray | None = None
    columns_read: tuple[str, ...] = ()
    predicted_by: str = ""
    group: IntArray | None = None
    n_groups: int = 0
    asks: Asks | None = None

    @property
    def item_type(self) -> ItemType | None:
        """What people are asked about; None where they are not."""
        if self.asks is not None:
            return self.asks.item_type
        return None if self.suggested is None else ItemType.LABEL

    @property
    def n_items(self) -> int:
        """What people are asked about: flagged rows, or sets of them."""
        return self.n_groups if self.item_type is ItemType.REPEATS else self.n_flagged

    @classmethod
    def of(
        cls,
        name: str,
        *,
        row_id: IntArray,
        quality: FloatArray,
        flagged: BoolArray,
        given: TextArray | None = None,
        suggested: TextArray | None = None,
        confidence: FloatArray | None = None,
        reason: TextArray | None = None,
    ) -> RowScores:
        """Sort the rows worst first (flagged before the rest) and count them."""
        order = np.lexsort((row_id, quality, ~flagged))
        counts, _ = np.histogram(quality, bins=20, range=(0.0, 1.0))

        def picked(values: TextArray | None) -> TextArray | None:
            return None if values is None else values[order]

        return cls(
            name=name,
            n_assessed=len(row_id),
            n_flagged=int(flagged.sum()),
            histogram=tuple(int(c) for c in counts),
            row_id=row_id[order],
            quality=quality[order],
            flagged=flagged[order],
            given=picked(given),
            suggested=picked(suggested),
            confidence=None if confidence is None else confidence[order],
            reason=picked(reason),
        )

    def with_details(
        self,
        row_id: IntArray,
        *,
        against: TextArray,
        likely: TextArray,
        columns_read: tuple[str, ...],
    ) -> RowScores:
        """Return the same scores with more about their rows, given in the order of ``row_id``."""
        order = np.argsort(row_id, kind="stable")
        at = order[np.searchsorted(row_id[order], self.row_id)]
        return replace(self, against=against[at], likely=likely[at], columns_read=columns_read)

    def asking(self, asks: Asks, first_of: IntArray | None = None) -> RowScores:
        """Return the same scores, about whose flagged rows people are asked.

        Parameters
        ----------
        first_of
            Of rows that repeat one another: the id of the first row of the set of each row of the
            table, shape (n_rows,).
        """
        if first_of is None:
            return replace(self, asks=asks)
        group = first_of[self.row_id]
        n_groups = len(np.unique(group[self.flagged]))
        return replace(self, group=group, n_groups=n_groups, asks=asks)

    def brief(self, n: int = BRIEF_ROWS) -> RowScores:
        """Return the same scores with the ``n`` worst rows only."""
        return replace(
            self,
            row_id=self.row_id[:n],
            quality=self.quality[:n],
            flagged=self.flagged[:n],
            given=None if self.given is None else self.given[:n],
            suggested=None if self.suggested is None else self.suggested[:n],
            confidence=None if self.confidence is None else self.confidence[:n],
            reason=None if self.reason is None else self.reason[:n],
            against=None if self.against is None else self.against[:n],
            likely=None,
            group=None if self.group is None else self.group[:n],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellScores(Shaped):
    """Cells worth naming, worst first; quality as for rows.

    Attributes
    ----------
    n_assessed, n_flagged
        Totals of cells; the arrays may hold fewer after :meth:`brief`.
    row_id, column, value, quality, flagged
        Shape (n,).
    suggested, reason
        Shape (n,); None where nothing is said.
    asks
        What people are asked about flagged cells. None: what they should hold, where that is
        suggested, else nothing.
    """

    name: str
    n_assessed: int
    n_flagged: int
    row_id: IntArray
    column: TextArray
    value: TextArray
    quality: FloatArray
    flagged: BoolArray
    suggested: TextArray | None = None
    reason: TextArray | None = None
    asks: Asks | None = None

    @property
    def item_type(self) -> ItemType | None:
        """What people are asked about; None where they are not."""
        if self.asks is not None:
            return self.asks.item_type
        return None if self.suggested is None else ItemType.CELL

    @property
    def n_items(self) -> int:
        """Cells that people are asked about."""
        return self.n_flagged

    def brief(self, n: int = BRIEF_ROWS) -> CellScores:
        """Return the same scores with the ``n`` worst cells only."""
        return replace(
            self,
            row_id=self.row_id[:n],
            column=self.column[:n],
            value=self.value[:n],
            quality=self.quality[:n],
            flagged=self.flagged[:n],
            suggested=None if self.suggested is None else self.suggested[:n],
            reason=None if self.reason is None else self.reason[:n],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows that belong together.

    Attributes
    ----------
    anchor
        The row the others are compared with.
    row_id
        The others; of a large set the first ones.
    distance
        From the anchor, one per row, or empty.
    n_more
        How many rows of the set are not in ``row_id``.
    """

    anchor: int
    row_id: tuple[int, ...]
    distance: tuple[float, ...] = ()
    n_more: int = 0

    @property
    def size(self) -> int:
        """Rows of the set, the anchor included."""
        return 1 + len(self.row_id) + self.n_more


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroups(Shaped):
    """Sets of rows: copies of one another, or the nearest rows of a flagged row.

    Attributes
    ----------
    relation
        ``copies`` or ``nearest``.
    n_groups, n_rows
        Totals (``n_rows`` without the anchors); ``groups`` may hold fewer.
    """

    name: str
    relation: str
    n_groups: int
    n_rows: int
    groups: tuple[RowGroup, ...]
