"""Numbers in the label that the other rows contradict, found with models that had not seen them.

What it looks for
-----------------
Rows whose number contradicts their inputs: from the other rows of the table, a clearly larger or
smaller one is expected. Some of these numbers are wrong (a comma in the wrong place, another unit,
the value of another row); many are right numbers of unusual rows.

Why it matters before training
------------------------------
A few numbers that are ten times too large pull a model that minimises squared errors more than all
others together, and in a test set they decide which model looks better.

How it decides
--------------
Models are trained on four fifths of the rows and judge the other fifth, five times; rows with equal
inputs, of one person or device, and with the same id stay together, as in the check of classes.
First gradient boosting that minimises absolute errors tells which rows are off by more than 3.5
robust standard deviations (at most a quarter of them). Then ridge regression, boosting and, up to
5,000 rows, randomised trees are trained without these rows, and averaged with the weights (in
quarters) that are off least. Where numbers have one sign and differ by a factor of four and more,
both the plain scale and a logarithmic one are tried, and the likelier one is taken. Above 10,000
rows the models are trained on a random 10,000, and every other row is judged by the models of one
fold. Ids, constants, ignored columns and columns that give the label away are not read.

How far a number is off is divided by how far rows like it usually are: a forest predicts the size
of the errors, so that rows of which nobody can know the number well are not flagged for it. To the
smaller four fifths of these quotients, Student's t is fitted, each side alone. A number is flagged
where at most half of the numbers as far off can be honest by the least favourable of the likely
curves, and where it is off by three usual errors or more. So heavy tails are taken for what they
are. Where a single number stands in more than a fifth of the rows of a label with more than 20
different ones (mostly zero), it is taken for a state, and only the others are judged. Where nothing
shows that the label can be learned (a check of its own), no row is flagged.

Numbers that went wrong in single rows are rarely equal. Where three rows or more that are off by
three usual errors share one number, and slips (also ten times too large or small, another sign or
unit, or the number of another row) explain that with a chance below 1 %, these rows are told
together, as information, and none is flagged: a code, a limit, a price of a group. Numbers on a
coarse grid are equal by themselves, so a shared one must also stand out (with the same chance) from
how many rows share the ten others around that are far off, and stand three times as often as each
of the two next numbers on both sides. The lines were chosen on made numbers, with a look at the
Titanic.

The suggestion is the number expected, beside the range in which nine of ten unflagged rows like it
lie. Where a fault with a name fits (10, 100 or 1,000 times too large or small, the sign, two digits
swapped), it is said, and the suggestion is the repaired number. It fits when that lies within 1.5
usual errors of the expected one. Units (inches, feet, pounds, miles, degrees) are named only where
at least five numbers fit, five times as many as fit factors 1.4 times larger and smaller, and
no constant added to them explains them half as well.

How many numbers are flagged never makes a warning. It is one where honest noise does not do it:
where more numbers are off by four usual errors than the curves explain, by the lower 95 % end more
than 0.5 % of the rows, with a fifth of the flagged ones at least on the smaller side (a kind of
rows that no column shows is off to one side); or where at least five numbers fit one factor, the
wrong sign or a unit, and five times as many as fit factors beside it (2.5 times larger and smaller)
that are three usual errors off as well.

What it cannot see
------------------
Whether a flag is right. Of 26 honest made tables with 13 shapes of noise, 400 and 1,000 rows, none
was warned of, and at most 0.25 % of the rows of one were flagged. With a tenth of the numbers wrong
(shifted, ten times too large or small, of another row, with a wrong digit) in nine made tables of
1,000 rows, 93 to 99 % of the flags were wrong numbers, 43 to 61 % of the wrong numbers were
flagged, and seven tables were warned of (version 1 of the check). Of public tables, 6.6 % of the
fares of the Titanic are flagged, with a warning (families paid for one ticket, which no column
shows), 0.7 % of those of taxis, and none in five others. Numbers that are wrong by less than noise.
Errors that follow a rule, which are learnt like the truth. A group of rows that no column shows,
whose numbers are larger and smaller: it looks like errors. Columns that were not read.

What to do
----------
Review the flagged numbers, worst first, and change, keep or exclude each. Where many are wrong by
the same factor, look for the source that uses another unit. Do not replace them automatically.

References
----------
Zhou, Kuan, Mueller 2023, Detecting errors in numerical data via any regression model,
arXiv:2305.16583. Box, Cox 1964, JRSS B 26. Efron 2010, Large-scale inference (empirical null, tail
false discovery rate). Shared numbers: binomial test with Bonferroni correction (ours).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks.labels._fair.flag_rates import flag_rates
from components.checks.labels._fair.people import people
from components.checks.labels._learning.asked import assess
from components.checks.labels._numbers import told
from components.checks.labels._numbers.honest_tail import ResidualTail, excess
from components.checks.labels._numbers.judged import (
    JudgedNumbers,
    NumberRule,
    judge_numbers,
    learn_number_rule,
    offs,
    with_faults,
)
from components.checks.labels._numbers.models import NumberModels, fit_numbers
from components.checks.labels._numbers.rows import NumberRows, draw_numbers
from components.checks.labels._numbers.shared import shared_numbers
from components.checks.labels._numbers.spelling import decimals_of
from components.checks.labels._numbers.told_shared import shared_finding
from components.checks.labels._searching.search import learnability_asked
from components.core.data.dataset import Role, Storage, Task
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.parameters import parameter

FAR = 4.0
"""Usual errors from which on numbers are held against what honest noise explains (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberErrorParams:
    """Parameters of the search for wrong numbers."""

    max_rows: int = parameter(
        10_000,
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
        source="cleanlab: 5",
    )
    max_honest: float = parameter(
        0.5,
        "Share of the numbers as far off that may be honest, for a flag.",
        unit="share of the numbers",
        within=(0, 1),
        source="ours: see the help text",
    )
    min_off: float = parameter(
        3.0,
        "How far off a flagged number is at least.",
        unit="usual errors of rows like it",
        within=(1, 100),
        source="ours: see the help text",
    )
    min_excess: float = parameter(
        0.005,
        "Lower 95 % end of the share of numbers that are farther off than honest noise explains, "
        "above which it is a warning.",
        unit="share of the rows",
        within=(0, 1),
        source="ours: made tables, see the help text",
    )
    min_side: float = parameter(
        0.2,
        "Share of the flagged numbers that must lie on the smaller side, for a warning: a kind of "
        "rows that no column shows is off to one side.",
        unit="share of the flagged numbers",
        within=(0, 0.5),
        source="ours: made tables, see the help text",
    )


@check(
    title="Numbers contradicted by the other rows",
    needs=Needs(roles=(Role.LABEL,), task=Task.REGRESSION, min_rows=20),
    cost=Cost.MODEL,
    params=NumberErrorParams,
    sources=("Zhou, Kuan, Mueller 2023, arXiv:2305.16583", "Efron 2010, Large-scale inference"),
    suggests=True,
    version=2,
    libraries=("scikit-learn", "scipy", "statsmodels"),
)
def number_errors(table: Table, params: NumberErrorParams, run: RunContext) -> Iterator[Item]:
    """Yield a quality per number, and the finding."""
    run.progress(0.0, "Looking for columns that give the label away")
    rows = draw_numbers(table, run, max_rows=params.max_rows, folds=params.folds)
    learnable = assess(table, learnability_asked(run), run)
    with_rest = learnable.is_learnable and rows.n_judged > len(rows.row_id)
    models = _fit(rows, params, run, keep_all=with_rest)
    off = offs(models, rows.y)
    shared = shared_numbers(rows.y, off, rows.belonging.sets, params.min_off)
    single = off[~shared.far_off(rows.y, off)]
    sides = (ResidualTail.of(single[single > 0]), ResidualTail.of(-single[single <= 0]))
    most = params.max_honest if learnable.is_learnable else -1.0
    rule = learn_number_rule(single, sides, shared, most=most)
    own = judge_numbers(rows.y, rows.row_id, (models.predicted, models.spread), models.scale, rule)
    judged = own
    if with_rest:
        judged = JudgedNumbers.joined([own, *_rest(table, rows, models, rule, run)])
    whole = rows.label.storage is Storage.INTEGER
    judged, named = with_faults(judged, models.scale, rule, whole=whole)
    run.progress(0.95, "Writing reasons")
    yield told.coverage(table, rows, judged)
    rates = flag_rates(people(table, run), judged)
    found = told.ToldNumbers(
        rows=rows,
        judged=judged,
        named=named,
        precision=told.Precision.of(own),
        excess=excess(*sides, FAR),
        rates=rates,
        learnable=learnable,
    )
    yield from found.measures()
    yield told.off_distribution(judged, rule.least)
    yield from told.fault_ranking(named)
    yield from (rate.metrics() for rate in rates)
    yield told.scores(judged, named, rows, decimals_of(rows.y, rows.label))
    yield from found.findings(table, params)
    yield from shared_finding(told.ID, judged, rows.label)


def _fit(
    rows: NumberRows, params: NumberErrorParams, run: RunContext, *, keep_all: bool
) -> NumberModels:
    return fit_numbers(
        rows.rows,
        rows.encoder.is_code,
        rows.y,
        rows.folds(params.folds, run.seed),
        seed=run.seed,
        keep_all=keep_all,
        progress=lambda d: run.progress(0.1 + 0.6 * d, "Training models"),
    )


def _rest(
    table: Table, rows: NumberRows, models: NumberModels, rule: NumberRule, run: RunContext
) -> Iterator[JudgedNumbers]:
    """Judge the rows that models were not trained on, each by one fold, as the rule was learnt."""
    for frame, row_id, y, done in rows.others(table):
        run.progress(0.7 + 0.25 * done, "Judging the other rows")
        fold = rows.belonging.folds_of(frame, models.fold, run.seed)
        predicted = models.predict(rows.encoder.encode(frame), fold)
        yield judge_numbers(y, row_id, predicted, models.scale, rule)
