"""Labels that look wrong, found with models that had not seen them.

What it looks for
-----------------
Rows whose label contradicts their inputs: the other rows of the table say, with confidence, that a
row like this one has another label.

Why it matters before training
------------------------------
A model learns wrong labels like right ones, and a test set with wrong labels ranks models wrongly.
In our own measurements on 17 tables, having people review the flagged labels won back 5.5 of the
7.6 points of accuracy that 20 % wrong labels cost a boosting model; reviewing as many random rows
won 1.7.

How it decides
--------------
Three kinds of models (logistic regression, randomised trees, and gradient boosting where the table
is not too large) are trained on four fifths of the rows and judge the other fifth, five times. Rows
with equal inputs stay together, so that no label is judged by a model that has seen its copy. Above
20,000 rows the models are trained on a random 20,000 and judge all others as well. Ids, constants,
ignored columns and columns that give the label away are not read. The mean probability goes to
cleanlab: the normalised margin ranks the rows, and confident learning counts how many of them are
wrong. A row is flagged if it is among those, if the suggested class is at least as probable as that
class usually is in its own rows (the rule of the confident joint), and if it leads the given class
by 0.4. The two extra rules cut false flags on untouched tables from 4.3 % to 2.7 % of rows, and
cost recall (0.72 to 0.65 where 10 % of labels were wrong); measured on six tables. On three other
tables with 2, 5, 10 and 20 % wrong labels, 71, 76, 83 and 88 % of the flags were right, and 78, 63,
66 and 59 % of the wrong labels were flagged; much fewer flags are right where the label is hard to
predict. Quality is half the normalised margin for a flagged row, and one half plus that for any
other row, so flagged means below 0.5. It is a warning when 0.5 % of the rows are flagged, if the
models can be trusted: among the rows that they do not flag, 85 % must be predicted right; otherwise
it is information only. Where the models know no more than how frequent the classes are, nothing is
flagged, and no rows are judged but those in the cross-validation.

What it cannot see
------------------
Whether a flag is right: on a table that is hard to predict most flags are right labels of unusual
rows. Errors that follow a rule are learnt like the truth. Classes with fewer than five different
rows cannot be checked. Errors hidden in columns that were not read. With rare classes, a row of the
frequent class that carries the rare label is found; the reverse seldom is.

What to do
----------
Review the flagged rows, worst first, and change, keep or exclude each label. Do not relabel
automatically: in our measurements that could cost accuracy.

References
----------
Northcutt, Jiang, Chuang 2021, Confident learning, JAIR 70. Northcutt, Athalye, Mueller 2021,
Pervasive label errors, NeurIPS Datasets and Benchmarks. Kuan, Mueller 2022, Model-agnostic label
quality scoring, ICML DataPerf workshop. cleanlab 2.9, filter and rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import content_keys
from components.checks._lib.probe import Probe, deal_folds, fit_probe
from components.checks.labels import _explain, _report
from components.checks.labels._judge import Judged, Rule, judge, learn_rule, skill
from components.checks.labels._prepare import Material, prepare
from components.core.data.dataset import Role, Task
from components.core.data.table import IntArray, Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import RowScores
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
    min_undoubted: float = parameter(
        0.85,
        "Least share of right predictions among the rows that are not flagged, for a warning.",
        unit="share of rows not flagged",
        within=(0, 1),
        source="ours: below it most flags on untouched tables were right labels",
    )
    warn_share: float = parameter(
        0.005, "Share of flagged rows for a warning.", unit="share of rows", within=(0, 1)
    )


@check(
    title="Labels that look wrong",
    needs=Needs(roles=(Role.LABEL,), task=Task.CLASSIFICATION, min_rows=20),
    cost=Cost.MODEL,
    params=LabelErrorParams,
    sources=("Northcutt, Jiang, Chuang 2021, JAIR 70", "cleanlab 2.9"),
    suggests=True,
    version=2,
    libraries=("cleanlab", "scikit-learn", "statsmodels"),
)
def label_errors(table: Table, params: LabelErrorParams, run: RunContext) -> Iterator[Item]:
    """Yield a quality per label, the nearest rows of flagged ones, and the finding."""
    run.progress(0.0, "Looking for columns that give the label away")
    material = prepare(table, run, max_rows=params.max_rows, folds=params.folds)
    has_rest = material.n_labelled > len(material.row_id)
    probe = _fit(material, params, run, keep_all=has_rest)
    rule = learn_rule(probe.probabilities, material.codes, params.lead)
    judged = judge(probe.probabilities, material.codes, material.row_id, rule)
    ability = skill(probe.probabilities, material.codes, judged.flagged)
    if not ability.informed:
        rule = Rule(cut=-1.0, typical=rule.typical, lead=params.lead)
        judged = judge(probe.probabilities, material.codes, material.row_id, rule)
    if has_rest and ability.informed:
        judged = Judged.of([judged, *_judge_rest(table, material, probe, rule, run)])
    yield _report.coverage(table, material, judged)
    yield from _report.skill_evidence(ability)
    yield from _report.class_evidence(judged, material.classes)
    yield _scores(table, material, probe, judged, run)
    groups = _explain.nearest(
        table, material, judged, lambda d: run.progress(0.9 + 0.1 * d, "Finding similar rows")
    )
    if groups is not None:
        yield groups
    yield from _report.findings(table, material, judged, ability, params)


def _fit(material: Material, params: LabelErrorParams, run: RunContext, *, keep_all: bool) -> Probe:
    fold = deal_folds(material.keys, material.codes, params.folds, run.seed)
    return fit_probe(
        material.rows,
        material.encoder.is_code,
        material.codes,
        fold,
        seed=run.seed,
        keep_all=keep_all,
        progress=lambda d: run.progress(0.1 + 0.5 * d, "Training models"),
    )


def _judge_rest(
    table: Table, material: Material, probe: Probe, rule: Rule, run: RunContext
) -> Iterator[Judged]:
    """Judge the rows that models were not trained on; a copy only by the fold that left it out."""
    drawn = np.sort(material.row_id)
    keys, first = np.unique(material.keys, return_index=True)
    fold_of_key = probe.fold[first]
    done = 0
    for batch in table.batches(columns=[material.label, *material.plan.names], size=8_192):
        run.progress(0.6 + 0.2 * done / table.version.n_rows, "Judging the other rows")
        done += len(batch.row_id)
        codes = material.codes_of(batch.frame[material.label])
        at = np.minimum(np.searchsorted(drawn, batch.row_id), len(drawn) - 1)
        rest = np.flatnonzero((codes >= 0) & (drawn[at] != batch.row_id))
        if not len(rest):
            continue
        frame = batch.frame.iloc[rest].reset_index(drop=True)
        own = content_keys(frame, material.plan.names)
        place = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        fold: IntArray = np.where(keys[place] == own, fold_of_key[place], -1)
        probabilities = probe.predict(material.encoder.encode(frame), fold)
        yield judge(probabilities, codes[rest], batch.row_id[rest], rule)


def _scores(
    table: Table, material: Material, probe: Probe, judged: Judged, run: RunContext
) -> RowScores:
    names = np.array(material.classes, dtype=object)
    reason = _explain.reasons(
        table, material, probe, judged, lambda d: run.progress(0.8 + 0.1 * d, "Writing reasons")
    )
    return RowScores.of(
        "label quality",
        row_id=judged.row_id,
        quality=judged.quality,
        flagged=judged.flagged,
        given=names[judged.given],
        suggested=names[judged.suggested],
        confidence=judged.confidence,
        reason=reason,
    )
