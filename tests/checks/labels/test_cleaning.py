"""What corrected labels bring to models."""

import numpy as np
import pandas as pd
import pytest

from components.checks.labels._cleaning.benefit import (
    CleaningBenefit,
    ReviewedLabels,
    TooFew,
    cleaning_benefit,
)
from components.core.errors import Cancelled, NotApplicable


def loans(n=500, seed=5):
    """Loans that follow from income and age, but for one in twenty."""
    rng = np.random.default_rng(seed)
    income, age = rng.normal(50, 15, n), rng.integers(20, 70, n)
    town = rng.choice(["Aachen", "Bonn", "Celle"], n)
    right = (income + age / 2 > 72) != (rng.random(n) < 0.05)
    granted = np.where(right, "yes", "no")
    return pd.DataFrame({"income": income, "age": age, "town": town, "granted": granted})


def turned(labels):
    return np.where(labels == "yes", "no", "yes")


def flipped(frame, share, seed=1):
    """Return a table with a share of the labels turned, and which rows."""
    rows = np.random.default_rng(seed).random(len(frame)) < share
    labels = frame["granted"].to_numpy()
    return frame.assign(granted=np.where(rows, turned(labels), labels)), np.flatnonzero(rows)


@pytest.fixture
def measure(make_table, run_context):
    def run(frame, rows, labels, spelled=str, seed=0):
        table = make_table(frame, label="granted")
        told = np.empty(len(rows), dtype=object)
        told[:] = list(labels)
        reviewed = ReviewedLabels(row_id=np.asarray(rows, dtype=np.int64), label=told)
        return cleaning_benefit(table, run_context(table, seed=seed), reviewed, spelled=spelled)

    return run


def test_corrected_labels_help_where_many_were_wrong(measure):
    truth = loans()
    frame, rows = flipped(truth, 0.3)
    found = measure(frame, rows, truth["granted"].to_numpy()[rows])
    assert isinstance(found, CleaningBenefit)
    assert (found.n_changed, found.n_left_out) == (len(rows), 0)
    assert found.n_scored == len(frame) - len(rows)
    assert found.corrected_gain.low > 0
    assert found.without_gain.low > 0
    assert found.as_is.low < found.as_is.value < found.as_is.high
    gain = found.corrected.value - found.as_is.value
    assert found.corrected_gain.value == pytest.approx(gain)


def test_wrong_corrections_never_count_as_a_gain(measure):
    frame = loans()
    rows = np.random.default_rng(3).choice(len(frame), 150, replace=False)
    found = measure(frame, rows, turned(frame["granted"].to_numpy()[rows]))
    assert found.corrected_gain.high < 0


@pytest.mark.parametrize("seed", [1, 2])
def test_a_few_changes_in_a_clean_table_bring_no_gain(measure, seed):
    frame = loans(300, seed=20 + seed)
    rows = np.random.default_rng(seed).choice(len(frame), 12, replace=False)
    found = measure(frame, rows, turned(frame["granted"].to_numpy()[rows]), seed=seed)
    assert found.corrected_gain.low <= 0


def test_rows_left_out_are_left_out_of_both(measure):
    frame, rows = flipped(loans(300), 0.1)
    found = measure(frame, rows, [None] * len(rows))
    assert (found.n_changed, found.n_left_out) == (0, len(rows))
    assert found.corrected == found.without


def test_labels_are_known_as_the_file_spells_them(measure):
    frame = loans(300)
    labels = [f"<{label}>" for label in turned(frame["granted"].to_numpy()[:9])]
    same = [f"<{label}>" for label in frame["granted"][9:40]]
    found = measure(frame, range(40), [*labels, *same], spelled=lambda name: f"<{name}>")
    assert found == TooFew(n_touched=9, n_scored=291)


def test_few_changes_are_too_few(measure):
    frame = loans(300)
    same = frame["granted"].to_numpy()[:50]
    found = measure(frame, range(50), [*turned(same[:9]), *same[9:]])
    assert found == TooFew(n_touched=9, n_scored=291)
    small = loans(100)
    labels = turned(small["granted"].to_numpy()[:10])
    assert measure(small, range(10), labels) == TooFew(n_touched=10, n_scored=90)


def test_a_class_that_the_review_took_away_leaves_nothing_to_compare(measure):
    frame = loans(300)
    rows = np.flatnonzero(frame["granted"] == "no")
    with pytest.raises(NotApplicable, match="fewer than two classes"):
        measure(frame, rows, ["yes"] * len(rows))


def test_it_can_be_stopped(make_table, run_context, monkeypatch):
    table = make_table(loans(300), label="granted")
    run = run_context(table)

    def stop(done, _note=""):
        if done > 0.3:
            raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    labels = np.full(20, None, dtype=object)
    reviewed = ReviewedLabels(row_id=np.arange(20), label=labels)
    with pytest.raises(Cancelled):
        cleaning_benefit(table, run, reviewed, spelled=str)
