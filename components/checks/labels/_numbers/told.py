"""What the search for wrong numbers in the label says and shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from components.checks._lib import words
from components.checks.labels._fair.flag_rates import FlagRates
from components.checks.labels._learning.learnable import Learnable
from components.checks.labels._numbers.faults import Named, fault_words, is_unit
from components.checks.labels._numbers.honest_tail import Excess
from components.checks.labels._numbers.judged import JudgedNumbers
from components.checks.labels._numbers.rows import NumberRows
from components.checks.labels._numbers.spelling import number_in_file, rounded
from components.core.data.table import Table
from components.core.judgement.evidence import (
    Distribution,
    Evidence,
    Measure,
    Ranking,
    RowScores,
    Unit,
)
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.review import Asks, ItemType

ID = "labels.number_errors"
OURS = "ours: made tables with and without wrong numbers, see the help text"
HONEST = (
    "The count alone does not say that any number is wrong: right numbers of unusual rows, and of "
    "rows that differ in what no column shows, look the same."
)
EDGES = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0)


class NumberLines(Protocol):
    """The parameters that decide about the finding."""

    @property
    def min_excess(self) -> float:
        """Lower end of the share that honest noise does not explain, for a warning."""
        ...

    @property
    def min_side(self) -> float:
        """Share of the contradicted numbers on the smaller side, for a warning."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How well the models tell the number.

    Attributes
    ----------
    off, guessing
        What half of the predictions are off by at most, and half of the numbers from their median.
    """

    off: float
    guessing: float
    n: int

    @staticmethod
    def of(judged: JudgedNumbers) -> Precision:
        """Measure it on rows that the models had not seen."""
        y = judged.given
        return Precision(
            off=float(np.median(np.abs(y - judged.expected))),
            guessing=float(np.median(np.abs(y - np.median(y)))),
            n=len(y),
        )

    @property
    def told(self) -> float:
        """How much closer predictions are than the median; 0 where they are no closer."""
        return max(0.0, 1.0 - self.off / self.guessing) if self.guessing > 0 else 0.0


def scores(judged: JudgedNumbers, named: Named, rows: NumberRows, decimals: int) -> RowScores:
    """Return the quality of each number, and what is suggested instead of flagged ones."""
    n = len(judged.row_id)
    given, suggested, reason = (np.full(n, None, dtype=object) for _ in range(3))
    for at in np.flatnonzero(judged.flagged).tolist():
        told = _Suggested.of(at, judged, named, rows, decimals)
        given[at], suggested[at], reason[at] = told.given, told.suggested, told.reason
    return RowScores.of(
        "label quality",
        row_id=judged.row_id,
        quality=judged.quality,
        flagged=judged.flagged,
        given=given,
        suggested=suggested,
        reason=reason,
    ).asking(Asks(item_type=ItemType.CELL))


@dataclass(frozen=True, slots=True)
class _Suggested:
    given: str
    suggested: str
    reason: str

    @staticmethod
    def of(
        at: int, judged: JudgedNumbers, named: Named, rows: NumberRows, decimals: int
    ) -> _Suggested:
        low, high = float(judged.low[at]), float(judged.high[at])

        def written(value: float) -> str:
            return number_in_file(rounded(value, high - low, decimals), rows.label)

        expected = written(float(judged.expected[at]))
        nine = f"nine of ten rows like it lie between {written(low)} and {written(high)}"
        given = number_in_file(float(judged.given[at]), rows.label)
        if named.fault[at] < 0:
            return _Suggested(given, expected, f"{expected} is expected; {nine}")
        repaired = float(named.repaired[at])
        if is_unit(int(named.fault[at])):
            repaired = rounded(repaired, 0.0, decimals)
        right = number_in_file(repaired, rows.label)
        what = fault_words(int(named.fault[at]))
        return _Suggested(
            given, right, f"fits a number {what}: {right}; {expected} is expected, and {nine}"
        )


def off_distribution(judged: JudgedNumbers, line: float) -> Distribution:
    """Show how far numbers are off, in the spread of rows like them."""
    counts, _ = np.histogram(np.minimum(np.abs(judged.off), EDGES[-1]), bins=EDGES)
    return Distribution(
        name="How far numbers are off what is expected",
        axis="times the usual error of rows like it (the last bar: all that is farther)",
        counts={"": tuple(int(c) for c in counts)},
        edges=EDGES,
        marker=line,
    )


def fault_ranking(named: Named) -> Iterator[Evidence]:
    """Show which faults fit how many of the flagged numbers."""
    found, counts = np.unique(named.fault[named.fault >= 0], return_counts=True)
    if not len(found):
        return
    order = np.lexsort((found, -counts))
    yield Ranking(
        name="Contradicted numbers that a named fault fits",
        axis="rows",
        unit=Unit.COUNT,
        items=tuple(fault_words(int(found[i])) for i in order),
        values=tuple(float(counts[i]) for i in order),
        notes=tuple(
            "more often than chance explains" if int(found[i]) in named.frequent else ""
            for i in order
        ),
    )


def coverage(table: Table, rows: NumberRows, judged: JudgedNumbers) -> Coverage:
    """Say which rows were judged, and what was left out."""
    seen, total, notes = len(judged.row_id), table.version.n_rows, list(rows.notes)
    if len(rows.row_id) < seen:
        notes.insert(0, f"Models were trained on {words.of_rows(len(rows.row_id), total)}.")
    if seen < rows.n_judged:
        notes.insert(
            0, "Nothing shows that models can learn the label, so no other row was judged."
        )
    return Coverage(rows_seen=seen, rows_total=total, note=" ".join(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNumbers:
    """What the search found, put into words."""

    rows: NumberRows
    judged: JudgedNumbers
    named: Named
    precision: Precision
    excess: Excess
    rates: tuple[FlagRates, ...]
    learnable: Learnable

    def measures(self) -> Iterator[Measure]:
        """Show how well the models tell the number, and what honest noise does not explain."""
        yield self._precise()
        yield Measure(
            name="half of the numbers are off their median by at most",
            value=self.precision.guessing,
            unit=Unit.VALUE,
            n=self.precision.n,
        )
        yield self._unexplained()

    def findings(self, table: Table, lines: NumberLines) -> Iterator[Finding]:
        """Yield at most one finding."""
        if not self.learnable.is_learnable:
            yield self._not_judged()
        elif self.judged.flagged.any():
            yield self._contradicted(table, lines)

    def _precise(self) -> Measure:
        return Measure(
            name="half of the predictions are off by at most",
            value=self.precision.off,
            unit=Unit.VALUE,
            n=self.precision.n,
        )

    def _unexplained(self) -> Measure:
        found = self.excess
        return Measure(
            name="numbers farther off than honest noise explains",
            value=found.share,
            unit=Unit.SHARE,
            n=found.n,
            ci_low=min(found.low, found.share),
            ci_high=max(found.high, found.share),
        )

    def _contradicted(self, table: Table, lines: NumberLines) -> Finding:
        judged, label = self.judged, words.quoted(self.rows.label.name)
        n, total = int(judged.flagged.sum()), table.version.n_rows
        grounds = self._is_beyond_noise(lines) or bool(self.named.frequent)
        return Finding(
            check_id=ID,
            key="number_errors",
            title=(
                f"{words.plural(n, 'number')} in {label} {'is' if n == 1 else 'are'} contradicted "
                f"by the other rows ({words.share(n / total)} of rows)"
            ),
            detail=" ".join([*self._details(), *(rate.sentence() for rate in self.rates)]),
            severity=Severity.WARNING if grounds else Severity.INFO,
            measure=self._unexplained(),
            threshold=Threshold(value=lines.min_excess, param="min_excess", source=OURS),
            affected=Affected(
                columns=(self.rows.label.name,),
                n_rows=n,
                share=n / total,
                row_id=tuple(int(r) for r in judged.row_id[judged.worst[:50]]),
            ),
            recommended_action=f"Review {words.plural(n, 'number')}, worst first. Do not replace "
            "them automatically.",
            caveat=" ".join(self._caveats(lines)),
        )

    def _details(self) -> Iterator[str]:
        found = self.precision
        yield "Models that had not seen these rows expect clearly other numbers."
        yield (
            f"Half of their predictions are off by {words.number(found.off)} at most; half of the "
            f"numbers are off their median by {words.number(found.guessing)}."
        )
        faults, counts = np.unique(self.named.fault[self.named.fault >= 0], return_counts=True)
        order = np.lexsort((faults, -counts))[:3]
        told = [f"{fault_words(int(faults[i]))} ({int(counts[i]):,})" for i in order]
        if told:
            yield f"Some look as if they were {words.joined(told)}."

    def _is_beyond_noise(self, lines: NumberLines) -> bool:
        found = self.excess
        return found.low > lines.min_excess and self.judged.smaller_side >= lines.min_side

    def _caveats(self, lines: NumberLines) -> Iterator[str]:
        found = self.excess
        yield (
            f"{found.beyond:,} of {words.plural(found.n, 'number')} "
            f"{'is' if found.beyond == 1 else 'are'} off by {words.number(found.line)} times the "
            "usual error of rows like them or more; honest noise explains up to "
            f"{found.expected:,.0f}."
        )
        often = self.named.frequent
        if often:
            said = words.joined([fault_words(f) for f in often])
            yield (
                f"At least five times as many are {said} than are wrong by a factor beside it, "
                "which noise does not do."
            )
        if self._is_beyond_noise(lines):
            yield "Single numbers may still be right ones of unusual rows."
        elif not often:
            if found.low > lines.min_excess:
                yield (
                    "Nearly all contradicted numbers lie on one side: they may be a kind of rows "
                    "that no column shows."
                )
            yield HONEST

    def _not_judged(self) -> Finding:
        label, left_out = self.rows.label.name, self.learnable.left_out
        without = f" without {words.listed(left_out, limit=2)}" if left_out else ""
        return Finding(
            check_id=ID,
            key="not_assessable",
            title=(
                f"None of {words.plural(self.rows.n_judged, 'number')} in {words.quoted(label)} "
                f"was doubted: nothing shows that models can learn the label{without}"
            ),
            detail="Models that cannot learn a label cannot say which of its numbers are wrong. "
            f"Half of their predictions are off by {words.number(self.precision.off)} at most; "
            f"half of the numbers are off their median by {words.number(self.precision.guessing)}.",
            severity=Severity.INFO,
            measure=self._precise(),
            threshold=None,
            affected=Affected(columns=(label,)),
            recommended_action="See whether the label can be learned, on the same page.",
            caveat="That no number is doubted here does not say that they are right.",
        )
