"""What changes above the number of rows up to which everything is exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.profiling.column import fact_types
from components.profiling.long_columns import frequent_values, measures
from components.profiling.profile import profile
from components.profiling.rows import row_facts


@pytest.fixture(scope="module")
def once() -> dict:
    return {}


@pytest.fixture
def facts(make_table, monkeypatch, once):
    if once:
        return once["facts"]
    monkeypatch.setattr(fact_types, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(frequent_values, "FEW", 500)
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


def test_quantiles_of_all_rows_are_exact(facts):
    found, frame = facts
    column = found.column("number")
    assert column.quantiles_exact
    expected = {q: frame["number"].quantile(float(q)) for q in column.quantiles}
    assert column.quantiles == pytest.approx(expected)


def test_quantiles_of_a_sample_are_close_in_rank_and_the_same_twice(make_table, monkeypatch):
    monkeypatch.setattr(fact_types, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(frequent_values, "FEW", 500)
    monkeypatch.setattr(measures, "SAMPLED_ROWS", 10_000)
    rng = np.random.default_rng(2)
    numbers = np.exp(rng.normal(size=40_000) * 3)
    numbers[rng.random(40_000) < 0.1] = np.nan
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**8, 40_000), unit="s")
    frame = pd.DataFrame({"number": numbers, "day": days, "whole": rng.integers(0, 9**9, 40_000)})
    table = make_table(frame)
    found = profile(table)
    seconds = (frame["day"] - pd.Timestamp("1970-01-01")).dt.total_seconds()
    for name, known in (("number", frame["number"].dropna()), ("whole", frame["whole"])):
        column = found.column(name)
        assert not column.quantiles_exact
        for q, value in column.quantiles.items():
            # four standard errors of a share of 9,000 or 10,000 rows
            assert (known <= value).mean() == pytest.approx(float(q), abs=0.021)
    assert found.column("day").bins.edges[0] == pytest.approx(seconds.min(), abs=10**6)
    assert profile(table) == found


def test_rows_are_told_apart_by_a_few_columns(make_table, monkeypatch):
    monkeypatch.setattr(fact_types, "EXACT_ROWS", 1_000)
    asked = []
    monkeypatch.setattr(row_facts, "repeats", lambda _, columns: asked.append(len(columns)) or 7)
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({n: rng.normal(size=5_000) for n in "abc"} | {"few": ["x", "y"] * 2_500})
    assert profile(make_table(frame)).n_repeats == 0
    assert not asked
    frame.iloc[4_000, :3] = frame.iloc[17, :3]
    assert profile(make_table(frame)).n_repeats == 7
    frame["a"] = frame["b"] = frame["c"] = 1.5
    assert profile(make_table(frame)).n_repeats == 7
    assert asked == [4, 4]


def test_moments_of_numbers_far_from_zero_keep_their_digits(make_table, monkeypatch):
    """The mean of such numbers is no double: it is found again from their differences."""
    monkeypatch.setattr(fact_types, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(frequent_values, "FEW", 0)
    steps = np.random.default_rng(4).geometric(0.01, 5_000)
    numbers = steps / 128
    frame = pd.DataFrame(
        {
            "whole": pd.array(2**61 + steps, dtype="Int64"),
            "number": 1e10 + numbers,
            "ends": pd.array(np.where(steps > 50, 2**63 - 1, -(2**63)), dtype="Int64"),
            "more": steps,
        }
    )
    found = profile(make_table(frame))
    for name, near in (("whole", steps), ("number", numbers), ("more", steps)):
        column = found.column(name)
        assert column.sd == pytest.approx(near.std(ddof=1))
        assert column.skew == pytest.approx(stats.skew(near, bias=False), rel=1e-6)
        assert column.kurtosis == pytest.approx(stats.kurtosis(near, bias=False), rel=1e-6)
    shares = np.where(steps > 50, 1.0, -1.0)
    assert found.column("ends").skew == pytest.approx(stats.skew(shares, bias=False))
