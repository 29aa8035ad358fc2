import dataclasses

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Kind
from components.core.judgement.evidence import GroupMetrics, Matrix, Ranking
from components.core.judgement.findings import Severity, Status

CHECK = "completeness.missing_values"


def found(result):
    return {f.key: f for f in result.findings}


def hide(values, rows):
    return values.mask(np.isin(np.arange(len(values)), list(rows)))


def test_a_table_without_gaps_passes_with_evidence(check_frame, people):
    result = check_frame(CHECK, people, label="paid", sensitive=["sex"])
    assert result.status is Status.PASSED
    (ranking,) = [e for e in result.evidence if isinstance(e, Ranking)]
    assert ranking.values == (0.0,)


def test_few_gaps_are_told_together_and_many_ask_for_review(check_frame, people):
    people["since"] = hide(people["since"], range(1))
    people["height"] = hide(people["height"], range(8))
    people["age"] = hide(people["age"].astype("Int64"), range(20, 34))
    people["job"] = hide(people["job"], range(60, 120))
    findings = found(check_frame(CHECK, people))
    assert set(findings) == {"gap:job", "gap:age", "small_gaps"}
    assert findings["small_gaps"].severity is Severity.INFO
    assert findings["small_gaps"].affected.columns == ("height",)
    assert "8 of 200 rows" in findings["small_gaps"].detail
    assert findings["gap:age"].severity is Severity.INFO
    assert findings["gap:age"].title == "“age” is missing in 7 % of rows"
    assert findings["gap:job"].severity is Severity.WARNING
    assert findings["gap:job"].measure.value == 0.3
    assert findings["gap:job"].affected.n_rows == 60
    assert "deepchecks" in findings["gap:age"].threshold.source


def test_columns_empty_in_the_same_rows_are_one_finding(check_frame, people):
    for name, rows in {"age": range(40), "height": range(39), "job": range(1, 40)}.items():
        people[name] = hide(people[name].astype("object"), rows).astype(people[name].dtype.name
            if name == "job" else "float")  # fmt: skip
    people["since"] = hide(people["since"], range(150, 190))
    result = check_frame(CHECK, people)
    findings = found(result)
    assert set(findings) == {"gap:age", "gap:since"}
    assert findings["gap:age"].affected.columns == ("age", "height", "job")
    assert "missing together in 20 % of rows" in findings["gap:age"].title
    (matrix,) = [e for e in result.evidence if isinstance(e, Matrix)]
    at = {name: i for i, name in enumerate(matrix.rows)}
    assert matrix.values[at["age"]][at["height"]] == pytest.approx(39 / 40)
    assert matrix.values[at["age"]][at["since"]] == 0.0


def test_gaps_that_go_with_the_label_are_told_in_numbers(check_frame, people):
    people["paid"] = ["no"] * 100 + ["yes"] * 100
    people["height"] = hide(people["height"], [*range(24), *range(100, 106)])
    result = check_frame(CHECK, people, label="paid")
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert finding.title.endswith("most often where “paid” is “no”")
    assert "“paid” is “yes” in 20 % of the rows where it is missing" in finding.detail
    assert "in 55.3 % of the others" in finding.detail
    (metrics,) = finding.evidence
    assert isinstance(metrics, GroupMetrics)
    assert dict(zip(metrics.groups, metrics.value, strict=True)) == {"no": 0.24, "yes": 0.06}
    assert metrics.n == (100, 100)


def test_gaps_that_go_with_a_numeric_label_are_told(check_frame, people):
    people["price"] = np.arange(200.0)
    people["height"] = hide(people["height"], range(160, 200))
    result = check_frame(CHECK, people, label="price")
    finding = found(result)["gap:height"]
    assert "most often where “price” is high" in finding.title
    assert "180" in finding.detail


def test_random_gaps_do_not_go_with_anything(check_frame, people):
    rng = np.random.default_rng(0)
    for i in range(12):
        people[f"x{i}"] = hide(pd.Series(rng.normal(size=200)), rng.choice(200, 30, replace=False))
    result = check_frame(CHECK, people, label="paid", sensitive=["sex"])
    assert {f.severity for f in result.findings} == {Severity.INFO}
    assert found(result)["more_gaps"].measure.value == 4
    assert len(result.findings) == 9
    assert "no clear tie to “paid” and “sex”" in result.findings[0].detail


def test_empty_columns_are_one_finding(check_frame, people):
    people["a"], people["b"] = np.nan, np.nan
    (finding,) = check_frame(CHECK, people).findings
    assert finding.key == "empty_columns"
    assert finding.title == "2 columns without any value: “a” and “b”"
    assert finding.recommended_action.startswith("Drop them")


