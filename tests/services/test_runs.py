from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from components.core.errors import NotFound, UnusableInput
from components.core.judgement.findings import Doubt, Severity, Status
from components.core.judgement.gate import Outcome
from components.core.judgement.policy import Policy, PolicyRule
from components.core.judgement.runs import RunState
from components.jobs.folder import RunFolder
from components.processes.spawn import PACKAGE_ROOT, works
from components.services import workspace
from components.services.runs import runs
from components.services.runs.settings import RunSettings

ONE = ["completeness.missing_values"]


def wait(ws, run_id, seconds=60):
    deadline = time.monotonic() + seconds
    while not (status := runs.status(ws, run_id)).state.is_over:
        assert time.monotonic() < deadline, status
        time.sleep(0.05)
    return status


def test_a_run_in_a_process_ends_with_results(ws, upload):
    info = upload()
    run_id = runs.start(ws, info.version.id, only=["completeness"], seed=7, actor="Ann")
    assert runs.start(ws, info.version.id, only=["completeness"], seed=7) == run_id
    assert [s.run_id for s in runs.active(ws)] == [run_id]
    status = wait(ws, run_id)
    assert (status.state, status.error) == (RunState.DONE, "")
    spec = runs.spec(ws, run_id)
    assert (spec.dataset, spec.seed, spec.source) == (info.version, 7, info.report)
    assert tuple(r.check_id for r in runs.results(ws, run_id)) == spec.checks
    assert runs.profile(ws, run_id).n_rows == 8
    assert runs.active(ws) == ()
    assert runs.latest(ws, info.version.id) == run_id
    assert [s.run_id for s in runs.history(ws, info.version.id)] == [run_id]
    assert workspace.history(ws)[0].action == "run.started"


def test_the_same_asked_by_many_at_the_same_instant_is_one_run(ws, upload):
    dataset_id = upload().version.id
    ready = threading.Barrier(8)

    def click(_n):
        ready.wait()
        return runs.start(ws, dataset_id, only=ONE)

    with ThreadPoolExecutor(8) as people:
        started = set(people.map(click, range(8)))
    assert len(started) == 1
    assert [status.run_id for status in runs.history(ws, dataset_id)] == list(started)
    wait(ws, started.pop())


def test_the_same_asked_by_several_processes_at_the_same_instant_is_one_run(ws, upload):
    dataset_id = upload().version.id
    click = (
        "import sys; from pathlib import Path\n"
        "from components.core.settings import Settings\n"
        "from components.services.runs import runs\n"
        "from components.services.workspace import open_workspace\n"
        "ws = open_workspace(Settings(home=Path(sys.argv[1])))\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        f"print(runs.start(ws, sys.argv[2], only={ONE}))\n"
    )
    command = [sys.executable, "-c", click, str(ws.files.home), dataset_id]
    pipe = subprocess.PIPE
    people = [
        subprocess.Popen(command, cwd=PACKAGE_ROOT, stdin=pipe, stdout=pipe, text=True)
        for _ in range(3)
    ]
    for person in people:
        assert person.stdout.readline() == "ready\n"
    for person in people:
        person.stdin.write("go\n")
        person.stdin.flush()
    started = {person.communicate()[0].strip() for person in people}
    assert len(started) == 1
    wait(ws, started.pop())


def is_at_work(folder):
    # a worker that has said all ends by itself
    return works(folder) and not folder.status().state.is_over


def _active_while_none_starts(ws, run_ids):
    """The runs that are not over, read while no job leaves the queue: else places move on."""
    folders = [RunFolder(ws.files.run(run_id)) for run_id in run_ids]
    for _ in range(50):
        before = [is_at_work(folder) for folder in folders]
        active = {status.run_id: status for status in runs.active(ws)}
        if before == [is_at_work(folder) for folder in folders]:
            return active
    raise AssertionError("jobs leave the queue faster than it can be read")


def test_fifty_runs_have_two_workers_and_the_rest_wait_in_order(ws, upload):
    few = replace(ws, settings=replace(ws.settings, max_workers=2))
    dataset_id = upload().version.id
    started = [runs.start(few, dataset_id, only=ONE, seed=n) for n in range(50)]
    assert len(set(started)) == 50
    active = _active_while_none_starts(few, started)
    waiting = [r for r in started if r in active and "in the queue" in active[r].step]
    assert len(waiting) >= 40
    places = [active[run_id].step for run_id in waiting]
    assert places[:3] == [f"Waiting: {n} in the queue" for n in ("first", "second", "third")]
    assert len(set(places)) == len(places)
    folders = [RunFolder(ws.files.run(run_id)) for run_id in started]
    assert sum(map(is_at_work, folders)) <= 2
    for run_id in started[20:]:
        runs.cancel(few, run_id)
    for run_id in started[20:]:
        assert wait(few, run_id).state is RunState.CANCELLED
    wait(few, started[4])
    assert sum(map(is_at_work, folders)) <= 2
    for run_id in started[:20]:
        runs.cancel(few, run_id)
    for run_id in started[:20]:
        wait(few, run_id)


