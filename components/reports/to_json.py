"""``results.json``: a run in full, for machines.

The layout is promised by ``schema/results.schema.json`` and told in ``RESULTS.md``. Text stands as
it is in the data, not cleaned. No cell values: rows and cells stand in the CSV files beside it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from components.core.codec import to_json
from components.core.data.dataset import Column
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.evidence import CellScores, Evidence, RowScores
from components.core.judgement.findings import CheckResult, Finding
from components.core.judgement.gate import Verdict, judge
from components.core.judgement.runs import Reference, RunSpec, RunStatus
from components.reports.words import coverage_sentences, verdict_sentence

SCHEMA_VERSION = "3"

Json = dict[str, Any]


def render(
    spec: RunSpec,
    status: RunStatus,
    results: tuple[CheckResult, ...],
    verdict: Verdict,
    answers: Answers = NO_ANSWERS,
) -> str:
    """Return ``results.json`` as text; ASCII only, so that any reader can take it.

    Parameters
    ----------
    verdict
        That of the machine.
    answers
        What people said; it stands beside what the machine said, and changes nothing of it.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(spec, status, results),
        "dataset": {
            "id": spec.dataset.id,
            "name": spec.dataset.name,
            "sha256": spec.dataset.sha256,
            "n_rows": spec.dataset.n_rows,
            "parent": spec.dataset.parent,
            "task": spec.dataset.task.value,
            "columns": [_column(c) for c in spec.dataset.columns],
        },
        "source": None if spec.source is None else _source(spec),
        "verdict": verdict.outcome.value,
        "verdict_details": {
            "sentence": verdict_sentence(verdict),
            "coverage": list(coverage_sentences(verdict, results)),
            "partial": verdict.is_partial,
            **{k: v for k, v in to_json(verdict).items() if k not in _SAID_ELSEWHERE},
        },
        "people": _people(judge(spec, status.state, results, answers), answers),
        "checks": [_check(result) for result in results],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


_SAID_ELSEWHERE = frozenset({"outcome", "settled", "accepted", "accepted_by"})


def _people(verdict: Verdict, answers: Answers) -> Json:
    """Return what people said, and the verdict when it is taken in."""
    counts = answers.counts
    return {
        "verdict": verdict.outcome.value,
        "sentence": verdict_sentence(verdict),
        "review": {
            "open": counts.n_open,
            "settled": counts.n_settled,
            "kept": counts.n_kept,
            "changed": counts.n_changed,
            "excluded": counts.n_excluded,
            "not_sure": counts.n_unsure,
            "errors": counts.n_errors,
        },
        "settled": list(verdict.settled),
        "accepted": [
            {
                "finding": found.finding_id,
                "reviewer": found.reviewer,
                "at": to_json(found.at),
                "reason": found.reason,
            }
            for found in (answers.accepted[key] for key in verdict.accepted)
        ],
    }


@cache
def schema() -> Json:
    """Return the JSON Schema of ``results.json``."""
    text = (Path(__file__).parent / "schema" / "results.schema.json").read_text("utf-8")
    found: Json = json.loads(text)
    return found


def _run(spec: RunSpec, status: RunStatus, results: tuple[CheckResult, ...]) -> Json:
    ended = {result.check_id for result in results}
    return {
        "id": spec.run_id,
        "state": status.state.value,
        "error": status.error,
        "notes": list(status.notes),
        "seed": spec.seed,
        "created_at": to_json(spec.created_at),
        "started_at": to_json(status.started_at),
        "ended_at": to_json(status.ended_at),
        "checks_planned": list(spec.checks),
        "checks_without_result": [c for c in spec.checks if c not in ended],
        "checks_left_out": list(spec.left_out),
        "params": to_json(spec.params),
        "no_label": spec.dataset.no_label,
        "policy": to_json(spec.policy),
        "reference": None if spec.reference is None else _reference(spec.reference, results),
    }


def _reference(reference: Reference, results: tuple[CheckResult, ...]) -> Json:
    return {
        "id": reference.dataset.id,
        "name": reference.dataset.name,
        "sha256": reference.dataset.sha256,
        "n_rows": reference.dataset.n_rows,
        "compared_by": [result.check_id for result in results if result.compared],
    }


def _column(column: Column) -> Json:
    return {
        "name": column.name,
        "kind": column.kind.value,
        "role": column.role.value,
        "why": " ".join(w for w in (column.kind_why, column.role_why) if w),
        "header": column.header,
        "disguised": list(column.disguised),
    }


def _source(spec: RunSpec) -> Json:
    """Return what intake said; rows kept aside are counted, their text is left out."""
    found: Json = to_json(spec.source)
    found.pop("aside")
    return found


def _check(result: CheckResult) -> Json:
    return {
        "check_id": result.check_id,
        "title": result.title,
        "version": result.version,
        "status": result.status.value,
        "reason": result.reason,
        "coverage": to_json(result.coverage),
        "elapsed_s": result.elapsed_s,
        "params": to_json(result.params),
        "changed": list(result.changed),
        "lacks": to_json(result.lacks),
        "versions": dict(result.versions),
        "findings": [_finding(f) for f in result.findings],
        "evidence": [_evidence(e) for e in result.evidence],
    }


def _finding(finding: Finding) -> Json:
    measure = to_json(finding.measure)
    return {
        "id": finding.id,
        "key": finding.key,
        "title": finding.title,
        "detail": finding.detail,
        "severity": to_json(finding.severity),
        "severity_of_check": to_json(finding.severity_of_check),
        "doubt": to_json(finding.doubt),
        "measure": measure,
        "threshold": to_json(finding.threshold),
        "affected": to_json(finding.affected),
        "recommended_action": finding.recommended_action,
        "caveat": finding.caveat,
        "evidence": [_evidence(e) for e in finding.evidence],
    }


def _evidence(evidence: Evidence) -> Json:
    found: Json = to_json(evidence.brief(0) if isinstance(evidence, _BY_ROW) else evidence)
    if isinstance(evidence, _BY_ROW):
        kept = ("shape", "name", "n_assessed", "n_flagged", "histogram")
        return {key: found[key] for key in kept if key in found}
    return found


_BY_ROW = (RowScores, CellScores)
