"""Three numbers about the labels of a table, and where there are none."""

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.reports.label_numbers import label_numbers

ERRORS = "labels.label_errors"


@pytest.fixture
def numbers(make_table, run_context):
    """Return a function that gives the numbers of a table."""

    def of(frame):
        table = make_table(frame, label="label")
        return label_numbers(registry.get(ERRORS).run(table, run_context(table)))

    return of


def made(n=600):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(n, 8)).round(3), columns=list("abcdefgh"))
    y = rng.random(n) < 1 / (1 + np.exp(-1.2 * frame["a"] - frame["b"]))
    return frame.assign(label=np.where(y, "yes", "no")), y.to_numpy(), rng


def test_a_label_that_can_be_doubted_has_a_count_and_a_floor(numbers):
    frame, _, _ = made()
    found = numbers(frame)
    assert found is not None
    assert found.n_judged == len(frame)


def test_no_count_and_no_floor_where_columns_give_the_answer_away_together(numbers):
    """“0 contradicted” would be taken for a clean label."""
    frame, y, rng = made()
    middle, apart = rng.normal(0, 4, len(y)), np.where(y, 1.0, -1.0)
    frame["from"] = (middle - apart + rng.normal(0, 0.2, len(y))).round(3)
    frame["until"] = (middle + apart + rng.normal(0, 0.2, len(y))).round(3)
    assert numbers(frame) is None
