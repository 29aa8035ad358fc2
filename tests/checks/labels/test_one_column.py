"""One column of predicted probabilities for a label of two classes."""

import numpy as np
import pandas as pd
import pytest

from components.core.data.dataset import Role
from components.core.judgement.evidence import Ranking
from components.core.judgement.findings import Severity

ERRORS = "labels.label_errors"
OWN = "labels.predicted_probabilities"


def made(name, *, n=600, wrong=0.06, seed=0, of="yes", width=3.0):
    """Rows of two classes, a model's probability of one of them, and which labels are wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    chance = 1.0 / (1.0 + np.exp(-(width * (2.0 * truth - 1.0) + rng.normal(size=n))))
    flip = np.zeros(n, dtype=bool)
    flip[rng.choice(n, round(wrong * n), replace=False)] = True
    label = np.where(truth ^ flip, "yes", "no")
    told = chance if of == "yes" else 1.0 - chance
    frame = pd.DataFrame({"label": label, name: told, "size": truth + rng.normal(0, 2, n)})
    return frame, np.flatnonzero(flip)


@pytest.fixture
def check_own(check_frame):
    """Return a function that runs a check on a frame whose second column is a probability."""

    def run(check_id, frame):
        return check_frame(check_id, frame, label="label", roles={frame.columns[1]: Role.PREDICTED})

    return run


def found_of(result, wrong):
    """The share of the wrong labels that are flagged, and of the flags that are wrong labels."""
    scores = result.row_scores
    found = scores.row_id[scores.flagged]
    assert scores.predicted_by
    return np.isin(wrong, found).mean(), np.isin(found, wrong).mean()


@pytest.mark.parametrize(("name", "of"), [("prob_yes", "yes"), ("prob_no", "no")])
def test_a_column_called_after_a_class_is_that_of_the_class(check_own, name, of):
    frame, wrong = made(name, of=of)
    result = check_own(OWN, frame)
    assert not result.findings
    (ranking,) = (e for e in result.evidence if isinstance(e, Ranking))
    other = "no" if of == "yes" else "yes"
    told = dict(zip(ranking.items, ranking.notes, strict=True))
    assert told == {of: f"column “{name}”", other: f"what “{name}” leaves of 1"}
    assert min(found_of(check_own(ERRORS, frame), wrong)) > 0.75


@pytest.mark.parametrize("of", ["yes", "no"])
def test_a_column_without_the_name_of_a_class_is_told_by_its_numbers(check_own, of):
    frame, wrong = made("score", of=of)
    (finding,) = check_own(OWN, frame).findings
    assert (finding.key, finding.severity) == ("one_column", Severity.INFO)
    assert finding.title.startswith(f"“score” was read as the probability of “{of}” in “label”")
    assert finding.measure.value > 0.85
    result = check_own(ERRORS, frame)
    assert min(found_of(result, wrong)) > 0.75
    assert "1 column “score” of the table" in result.row_scores.predicted_by


def test_where_its_numbers_tell_neither_class_it_is_asked(check_own):
    frame, _ = made("score", width=0.0)
    (finding,) = check_own(OWN, frame).findings
    assert (finding.key, finding.severity) == ("one_column_unclear", Severity.WARNING)
    assert "about as high for both" in finding.detail
    assert not check_own(ERRORS, frame).row_scores.predicted_by


def test_where_its_name_and_its_numbers_differ_it_is_asked(check_own):
    frame, _ = made("prob_yes", of="no")
    (finding,) = check_own(OWN, frame).findings
    assert finding.key == "one_column_unclear"
    assert "Its name says “yes”, and its numbers are higher where the label is “no”." in (
        finding.detail
    )
    assert not check_own(ERRORS, frame).row_scores.predicted_by


def test_few_columns_that_tell_nothing_are_read_for_a_class(check_own):
    read = [
        check_own(OWN, made("score", width=0.0, n=150, seed=seed)[0]).findings[0].key
        for seed in range(20)
    ]
    assert read.count("one_column") == 0


def test_one_column_of_three_classes_is_too_few(check_own):
    frame, _ = made("prob_yes")
    third = frame.assign(label=np.where(np.arange(len(frame)) % 5, frame["label"], "perhaps"))
    (finding,) = check_own(OWN, third).findings
    assert finding.key == "no_classes"


def test_numbers_beyond_1_are_counted_once(check_own):
    frame, _ = made("prob_yes")
    at = frame["prob_yes"].nlargest(3).index
    frame.loc[at, "prob_yes"] = 1.005
    note = check_own(OWN, frame).coverage.note
    assert note.startswith("3 numbers lie outside of 0 to 1")
