"""What is said and shown of rows without a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib import words
from components.checks.labels._judge import Judged
from components.checks.labels._prepare import Material
from components.checks.labels._reasons import around
from components.checks.labels._reasons.reasons import Reasons, Searched, reasons
from components.checks.labels._searching.fitted import LabelModels
from components.checks.labels._unlabelled.calibration import Calibrated, RightOf
from components.checks.labels._unlabelled.suggested import Unlabelled
from components.core.data.table import Table
from components.core.judgement.checks import Item, RunContext
from components.core.judgement.evidence import Measure, Ranking, RowScores, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.review import Asks, ItemType
from components.core.judgement.row_evidence import BoolArray, IntArray, TextArray

ID = "labels.missing_labels"
SHOWN = 30
EXAMPLES = 50
RIGHT = "suggestions of such a probability that are the label, in rows with one"
NOT_ENTERED = "Nothing is entered without a person."


def how_many(n: int, n_rows: int) -> Measure:
    """Return the share of rows without a label."""
    share = n / max(1, n_rows)
    return Measure(name="rows without a label", value=share, unit=Unit.SHARE, n=n_rows)


def coverage(n: int, n_rows: int) -> Coverage:
    """Say which rows were looked at."""
    note = f"{words.plural(n, 'row')} without a label." if n else "Every row has a label."
    return Coverage(rows_seen=n_rows, rows_total=n_rows, note=note)


def nothing_suggested(label: str, n: int, n_rows: int, left_out: tuple[str, ...]) -> Finding:
    """Say that no label is suggested."""
    without = f" without {words.listed(left_out, limit=2)}" if left_out else ""
    return Finding(
        check_id=ID,
        key="nothing_suggested",
        title=f"{_have_none(n)} in {words.quoted(label)}, and none is suggested",
        detail=f"Nothing shows that models can learn the label from the other columns{without}, so "
        "what they would suggest, and which row they would ask about first, means nothing.",
        severity=Severity.INFO,
        measure=how_many(n, n_rows),
        threshold=None,
        affected=Affected(columns=(label,), n_rows=n, share=n / n_rows),
        recommended_action="Label the rows by hand, or leave them out of training.",
        caveat="With more labels, models may be able to learn it.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The rows without a label, in which order they are asked about, and how far to trust it.

    Attributes
    ----------
    places
        The places of ``rows`` in the order in which they are to be labelled.
    least
        Probability from which a class is suggested.
    related
        Strength from which two columns repeat one another.
    """

    made: LabelModels
    rows: Unlabelled
    places: IntArray
    found: Calibrated
    least: float
    related: float

    @property
    def material(self) -> Material:
        """The rows with a label."""
        return self.made.material

    @property
    def right(self) -> RightOf | None:
        """How often such suggestions are the label of rows that have one."""
        return self.found.right_from(self.least)

    def items(self, table: Table, run: RunContext) -> Iterator[Item]:
        """Yield the suggestions with their reasons, how far to trust them, and the finding."""
        judged, right, curve = self.rows.judged(self.places), self.right, self.found.curve()
        if right is not None:
            yield _measure(right)
        if curve is not None:
            yield curve
        if self._sure.any():
            yield self._by_class()
        searched = Searched(self.material, self.made.probe, judged)
        why = reasons(table, searched, run, self.related)
        yield self._scores(judged, why)
        yield from around.nearest(table, self.material, judged, run)
        yield self._finding(table.version.n_rows)

    @property
    def _sure(self) -> BoolArray:
        return self.rows.sure(self.least)

    def _by_class(self) -> Ranking:
        codes = self.rows.codes[self._sure, 0].tolist()
        counts = Counter(self.material.classes[code] for code in codes)
        most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
        return Ranking(
            name="Suggested labels, by class",
            axis="rows without a label",
            unit=Unit.COUNT,
            items=tuple(name for name, _ in most),
            values=tuple(float(n) for _, n in most),
        )

    def _scores(self, judged: Judged, why: Reasons) -> RowScores:
        """Return the rows in the order in which they are to be labelled, each a question."""
        names = np.array(self.material.classes, dtype=object)
        return (
            RowScores.of(
                "order of labelling",
                row_id=self.rows.row_id,
                quality=judged.quality,
                flagged=judged.flagged,
                given=np.full(len(names[judged.suggested]), "", dtype=object),
                suggested=self._where_sure(names[judged.suggested]),
                confidence=judged.confidence,
                reason=self._where_sure(why.texts),
            )
            .with_details(
                self.rows.row_id,
                against=self._where_sure(why.against),
                likely=around.likely_by_name(judged, self.material.classes),
                columns_read=self.material.plan.names,
            )
            .asking(Asks(item_type=ItemType.UNLABELLED))
        )

    def _where_sure(self, texts: TextArray) -> TextArray:
        left = texts.copy()
        left[~self._sure] = None
        return left

    def _finding(self, n_rows: int) -> Finding:
        label, n, n_sure = self.material.label, len(self.rows.row_id), int(self._sure.sum())
        right, first = self.right, self.rows.row_id[self.places[:EXAMPLES]]
        notes = "".join(f" {note}" for note in self.material.notes)
        return Finding(
            check_id=ID,
            key="unlabelled",
            title=f"{_have_none(n)} in {words.quoted(label)}: a class is suggested for "
            f"{n_sure:,} of them",
            detail=f"{_trust(right, self.least)} {_others(n - n_sure, self.least)}".strip(),
            severity=Severity.INFO,
            measure=_measure(right) if right is not None else how_many(n, n_rows),
            threshold=Threshold(value=self.least, param="min_probability", source="ours"),
            affected=Affected(
                columns=(label,), n_rows=n, share=n / n_rows, row_id=tuple(first.tolist())
            ),
            recommended_action="Label them in the order of the review, those first of which models "
            f"are least sure. {NOT_ENTERED}",
            caveat="Rows without a label may be of another kind than the rest; then the "
            f"probabilities say too much.{notes}",
        )


def _measure(right: RightOf) -> Measure:
    return Measure(
        name=RIGHT,
        value=right.share,
        unit=Unit.SHARE,
        n=right.n,
        ci_low=right.low,
        ci_high=right.high,
    )


def _have_none(n: int) -> str:
    return f"{words.plural(n, 'row')} {'has' if n == 1 else 'have'} no label"


def _trust(right: RightOf | None, least: float) -> str:
    if right is None:
        return (
            f"Of no row with a label were models that had not seen it {words.share(least)} sure or "
            "more, so how often they would be right is not known."
        )
    return (
        f"Of {words.plural(right.n, 'row')} with a label, models that had not seen it were "
        f"{words.share(least)} sure or more, and {words.share(right.share)} of these have the "
        f"label that they named ({words.share(right.low)} to {words.share(right.high)})."
    )


def _others(n: int, least: float) -> str:
    if not n:
        return ""
    none = f"no class is {words.share(least)} probable."
    return f"For {n:,} of the rows without one nothing is suggested: {none}"
