import numpy as np
import pandas as pd
import pytest

from components.checks.duplicates import _chance_repeats
from components.core.data.dataset import Kind, Role
from components.core.judgement.evidence import RowGroups
from components.core.judgement.findings import Severity, Status

CHECK = "duplicates.exact_rows"


@pytest.fixture
def wide():
    rng = np.random.default_rng(5)
    return pd.DataFrame({"x": rng.normal(size=300), "y": rng.integers(0, 9, 300), "z": "k"})


def found(result):
    return {f.key: f for f in result.findings}


def test_unique_rows_pass_with_a_score_each(check_frame, wide):
    result = check_frame(CHECK, wide)
    assert result.status is Status.PASSED
    assert result.row_scores.n_assessed == 300
    assert result.row_scores.n_flagged == 0


def test_planted_copies_are_found_with_their_first_row(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[[4, 4, 9]]], ignore_index=True)
    result = check_frame(CHECK, frame)
    (finding,) = result.findings
    assert finding.title == "3 rows of 303 (0.99 %) repeat an earlier row"
    assert finding.affected.row_id == (300, 301, 302)
    assert finding.severity is Severity.INFO
    assert "2 sets of equal rows; the largest has 3 rows" in finding.detail
    (groups,) = [e for e in result.evidence if isinstance(e, RowGroups)]
    assert [(g.anchor, g.row_id) for g in groups.groups] == [(4, (300, 301)), (9, (302,))]
    scores = result.row_scores
    assert scores.row_id[:3].tolist() == [300, 301, 302]
    assert scores.quality[:3].tolist() == [0.0] * 3
    assert scores.n_flagged == 3


def test_missing_equals_missing(check_frame, wide):
    wide.loc[:, "y"] = wide["y"].astype("Int64")
    wide["y"] = pd.array([None] * 300, dtype="Int64")
    frame = pd.concat([wide, wide.iloc[[0]]], ignore_index=True)
    assert found(check_frame(CHECK, frame))["repeats"].affected.n_rows == 1


def test_many_copies_ask_for_review(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[:20]], ignore_index=True)
    finding = found(check_frame(CHECK, frame))["repeats"]
    assert finding.severity is Severity.WARNING
    assert finding.measure.value == pytest.approx(20 / 320)


def test_identifiers_do_not_hide_copies(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[:20]], ignore_index=True)
    frame["key"] = [f"k{i}" for i in range(320)]
    result = check_frame(CHECK, frame, id="key")
    assert found(result)["repeats"].affected.n_rows == 20
    assert found(result)["repeats"].title.endswith("repeat an earlier row in all columns but “key”")
    assert result.coverage.note == "Not compared: “key”."


def test_repeats_that_chance_explains_are_only_mentioned(check_frame):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({name: rng.choice(list("abc"), 500) for name in "uvwxy"})
    finding = found(check_frame(CHECK, frame))["repeats"]
    assert finding.severity is Severity.INFO
    assert "different cases can be equal here" in finding.detail
    assert finding.recommended_action.startswith("Keep them")


def test_the_expected_number_of_repeats_is_right(make_table, run_context):
    rng = np.random.default_rng(2)
    for n_values, n in [(10, 200), (40, 300)]:
        frame = pd.DataFrame({"a": rng.integers(0, n_values, n), "b": rng.integers(0, n_values, n)})
        table = make_table(frame)
        run = run_context(table)
        expected = _chance_repeats.expected_repeats(table, run, ["a", "b"])
        simulated = [
            n - len({tuple(row) for row in rng.integers(0, n_values, (n, 2))}) for _ in range(200)
        ]
        assert expected == pytest.approx(np.mean(simulated), rel=0.15)


def test_copies_across_the_split_stop_the_training(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[:10]], ignore_index=True)
    frame["part"] = ["train"] * 250 + ["test"] * 60
    findings = found(check_frame(CHECK, frame, roles={"part": Role.SPLIT}))
    crossing = findings["across_splits"]
    assert crossing.severity is Severity.CRITICAL
    assert crossing.title == "20 rows have a copy in another split"
    assert crossing.measure.value == pytest.approx(10 / 60)
    assert "16.7 % of “test”" in crossing.detail
    frame["part"] = ["train"] * 310
    assert "across_splits" not in found(check_frame(CHECK, frame, roles={"part": Role.SPLIT}))


def test_equal_inputs_with_different_labels_are_told(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[[0, 0, 1, 2]]], ignore_index=True)
    frame["label"] = [*np.resize(["a", "b"], 300).tolist(), "b", "a", "b", None]
    finding = found(check_frame(CHECK, frame, label="label"))["conflicting_labels"]
    assert finding.affected.n_rows == 3
    assert finding.affected.row_id == (0, 300, 301)
    assert finding.title == "3 rows in 1 set share all inputs and disagree on the label"
    assert "wrong on 1 of them at least" in finding.detail
    assert finding.severity is Severity.INFO


