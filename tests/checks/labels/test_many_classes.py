"""Labels of more classes than models with weights for each class can take."""

import numpy as np
import pandas as pd
import pytest

from components.checks.labels import _prepare

ID = "labels.label_errors"


def made(k=150, m=12, *, wrong=0.05, seed=0):
    """Points around a centre for each of many classes, and which labels are wrong."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(k), m)
    x = (4.0 * rng.normal(size=(k, 6)))[truth] + rng.normal(size=(k * m, 6))
    given, rows = truth.copy(), rng.choice(k * m, round(wrong * k * m), replace=False)
    given[rows] = (truth[rows] + rng.integers(1, k, len(rows))) % k
    frame = pd.DataFrame(x.round(3), columns=[f"x{i}" for i in range(6)])
    names = np.array([f"kind {i:03d}" for i in range(k)])
    return frame.assign(label=names[given]), np.sort(rows), names[truth]


def test_wrong_labels_of_150_classes_are_found(check_frame):
    frame, wrong, truth = made()
    result = check_frame(ID, frame, label="label")
    scores = result.row_scores
    found = scores.row_id[scores.flagged]
    assert "largest of" not in result.coverage.note
    assert len(scores.row_id) > 0.95 * len(frame)
    assert np.isin(found, wrong).mean() >= 0.7
    assert np.isin(wrong, found).mean() >= 0.5
    hits = np.isin(found, wrong)
    assert (scores.suggested[scores.flagged][hits] == truth[found][hits]).mean() >= 0.9
    assert any(scores.reason[scores.flagged])


def test_clean_labels_of_many_classes_are_seldom_doubted(check_frame):
    frame, _, _ = made(wrong=0.0, seed=3)
    scores = check_frame(ID, frame, label="label").row_scores
    assert scores.n_flagged <= 0.025 * len(frame)


@pytest.fixture
def uneven(make_table, run_context):
    """One class of 4,000 rows, and sixty of six rows each."""
    labels = np.concatenate([np.full(4_000, "most"), np.repeat([f"r{i}" for i in range(60)], 6)])
    frame = pd.DataFrame({"label": labels, "x": np.arange(len(labels)) % 97})
    table = make_table(frame.sample(frac=1.0, random_state=1).reset_index(drop=True), label="label")
    return table, run_context(table)


def test_many_rare_classes_are_drawn_with_one_question(uneven):
    table, run = uneven
    sizes = _prepare.class_sizes(table, "label")
    frame, row_id = _prepare.draw(table, run, ["label", "x"], sizes, 400)
    counts = frame["label"].value_counts()
    assert (np.diff(row_id) > 0).all()
    least = 400 // (2 * 61)
    assert (counts[counts.index != "most"] >= min(6, least)).all()
    assert len(counts) == 61
    again, same = _prepare.draw(table, run, ["label", "x"], sizes, 400)
    assert (same == row_id).all()
    assert again.equals(frame)
