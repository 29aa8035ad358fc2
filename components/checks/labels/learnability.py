"""Find out whether the label can be learned from the other columns at all.

What it looks for
-----------------
Labels that models predict no better than guessing, labels that they predict only for rows whose
like they have seen, tables with too few rows to tell, and labels that are so easy that a column may
give the answer away.

Why it matters before training
------------------------------
A model of a label that has nothing to do with the columns is worthless, however clean the table is.
A label that is known again from copies, or from other rows of the same person, looks learnable in a
careless test and fails for new persons.

How it decides
--------------
Two simple models (ridge regression and 40 randomised trees) are trained on four fifths of the rows
and judge the other fifth, five times, on at most 1,500 rows drawn at random; of a rare class more
rows are drawn, up to 200. The models are asked about pairs of rows with different labels: which
label belongs to which row? Guessing gets half of the pairs, and so does always naming the largest
class, however rare the others are. For two classes this is the area under the ROC curve; for an
amount, it is asked which row has more. The 95 % interval counts rows that belong together as one
and is widened for the overlap of the training parts (Nadeau and Bengio). Then the labels are
shuffled 5 to 20 times and learned again. A label counts as learnable when its share lies so far
above one half, by the error behind that interval, and so far above all shares with shuffled labels,
by Student's t, that a random label would get there in fewer than 2 of 1,000 tables. Otherwise the
verdict is not known. Where the interval still reaches 60 % of the pairs, the rows are too few to
tell; where a class has fewer than 50 rows, and less than a fifth, it is named as what is too small.
Where columns that give the label away were not read, the finding says that it was asked without
them.

Rows that belong together never stand on both sides: rows with equal inputs (but for inputs that are
the same in more than a tenth of the rows: a cell of a coarse table), rows of the same person
(the columns with the roles for an id or for a person or device), rows that share a value of a
column whose repeated values settle the label, and nearly equal rows (a set of up to ten rows after
which the next one is three times as far away). When a label can be told only without this rule,
that is said. Where this tells the label above guessing, by its interval, cells of a coarse table
are wider: inputs that unrelated columns would make in at least five rows, and that stand in no more
than three times as many. A label whose pairs are told apart in 99.5 % is information: a table may
simply be easy. Then the columns that say most alone are left out one after another (at once those
whose values are missing in the same rows, if these are 5 % of the rows or more), at most twelve
times, until fewer than 90 % of pairs are told apart; what can be put back without making it easy
again is put back. Where that takes at most a third of the columns, or where one column left out
alone is enough, these are named: the label follows from them, or they are written after it is
known. Then no label is doubted, for models that read the answer say that all are right. Columns of
which a person says that they are known in time are not named. Ids, constants, ignored columns and
columns that give the label away are not read.

What it cannot see
------------------
Whether columns that tell the label together are a rule or a leak: of 34 made tables whose labels
follow from the columns, 12 are called suspicious. Whether a larger or different model would learn
it, such as one for images or long texts. Whether it is learned well enough for its use. Persons
whose rows differ much and who are named by no column. In a coarse table, what only certain
combinations of values tell: others say nothing about them. Classes beyond the 20 largest. Order in
time: rows of one day may help to tell the others.

What to do
----------
Check that the labels belong to these rows, and that the columns that should tell them are there.
Name the column of the person, device or customer. Collect more rows where they are too few.

References
----------
Ojala, Garriga 2010, JMLR 11 (permuted labels). Nadeau, Bengio 2003, Machine Learning 52. DeLong,
DeLong, Clarke-Pearson 1988, Biometrics 44. Mason, Weigel 2009, Monthly Weather Review 137 (pairs of
more than two classes). Geurts, Ernst, Wehenkel 2006, Machine Learning 63 (randomised trees).
"""

from __future__ import annotations

from collections.abc import Iterator

from components.checks.labels._learning import findings
from components.checks.labels._learning.asked import assess
from components.checks.labels._learning.learnable import LearnabilityParams, Learnable
from components.checks.labels._own_model.findings import no_skill
from components.checks.labels._own_model.own_model import as_asked
from components.checks.labels._own_model.skill import told_by
from components.checks.labels._prepare import NoColumnLeft
from components.core.data.dataset import Column, Role, Task
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Coverage, Finding

GUESSING = 0.5


@check(
    title="Whether the label can be learned",
    needs=Needs(roles=(Role.LABEL,)),
    cost=Cost.MODEL,
    params=LearnabilityParams,
    sources=("Ojala, Garriga 2010, JMLR 11", "Nadeau, Bengio 2003, Machine Learning 52"),
    version=4,
    libraries=("scikit-learn", "scipy"),
)
def learnability(table: Table, params: LearnabilityParams, run: RunContext) -> Iterator[Item]:
    """Yield how well the label is told, what shuffled labels give, and at most one finding."""
    run.progress(0.0)
    label = table.version.with_roles(Role.LABEL)[0]
    try:
        found = _told(table, params, run)
    except NoColumnLeft as stop:
        yield findings.nothing_left(label, stop.given_away)
        return
    yield findings.measure_of(found)
    yield Measure(name="the same by guessing", value=GUESSING, unit=Unit.SHARE)
    if found.n_shuffled:
        name = f"the same with shuffled labels, mean of {found.n_shuffled}"
        yield Measure(name=name, value=found.shuffled, unit=Unit.SHARE)
    if found.together is not None:
        yield findings.measure_without(found.together.without, found.n_rows)
    yield Coverage(
        rows_seen=found.n_rows,
        rows_total=table.version.n_rows,
        sampled=found.n_rows < found.n_total,
        note=" ".join(found.notes),
    )
    yield from _finding(table, label, found, params, run)


def _finding(
    table: Table, label: Column, found: Learnable, params: LearnabilityParams, run: RunContext
) -> Iterator[Finding]:
    if found.told_by and not found.is_learnable:
        yield no_skill(label, found)
    elif found.is_single:
        yield findings.single(label, found)
    elif found.is_told_by_repeats:
        yield findings.only_repeats(label, found)
    elif not found.is_learnable:
        yield findings.not_shown(label, found, params)
    elif found.together is not None:
        yield findings.suspicious(label, found)
    elif found.is_very_easy:
        yield findings.easy(table, label, found, run)


def _told(table: Table, params: LearnabilityParams, run: RunContext) -> Learnable:
    """Return what our models learn; where that is nothing, what the table's probabilities tell.

    Raises
    ------
    NoColumnLeft
        When there is neither a column to learn from nor a probability that can be used.
    """
    try:
        found = assess(table, params, run)
    except NoColumnLeft:
        own = _by_own_model(table, params, run)
        if own is None:
            raise
        return own
    own = None if found.is_learnable else _by_own_model(table, params, run)
    return own if own is not None and own.is_learnable else found


def _by_own_model(table: Table, params: LearnabilityParams, run: RunContext) -> Learnable | None:
    """Return how well the probabilities that a table brings tell the label, if it brings any."""
    if table.version.task is not Task.CLASSIFICATION:
        return None
    own = as_asked(table, run)
    if own is None or own.usable is None:
        return None
    return told_by(own.usable, table, params, run)
