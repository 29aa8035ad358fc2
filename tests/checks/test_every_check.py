"""What every check owes, whatever it looks for."""

import dataclasses
import hashlib
import json
import math

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.codec import from_json, to_json
from components.core.data.dataset import Kind, Role, Task
from components.core.data.source import AsideRow, Dialect, Problem, SourceReport
from components.core.errors import Cancelled
from components.core.judgement.checks import DOC_SECTIONS, Cost
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult, Status

CHECKS = {check.id: check for check in registry.all_checks()}
HOSTILE = ["<b>x</b>", "=1+1", "a\nb", "\u202egnp", "naïve 😀", "|`*_", "select", " ", "x" * 300]


def rich():
    """A table in which most checks find something."""
    rng = np.random.default_rng(3)
    n = 170
    sex = rng.choice(["f", "m"], n, p=[0.3, 0.7])
    score = rng.normal(size=n)
    odds = score + np.where(sex == "m", 1.2, -0.6)
    frame = pd.DataFrame(
        {
            "score": score,
            "twin": score * 2 + 1,
            "income": np.where(rng.random(n) < 0.06, 99999, rng.integers(10, 900, n)),
            "town": rng.choice(["A", "B", "C"], n),
            "gap": np.where(rng.random(n) < 0.3, np.nan, rng.normal(size=n)),
            "nothing": np.full(n, np.nan),
            "sex": sex,
            "label": np.where(odds + rng.normal(0, 0.7, n) > 0, "yes", "no"),
        }
    )
    return pd.concat([frame, frame.iloc[:20]], ignore_index=True)


def rich_in_numbers():
    """The same with a number in the label, a few of which are ten times too large."""
    frame = rich()
    label = 50.0 + 9.0 * frame["score"] + frame["town"].map({"A": 0.0, "B": 6.0, "C": 12.0})
    label = label + np.random.default_rng(4).normal(0, 1.0, len(frame))
    label[30:170:20] *= 10.0
    label[170:] = label[:20].to_numpy()
    return frame.assign(label=label.round(2))


def own_model():
    """The same with the probabilities of a person's own model."""
    frame = rich()
    chance = 1.0 / (1.0 + np.exp(-2.0 * frame["score"]))
    return frame.assign(prob_no=1.0 - chance, prob_yes=chance)


def unlabelled():
    """The same with no label in every fifth row."""
    frame = rich()
    return frame.assign(label=frame["label"].where(np.arange(len(frame)) % 5 > 0, None))


def several():
    """The same with a list of labels in each row, of which some are wrong."""
    frame = rich()
    draw = np.random.default_rng(5)
    has = np.stack([frame["score"] > 0, frame["town"] == "A", frame["sex"] == "m"], axis=1)
    has ^= draw.random(has.shape) < 0.04
    names = np.array(["high", "here", "man"])
    return frame.assign(label=["|".join(names[row]) or "none" for row in has])


def tables():
    rng = np.random.default_rng(1)
    n = 60
    label = np.resize(["no", "yes"], n)
    group = np.resize(["f", "m", "f"], n)
    few = pd.DataFrame({"x": [1.5, 2.5, 3.5], "label": ["a", "b", "a"], "sex": ["f", "m", "f"]})
    wild = np.resize([np.inf, -np.inf, 1e300, -1e300, 0.0, np.nan, 5e-324, 1.0], n)
    return {
        "no rows": few.iloc[:0],
        "one row": few.iloc[:1],
        "three rows": few,
        "constant": pd.DataFrame({"x": [1] * n, "sex": ["f"] * n, "label": ["a"] * n}),
        "all missing": pd.DataFrame(
            {
                "x": [np.nan] * n,
                "t": pd.Series([None] * n, dtype="str"),
                "sex": [None] * n,
                "label": [None] * n,
            }
        ),
        "wild numbers": pd.DataFrame({"x": wild, "y": wild[::-1], "sex": group, "label": label}),
        "one class each": pd.DataFrame(
            {"x": rng.normal(size=n), "sex": group, "label": [f"c{i}" for i in range(n)]}
        ),
        "hostile names": pd.DataFrame(
            {
                **{name: np.resize([name, "?", f"{name}2"], n) for name in HOSTILE},
                "sex": np.resize(HOSTILE, n),
                "label": np.resize(HOSTILE[:2], n),
            }
        ),
        "numeric label": pd.DataFrame(
            {"x": rng.normal(size=n), "sex": group, "label": rng.normal(size=n)}
        ),
        "rich": rich(),
        "rich in numbers": rich_in_numbers(),
        "own model": own_model(),
        "unlabelled": unlabelled(),
        "several": several(),
    }


