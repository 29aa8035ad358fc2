"""How often labels are flagged, by group of people, class, source or time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from components.checks._lib import words
from components.checks._lib.stats import wilson
from components.checks.labels._fair.people import NO_GROUP, People
from components.core.judgement.evidence import GroupMetrics, Unit
from components.core.judgement.row_evidence import BoolArray, IntArray

FEW_ROWS = 30
"""Rows of a group below which the sentence leaves it to the figure."""


@dataclass(frozen=True, slots=True)
class FlagRates:
    """Flagged and judged rows of each group: of people, of a class, of a source, of a time."""

    attribute: str
    groups: tuple[str, ...]
    flagged: tuple[int, ...]
    judged: tuple[int, ...]

    def metrics(
        self, kind: str = "flagged", *, in_order: bool = False, most: int | None = None
    ) -> GroupMetrics:
        """Return the rate in every group, highest first, with Wilson intervals.

        Groups with few rows come last.

        Parameters
        ----------
        in_order
            The groups stay in their order.
        most
            Groups told; None: all.
        """
        there = range(len(self.groups))
        order = list(there if in_order else sorted(there, key=self._place))[:most]
        counts = [(self.flagged[i], self.judged[i]) for i in order]
        ends = [wilson(x, n) for x, n in counts]
        total = sum(self.judged)
        return GroupMetrics(
            name=f"Share of labels flagged, by {words.clean(self.attribute)}",
            metric=kind,
            attribute=self.attribute,
            unit=Unit.SHARE,
            groups=tuple(self.groups[i] for i in order),
            value=tuple(x / n if n else None for x, n in counts),
            ci_low=tuple(low for low, _ in ends),
            ci_high=tuple(high for _, high in ends),
            n=tuple(n for _, n in counts),
            overall=sum(self.flagged) / total if total else None,
        )

    def _place(self, i: int) -> tuple[bool, float]:
        return self.judged[i] < FEW_ROWS, -self.flagged[i] / max(1, self.judged[i])

    def sentence(self) -> str:
        """Return the rates of the groups doubted most and least often, with intervals."""
        there = [i for i, n in enumerate(self.judged) if n >= FEW_ROWS]
        if len(there) < 2:  # noqa: PLR2004 - nothing to compare
            return f"No two groups of {words.quoted(self.attribute)} have {FEW_ROWS} judged rows."
        rate = [self.flagged[i] / self.judged[i] for i in there]
        most, least = there[int(np.argmax(rate))], there[int(np.argmin(rate))]
        if max(rate) == min(rate):
            return f"By {words.quoted(self.attribute)}, all groups are flagged as often."
        return (
            f"By {words.quoted(self.attribute)}, labels of {self._said(most)} are flagged most "
            f"often and of {self._said(least)} least."
        )

    def _said(self, i: int) -> str:
        low, high = wilson(self.flagged[i], self.judged[i])
        return (
            f"{words.quoted(self.groups[i])} ({words.share(self.flagged[i] / self.judged[i])}, "
            f"95 % interval {words.share(low)} to {words.share(high)})"
        )


class Flags(Protocol):
    """Which rows are flagged, of those that were judged; arrays of shape (n,)."""

    @property
    def row_id(self) -> IntArray:
        """The rows that were judged."""
        ...

    @property
    def flagged(self) -> BoolArray:
        """Which of them are flagged."""
        ...


def rates_of(
    attribute: str, groups: tuple[str, ...], of_row: IntArray, flagged: BoolArray
) -> FlagRates:
    """Count rows by group, and flagged ones; groups without a row are left out.

    Parameters
    ----------
    of_row, flagged
        Place in ``groups``, ``NO_GROUP`` for none, and whether it is flagged; shape (n,) each.
    """
    known = of_row != NO_GROUP
    n = np.bincount(of_row[known], minlength=len(groups)).tolist()
    x = np.bincount(of_row[known & flagged], minlength=len(groups)).tolist()
    kept = [i for i, rows in enumerate(n) if rows]
    return FlagRates(
        attribute,
        tuple(groups[i] for i in kept),
        tuple(x[i] for i in kept),
        tuple(n[i] for i in kept),
    )


def flag_rates(people: Sequence[People], judged: Flags) -> tuple[FlagRates, ...]:
    """Count flagged and judged rows in the groups of every sensitive column."""
    flagged = judged.row_id[judged.flagged]
    return tuple(
        FlagRates(
            one.attribute.name,
            tuple(group.name for group in one.attribute.groups),
            tuple(one.counted(flagged).tolist()),
            tuple(one.counted(judged.row_id).tolist()),
        )
        for one in people
    )
