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
    assert reason[5].startswith("x2 80 is far above the others: 99 % of them lie between -2.6")
    assert reason[6].startswith("x2 -80 is far below the others: 99 % of them lie between -2.6")
    cells = result.cell_scores
    assert set(zip(cells.row_id.tolist(), cells.column, cells.value, strict=True)) == {
        (5, "x2", "80"),
        (6, "x2", "-80"),
    }
    assert cells.flagged.all()
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


def test_the_help_and_the_readme_say_on_what_a_flag_rests():
    """One far cell, or several detectors; it is what the code asks for, see the tests below."""
    from components.checks.anomalies import multivariate

    said = " ".join(multivariate.__doc__.split())
    assert "one cell lies far beyond the others of its column, or several detectors agree" in said
    assert "on which several detectors agree" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_row_that_only_the_distance_finds_odd_is_not_flagged(check_frame):
    frame = clean("gauss")
    frame.loc[:11, ["x0", "x1", "x2", "x3"]] += 9.0
    both = check_frame(ID, frame).row_scores
    alone = check_frame(ID, frame, params={"second_share": 1e-9, "cell_chance": 1e-12}).row_scores
    assert both.n_flagged >= 11
    assert alone.n_flagged == 0


def test_a_reference_row_is_not_its_own_neighbour():
    """All rows are drawn alike, so the 1,000 reference rows are not less often among the far."""
    from components.checks.anomalies._detectors import REFERENCE, fit_detectors

    z = np.random.default_rng(0).normal(size=(5000, 6))
    row_id = np.random.default_rng(1).permutation(5000).astype(np.int64)
    detectors, scores = fit_detectors(z, row_id, seed=0, progress=lambda _: None)
    inside = np.isin(row_id, detectors.reference)
    distance = detectors.distance(scores)
    far = distance >= np.quantile(distance, 0.9)
    assert inside.sum() == REFERENCE
    assert far[inside].mean() == pytest.approx(0.1, abs=0.03)
    assert abs(distance[inside].mean() - distance[~inside].mean()) < 0.03


@pytest.fixture
def mixed():
    """A table like those that people bring: amounts, ages, few steps, dates, names."""
    rng = np.random.default_rng(3)
    n = 900
    return pd.DataFrame(
        {
            "age": rng.integers(1, 81, n).astype(float),
            "fare": rng.lognormal(2.5, 1.0, n).round(2),
            "parts": rng.choice([1, 2, 3, 4], n, p=[0.6, 0.3, 0.08, 0.02]),
            "gain": np.where(rng.random(n) < 0.9, 0, rng.lognormal(8, 1, n).round()),
            "since": pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 2000, n), "D"),
            "port": rng.choice(["C", "Q", "S"], n, p=[0.2, 0.1, 0.7]),
        }
    )


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("age", [2200.0]),
        ("age", [220.0, 340.0, 410.0, 555.0, 610.0]),
        ("fare", [99000.0]),
        ("parts", [20]),
        ("since", ["1925-03-01"]),
        ("since", ["2125-03-01", "2130-07-01", "2140-01-02"]),
    ],
)
def test_a_gross_error_in_a_mixed_table_is_found_and_named(check_frame, mixed, column, values):
    assert check_frame(ID, mixed).row_scores.n_flagged == 0
    rows = [100 + 37 * i for i in range(len(values))]
    wrong = pd.to_datetime(values) if column == "since" else values
    mixed.loc[rows, column] = wrong
    result = check_frame(ID, mixed)
    scores = result.row_scores
    assert sorted(scores.row_id[scores.flagged].tolist()) == rows
    assert set(result.cell_scores.column) == {column}
    assert all(reason.startswith(f"{column} ") for reason in scores.reason[scores.flagged])


def test_stays_of_long_ago_in_many_rows_are_a_group_of_its_own(check_frame, mixed):
    rng = np.random.default_rng(8)
    frame = pd.concat([mixed] * 3, ignore_index=True)
    frame["age"] = rng.integers(1, 81, len(frame)).astype(float)
    came = pd.Timestamp("2013-01-01") + pd.to_timedelta(rng.integers(0, 1100, len(frame)), "D")
    frame = frame.drop(columns="since").assign(came=came)
    old = rng.choice(len(frame), 20, replace=False)
    frame.loc[old, "came"] -= pd.to_timedelta(1100 + rng.exponential(1500, 20).round(), "D")
    frame["went"] = frame["came"] + pd.to_timedelta(rng.integers(1, 60, len(frame)), "D")
    (finding,) = check_frame(ID, frame).findings
    assert "far beyond" not in finding.detail  # the oldest are odd as rows, the others are not
    assert finding.severity is Severity.INFO


def test_codes_are_left_out_of_what_is_usual_and_named(check_frame, mixed):
    mixed.loc[mixed.index[:27], "age"] = -40.0
    mixed.loc[500, "age"] = 3400.0
    scores = check_frame(ID, mixed).row_scores
    (reason,) = scores.reason[scores.flagged]
    assert reason.startswith(
        "age 3400 is far above the others: 99 % of them lie between 1 and 80 "
        "(-40, in 3 % of rows, left aside)"
    )


def test_ten_times_a_value_of_a_heavy_tail_is_no_error(check_frame, mixed):
    row = int(mixed["fare"].sub(mixed["fare"].median()).abs().argmin())
    mixed.loc[row, "fare"] *= 10
    assert check_frame(ID, mixed).row_scores.n_flagged == 0


