"""Lists of labels: read and written as the file does, each label judged alone."""

import json

import numpy as np
import pandas as pd
import pytest

from components.checks.labels._several.lists import ListForm, changed
from components.core.data.dataset import Kind
from components.core.judgement.evidence import Ranking
from components.core.judgement.findings import Doubt, Severity, Status
from components.core.judgement.review import ItemType

ID = "labels.several_labels"
NAMES = ("big", "heavy", "red", "round", "soft")
FORMS = {
    "bars": "|".join,
    "commas": ", ".join,
    "JSON": lambda labels: json.dumps(list(labels)),
    "Python": lambda labels: str(list(labels)),
}


def truth(n, seed, noise=0.5):
    """Inputs, and which row has which of five labels: each follows from two of six columns."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 6))
    score = np.stack([x[:, i] + 0.7 * x[:, i + 1] - 0.2 * i for i in range(5)], axis=1)
    return x, score + rng.normal(0, noise, score.shape) > 0


def frame_of(x, has, form):
    cells = [FORMS[form]([n for n, own in zip(NAMES, row, strict=True) if own]) for row in has]
    frame = pd.DataFrame(x.round(3), columns=[f"x{i}" for i in range(x.shape[1])])
    return frame.assign(tags=pd.Series(cells, dtype="str").where([any(row) for row in has], None))


def planted(n=700, seed=1, share=0.03, noise=0.15):
    """The same with some labels added or taken away, and where."""
    x, has = truth(n, seed, noise)
    wrong = np.random.default_rng(seed + 1).random(has.shape) < share
    return x, has ^ wrong, wrong


@pytest.fixture(scope="module")
def memory():
    return {}


@pytest.fixture
def tags(check_frame, memory):
    """Return a function: rows with planted errors in a form, and the result; made once."""

    def made(form):
        if form not in memory:
            x, has, wrong = planted()
            result = check_frame(
                ID, frame_of(x, has, form), label="tags", kinds={"tags": Kind.LIST}
            )
            memory[form] = (has, wrong, result)
        return memory[form]

    return made


def told(scores):
    """What is to be added and taken away in each flagged row, by its reason."""
    found = set()
    for row, reason in zip(scores.row_id.tolist(), scores.reason, strict=True):
        for part in (reason or "").split("; "):
            for place, name in enumerate(NAMES):
                if f"“{name}”" in part:
                    found.add((row, place))
    return found


def test_planted_labels_are_found_each_alone(tags):
    has, wrong, result = tags("bars")
    scores, judged = result.row_scores, has.any(axis=1)
    found = told(scores)
    there = {(r, p) for r, p in np.argwhere(wrong).tolist() if judged[r]}
    assert len(found & there) / len(there) >= 0.55
    assert len(found & there) / len(found) >= 0.7
    assert scores.item_type is ItemType.CELL
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert f"{scores.n_flagged} rows of “tags” have labels" in finding.title
    n_added = sum(not has[r, p] for r, p in found)
    assert finding.title.endswith(f"{n_added} to add, {len(found) - n_added} to take away")
    (ranking,) = (e for e in result.evidence if isinstance(e, Ranking))
    assert sum(ranking.values) == len(found)
    assert set(ranking.items) == set(NAMES)


@pytest.mark.parametrize("form", ["bars", "commas"])
def test_the_suggestion_is_written_as_the_file_writes_lists(tags, form):
    has, _, result = tags(form)
    scores, found = result.row_scores, told(result.row_scores)
    flagged = np.flatnonzero(scores.flagged)
    for at in flagged.tolist():
        row = int(scores.row_id[at])
        sign = {"bars": "|", "commas": ", "}[form]
        own = {NAMES[p] for p in np.flatnonzero(has[row])}
        change = {NAMES[p] for r, p in found if r == row}
        assert set(filter(None, scores.suggested[at].split(sign))) == own ^ change
        assert scores.given[at] == sign.join(n for n in NAMES if n in own)


def test_honest_labels_that_the_columns_do_not_settle_are_information_only(check_frame):
    x, has = truth(600, 5, noise=1.0)
    frame = frame_of(x, has, "bars")
    result = check_frame(ID, frame, label="tags", kinds={"tags": Kind.LIST})
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert "The count alone does not say that any label is wrong" in finding.caveat
    n_judged = result.row_scores.n_assessed * len(NAMES)
    assert len(told(result.row_scores)) <= 0.08 * n_judged


def test_labels_that_cannot_be_learned_are_not_judged(check_frame):
    rng = np.random.default_rng(7)
    x, _ = truth(400, 7)
    frame = frame_of(x, rng.random((400, 5)) < 0.4, "bars")
    result = check_frame(ID, frame, label="tags", kinds={"tags": Kind.LIST})
    (finding,) = result.findings
    assert (finding.key, finding.doubt) == ("not_learnable", Doubt.NOT_LEARNABLE)
    assert result.row_scores is None


def test_one_random_label_among_others_is_left_out(check_frame):
    x, has, _ = planted(500, 9)
    has = has.copy()
    has[:, 4] = np.random.default_rng(3).random(500) < 0.4
    frame = frame_of(x, has, "bars")
    result = check_frame(ID, frame, label="tags", kinds={"tags": Kind.LIST})
    (ranking,) = (e for e in result.evidence if isinstance(e, Ranking))
    note = dict(zip(ranking.items, ranking.notes, strict=True))["soft"]
    assert note.startswith("not judged")
    assert "1 label that models cannot tell was not judged." in result.findings[0].detail


def test_checks_of_one_label_say_why_they_do_not_apply(check_frame):
    x, has, _ = planted(60, 2)
    frame = frame_of(x, has, "bars")
    for check_id in ("labels.label_errors", "labels.learnability", "leakage.target_proxy"):
        result = check_frame(check_id, frame, label="tags", kinds={"tags": Kind.LIST})
        assert result.status is Status.SKIPPED
        assert "several labels per row" in result.reason
    one = check_frame(ID, frame.assign(tags=np.resize(["a", "b"], 60)), label="tags")
    assert one.status is Status.SKIPPED


@pytest.mark.parametrize(
    ("cells", "labels", "cell"),
    [
        (["a|b", "b|c"], ("b", "c"), "b|c"),
        (["a, b", "b, c", "c"], ("b", "c"), "b, c"),
        (["a,b", "b,c"], ("b", "c"), "b,c"),
        (["a; b", "b; c"], ("b", "c"), "b; c"),
        (['["a", "b"]', "[]"], ("b", "c"), '["b", "c"]'),
        (['["a","b"]', '["c"]'], ("b", "ü"), '["b","ü"]'),
        (["['a', 'b']", "['c']"], ("b", "c"), "['b', 'c']"),
        (["[1, 2]", "[3]"], ("2", "3"), "[2, 3]"),
        (['["1", "2"]', '["3"]'], ("2", "3"), '["2", "3"]'),
    ],
)
def test_lists_are_written_in_the_form_that_they_were_read_in(cells, labels, cell):
    form = ListForm.of(cells)
    assert form.joined(labels, cells[0]) == cell
    assert form.split(cell) == labels


def test_what_is_no_list_of_labels_is_left_alone():
    form = ListForm.of(['["a", "b"]', '["c"]'])
    assert form.split('{"a": 1}') is None
    assert form.split('[["a"], "b"]') is None
    assert form.split("[a") is None
    assert form.split("[]") == ()
    assert ListForm.of(["a|b", "c"]).split(" a || a | b ") == ("a", "b")


def test_the_order_of_a_list_stays():
    assert changed(("c", "a"), ["b", "a"], ["c"]) == ("a", "b")