TABLES = tables()
KIND_OF_LABEL = {
    "numeric label": Kind.NUMBER,
    "rich in numbers": Kind.NUMBER,
    "several": Kind.LIST,
}
RICH = {
    check.id: "own model"
    if Role.PREDICTED in check.needs.roles
    else ("rich in numbers" if check.needs.task is Task.REGRESSION else "rich")
    for check in CHECKS.values()
}
"""The table in which each check finds something: one whose label sets its task."""
RICH |= {"labels.missing_labels": "unlabelled", "labels.several_labels": "several"}


@pytest.fixture(scope="module")
def memory():
    """Profiles by table, and results by check and table: each is made once."""
    return {}, {}


@pytest.fixture
def opened(make_table, run_context, memory):
    """Return a function that opens a table and makes a fresh run over it."""
    profiles, _ = memory

    def open_one(name, frame=None, *, seed=0):
        kind = KIND_OF_LABEL.get(name.removeprefix("shuffled "))
        kinds = {"label": kind} if kind else {}
        frame = TABLES[name] if frame is None else frame
        roles = {c: Role.PREDICTED for c in frame.columns if c.startswith("prob_")}
        table = make_table(frame, label="label", sensitive=["sex"], kinds=kinds, roles=roles)
        if name not in profiles:
            profiles[name] = run_context(table).profile
        return table, RecordingRun(seed=seed, profile=profiles[name])

    return open_one


SOURCE = SourceReport(
    format="csv",
    dialect=Dialect(),
    size_bytes=1,
    n_rows=57,
    n_columns=3,
    n_aside=3,
    aside=(AsideRow(line=4, reason="too\nlong", text="\u202e1,2,3,4"),),
    problems=tuple(
        Problem(code=code, message="In “a\nb” 3 \u202ecells.", lines=(3, 4), columns=("a\nb",))
        for code in ("duplicate_names", "ragged_rows", "mojibake", "mixed_types", "unheard_of")
    ),
)


class RecordingRun:
    """A run that keeps what checks share, and checks what it is told."""

    source = SOURCE

    def __init__(self, seed, profile):
        self.seed, self.profile, self.kept = seed, profile, {}
        self.params = {}

    def progress(self, done, note=""):
        assert 0 <= done <= 1, note

    def shared(self, key, make):
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]


class StoppedRun(RecordingRun):
    def progress(self, done, note=""):
        super().progress(done, note)
        raise Cancelled


@pytest.fixture
def result_of(opened, memory):
    """Return a function that gives the result of a check on a table, made once."""
    _, results = memory

    def get(check_id, name):
        if (check_id, name) not in results:
            results[check_id, name] = CHECKS[check_id].run(*opened(name))
        return results[check_id, name]

    return get


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("check_id", CHECKS)
def test_odd_tables_give_an_honest_result(check_id, name, result_of):
    result = result_of(check_id, name)
    assert result.status is not Status.FAILED, result.reason
    assert bool(result.reason) == (result.status is Status.SKIPPED)
    assert (result.status is Status.FLAGGED) == bool(result.findings)
    assert_covered(result, len(TABLES[name]))
    assert_worded(result)
    assert_scored(result)
    assert_round_trip(result)
    assert CHECKS[check_id].suggests or not result.suggests


def assert_covered(result, n_rows):
    coverage = result.coverage
    assert coverage.rows_total == n_rows
    assert 0 <= coverage.rows_seen <= n_rows
    if result.status is Status.SKIPPED:
        assert coverage.rows_seen == 0
    for finding in result.findings:
        assert 0 <= finding.affected.n_rows <= n_rows
        assert finding.affected.share == pytest.approx(finding.affected.n_rows / max(n_rows, 1))
        assert len(finding.affected.row_id) <= 50
        assert all(0 <= i < n_rows for i in finding.affected.row_id)


