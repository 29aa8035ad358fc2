"""What is told of values that hold more doubted labels of a kind than others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import words
from components.checks._lib.stats import difference_interval, wilson
from components.checks.labels._patterns.heaps import Heap, Heaps
from components.checks.labels._patterns.rates import rates
from components.checks.labels._patterns.values import ColumnValues
from components.checks.labels._reasons.reasons import Searched
from components.core.data.table import Table
from components.core.judgement.evidence import Evidence, Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

ID, KEY = "labels.label_patterns", "pattern"
MOST_TOLD = 20
CAVEAT = (
    "A rule of the world that the models did not learn looks the same, and so does a column that "
    "goes together with the one that matters."
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Values where one class stands for another, and rates of flags by class, source and time."""

    searched: Searched
    heaps: Heaps
    columns: tuple[ColumnValues, ...]
    min_ratio: float

    def evidence(self) -> Iterator[Evidence]:
        """Yield the rates, how many values were tested, and those that stand out."""
        yield from rates(self.searched, self.columns)
        yield Measure(
            name="values tested for one class in place of another",
            value=float(self.heaps.n_tested),
            unit=Unit.COUNT,
        )
        shown = sorted(self.heaps.found[:MOST_TOLD], key=lambda h: -h.x / h.n)
        if shown:
            yield Ranking(
                name="Values where one class stands for another",
                axis="share of the rows that look like the other class",
                unit=Unit.SHARE,
                items=tuple(f"{h.column} {h.value}: {h.given} for {h.suggested}" for h in shown),
                values=tuple(h.x / h.n for h in shown),
                notes=tuple(
                    f"{h.x:,} of {words.plural(h.n, 'row')}, elsewhere {h.x_else:,} of {h.n_else:,}"
                    for h in shown
                ),
            )

    def findings(self, table: Table) -> Iterator[Finding]:
        """Yield one finding, about the surest of them."""
        if self.heaps.found:
            yield self._finding(table, self.heaps.found[0])

    def _finding(self, table: Table, heap: Heap) -> Finding:
        label = self.searched.material.label
        more = len(self.heaps.found) - 1
        return Finding(
            check_id=ID,
            key=KEY,
            title=(
                f"{words.quoted(label)} is {words.quoted(heap.given)} in {heap.x:,} of "
                f"{words.plural(heap.n, 'row')} that look like {words.quoted(heap.suggested)} "
                f"where {words.quoted(heap.column)} is {words.quoted(heap.value)} "
                f"({words.share(heap.x / heap.n)}), and in "
                f"{words.share(heap.x_else / heap.n_else)} elsewhere"
            ),
            detail=self._detail(heap, more),
            severity=Severity.INFO,
            measure=_measure(heap),
            threshold=Threshold(
                value=self.min_ratio, param="min_ratio", source="ours: twice as often"
            )
            if math.isfinite(heap.ratio)
            else None,
            affected=Affected(
                columns=(heap.column, label),
                groups=(heap.value,),
                n_rows=heap.x,
                share=heap.x / table.version.n_rows,
                row_id=heap.row_id,
            ),
            recommended_action=(
                "Ask how these rows were labelled, and review them together; the page of labels "
                "leads to them."
            ),
            caveat=CAVEAT,
        )

    def _detail(self, heap: Heap, more: int) -> str:
        here, there = wilson(heap.x, heap.n), wilson(heap.x_else, heap.n_else)
        told = (
            f"The 95 % interval is {words.share(here[0])} to {words.share(here[1])}, elsewhere "
            f"{words.share(there[0])} to {words.share(there[1])} (from {heap.x_else:,} of "
            f"{words.plural(heap.n_else, 'row')}). Compared are rows that the models take for "
            f"{words.quoted(heap.suggested)} as surely as those that they contradict. Of "
            f"{words.plural(self.heaps.n_tested, 'value')} that were tested, chance alone would "
            "seldom set one apart."
        )
        if more:
            verb = "stands" if more == 1 else "stand"
            told += f" {words.plural(more, 'more value')} {verb} out as well."
        return told


def _measure(heap: Heap) -> Measure:
    """Return the ratio of both shares; their difference where one has no end."""
    n = heap.n + heap.n_else
    if math.isfinite(heap.ratio):
        low, high = heap.ratio_ends
        name, value, unit = "Ratio of the shares", heap.ratio, Unit.RATIO
    else:
        low, high = difference_interval(heap.x, heap.n, heap.x_else, heap.n_else)
        name, unit = "Difference of the shares", Unit.DIFFERENCE
        value = heap.x / heap.n - heap.x_else / heap.n_else
    return Measure(name=name, value=value, unit=unit, n=n, ci_low=low, ci_high=high)
