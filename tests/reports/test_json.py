from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from components.core.judgement.findings import CheckResult, Coverage, Severity, Status
from components.core.judgement.gate import verdict
from components.core.judgement.policy import Policy, PolicyRule
from components.core.judgement.runs import Reference, RunState
from components.reports import to_json


def rendered(run):
    return json.loads(to_json.render(run.spec, run.status, run.results, run.verdict))


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(to_json.schema())
    return jsonschema.Draft202012Validator(to_json.schema())


def test_every_shape_and_status_fits_the_schema(run, validator):
    document = rendered(run)
    validator.validate(document)
    text = json.dumps(document)
    for shape in run.shapes.values():
        name = type(shape).__name__
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")
        assert f'"shape": "{snake}"' in text
    assert {c["status"] for c in document["checks"]} == {"passed", "flagged", "skipped", "failed"}


def test_names_of_any_kind_fit_the_schema_and_come_back_exactly(make_run, hostile, validator):
    document = rendered(make_run(hostile))
    validator.validate(document)
    assert document["dataset"]["columns"][0]["name"] == hostile
    assert document["checks"][0]["findings"][0]["affected"]["columns"] == [hostile]


def test_the_schema_is_strict(run, validator):
    document = rendered(run)
    assert not validator.is_valid({**document, "more": 1})
    assert not validator.is_valid({**document, "schema_version": "1"})
    document["checks"][0]["findings"][0]["score"] = 3
    assert not validator.is_valid(document)


def test_the_main_fields(run):
    document = rendered(run)
    assert document["schema_version"] == "3"
    assert document["verdict"] == "stop"
    assert document["verdict_details"]["sentence"] == "Not yet: fix 1 blocker first"
    assert document["verdict_details"]["failed"] == ["anomalies.multivariate"]
    assert document["verdict_details"]["doubts"] == ["failed"]
    assert document["verdict_details"]["partial"] is False
    assert document["dataset"]["sha256"] == "ab" * 32
    assert document["dataset"]["columns"][1] == {
        "name": "label", "kind": "category", "role": "label", "why": "It is the last column.",
        "header": "", "disguised": [],
    }  # fmt: skip
    labels = document["checks"][2]
    assert labels["coverage"]["sampled"] is True
    assert labels["findings"][0]["severity"] == "warning"
    assert labels["findings"][0]["measure"]["value"] == 0.0665
    assert labels["findings"][0]["threshold"] is None
    assert labels["params"] == {"strong": 0.95, "gap": 0.1}


def test_cell_values_and_rows_kept_aside_are_left_out(make_run, secret):
    run = make_run(secret)
    cells = [e for e in rendered(run)["checks"][3]["evidence"] if e["shape"] == "cell_scores"]
    assert cells == [
        {
            "shape": "cell_scores",
            "name": run.shapes["cells"].name,
            "n_assessed": 9000,
            "n_flagged": 40,
        }
    ]
    rows = rendered(run)["checks"][2]["evidence"][0]
    assert set(rows) == {"shape", "name", "n_assessed", "n_flagged", "histogram"}
    assert secret not in json.dumps(rendered(make_run("age")))


def test_an_unfinished_run_says_what_is_missing(run, validator):
    run.spec = replace(run.spec, checks=(*run.spec.checks, "bias.representation"))
    run.status = replace(run.status, state=RunState.CANCELLED, ended_at=None)
    document = rendered(run)
    validator.validate(document)
    assert document["run"]["checks_without_result"] == ["bias.representation"]
    assert document["run"]["state"] == "cancelled"


def test_a_run_without_results(run, validator):
    run.results, run.verdict = (), verdict((), missing=run.spec.checks)
    run.spec = replace(run.spec, source=None)
    document = rendered(run)
    validator.validate(document)
    assert document["verdict_details"]["sentence"] == "Not known yet: 0 of 6 checks have ended"


def test_what_the_run_was_told_is_in_the_results(run, validator):
    rule = PolicyRule(findings="labels", becomes=Severity.CRITICAL)
    policy = Policy(name="strict.toml", sha256="ab" * 32, rules=(rule,))
    run.spec = replace(
        run.spec,
        params={"labels.label_errors": {"strong": 0.9}},
        left_out=("bias.representation",),
        policy=policy,
        reference=Reference(dataset=run.spec.dataset, table="t.parquet"),
    )
    run.results = tuple(
        policy.apply(replace(r, changed=("strong",), compared=r.check_id.startswith("labels")))
        for r in run.results
    )
    document = rendered(run)
    validator.validate(document)
    told = document["run"]
    assert told["params"] == {"labels.label_errors": {"strong": 0.9}}
    assert told["checks_left_out"] == ["bias.representation"]
    assert told["policy"]["rules"] == [
        {"findings": "labels", "becomes": "critical", "severity": None}
    ]
    assert told["reference"]["compared_by"] == ["labels.label_errors"]
    labels = document["checks"][2]
    assert (labels["params"]["strong"], labels["changed"]) == (0.95, ["strong"])
    assert labels["findings"][0]["severity"] == "critical"
    assert labels["findings"][0]["severity_of_check"] == "warning"


def test_the_same_run_gives_the_same_bytes(make_run):
    first, second = make_run(), make_run()
    args = [(r.spec, r.status, r.results, r.verdict) for r in (first, second)]
    assert to_json.render(*args[0]) == to_json.render(*args[1])
    assert to_json.render(*args[0]).isascii()


def test_brief_and_whole_results_give_the_same_document(run):
    whole = rendered(run)
    run.results = tuple(r.brief() for r in run.results)
    assert rendered(run) == whole


def test_numbers_that_are_not_finite_become_null(run, validator):
    odd = CheckResult(
        check_id="a.b", title="t", version=1, status=Status.PASSED, elapsed_s=0.0,
        coverage=Coverage(rows_seen=0, rows_total=0), params={"x": float("inf")},
    )  # fmt: skip
    run.results = (odd,)
    document = rendered(run)
    validator.validate(document)
    assert document["checks"][0]["params"] == {"x": None}
