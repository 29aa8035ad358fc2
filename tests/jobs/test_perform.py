from __future__ import annotations

import errno

import pytest

from components.core.errors import Cancelled, NotFound
from components.core.judgement.runs import RunState
from components.jobs import context
from components.jobs.context import Context, Journal
from components.jobs.perform import perform


@pytest.fixture
def real_checks(prepare):
    """A run of two real, cheap checks."""
    folder = prepare()
    spec = folder.spec()
    import dataclasses

    checks = ("completeness.missing_values", "leakage.target_proxy")
    folder.write_spec(dataclasses.replace(spec, checks=checks))
    return folder


def test_a_run_in_this_process_tells_its_listener(real_checks):
    seen = []
    status = perform(real_checks.path, listener=seen.append)
    assert status.state is RunState.DONE
    assert seen[-1] == status
    assert [c.status.value for c in status.checks] == ["passed", "skipped"]
    assert status.checks[1].note == "No column has the role “label”."


def test_a_run_that_should_stop_stops_before_it_reads(real_checks):
    real_checks.ask_cancel()
    assert perform(real_checks.path).state is RunState.CANCELLED
    assert real_checks.profile() is None


def test_an_unknown_check_fails_the_run_in_words(prepare):
    status = perform(prepare("nothing").path)
    assert status.state is RunState.FAILED
    assert "There is no check “odd.nothing”." in status.error


def test_memory_that_ends_is_told_with_what_to_do(real_checks, monkeypatch):
    def greedy(*_args, **_options):
        raise MemoryError

    monkeypatch.setattr("components.jobs.perform.profile", greedy)
    status = perform(real_checks.path)
    assert status.state is RunState.FAILED
    assert "not enough memory" in status.error
    assert "PREFLIGHT_MEMORY_GB" in status.error


def test_a_full_disk_is_told_with_what_to_do(real_checks, monkeypatch):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("components.jobs.perform.profile", full)
    status = perform(real_checks.path)
    assert status.state is RunState.FAILED
    assert "The disk is full" in status.error
    assert "Make room" in status.error


def test_there_must_be_a_run(tmp_path):
    with pytest.raises(NotFound):
        perform(tmp_path)


@pytest.fixture
def journal(prepare):
    folder = prepare("quick", "polite")
    return Journal(folder, folder.status()), folder


def test_progress_is_written_a_few_times_a_second_only(journal, monkeypatch):
    journal, folder = journal
    written = []
    monkeypatch.setattr(type(folder), "write_status", lambda _self, s: written.append(s))
    ticks = iter(n / 100 for n in range(10_000))
    monkeypatch.setattr(context.time, "monotonic", lambda: 100 + next(ticks))
    for n in range(200):  # two seconds
        journal.advance("odd.quick", n / 200, "")
    assert 8 <= len(written) <= 11


def test_progress_stays_in_its_range_and_never_goes_back(journal):
    journal, _ = journal
    journal.begin("odd.quick")
    for done in (0.5, 0.2, -3.0):
        journal.advance("odd.quick", done, "")
        assert journal.status.checks[0].done == 0.5
    journal.advance("odd.quick", 7.0, "")
    assert journal.status.checks[0].done == 1.0


def test_progress_raises_once_somebody_asked_to_stop(journal):
    journal, folder = journal
    run = Context(folder.spec(), None, journal, "odd.quick", {})
    run.progress(0.1)
    folder.ask_cancel()
    with pytest.raises(Cancelled):
        run.progress(0.2)


def test_shared_work_is_done_once_per_run(journal):
    journal, folder = journal
    shared, made = {}, []
    for check_id in ("odd.quick", "odd.polite"):
        run = Context(folder.spec(), None, journal, check_id, shared)
        assert run.shared("key", lambda: made.append(1) or "value") == "value"
        assert run.seed == 0
    assert made == [1]
