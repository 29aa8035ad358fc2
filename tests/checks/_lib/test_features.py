"""Which rows are copies of one another."""

import numpy as np

from components.checks._lib.features import without_cells


def test_frequent_contents_are_cells_and_seldom_ones_are_copies():
    keys = np.repeat(np.arange(12, dtype=np.uint64), [60, 30, *[1] * 10])
    made = without_cells(keys)
    assert len(np.unique(made)) == len(keys), "each row of a frequent content stands for itself"
    seldom = np.repeat(np.arange(100, dtype=np.uint64), 5)
    assert (without_cells(seldom) == seldom).all()


def test_no_row_at_all_has_no_key():
    assert len(without_cells(np.empty(0, dtype=np.uint64))) == 0
