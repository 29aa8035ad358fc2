"""What was begun goes on, what was decided stays, whatever happens to window or server."""

import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

SAMPLES = Path(__file__).parents[2] / "sample_data"


def begin(window, name="adult.csv"):
    window.upload(name, (SAMPLES / name).read_bytes())
    window.page.locator(".st-key-check").wait_for()
    window.ready()
    window.check()


@pytest.mark.timeout(600)
def test_a_run_outlives_the_server(new_server, visit):
    server = new_server()
    window = visit(server)
    window.forgive_disconnects = True
    begin(window, "census_demo.csv")
    server.kill()
    server.start()
    window.open("/overview?" + window.page.url.partition("?")[2])
    heading = window.page.get_by_role("heading", name="What was checked")
    expect(heading).to_be_visible(timeout=240_000)
    (status,) = server.statuses()
    assert status["state"] in {"done", "interrupted"}
    assert ("interrupted" in window.text().lower()) == (status["state"] == "interrupted")


def begun(window):
    """Begin a run and return its process, once it computes."""
    n_before = len(window.server.statuses())
    begin(window)
    deadline = time.monotonic() + 60
    while True:
        *before, status = window.server.statuses() or [{}]
        if len(before) == n_before and status.get("state") == "running" and status["pid"]:
            return status["pid"]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_run_whose_process_died_is_shown_as_interrupted(window):
    pid = begun(window)
    psutil.Process(pid).kill()
    expect(window.page.get_by_text("interrupted").first).to_be_visible()


def test_cancel_stops_the_process_within_two_seconds(window):
    pid = begun(window)
    cancel = window.page.get_by_test_id("stSidebar").get_by_role("button", name="Cancel")
    cancel.wait_for()
    cancel.click()
    started = time.monotonic()
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() - started < 4, "two seconds, and two for a busy machine"
        time.sleep(0.05)
    expect(window.page.get_by_text("cancelled").first).to_be_visible()
    assert window.server.statuses()[-1]["state"] == "cancelled"
