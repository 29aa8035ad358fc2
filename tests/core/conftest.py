from __future__ import annotations

from collections.abc import Callable

import pytest

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    CheckResult,
    Coverage,
    Finding,
    Severity,
    Status,
)


@pytest.fixture
def version() -> Callable[..., DatasetVersion]:
    """Return a function that makes a version with columns of the kinds and roles given."""

    def make(*columns: tuple[str, Kind, Role], n_rows: int = 100) -> DatasetVersion:
        made = tuple(
            Column(name=name, field=f"c{i}", storage=Storage.TEXT, kind=kind, role=role)
            for i, (name, kind, role) in enumerate(columns)
        )
        return DatasetVersion(id="d", name="data.csv", sha256="0" * 64, n_rows=n_rows, columns=made)

    return make


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return a function that makes a finding."""

    def make(
        key: str = "k",
        severity: Severity = Severity.WARNING,
        *,
        share: float = 0.1,
        check_id: str = "concern.check",
        evidence: tuple = (),
    ) -> Finding:
        return Finding(
            check_id=check_id,
            key=key,
            title="1 thing",
            detail="",
            severity=severity,
            measure=Measure(name="m", value=0.1, unit=Unit.SHARE),
            threshold=None,
            affected=Affected(share=share),
            recommended_action="Look",
            caveat="",
            evidence=evidence,
        )

    return make


@pytest.fixture
def result() -> Callable[..., CheckResult]:
    """Return a function that makes the result of a check."""

    def make(
        check_id: str, status: Status, *findings: Finding, evidence: tuple = ()
    ) -> CheckResult:
        return CheckResult(
            check_id=check_id,
            title="t",
            version=1,
            status=status,
            findings=findings,
            evidence=evidence,
            coverage=Coverage(rows_seen=1, rows_total=1),
            elapsed_s=0.0,
        )

    return make
