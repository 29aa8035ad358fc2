"""Which rare values are groups, and which look like slips of the pen."""

import pytest

from components.checks.anomalies._shared_values import is_slip


@pytest.mark.parametrize(
    ("rare", "frequent"),
    [
        ("rde", "red"),
        ("gren", "green"),
        ("greenn", "green"),
        ("GREEN", "green"),
        ("grean", "green"),
    ],
)
def test_one_slip_is_seen(rare, frequent):
    assert is_slip(rare, frequent)


@pytest.mark.parametrize(
    ("rare", "frequent"),
    [
        ("x", "f"),
        ("male", "female"),
        ("faith A", "faith C"),
        ("A11", "A12"),
        ("north", "south"),
        ("12", "13"),
        ("blue", "black"),
        ("red", "red"),
        ("dark red", "red"),
    ],
)
def test_other_values_are_values(rare, frequent):
    assert not is_slip(rare, frequent)
