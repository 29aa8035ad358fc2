"""Which rows are copies of one another."""

import numpy as np
import pandas as pd

from components.checks._lib.features import content_keys, expected_counts, without_cells


def test_frequent_contents_are_cells_and_seldom_ones_are_copies():
    keys = np.repeat(np.arange(12, dtype=np.uint64), [60, 30, *[1] * 10])
    made = without_cells(keys)
    assert len(np.unique(made)) == len(keys), "each row of a frequent content stands for itself"
    seldom = np.repeat(np.arange(100, dtype=np.uint64), 5)
    assert (without_cells(seldom) == seldom).all()


def test_contents_that_chance_makes_as_often_are_cells_and_copies_are_none():
    rng = np.random.default_rng(1)
    answers = {f"q{n}": rng.integers(0, 3, 1_000) for n in range(3)}
    survey = pd.DataFrame(answers)
    keys = content_keys(survey, list(survey))
    assert (without_cells(keys) == keys).all(), "none of 27 contents is a tenth of the rows"
    made = without_cells(keys, expected_counts(survey, list(survey)))
    assert len(np.unique(made)) == len(keys)
    persons = pd.DataFrame({f"x{n}": np.repeat(rng.normal(size=40), 25) for n in range(3)})
    keys = content_keys(persons, list(persons))
    assert (without_cells(keys, expected_counts(persons, list(persons))) == keys).all()


def test_no_row_at_all_has_no_key():
    assert len(without_cells(np.empty(0, dtype=np.uint64))) == 0
