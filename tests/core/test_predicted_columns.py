"""Which column is which class: told from names, never from the order."""

from __future__ import annotations

import pytest

from components.core.data.predicted_columns import match


@pytest.mark.parametrize(
    ("columns", "classes", "affix"),
    [
        (["prob_cat", "prob_dog"], ["cat", "dog"], "prob_…"),
        (["prob_car", "prob_cat"], ["car", "cat"], "prob_…"),
        (["cat_prob", "dog_prob"], ["cat", "dog"], "…_prob"),
        (["p_0", "p_1", "p_10"], ["0", "1", "10"], "p_…"),
        (["p-1", "p1"], ["-1", "1"], "p…"),
        (["P(big cat)", "P(dog)"], ["Big-Cat", "dog"], "P(…"),
        (["x", "y"], ["x", "y"], "…"),
        (["prob_1", "prob_2"], ["1.0", "2.0"], "prob_…"),
    ],
)
def test_the_rest_of_a_name_is_the_class(columns, classes, affix):
    found = match(columns, classes)
    assert found.pairs == tuple(zip(classes, columns, strict=True))
    assert (found.without_column, found.without_class) == ((), ())
    assert found.affix.shown() == affix


def test_what_does_not_fit_hides_nothing_else():
    found = match(["prob_cat", "planted", "prob_frog"], ["cat", "dog", "frog"])
    assert found.pairs == (("cat", "prob_cat"), ("frog", "prob_frog"))
    assert found.without_column == ("dog",)
    assert found.without_class == ("planted",)


@pytest.mark.parametrize(
    ("columns", "classes"),
    [
        (["p_0", "p_1"], ["cat", "dog"]),
        (["prob_Cat", "prob_CAT"], ["cat"]),
        (["prob_a_b"], ["a b", "a-b"]),
        (["prob_", "prob"], ["cat", "dog"]),
    ],
)
def test_what_is_not_clear_is_no_match(columns, classes):
    found = match(columns, classes)
    assert found.pairs == ()
    assert found.without_column == tuple(classes)
    assert found.without_class == tuple(columns)


def test_the_same_text_goes_before_one_that_is_alike():
    found = match(["p_cat", "p_Cat"], ["Cat", "cat"])
    assert dict(found.pairs) == {"Cat": "p_Cat", "cat": "p_cat"}


def test_a_thousand_classes_take_no_time():
    classes = [f"kind number {i}" for i in range(1000)]
    assert len(match([f"prob_{c}" for c in classes], classes).pairs) == 1000
