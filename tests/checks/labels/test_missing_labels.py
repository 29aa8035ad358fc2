"""Rows without a label: suggestions that are as right as they say, and which to label first."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

from components.checks.labels._unlabelled import order
from components.core.data.dataset import Role
from components.core.judgement.evidence import Curve, Measure, Ranking
from components.core.judgement.findings import Severity, Status
from components.core.judgement.review import ItemType

ID = "labels.missing_labels"
RIGHT = "suggestions of such a probability that are the label, in rows with one"


def hidden(frame, label, share, seed=0):
    """The table with some labels hidden, which rows, and what they were."""
    truth = frame[label].to_numpy(dtype=object)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(frame), int(share * len(frame)), replace=False))
    left = truth.copy()
    left[rows] = None
    return frame.assign(**{label: pd.Series(left, dtype="str")}), rows, truth


def first_likely(scores):
    """The most probable class of each row, and its probability, by row."""
    names = np.array([told[0][0] for told in scores.likely], dtype=object)
    return names, np.array([told[0][1] for told in scores.likely])


def measures(result):
    return {e.name: e for e in result.evidence if isinstance(e, Measure)}


@pytest.fixture(scope="module")
def memory():
    return []


@pytest.fixture
def breast(check_frame, memory):
    """Tumours of which a fifth has no diagnosis, and the result; made once."""
    if not memory:
        data = load_breast_cancer(as_frame=True).frame.iloc[:, [*range(5), 30]]
        frame = data.assign(target=data["target"].map({0: "malignant", 1: "benign"}))
        gaps, rows, truth = hidden(frame, "target", 0.2)
        memory.append((rows, truth, check_frame(ID, gaps, label="target")))
    return memory[0]


def test_every_row_without_a_label_is_asked_about_and_no_other(breast):
    rows, _, result = breast
    scores = result.row_scores
    assert sorted(scores.row_id.tolist()) == rows.tolist()
    assert scores.flagged.all()
    assert scores.item_type is ItemType.UNLABELLED
    assert set(scores.given) == {""}
    share = measures(result)["rows without a label"]
    assert (round(share.value * share.n), share.n) == (len(rows), 569)


def test_suggestions_are_right_as_often_as_the_rows_with_a_label_promise(breast):
    _, truth, result = breast
    scores = result.row_scores
    sure = np.array([text is not None for text in scores.suggested])
    right = scores.suggested[sure] == truth[scores.row_id][sure]
    promised = measures(result)[RIGHT]
    assert sure.sum() >= 80
    assert promised.ci_low - 0.03 <= right.mean() <= promised.ci_high + 0.03
    assert right.mean() >= 0.92


def test_probabilities_mean_what_they_say(breast):
    _, truth, result = breast
    names, chance = first_likely(result.row_scores)
    right = names == truth[result.row_scores.row_id]
    assert abs(chance.mean() - right.mean()) < 0.06
    assert right[chance >= 0.9].mean() > right[chance < 0.9].mean() + 0.1
    (curve,) = [e for e in result.evidence if isinstance(e, Curve)]
    ends = zip(curve.x, curve.ci_low, curve.ci_high, strict=True)
    assert sum(low - 0.05 <= x <= high + 0.05 for x, low, high in ends) >= len(curve.x) - 1


def test_nothing_is_suggested_where_no_class_is_probable(breast):
    _, _, result = breast
    scores = result.row_scores
    unsure = scores.confidence < 0.8
    assert unsure.any()
    assert all(text is None for text in scores.suggested[unsure])
    assert all(text is None for text in scores.reason[unsure])
    assert all(text is not None for text in scores.suggested[~unsure])
    (ranking,) = [e for e in result.evidence if isinstance(e, Ranking)]
    assert sum(ranking.values) == (~unsure).sum()
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert finding.title == (
        f"{len(scores.row_id)} rows have no label in “target”: a class is suggested for "
        f"{(~unsure).sum()} of them"
    )
    assert f"For {unsure.sum()} of the rows without one nothing is suggested" in finding.detail


def test_rows_of_which_models_are_unsure_come_first(breast):
    _, _, result = breast
    confidence = result.row_scores.confidence
    assert confidence[:20].mean() < 0.8 < confidence[-60:].min()


def test_several_classes(check_frame):
    data = load_wine(as_frame=True).frame.iloc[:, [*range(6), 13]]
    gaps, _, truth = hidden(data.assign(target="c" + data["target"].astype(str)), "target", 0.2)
    scores = check_frame(ID, gaps, label="target").row_scores
    names, _ = first_likely(scores)
    assert (names == truth[scores.row_id]).mean() >= 0.85
    assert all(abs(sum(p for _, p in told) - 1.0) < 1e-3 for told in scores.likely)


def overlapping(n, seed):
    """Labels drawn with a known chance that the columns tell exactly."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    chance = 1.0 / (1.0 + np.exp(-2.0 * x))
    return pd.DataFrame(
        {"x": x, "z": z, "y": np.where(rng.random(n) < chance, "yes", "no")}
    ), chance


