from __future__ import annotations

import dataclasses
import io
import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from components.core.data.dataset import Role
from components.core.judgement.evidence import CellScores, Evidence, RowGroup, RowGroups, RowScores
from components.core.judgement.findings import CheckResult, Coverage, Finding, Status
from components.core.judgement.review import Cell, Decision
from components.core.settings import Settings
from components.jobs.folder import RunFolder
from components.services.data import datasets
from components.services.headless import role_arguments
from components.services.runs import runs
from components.services.workspace import Workspace, now, open_workspace
from components.store.results import write_result
from components.store.review import decisions

PETS = '''name,weight,legs,kind,note
Tom,4.1,4,cat,"soft, ""grey"""
Rex,22.5,4,dog,=1+1
Pip,0.02,2,bird,
Kit,3.9,4,dog,"two
lines"
Max,30.0,4,dog,-5
Zoe,4.4,4,cat,@here
Bob,19.0,4,cat,007
Sam,0.03,2,bird, space
'''


@pytest.fixture
def pets() -> str:
    return PETS


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """The database of a workspace in which nothing is yet, made once by all migrations."""
    workspace = open_workspace(Settings(home=tmp_path_factory.mktemp("empty") / "home"))
    workspace.close()
    return workspace.files.database


@pytest.fixture
def ws(tmp_path: Path, database_url: str, empty_database: Path):
    home = tmp_path / "home"
    if not database_url:
        home.mkdir(mode=0o700)
        shutil.copyfile(empty_database, home / empty_database.name)
    workspace = open_workspace(Settings(home=home, database_url=database_url))
    yield workspace
    workspace.close()


@pytest.fixture
def upload(ws: Workspace):
    """Return a function that takes a text or bytes into the workspace."""

    def add(content: str | bytes = PETS, name: str = "pets.csv", **options):
        raw = content.encode() if isinstance(content, str) else content
        return datasets.add(ws, io.BytesIO(raw), name, **options)

    return add


@pytest.fixture
def labelled(ws: Workspace, upload):
    """Return a function that makes a dataset with a label, and a run that flagged rows."""

    def make(
        content: str = PETS,
        *,
        label: str = "kind",
        flagged: tuple[tuple[int, str], ...] = ((3, "cat"), (6, "dog")),
        reasons: dict[int, str] | None = None,
    ):
        info = upload(content)
        changes = role_arguments.assign(info.version, {Role.LABEL: [label]})
        info = datasets.set_columns(ws, info.version.id, changes, actor="Ann")
        run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
        plant_result(ws, run_id, flagged, reasons)
        return info, run_id

    return make


@pytest.fixture
def plant_cells(ws: Workspace):
    """Return a function that puts the result of a check that suggests cells into a run."""

    def plant(run_id: str, suggested: dict[tuple[int, str], str]) -> str:
        cells = list(suggested)
        texts = np.empty(len(cells), dtype=object)
        texts[:] = list(suggested.values())
        columns = np.array([column for _, column in cells], dtype=object)
        scores = CellScores(
            name="cell quality",
            n_assessed=len(cells),
            n_flagged=len(cells),
            row_id=np.array([row for row, _ in cells]),
            column=columns,
            value=np.full(len(cells), "?", dtype=object),
            quality=np.linspace(0.1, 0.4, len(cells)),
            flagged=np.full(len(cells), fill_value=True),
            suggested=texts,
        )
        _write(ws, run_id, "validity.planted", (scores,))
        return "validity.planted"

    return plant


@pytest.fixture
def seed_decisions(ws: Workspace):
    """Return a function that stores many decisions at once, as a review does one by one."""

    def seed(info, column, wanted, given):
        made = [
            Decision(
                dataset_id=info.version.id,
                cell=Cell(row, column),
                check_id="labels.label_errors",
                action=action,
                given=given[row],
                new=new,
                reviewer="AB"[n % 2],
                at=now(),
            )
            for n, (row, (action, new)) in enumerate(wanted.items())
        ]
        with ws.db.write() as session:
            assert decisions.add_carried(session, made) == len(made)

    return seed


@pytest.fixture
def plant_labels(ws: Workspace):
    """Return a function that puts the result of a label check into a run."""
    return partial(plant_result, ws)


@pytest.fixture
def plant_reasons(ws: Workspace):
    """Return a function that puts the result of a label check that gives reasons into a run."""

    def plant(run_id: str, told: dict[int, tuple[str, str]]) -> None:
        flagged = tuple((row, suggested) for row, (suggested, _) in told.items())
        plant_result(ws, run_id, flagged, {row: reason for row, (_, reason) in told.items()})

    return plant


def plant_result(
    ws: Workspace,
    run_id: str,
    flagged: tuple[tuple[int, str], ...],
    reasons: dict[int, str] | None = None,
) -> None:
    """Put the result of a label check beside the others, as a worker would."""
    spec = runs.spec(ws, run_id)
    n = spec.dataset.n_rows
    marks = dict(flagged)
    suggested = np.empty(n, dtype=object)
    suggested[:] = [marks.get(r) for r in range(n)]
    given = np.full(n, "?", dtype=object)
    rows = RowScores.of(
        "label quality",
        row_id=np.arange(n),
        quality=np.array([0.1 + r / 100 if r in marks else 0.9 for r in range(n)]),
        flagged=np.array([r in marks for r in range(n)]),
        given=given,
        suggested=suggested,
        confidence=np.full(n, 0.8),
        reason=None
        if reasons is None
        else np.array([reasons.get(r) for r in range(n)], dtype=object),
    )
    groups = tuple(RowGroup(anchor=r, row_id=(0, 1), distance=(0.1, 0.2)) for r in marks)
    near = RowGroups(
        name="near", relation="nearest", n_groups=len(marks), n_rows=2 * len(marks), groups=groups
    )
    _write(ws, run_id, "labels.label_errors", (rows, near))


@pytest.fixture
def plant_scores(ws: Workspace):
    """Return a function that puts the result of any check into a run."""
    return partial(_write, ws)


def _write(
    ws: Workspace,
    run_id: str,
    check_id: str,
    evidence: tuple[Evidence, ...],
    findings: tuple[Finding, ...] = (),
) -> None:
    spec = runs.spec(ws, run_id)
    folder = ws.files.run(run_id)
    n = spec.dataset.n_rows
    result = CheckResult(
        check_id=check_id,
        title="Likely label errors",
        version=1,
        status=Status.FLAGGED if findings else Status.PASSED,
        findings=findings,
        evidence=evidence,
        coverage=Coverage(rows_seen=n, rows_total=n),
        elapsed_s=0.1,
    )
    write_result(folder, result)
    checks = (*spec.checks, check_id)
    RunFolder(folder).write_spec(dataclasses.replace(spec, checks=checks))


@pytest.fixture
def made():
    """Return a function that makes a file, and returns what is said of it and its bytes."""

    def make_file(make, ws, *arguments, **options):
        export = make(ws, *arguments, out=ws.files.home / "made", **options)
        facts = {f.name: getattr(export, f.name) for f in dataclasses.fields(export)}
        return SimpleNamespace(**facts, content=export.path.read_bytes())

    return make_file
