"""Findings about columns that name persons or devices whose rows share the label."""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import ask, words
from components.checks._lib.column_scores.score import ColumnScore
from components.checks._lib.label_leaks import Strength, TargetProxyParams
from components.checks.leakage._absence_findings import ID, OURS, label_of
from components.core.data.query import Agg, Fn
from components.core.data.table import Table
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold


def entity_findings(
    table: Table, scored: ColumnScore, level: Strength, limits: TargetProxyParams
) -> Iterator[Finding]:
    """Yield a finding for a column whose repeated values share the label, if it is suspicious."""
    if level is Strength.NONE:
        return
    name, target = words.quoted(scored.column), words.quoted(label_of(table))
    measures = {"n": Agg(Fn.PRESENT, scored.column), "d": Agg(Fn.DISTINCT, scored.column)}
    counted = table.aggregate(measures)
    n, different = ask.whole(counted["n"]), max(1, ask.whole(counted["d"]))
    yield Finding(
        check_id=ID,
        key=f"entity:{scored.column}",
        title=f"Rows with one value of {name} share {target}: split by {name}",
        detail=(
            f"{words.plural(different, 'value')} of {name} stand in {words.plural(n, 'row')}, and "
            f"rows with the same value mostly have the same {target}; a value that was not seen "
            "before says nothing. So it looks like a person, a device or another thing with "
            "several rows. A test with rows at random would judge a model on those it has met."
        ),
        severity=Severity.INFO if level is Strength.NOTABLE else Severity.WARNING,
        measure=_measure(scored, n),
        threshold=_threshold(level, limits),
        affected=Affected(columns=(scored.column,), n_rows=n, share=n / table.version.n_rows),
        recommended_action=(
            f"Give {name} the role “entity”, and keep all rows of one value in the same part when "
            "you split the table."
        ),
        caveat=(
            "Many rare values of a column that is filled in after the outcome look the same: ask "
            "what the column is."
        ),
    )


def _measure(scored: ColumnScore, n: int) -> Measure:
    return Measure(
        name="how well a value that was seen before tells the label",
        value=scored.score,
        unit=Unit.SCORE,
        n=n,
        ci_low=scored.low,
        ci_high=scored.high,
    )


def _threshold(level: Strength, limits: TargetProxyParams) -> Threshold:
    if level is Strength.NOTABLE:
        return Threshold(value=limits.notable, param="notable", source=OURS)
    return Threshold(value=limits.alone, param="alone", source=OURS)
