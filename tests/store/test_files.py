from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from components.core.atomic_files import read_json, write_bytes, write_json
from components.core.data.location import Location
from components.core.data.source import Problem
from components.core.errors import NotFound, UnusableInput
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult, Coverage, Status
from components.store.files import Files, valid_check_id
from components.store.results import read_cells, read_result, read_rows, write_result


def objects(*values: object) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


@pytest.fixture
def result() -> CheckResult:
    n = 500
    flagged = np.arange(n) < 250
    rows = RowScores.of(
        "label quality",
        row_id=np.arange(n),
        quality=np.where(flagged, 0.1, 0.9) + np.arange(n) / 10_000,
        flagged=flagged,
        given=objects(*["=cat"] * n),
        suggested=objects(*["dog", None] * (n // 2)),
        confidence=np.linspace(0, 1, n),
    )
    cells = CellScores(
        name="cells",
        n_assessed=10,
        n_flagged=1,
        row_id=np.array([7]),
        column=objects("a\ud800"),
        value=objects("x"),
        quality=np.array([0.0]),
        flagged=np.array([True]),
        reason=objects("odd"),
    )
    return CheckResult(
        check_id="labels.label_errors",
        title="Likely label errors",
        version=1,
        status=Status.PASSED,
        evidence=(rows, cells),
        coverage=Coverage(rows_seen=n, rows_total=n),
        elapsed_s=0.5,
    )


@pytest.mark.parametrize(
    "bad",
    ["", "..", "../x", "a/b", "/etc/passwd", "ABCDEF", "abc\x00d", "a" * 65, "abcd\n", ".new-1"],
)
def test_an_address_that_is_no_id_never_reaches_a_path(tmp_path: Path, bad: str):
    with pytest.raises(NotFound):
        Files(tmp_path).run(bad)


@pytest.mark.parametrize("bad", ["", "labels", "../x.y", "a.b/c", "a.b.c", "labels.x\n"])
def test_a_check_id_is_checked_too(bad: str):
    with pytest.raises(NotFound):
        valid_check_id(bad)


def test_the_workspace_is_for_its_owner_only(tmp_path: Path):
    home = tmp_path / "deep" / "home"
    Files(home)
    assert [p.stat().st_mode & 0o777 for p in (home, home / "datasets", home / "runs")] == [
        0o700
    ] * 3


def test_a_new_folder_vanishes_unless_it_was_moved(tmp_path: Path):
    files = Files(tmp_path)
    with files.new_folder() as folder:
        (folder / "x").write_text("1")
    with files.new_folder() as folder:
        (folder / "x").write_text("2")
        folder.rename(files.dataset(Location("kept")))
    assert [p.name for p in files.datasets.iterdir()] == ["kept"]
    files.discard(files.dataset(Location("kept")))
    files.discard(files.dataset(Location("kept")))
    assert list(files.datasets.iterdir()) == []


def test_files_in_another_place_than_the_workspace_are_told_in_words(tmp_path: Path):
    with pytest.raises(UnusableInput, match="lie in elsewhere://, which cannot be read here"):
        Files(tmp_path).dataset(Location("kept", "elsewhere://"))


def test_readers_never_see_half_a_file(tmp_path: Path):
    path = tmp_path / "status.json"
    write_json(path, Problem(code="a" * 100_000, message=""))
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(read_json(Problem, path).code[:1])

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(200):
        write_json(path, Problem(code="ab"[n % 2] * 100_000, message=""))
    stop.set()
    reader.join()
    assert seen <= {"a", "b"}
    assert [p.name for p in tmp_path.iterdir()] == ["status.json"]


def test_a_failed_write_leaves_the_old_content(tmp_path: Path):
    path = tmp_path / "x"
    write_bytes(path, b"old", durable=True)
    with pytest.raises(TypeError):
        write_bytes(path, "not bytes")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_reading_what_is_not_there_gives_none(tmp_path: Path):
    assert read_json(Problem, tmp_path / "x") is None
    assert read_result(tmp_path, "labels.label_errors") is None
    assert read_rows(tmp_path, "labels.label_errors") is None


def test_a_result_comes_back_with_all_its_rows(tmp_path: Path, result: CheckResult):
    write_result(tmp_path, result)
    rows = read_rows(tmp_path, result.check_id)
    for name in ("row_id", "quality", "flagged", "given", "suggested", "confidence"):
        np.testing.assert_array_equal(getattr(rows, name), getattr(result.row_scores, name))
    assert rows.reason is None
    assert (rows.n_assessed, rows.n_flagged) == (500, 250)
    brief = read_result(tmp_path, result.check_id)
    assert len(brief.row_scores.row_id) == 200
    cells = read_cells(tmp_path, result.check_id)
    assert (cells.row_id.tolist(), cells.column.tolist(), cells.reason.tolist()) == (
        [7],
        ["a?"],
        ["odd"],
    )
    assert cells.suggested is None


def test_rows_can_be_limited(tmp_path: Path, result: CheckResult):
    write_result(tmp_path, result)
    assert len(read_rows(tmp_path, result.check_id, flagged_only=True).row_id) == 250
    assert read_rows(tmp_path, result.check_id, limit=3).row_id.tolist() == [0, 1, 2]