def assert_worded(result):
    keys = [finding.key for finding in result.findings]
    assert len(keys) == len(set(keys))
    for finding in result.findings:
        assert finding.check_id == result.check_id
        assert any(sign.isdigit() for sign in finding.title), finding.title
        assert finding.recommended_action[0].isupper()
        assert math.isfinite(finding.measure.value)
        for text in (finding.title, finding.detail, finding.recommended_action, finding.caveat):
            assert text.strip()
            assert text.splitlines() == [text]
            assert "  " not in text.replace("“ ”", "")
            assert "\u202e" not in text
        assert len(finding.title) <= 400
    assert result.coverage.note.splitlines() in ([], [result.coverage.note])


def assert_scored(result):
    evidence = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    assert sum(isinstance(e, RowScores) for e in result.evidence) <= 1
    assert sum(isinstance(e, CellScores) for e in result.evidence) <= 1
    for scores in evidence:
        if isinstance(scores, RowScores | CellScores):
            assert np.all((scores.quality >= 0) & (scores.quality <= 1))
            assert scores.n_assessed >= scores.n_flagged >= int(scores.flagged.sum())
            bad, good = scores.quality[scores.flagged], scores.quality[~scores.flagged]
            assert not len(bad) or not len(good) or bad.max() < good.min()
        if isinstance(scores, RowScores):
            assert len(np.unique(scores.row_id)) == len(scores.row_id) == scores.n_assessed


def assert_round_trip(result):
    brief = result.brief()
    text = json.dumps(to_json(brief), allow_nan=False)
    again = from_json(CheckResult, json.loads(text))
    assert to_json(again) == to_json(brief)


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_same_seed_gives_the_same_result(check_id, opened, result_of):
    first = result_of(check_id, RICH[check_id])
    second = CHECKS[check_id].run(*opened(RICH[check_id]))
    still = dataclasses.replace(second, elapsed_s=first.elapsed_s)
    assert to_json(still) == to_json(first)


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_order_of_rows_does_not_matter(check_id, opened, result_of):
    name = RICH[check_id]
    shuffled = TABLES[name].sample(frac=1.0, random_state=2).reset_index(drop=True)
    second = CHECKS[check_id].run(*opened(f"shuffled {name}", shuffled))
    first = result_of(check_id, name)
    assert {f.key for f in second.findings} == {f.key for f in first.findings}


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_stops_when_asked(check_id, opened):
    table, run = opened(RICH[check_id])
    with pytest.raises(Cancelled):
        CHECKS[check_id].run(table, StoppedRun(run.seed, run.profile))


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_leaves_its_table_alone(check_id, opened):
    table, run = opened("three rows")
    before = hashlib.sha256(table.path.read_bytes()).hexdigest()
    CHECKS[check_id].run(table, run)
    assert hashlib.sha256(table.path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("check_id", CHECKS)
def test_unmet_needs_are_told(check_id, make_table, run_context):
    check = CHECKS[check_id]
    table = make_table(pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]}))
    result = check.run(table, run_context(table))
    needed = [role for role in check.needs.roles if role in {Role.LABEL, Role.SENSITIVE}]
    if needed:
        assert result.status is Status.SKIPPED
        assert f"“{needed[0].value}”" in result.reason
    else:
        assert result.status is not Status.FAILED, result.reason


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_help_text_has_all_sections(check_id):
    doc = CHECKS[check_id].doc
    assert tuple(doc) == DOC_SECTIONS
    assert all(len(text) > 20 for text in doc.values())


@pytest.mark.parametrize("check_id", CHECKS)
def test_parameters_have_defaults_and_explanations(check_id):
    check = CHECKS[check_id]
    for parameter in check.parameters:
        assert parameter.help.endswith("."), parameter.name
        assert parameter.checked(parameter.default) == parameter.default
        if parameter.kind in {int, float}:
            assert parameter.unit, parameter.name
            assert parameter.range, parameter.name
    assert check.params.__dataclass_params__.frozen
    assert check.title
    assert not any(sign.isdigit() for sign in check.title)
    assert check.sources
    assert check.version >= 1
    assert isinstance(check.cost, Cost)
