"""What changes above the number of rows up to which everything is exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.profiling import measures, profile, values


@pytest.fixture(scope="module")
def once() -> dict:
    return {}


@pytest.fixture
def facts(make_table, monkeypatch, once):
    if once:
        return once["facts"]
    monkeypatch.setattr(measures, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(values, "FEW", 500)
    rng = np.random.default_rng(1)
    n = 20_000
    number = rng.normal(size=n)
    number[rng.choice(n, 400, replace=False)] = -999.0
    few = rng.integers(0, 30, n)
    text = np.array([f"name {i}" for i in range(n)], dtype=object)
    text[rng.choice(n, 2_000, replace=False)] = "unknown"
    frame = pd.DataFrame({"number": number, "few": few, "text": text})
    once["facts"] = profile(make_table(frame)), frame
    return once["facts"]


def test_many_different_values_are_estimated_and_said_to_be(facts):
    found, frame = facts
    for name in ("number", "text"):
        column = found.column(name)
        assert not column.distinct_exact
        assert column.n_distinct == pytest.approx(frame[name].nunique(), rel=0.10)


def test_few_different_values_stay_exact(facts):
    found, frame = facts
    assert found.column("few").distinct_exact
    assert found.column("few").n_distinct == 30
    counts = frame["few"].value_counts()
    assert [t.count for t in found.column("few").top] == counts.head(20).tolist()


def test_frequent_values_of_long_columns_are_counted_on_all_rows(facts):
    found, _ = facts
    assert [(t.value, t.count) for t in found.column("number").top] == [("-999", 400)]
    assert [(t.value, t.count) for t in found.column("text").top] == [("unknown", 2_000)]


def test_estimated_quantiles_are_close_in_rank(facts):
    found, frame = facts
    for q, value in found.column("number").quantiles.items():
        below = (frame["number"] < value).mean()
        upto = (frame["number"] <= value).mean()
        assert below - 0.01 <= float(q) <= upto + 0.01
