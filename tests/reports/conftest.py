from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.data.source import AsideRow, Dialect, Problem, SourceReport
from components.core.facts.profile import DatasetProfile
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    CheckResult,
    Coverage,
    Finding,
    Severity,
    Status,
    Threshold,
)
from components.core.judgement.gate import verdict
from components.core.judgement.runs import RunSpec, RunState, RunStatus

CHARTS = runpy.run_path(str(Path(__file__).parents[1] / "charts" / "conftest.py"))
HOSTILE = CHARTS["HOSTILE"]
CANARY = "cell-value-4711"
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Run:
    """A hand-made run: every shape of evidence, every status, a name of one's choice."""

    def __init__(self, name: str = "age", *, n_rows: int = 2000) -> None:
        shapes = CHARTS["make"](name)
        self.shapes = shapes
        finding = Finding(
            check_id="leakage.target_proxy",
            key=f"copy:{name}",
            title=f"{name} gives the answer away",
            detail="It agrees with the label on 1,998 of 2,000 rows, so a model will look perfect.",
            severity=Severity.CRITICAL,
            measure=Measure(name="accuracy", value=0.999, unit=Unit.SHARE, n=2000, ci_low=0.996),
            threshold=Threshold(value=0.95, param="strong", source="deepchecks; ours"),
            affected=Affected(columns=(name,), n_rows=2000, share=1.0, row_id=(3, 14, 15)),
            recommended_action=f"Drop {name} before training.",
            caveat="A column that is known before the outcome may be this good.",
            evidence=(shapes["ranking"], shapes["bins"]),
        )
        warning = Finding(
            check_id="labels.label_errors",
            key="label",
            title="133 labels look wrong",
            detail="A model that never saw these rows is sure of another class.",
            severity=Severity.WARNING,
            measure=Measure(name="share in doubt", value=0.0665, unit=Unit.SHARE, n=2000),
            threshold=None,
            affected=Affected(n_rows=133, share=0.0665),
            recommended_action="Review the flagged labels.",
            caveat="Rare classes are flagged more often.",
            evidence=(shapes["rows"], shapes["groups"]),
        )
        note = Finding(
            check_id="duplicates.exact_rows",
            key="copies",
            title="9 rows are copies",
            detail="They repeat an earlier row.",
            severity=Severity.INFO,
            measure=Measure(name="copies", value=9, unit=Unit.COUNT),
            threshold=Threshold(value=0, param="share", source="ours"),
            affected=Affected(n_rows=9, share=0.0045),
            recommended_action="Keep one of each.",
            caveat="Copies can be real.",
            evidence=(shapes["copies"],),
        )
        self.results = (
            self._result("leakage.target_proxy", Status.FLAGGED, findings=(finding,)),
            self._result(
                "duplicates.exact_rows", Status.FLAGGED, findings=(note,),
                evidence=(shapes["copies"], shapes["time"], shapes["curve"]),
            ),
            self._result(
                "labels.label_errors", Status.FLAGGED, findings=(warning,),
                evidence=(shapes["rows"], shapes["matrix"], shapes["categories"]),
                coverage=Coverage(
                    rows_seen=1500, rows_total=n_rows, sampled=True, note="Drawn evenly by class."
                ),
            ),
            self._result(
                "validity.cell_errors", Status.PASSED,
                evidence=(shapes["cells"], shapes["measure"], shapes["groups"]),
            ),
            self._result("bias.outcome_gap", Status.SKIPPED, reason="No column has the role."),
            self._result("anomalies.multivariate", Status.FAILED, reason=f"ValueError: {name}"),
        )  # fmt: skip
        self.verdict = verdict(self.results)
        columns = (
            Column(
                name=name, field="c0", header=name, storage=Storage.NUMBER, kind=Kind.NUMBER,
                kind_why="980 of 1,000 texts are numbers.", disguised=("?",),
            ),
            Column(
                name="label", field="c1", storage=Storage.TEXT, kind=Kind.CATEGORY,
                role=Role.LABEL, role_why="It is the last column.",
            ),
        )  # fmt: skip
        version = DatasetVersion(
            id="d1", name=f"{name}.csv", sha256="ab" * 32, n_rows=n_rows, columns=columns
        )
        self.spec = RunSpec(
            run_id="r1",
            dataset=version,
            table="table.parquet",
            checks=tuple(r.check_id for r in self.results),
            seed=7,
            created_at=AT,
            source=SourceReport(
                format="csv",
                dialect=Dialect(),
                size_bytes=123_456,
                n_rows=n_rows,
                n_columns=2,
                n_aside=2,
                aside=(AsideRow(line=5, reason="It has 9 fields instead of 2.", text=CANARY),),
                problems=(
                    Problem(code="ragged_rows", message=f"2 rows of {name} differ.", lines=(5, 9)),
                ),
            ),
        )
        self.status = RunStatus(run_id="r1", state=RunState.DONE, started_at=AT, ended_at=AT)
        self.profile = DatasetProfile(
            n_rows=n_rows,
            n_columns=2,
            columns=(
                CHARTS["number_column"](name=name, minimum=0.5, maximum=79.25, mean=30.1),
                CHARTS["text_column"](name="label", role=Role.LABEL),
            ),
        )

    @staticmethod
    def _result(check_id, status, **more):
        more.setdefault("coverage", Coverage(rows_seen=2000, rows_total=2000))
        title = check_id.partition(".")[2].replace("_", " ").capitalize()
        return CheckResult(
            check_id=check_id, title=title, version=1, status=status, elapsed_s=0.25,
            params={"strong": 0.95, "gap": 0.1}, versions={"scikit-learn": "1.9"}, **more,
        )  # fmt: skip


@pytest.fixture
def run():
    return Run()


@pytest.fixture
def make_run():
    return Run


@pytest.fixture
def hostile():
    return HOSTILE


@pytest.fixture
def secret():
    return CANARY
