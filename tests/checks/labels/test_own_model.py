"""Labels judged by the probabilities of a person's own model, columns of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cleanlab.rank import get_label_quality_scores

from components.checks import registry
from components.checks.labels._searching import fitted
from components.core.data.dataset import Kind, Role
from components.core.judgement.evidence import Measure, Ranking, RowScores
from components.core.judgement.findings import Doubt, Severity, Status

ERRORS = "labels.label_errors"
OWN = "labels.predicted_probabilities"
LEARNED = "labels.learnability"
CLASSES = ("cat", "dog", "frog")


def predicted(names):
    return dict.fromkeys(names, Role.PREDICTED)


def made(n=600, wrong=0.06, *, seed=0, width=4.0, inputs=False, see=False):
    """Return rows of three classes, a model's probabilities of them, and which labels are wrong.

    ``see``: the probabilities are those of a model that learnt the given labels by heart.
    """
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    score = rng.normal(size=(n, 3)) + width * np.eye(3)[truth]
    given = truth.copy()
    at = rng.choice(n, round(wrong * n), replace=False)
    given[at] = (truth[at] + rng.integers(1, 3, len(at))) % 3
    if see:
        score = rng.normal(size=(n, 3)) + 8.0 * np.eye(3)[given]
    chance = np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)
    frame = pd.DataFrame({"label": np.array(CLASSES)[given]})
    for i, name in enumerate(CLASSES):
        frame[f"prob_{name}"] = chance[:, i]
    if inputs:
        frame["size"] = truth + rng.normal(scale=0.8, size=n)
        frame["age"] = rng.normal(size=n)
    return frame, np.isin(np.arange(n), at)


PROBS = [f"prob_{name}" for name in CLASSES]


@pytest.fixture
def check_own(check_frame):
    """Return a function that runs a check on a frame with a model's probabilities."""

    def run(check_id, frame, **more):
        roles = predicted([n for n in frame.columns if n.startswith("prob_")])
        roles |= more.pop("roles", {})
        return check_frame(check_id, frame, label="label", roles=roles, **more)

    return run


def scores_of(result):
    return next(e for e in result.evidence if isinstance(e, RowScores))


def measure(result, name):
    return next(e for e in result.evidence if isinstance(e, Measure) and e.name == name)


def keys(result):
    return [f.key for f in result.findings]


@pytest.mark.parametrize("inputs", [False, True], ids=["alone", "beside inputs"])
def test_the_order_is_that_of_the_normalized_margin_of_all_rows(check_own, inputs):
    frame, wrong = made(inputs=inputs)
    result = check_own(ERRORS, frame)
    scores = scores_of(result)
    assert scores.n_assessed == len(frame)
    codes = frame["label"].map({name: i for i, name in enumerate(CLASSES)}).to_numpy()
    margin = get_label_quality_scores(codes, frame[PROBS].to_numpy(), method="normalized_margin")
    for part in (scores.flagged, ~scores.flagged):
        own = margin[scores.row_id[part]]
        assert (np.diff(own) >= -1e-12).all()
    half = np.where(scores.flagged, 0.0, 0.5)
    assert np.allclose(scores.quality, margin[scores.row_id] / 2 + half)
    flagged = scores.row_id[scores.flagged]
    assert wrong[flagged].mean() > 0.9
    assert len(flagged) > 0.8 * wrong.sum()


def test_the_finding_says_whose_probabilities_they_are(check_own):
    frame, _ = made()
    finding = check_own(ERRORS, frame).findings[0]
    assert "are contradicted by the probabilities in the table" in finding.title
    assert "The probabilities in 3 columns “prob_…” of the table give" in finding.detail
    assert "must come from a model that had not seen the row" in finding.caveat
    assert finding.severity is Severity.WARNING
    scores = scores_of(check_own(ERRORS, frame))
    assert scores.predicted_by == "3 columns “prob_…” of the table"


