"""A tie of gaps to another column, and how a numeric label gives one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.checks._lib import ask, stats
from components.checks._lib.words import number, quoted
from components.core.data.dataset import Column
from components.core.data.query import Agg, Fn, Missing, Not, Scalar
from components.core.data.table import Table
from components.core.judgement.evidence import GroupMetrics, Unit

SMALL_G = 0.2
"""Hedges' g called small (Cohen 1988); the counterpart of the ratio for a numeric label."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How the emptiness of a column goes with another column.

    Attributes
    ----------
    effect
        Size of the log of the ratio of two shares of empty rows, or of Hedges' g.
    strength
        Size of the association of two columns: Cramér's V, or Hedges' g.
    is_apart
        Whether the 95 % interval of the difference, as it is printed, leaves out 0.
    is_near
        Whether the 95 % intervals of all ratios lie inside the lines: no tie worth a word.
    empty_there
        Share of empty rows in the group that differs most; 0 where no groups are compared.
    where
        The end of a title: where the column is missing more or less often.
    text
        The comparison in numbers, one sentence.
    """

    by: str
    is_label: bool
    p: float
    effect: float
    strength: float
    is_apart: bool
    is_large: bool
    is_near: bool
    where: str
    text: str
    metrics: GroupMetrics
    empty_there: float = 0.0


@dataclass(frozen=True, slots=True)
class ComparedGap:
    """A comparison, and whether it holds at the false discovery rate over the table."""

    tie: Tie
    holds: bool

    @property
    def is_tie(self) -> bool:
        """Whether it is large enough to be told as a tie, and not chance."""
        return self.holds and self.tie.is_large


def mean_ties(table: Table, label: Column, names: Sequence[str]) -> Iterator[tuple[str, Tie]]:
    """Compare the mean of a numeric label in the empty rows with that in the filled rows."""
    measures: dict[str, Agg] = {}
    for i, name in enumerate(names):
        for state, where in (("missing", Missing(name)), ("present", Not(Missing(name)))):
            for fn in (Fn.PRESENT, Fn.MEAN, Fn.SD):
                measures[f"{i}.{state}.{fn.value}"] = Agg(fn, label.name, where=where)
    answer = ask.aggregate_all(table, measures)
    for i, name in enumerate(names):
        gone, there = _moments(answer, f"{i}.missing"), _moments(answer, f"{i}.present")
        g, _, _ = stats.standardised_difference(gone, there)
        if math.isfinite(g):
            yield name, _mean_tie(name, label.name, gone, there, g)


def _moments(answer: Mapping[str, Scalar], key: str) -> stats.Moments:
    return stats.Moments(
        n=ask.whole(answer[f"{key}.{Fn.PRESENT.value}"]),
        mean=ask.real(answer[f"{key}.{Fn.MEAN.value}"]),
        sd=ask.real(answer[f"{key}.{Fn.SD.value}"]),
    )


def _mean_tie(name: str, label: str, gone: stats.Moments, there: stats.Moments, g: float) -> Tie:
    ends = [stats.mean_interval(m.mean, m.sd, m.n) for m in (gone, there)]
    _, low, high = stats.standardised_difference(gone, there)
    return Tie(
        by=label,
        is_label=True,
        p=stats.welch_p(gone, there),
        effect=abs(g),
        strength=abs(g),
        is_apart=not low <= 0.0 <= high,
        is_large=abs(g) >= SMALL_G,
        is_near=low > -SMALL_G and high < SMALL_G,
        where=f"more often where {quoted(label)} is {'high' if g > 0 else 'low'}",
        text=(
            f"The mean of {quoted(label)} is {number(gone.mean)} in the rows where it is missing "
            f"and {number(there.mean)} in the others."
        ),
        metrics=GroupMetrics(
            name=f"Mean of {label}, with and without {name}",
            metric=f"label_mean:{name}",
            attribute=name,
            unit=Unit.VALUE,
            groups=("missing", "present"),
            value=(gone.mean, there.mean),
            ci_low=(ends[0][0], ends[1][0]),
            ci_high=(ends[0][1], ends[1][1]),
            n=(gone.n, there.n),
        ),
    )