def test_rows_without_a_label_are_told(check_frame, people):
    people["paid"] = hide(people["paid"], [3, 4, 5])
    (finding,) = check_frame(CHECK, people, label="paid").findings
    assert finding.title == "3 rows of 200 have no label"
    assert finding.affected.row_id == (3, 4, 5)
    assert finding.severity is Severity.WARNING
    people["paid"] = None
    (finding,) = check_frame(CHECK, people, label="paid").findings
    assert finding.title == "All 200 rows lack a label"
    assert finding.severity is Severity.CRITICAL


def test_nearly_empty_rows_are_named_and_scored(check_frame, people):
    for name in ["age", "height", "job", "sex", "member"]:
        people[name] = hide(people[name].astype("object"), [7, 9])
    people["age"], people["height"] = people["age"].astype(float), people["height"].astype(float)
    result = check_frame(CHECK, people, label="paid", kinds={"member": Kind.CATEGORY})
    findings = found(result)
    assert set(findings) == {"nearly_empty_rows", "small_gaps"}
    assert findings["small_gaps"].affected.columns == ("age", "height", "job", "member", "sex")
    finding = findings["nearly_empty_rows"]
    assert finding.affected.row_id == (7, 9)
    assert finding.title == "2 rows are nearly empty: 5 or more of 6 inputs are missing"
    scores = result.row_scores
    assert scores.n_assessed == 200
    assert scores.row_id[:2].tolist() == [7, 9]
    assert scores.quality[0] == pytest.approx(1 / 6, abs=1e-6)
    assert scores.flagged.tolist() == [True] * 2 + [False] * 198


def test_a_sparse_table_has_no_nearly_empty_rows(check_frame):
    frame = pd.DataFrame({f"x{i}": [np.nan] * 50 for i in range(20)})
    for row in range(50):
        frame.iloc[row, row % 20] = float(row)
    assert "nearly_empty_rows" not in found(check_frame(CHECK, frame))


def test_words_for_missing_are_always_told(make_table, run_context, people):
    people["job"] = hide(people["job"], range(3))
    table = make_table(people, disguised={"job": ["?", "n/a"]})
    run = run_context(table)
    columns = tuple(
        dataclasses.replace(c, disguised={"?": 2, "n/a": 1} if c.name == "job" else {})
        for c in run.profile.columns
    )
    run.profile = dataclasses.replace(run.profile, columns=columns)
    findings = found(registry.get(CHECK).run(table, run))
    assert set(findings) == {"disguised", "small_gaps"}
    assert findings["small_gaps"].affected.columns == ("job",)
    finding = findings["disguised"]
    assert finding.title == "“?” and “n/a” stand for a missing value in 3 cells of 1 column"
    assert "“job” (2 × “?” and 1 × “n/a”)" in finding.detail
    assert finding.severity is Severity.INFO


def test_ignored_columns_are_left_out_and_it_is_said(check_frame, people):
    people["junk"] = hide(people["height"], range(150))
    result = check_frame(CHECK, people, ignore=["junk"])
    assert result.status is Status.PASSED
    assert "1 column to be ignored" in result.coverage.note


def test_categories_that_say_unknown_are_named_with_their_cells(check_frame, people):
    people.loc[[4, 8], "job"] = "unknown"
    people.loc[[6], "job"] = "Not stated"
    result = check_frame(CHECK, people, label="paid")
    (finding,) = result.findings
    assert finding.key == "unknown_words"
    assert finding.title == "“Not stated” and “unknown” count as a value in 3 cells of “job”"
    assert finding.severity is Severity.INFO
    assert finding.affected.row_id == (4, 6, 8)
    assert sorted(result.cell_scores.row_id.tolist()) == [4, 6, 8]
    assert set(result.cell_scores.value) == {"unknown", "Not stated"}


def test_an_empty_column_that_nobody_ignored_is_told(make_table, run_context, people):
    people["void"] = np.nan
    table = make_table(people, ignore=["void"])
    run = run_context(table)
    assert registry.get(CHECK).run(table, run).findings == ()
    guessed = tuple(
        dataclasses.replace(c, role_why="it has no values") if c.name == "void" else c
        for c in table.version.columns
    )
    table.version = dataclasses.replace(table.version, columns=guessed)
    (finding,) = registry.get(CHECK).run(table, run).findings
    assert finding.key == "empty_columns"