def test_honest_labels_that_the_model_cannot_settle_are_no_warning(check_own):
    rng = np.random.default_rng(3)
    chance = rng.dirichlet([1.2, 1.2, 1.2], 900)
    given = (chance.cumsum(axis=1) > rng.random((900, 1))).argmax(axis=1)
    frame = pd.DataFrame(
        {"label": np.array(CLASSES)[given], **dict(zip(PROBS, chance.T, strict=True))}
    )
    findings = check_own(ERRORS, frame).findings
    assert [f.severity for f in findings] == [Severity.INFO]


def test_reasons_come_from_the_other_columns_where_there_are_some(check_own):
    beside, alone = (scores_of(check_own(ERRORS, made(inputs=i)[0])) for i in (True, False))
    reasons = [r for r in beside.reason[beside.flagged] if r is not None]
    assert any("size is" in r for r in reasons)
    assert not any("prob_" in r for r in reasons)
    assert all(r is None for r in alone.reason)
    likely = alone.likely[alone.flagged][0]
    assert sorted(name for name, _ in likely) == sorted(CLASSES)
    assert sum(share for _, share in likely) == pytest.approx(1.0, abs=0.001)


def test_columns_are_told_by_their_names_in_any_order(check_own):
    frame, _ = made()
    shuffled = frame[["prob_frog", "label", "prob_cat", "prob_dog"]]
    one, two = (scores_of(check_own(ERRORS, f)) for f in (frame, shuffled))
    assert np.array_equal(one.row_id, two.row_id)
    assert np.allclose(one.quality, two.quality)
    ranking = next(e for e in check_own(OWN, frame).evidence if isinstance(e, Ranking))
    said = dict(zip(ranking.items, ranking.notes, strict=True))
    assert said == {name: f"column “prob_{name}”" for name in CLASSES}


def test_learnability_is_that_of_the_probabilities_where_nothing_else_is_there(check_own):
    frame, _ = made()
    result = check_own(LEARNED, frame)
    assert result.status is Status.PASSED
    assert "Told by the probabilities in 3 columns “prob_…”" in result.coverage.note
    rng = np.random.default_rng(5)
    frame["label"] = rng.permutation(frame["label"].to_numpy())
    result = check_own(LEARNED, frame)
    assert (keys(result), result.findings[0].doubt) == (["no_skill"], Doubt.NOT_LEARNABLE)
    flags = check_own(ERRORS, frame)
    assert keys(flags) == ["not_assessable"]
    assert "the probabilities in the table tell the label" in flags.findings[0].title
    assert scores_of(flags).n_flagged == 0


def test_a_label_that_other_columns_do_not_tell_is_told_by_the_probabilities(check_own):
    frame, _ = made()
    frame["noise"] = np.random.default_rng(8).normal(size=len(frame))
    assert check_own(LEARNED, frame).status is Status.PASSED
    assert check_own(LEARNED, frame.drop(columns=PROBS)).status is Status.FLAGGED


# what is no probability


def test_tiny_excess_is_clipped_scaled_and_said(check_own):
    frame, _ = made()
    frame[PROBS] += 1e-5
    low = frame["prob_cat"].idxmin()
    frame.loc[low, "prob_cat"] = -1e-5
    result = check_own(OWN, frame)
    above = int((frame[PROBS] > 1.0).to_numpy().sum())
    assert keys(result) == []
    assert measure(result, "numbers outside of 0 to 1 that were clipped").value == above + 1
    assert "by at most 1e-05: clipped" in result.coverage.note
    assert "600 rows were scaled to sum to 1" in result.coverage.note
    assert scores_of(check_own(ERRORS, frame)).n_assessed == 600


@pytest.mark.parametrize(
    ("names", "cell", "key"),
    [
        (["prob_dog"], np.nan, "rows_missing"),
        (["prob_dog"], 1.4, "rows_outside"),
        (["prob_dog"], -0.2, "rows_outside"),
        (PROBS, 0.2, "rows_sum"),
    ],
    ids=["missing", "too large", "negative", "sum"],
)
def test_rows_that_are_no_probabilities_are_told_and_left_out(check_own, names, cell, key):
    frame, _ = made()
    frame.loc[:8, names] = cell
    result = check_own(OWN, frame)
    assert keys(result) == [key]
    finding = result.findings[0]
    assert (finding.affected.n_rows, finding.affected.row_id) == (9, tuple(range(9)))
    assert finding.title.startswith("9 rows have")
    assert finding.severity is Severity.INFO
    scores = scores_of(check_own(ERRORS, frame))
    assert scores.n_assessed == 591
    assert not set(range(9)) & set(scores.row_id.tolist())


