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
    assert "missing together in 19 % of rows" in findings["gap:age"].title
    assert "empty in 38 of 200 rows (19 %), at least one in 40 of 200" in findings["gap:age"].detail
    assert findings["gap:age"].affected.n_rows == 40
    (matrix,) = [e for e in result.evidence if isinstance(e, Matrix)]
    at = {name: i for i, name in enumerate(matrix.rows)}
    assert matrix.values[at["age"]][at["height"]] == pytest.approx(39 / 40)
    assert matrix.values[at["age"]][at["since"]] == 0.0


def test_columns_that_are_never_empty_alone_are_told_once(check_frame, people):
    for name in ("age", "height"):
        people[name] = hide(people[name].astype("object"), range(40)).astype("float")
    finding = found(check_frame(CHECK, people))["gap:age"]
    assert finding.detail.startswith("They are empty in the same 40 of 200 rows (20 %).")


def test_gaps_that_go_with_the_label_are_told_in_numbers(check_frame, people):
    people["paid"] = ["no"] * 100 + ["yes"] * 100
    people["height"] = hide(people["height"], [*range(24), *range(100, 106)])
    result = check_frame(CHECK, people, label="paid")
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert finding.title.endswith("more often where “paid” is “no”")
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
    assert "more often where “price” is high" in finding.title
    assert "180" in finding.detail


def test_random_gaps_do_not_go_with_anything(check_frame, people):
    rng = np.random.default_rng(0)
    for i in range(12):
        people[f"x{i}"] = hide(pd.Series(rng.normal(size=200)), rng.choice(200, 30, replace=False))
    result = check_frame(CHECK, people, label="paid", sensitive=["sex"])
    assert {f.severity for f in result.findings} == {Severity.INFO}
    assert found(result)["more_gaps"].measure.value == 4
    assert len(result.findings) == 9
    assert "By “paid”, a difference that can be chance: “paid” is" in result.findings[0].detail
    assert "clear tie" not in "".join(f.detail for f in result.findings)


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
    assert (finding.affected.n_rows, finding.affected.share) == (3, 3 / 200), "it said 0 rows"
    assert finding.affected.row_id == (0, 1, 2)
    assert finding.severity is Severity.INFO
    assert (finding.affected.n_rows, finding.affected.share) == (3, 3 / 200)


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
    assert finding.affected.n_rows == 3
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


def planted(n, seed, gap_rates, label_rate=0.3):
    """A table whose gaps in x have another rate for each of two classes."""
    rng = np.random.default_rng(seed)
    label = np.where(rng.random(n) < label_rate, "yes", "no")
    gone = rng.random(n) < np.where(label == "yes", *gap_rates)
    return pd.DataFrame({"x": pd.Series(rng.normal(size=n)).mask(gone), "label": label}), gone


@pytest.mark.parametrize(
    ("n", "rates", "least"), [(2000, (0.0769, 0.0385), 18), (1000, (0.153, 0.22), 8)]
)
def test_a_rare_gap_with_an_unequal_rate_is_a_tie(check_frame, n, rates, least):
    told = 0
    for seed in range(20):
        frame, _ = planted(n, seed, rates)
        finding = found(check_frame(CHECK, frame, label="label")).get("gap:x")
        told += finding is not None and finding.severity is Severity.WARNING
    assert told >= least


def test_a_small_difference_is_told_in_numbers(check_frame):
    frame, gone = planted(40_000, 1, (0.22, 0.2))
    finding = found(check_frame(CHECK, frame, label="label"))["gap:x"]
    yes = frame["label"] == "yes"
    inside, outside = 100 * yes[gone].mean(), 100 * yes[~gone].mean()
    assert finding.severity is Severity.INFO
    assert "A small difference by “label”: “label” is “yes” in" in finding.detail
    assert f"in {inside:.1f} % of the rows where it is missing and in {outside:.1f} % of the" in (
        finding.detail
    )


def test_no_tie_is_said_only_where_the_interval_supports_it(check_frame):
    few, _ = planted(1000, 3, (0.1, 0.1))
    many, _ = planted(60_000, 3, (0.1, 0.1))
    assert "can be chance" in found(check_frame(CHECK, few, label="label"))["gap:x"].detail
    assert "No tie to “label”" in found(check_frame(CHECK, many, label="label"))["gap:x"].detail


def test_gaps_are_compared_over_ages_in_bands(check_frame):
    rng = np.random.default_rng(4)
    age = rng.integers(20, 80, 1000)
    gone = rng.random(1000) < np.where(age > 60, 0.25, 0.02)
    frame = pd.DataFrame({"age": age, "x": pd.Series(rng.normal(size=1000)).mask(gone)})
    finding = found(check_frame(CHECK, frame, sensitive=["age"]))["gap:x"]
    assert finding.severity is Severity.WARNING
    assert "often where “age” is “" in finding.title
    (metrics,) = finding.evidence
    assert sum(metrics.n) == 1000


def test_the_input_that_gaps_go_with_most_is_named_as_information(check_frame, people):
    rng = np.random.default_rng(5)
    people["deck"] = rng.choice(list("abc"), 200)
    rows = np.flatnonzero(rng.random(200) < np.where(people["deck"] == "c", 0.5, 0.05))
    people["height"] = hide(people["height"], rows)
    finding = found(check_frame(CHECK, people, label="paid"))["gap:height"]
    part = 100 * people["height"].isna()[people["deck"] == "c"].mean()
    assert "“deck” goes with the gaps most" in finding.detail
    assert f"missing in {part:.1f} %".replace(".0 %", " %") in finding.detail
    assert finding.severity is (Severity.WARNING if len(rows) >= 50 else Severity.INFO)


