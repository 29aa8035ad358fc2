import pandas as pd
import pytest

from components.core.data.dataset import Kind
from components.core.judgement.evidence import Distribution
from components.core.judgement.findings import Severity, Status

CHECK = "labels.class_imbalance"


def frame(**counts):
    labels = [name for name, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"x": range(len(labels)), "label": labels})


def test_even_classes_pass(check_frame):
    result = check_frame(CHECK, frame(a=70, b=30), label="label")
    assert result.status is Status.PASSED
    (shown,) = [e for e in result.evidence if isinstance(e, Distribution)]
    assert shown.categories == ("a", "b")
    assert shown.counts == {"": (70, 30)}


@pytest.mark.parametrize(("rare", "told"), [(9, False), (8, True), (4, True)])
def test_a_rare_class_is_information_at_the_line_of_deepchecks(check_frame, rare, told):
    # the ratio is 0.1 at 9 of 90; rarity may be true in the world, so it never asks for review
    result = check_frame(CHECK, frame(a=90, b=rare), label="label", params={"min_rows": 1})
    assert [f.severity for f in result.findings] == ([Severity.INFO] if told else [])


def test_the_numbers_are_in_the_sentences(check_frame):
    (finding,) = check_frame(CHECK, frame(a=950, b=50), label="label").findings
    assert finding.title == "“b” has 5 % of the labelled rows, “a” has 95 %"
    assert finding.measure.value == pytest.approx(50 / 950)
    assert finding.detail == (
        "50 rows against 950: the smallest class is 5.3 % of the largest. Always guessing “a” gets "
        "95 % right and has learned nothing."
    )
    assert finding.severity is Severity.INFO
    assert "average precision" in finding.recommended_action


def test_classes_too_small_for_folds_are_one_finding(check_frame):
    result = check_frame(CHECK, frame(a=60, b=50, c=4, d=1), label="label")
    finding = {f.key: f for f in result.findings}["tiny_classes"]
    assert finding.title == "2 of 4 classes have under 5 rows: “c” and “d”"
    assert finding.affected.row_id == (110, 111, 112, 113, 114)
    assert finding.severity is Severity.WARNING


def test_a_tiny_class_is_told_once(check_frame):
    (finding,) = check_frame(CHECK, frame(a=60, b=50, c=1), label="label").findings
    assert finding.key == "tiny_classes"
    both = check_frame(CHECK, frame(a=600, b=50, c=1), label="label").findings
    assert [f.key for f in both] == ["imbalance", "tiny_classes"]
    assert both[0].affected.groups == ("b",)


def test_missing_labels_are_not_a_class(check_frame):
    data = frame(a=50, b=40)
    data.loc[:9, "label"] = None
    result = check_frame(CHECK, data, label="label")
    assert result.status is Status.PASSED
    assert (result.coverage.rows_seen, result.coverage.rows_total) == (80, 90)
    assert result.coverage.note == "10 rows without a label left out."


def test_numbers_as_classes_are_mentioned(check_frame):
    data = pd.DataFrame({"x": range(100), "label": [1, 2] * 50})
    (finding,) = check_frame(CHECK, data, label="label").findings
    assert finding.severity is Severity.INFO
    assert finding.title == "The 2 classes of “label” are written as numbers: “1” and “2”"
    data["label"] -= 1
    assert check_frame(CHECK, data, label="label").status is Status.PASSED


def test_many_classes_are_shown_in_part(check_frame):
    data = frame(**{f"c{i:02}": 60 - i for i in range(40)})
    (shown,) = [
        e for e in check_frame(CHECK, data, label="label").evidence if isinstance(e, Distribution)
    ]
    assert len(shown.categories) == 30
    assert shown.categories[-1] == "(11 rarer classes)"
    assert sum(shown.counts[""]) == len(data)


def test_numeric_labels_are_skipped(check_frame):
    data = pd.DataFrame({"x": range(50), "label": [float(i) for i in range(50)]})
    result = check_frame(CHECK, data, label="label", kinds={"label": Kind.NUMBER})
    assert result.status is Status.SKIPPED
    assert "classification" in result.reason


def test_classes_that_the_profile_leaves_out_are_counted(check_frame):
    names = [f"class {i}" for i in range(1_500)]
    table = pd.DataFrame({"x": range(4_500), "label": names * 3})
    result = check_frame(CHECK, table, label="label")
    (shown,) = [e for e in result.evidence if isinstance(e, Distribution)]
    assert sum(shown.counts[""]) == 4_500
    assert "1,500 of 1,500 classes" in result.findings[0].title
