"""What makes training impossible is a finding of its own, with what to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Kind, Role
from components.core.judgement.findings import Doubt, Severity, Status
from components.core.judgement.gate import Outcome, verdict

CHECK = "labels.trainable_label"


def frame(label, n=60):
    rng = np.random.default_rng(5)
    return pd.DataFrame({"x": rng.normal(size=n), "y": rng.integers(0, 9, n), "label": label})


def test_without_a_label_the_answer_is_not_known(check_frame):
    (found,) = check_frame(CHECK, frame(np.resize(["a", "b"], 60))).findings
    assert found.title == "No label was chosen: none of 3 columns is to be predicted"
    assert (found.key, found.severity, found.doubt) == (
        "no_label",
        Severity.WARNING,
        Doubt.NO_LABEL,
    )
    assert found.recommended_action.startswith("Choose the column")
    assert "--no-label" in found.recommended_action


def test_a_persons_word_that_there_is_no_label_is_no_finding(make_table, run_context):
    table = make_table(frame(np.resize(["a", "b"], 60)))
    run = run_context(table)
    table.version = replace(table.version, no_label=True)
    result = registry.get(CHECK).run(table, run)
    assert (result.status, result.findings) == (Status.SKIPPED, ())
    assert result.reason == "A person said that there is no label."
    assert result.lacks == (Role.LABEL,), "it does not count among those that could not look"


@pytest.mark.parametrize("label", [np.resize(["a", "b"], 60), np.linspace(1, 9, 60)])
def test_a_label_with_classes_or_amounts_is_there(check_frame, label):
    """Amounts are a label, too, though all of them differ."""
    result = check_frame(CHECK, frame(label), label="label")
    assert (result.status, result.findings) == (Status.PASSED, ())


def test_one_class_stops(check_frame):
    result = check_frame(CHECK, frame(["yes"] * 60), label="label", kinds={"label": Kind.CONSTANT})
    (found,) = result.findings
    assert found.title == "The label “label” has one value only, in 60 rows"
    assert (found.severity, found.doubt) == (Severity.CRITICAL, Doubt.ONE_CLASS)
    assert verdict([result]).outcome is Outcome.STOP
    assert "empty cell" not in found.recommended_action


def test_one_class_beside_blanks_says_how_many_and_that_a_blank_may_be_a_class(check_frame):
    label = ["yes" if i % 2 else None for i in range(60)]
    (found,) = check_frame(CHECK, frame(label), label="label").findings
    assert found.title == (
        "The label “label” has one value only, in 30 rows, besides 30 rows without a label"
    )
    assert found.recommended_action.startswith("If an empty cell means the other class, write")


def test_a_number_that_is_always_the_same_is_one_class_too(check_frame):
    (found,) = check_frame(CHECK, frame([3.5] * 60), label="label").findings
    assert (found.key, found.severity) == ("one_class", Severity.CRITICAL)


def test_an_empty_label_stops(check_frame):
    data = frame(pd.Series([None] * 60, dtype="str"))
    (found,) = check_frame(CHECK, data, label="label", kinds={"label": Kind.EMPTY}).findings
    assert found.title == "The label “label” has no value in any of 60 rows"
    assert (found.key, found.severity) == ("empty", Severity.CRITICAL)


def test_a_class_of_its_own_in_every_row_cannot_be_learned(check_frame):
    data = frame([f"name {i}" for i in range(60)])
    (found,) = check_frame(CHECK, data, label="label", kinds={"label": Kind.CATEGORY}).findings
    assert found.title == "The label “label” has 60 classes in 60 rows: no class comes twice"
    assert (found.severity, found.doubt) == (Severity.WARNING, Doubt.NOT_LEARNABLE)


def test_nothing_to_learn_from_is_told(check_frame):
    data = pd.DataFrame({"code": [f"k{i:05}" for i in range(60)], "label": ["a", "b"] * 30})
    kinds = {"code": Kind.IDENTIFIER, "label": Kind.CATEGORY}
    (found,) = check_frame(CHECK, data, label="label", kinds=kinds).findings
    assert found.title == "None of 1 other column can be read by a model"
    assert found.doubt is Doubt.NOT_LEARNABLE
    alone = check_frame(CHECK, data[["label"]], label="label").findings
    assert [f.title for f in alone] == [
        "0 columns are left to learn from: the label is the only one"
    ]


@pytest.mark.parametrize(
    ("classes", "n_left", "said"),
    [
        (["Yes", "yes ", "YES", "no"], 2, "“yes” with a space behind it (15 rows)"),
        (["1", "1.0", "True", "0", "False"], 2, "“1.0” (12 rows), “True” (12 rows)"),
        (["spam", "spam\u200b", "ham", "ham\u00a0"], 2, "“ham” with a no-break space behind it"),
        (["caf\u00e9", "cafe\u0301", "tea"], 2, "“cafe\u0301” (20 rows)"),
    ],
)
def test_one_class_in_several_spellings_is_told(check_frame, classes, n_left, said):
    data = frame(np.resize(classes, 60))
    result = check_frame(CHECK, data, label="label", kinds={"label": Kind.CATEGORY})
    (found,) = result.findings
    assert (found.key, found.severity, found.doubt) == ("spellings", Severity.WARNING, None)
    assert found.title == (
        f"“label” has {len(classes)} classes that look like {n_left}, written in several ways"
    )
    assert said in found.detail.replace(" and ", ", ")
    assert found.measure.value == len(classes) - n_left


@pytest.mark.parametrize(
    "classes",
    [["yes", "no"], ["5E1", "50"], ["a+", "a-", "b+"], ["true", "yes", "no"], ["1", "10"]],
)
def test_classes_that_differ_are_no_spellings(check_frame, classes):
    data = frame(np.resize(classes, 60))
    result = check_frame(CHECK, data, label="label", kinds={"label": Kind.CATEGORY})
    assert result.findings == ()