def test_percentages_and_scores_are_refused(check_own):
    frame, _ = made(inputs=True)
    percent = frame.assign(**{name: 100.0 * frame[name] for name in PROBS})
    finding = check_own(OWN, percent).findings[0]
    assert (finding.key, finding.severity) == ("no_probabilities", Severity.WARNING)
    assert "divide them by 100" in finding.recommended_action
    logits = frame.assign(**{name: np.log(frame[name]) for name in PROBS})
    finding = check_own(OWN, logits).findings[0]
    assert "predict_proba" in finding.recommended_action
    assert scores_of(check_own(ERRORS, logits)).predicted_by == ""


def test_a_class_without_a_column_is_told_and_its_rows_are_not_judged(check_own):
    frame, _ = made()
    frame.loc[:29, "label"] = "eel"
    result = check_own(OWN, frame)
    assert keys(result) == ["classes_without_column"]
    finding = result.findings[0]
    assert finding.title.startswith("1 class of “label” has no column of probabilities")
    assert finding.affected.n_rows == 30
    assert finding.affected.row_id == tuple(range(30))
    assert scores_of(check_own(ERRORS, frame)).n_assessed == 570


def test_a_column_without_a_class_is_told_and_nothing_is_doubted_in_its_favour(check_own):
    frame, _ = made()
    frame = frame.assign(prob_newt=0.0)
    frame.loc[:19, PROBS] *= 0.02
    frame.loc[:19, "prob_newt"] = 0.98
    result = check_own(OWN, frame)
    assert keys(result) == ["columns_without_class"]
    assert "prob_newt" in result.findings[0].title
    scores = scores_of(check_own(ERRORS, frame))
    assert "newt" not in set(scores.suggested[scores.flagged])
    assert not set(range(20)) & set(scores.row_id[scores.flagged].tolist())


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        (["prob_0", "prob_1", "prob_2"], "“prob_0” is “cat”, “prob_1” is “dog” and “prob_2”"),
        (["prob_cat", "prob_dog", "prob_toad"], "Call each column “prob_…” with the class"),
    ],
)
def test_columns_whose_class_is_not_named_are_never_matched_by_their_order(
    check_own, names, advice
):
    frame, _ = made(inputs=True)
    frame = frame.rename(columns=dict(zip(PROBS, names, strict=True)))
    finding = check_own(OWN, frame).findings[0]
    assert (finding.key, finding.severity) == ("no_classes", Severity.WARNING)
    assert advice in finding.recommended_action
    assert scores_of(check_own(ERRORS, frame)).predicted_by == ""


def test_columns_of_texts_are_refused(check_own):
    frame, _ = made(inputs=True)
    frame["prob_dog"] = [f"{x:.3f}?" for x in frame["prob_dog"]]
    finding = check_own(OWN, frame, kinds={"prob_dog": Kind.TEXT}).findings[0]
    assert finding.key == "no_numbers"
    assert finding.affected.columns == ("prob_dog",)


def test_classes_are_matched_without_case_and_signs(check_own):
    frame, _ = made()
    frame = frame.replace({"label": {"cat": "Big Cat", "dog": "1", "frog": "Frog"}})
    names = {"prob_cat": "prob_big_cat", "prob_dog": "prob_1.0", "prob_frog": "prob_FROG"}
    assert keys(check_own(OWN, frame.rename(columns=names))) == []


# models that had seen the rows


@pytest.mark.parametrize("inputs", [False, True], ids=["alone", "beside inputs"])
def test_a_model_that_learnt_the_labels_by_heart_is_refused(check_own, inputs):
    frame, _ = made(see=True, inputs=inputs, wrong=0.1)
    finding = check_own(OWN, frame).findings[0]
    assert (finding.key, finding.severity) == ("seen_before", Severity.WARNING)
    assert ("Our own models, which had not seen" if inputs else "No other column") in finding.detail
    assert "cross_val_predict" in finding.recommended_action
    result = check_own(ERRORS, frame)
    said = "predicted probabilities in the table are not used"
    if inputs:
        assert scores_of(result).predicted_by == ""
        assert said in result.coverage.note
    else:
        assert result.status is Status.SKIPPED
        assert said in result.reason


