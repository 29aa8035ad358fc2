"""Labels of a list that the other rows contradict: one to add, or one to take away.

What it looks for
-----------------
Rows with several labels in one cell (“red|round”, “red, round”, a JSON list) of which one is
missing or one too many, as the other rows say.

Why it matters before training
------------------------------
Lists of labels are seldom complete: who tags a row forgets a tag more often than he chooses a wrong
one. A model learns that what is not in the list is not there.

How it decides
--------------
A column with the role label whose kind is “list” holds several labels per row; the kind is guessed
from the cells, and can be changed where the columns are confirmed. Each label in at least 20 rows,
and missing in as many, is judged for itself, in each row: is it in the list? The fifty most
frequent are judged, in at most 10,000 rows drawn at random. Randomised trees of all labels together
and a logistic regression of each are trained on four fifths of the rows and judge the other fifth,
five times; their probabilities are averaged. Rows with equal inputs, and rows of one person or
device, stay together.

A label counts as learnable when models tell a row with it from a row without it more often than by
guessing, so that among all labels of a table in which none can be learned one would be taken for
learnable in fewer than 2 of 1,000 tables; others are not judged. cleanlab then says which labels
are suspicious (confident learning, each label against the rest). A label is flagged if it is among
those, if the other answer leads by 0.4, and if it is as probable as it usually is in rows that have
it. The suggestion is the list with all of its flagged labels added or taken away, written as the
file writes lists; its probability is that of the least sure change.

What it cannot see
------------------
Whether a flag is right: labels that the columns do not settle are contradicted as well. Of a made
table with five honest labels that the columns settle in 78 % of the rows each, under 8 % of the
labels were flagged, and a quarter of the rows had a flag. Labels in few rows. Labels that depend on
one another: each is judged alone. Columns that give a label away are not looked for in such a
table; they hide wrong labels. Labels that stand in several columns of 0 and 1 are read one column
at a time only: one column can be the label.

What to do
----------
Review the rows, worst first, and change or keep each list. Where one part of a suggestion is right
only, type the list.

References
----------
Thyagarajan, Snorrason, Northcutt, Mueller 2022, Identifying incorrect annotations in multi-label
classification data, arXiv 2211.13895. Northcutt, Jiang, Chuang 2021, JAIR 70. cleanlab 2.9,
multilabel_classification.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks.labels._several import told
from components.checks.labels._several.judging import judge_lists
from components.checks.labels._several.models import drawn, out_of_fold, told_apart
from components.core.data.dataset import Role, Task
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralLabelsParams:
    """Parameters of the search in lists of labels."""

    max_rows: int = parameter(
        10_000,
        "Rows that are drawn and judged.",
        unit="rows",
        within=(1_000, 100_000),
        source="ours: bounds time and memory",
    )
    folds: int = parameter(
        5, "Parts of the cross-validation.", unit="parts", within=(2, 10), source="cleanlab: 5"
    )
    min_label_rows: int = parameter(
        20,
        "Rows that a label must be in, and missing in, to be judged.",
        unit="rows",
        within=(5, 1_000),
        source="ours: four rows in each part",
    )
    max_labels: int = parameter(
        50, "Labels that are judged, the most frequent ones.", unit="labels", within=(1, 200),
        source="ours: bounds time",
    )  # fmt: skip
    lead: float = parameter(
        0.4,
        "Least difference between the probabilities of the other answer and of the given one.",
        unit="probability",
        within=(0, 1),
        source="ours: as for rows with one label",
    )
    level: float = parameter(
        0.002,
        "Chance that a label of a table in which none can be learned counts as learnable.",
        unit="chance",
        within=(0, 1),
        source="ours: as for rows with one label",
    )


@check(
    title="Labels missing in lists, or one too many",
    needs=Needs(roles=(Role.LABEL,), task=Task.SEVERAL, min_rows=50),
    cost=Cost.MODEL,
    params=SeveralLabelsParams,
    sources=("Thyagarajan, Snorrason, Northcutt, Mueller 2022", "cleanlab 2.9"),
    suggests=True,
    libraries=("cleanlab", "scikit-learn", "scipy"),
)
def several_labels(table: Table, params: SeveralLabelsParams, run: RunContext) -> Iterator[Item]:
    """Yield a quality per row, which labels are contradicted, and the finding."""
    run.progress(0.0, "Reading lists of labels")
    found = drawn(
        table,
        run,
        max_rows=params.max_rows,
        least=params.min_label_rows,
        most=params.max_labels,
    )
    chance, _ = out_of_fold(found, run, params.folds)
    run.progress(0.85, "Judging each label")
    pairs = told_apart(found, chance, params.folds, run.seed)
    judged = judge_lists(found, chance, pairs, lead=params.lead, level=params.level)
    yield from told.items(judged, table.version.n_rows, lead=params.lead, level=params.level)
