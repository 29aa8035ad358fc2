"""Labels that the other rows contradict, found with models that had not seen them.

What it looks for
-----------------
Rows whose label contradicts their inputs: the other rows of the table say, with confidence, that a
row like this one has another label. Some of these labels are wrong; many are right labels of
unusual rows.

Why it matters before training
------------------------------
A model learns wrong labels like right ones, and a test set with wrong labels ranks models wrongly.
How much a review wins back depends on the model. In our own measurements on 17 tables with 20 %
wrong labels, review of the flagged labels won back 5.5 of the 7.6 points of accuracy that a
boosting model had lost (review of as many random rows 1.7), 1.8 of 3.5 for logistic regression
(random rows 1.2), and 0.3 of 2.4 for randomised forests, where random rows won 0.8.

How it decides
--------------
Three kinds of models (logistic regression, randomised trees, and gradient boosting where the table
is not too large) are trained on four fifths of the rows and judge the other fifth, five times. Of
more than 100 classes, and up to 1,000, the models are linear discriminants and the ten nearest
neighbours, whose time does not grow with the classes; where there are texts, only the 100 largest
classes are judged. Rows with equal inputs stay together, and so do rows of one person or device and
rows with the same id, so that no label is judged by a model that has seen its like. Inputs that are
the same in more than a tenth of the rows are no copies but a cell of a coarse table, and are not
kept together. Above 20,000 rows the models are trained on a random 20,000, with more rows of rare
classes, and every other row is judged by the models of one fold. Ids, constants, ignored columns
and columns that give the label away are not read; sensitive columns are, and a reason that rests on
one says so.

The mean probability goes to cleanlab: the normalised margin ranks the rows, and confident learning
counts how many are suspicious. A row is flagged if it is among those, if the suggested class is at
least as probable as that class usually is in its own rows (the rule of the confident joint), and if
it leads the given class by 0.4. The two extra rules cut flags on untouched tables from 4.3 % to 2.7
% of rows, and cost recall (0.72 to 0.65 where 10 % of labels were wrong); measured on six tables.
Quality is half the normalised margin for a flagged row, and one half plus that for any other row,
so flagged means below 0.5. The probability of the suggestion is that of the models: it is not the
chance that the label is wrong. Where nothing shows that the label can be learned (a check of its
own), or that few columns make it suspiciously easy, no row is flagged. Beside a flag stand the
probabilities of up to five classes, and the values that speak for the suggestion and against it: by
the weights of the logistic regression alone, each value taken against the mean of all rows, so that
the other models may have other grounds. Columns that repeat one another (an association of 0.9 or
more, by the measures of the page of associations) speak with one voice: what they say is added up,
and the strongest of them is named.

Where a sensitive column is read, there is more. Its groups are told how often their labels are
flagged, and what accepting every suggestion would do to their rates of the favourable class (of two
classes; of several, the one whose rate would change most), and to the ratio of these rates. And
there is a second opinion on each flagged row: randomised trees are trained twice more on the same
parts, on all columns and without the sensitive ones and their proxies, columns that tell the groups
at least half of the way from guessing to always right. Where the first expect the suggestion and
the second do not, card and finding say so. Scores and flags do not depend on it.

Where the table brings predicted probabilities of a model of yours that can be used (a check of its
own says so), labels are judged by them instead, and so is the floor below: every row, in the order
of their normalised margin. Reasons still come from our own models of the other columns, if any.

How many rows are flagged never makes a warning, because honest labels that the columns do not
settle are flagged as well. Those are contradicted where the models are unsure, and ever more seldom
the surer they are; labels that something changed are contradicted however sure the models are. So a
curve is fitted over all rows: a floor, and above it a part that falls with the odds of the most
probable class, at least 0.7 times as fast as the odds say (logistic regression with a share of
wrong labels, Copas 1988; the interval is that of the likelihood ratio). It is a warning when three
things hold. The floor takes at least three labels and is plain: its lower 95 % end is above 0.3 %
of the labels; or, of the quarter of rows that the models are surest of, at least three are
contradicted, the lower 95 % end of their share is above 0.5 %, and in all rows labels are
contradicted at most 7 points more often. The columns settle the label otherwise: at most 10 % of
the labels are contradicted above the floor. And it is more than a part of one class that does not
show in the columns: at most a fifth of a class lies below the floor, or two labels of other classes
do as well. These lines were chosen on made tables, and with a look at titanic, German credit, the
census and COMPAS, which are information by this rule; for other made tables the figures are in
tests/benchmarks/honest_labels.py.

A floor is claimed only where models are sure: a class has 80 % or more in at least a fifth of the
rows. And where one split of one column gets as many labels right as all models (they are ahead by
at most one standard error, McNemar), all that is contradicted counts as overlap, to which the line
of 10 % applies: labels that are drawn honestly, with one chance on each side of a line, have such a
floor as well.

What it cannot see
------------------
Whether a flag is right. Of 40 made tables whose labels were all honest but not settled by the
columns, 35 had flags, on 6.4 % of their rows, and every one was a right label. On three tables with
2, 5, 10 and 20 % wrong labels planted, 71, 76, 83 and 88 % of the flags were wrong labels, and 78,
63, 66 and 59 % of the wrong labels were flagged. Errors that follow a rule are learnt like the
truth. Errors on a label that is hard to predict, or in a few hundred rows, look like honest
exceptions: most of them are information only. Honest labels that differ from what is expected in
the same share of rows everywhere look like errors where two columns or more decide; where one split
of one column does, more than 10 % wrong labels look honest, and are information. Wrong labels that
make no warning are flagged all the same, and the flags can nearly all be right: with five classes,
of which many rows lie between two, more than 10 % of labels are contradicted where the models are
unsure; with a rare class (5 % of rows) wrong labels look like a part of it that no column shows.
Review the flags there, although the verdict may be that the table is ready. Classes with fewer than
five different rows cannot be checked. Errors hidden in columns that were not read, and all errors
where columns give the answer away together. With rare classes, a row of the frequent class that
carries the rare label is found; the reverse seldom is. Of 1,000 made classes of 20 rows with 5 %
wrong labels, 84 % of the flags were wrong labels and 69 % of the wrong labels were flagged; of many
classes that overlap, in few rows each, more flags are right labels. Where most rows with a rare
label are wrong, too few rows may show that the label can be learned, and none is flagged
(tests/benchmarks/many_classes.py).

What to do
----------
Review the flagged rows, worst first, and change, keep or exclude each label. Look at the rate of
flags per group, and at what accepting all would do, before you accept suggestions: they may lower
one group's labels more than another's. Do not relabel automatically: in our measurements that could
cost accuracy.

References
----------
Northcutt, Jiang, Chuang 2021, Confident learning, JAIR 70. Northcutt, Athalye, Mueller 2021,
Pervasive label errors, NeurIPS Datasets and Benchmarks. Kuan, Mueller 2022, Model-agnostic label
quality scoring, ICML DataPerf workshop. Copas 1988, JRSS B 50, and Hausman, Abrevaya, Scott-Morton
1998, Journal of Econometrics 87 (regression with a share of wrong labels). cleanlab 2.9, filter and
rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks.labels._fair.fair import fair
from components.checks.labels._judge import skill
from components.checks.labels._learning.asked import assess
from components.checks.labels._noise_floor import noise_floor, one_split
from components.checks.labels._own_model.judging import judge_by_own
from components.checks.labels._own_model.own_model import own_model
from components.checks.labels._reasons import around
from components.checks.labels._reasons import report as _report
from components.checks.labels._reasons.reasons import reasons as reasons_of
from components.checks.labels._searching.search import learnability_asked, search
from components.core.data.dataset import Role, Task
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelErrorParams:
    """Parameters of the search for label errors."""

    max_rows: int = parameter(
        20_000,
        "Rows that models are trained on.",
        unit="rows",
        within=(1_000, 200_000),
        source="ours: bounds time and memory",
    )
    folds: int = parameter(
        5,
        "Parts of the cross-validation.",
        unit="parts",
        within=(2, 10),
        source="cleanlab: 5; 3, 5 and 10 were equal within noise on nine tables",
    )
    lead: float = parameter(
        0.4,
        "Least difference between the probabilities of the suggested and the given class.",
        unit="probability",
        within=(0, 1),
        source="ours: see the help text",
    )
    min_floor: float = parameter(
        0.003,
        "Lower 95 % end of the share of labels that are contradicted however sure the models are, "
        "above which it is a warning.",
        unit="share of the labels",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    min_surest: float = parameter(
        0.005,
        "Lower 95 % end of the share of contradicted labels among the quarter of rows that the "
        "models are surest of, above which it is a warning as well.",
        unit="share of the surest rows",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    max_beyond: float = parameter(
        0.07,
        "How much more often labels may be contradicted in all rows than in the surest quarter, "
        "for a warning because of that quarter.",
        unit="difference of shares",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    max_overlap: float = parameter(
        0.1,
        "Share of labels that may be contradicted where the models are unsure, for a warning: "
        "beyond it the columns do not settle the label.",
        unit="share of the labels",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    min_sure: float = parameter(
        0.2,
        "Share of rows where a class has a probability of 80 % or more, for a warning: with fewer, "
        "nothing is contradicted however sure the models are.",
        unit="share of the rows",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    max_class: float = parameter(
        0.2,
        "Share of the labels of one class that may be contradicted however sure the models are, "
        "for a warning, where hardly a label of any other class is.",
        unit="share of the labels of a class",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    min_proxy: float = parameter(
        0.5,
        "How well a column tells the groups of a sensitive one, from guessing (0) to always (1), "
        "to be left out with it for the second opinion.",
        unit="balanced accuracy over guessing",
        within=(0, 1),
        source="ours: half of the way",
    )
    min_related: float = parameter(
        0.9,
        "Strength of the association from which two columns repeat one another, so that reasons "
        "which rest on one of them are told together.",
        unit="strength",
        within=(0, 1),
        source="deepchecks, feature-feature correlation: 0.9",
    )


@check(
    title="Labels contradicted by the other rows",
    needs=Needs(roles=(Role.LABEL,), task=Task.CLASSIFICATION, min_rows=20),
    cost=Cost.MODEL,
    params=LabelErrorParams,
    sources=("Northcutt, Jiang, Chuang 2021, JAIR 70", "cleanlab 2.9"),
    suggests=True,
    version=9,
    libraries=("cleanlab", "scikit-learn", "scipy", "statsmodels"),
)
def label_errors(table: Table, params: LabelErrorParams, run: RunContext) -> Iterator[Item]:
    """Yield a quality per label, the nearest rows of flagged ones, and the finding."""
    run.progress(0.0, "Looking for columns that give the label away")
    asked = learnability_asked(run)
    own = own_model(table, run, max_rows=params.max_rows, folds=params.folds)
    if own is not None and own.usable is not None:
        yield from judge_by_own(table, own, run, lines=params, asked=asked)
        return
    searched = search(table, run, max_rows=params.max_rows, folds=params.folds, lead=params.lead)
    material, probe, judged = searched.material, searched.probe, searched.judged
    probabilities = material.weighed(probe.probabilities)
    ability = skill(probabilities, material.codes)
    learnable = assess(table, asked, run)
    yield _report.coverage(table, material, judged, asked, learnable)
    floor = noise_floor(probabilities, material.codes)
    split = one_split(material, probe.fold, probabilities)
    yield from _report.skill_evidence(ability, floor, split)
    yield from around.class_evidence(judged, material)
    people = fair(table, run, searched, params.min_proxy)
    yield from people.evidence()
    reasons = reasons_of(table, searched, run, params.min_related)
    yield from reasons.evidence()
    yield around.label_scores(
        judged,
        material.classes,
        reasons,
        against=people.before(reasons.against),
        columns_read=material.plan.names,
    )
    yield from around.nearest(table, material, judged, run)
    told = _report.Told(
        material=material,
        judged=judged,
        skill=ability,
        floor=floor,
        split=split,
        people=people,
        reasons=reasons,
        learnable=learnable,
    )
    yield from told.findings(table, params)