def test_our_own_models_are_trained_once_for_all_checks(make_table, run_context, monkeypatch):
    trained = []
    fit = fitted.fit_probe
    monkeypatch.setattr(fitted, "fit_probe", lambda *a, **k: trained.append(1) or fit(*a, **k))
    frame, _ = made(see=True, inputs=True, wrong=0.1)
    table = make_table(frame, label="label", roles=predicted(PROBS))
    run = run_context(table)
    for name in ("predicted_probabilities", "label_errors", "label_patterns"):
        registry.get(f"labels.{name}").run(table, run)
    assert len(trained) == 1, "beside probabilities that are refused, too"


def test_a_forest_that_predicts_its_training_rows_is_refused_and_out_of_fold_it_is_not(check_own):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_val_predict

    frame, _ = made(inputs=True, wrong=0.1, n=500)
    x, y = frame[["size", "age"]].to_numpy(), frame["label"].to_numpy()
    forest = RandomForestClassifier(60, random_state=0)
    for chance, refused in [
        (forest.fit(x, y).predict_proba(x), True),
        (cross_val_predict(forest, x, y, cv=5, method="predict_proba"), False),
    ]:
        own = frame.assign(**dict(zip(PROBS, chance.T, strict=True)))
        assert ("seen_before" in keys(check_own(OWN, own))) is refused


def test_an_easy_label_is_not_taken_for_one_that_was_seen(check_own):
    rng = np.random.default_rng(2)
    frame, _ = made(wrong=0.0, width=14.0)
    code = frame["label"].map({name: i for i, name in enumerate(CLASSES)}).to_numpy()
    frame["size"] = code + rng.normal(scale=0.05, size=len(frame))
    frame["weight"] = code**2 + rng.normal(scale=0.05, size=len(frame))
    frame["noise"] = rng.normal(size=len(frame))
    result = check_own(OWN, frame)
    assert measure(result, "labels that the probabilities put first").value > 0.999
    ours = "labels that our own models predict right, without having seen the row"
    assert measure(result, ours).value > 0.98
    assert keys(result) == []


def test_a_model_that_names_one_class_only_doubts_nothing(check_own):
    frame, _ = made(wrong=0.1)
    hard = np.eye(3)[frame[PROBS].to_numpy().argmax(axis=1)]
    frame = frame.assign(**dict(zip(PROBS, hard.T, strict=True)))
    finding = check_own(OWN, frame).findings[0]
    assert finding.key == "seen_before"
    assert "says one class with 99.9 % or more" in finding.title
    assert finding.threshold.param == "max_saturated"


def test_limits_can_be_set(check_own):
    frame, _ = made()
    frame.loc[:99, PROBS] = 0.1
    assert keys(check_own(OWN, frame)) == ["no_probabilities"]
    assert keys(check_own(OWN, frame, params={"max_wrong": 0.5})) == ["rows_sum"]


def test_no_such_column_no_answer(check_frame, people):
    result = check_frame(OWN, people, label="paid")
    assert result.status is Status.SKIPPED
    assert result.lacks == (Role.PREDICTED,)


def test_the_same_twice(check_own):
    frame, _ = made(inputs=True)
    one, two = (scores_of(check_own(ERRORS, frame)) for _ in range(2))
    assert np.array_equal(one.row_id, two.row_id)
    assert np.array_equal(one.quality, two.quality)


def test_a_small_table_in_which_the_lowest_margins_are_the_planted_labels(check_own):
    path = Path(__file__).parents[2] / "data" / "own_model" / "pets.csv"
    frame = pd.read_csv(path)
    planted = set(np.flatnonzero(frame.pop("planted")))
    frame = frame.drop(columns="id")
    scores = scores_of(check_own(ERRORS, frame))
    lowest = scores.row_id[np.argsort(scores.quality, kind="stable")][: len(planted)]
    assert set(lowest.tolist()) == planted
