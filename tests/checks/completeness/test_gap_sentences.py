"""What is said about gaps fits the numbers beside it."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from components.checks import registry

CHECK = "completeness.missing_values"


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def found(result):
    return {finding.key: finding for finding in result.findings}


def test_rows_that_say_unknown_in_one_column_or_another_are_counted_once(check_frame, people):
    people["town"] = np.resize(["north", "south"], len(people))
    people.loc[[4, 8], "job"] = "unknown"
    people.loc[[2, 8], "town"] = "unknown"
    (finding,) = check_frame(CHECK, people, label="paid").findings
    assert finding.affected.row_id == (2, 4, 8)
    assert finding.affected.n_rows == 3


def test_the_input_that_gaps_go_with_most_is_the_strongest(check_frame, rng):
    """A number of two values that settles the gaps comes before a category that only leans."""
    n = 4_000
    gone = rng.random(n) < 0.5
    leans = np.where(rng.random(n) < 0.3, rng.choice(["a", "b"], n), np.where(gone, "a", "b"))
    frame = pd.DataFrame(
        {
            "value": pd.Series(rng.normal(size=n)).where(~gone),
            "leans": leans,
            "settles": (gone ^ (rng.random(n) < 0.01)).astype(int),
            "label": rng.choice(["no", "yes"], n),
        }
    )
    detail = found(check_frame(CHECK, frame, label="label"))["gap:value"].detail
    assert "Of the inputs with few values, “settles” goes with the gaps most" in detail


def test_a_difference_beside_an_interval_without_0_is_not_just_called_chance(check_frame, rng):
    """Where many are compared, some intervals leave out 0 by chance; then that is said."""
    n = 600
    frame = pd.DataFrame({f"x{i}": rng.normal(size=n) for i in range(12)})
    for i in range(12):
        frame.loc[rng.choice(n, 60, replace=False), f"x{i}"] = np.nan
    frame["label"] = np.resize(["no", "yes"], n)
    frame["x0"] = rng.normal(size=n)
    frame.loc[[*range(1, 77, 2), *range(0, 44, 2)], "x0"] = np.nan  # 38 of yes, 22 of no
    result = check_frame(CHECK, frame, label="label", params={"max_findings": 12})
    said = [f.detail for f in result.findings if "difference that can be chance" in f.detail]
    assert len(said) == 12
    for detail in said:
        low, high = map(float, re.search(r"interval (\S+) to ([-0-9.]+)", detail).groups())
        assert ("chance among so many comparisons:" in detail) == (not low <= 0 <= high)
    assert any("among so many" in detail for detail in said)


def test_gaps_that_are_partly_empty_and_partly_words_are_told_as_such(
    make_table, run_context, people
):
    people["job"] = people["job"].where(np.arange(200) >= 30, None)
    run = run_context(make_table(people))
    columns = tuple(
        dataclasses.replace(c, disguised={"?": 20} if c.name == "job" else {})
        for c in run.profile.columns
    )
    run.profile = dataclasses.replace(run.profile, columns=columns)
    findings = found(registry.get(CHECK).run(make_table(people), run))
    assert findings["gap:job"].title.endswith(", in part written as “?”")
    assert findings["disguised"].affected.n_rows == 0
