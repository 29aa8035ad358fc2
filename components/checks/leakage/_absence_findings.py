"""Words and findings about missing values that follow the label."""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import ask, words
from components.checks._lib.absence import Absence
from components.checks._lib.label_leaks import Strength, TargetProxyParams, absence_strength
from components.checks._lib.single_columns import ColumnScores
from components.core.data.query import Agg, AllOf, AnyOf, Fn, Missing, Not
from components.core.data.table import Table
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

ID = "leakage.target_proxy"
OURS = "our default, set on nine public tables with known leaks"
SEVERITY = {
    Strength.COPY: Severity.CRITICAL,
    Strength.STRONG: Severity.WARNING,
    Strength.NOTABLE: Severity.INFO,
    Strength.TREND: Severity.INFO,
    Strength.KNOWN: Severity.INFO,
}
ACTION = (
    "Ask when {columns} {get} filled in. If that is after the outcome is known, set the role to "
    "“ignore” and drop {it} before training. If {it_is} known when the model is used, say so: "
    "models then read {it}."
)
CAVEAT = (
    "A column can be this strong and honest. Only somebody who knows how the table was made can "
    "tell. Leaks that need two columns together are not seen."
)


def absence_findings(
    table: Table, scores: ColumnScores, params: TargetProxyParams
) -> Iterator[Finding]:
    """Yield one finding per set of columns that are missing with the same class."""
    clusters: dict[tuple[str, bool, Strength], list[Absence]] = {}
    for absence in scores.absences:
        level = absence_strength(absence, params)
        if level in {Strength.NONE, Strength.KNOWN}:
            continue
        clusters.setdefault((absence.label, absence.filled, level), []).append(absence)
    for cluster in clusters.values():
        yield _absence_finding(table, cluster, params)


def _absence_finding(table: Table, cluster: list[Absence], params: TargetProxyParams) -> Finding:
    level = absence_strength(cluster[0], params)
    names = tuple(a.column for a in cluster)
    first = max(cluster, key=lambda a: (a.separation, a.n))
    copy = level is Strength.COPY
    touched = _rows_in_state(table, names, filled=first.filled)
    which = f"{words.quoted(label_of(table))} is {words.quoted(first.label)}"
    has = "has" if len(names) == 1 else "have"
    return Finding(
        check_id=ID,
        key=f"missing:{'filled' if first.filled else 'empty'}:{first.label}:{level.value}",
        title=f"Whether {words.plural(len(names), 'column')} {has} a value tells if {which}",
        detail=_absence_detail(first, names, which),
        severity=SEVERITY[level],
        measure=Measure(
            name="difference in missing values" if copy else "share of one class",
            value=first.separation if copy else first.purity,
            unit=Unit.DIFFERENCE if copy else Unit.SHARE,
            n=first.n,
        ),
        threshold=Threshold(
            value=params.absence if copy else params.purity,
            param="absence" if copy else "purity",
            source=OURS,
        ),
        affected=Affected(columns=names, n_rows=touched, share=touched / table.version.n_rows),
        recommended_action=action(names),
        caveat="Missing values can follow the class for an honest reason. " + CAVEAT,
    )


def _rows_in_state(table: Table, names: tuple[str, ...], *, filled: bool) -> int:
    """Return the rows with a value (else without one) in at least one of ``names``."""
    missing = tuple(Missing(name) for name in names)
    where = Not(AllOf(missing)) if filled else AnyOf(missing)
    return ask.whole(table.aggregate({"n": Agg(Fn.ROWS, where=where)})["n"])


def _absence_detail(first: Absence, names: tuple[str, ...], which: str) -> str:
    state = "have a value" if first.filled else "have no value"
    others = [n for n in names if n != first.column]
    also = f" It is much the same with {words.listed(others)}." if others else ""
    return (
        f"{words.plural(first.n, 'row')} {state} in {words.quoted(first.column)}; in "
        f"{words.share(first.purity)} of them {which}, against {words.share(first.base)} of all "
        f"rows.{also} Such values are often filled in after the outcome."
    )


def action(names: tuple[str, ...]) -> str:
    """Say what to do about suspicious columns."""
    one = len(names) == 1
    return ACTION.format(
        columns=words.listed(names),
        get="gets" if one else "get",
        it="it" if one else "them",
        it_is="it is" if one else "they are",
    )


def label_of(table: Table) -> str:
    """Return the name of the label."""
    label = table.version.label
    assert label is not None  # noqa: S101 - needs of the check say so
    return label.name