@pytest.mark.parametrize(
    "other",
    [
        RunSettings(params={"completeness.missing_values": {"min_share": 0.2}}),
        RunSettings(
            policy=Policy(
                name="p", sha256="0", rules=(PolicyRule(findings="bias", becomes=Severity.INFO),)
            )
        ),
    ],
    ids=["parameter", "policy"],
)
def test_another_setting_makes_another_run(ws, upload, monkeypatch, other):
    """Runs were told apart by table, checks and seed alone."""
    monkeypatch.setattr(runs.runner, "start", lambda *_: None)
    dataset_id = upload().version.id
    first = runs.start(ws, dataset_id, only=ONE)
    second = runs.start(ws, dataset_id, only=ONE, settings=other)
    assert second != first
    assert runs.start(ws, dataset_id, only=ONE, settings=other) == second
    default = RunSettings(params={"completeness.missing_values": {"min_share": 0.05}})
    assert runs.start(ws, dataset_id, only=ONE, settings=default) == first


def test_a_run_in_this_process_gives_the_same_results(ws, upload):
    info = upload()
    there = runs.start(ws, info.version.id, only=ONE)
    wait(ws, there)
    here = runs.execute(ws, info.version.id, only=ONE)
    assert here != there
    mine, other = (runs.results(ws, r)[0] for r in (here, there))
    assert (mine.findings, mine.evidence) == (other.findings, other.evidence)
    assert runs.latest(ws, info.version.id) == here


def test_a_run_can_be_cancelled(ws, upload):
    run_id = runs.start(ws, upload().version.id)
    began = time.monotonic()
    runs.cancel(ws, run_id)
    assert wait(ws, run_id).state is RunState.CANCELLED
    assert time.monotonic() - began < 2.5
    runs.cancel(ws, run_id)
    verdict = runs.verdict(ws, run_id)
    assert verdict.outcome is Outcome.UNKNOWN, "what did not run is no pass"
    assert Doubt.UNFINISHED in verdict.doubts
    assert set(verdict.missing) == set(runs.spec(ws, run_id).checks)


def test_the_worker_reports_what_the_registry_selects(ws, upload):
    dataset_id = upload().version.id
    with pytest.raises(UnusableInput, match="no check or concern “nope”"):
        runs.start(ws, dataset_id, only=["nope"])
    assert runs.latest(ws, dataset_id) is None
    run_id = runs.execute(ws, dataset_id, only=["completeness"], skip=ONE)
    assert ONE[0] not in runs.spec(ws, run_id).checks


def test_findings_have_an_address(ws, labelled):
    _, run_id = labelled(flagged=())
    assert runs.finding(ws, run_id, "nope:nope") is None
    for result in runs.results(ws, run_id):
        for finding in result.findings:
            assert runs.finding(ws, run_id, finding.id) == finding


def test_rows_come_worst_first(ws, labelled):
    _, run_id = labelled()
    scores = runs.row_scores(ws, run_id, "labels.label_errors", flagged_only=True)
    assert scores.row_id.tolist() == [3, 6]
    assert runs.row_scores(ws, run_id, "labels.label_errors", limit=1).row_id.tolist() == [3]
    assert runs.row_scores(ws, run_id, "completeness.missing_values") is None
    assert runs.cell_scores(ws, run_id, "labels.label_errors") is None
    assert runs.result(ws, run_id, "../../x") is None


@pytest.mark.parametrize("bad", ["", "../x", "nope", "250101-000000-abcd"])
def test_an_unknown_run_is_told_in_words(ws, bad):
    for ask in (runs.status, runs.spec, runs.results, runs.cancel, runs.profile, runs.verdict):
        with pytest.raises(NotFound, match="There is no"):
            ask(ws, bad)


def test_the_catalogue_has_help_for_every_check():
    catalogue = runs.catalogue()
    assert len({c.id for c in catalogue}) == len(catalogue) >= 5
    for check in catalogue:
        assert check.id.startswith(f"{check.concern}.")
        assert check.doc["What it looks for"]
        assert check.cost in {"facts", "scan", "sample", "model"}


@pytest.mark.parametrize("content", [b"", b"{", b'{"run_id": 3}'])
def test_a_damaged_status_is_told_and_stops_no_other_run(ws, upload, content):
    dataset_id = upload().version.id
    damaged = runs.execute(ws, dataset_id, only=ONE)
    whole = runs.execute(ws, dataset_id, only=ONE, seed=1)
    (ws.files.run(damaged) / "status.json").write_bytes(content)
    assert runs.active(ws) == ()
    states = {status.run_id: status.state for status in runs.history(ws, dataset_id)}
    assert states == {damaged: RunState.INTERRUPTED, whole: RunState.DONE}
    assert "damaged" in runs.status(ws, damaged).error


def test_skipped_checks_say_why(ws, upload):
    run_id = runs.execute(ws, upload("a,b\n1,x\n2,y\n").version.id, only=["leakage.target_proxy"])
    result = runs.results(ws, run_id)[0]
    assert result.status is Status.SKIPPED
    assert runs.verdict(ws, run_id).skipped == ("leakage.target_proxy",)
