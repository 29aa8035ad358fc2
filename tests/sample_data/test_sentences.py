"""Every sentence of every finding is true: computed again from the text of the file.

The four samples are always read. Two public tables whose licence allows no copy here, titanic and
compas, are read where ``PREFLIGHT_FIELD_TABLES`` names a folder that has them.
"""

import html
import importlib
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "sample_data"
FIELD = os.environ.get("PREFLIGHT_FIELD_TABLES", "")
MOST_ROWS = 2_500
"""Rows of a table that are read, drawn with a fixed seed; the samples are read whole."""
NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Known:
    """A table: roles, words that stand for missing, and columns that a model would not read."""

    file: str
    label: str
    sensitive: tuple[str, ...] = ()
    words: tuple[str, ...] = ("",)
    not_read: tuple[str, ...] = ()

    @property
    def options(self):
        chosen = [option for column in self.sensitive for option in ("--sensitive", column)]
        return ["--label", self.label, *chosen]


TABLES = {
    "penguins": Known("penguins.csv", "species"),
    "german_credit": Known("german_credit.csv", "credit_risk", ("personal_status_sex",)),
    "census_demo": Known(
        "census_demo.csv",
        "income",
        ("race", "sex"),
        ("", "?", "N/A"),
        ("fnlwgt", "tax_withheld"),
    ),
    "adult": Known("adult.csv", "income", ("sex", "race"), ("", "?"), ("fnlwgt",)),
    "titanic": Known("titanic.csv", "survived", ("sex",), not_read=("alive",)),
    "compas": Known("compas_two_years.csv", "two_year_recid", ("race", "sex", "age_cat")),
}


@pytest.fixture(scope="session")
def rules():
    """The rules for sentences, and the facts that they rest on."""
    sys.path.insert(0, str(HERE))
    try:
        for name in ("columns", "gaps", "groups", "rows"):
            importlib.import_module(f"rules_of_{name}")
        names = ("raw_facts", "sentence_rules")
        return tuple(importlib.import_module(name) for name in names)
    finally:
        sys.path.remove(str(HERE))


def path_of(known, folder):
    """Return the file of a table; of a large one from elsewhere, a sample of its rows."""
    own = SAMPLES / known.file
    if own.exists():
        return own
    elsewhere = Path(FIELD) / known.file
    if not FIELD or not elsewhere.exists():
        pytest.skip(f"{known.file} is not in the folder PREFLIGHT_FIELD_TABLES")
    import numpy as np

    header, *lines = elsewhere.read_text(encoding="utf-8").splitlines(keepends=True)
    if len(lines) <= MOST_ROWS:
        return elsewhere
    kept = np.sort(np.random.default_rng(0).choice(len(lines), MOST_ROWS, replace=False))
    part = folder / known.file
    part.write_text(header + "".join(lines[i] for i in kept), encoding="utf-8")
    return part


@dataclass
class Told:
    """What was said about a table, and what is in its file."""

    cases: list
    results: dict
    report: str


@pytest.fixture(scope="module", params=list(TABLES))
def told(request, rules, run_once, tmp_path_factory):
    raw_facts, sentence_rules = rules
    known = TABLES[request.param]
    path = path_of(known, tmp_path_factory.mktemp("part"))
    done, out = run_once(path, *known.options)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    raw = raw_facts.Raw(path, label=known.label, sensitive=known.sensitive, missing=known.words)
    cases = [
        sentence_rules.Case(finding, check, results, out, raw, known.not_read)
        for check in results["checks"]
        for finding in check["findings"]
    ]
    return Told(cases, results, (out / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", ["title", "detail", "caveat", "recommended_action"])
def test_every_sentence_is_true_of_the_file(told, rules, part):
    """A sentence without a rule fails; advice needs one only where it has a number in it."""
    wrong = []
    for case in told.cases:
        text = case.finding[part]
        if part in {"title", "detail"} or NUMBER.search(text):
            try:
                rules[1].check_text(case, text)
            except AssertionError as error:
                wrong.append(f"{case.finding['id']}: {text}\n    {error}")
    assert wrong == []


def test_rows_touched_are_those_that_are_named(told):
    for case in told.cases:
        affected = case.finding["affected"]
        assert affected["share"] == pytest.approx(affected["n_rows"] / case.raw.n)
        assert len(affected["row_id"]) <= max(50, affected["n_rows"])
        assert len(set(affected["row_id"])) == len(affected["row_id"])


def test_quoted_texts_stand_in_the_file(told):
    """Names of columns, values, and groups are spelled as in the file."""
    for case in told.cases:
        affected = case.finding["affected"]
        known = {*case.raw.cells.columns, *case.raw.words, *affected["groups"]}
        known |= {value for name in known & set(case.raw.cells) for value in case.raw.cells[name]}
        for text in re.findall("“([^”]*)”", case.finding["title"]):
            assert text in known, text


def test_the_report_says_the_same(told):
    shown = html.unescape(told.report)
    headline = told.results["verdict_details"]["sentence"]
    assert headline in shown
    for case in told.cases:
        assert case.finding["title"] in shown
        assert case.finding["detail"] in shown


def test_the_verdict_counts_what_was_found(told):
    """The sentence at the top names as many findings as there are of that severity."""
    counts = dict.fromkeys(("critical", "warning", "info"), 0)
    for case in told.cases:
        counts[case.finding["severity"]] += 1
    details = told.results["verdict_details"]
    assert [details[f"n_{severity}"] for severity in counts] == list(counts.values())
    numbers = [int(n) for n in re.findall(r"\d+", details["sentence"])]
    answered = sum(c["status"] in {"passed", "flagged"} for c in told.results["checks"])
    expected = {
        "pass": [counts["info"], answered, len(told.results["checks"])],
        "review": [counts["warning"]],
        "stop": [counts["critical"]],
    }
    assert numbers == expected[told.results["verdict"]]
    assert details["coverage"][0] == (
        f"{answered} of {len(told.results['checks'])} checks came to an answer."
    )
