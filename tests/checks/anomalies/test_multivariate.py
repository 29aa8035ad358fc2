"""Rows unlike the rest."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from components.core.errors import Cancelled
from components.core.judgement.evidence import Distribution, Matrix
from components.core.judgement.findings import Severity, Status

ID = "anomalies.multivariate"
ROOT = Path(__file__).parents[3]


def clean(shape, n=800, seed=0):
    rng = np.random.default_rng(seed)
    values = {
        "gauss": lambda: rng.normal(size=(n, 4)),
        "uniform": lambda: rng.random((n, 4)),
        "skewed": lambda: rng.lognormal(size=(n, 4)),
        "clusters": lambda: rng.normal(size=(n, 4)) + 6.0 * rng.integers(0, 2, n)[:, None],
        "counts": lambda: rng.poisson(3, (n, 4)).astype(float),
    }[shape]()
    frame = pd.DataFrame(values, columns=[f"x{i}" for i in range(4)])
    return frame.assign(kind=rng.choice(["a", "b", "c"], n))


@pytest.mark.parametrize("shape", ["gauss", "uniform", "skewed", "clusters", "counts"])
def test_a_clean_table_has_no_outliers(check_frame, shape):
    result = check_frame(ID, clean(shape))
    assert result.status is Status.PASSED
    assert result.row_scores.n_assessed == 800
    assert result.row_scores.n_flagged == 0


@pytest.mark.parametrize("shape", ["gauss", "uniform", "clusters", "counts"])
def test_planted_rows_are_found(check_frame, shape):
    frame = clean(shape)
    rng = np.random.default_rng(1)
    planted = rng.choice(800, 12, replace=False)
    sd = frame[["x0", "x1", "x2", "x3"]].std().to_numpy()
    frame.loc[planted, ["x0", "x1", "x2", "x3"]] += rng.choice([-9.0, 9.0], (12, 4)) * sd
    result = check_frame(ID, frame)
    (finding,) = result.findings
    scores = result.row_scores
    flagged = scores.row_id[scores.flagged]
    assert np.isin(flagged, planted).mean() >= 0.9
    assert np.isin(planted, flagged).mean() >= 0.9
    assert finding.severity is Severity.WARNING
    assert finding.affected.n_rows == len(flagged)
    assert str(len(flagged)) in finding.title
    assert all(reason for reason in scores.reason[scores.flagged])
    assert all(reason is None for reason in scores.reason[~scores.flagged])


def test_the_reason_names_the_column_and_how_rare_the_value_is(check_frame):
    frame = clean("gauss")
    frame.loc[[5, 6], "x2"] = [80.0, -80.0]
    result = check_frame(ID, frame)
    reason = dict(zip(result.row_scores.row_id.tolist(), result.row_scores.reason, strict=True))
    assert reason[5] == "x2 is 80 (above 99.9 % of rows)"
    assert reason[6] == "x2 is -80 (below 99.9 % of rows)"
    assert result.findings[0].severity is Severity.INFO


def test_every_row_is_ranked_and_flags_come_first(check_frame):
    frame = clean("gauss")
    frame.loc[:5, "x0"] = 40.0
    scores = check_frame(ID, frame).row_scores
    assert sorted(scores.row_id.tolist()) == list(range(800))
    assert scores.quality[scores.flagged].max() < 0.5 <= scores.quality[~scores.flagged].min()
    assert sum(scores.histogram) == 800


def test_the_label_ids_and_ignored_columns_are_not_read(check_frame):
    frame = clean("gauss")
    far = np.where(np.arange(800) < 8, 1e6, 0.0)
    frame = frame.assign(y=np.where(far > 0, "odd", "usual"), key=far, skip=far)
    result = check_frame(ID, frame, label="y", id="key", ignore=["skip"])
    assert result.status is Status.PASSED


def test_rows_beyond_the_sample_are_scored_too(check_frame):
    frame = clean("gauss", n=3000)
    planted = list(range(0, 3000, 100))
    frame.loc[planted, "x1"] = 60.0
    result = check_frame(ID, frame, params={"max_rows": 1000})
    scores = result.row_scores
    assert scores.n_assessed == 3000
    assert set(scores.row_id[scores.flagged].tolist()) == set(planted)
    assert "1,000 of 3,000 rows" in result.coverage.note


def test_one_missing_cell_makes_no_row_unusual(check_frame):
    frame = clean("gauss")
    frame.loc[:20, "x3"] = np.nan
    assert check_frame(ID, frame).status is Status.PASSED


def test_evidence_shows_agreement_and_the_cut(check_frame):
    frame = clean("gauss")
    frame.loc[:5, "x0"] = 40.0
    result = check_frame(ID, frame)
    matrix = next(e for e in result.evidence if isinstance(e, Matrix))
    assert [row[i] for i, row in enumerate(matrix.values)] == [1.0, 1.0, 1.0]
    picture = next(e for e in result.evidence if isinstance(e, Distribution))
    assert sum(picture.counts[""]) == 800
    assert picture.edges[0] < picture.marker < picture.edges[-1]


def test_the_help_and_the_readme_say_that_one_detector_flags():
    """Histograms and the isolation forest rank rows, and flag none."""
    from components.checks.anomalies import multivariate

    assert "Which rows are flagged is decided by the distance alone" in " ".join(
        multivariate.__doc__.split()
    )
    assert "detectors agree" not in (ROOT / "README.md").read_text(encoding="utf-8")


def test_columns_that_do_not_vary_leave_nothing_to_say(check_frame):
    frame = pd.DataFrame({"x": [1.0] * 40, "y": [None] * 40})
    result = check_frame(ID, frame)
    assert result.status is Status.SKIPPED
    assert "varies" in result.reason


def test_few_rows_are_not_judged(check_frame):
    result = check_frame(ID, clean("gauss", n=24))
    assert result.status is Status.SKIPPED
    assert "25 rows" in result.reason


def test_the_order_of_rows_does_not_matter(check_frame):
    frame = clean("gauss", n=300)
    order = np.random.default_rng(2).permutation(300)
    first = check_frame(ID, frame).row_scores
    second = check_frame(ID, frame.iloc[order].reset_index(drop=True)).row_scores
    quality = dict(zip(first.row_id.tolist(), first.quality.tolist(), strict=True))
    again = [quality[int(order[r])] for r in second.row_id]
    assert second.quality.tolist() == pytest.approx(again)


def test_it_stops_when_asked(make_table, run_context, monkeypatch):
    from components.checks.anomalies.multivariate import multivariate

    table = make_table(clean("gauss", n=100))
    run = run_context(table)

    def stop(done, _note=""):
        if done > 0.2:
            raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    with pytest.raises(Cancelled):
        multivariate.run(table, run)
