"""What the cards of a run say beside the findings."""

import dataclasses

import numpy as np

from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import CheckResult, Coverage, Status
from components.core.judgement.gate import verdict
from components.core.judgement.runs import RunState, RunStatus
from components.views.current import Run
from components.views.start.metric_cards import without_repeats


def run_with_flags(n_flagged):
    """A run of the search for repeated rows, over nine rows."""
    scores = RowScores.of(
        "uniqueness",
        row_id=np.arange(9, dtype=np.int64),
        quality=np.where(np.arange(9) < n_flagged, 0.0, 1.0),
        flagged=np.arange(9) < n_flagged,
    )
    result = CheckResult(
        check_id="duplicates.exact_rows",
        title="Repeated rows",
        version=1,
        status=Status.PASSED,
        coverage=Coverage(rows_seen=9, rows_total=9),
        elapsed_s=0.1,
        evidence=(scores,),
    )
    status = RunStatus(run_id="r", state=RunState.DONE, checks=())
    return Run(status=status, results=(result,), verdict=verdict([result]), profile=None)


def test_the_card_of_unique_rows_does_not_contradict_the_finding_about_repeats():
    """It said “no exact copies” beside the finding that rows repeat, which leaves ids out."""
    assert without_repeats(run_with_flags(0)) == "no exact copies"
    assert without_repeats(run_with_flags(2)) == "2 equal in all but identifiers and the like"
    nothing = dataclasses.replace(run_with_flags(0), results=())
    assert without_repeats(nothing) == "no exact copies"
