"""Columns of predicted probabilities are told by their names, their numbers and their sums."""

from __future__ import annotations

import numpy as np
import pytest

from components.core.data.dataset import Confidence, Kind, Role


def table(names, classes, *, label="label", n=80, more=(), make=None, seed=0, label_at=0):
    """Return a text with a label, and one column of probabilities per class."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(names), 0.5), n) if make is None else make(rng, n)
    head = [*names, *(name for name, _ in more)]
    head.insert(label_at, label)
    lines = [",".join(head)]
    for i in range(n):
        cells = [*(f"{x:.6f}" for x in shares[i]), *(str(of(i)) for _, of in more)]
        cells.insert(label_at, classes[i % len(classes)])
        lines.append(",".join(cells))
    return "\n".join(lines)


def roles(result):
    return {c.name: c.role for c in result.columns}


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (["prob_cat", "prob_dog", "prob_frog"], ["cat", "dog", "frog"]),
        (["p_0", "p_1"], ["0", "1"]),
        (["p0", "p1", "p2"], ["0", "1", "2"]),
        (["pred_proba.cat", "pred_proba.dog"], ["cat", "dog"]),
        (["cat_prob", "dog_prob"], ["cat", "dog"]),
        (["P(Cat)", "P(Dog)"], ["cat", "dog"]),
        (["proba_iris_setosa", "proba_iris_virginica"], ["Iris-setosa", "Iris virginica"]),
        (["model a: cat", "model a: dog"], ["cat", "dog"]),
        (["prob_True", "prob_False"], ["True", "False"]),
        (["out_cat", "out_dog"], ["cat", "dog"]),
    ],
)
def test_a_column_per_class_that_sums_to_one_is_a_prediction(read, names, classes):
    result = read(table(names, classes))
    found = roles(result)
    assert found["label"] is Role.LABEL
    assert [found[name] for name in names] == [Role.PREDICTED] * len(names)
    for name, own in zip(names, classes, strict=True):
        why = result.column(name).role_why
        assert f"the class “{own}” of “label”" in why
        assert "sum to 1" in why


def test_the_column_whose_classes_they_name_is_the_label(read):
    names = ["prob_cat", "prob_dog"]
    text = table(names, ["cat", "dog"], label="animal", more=[("fold", lambda i: i % 5)])
    result = read(text)
    assert roles(result)["animal"] is Role.LABEL
    assert "prob_…" in result.column("animal").role_why
    assert roles(result)["prob_cat"] is Role.PREDICTED


def test_a_name_that_may_mean_a_label_gives_way_to_classes_that_were_predicted(read):
    names = ["prob_cat", "prob_dog"]
    more = [("class", lambda i: "123"[i % 3]), ("risk", lambda i: "xyz"[i % 3])]
    found = roles(read(table(names, ["cat", "dog"], label="animal", more=more)))
    assert (found["animal"], found["class"]) == (Role.LABEL, Role.FEATURE)
    assert found["prob_cat"] is Role.PREDICTED


def test_a_probability_is_no_label_by_its_name(read):
    result = read(table(["prob_default", "prob_paid"], ["default", "paid"], label="status"))
    assert roles(result) == {
        "status": Role.LABEL, "prob_default": Role.PREDICTED, "prob_paid": Role.PREDICTED,
    }  # fmt: skip


def test_a_few_rows_that_are_none_do_not_hide_the_others(read):
    def some_wrong(rng, n):
        shares = rng.dirichlet([1, 1], n)
        shares[3] = [7.0, 0.2]
        return shares

    found = roles(read(table(["prob_a", "prob_b"], ["a", "b"], make=some_wrong)))
    assert found["prob_a"] is found["prob_b"] is Role.PREDICTED


def test_a_label_of_many_classes_is_asked_for_its_values(read):
    classes = [f"kind {i}" for i in range(70)]
    names = [f"prob_{c}" for c in classes]
    found = roles(read(table(names, classes, n=700)))
    assert {found[name] for name in names} == {Role.PREDICTED}


def no_sum(rng, n):
    return rng.uniform(size=(n, 2))


def beyond(rng, n):
    first = rng.normal(size=(n, 1)) * 3
    return np.hstack([first, 1.0 - first])


def one_hot(rng, n):
    return np.eye(2)[rng.integers(0, 2, n)]


@pytest.mark.parametrize(
    ("names", "classes", "make"),
    [
        (["p_1", "p_2"], ["1", "2"], no_sum),
        (["p_1", "p_2"], ["1", "2"], beyond),
        (["price_share_rent", "price_share_food"], ["yes", "no"], None),
        (["share_rent", "share_food"], ["rent", "food"], None),
        (["x1", "x2"], ["1", "2"], None),
        (["label_cat", "label_dog"], ["cat", "dog"], one_hot),
        (["prob_cat", "prob_frog"], ["cat", "dog"], None),
        (["prob_cat", "prob_dog"], ["cat", "dog", "frog"], None),
        (["p_0", "p_1", "p_2"], ["cat", "dog", "frog"], None),
    ],
    ids=[
        "no sum", "out of range", "no classes", "portions", "numbered", "one hot", "a class less",
        "fewer columns", "positions",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays_an_input(read, names, classes, make):
    found = roles(read(table(names, classes, make=make)))
    assert found["label"] is Role.LABEL
    assert Role.PREDICTED not in found.values()


def test_a_word_that_says_probability_is_surer_than_none(read):
    sure = read(table(["prob_cat", "prob_dog"], ["cat", "dog"])).column("prob_cat")
    less = read(table(["out_cat", "out_dog"], ["cat", "dog"])).column("out_cat")
    assert (sure.role_confidence, less.role_confidence) == (Confidence.HIGH, Confidence.MEDIUM)
    assert sure.kind is Kind.NUMBER
    assert not sure.role.is_input
