"""Suggest labels for rows that have none, and say which of them to label first.

What it looks for
-----------------
Rows whose label is empty, in a table whose other rows have one. For each it asks models of the
labelled rows which class it has, and it puts the rows into the order in which a person learns most
by labelling them.

Why it matters before training
------------------------------
Supervised training leaves these rows out. Where a model knows the class anyway, a person can
confirm it in a second; where it does not, the label of that row teaches more than that of another.

How it decides
--------------
The models are those of the check of label errors: trained on rows with a label only, on all but one
part of them, and asked about the part that is left out. Their probabilities are scaled by one
number (temperature scaling), fitted to the labels of the parts that were left out, so that they
mean what they say. Each row without a label is then asked of the models of one part, the part of
its own copies or of its own person where there is one. The most probable class is suggested if its
probability is 80 % or more; for other rows nothing is suggested, and a person chooses. How often
such a suggestion is the label is counted on the rows with a label, each judged by models, and
scaled by a number, that had not seen it. On six public tables of which a fifth of the labels was
hidden, suggestions said to be 80 to 90 % sure were right in 88 %, those of 90 to 95 % in 92 %, and
those above in 99 % (tests/benchmarks/missing_labels.py).

The order goes by uncertainty: how little the most probable class leads the second. So that the
first rows are not all of one kind, a thousand of the most uncertain ones are grouped into a hundred
by k-means, in which an uncertain row weighs more, and the row nearest to the middle of each group
comes first. Of rows with equal inputs, the second comes after the first of all others. On four of
these tables with 100 labels, 50 more in this order brought 0.3 to 2.6 points of accuracy, and as
many random ones from half a point less to 1.3 more; on one of the four both brought the same.

Where nothing shows that the label can be learned (a check of its own), nothing is suggested, and no
row comes before another. Labels that are numbers get no suggestion.

What it cannot see
------------------
Why the label is missing. If rows without a label are of another kind than the rest, because they
are newer or because they were hard to label, the probabilities say too much, and nothing here
measures how much. Classes with fewer than five different rows are never suggested, and neither is a
class that no row has. Wrong labels among the others are learnt, too. Probabilities that a table
brings are not read here, and neither are columns that give the label away. Above 20,000 rows with a
label, the models are trained on 20,000 of them.

What to do
----------
Label the rows in the order of the list, as far as you get. Nothing is entered without a person.
Then run the checks again: the new labels make the models surer of the rest.

References
----------
Guo, Pleiss, Sun, Weinberger 2017, On calibration of modern neural networks, ICML. Scheffer,
Decomain, Wrobel 2001 (margin sampling). Zhdanov 2019, Diverse mini-batch active learning, arXiv
1901.05954. Settles 2009, Active learning literature survey.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks.labels._learning.asked import assess
from components.checks.labels._searching.search import (
    errors_asked,
    learnability_asked,
    models_asked,
)
from components.checks.labels._unlabelled import told
from components.checks.labels._unlabelled.calibration import Calibrated
from components.checks.labels._unlabelled.suggested import first_rows, predict
from components.core.data.dataset import Role, Task
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLabelParams:
    """Parameters of the suggestions for rows without a label."""

    min_probability: float = parameter(
        0.8,
        "Probability from which a class is suggested for a row without a label.",
        unit="probability",
        within=(0, 1),
        source="ours: of five such suggestions about one is wrong at worst",
    )
    first: int = parameter(
        100,
        "Rows that come first, spread over the table.",
        unit="rows",
        within=(1, 1_000),
        source="Zhdanov 2019: batches of 100 and more; about an hour of a person",
    )


@check(
    title="Rows without a label",
    needs=Needs(roles=(Role.LABEL,), task=Task.CLASSIFICATION, min_rows=20),
    cost=Cost.MODEL,
    params=MissingLabelParams,
    sources=("Guo, Pleiss, Sun, Weinberger 2017, ICML", "Zhdanov 2019, arXiv 1901.05954"),
    suggests=True,
    libraries=("scikit-learn", "scipy"),
)
def missing_labels(table: Table, params: MissingLabelParams, run: RunContext) -> Iterator[Item]:
    """Yield how many rows have no label, what is suggested for them, and in which order."""
    run.progress(0.0)
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the check say so
    n = run.profile.column(label.name).n_missing
    yield told.how_many(n, table.version.n_rows)
    yield told.coverage(n, table.version.n_rows)
    if not n:
        return
    learnable = assess(table, learnability_asked(run), run)
    if not learnable.is_learnable:
        yield told.nothing_suggested(label.name, n, table.version.n_rows, learnable.left_out)
        return
    made = models_asked(table, run)
    material, probe = made.material, made.probe
    found = Calibrated.of(
        material.weighed(probe.probabilities),
        material.codes,
        probe.fold,
        material.odds[material.codes],
    )
    rows = predict(table, made, found, run)
    places = rows.in_order(first_rows(table, made, rows, params.first, run))
    asked = told.Suggested(
        made=made,
        rows=rows,
        places=places,
        found=found,
        least=params.min_probability,
        related=errors_asked(run).min_related,
    )
    yield from asked.items(table, run)
