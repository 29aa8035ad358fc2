"""What accepting every suggestion would do to the rates of groups of people.

A label that a check would change is as good as changed once somebody accepts without looking. So
the rates of each class are told as they are and as they would be, before anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from components.checks._lib.groups.changed_rates import furthest, moved
from components.checks._lib.groups.entities import entity_of
from components.checks._lib.groups.outcomes import min_rows_as_set, outcomes_as_set
from components.checks._lib.groups.rates import (
    OutcomeClass,
    Rate,
    RatesCompared,
    compared,
    count_outcomes,
    gap_metrics,
    rate_metrics,
)
from components.checks.labels._fair.people import People
from components.checks.labels._judge import Judged
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import GroupMetrics, Unit
from components.core.judgement.row_evidence import IntArray, TextArray

NOW, THEN = "with the labels as they are", "with all suggestions accepted"
IF_ACCEPTED = "_if_accepted"
"""What the metric of a rate or ratio ends with that is not yet so."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The rates of one class in the groups of one sensitive column, as they are and would be."""

    now: RatesCompared
    then: RatesCompared
    min_rows: int

    @property
    def change(self) -> float:
        """The largest change of the rate of a group that is compared."""
        return max((abs(after.value - before.value) for before, after in self._told()), default=0.0)

    def metrics(self, label: str) -> Iterator[GroupMetrics]:
        """Return rates and ratios, as they are and as they would be."""
        for rates, which, suffix in ((self.now, NOW, ""), (self.then, THEN, IF_ACCEPTED)):
            ratio = next((m for m in gap_metrics(rates) if m.unit is Unit.RATIO), None)
            for metric in (rate_metrics(rates, label), ratio):
                if metric is not None:
                    kind, _, outcome = metric.metric.partition(":")
                    yield replace(
                        metric,
                        name=f"{metric.name}, {which}",
                        metric=f"{kind}{suffix}:{outcome}",
                    )

    def sentence(self) -> str:
        """Return the change for the group whose ratio is furthest from 1; "" where none is told."""
        found = furthest(
            self.now.attribute.name,
            self.now.outcome.name,
            self.now.rates,
            self.then.rates,
            self.min_rows,
        )
        return "" if found is None else found.sentence("Accepting all suggestions")

    def _told(self) -> list[tuple[Rate, Rate]]:
        few = {r.group.name for r in self.now.left_out}
        return [
            (before, after)
            for before, after in zip(self.now.rates, self.then.rates, strict=True)
            if before.n and before.group.name not in few
        ]


def accepting_all(
    table: Table,
    run: RunContext,
    people: Sequence[People],
    judged: Judged,
    classes: Sequence[str],
) -> tuple[Accepted, ...]:
    """Return what accepting every suggestion would do, by sensitive column.

    Of the favourable class of two; with more classes, of the one whose rate would change most.

    Parameters
    ----------
    classes
        Names of the classes that ``judged`` counts.
    """
    if not people or not judged.flagged.any():
        return ()
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the checks say so
    told = outcomes_as_set(table, label.name, run.params)
    entity = entity_of(table, run.profile, [p.attribute.name for p in people], label.name)
    flags, found = _Flags.of(judged, classes), []
    for one in people:
        counted = count_outcomes(
            table, one.attribute, label.name, told, entity=entity[0] if entity else None
        )
        effects = [
            _of(one, outcome, rates, flags, min_rows_as_set(run.params))
            for outcome, rates in zip(told, counted, strict=True)
        ]
        found.append(max(effects, key=lambda e: e.change))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flagged rows with the names of their classes, shape (n,) each."""

    row_id: IntArray
    given: TextArray
    suggested: TextArray

    @staticmethod
    def of(judged: Judged, classes: Sequence[str]) -> _Flags:
        names, at = np.array(classes, dtype=object), judged.flagged
        return _Flags(judged.row_id[at], names[judged.given[at]], names[judged.suggested[at]])


def _of(
    one: People,
    outcome: OutcomeClass,
    rates: tuple[Rate, ...],
    flags: _Flags,
    min_rows: int,
) -> Accepted:
    gained = one.counted(flags.row_id[flags.suggested == outcome.name])
    lost = one.counted(flags.row_id[flags.given == outcome.name])
    after = moved(rates, gained.tolist(), lost.tolist())
    return Accepted(
        compared(one.attribute, outcome, rates, min_rows),
        compared(one.attribute, outcome, after, min_rows),
        min_rows,
    )