def test_where_classes_overlap_probabilities_are_the_true_ones(check_frame):
    frame, chance = overlapping(1_200, 3)
    gaps, _, _ = hidden(frame, "y", 0.25)
    scores = check_frame(ID, gaps, label="y").row_scores
    names, told = first_likely(scores)
    yes = np.where(names == "yes", told, 1.0 - told)
    true = chance[scores.row_id]
    assert np.abs(yes - true).mean() < 0.1
    assert abs((np.maximum(true, 1 - true) - told).mean()) < 0.04


def test_a_table_without_gaps_in_the_label_has_nothing_to_suggest(check_frame):
    frame, _ = overlapping(200, 1)
    result = check_frame(ID, frame, label="y")
    assert result.status is Status.PASSED
    assert result.row_scores is None
    assert result.coverage.note == "Every row has a label."
    assert measures(result)["rows without a label"].value == 0.0


def test_a_label_that_cannot_be_learned_gets_no_suggestion(check_frame):
    frame, _ = overlapping(300, 2)
    random = np.random.default_rng(5).choice(["no", "yes"], len(frame))
    gaps, rows, _ = hidden(frame.assign(y=random), "y", 0.2)
    result = check_frame(ID, gaps, label="y")
    assert result.row_scores is None
    (finding,) = result.findings
    assert finding.key == "nothing_suggested"
    assert finding.title == f"{len(rows)} rows have no label in “y”, and none is suggested"


def test_a_label_of_numbers_is_left_to_people(check_frame):
    frame, _ = overlapping(100, 2)
    result = check_frame(ID, frame.assign(y=frame["x"] * 2), label="y")
    assert result.status is Status.SKIPPED
    assert "classification" in result.reason


def test_equal_rows_do_not_come_one_after_another(check_frame):
    frame, _ = overlapping(400, 4)
    gaps, _, _ = hidden(frame, "y", 0.3)
    same = pd.DataFrame({"x": [0.001] * 12, "z": [0.0] * 12, "y": [None] * 12})
    both = pd.concat([gaps, same], ignore_index=True).astype({"y": "str"})
    scores = check_frame(ID, both, label="y", params={"first": 30}).row_scores
    assert (scores.row_id[:30] >= len(gaps)).sum() <= 1
    n_other = len(set(scores.row_id.tolist())) - 12
    assert (scores.row_id[: n_other + 1] >= len(gaps)).sum() == 1


def test_the_first_rows_lie_in_every_part_of_the_table():
    rng = np.random.default_rng(0)
    centre = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], [80, 10, 10], axis=0)
    points = centre + rng.normal(0, 0.3, (100, 2))
    unsure = np.where(np.arange(100) < 80, 0.99, 0.9) - rng.random(100) / 100
    chosen = order.spread(points, unsure, 3, seed=0)
    assert sorted(np.digitize(chosen, [80, 90]).tolist()) == [0, 1, 2]
    assert (np.diff(unsure[chosen]) <= 0).all()


def test_a_person_whose_rows_are_labelled_is_asked_of_models_that_had_not_seen_them(check_frame):
    # labels at random per person: known again they would be right, and no model may know them

    rng = np.random.default_rng(8)
    person = np.repeat(np.arange(150), 4)
    level = rng.normal(size=150)[person]
    label = np.where(level + rng.normal(0, 1.2, 150)[person] > 0, "a", "b")
    frame = pd.DataFrame({"level": level, "person": [f"p{i}" for i in person], "y": label})
    gaps, _, truth = hidden(frame, "y", 0.2)
    result = check_frame(ID, gaps, label="y", roles={"person": Role.ENTITY})
    scores = result.row_scores
    names, chance = first_likely(scores)
    assert (names == truth[scores.row_id]).mean() < 0.9
    assert abs(chance.mean() - (names == truth[scores.row_id]).mean()) < 0.12


def test_a_column_that_gives_the_label_away_is_named_where_nothing_else_tells_it(check_frame):
    rng = np.random.default_rng(1)
    label = rng.choice(["no", "yes"], 300)
    told = np.where(label == "yes", 1.0, 0.0) + rng.normal(0, 0.01, 300)
    frame = pd.DataFrame({"told": told, "z": rng.normal(size=300), "y": label})
    gaps, _, _ = hidden(frame, "y", 0.2)
    (finding,) = check_frame(ID, gaps, label="y").findings
    assert finding.key == "nothing_suggested"
    assert "from the other columns without “told”" in finding.detail
