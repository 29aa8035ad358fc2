"""The models of the search for label errors, and what they say of every label.

Made once per run, for the search itself and for the patterns among what it flags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib.probe import Probe
from components.checks.labels._judge import NOTHING, Judged, Rule, judge, learn_rule
from components.checks.labels._learning.asked import assess
from components.checks.labels._learning.learnable import LearnabilityParams
from components.checks.labels._own_model.own_model import LABEL_ERRORS, instead, own_model
from components.checks.labels._prepare import Material
from components.checks.labels._reasons.reasons import Searched
from components.checks.labels._searching.fitted import LabelModels, fitted
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.parameters import with_values

if TYPE_CHECKING:
    from components.checks.labels.label_errors import LabelErrorParams

LEARNABILITY = "labels.learnability"
"""The check whose parameters say when a label counts as learnable, here too."""
SEARCH = "labels.search"


def search(table: Table, run: RunContext, *, max_rows: int, folds: int, lead: float) -> Searched:
    """Train models and judge all labels, once per run for all checks that build on it.

    Parameters
    ----------
    max_rows, folds, lead
        Those of :class:`components.checks.labels.label_errors.LabelErrorParams`.
    """
    asked = f"{SEARCH} {max_rows} {folds} {lead}"
    return run.shared(asked, lambda: _search(table, run, max_rows, folds, lead))


def errors_asked(run: RunContext) -> LabelErrorParams:
    """Return how labels that the other rows contradict are searched for in this run."""
    from components.checks.labels.label_errors import LabelErrorParams

    return with_values(LabelErrorParams, run.params.get(LABEL_ERRORS, {}), LABEL_ERRORS)


def models_asked(table: Table, run: RunContext) -> LabelModels:
    """Return our own models as the search for label errors has them in this run.

    Raises
    ------
    NotApplicable
        When no column is left to read, or too few rows.
    """
    asked = errors_asked(run)
    return fitted(table, run, max_rows=asked.max_rows, folds=asked.folds)


def learnability_asked(run: RunContext) -> LearnabilityParams:
    """Return how it is asked in this run whether the label can be learned."""
    return with_values(LearnabilityParams, run.params.get(LEARNABILITY, {}), LEARNABILITY)


def _search(table: Table, run: RunContext, max_rows: int, folds: int, lead: float) -> Searched:
    own = own_model(table, run, max_rows=max_rows, folds=folds)
    made = instead(own, table, run, max_rows=max_rows, folds=folds)
    material, probe = made.material, made.probe
    learnable = assess(table, learnability_asked(run), run)
    probabilities = material.weighed(probe.probabilities)
    rule = learn_rule(probabilities, material.codes, lead)
    if not learnable.can_doubt:
        rule = replace(rule, cut=NOTHING)
    judged = judge(probabilities, material.codes, material.row_id, rule)
    if learnable.can_doubt and material.has_rest:
        judged = Judged.of([judged, *_judge_rest(table, material, probe, rule, run)])
    return Searched(material, probe, judged)


def _judge_rest(
    table: Table, material: Material, probe: Probe, rule: Rule, run: RunContext
) -> Iterator[Judged]:
    """Judge the rows that models were not trained on, each by one fold, as the cut was learnt.

    A row with the inputs or the id of a row that models were trained on is judged by the fold
    that left that row out, any other by a random one.
    """
    drawn = np.sort(material.row_id)
    names = list(dict.fromkeys([material.label, *material.plan.names, *material.carriers]))
    done = 0
    for batch in table.batches(columns=names, size=8_192):
        run.progress(0.6 + 0.2 * done / table.version.n_rows, "Judging the other rows")
        done += len(batch.row_id)
        codes = material.codes_of(batch.frame[material.label])
        at = np.minimum(np.searchsorted(drawn, batch.row_id), len(drawn) - 1)
        rest = np.flatnonzero((codes >= 0) & (drawn[at] != batch.row_id))
        if not len(rest):
            continue
        frame = batch.frame.iloc[rest].reset_index(drop=True)
        fold = material.folds_of(frame, probe.fold, run.seed)
        probabilities = material.weighed(probe.predict(material.encoder.encode(frame), fold))
        yield judge(probabilities, codes[rest], batch.row_id[rest], rule)
