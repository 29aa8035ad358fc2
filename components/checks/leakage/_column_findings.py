"""The findings about columns that predict the label alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import ask, words
from components.checks._lib.column_scores.score import ColumnScore
from components.checks._lib.column_scores.time_order import AlongTime
from components.checks._lib.label_leaks import (
    Strength,
    TargetProxyParams,
    absence_strength,
    is_few_valued,
    strength,
)
from components.checks._lib.single_columns import ColumnScores
from components.checks.leakage._absence_findings import (
    CAVEAT,
    ID,
    OURS,
    SEVERITY,
    action,
    label_of,
)
from components.core.data.query import Agg, Fn, Missing, Not
from components.core.data.table import Table
from components.core.judgement.evidence import Distribution, Evidence, Measure, Unit
from components.core.judgement.findings import Affected, Finding, Threshold

SHOWN = 30
"""Values that a picture shows."""


@dataclass(frozen=True, slots=True)
class Names:
    """The column and the label, quoted."""

    column: str
    label: str


def score_name(scores: ColumnScores) -> str:
    """Return what the scores are, in words."""
    return "balanced accuracy over guessing" if scores.n_classes else "share of variance explained"


def column_finding(
    table: Table,
    scored: ColumnScore,
    power: float | None,
    scores: ColumnScores,
    params: TargetProxyParams,
) -> Finding:
    """Return the finding of a column that gives the label away."""
    level = strength(scored, scores, params)
    label = label_of(table)
    name, target = words.quoted(scored.column), words.quoted(label)
    filled = table.aggregate({"n": Agg(Fn.PRESENT, scored.column)})["n"]
    n_rows = int(filled) if isinstance(filled, int | float) else 0
    verb = "reveals" if level is Strength.COPY else "nearly reveals"
    return Finding(
        check_id=ID,
        key=f"column:{scored.column}",
        title=f"{name} {verb} the answer: alone it {_headline(scored, scores, target)}",
        detail=_detail(scored, power, scores, Names(name, target)),
        severity=SEVERITY[level],
        measure=_measure(scored, scores),
        threshold=_threshold(scored, scores, params),
        affected=Affected(
            columns=(scored.column,), n_rows=n_rows, share=n_rows / table.version.n_rows
        ),
        recommended_action=action((scored.column,)),
        caveat=CAVEAT,
        evidence=tuple(_pictures(table, scored, scores)),
    )


def trend_finding(
    table: Table, scored: ColumnScore, scores: ColumnScores, params: TargetProxyParams
) -> Finding:
    """Return the note on a column that is as strong only where the order of time is known."""
    along = scored.along_time
    assert along is not None  # noqa: S101 - else it is no trend
    name, target = words.quoted(scored.column), words.quoted(label_of(table))
    time = words.quoted(along.time)
    return Finding(
        check_id=ID,
        key=f"trend:{scored.column}",
        title=f"{name} and {target} change together over time: {name} "
        f"{_headline(scored, scores, target)}",
        detail=(
            f"{_along(along, scores, Names(name, target))} So both may merely change over time, "
            "which is no leak. Rows near in time are alike: a test with rows at random would "
            f"praise {name}."
        ),
        severity=SEVERITY[Strength.TREND],
        measure=Measure(
            name="told of what changes from one row to the next",
            value=along.told,
            unit=Unit.SCORE,
            n=along.n,
        ),
        threshold=Threshold(value=params.along_time, param="along_time", source=OURS),
        affected=Affected(columns=(scored.column,)),
        recommended_action=f"Test a model on rows later in {time} than all that it learnt from.",
        caveat=CAVEAT,
    )


def _along(along: AlongTime, scores: ColumnScores, names: Names) -> str:
    """Return what a column says beyond the order of time."""
    time = words.quoted(along.time)
    if not scores.n_classes:
        return (
            f"From one row to the next in the order of {time}, it tells "
            f"{words.share(along.told)} of the changes."
        )
    if along.drift is not None:
        return (
            f"In the order of {time}, only {words.plural(along.n, 'row')} stand beside one of "
            f"another class, and within the classes {names.column} changes along it, too (rank "
            f"correlation {along.drift:.2f})."
        )
    right = _right(along.told, scores.n_classes)
    return (
        f"Of {along.n:,} rows beside which another class stands in the order of {time}, it gets "
        f"{words.share(right)} right; guessing gets {words.share(1 / scores.n_classes)}."
    )


def _headline(scored: ColumnScore, scores: ColumnScores, target: str) -> str:
    if not scores.n_classes:
        return f"explains {words.share(scored.score)} of the variance of {target}"
    right = words.share(_right(scored.score, scores.n_classes))
    return f"predicts {target} in {right} of cases, each class counted alike"


def _right(over_guessing: float, n_classes: int) -> float:
    """Return the share told right, of one over guessing."""
    guess = 1.0 / n_classes
    return guess + over_guessing * (1.0 - guess)


def _detail(scored: ColumnScore, power: float | None, scores: ColumnScores, names: Names) -> str:
    rest = [p.score for p in scores.columns if p.column != scored.column]
    best = f", that of the next column {max(rest):.3f}" if rest else ""
    counted, scale = "", ""
    if scores.n_classes:
        counted = (
            f"That is the mean over {scores.n_classes} classes of the share of their rows told "
            f"right; guessing gets {words.share(1.0 / scores.n_classes)}. "
        )
        scale = " (0 = guessing, 1 = always right)"
    said = "" if power is None else f" Its predictive power under Associations is {power:.2f}."
    return (
        f"{counted}It was measured in rows that were left out when {names.column} was looked at. "
        f"Its {score_name(scores)}{scale} is {scored.score:.3f}{best}.{said} A model that reads it "
        f"will look excellent and fail where the column is not known yet."
        f"{_steady(scored, scores, names)}"
    )


def _steady(scored: ColumnScore, scores: ColumnScores, names: Names) -> str:
    """Say where time cannot be told from a leak: the class hardly changes along it."""
    steady = scores.steady
    if steady is None or (scored.along_time is not None and scored.along_time.drift is None):
        return ""
    return (
        f" In the order of {words.quoted(steady.time)}, {names.label} changes "
        f"{words.plural(steady.n_changes, 'time')} only: a column that merely changes over time "
        "would look the same."
    )


def _measure(scored: ColumnScore, scores: ColumnScores) -> Measure:
    """Return what the decision rests on."""
    return Measure(
        name=score_name(scores),
        value=scored.score,
        unit=Unit.SCORE,
        n=scores.n_rows,
        ci_low=scored.low,
        ci_high=scored.high,
    )


def _threshold(scored: ColumnScore, scores: ColumnScores, params: TargetProxyParams) -> Threshold:
    """Return the line under which no column is told above “info”; the chart draws it, too."""
    if scores.n_classes and is_few_valued(scored, scores.n_classes):
        return Threshold(value=params.restated, param="restated", source=OURS)
    return Threshold(value=params.alone, param="alone", source=OURS)


def _pictures(table: Table, scored: ColumnScore, scores: ColumnScores) -> Iterator[Evidence]:
    """Show the classes per value, for columns with few values."""
    if not scores.n_classes or not 0 < scored.n_levels <= SHOWN:
        return
    label = label_of(table)
    groups = table.groups(
        [scored.column, label], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label)), order_by="n"
    )
    column, target = table.version.column(scored.column), table.version.column(label)
    counts: dict[str, dict[str, int]] = {}
    for group in groups:
        shown = column.text_of(group[scored.column])
        in_class = counts.setdefault(target.text_of(group[label]), {})
        in_class[shown] = in_class.get(shown, 0) + ask.whole(group["n"])
    values = tuple(dict.fromkeys(v for rows in counts.values() for v in rows))[:SHOWN]
    yield Distribution(
        name=f"Rows per value of {scored.column} and class of {label}",
        axis=scored.column,
        counts={c: tuple(rows.get(v, 0) for v in values) for c, rows in counts.items()},
        categories=values,
    )


def known_columns(
    table: Table, scores: ColumnScores, params: TargetProxyParams
) -> Iterator[Finding]:
    """Yield one note on all columns that would be told, had nobody said that they are known."""
    told = [p.column for p in scores.columns if strength(p, scores, params) is Strength.KNOWN]
    told += [a.column for a in scores.absences if absence_strength(a, params) is Strength.KNOWN]
    names = tuple(dict.fromkeys(told))
    if not names:
        return
    target, one = words.quoted(label_of(table)), len(names) == 1
    yield Finding(
        check_id=ID,
        key="known",
        title=f"{words.listed(names, limit=2)} {'tells' if one else 'tell'} much about {target}, "
        f"and {'is' if one else 'are'} known when the model is used, as a person said",
        detail=f"So {words.listed(names)} {'counts' if one else 'count'} as no leak, and models "
        f"read {'it' if one else 'them'}.",
        severity=SEVERITY[Strength.KNOWN],
        measure=Measure(name="columns that are known", value=float(len(names)), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=names),
        recommended_action="Take the names out of the setting “known” of this check if that is "
        "not so.",
        caveat="Nothing in the table says when a value was written.",
    )


def notable_columns(
    table: Table, scores: ColumnScores, params: TargetProxyParams
) -> Iterator[Finding]:
    """Yield one finding for all columns that stand out and are not suspicious."""
    found = [
        p
        for p in scores.columns
        if strength(p, scores, params) is Strength.NOTABLE and not p.is_entity
    ]
    if not found:
        return
    names = tuple(p.column for p in found)
    best, target = found[0], words.quoted(label_of(table))
    tell = "tells" if len(names) == 1 else "tell"
    headline = _headline(best, scores, target)
    yield Finding(
        check_id=ID,
        key="notable",
        title=f"{words.listed(names, limit=2)} {tell} far more about {target} than the rest: "
        f"{words.quoted(best.column)} {headline}",
        detail=(
            f"{words.listed(names)} alone would predict {target} well. That can be honest, or a "
            "sign that the value is recorded after the outcome."
        ),
        severity=SEVERITY[Strength.NOTABLE],
        measure=_measure(best, scores),
        threshold=Threshold(value=params.notable, param="notable", source=OURS),
        affected=Affected(columns=names),
        recommended_action=action(names),
        caveat=CAVEAT,
    )
