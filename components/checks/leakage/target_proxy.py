"""One column that gives the label away by itself.

What it looks for
-----------------
Columns that alone predict the label almost perfectly: the label under another name, a column that
is filled in after the outcome is known, or a column whose value is missing exactly when the label
has one class.

Why it matters before training
------------------------------
A model that reads such a column looks excellent in every test and fails in use, because the
column is not known yet when the prediction is needed. This is the most frequent way in which a
good test score turns out to be worthless.

How it decides
--------------
Each input column is tested alone on up to 20,000 rows with a label. A small decision tree (numbers,
times) or a table of class shares per value (categories) is learnt on four fifths of the rows and
tested on the other fifth, five times, so that a column of unique codes gains nothing. The power is
the balanced accuracy with guessing taken off: 0 is no better than guessing, 1 is always right. A
missing value counts as a guess. For a numeric label it is the share of the variance explained.
Critical: a column with about as many values as the label has classes and a power of 0.90 or more;
any other column from 0.98 on, if the columns that are not suspicious stay 0.10 below it, because on
an easy task several honest columns can be that strong; for a numeric label from 0.99 on. Warning:
from 0.95 on under the same condition, or from 0.90 on if no other column comes within 0.25 or
reaches 0.75. Worth knowing: from 0.75 on, if it stands out by 0.25. Missing values are counted in
all rows and compared between classes: critical when the shares of missing values inside and outside
a class differ by 0.90 or more; warning when one class makes up 98 % of at least 50 rows with (or
without) a value. Columns that are missing together make one finding. The defaults are ours, set on
nine public tables; deepchecks warns at a predictive power score of 0.8.

What it cannot see
------------------
Leaks that need two columns together, leaks inside free text, and rows that stand in training and
test at once. An honest measurement can be nearly as strong as a leak: only somebody who knows how
the table was made can tell. Missing values are not compared for numeric labels.

What to do
----------
Ask when the column gets its value. If that is after the outcome, or if the outcome decides it, set
its role to “ignore” and drop it before training.

References
----------
Kaufman, Rosset, Perlich, Stitelman 2012, Leakage in data mining, ACM TKDD 6(4). Brodersen, Ong,
Stephan, Buhmann 2010, The balanced accuracy and its posterior distribution, ICPR. Youden 1950,
Index for rating diagnostic tests, Cancer 3. deepchecks, single feature contribution (threshold
0.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.checks._lib import ask, words
from components.checks._lib.label_leaks import Strength, TargetProxyParams, is_few_valued, strength
from components.checks._lib.proxy import Power, Powers, candidates, single_columns
from components.checks.leakage._absence_findings import (
    CAVEAT,
    ID,
    OURS,
    SEVERITY,
    absence_findings,
    action,
    label_of,
)
from components.core.data.dataset import Role
from components.core.data.query import Agg, Fn, Missing, Not
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Distribution, Evidence, Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Threshold

SHOWN = 30
"""Columns and values that a picture shows."""


@check(
    title="Columns that give the label away",
    needs=Needs(roles=(Role.LABEL,), min_rows=20),
    cost=Cost.SAMPLE,
    params=TargetProxyParams,
    sources=("Kaufman et al. 2012, ACM TKDD 6(4)", "Brodersen et al. 2010, ICPR"),
    libraries=("scikit-learn",),
)
def target_proxy(table: Table, params: TargetProxyParams, run: RunContext) -> Iterator[Item]:
    """Yield the power of every column, and a finding for each that is suspicious."""
    powers = single_columns(table, run)
    yield _coverage(table, powers)
    if not powers.columns and not powers.absences:
        raise NotApplicable(
            "No column can be compared with the label: it needs at least two classes of ten rows "
            "and one input column."
        )
    yield _ranking(powers, params)
    for power in powers.columns:
        if strength(power, powers, params) in {Strength.COPY, Strength.STRONG}:
            yield _column_finding(table, power, powers, params)
    yield from _notable(table, powers, params)
    yield from absence_findings(table, powers, params)


def _coverage(table: Table, powers: Powers) -> Coverage:
    left_out = len(table.version.inputs) - len(candidates(table))
    n_rows = table.version.n_rows
    notes = []
    if powers.n_rows < powers.n_total:
        notes.append(f"Columns were tested on {words.of_rows(powers.n_rows, n_rows)}.")
    if powers.n_total < n_rows:
        notes.append(f"{words.plural(n_rows - powers.n_total, 'row')} without a label left out.")
    if left_out:
        notes.append(f"{words.plural(left_out, 'column')} of free text not tested.")
    return Coverage(
        rows_seen=powers.n_rows,
        rows_total=n_rows,
        sampled=powers.n_rows < powers.n_total,
        note=" ".join(notes),
    )


def _ranking(powers: Powers, params: TargetProxyParams) -> Ranking:
    shown = powers.columns[:SHOWN]
    return Ranking(
        name="How well each column alone predicts the label",
        axis="power (0 = guessing, 1 = always right)",
        unit=Unit.SCORE,
        items=tuple(p.column for p in shown),
        values=tuple(p.score for p in shown),
        notes=tuple(f"95 % interval {p.low:.2f} to {p.high:.2f}" for p in shown),
        threshold=params.strong,
    )


def _column_finding(
    table: Table, power: Power, powers: Powers, params: TargetProxyParams
) -> Finding:
    level = strength(power, powers, params)
    label = label_of(table)
    name, target = words.quoted(power.column), words.quoted(label)
    filled = table.aggregate({"n": Agg(Fn.PRESENT, power.column)})["n"]
    n_rows = int(filled) if isinstance(filled, int | float) else 0
    verb = "gives away" if level is Strength.COPY else "nearly gives away"
    return Finding(
        check_id=ID,
        key=f"column:{power.column}",
        title=f"{name} alone {verb} {target}: power {power.score:.2f} of 1",
        detail=_detail(power, powers, name, target),
        severity=SEVERITY[level],
        measure=_measure(power, powers.n_rows),
        threshold=_threshold(power, powers, params, level),
        affected=Affected(
            columns=(power.column,), n_rows=n_rows, share=n_rows / table.version.n_rows
        ),
        recommended_action=action((power.column,)),
        caveat=CAVEAT,
        evidence=tuple(_pictures(table, power, powers)),
    )


def _detail(power: Power, powers: Powers, name: str, target: str) -> str:
    rest = [p.score for p in powers.columns if p.column != power.column]
    best = f" The next strongest column has {max(rest):.2f}." if rest else ""
    if not powers.n_classes:
        seen = f"{name} alone explains {words.share(power.score)} of the variance of {target}"
    else:
        guess = 1.0 / powers.n_classes
        right = words.share(guess + power.score * (1.0 - guess))
        seen = (
            f"Knowing only {name}, one gets {target} right in {right} of cases "
            f"(mean over {powers.n_classes} classes; guessing gives {words.share(guess)})"
        )
    return (
        f"{seen}, in rows that were left out.{best} A model that reads it will look excellent and "
        "fail where the column is not known yet."
    )


def _measure(power: Power, n: int) -> Measure:
    return Measure(
        name="power of the column alone",
        value=power.score,
        unit=Unit.SCORE,
        n=n,
        ci_low=power.low,
        ci_high=power.high,
    )


def _threshold(
    power: Power, powers: Powers, params: TargetProxyParams, level: Strength
) -> Threshold:
    if level is Strength.STRONG and power.score < params.strong:
        return Threshold(value=params.alone, param="alone", source=OURS)
    if level is Strength.STRONG:
        return Threshold(value=params.strong, param="strong", source=OURS)
    if not powers.n_classes:
        return Threshold(value=params.copy_regression, param="copy_regression", source=OURS)
    if is_few_valued(power, powers.n_classes):
        return Threshold(value=params.restated, param="restated", source=OURS)
    return Threshold(value=params.copy, param="copy", source=OURS)


def _pictures(table: Table, power: Power, powers: Powers) -> Iterator[Evidence]:
    """Show the classes per value, for columns with few values."""
    if not powers.n_classes or not 0 < power.n_levels <= SHOWN:
        return
    label = label_of(table)
    groups = table.groups(
        [power.column, label], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label)), order_by="n"
    )
    counts: dict[str, dict[str, int]] = {}
    for group in groups:
        shown = ask.value_text(group[power.column])
        own = counts.setdefault(ask.value_text(group[label]), {})
        own[shown] = own.get(shown, 0) + ask.whole(group["n"])
    values = tuple(dict.fromkeys(v for own in counts.values() for v in own))[:SHOWN]
    yield Distribution(
        name=f"Rows per value of {power.column} and class of {label}",
        axis=power.column,
        counts={c: tuple(own.get(v, 0) for v in values) for c, own in counts.items()},
        categories=values,
    )


def _notable(table: Table, powers: Powers, params: TargetProxyParams) -> Iterator[Finding]:
    found = [p for p in powers.columns if strength(p, powers, params) is Strength.NOTABLE]
    if not found:
        return
    names = tuple(p.column for p in found)
    best, target = found[0], words.quoted(label_of(table))
    yield Finding(
        check_id=ID,
        key="notable",
        title=f"{_have(names)} far more power over {target} than the rest: up to {best.score:.2f}",
        detail=(
            f"{words.listed(names)} alone would predict {target} well. That can be honest, or a "
            "sign that the value is recorded after the outcome."
        ),
        severity=SEVERITY[Strength.NOTABLE],
        measure=_measure(best, powers.n_rows),
        threshold=Threshold(value=params.notable, param="notable", source=OURS),
        affected=Affected(columns=names),
        recommended_action=action(names),
        caveat=CAVEAT,
    )


def _have(names: Sequence[str]) -> str:
    return f"{words.listed(names, limit=2)} {'has' if len(names) == 1 else 'have'}"
