"""Numbers in the label that the other rows contradict."""

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Kind, Role
from components.core.errors import Cancelled
from components.core.judgement.evidence import Measure, Ranking
from components.core.judgement.findings import Severity, Status
from components.core.judgement.review import Action, ItemType

ID = "labels.number_errors"


def flats(seed=3, n=400):
    """Flats whose rent follows from size, storey and town, but for noise that grows with size."""
    rng = np.random.default_rng(seed)
    size = rng.gamma(9.0, 8.0, n).round(1)
    town = rng.choice(["Aachen", "Bonn", "Celle"], n)
    storey = rng.integers(0, 6, n)
    rent = 150 + 9.0 * size + np.select([town == "Bonn", town == "Celle"], [120.0, -90.0], 0.0)
    rent = rent + 12.0 * storey + rng.normal(0, 0.25, n) * size
    return pd.DataFrame({"size": size, "town": town, "storey": storey, "rent": rent.round(2)})


def changed(frame, share, change, seed=0):
    """Return a table with a share of the rents changed, and the rows."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(frame), round(share * len(frame)), replace=False))
    rent = frame["rent"].to_numpy().copy()
    rent[rows] = change(rent[rows], rng)
    return frame.assign(rent=rent.round(2)), rows


def shifted(rent, rng):
    return rent + rng.choice([-1, 1], len(rent)) * rng.uniform(2, 4, len(rent)) * 220.0


def tenfold(rent, _):
    return rent * 10


def flagged(result):
    scores = result.row_scores
    return scores.row_id[scores.flagged]


@pytest.fixture(scope="module")
def memory():
    return {}


@pytest.fixture
def made(check_frame, memory):
    """Return a function that judges the flats with a kind of fault; each is made once."""

    def make(kind):
        if kind not in memory:
            frame, rows = changed(flats(n=600), 0.05, kind)
            memory[kind] = frame, rows, check_frame(ID, frame, label="rent")
        return memory[kind]

    return make


def test_honest_numbers_give_no_warning(check_frame):
    result = check_frame(ID, flats(), label="rent")
    assert result.row_scores.n_flagged <= 4
    assert all(f.severity is Severity.INFO for f in result.findings)


def test_shifted_numbers_are_found_and_warned_of(made):
    frame, rows, result = made(shifted)
    found = flagged(result)
    assert np.isin(rows, found).mean() >= 0.8
    assert np.isin(found, rows).mean() >= 0.9
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert finding.title.startswith(f"{len(found)} numbers in “rent”")
    assert finding.affected.n_rows == len(found)
    assert np.isin(finding.affected.row_id, found).all()
    assert len(frame) == result.coverage.rows_seen


def test_the_suggestion_is_the_number_expected_with_a_range(made):
    frame, rows, result = made(shifted)
    truth = flats(n=600)["rent"]
    scores = result.row_scores
    off = []
    for row, given, said, why in zip(
        scores.row_id, scores.given, scores.suggested, scores.reason, strict=True
    ):
        if row not in rows or given is None:
            continue
        assert float(given) == frame["rent"][row]
        off.append(abs(float(said) - truth[row]))
        assert f"{said} is expected; nine of ten rows like it lie between" in why or "fits" in why
    assert np.median(off) < 30
    assert scores.confidence is None


def test_people_are_asked_what_the_cell_should_hold(made):
    _, _, result = made(shifted)
    asked = result.row_scores
    assert asked.item_type is ItemType.CELL
    assert Action.CHANGE in asked.item_type.actions
    assert result.n_suggested == asked.n_flagged > 0


def test_a_tenfold_number_is_named_and_repaired(made):
    _, rows, result = made(tenfold)
    truth = flats(n=600)["rent"]
    scores = result.row_scores
    named = [i for i in range(scores.n_flagged) if "10 times too large" in scores.reason[i]]
    assert np.isin(scores.row_id[named], rows).all()
    assert len(named) >= 0.9 * len(rows)
    for i in named:
        assert float(scores.suggested[i]) == pytest.approx(truth[scores.row_id[i]])
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert "Some look as if they were 10 times too large" in finding.detail
    assert "which noise does not do" in finding.caveat
    ranking = next(e for e in result.evidence if isinstance(e, Ranking))
    assert ranking.items[0] == "10 times too large"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (lambda rent, _: -rent, "of the wrong sign"),
        (lambda rent, _: rent / 100, "100 times too small"),
        (lambda rent, _: rent * 2.54, "in centimetres instead of inches"),
        (lambda rent, _: rent * 1.8 + 32, "in degrees Fahrenheit instead of Celsius"),
    ],
)
def test_other_faults_are_named(check_frame, kind, words):
    frame, rows = changed(flats(), 0.05, kind)
    scores = check_frame(ID, frame, label="rent").row_scores
    named = {int(scores.row_id[i]) for i in range(scores.n_flagged) if words in scores.reason[i]}
    assert len(named & {*rows.tolist()}) >= 0.6 * len(rows)


def test_swapped_digits_are_named(check_frame):
    frame = flats(n=600)
    rent = frame["rent"].round().astype("int64")
    turned = np.array([int(t[1] + t[0] + t[2:]) for t in rent.astype(str)])
    rows = np.flatnonzero(np.abs(turned - rent) >= 300)[::12]
    wrong = rent.to_numpy().copy()
    wrong[rows] = turned[rows]
    frame = frame.assign(rent=wrong)
    scores = check_frame(ID, frame, label="rent", kinds={"rent": Kind.INTEGER}).row_scores
    named = {
        int(scores.row_id[i]): scores.suggested[i]
        for i in range(scores.n_flagged)
        if "two digits swapped" in scores.reason[i]
    }
    found = [row for row in rows.tolist() if row in named]
    assert len(found) >= 0.5 * len(rows)
    assert all(named[row] == str(rent[row]) for row in found)


def noise(kind, rng, n, x):
    if kind in {"heavy tails", "coarse"}:
        return rng.standard_t(3, n)
    if kind == "growing":
        return np.exp(0.8 * x) * rng.normal(size=n)
    if kind == "skewed":
        return rng.lognormal(0, 1, n)
    if kind == "one kind of rows hidden":
        return rng.normal(size=n) + 9.0 * (rng.random(n) < 0.04)
    return rng.normal(size=n)


@pytest.mark.parametrize(
    "kind", ["normal", "heavy tails", "growing", "skewed", "coarse", "one kind of rows hidden"]
)
def test_honest_noise_of_any_shape_gives_no_warning(check_frame, kind):
    rng = np.random.default_rng(5)
    n = 600
    x = rng.normal(size=(n, 4))
    y = 50 + 10 * (x[:, 0] + x[:, 1] * x[:, 2] + 0.4 * noise(kind, rng, n, x[:, 3]))
    y = 5 * (y / 5).round() if kind == "coarse" else y.round(3)
    frame = pd.DataFrame(x.round(4), columns=list("abcd")).assign(y=y)
    result = check_frame(ID, frame, label="y")
    assert all(f.severity is Severity.INFO for f in result.findings)
    assert "shared_numbers" not in {f.key for f in result.findings}
    assert kind == "one kind of rows hidden" or result.row_scores.n_flagged <= 0.04 * n
    unexplained = next(
        e for e in result.evidence if isinstance(e, Measure) and "honest noise" in e.name
    )
    assert unexplained.ci_low <= unexplained.value <= unexplained.ci_high


def test_random_numbers_are_not_judged(check_frame):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(300, 4)), columns=list("abcy"))
    frame.loc[[3, 4], "y"] = 500.0
    result = check_frame(ID, frame, label="y")
    assert result.row_scores.n_flagged == 0
    (finding,) = result.findings
    assert finding.key == "not_assessable"
    assert finding.severity is Severity.INFO


def test_rows_of_one_person_share_a_fold(check_frame):
    """Each person has the same number in all five rows: wrong or not, nobody else tells of it."""
    rng = np.random.default_rng(8)
    who = np.repeat(np.arange(80), 5)
    x = rng.normal(size=80)[who]
    y = (30 + 5 * x + rng.normal(0, 1, 400)).round(2)
    wrong = who == 7
    frame = pd.DataFrame({"who": who.astype(str), "x": x + rng.normal(0, 0.01, 400), "y": y})
    frame.loc[wrong, "y"] += 60
    roles = {"who": Role.ENTITY}
    found = flagged(check_frame(ID, frame, label="y", roles=roles))
    assert set(np.flatnonzero(wrong).tolist()) <= set(found.tolist())


def test_the_answer_does_not_depend_on_row_order(check_frame, made):
    frame, _, result = made(shifted)
    order = np.random.default_rng(4).permutation(len(frame))
    again = check_frame(ID, frame.iloc[order].reset_index(drop=True), label="rent")
    assert set(order[flagged(again)].tolist()) == set(flagged(result).tolist())


def test_the_same_result_twice(check_frame, made):
    frame, _, result = made(shifted)
    again = check_frame(ID, frame, label="rent")
    assert np.array_equal(again.row_scores.row_id, result.row_scores.row_id)
    assert np.array_equal(again.row_scores.quality, result.row_scores.quality)
    assert again.findings == result.findings


def test_flagged_rows_have_the_lowest_qualities(made):
    scores = made(shifted)[2].row_scores
    assert scores.quality[scores.flagged].max() < 0.5 <= scores.quality[~scores.flagged].min()
    assert ((scores.quality >= 0) & (scores.quality <= 1)).all()


def test_rows_that_no_model_was_trained_on_are_judged(check_frame):
    frame, rows = changed(flats(n=1600), 0.03, tenfold)
    result = check_frame(ID, frame, label="rent", params={"max_rows": 1_000})
    assert result.coverage.rows_seen == 1600
    assert "1,000 of 1,600 rows" in result.coverage.note
    assert np.isin(rows, flagged(result)).mean() >= 0.8


def test_gaps_and_infinite_numbers_are_left_out_and_told(check_frame):
    frame, _ = changed(flats(), 0.03, tenfold)
    frame.loc[[0, 1, 2], "rent"] = np.nan
    frame.loc[3, "rent"] = np.inf
    result = check_frame(ID, frame, label="rent")
    assert result.coverage.rows_seen == 396
    assert "3 rows without a number not judged." in result.coverage.note
    assert "1 row with an infinite number not judged." in result.coverage.note
    assert not {0, 1, 2, 3} & set(flagged(result).tolist())


def test_a_number_that_most_rows_hold_is_a_state(check_frame):
    frame = flats(n=600)
    empty = np.random.default_rng(1).random(600) < 0.4
    frame.loc[empty, "rent"] = 0.0
    result = check_frame(ID, frame, label="rent")
    assert "0 stands in" in result.coverage.note
    assert not np.isin(np.flatnonzero(empty), flagged(result)).any()
    assert all(f.severity is Severity.INFO for f in result.findings)


def test_rows_that_share_a_number_are_told_together(check_frame):
    frame, wrong = changed(flats(n=600), 0.03, tenfold)
    rows = np.setdiff1d(np.random.default_rng(2).permutation(600)[:60], wrong)
    free, group = rows[:15], rows[15:22]
    frame.loc[free, "rent"] = 0.0
    frame.loc[group, "rent"] = 4321.5
    result = check_frame(ID, frame, label="rent")
    assert not np.isin(rows[:22], flagged(result)).any()
    assert np.isin(wrong, flagged(result)).mean() >= 0.8
    (told,) = (f for f in result.findings if f.key == "shared_numbers")
    assert told.severity is Severity.INFO
    assert "0 in 15 rows" in told.detail
    assert "4321.5 in 7 rows" in told.detail
    assert told.affected.n_rows == 22
    assert np.isin(told.affected.row_id, rows[:22]).all()


def test_numbers_that_many_rows_hold_anyway_are_judged_one_by_one(check_frame):
    frame = flats(n=600)
    frame["rent"] = (frame["rent"] / 100).round() * 100  # few different numbers
    rows = np.random.default_rng(4).choice(600, 30, replace=False)
    other = np.random.default_rng(5).permutation(frame["rent"].to_numpy())[:30]
    frame.loc[rows, "rent"] = other  # of another row
    result = check_frame(ID, frame, label="rent")
    assert [f.key for f in result.findings] == ["number_errors"]
    assert np.isin(flagged(result), rows).mean() >= 0.9


def test_rows_of_one_person_that_share_a_number_count_once(check_frame):
    frame = flats(n=200).loc[np.repeat(np.arange(200), 3)].reset_index(drop=True)
    frame["tenant"] = [f"t{n // 3}" for n in range(600)]
    wrong = np.arange(30, 60)
    frame.loc[wrong, "rent"] *= 10
    result = check_frame(ID, frame, label="rent", roles={"tenant": Role.ENTITY})
    assert np.isin(wrong, flagged(result)).mean() >= 0.8
    assert "shared_numbers" not in {f.key for f in result.findings}


def test_huge_numbers_are_judged(check_frame):
    frame, rows = changed(flats(), 0.05, tenfold)
    frame["rent"] *= 1e20
    result = check_frame(ID, frame, label="rent")
    assert np.isin(rows, flagged(result)).mean() >= 0.8


def test_whole_numbers_get_whole_suggestions(check_frame):
    frame, _ = changed(flats(), 0.05, shifted)
    frame["rent"] = frame["rent"].round().astype("int64")
    scores = check_frame(ID, frame, label="rent", kinds={"rent": Kind.INTEGER}).row_scores
    said = [s for s in scores.suggested[scores.flagged] if s is not None]
    assert said
    assert all(s == str(int(s)) for s in said)


@pytest.mark.parametrize("n", [20, 30, 60, 120])
def test_small_tables_are_judged_without_a_fall(check_frame, n):
    frame = flats(n=n)
    frame.loc[4, "rent"] *= 10
    result = check_frame(ID, frame, label="rent")
    assert result.status in {Status.PASSED, Status.FLAGGED}


def test_equal_numbers_do_not_apply(check_frame):
    frame = flats(n=60).assign(rent=5.0)
    assert check_frame(ID, frame, label="rent").status is Status.SKIPPED


def test_classes_do_not_apply(check_frame):
    frame = flats(n=60).assign(rent=np.resize(["a", "b"], 60))
    assert check_frame(ID, frame, label="rent").status is Status.SKIPPED


def test_rates_of_sensitive_groups_are_told(check_frame):
    frame, _ = changed(flats(), 0.05, shifted)
    result = check_frame(ID, frame, label="rent", sensitive=["town"])
    rates = result.group_metrics[0]
    assert sum(rates.n) == len(frame)
    assert "By “town”" in result.findings[0].detail


def test_it_can_be_stopped(make_table, run_context, monkeypatch):
    table = make_table(flats(), label="rent")
    run = run_context(table)

    def stop(done, _note=""):
        if done > 0.2:
            raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    with pytest.raises(Cancelled):
        registry.get(ID).run(table, run)