def test_numeric_labels_do_not_conflict(check_frame, wide):
    frame = pd.concat([wide, wide.iloc[:5]], ignore_index=True)
    frame["label"] = np.arange(305.0)
    result = check_frame(CHECK, frame, label="label", kinds={"label": Kind.NUMBER})
    assert result.status is Status.PASSED


def test_a_table_of_identifiers_is_skipped(check_frame):
    result = check_frame(CHECK, pd.DataFrame({"k": ["a", "b", "c"]}), id="k")
    assert result.status is Status.SKIPPED
    assert "identifiers" in result.reason


def test_twins_and_related_columns_do_not_hide_what_chance_explains(check_frame):
    rng = np.random.default_rng(3)
    kind = rng.integers(0, 30, 600)
    frame = pd.DataFrame({f"k{i}": [f"{i}-{k}" for k in kind] for i in range(6)})
    frame["size"] = rng.choice(list("smlxy"), 600)
    finding = found(check_frame(CHECK, frame))["repeats"]
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("part", [20, 60])
def test_copies_in_a_table_of_many_columns_are_more_than_chance(check_frame, part):
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(1000, 6)), columns=list("abcdef")).round(3)
    frame["g"] = rng.choice(list("xyz"), 1000)
    frame = pd.concat([frame, frame.iloc[:part]], ignore_index=True)
    finding = found(check_frame(CHECK, frame))["repeats"]
    assert "hardly one would repeat by chance in such a table: these are more" in finding.detail
    assert finding.severity is (Severity.WARNING if part == 60 else Severity.INFO)


def test_a_weight_and_a_leak_do_not_hide_conflicting_labels(check_frame):
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"u": rng.choice(list("abc"), 400), "v": rng.choice(list("de"), 400)})
    frame["label"] = rng.choice(["n", "y"], 400)
    frame["leak"] = frame["label"].map({"n": "no", "y": "yes"})
    frame["w"] = rng.random(400)
    finding = found(check_frame(CHECK, frame, label="label", roles={"w": Role.WEIGHT}))[
        "conflicting_labels"
    ]
    counts = frame.groupby(["u", "v"])["label"].value_counts().unstack()
    assert finding.affected.n_rows == 400
    assert finding.measure.value == pytest.approx(counts.min(axis=1).sum() / 400)
    assert finding.severity is Severity.INFO
    assert "not a sign of wrong labels" in finding.detail


def test_where_the_only_signal_is_left_out_it_is_named_and_nothing_is_wrong(check_frame):
    """Equal rows agree on the label; they differ only without the column that gives it."""
    a, b = np.arange(300) % 17, [f"b{i % 5}" for i in range(300)]
    frame = pd.DataFrame({"a": a, "b": b, "label": np.where(a > 8, "yes", "no")})
    finding = found(check_frame(CHECK, frame, label="label"))["conflicting_labels"]
    assert finding.severity is Severity.INFO
    assert finding.title == (
        "300 rows in 5 sets share all inputs but “a”, which gives the label away, and disagree on "
        "the label"
    )
    assert "Whatever a model says without “a”, it is wrong on " in finding.detail
    assert "Of the rows that share it as well, none disagree." in finding.detail
    assert finding.recommended_action.startswith("Find out whether “a” is known when the model is")


@pytest.mark.parametrize("settles", [False, True])
def test_conflicts_ask_for_review_unless_the_left_out_column_settles_them(check_frame, settles):
    texts = [f"text number {i} about something" for i in range(400)]
    frame = pd.DataFrame({"t": texts + texts[:60]})
    frame["label"] = ["a", "b"] * 200 + ["b", "a"] * 30
    frame["leak"] = ["a", "b"] * 200 + ["a", "b"] * 30
    if settles:
        frame["leak"] = frame["label"]
    frame["u"] = np.resize(list("abc"), 400).tolist() + np.resize(list("abc"), 60).tolist()
    finding = found(check_frame(CHECK, frame, label="label", text=["t"]))["conflicting_labels"]
    assert finding.severity is (Severity.INFO if settles else Severity.WARNING)
    assert ("all inputs but “leak”, which gives" in finding.title) == settles


def test_identical_texts_with_different_labels_ask_for_review(check_frame):
    texts = [f"text number {i} about something" for i in range(300)]
    frame = pd.DataFrame({"t": texts + texts[:30], "label": ["a", "b"] * 150 + ["b", "a"] * 15})
    finding = found(check_frame(CHECK, frame, label="label", text=["t"]))["conflicting_labels"]
    assert finding.severity is Severity.WARNING
    assert finding.affected.n_rows == 60