def test_what_several_rows_share_is_said_once(check_frame, mixed):
    mixed.loc[[3, 50, 200, 400], "age"] = 999.0
    (finding,) = check_frame(ID, mixed).findings
    assert "4 of them hold “age” 999." in finding.detail


@pytest.mark.parametrize("shape", ["lognormal", "pareto", "t2", "counts", "likert", "cluster"])
@pytest.mark.parametrize("n", [100, 400])
def test_a_table_with_nothing_wrong_is_not_warned_of(check_frame, shape, n):
    rng = np.random.default_rng(n)
    frame = pd.DataFrame(
        {
            "lognormal": lambda: rng.lognormal(0, 1.5, (n, 5)),
            "pareto": lambda: 1 + rng.pareto(1.5, (n, 5)),
            "t2": lambda: rng.standard_t(2, (n, 5)),
            "counts": lambda: rng.negative_binomial(0.5, 0.1, (n, 5)),
            "likert": lambda: rng.choice(5, (n, 5), p=[0.6, 0.3, 0.08, 0.015, 0.005]) + 1,
            "cluster": lambda: rng.normal(size=(n, 5)) + 8.0 * (np.arange(n)[:, None] < 0.03 * n),
        }[shape](),
        columns=list("abcde"),
    ).assign(rare=rng.random(n) < 0.05)
    assert all(f.severity is Severity.INFO for f in check_frame(ID, frame).findings)


def test_a_valid_group_of_three_percent_is_seldom_warned_of(check_frame):
    """Of 100 rows it has three, each with two others beside it: no room for a mean of them."""
    warned = 0
    for seed in range(12):
        rng = np.random.default_rng([seed, 100])
        x = rng.normal(size=(100, 5)) + 8.0 * (np.arange(100)[:, None] < 3)
        frame = pd.DataFrame(x, columns=list("abcde")).assign(rare=rng.random(100) < 0.05)
        frame["group"] = rng.choice(["K", "L", "M"], 100, p=[0.5, 0.35, 0.15])
        warned += any(f.severity is Severity.WARNING for f in check_frame(ID, frame).findings)
    assert warned <= 1


def people(n, seed, rare):
    """Three amounts and a column of three levels, one of which ``rare`` rows hold."""
    draw = np.random.default_rng(seed)
    sex = draw.choice(["f", "m"], n).astype(object)
    sex[draw.permutation(n)[:rare]] = "x"
    return pd.DataFrame(
        {
            "a": draw.normal(50, 10, n).round(1),
            "b": draw.normal(5, 2, n).round(2),
            "c": draw.integers(18, 80, n),
            "sex": sex,
        }
    )


@pytest.mark.parametrize(("n", "rare"), [(400, 2), (400, 6), (1_000, 8), (2_000, 18)])
def test_a_rare_group_of_people_is_not_unlike_the_rest(check_frame, n, rare):
    frame = people(n, 0, rare)
    result = check_frame(ID, frame)
    flagged = result.row_scores.row_id[result.row_scores.flagged]
    assert not set(flagged.tolist()) & set(np.flatnonzero(frame["sex"] == "x").tolist())
    assert [f.severity for f in result.findings if f.severity is not Severity.INFO] == []


def test_a_rare_mark_of_a_few_rows_makes_them_no_outliers(check_frame):
    frame = people(1_000, 1, 0)
    draw = np.random.default_rng(2)
    frame["vip"] = np.where(draw.random(1_000) < 0.01, "yes", "no")
    frame["late"] = (draw.random(1_000) < 0.01).astype(int)
    assert check_frame(ID, frame).findings == ()


@pytest.mark.parametrize("slip", ["Bsaic", "basick", "basc", "bacic", "BASIC", " basic"])
def test_a_slip_of_the_pen_is_no_rare_group(check_frame, slip):
    frame = people(1_000, 4, 0)
    frame["plan"] = np.resize(np.array(["basic", "plus", "premium"], dtype=object), 1_000)
    frame.loc[range(0, 21, 3), "plan"] = slip
    scores = check_frame(ID, frame).row_scores
    assert set(range(0, 21, 3)) <= set(scores.row_id[scores.flagged].tolist())


def test_one_row_of_a_small_table_is_no_warning(check_frame):
    frame = people(200, 5, 1)
    (finding,) = check_frame(ID, frame).findings
    assert finding.affected.n_rows == 1
    assert finding.severity is Severity.INFO


def test_a_row_of_a_rare_group_can_still_be_unlike_the_rest(check_frame):
    """Several wrong cells in a row are found, whatever rare values they hold."""
    frame = people(1_000, 3, 8)
    frame["kind"] = np.resize(["u", "v", "w"], 1_000)
    frame.loc[range(5), ["sex", "kind"]] = ["u", "f"]
    result = check_frame(ID, frame)
    scores = result.row_scores
    assert set(range(5)) <= set(scores.row_id[scores.flagged].tolist())


def test_where_nearly_all_rows_are_equal_the_others_are_flagged(check_frame):
    frame = pd.DataFrame({"a": [1] * 300, "b": [2] * 300, "c": [3] * 300})
    frame.loc[20] = [-40, 500, 0]
    frame.loc[200] = [9, 9, 9]
    scores = check_frame(ID, frame).row_scores
    assert sorted(scores.row_id[scores.flagged].tolist()) == [20, 200]


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