def test_columns_that_complete_each_other_are_to_be_combined(check_frame, people):
    people["height"] = hide(people["height"], range(80))
    people["height_in_feet"] = hide(people["height"] * 0, range(81, 200)).fillna(5.0)
    people["height_in_feet"] = hide(people["height_in_feet"], range(80, 200))
    findings = found(check_frame(CHECK, people))
    assert findings["gap:height"].recommended_action.startswith("One is filled where the other")
    assert "In 200 of 200 rows (100 %) exactly one of “height” and" in findings["gap:height"].detail
    assert "combine" in findings["gap:height_in_feet"].recommended_action


def test_gaps_that_give_the_label_away_are_no_column_for_the_model(check_frame, people):
    paid = (people["paid"] == "yes").to_numpy()
    people["height"] = hide(people["height"], np.flatnonzero(paid))
    finding = found(check_frame(CHECK, people, label="paid"))["gap:height"]
    assert "gives the label away" in finding.recommended_action
    assert "add a yes/no column" not in finding.recommended_action


def test_rows_touched_are_all_rows_with_a_gap(check_frame, people):
    people["age"] = hide(people["age"].astype("Int64"), range(6))
    people["height"] = hide(people["height"], range(4, 9))
    finding = found(check_frame(CHECK, people))["small_gaps"]
    assert finding.affected.n_rows == 9


def test_gaps_at_random_seldom_look_tied(check_frame):
    rng = np.random.default_rng(6)
    warned = 0
    for _ in range(20):
        n = int(rng.choice([100, 300, 1000]))
        frame = pd.DataFrame({f"x{i}": rng.normal(size=n) for i in range(6)})
        frame = frame.mask(rng.random(frame.shape) < rng.choice([0.03, 0.1, 0.2], 6))
        frame["g"] = rng.choice(list("abcdefgh"), n, p=[0.6, 0.3, *[0.1 / 6] * 6])
        frame["age"] = rng.integers(18, 90, n)
        frame["label"] = np.where(rng.random(n) < 0.1, "yes", "no")
        result = check_frame(CHECK, frame, label="label", sensitive=["g", "age"])
        warned += any(f.severity > Severity.INFO and f.key != "nearly_empty_rows"
                      for f in result.findings)  # fmt: skip
    assert warned <= 2


def test_a_column_that_is_mostly_empty_is_compared_by_what_is_filled(check_frame):
    frame, _ = planted(2000, 7, (0.82, 0.94))
    finding = found(check_frame(CHECK, frame, label="label"))["gap:x"]
    assert finding.title.endswith("more often where “label” is “no”")


@pytest.mark.parametrize(
    ("n", "line", "severity"),
    [
        (10_000, 0.01, Severity.INFO),
        (2_000, 0.01, Severity.WARNING),
        (10_000, 0.002, Severity.WARNING),
    ],
)
def test_a_tie_of_very_few_gaps_is_information(check_frame, n, line, severity):
    """22 gaps in 10,000 rows, nearly all with one label, asked for review."""
    frame = pd.DataFrame({"x": np.arange(n) % 97 / 7, "label": np.resize(["no", "yes"], n)})
    rows = [*range(0, 40, 2), 41, 43]
    frame["x"] = hide(frame["x"], rows)
    result = check_frame(CHECK, frame, params={"tie_share": line}, label="label")
    finding = found(result)["gap:x"]
    assert finding.severity is severity
    assert finding.title.endswith("more often where “label” is “no”")
    if severity is Severity.INFO:
        assert "less than 1 % of the rows: to drop them changes little." in finding.detail
        assert "would change what the model learns" not in finding.detail


def test_a_tie_of_few_gaps_that_empties_a_small_group_asks_for_review(check_frame):
    n = 10_000
    frame = pd.DataFrame({"x": np.arange(n) % 97 / 7, "site": ["A"] * (n - 100) + ["B"] * 100})
    frame["x"] = hide(frame["x"], range(n - 40, n))
    finding = found(check_frame(CHECK, frame, sensitive=["site"]))["gap:x"]
    assert finding.severity is Severity.WARNING
    assert finding.title == "“x” is missing in 0.40 % of rows, more often where “site” is “B”"


def test_rows_with_words_for_missing_in_several_columns_count_once(make_table, run_context, people):
    people["job"], people["sex"] = hide(people["job"], [1, 2, 3]), hide(people["sex"], [3, 4])
    table = make_table(people, disguised={"job": ["?"], "sex": ["?"]})
    run = run_context(table)
    for words_in_sex, rows in ((2, (1, 2, 3, 4)), (1, ())):
        words = {"job": {"?": 3}, "sex": {"?": words_in_sex}}
        run.profile = dataclasses.replace(
            run.profile,
            columns=tuple(
                dataclasses.replace(c, disguised=words.get(c.name, {})) for c in run.profile.columns
            ),
        )
        affected = found(registry.get(CHECK).run(table, run))["disguised"].affected
        assert (affected.n_rows, affected.row_id) == (len(rows), rows)
