"""Datasets, facts, errors, runs and settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from components.core.data.dataset import Kind, Role, Task
from components.core.errors import NotFound, PreflightError, UnusableInput
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.judgement.findings import Status
from components.core.judgement.runs import CheckProgress, RunState, RunStatus
from components.core.settings import ONE_THREAD, Settings, bound_threads, environment_with

VARIABLES = (
    "PREFLIGHT_HOME",
    "PREFLIGHT_MEMORY_GB",
    "PREFLIGHT_MAX_UPLOAD_MB",
    "PREFLIGHT_MAX_COLUMNS",
    "PREFLIGHT_DATA_DIR",
)


@pytest.fixture
def environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_settings_have_defaults(environment, tmp_path):
    environment.setenv("HOME", str(tmp_path))
    assert Settings.from_environment() == Settings(
        home=tmp_path / ".local/share/preflight",
        memory_limit=2_000_000_000,
        max_upload=2_000_000_000,
        max_unpacked=4_000_000_000,
        max_columns=9_500,
        data_dir=None,
    )


def test_settings_are_read_from_the_environment(environment):
    environment.setenv("PREFLIGHT_HOME", "/somewhere/else")
    environment.setenv("PREFLIGHT_MEMORY_GB", " 0.5 ")
    environment.setenv("PREFLIGHT_MAX_UPLOAD_MB", "1.5")
    environment.setenv("PREFLIGHT_MAX_COLUMNS", "")
    environment.setenv("PREFLIGHT_DATA_DIR", "~/tables")
    environment.setenv("HOME", "/somewhere")
    assert Settings.from_environment() == Settings(
        home=Path("/somewhere/else"),
        memory_limit=500_000_000,
        max_upload=1_500_000,
        data_dir=Path("/somewhere/tables"),
    )


@pytest.mark.parametrize("text", ["-1", "0", "many", "nan", "inf"])
def test_a_setting_that_is_no_positive_number_is_named(environment, text):
    environment.setenv("PREFLIGHT_MEMORY_GB", text)
    with pytest.raises(UnusableInput, match=f"PREFLIGHT_MEMORY_GB is “{text}”") as caught:
        Settings.from_environment()
    assert caught.value.todo == "Set PREFLIGHT_MEMORY_GB to a number such as 2."


def test_child_processes_use_one_thread_unless_told_otherwise(environment):
    for name in ONE_THREAD:
        environment.delenv(name, raising=False)
    environment.setenv("MKL_NUM_THREADS", "4")
    made = environment_with({"EXTRA": "x"})
    assert made["OMP_NUM_THREADS"] == made["OPENBLAS_NUM_THREADS"] == "1"
    assert (made["MKL_NUM_THREADS"], made["EXTRA"]) == ("4", "x")
    assert made["PATH"] == os.environ["PATH"]


def test_bounding_threads_leaves_numbers_that_are_set(environment):
    for name in ONE_THREAD:
        environment.setenv(name, "3")
    environment.delenv("OMP_NUM_THREADS")
    bound_threads()
    assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["MKL_NUM_THREADS"] == "3"


def test_an_error_tells_what_and_what_to_do():
    error = UnusableInput("The file is empty.", "Upload another.")
    assert isinstance(error, PreflightError)
    assert str(error) == "The file is empty. Upload another."
    assert str(NotFound("Nothing there.")) == "Nothing there."


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        (Kind.CATEGORY, Task.CLASSIFICATION),
        (Kind.BOOLEAN, Task.CLASSIFICATION),
        (Kind.NUMBER, Task.REGRESSION),
        (Kind.INTEGER, Task.REGRESSION),
    ],
)
def test_the_label_sets_the_task(version, kind, task):
    assert version(("y", kind, Role.LABEL)).task is task


def test_without_a_label_there_is_no_task(version):
    made = version(("x", Kind.NUMBER, Role.FEATURE))
    assert (made.task, made.label) == (Task.NONE, None)


def test_columns_are_found_by_name_and_role(version):
    made = version(
        ("x", Kind.NUMBER, Role.FEATURE),
        ("sex", Kind.CATEGORY, Role.SENSITIVE),
        ("empty", Kind.EMPTY, Role.FEATURE),
        ("same", Kind.CONSTANT, Role.FEATURE),
        ("key", Kind.IDENTIFIER, Role.FEATURE),
        ("left out", Kind.NUMBER, Role.IGNORE),
        ("when", Kind.DATETIME, Role.TIME),
        ("y", Kind.CATEGORY, Role.LABEL),
    )
    assert made.column("sex").field == "c1"
    assert [c.name for c in made.inputs] == ["x", "sex", "when"]
    assert [c.name for c in made.with_roles(Role.LABEL, Role.SENSITIVE)] == ["sex", "y"]
    with pytest.raises(NotFound, match="no column “Sex”"):
        made.column("Sex")


def test_other_columns_leave_the_version_as_it_was(version):
    made = version(("x", Kind.NUMBER, Role.FEATURE))
    assert made.with_columns(()).columns == ()
    assert len(made.columns) == 1


def column(name: str, n: int, n_missing: int) -> ColumnProfile:
    return ColumnProfile(
        name=name,
        kind=Kind.NUMBER,
        role=Role.FEATURE,
        n=n,
        n_missing=n_missing,
        disguised={},
        n_distinct=0,
    )


def test_completeness_is_the_share_of_filled_cells():
    columns = (column("a", 4, 1), column("b", 4, 3))
    made = DatasetProfile(n_rows=4, n_columns=2, columns=columns)
    assert made.completeness == 0.5
    assert [c.completeness for c in columns] == [0.75, 0.25]
    assert made.column("b") is columns[1]
    with pytest.raises(NotFound, match="“c”"):
        made.column("c")


def test_a_table_without_cells_is_complete():
    assert DatasetProfile(n_rows=0, n_columns=1, columns=(column("a", 0, 0),)).completeness == 1.0
    assert column("a", 0, 0).completeness == 1.0


@pytest.mark.parametrize(
    ("state", "over"),
    [
        (RunState.QUEUED, False),
        (RunState.RUNNING, False),
        (RunState.DONE, True),
        (RunState.CANCELLED, True),
        (RunState.INTERRUPTED, True),
        (RunState.FAILED, True),
    ],
)
def test_a_run_is_over_when_nothing_more_will_come(state, over):
    assert state.is_over is over


def test_a_run_is_as_far_as_its_checks():
    checks = (
        CheckProgress(check_id="a", title="a", done=0.2, status=Status.FLAGGED, n_findings=2),
        CheckProgress(check_id="b", title="b", done=0.5, n_findings=1),
        CheckProgress(check_id="c", title="c"),
    )
    status = RunStatus(run_id="r", state=RunState.RUNNING, checks=checks)
    assert status.done == pytest.approx(0.5)
    assert status.n_findings == 3
    assert RunStatus(run_id="r", state=RunState.DONE).done == 1.0
    assert RunStatus(run_id="r", state=RunState.QUEUED).done == 0.0
