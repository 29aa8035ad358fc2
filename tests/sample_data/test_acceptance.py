"""``preflight check`` on every sample: exit status, files, schema, and the problems we know of."""

import csv
import json
import re
import runpy
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
SCHEMA = ROOT / "components" / "reports" / "schema" / "results.schema.json"
INDEX = {s["key"]: s for s in json.loads((SAMPLES / "index.json").read_text(encoding="utf-8"))}
EXIT_STATUS = {"pass": 0, "review": 0, "stop": 1}
KNOWN = {
    "adult": [
        ("completeness.missing_values", "workclass"),
        ("completeness.missing_values", "occupation"),
        ("completeness.missing_values", "native_country"),
        ("completeness.sentinel_values", "capital_gain"),
        ("duplicates.redundant_columns", "education"),
        ("bias.outcome_gap", "sex"),
        ("bias.outcome_gap", "race"),
    ],
    "german_credit": [("labels.label_errors", "credit_risk")],
    "penguins": [("completeness.missing_values", "nearly_empty_rows")],
    "census_demo": [
        ("completeness.missing_values", "hours_per_week"),
        ("completeness.missing_values", "relationship"),
        ("completeness.sentinel_values", "age"),
        ("leakage.target_proxy", "tax_withheld"),
        ("bias.outcome_gap", "race"),
        ("labels.label_errors", "income"),
    ],
}


@dataclass
class Checked:
    key: str
    status: int
    said: str
    out: Path

    @property
    def results(self):
        return json.loads((self.out / "results.json").read_text(encoding="utf-8"))

    @property
    def checks(self):
        return {c["check_id"]: c for c in self.results["checks"]}

    def rows(self, check_id):
        with (self.out / "rows" / f"{check_id}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def named(self):
        """The pairs of check and column, or of check and key, that the findings name."""
        return {
            (check["check_id"], name)
            for check in self.results["checks"]
            for finding in check["findings"]
            for name in [finding["key"], *finding["affected"]["columns"]]
        }

    def missing(self):
        """Missing cells per column, as the profile counts them."""
        with (self.out / "columns.csv").open(encoding="utf-8", newline="") as file:
            return {line["name"]: int(line["n_missing"]) for line in csv.DictReader(file)}


@pytest.fixture(scope="module", params=sorted(INDEX))
def checked(request, run_once):
    sample = INDEX[request.param]
    options = ["--label", sample["label"]]
    for column in sample["sensitive"]:
        options += ["--sensitive", column]
    done, out = run_once(SAMPLES / sample["file"], *options)
    return Checked(sample["key"], done.returncode, done.stdout + done.stderr, out)


def test_the_exit_status_is_that_of_the_verdict(checked):
    outcome = checked.results["verdict"]
    assert checked.status == EXIT_STATUS[outcome], checked.said


def test_every_check_ran_or_says_why_not(checked):
    for check in checked.results["checks"]:
        assert check["status"] in {"passed", "flagged", "skipped"}, check["reason"]
        assert (check["status"] == "skipped") == bool(check["reason"])


def test_the_results_follow_the_documented_schema(checked):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(checked.results)
    assert checked.results["schema_version"] == "3"


def test_every_file_of_the_contract_is_there(checked):
    n_rows = checked.results["dataset"]["n_rows"]
    assert (checked.out / "report.html").stat().st_size < 2_000_000
    assert list(checked.missing()) == [c["name"] for c in checked.results["dataset"]["columns"]]
    for check_id in ("labels.label_errors", "anomalies.multivariate", "duplicates.exact_rows"):
        lines = checked.rows(check_id)
        assert [int(line["row_id"]) for line in lines] == list(range(n_rows)), check_id
        assert {"row_id", "quality", "flagged"} <= set(lines[0])
    if INDEX[checked.key]["sensitive"]:
        assert (checked.out / "groups" / "bias.outcome_gap.csv").exists()


def test_the_known_problems_are_among_the_findings(checked):
    missing = set(KNOWN[checked.key]) - checked.named()
    assert missing == set(), sorted(checked.named())


def test_the_known_gaps_are_counted_whether_or_not_they_are_worth_a_finding(checked):
    known = {
        "adult": {"workclass": 585, "occupation": 586, "native_country": 181, "age": 0},
        "german_credit": {"credit_risk": 0},
        "penguins": {"sex": 11, "body_mass_g": 2, "species": 0},
        "census_demo": {"hours_per_week": 176, "relationship": 118},
    }[checked.key]
    assert {name: n for name, n in checked.missing().items() if name in known} == known


def test_every_row_of_the_file_was_read(checked):
    with (SAMPLES / INDEX[checked.key]["file"]).open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == checked.results["dataset"]["n_rows"] + 1


@pytest.mark.parametrize("checked", ["census_demo"], indirect=True)
def test_the_readme_quotes_what_is_found_on_the_demonstration(checked):
    """The words are the same; figures may differ by a few rows on another processor."""
    script = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "demo_truth.py"))
    computed = table_lines(script["report"](checked.out))
    quoted = table_lines((ROOT / "README.md").read_text(encoding="utf-8"))
    number = re.compile(r"\d+(?:\.\d+)?")
    for line in computed:
        same = [q for q in quoted if number.sub("0", q) == number.sub("0", line)]
        figures = [float(n) for n in number.findall(line)]
        assert any(
            figures == pytest.approx([float(n) for n in number.findall(q)], rel=0.1, abs=0.1)
            for q in same
        ), line


def table_lines(text):
    return [line for line in text.splitlines() if line.startswith("|")]
