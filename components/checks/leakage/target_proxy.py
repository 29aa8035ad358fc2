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
Each input column is tested alone. How much it tells about the label is its predictive power, the
number of the page of associations. Whether it is suspicious is decided by a score that treats all
classes alike, because a column that finds all rows of a rare class can have little power: a small
decision tree (numbers, times) or a table of class shares per value (categories) is learnt on four
fifths of up to 20,000 rows with a label and tested on the other fifth, five times, so that a column
of unique codes gains nothing. The score is the balanced accuracy over guessing: 0 is no better than
guessing, 1 is always right. A missing value counts as a guess. For a numeric label it is the share
of the variance explained. A time is tested on four fifths of its span, each told from the rows
before it only, because neighbours in time are alike and a trend is no leak. Where the table has a
time, a column is no leak either that tells under half of what changes from one row to the next in
that order (for classes: under half over guessing, in at least 20 rows beside which another class
stands; with fewer, a number whose rank correlation with time is 0.5 or more within the classes): it
may merely change over time, as the label does, and is a note. A column with many
values that repeat, none in over 2 % of rows (5 % where all are about as frequent), whose unseen
values say nothing names persons or devices, not the answer: it is told under that name. The
intervals put together Wilson's per class. Critical: a column with about as many values as the label
has classes and a score of 0.90 or more; any other column from 0.98 on, if the columns that are not
suspicious stay 0.10 below it, because on an easy task several honest columns can be that strong;
for a numeric label from 0.99 on. Warning: from 0.95 on under the same condition, or from 0.90 on if
no other column comes within 0.25 or reaches 0.75. Worth knowing: from 0.75 on, if it stands out by
0.25. Missing values are counted in all rows and compared between classes: critical when the shares
of missing values inside and outside a class differ by 0.90 or more; warning when one class makes up
98 % of at least 50 rows with (or without) a value. Columns that are missing together make one
finding. The defaults are ours, set on nine public tables; deepchecks warns at a predictive power
score of 0.8.

What it cannot see
------------------
Leaks that need two columns together, leaks inside free text, and rows that stand in training and
test at once. An honest measurement can be nearly as strong as a leak: only somebody who knows how
the table was made can tell. Missing values are not compared for numeric labels.

What to do
----------
Ask when the column gets its value. If that is after the outcome, or if the outcome decides it, set
its role to “ignore” and drop it before training. If it is known when the model is used, say so in
the finding: the column is then no leak, and models read it.

References
----------
Kaufman, Rosset, Perlich, Stitelman 2012, Leakage in data mining, ACM TKDD 6(4). Brodersen, Ong,
Stephan, Buhmann 2010, The balanced accuracy and its posterior distribution, ICPR. Youden 1950,
Index for rating diagnostic tests, Cancer 3. Granger, Newbold 1974, Spurious regressions in
econometrics, Journal of Econometrics 2. deepchecks, single feature contribution (threshold
0.8).
"""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import words
from components.checks._lib.label_leaks import Strength, TargetProxyParams, strength
from components.checks._lib.single_columns import (
    ColumnScores,
    candidates,
    single_columns,
)
from components.checks.leakage._absence_findings import (
    absence_findings,
    label_of,
)
from components.checks.leakage._column_findings import (
    column_finding,
    known_columns,
    notable_columns,
    score_name,
    trend_finding,
)
from components.checks.leakage._entity_findings import entity_findings
from components.core.data.dataset import Role
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Ranking, Unit
from components.core.judgement.findings import Coverage
from components.core.judgement.parameters import names_of
from components.core.progress import part
from components.profiling.pair_measures.label_power import label_powers

SHOWN = 30
"""Columns and values that a picture shows."""


@check(
    title="Columns that give the label away",
    needs=Needs(roles=(Role.LABEL,), min_rows=20),
    cost=Cost.SAMPLE,
    params=TargetProxyParams,
    sources=("Kaufman et al. 2012, ACM TKDD 6(4)", "Brodersen et al. 2010, ICPR"),
    version=4,
    libraries=("scikit-learn",),
)
def target_proxy(table: Table, params: TargetProxyParams, run: RunContext) -> Iterator[Item]:
    """Yield power and score of every column, and a finding for each that is suspicious."""
    scores = single_columns(table, run)
    yield _coverage(table, scores, params)
    if not scores.columns and not scores.absences:
        raise NotApplicable(
            "No column can be compared with the label: it needs at least two classes of ten rows "
            "and one input column."
        )
    powers = label_powers(
        table, candidates(table), seed=run.seed, progress=part(run.progress, 0.9, 1.0)
    )
    if powers:
        yield _power_ranking(table, powers)
    yield _ranking(scores, params)
    for scored in scores.columns:
        if scored.is_entity and not params.is_known(scored.column):
            yield from entity_findings(table, scored, strength(scored, scores, params), params)
            continue
        level = strength(scored, scores, params)
        if level in {Strength.COPY, Strength.STRONG}:
            yield column_finding(table, scored, powers.get(scored.column), scores, params)
        elif level is Strength.TREND:
            yield trend_finding(table, scored, scores, params)
    yield from notable_columns(table, scores, params)
    yield from known_columns(table, scores, params)
    yield from absence_findings(table, scores, params)


def _coverage(table: Table, scores: ColumnScores, params: TargetProxyParams) -> Coverage:
    left_out = len(table.version.inputs) - len(candidates(table))
    n_rows = table.version.n_rows
    notes = []
    there = {column.name for column in table.version.columns}
    if unknown := tuple(n for n in names_of(params.known) if n not in there):
        notes.append(f"The setting “known” names what is no column: {words.listed(unknown)}.")
    read = {column.name for column in table.version.inputs}
    if unread := tuple(n for n in names_of(params.known) if n in there and n not in read):
        notes.append(
            f"The setting “known” names {words.listed(unread)}, which models do not read anyway, "
            "because of the role or the kind."
        )
    if scores.n_rows < scores.n_total:
        notes.append(f"Columns were tested on {words.of_rows(scores.n_rows, n_rows)}.")
    if scores.n_total < n_rows:
        notes.append(f"{words.plural(n_rows - scores.n_total, 'row')} without a label left out.")
    if left_out:
        notes.append(f"{words.plural(left_out, 'column')} of free text not tested.")
    return Coverage(
        rows_seen=scores.n_rows,
        rows_total=n_rows,
        sampled=scores.n_rows < scores.n_total,
        note=" ".join(notes),
    )


def _power_ranking(table: Table, powers: dict[str, float]) -> Ranking:
    shown = sorted(powers, key=lambda name: (-powers[name], name))[:SHOWN]
    return Ranking(
        name=f"Predictive power of each column alone about {label_of(table)}",
        axis="predictive power (0 = says nothing, 1 = says all), as under Associations",
        unit=Unit.SCORE,
        items=tuple(shown),
        values=tuple(powers[name] for name in shown),
    )


def _ranking(scores: ColumnScores, params: TargetProxyParams) -> Ranking:
    shown = scores.columns[:SHOWN]
    return Ranking(
        name=f"What the decision rests on: {score_name(scores)} of each column alone",
        axis=f"{score_name(scores)} (0 = guessing, 1 = always right)",
        unit=Unit.SCORE,
        items=tuple(p.column for p in shown),
        values=tuple(p.score for p in shown),
        notes=tuple(f"95 % interval {p.low:.2f} to {p.high:.2f}" for p in shown),
        threshold=params.alone,
    )
