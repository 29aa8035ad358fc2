"""One class in place of another, far more often where a column has a certain value.

What it looks for
-----------------
Among the labels that the other rows contradict: values of one column (a region, a group of people,
a source, the person who labelled, a stretch of time) where one class stands for another far more
often than elsewhere. And how often labels are flagged by source, split and time.

Why it matters before training
------------------------------
Wrong labels seldom come one by one. Where somebody misread a rule, or a source was joined wrongly,
one look explains them all, and the cause can be mended before the next labels come.

How it decides
--------------
It builds on the search for contradicted labels, on the rows that its models were trained on. For
each pair of classes with at least five flagged rows, these are put beside the rows that hold the
suggested class and that the models take for it as surely: by the same rule, they would be flagged
had they the other label. Of each value with at least five such rows, the share that is flagged is
compared with that of all other rows by Fisher's exact test; over all values of all columns the
false discovery rate is at most 1 %. A value is told when it holds at least five flagged rows, and
when the lower 95 % end of the ratio of both shares is at least 2. Columns with up to 50 different
values are looked at, also those that no model reads, but none that gives the label away; numbers
only as bands of a sensitive column, times in ten stretches with as many rows each. One finding
names the surest value; the others stand in the evidence.

What it cannot see
------------------
Anything where labels are judged by a model of your own, or where few columns make the label
suspiciously easy, so that none is doubted. Why it is so: where models did not learn a
rule of the world, right labels look the same. A pattern that holds for about a third or more of the
rows with a value that models read: they learn it like the truth, and flag nothing. Patterns of two
columns together, of numbers, and of fewer than five flagged rows. Of columns that go together, it
cannot say which one matters.

What to do
----------
Ask how the rows with this value were labelled, and by whom. Review them together, and mend the
cause first.

References
----------
Fisher 1935, The Design of Experiments. Benjamini, Hochberg 1995, JRSS B 57. Koopman 1984,
Biometrics 40 (interval of a ratio). The rows that are compared, and all lines, are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib.label_leaks import given_away_by
from components.checks.labels._fair.people import people
from components.checks.labels._judge import learn_rule
from components.checks.labels._learning.asked import assess
from components.checks.labels._own_model.own_model import own_model
from components.checks.labels._patterns.heaps import heaps
from components.checks.labels._patterns.patterns import Patterns
from components.checks.labels._patterns.values import values_of
from components.checks.labels._searching.search import learnability_asked, search
from components.checks.labels.label_errors import LabelErrorParams
from components.core.data.dataset import Role, Task
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.findings import Coverage
from components.core.judgement.parameters import parameter, with_values

LABEL_ERRORS = "labels.label_errors"
"""The check whose parameters say how labels are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPatternParams:
    """Where a value stands out."""

    max_q: float = parameter(
        0.01,
        "False discovery rate over all values that are tested.",
        unit="rate",
        within=(0, 1),
        source="Benjamini, Hochberg 1995; the rate is ours",
    )
    min_ratio: float = parameter(
        2.0,
        "Lower 95 % end of how many times as often as elsewhere one class stands for another.",
        unit="ratio",
        at_least=1,
        source="ours: twice as often",
    )


@check(
    title="One class in place of another by value",
    needs=Needs(roles=(Role.LABEL,), task=Task.CLASSIFICATION, min_rows=20),
    cost=Cost.MODEL,
    params=LabelPatternParams,
    sources=("Fisher 1935", "Benjamini, Hochberg 1995, JRSS B 57"),
    version=2,
    libraries=("cleanlab", "scikit-learn", "scipy", "statsmodels"),
)
def label_patterns(table: Table, params: LabelPatternParams, run: RunContext) -> Iterator[Item]:
    """Look for values where contradicted labels of one kind heap up."""
    run.progress(0.0, "Looking for values where flags heap up")
    asked = with_values(LabelErrorParams, run.params.get(LABEL_ERRORS, {}), LABEL_ERRORS)
    own = own_model(table, run, max_rows=asked.max_rows, folds=asked.folds)
    if own is not None and own.usable is not None:
        raise NotApplicable("The labels are judged by your own model; patterns are sought in ours.")
    searched = search(table, run, max_rows=asked.max_rows, folds=asked.folds, lead=asked.lead)
    learnable = assess(table, learnability_asked(run), run)
    if not learnable.is_learnable:
        raise NotApplicable("Nothing shows that models can learn the label, so none was doubted.")
    if not learnable.can_doubt:
        raise NotApplicable("Models tell the label suspiciously well, so none was doubted.")
    run.progress(0.7)
    leaks = set(given_away_by(table, run))
    columns = tuple(
        values
        for values in values_of(table, run, people(table, run), searched.material.row_id)
        if values.column not in leaks
    )
    probabilities = searched.material.weighed(searched.probe.probabilities)
    rule = learn_rule(probabilities, searched.material.codes, asked.lead)
    found = heaps(searched, probabilities, rule, columns, (params.max_q, params.min_ratio))
    told = Patterns(searched, found, columns, params.min_ratio)
    yield from told.evidence()
    yield from told.findings(table)
    n, total = len(searched.material.codes), table.version.n_rows
    note = "" if n == total else "Rows that models were trained on."
    yield Coverage(
        rows_seen=n, rows_total=total, sampled=n < searched.material.n_labelled, note=note
    )
