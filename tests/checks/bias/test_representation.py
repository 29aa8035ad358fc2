import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from components.core.judgement.evidence import GroupMetrics, Matrix
from components.core.judgement.findings import Severity, Status

CHECK = "bias.representation"


def people(**groups):
    names = [name for name, n in groups.items() for _ in range(n)]
    return pd.DataFrame({"x": range(len(names)), "origin": names})


def test_large_groups_pass_with_shares_and_intervals(check_frame):
    result = check_frame(CHECK, people(a=300, b=100), sensitive=["origin"])
    assert result.status is Status.PASSED
    (metrics,) = [e for e in result.evidence if isinstance(e, GroupMetrics)]
    assert metrics.groups == ("a", "b")
    assert metrics.value == (0.75, 0.25)
    assert metrics.n == (300, 100)
    expected = proportion_confint(100, 400, method="wilson")
    assert (metrics.ci_low[1], metrics.ci_high[1]) == pytest.approx(expected)


def test_tiny_groups_are_named_as_worth_knowing(check_frame):
    (finding,) = check_frame(
        CHECK, people(a=3000, b=500, c=29, d=31), sensitive=["origin"]
    ).findings
    assert (
        finding.title
        == "2 of 4 groups of “origin” have under 30 rows or under 1 % of rows: “d” and “c”"
    )
    assert finding.severity is Severity.INFO
    assert finding.affected.groups == ("d", "c")
    assert "34 points" in finding.threshold.source
    assert finding.affected.row_id[0] == 3500


def test_rare_groups_of_large_tables_are_mentioned(check_frame):
    (finding,) = check_frame(CHECK, people(a=5000, b=40), sensitive=["origin"]).findings
    assert finding.severity is Severity.INFO
    assert "under 1 % of rows: “b”" in finding.title
    assert "“b” 40 of 5,040 rows (0.79 %)" in finding.detail


def test_missing_is_shown_and_is_no_group(check_frame):
    data = people(a=200, b=200)
    data.loc[:4, "origin"] = None
    result = check_frame(CHECK, data, sensitive=["origin"])
    assert result.status is Status.PASSED
    (metrics,) = [e for e in result.evidence if isinstance(e, GroupMetrics)]
    assert metrics.groups == ("b", "a", "(missing)")


def test_empty_combinations_of_large_groups_are_told(check_frame):
    data = people(a=200, b=200)
    data["sex"] = ["f", "m"] * 100 + ["m"] * 190 + ["f"] * 10
    result = check_frame(CHECK, data, sensitive=["origin", "sex"])
    (finding,) = result.findings
    assert finding.title == "1 of 4 combinations of two groups has under 30 rows"
    assert "“b, f” (10)" in finding.detail
    assert finding.affected.n_rows == len(finding.affected.row_id) == 10
    assert finding.severity is Severity.INFO
    (matrix,) = [e for e in result.evidence if isinstance(e, Matrix)]
    counts = {
        (row, column): matrix.values[i][j]
        for i, row in enumerate(matrix.rows)
        for j, column in enumerate(matrix.columns)
    }
    assert counts == {("a", "f"): 100, ("a", "m"): 100, ("b", "f"): 10, ("b", "m"): 190}


def test_nothing_to_group_is_skipped_with_the_reason(check_frame):
    data = pd.DataFrame({"x": np.arange(50), "one": ["k"] * 50})
    result = check_frame(CHECK, data, sensitive=["one"])
    assert result.status is Status.SKIPPED
    assert "“one” has fewer than two groups" in result.reason
