"""How well one column alone predicts the label."""

import numpy as np
import pandas as pd
import pytest

from components.checks._lib import single_columns
from components.checks._lib.label_leaks import TargetProxyParams, copies
from components.core.data.dataset import Kind


@pytest.fixture
def powers(make_table, run_context):
    def measure(frame, **roles):
        table = make_table(frame, label="y", **roles)
        found = single_columns.single_columns(table, run_context(table))
        return {p.column: p for p in found.columns}, found

    return measure


def frame(n=400, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.choice(["no", "yes"], n, p=[0.8, 0.2])
    return rng, pd.DataFrame(
        {"y": y, "noise": rng.normal(size=n), "kind": rng.choice(list("abc"), n)}
    )


def test_noise_has_no_power_and_a_copy_has_all(powers):
    rng, data = frame()
    data["copy"] = data["y"].map({"no": "A", "yes": "B"})
    data["scale"] = (data["y"] == "yes") * 5 + rng.normal(size=len(data)) * 0.1
    by_name, found = powers(data)
    assert by_name["copy"].score == by_name["scale"].score == 1.0
    assert 0.9 < by_name["copy"].low < 1.0
    assert by_name["noise"].score < 0.15
    assert by_name["kind"].score < 0.15
    assert by_name["kind"].low <= by_name["kind"].score <= by_name["kind"].high
    assert [p.score for p in found.columns] == sorted(
        (p.score for p in found.columns), reverse=True
    )


def test_a_column_of_unique_codes_gains_nothing(powers):
    _, data = frame()
    data["code"] = [f"k{i}" for i in range(len(data))]
    by_name, _ = powers(data, kinds={"code": Kind.CATEGORY})
    assert by_name["code"].score == pytest.approx(0.0, abs=1e-9)


def test_half_of_the_values_missing_halves_the_power(powers):
    _, data = frame(n=2000)
    data["copy"] = data["y"].where(np.arange(len(data)) % 2 == 0, None)
    by_name, _ = powers(data)
    assert by_name["copy"].score == pytest.approx(0.5, abs=0.05)


def test_missing_values_are_counted_exactly(powers):
    _, data = frame(n=500)
    late = np.where(data["y"] == "yes", 1.0, np.nan)
    late[np.flatnonzero(data["y"] == "yes")[:5]] = np.nan
    data["late"] = late
    _, found = powers(data)
    (absence,) = found.absences
    n_yes = int((data["y"] == "yes").sum())
    assert (absence.column, absence.label, absence.filled) == ("late", "yes", True)
    assert (absence.n, absence.purity) == (n_yes - 5, 1.0)
    assert absence.base == pytest.approx(n_yes / 500)
    assert absence.separation == pytest.approx((n_yes - 5) / n_yes)
    assert copies(found, TargetProxyParams()) == ("late",)


def test_a_numeric_label_is_explained_by_its_copy_only(powers):
    rng, data = frame(n=1500)
    y = rng.gamma(2.0, 100.0, 1500)
    data = data.assign(y=y, euro=y * 0.9 + 3, rough=y + rng.normal(0, 150, 1500))
    by_name, found = powers(data, kinds={"y": Kind.NUMBER})
    assert by_name["euro"].score > 0.99
    assert 0.2 < by_name["rough"].score < 0.8
    assert by_name["noise"].score < 0.05
    assert found.n_classes == 0
    assert copies(found, TargetProxyParams()) == ("euro",)


def test_the_result_does_not_depend_on_the_order_of_rows(powers):
    _, data = frame()
    first, _ = powers(data)
    second, _ = powers(data.sample(frac=1.0, random_state=1).reset_index(drop=True))
    assert first == second


def test_labels_in_one_class_give_nothing(powers):
    _, data = frame()
    _, found = powers(data.assign(y=["a"] * 395 + ["b"] * 5))
    assert found.columns == ()
