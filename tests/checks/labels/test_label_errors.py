"""Labels that look wrong."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from components.core.errors import Cancelled
from components.core.judgement.evidence import Matrix, Measure, RowGroups
from components.core.judgement.findings import Severity, Status

ID = "labels.label_errors"


@pytest.fixture(scope="module")
def shop():
    """Four hundred orders whose class follows from two columns."""
    rng = np.random.default_rng(11)
    n = 400
    weight = rng.gamma(3.0, 2.0, n).round(2)
    item = rng.choice(["book", "lamp", "sofa"], n)
    size = weight + np.select([item == "sofa", item == "lamp"], [14.0, 5.0], 0.0)
    return pd.DataFrame(
        {
            "weight": weight,
            "item": item,
            "paid": rng.lognormal(3, 1, n).round(2),
            "depth": (size + rng.normal(0, 1.0, n)).round(2),
            "way": np.select([size > 16, size > 9], ["truck", "parcel"], "letter"),
        }
    )


def flipped(frame, label, share, seed=0):
    rng = np.random.default_rng(seed)
    classes = sorted(frame[label].unique())
    rows = np.sort(rng.choice(len(frame), int(share * len(frame)), replace=False))
    given = frame[label].to_numpy(dtype=object).copy()
    for row in rows:
        given[row] = rng.choice([c for c in classes if c != given[row]])
    return frame.assign(**{label: given}), rows


@pytest.fixture
def five(check_frame, shop, memory):
    """The orders with 5 % wrong labels, which ones, and the result; made once."""
    if not memory:
        frame, rows = flipped(shop, "way", 0.05)
        memory.append((frame, rows, check_frame(ID, frame, label="way")))
    return memory[0]


@pytest.fixture(scope="module")
def memory():
    return []


def flagged(result):
    scores = result.row_scores
    return scores.row_id[scores.flagged]


def test_clean_labels_give_no_warning(check_frame, shop):
    result = check_frame(ID, shop, label="way")
    assert result.row_scores.n_flagged <= 1
    assert all(f.severity is Severity.INFO for f in result.findings)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.2])
def test_planted_errors_are_found(check_frame, shop, share):
    frame, rows = flipped(shop, "way", share)
    result = check_frame(ID, frame, label="way")
    found = flagged(result)
    assert np.isin(found, rows).mean() >= 0.85
    assert np.isin(rows, found).mean() >= 0.6
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert finding.affected.n_rows == len(found)
    right = shop["way"].to_numpy(dtype=object)
    scores = result.row_scores
    hits = [s == right[r] for r, s in zip(scores.row_id, scores.suggested, strict=True)]
    assert np.mean(np.array(hits)[scores.flagged]) >= 0.85


def test_a_public_table_with_planted_errors(check_frame):
    data = load_breast_cancer(as_frame=True).frame.iloc[:, [*range(10), 30]]
    frame, rows = flipped(
        data.assign(target=data["target"].map({0: "bad", 1: "good"})), "target", 0.1
    )
    found = flagged(check_frame(ID, frame, label="target"))
    assert np.isin(found, rows).mean() >= 0.75
    assert np.isin(rows, found).mean() >= 0.55


def test_random_labels_are_not_called_errors(check_frame, shop):
    rng = np.random.default_rng(2)
    frame = shop.assign(way=rng.choice(["no", "yes"], len(shop), p=[0.8, 0.2]))
    result = check_frame(ID, frame, label="way")
    assert result.row_scores.n_flagged == 0
    assert [f.key for f in result.findings] == ["not_assessable"]
    assert result.findings[0].severity is Severity.INFO
    assert "400 rows may also be too few" in result.findings[0].recommended_action


def test_models_that_know_nothing_do_not_judge_the_other_rows(check_frame):
    rng = np.random.default_rng(4)
    n = 3_000
    frame = pd.DataFrame({"x": rng.normal(size=n), "y": rng.choice(["no", "yes"], n, p=[0.8, 0.2])})
    result = check_frame(ID, frame, label="y", params={"max_rows": 1_000})
    assert len(result.row_scores.row_id) == result.coverage.rows_seen == 1_000
    assert "know too little about the label to judge the other rows" in result.coverage.note
    (finding,) = result.findings
    assert finding.key == "not_assessable"
    assert "too few" not in finding.recommended_action


def test_a_hard_label_is_information_only(check_frame, shop):
    rng = np.random.default_rng(3)
    signal = shop["depth"] - shop["depth"].median() + rng.normal(0, 9, len(shop))
    result = check_frame(ID, shop.assign(way=np.where(signal > 0, "yes", "no")), label="way")
    assert all(f.severity is Severity.INFO for f in result.findings)


def test_scores_say_what_was_given_suggested_and_why(five):
    frame, _, result = five
    scores = result.row_scores
    assert scores.quality[scores.flagged].max() < 0.5 <= scores.quality[~scores.flagged].min()
    given = frame["way"].to_numpy(dtype=object)
    assert [given[r] for r in scores.row_id] == scores.given.tolist()
    bad = scores.flagged
    assert (scores.given[bad] != scores.suggested[bad]).all()
    assert ((scores.confidence >= 1 / 3) & (scores.confidence <= 1)).all()
    assert all(" is " in reason for reason in scores.reason[bad])
    named = " ".join(scores.reason[bad])
    assert "depth" in named
    assert named.count("depth") > named.count("paid")


def test_similar_rows_are_given_with_distances(five):
    _, _, result = five
    groups = next(e for e in result.evidence if isinstance(e, RowGroups))
    assert groups.relation == "nearest"
    assert {g.anchor for g in groups.groups} == set(flagged(result).tolist())
    for group in groups.groups:
        assert len(group.row_id) == 5
        assert group.anchor not in group.row_id
        assert list(group.distance) == sorted(group.distance)


def test_evidence_compares_the_models_with_the_majority(five):
    frame, _, result = five
    accuracy, majority = [e for e in result.evidence if isinstance(e, Measure)]
    assert accuracy.ci_low < accuracy.value < accuracy.ci_high
    assert majority.value == pytest.approx(frame["way"].value_counts(normalize=True).max())
    matrix = next(e for e in result.evidence if isinstance(e, Matrix))
    assert sum(v or 0 for row in matrix.values for v in row) == len(flagged(result))


def test_a_copy_of_the_label_is_not_read(check_frame, shop):
    frame, rows = flipped(shop, "way", 0.05)
    result = check_frame(ID, frame.assign(code=frame["way"].str.upper()), label="way")
    assert "“code”" in result.coverage.note
    assert np.isin(rows, flagged(result)).mean() >= 0.6


def test_copies_of_a_row_do_not_vouch_for_its_label(check_frame, shop):
    frame, rows = flipped(shop, "way", 0.04)
    frame = pd.concat([frame, frame.iloc[rows], frame.iloc[rows]], ignore_index=True)
    found = flagged(check_frame(ID, frame, label="way"))
    copies = np.concatenate([rows, np.arange(len(shop), len(frame))])
    assert np.isin(copies, found).mean() >= 0.5


def test_rare_classes_and_missing_labels_are_not_judged(check_frame, shop):
    frame = shop.copy()
    frame.loc[:2, "way"] = "drone"
    frame.loc[3:9, "way"] = None
    result = check_frame(ID, frame, label="way")
    assert not set(range(10)) & set(result.row_scores.row_id.tolist())
    assert result.coverage.rows_seen == len(shop) - 10
    assert "“drone”" in result.coverage.note
    assert "7 rows without a label" in result.coverage.note


def test_rows_beyond_the_sample_are_judged_too(check_frame, shop):
    frame, rows = flipped(pd.concat([shop] * 2, ignore_index=True), "way", 0.04)
    frame["depth"] += np.linspace(0, 0.3, len(frame))
    result = check_frame(ID, frame, label="way", params={"max_rows": 400})
    found = flagged(result)
    assert result.row_scores.n_assessed == len(frame)
    assert "400 of 800 rows" in result.coverage.note
    assert np.isin(found, rows).mean() >= 0.7
    assert np.isin(rows, found).mean() >= 0.5


def test_two_classes_with_one_row_each_are_refused(check_frame):
    frame = pd.DataFrame({"x": np.arange(30.0), "y": ["a", "b"] + [None] * 28})
    result = check_frame(ID, frame, label="y")
    assert result.status is Status.SKIPPED
    assert "fewer than two classes" in result.reason


def test_the_order_of_rows_does_not_matter(check_frame, shop):
    frame, _ = flipped(shop.iloc[:200], "way", 0.05)
    order = np.random.default_rng(5).permutation(200)
    first = check_frame(ID, frame, label="way").row_scores
    again = check_frame(ID, frame.iloc[order].reset_index(drop=True), label="way").row_scores
    quality = dict(zip(first.row_id.tolist(), first.quality.tolist(), strict=True))
    assert again.quality.tolist() == pytest.approx([quality[int(order[r])] for r in again.row_id])


def test_it_stops_when_asked(make_table, run_context, shop, monkeypatch):
    from components.checks.labels.label_errors import label_errors

    table = make_table(shop, label="way")
    run = run_context(table)

    def stop(done, _note=""):
        if done > 0.15:
            raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    with pytest.raises(Cancelled):
        label_errors.run(table, run)
