"""One damaged file is one run's problem."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from components.cli import UNUSABLE, main
from components.core.errors import Damaged
from components.core.judgement.findings import Status
from components.core.judgement.gate import Outcome
from components.core.judgement.runs import RunState
from components.jobs import job
from components.services.runs import runs

ONE = ["completeness.missing_values"]
HARM = [b"", b"{", b"[]", b'{"run_id": 3}', b"\xff\xfe\x00", b"[" * 100_000]


@pytest.fixture
def two(ws, upload):
    """Two runs of one table: the first is to be damaged."""
    dataset_id = upload().version.id
    return dataset_id, *(runs.execute(ws, dataset_id, only=ONE, seed=n) for n in (0, 1))


@pytest.mark.parametrize("content", HARM)
@pytest.mark.parametrize("name", ["status.json", "spec.json", "owner.json", "profile.json"])
def test_a_damaged_file_of_a_run_stops_no_other(ws, two, name, content):
    dataset_id, damaged, whole = two
    (ws.files.run(damaged) / name).write_bytes(content)
    assert runs.active(ws) == ()
    assert {s.run_id for s in runs.history(ws, dataset_id)} == {damaged, whole}
    assert runs.status(ws, whole).state is RunState.DONE
    assert runs.verdict(ws, whole).outcome is not Outcome.UNKNOWN or runs.results(ws, whole)
    assert runs.dataset_of(ws, damaged) == dataset_id
    one = replace(ws, settings=replace(ws.settings, max_workers=1))
    with one.queue.slot() as is_free:  # nothing starts: a process takes longer than all else here
        assert is_free
        again = runs.start(one, dataset_id, only=ONE, seed=2)
        assert "in the queue" in runs.status(one, again).step
        runs.cancel(one, again)
        ended = time.monotonic() + 60
        while not runs.status(one, again).state.is_over and time.monotonic() < ended:
            time.sleep(0.02)
        assert runs.status(one, again).state is RunState.CANCELLED


@pytest.mark.parametrize("content", HARM)
def test_a_damaged_result_is_a_check_that_failed(ws, two, content):
    _, damaged, _ = two
    (ws.files.run(damaged) / "results" / f"{ONE[0]}.json").write_bytes(content)
    (result,) = runs.results(ws, damaged)
    assert result.status is Status.FAILED
    assert "damaged" in result.reason
    assert "again" in result.reason
    assert runs.result(ws, damaged, ONE[0]) == result


def test_what_cannot_be_read_of_a_run_is_told(ws, two):
    _, damaged, _ = two
    for name, ask in (("spec.json", runs.spec), ("profile.json", runs.profile)):
        (ws.files.run(damaged) / name).write_bytes(b"")
        with pytest.raises(Damaged, match=rf"{damaged}/{name} of the workspace is damaged"):
            ask(ws, damaged)


def test_damaged_scores_are_told(ws, labelled):
    _, run_id = labelled()
    path = ws.files.run(run_id) / "rows" / "labels.label_errors.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(Damaged, match="check the table again"):
        runs.row_scores(ws, run_id, "labels.label_errors")


def test_the_report_of_a_damaged_run_is_one_line(ws, two, capsys, monkeypatch, tmp_path):
    _, damaged, _ = two
    (ws.files.run(damaged) / "spec.json").write_bytes(b"{")
    monkeypatch.setenv("PREFLIGHT_HOME", str(ws.files.home))
    assert main(["report", damaged, "--out", str(tmp_path / "out")]) == UNUSABLE
    said = capsys.readouterr().err
    assert "damaged" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["result.json", "owner.json", "request.json", "exit.json"])
def test_a_damaged_job_stops_no_other_job(ws, name):
    first = job.new(ws.files.jobs)
    job.do_here(first, {}, lambda _request, _tell: "done")
    (first.path / name).write_bytes(b"")
    second = job.new(ws.files.jobs)
    job.do_here(second, {}, lambda _request, _tell: "done")
    assert job.result(second) == "done"
    assert job.status(first, ws.queue).is_over
    if name == "result.json":
        with pytest.raises(Damaged):
            job.result(first)


def test_a_damaged_slot_of_the_queue_is_free(ws, upload):
    upload()
    (ws.files.home / "queue").mkdir(exist_ok=True)
    (ws.files.home / "queue" / "000000000001.process.123").write_bytes(b"")
    with ws.queue.slot() as is_free:
        assert is_free
