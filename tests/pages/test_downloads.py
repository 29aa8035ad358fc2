"""A large file on the page of exports: made by a worker, then a link to it."""

import time

from components.services.export import downloads
from components.views.navigation import Pages


def open_report(app, finished):
    return app.open(Pages.REPORT.value, data=finished.dataset_id, run=finished.run_id)


def test_a_large_download_is_prepared_and_then_linked(app, finished, monkeypatch):
    monkeypatch.setattr(downloads, "SMALL_CELLS", 0)
    at = open_report(app, finished)
    assert not at.get("download_button")
    next(b for b in at.button if b.label == "Corrected table").click().run()
    deadline = time.monotonic() + 120
    while not (links := at.get("link_button")):
        assert not at.exception
        assert time.monotonic() < deadline
        time.sleep(0.2)
        at.run()
    assert links[0].proto.url.startswith("api/download/")
    assert links[0].proto.label.startswith("Corrected table (")


def test_a_large_download_can_be_cancelled(app, finished, monkeypatch):
    monkeypatch.setattr(downloads, "SMALL_CELLS", 0)
    monkeypatch.setenv("PREFLIGHT_MAX_WORKERS", "1")
    at = open_report(app, finished)
    next(b for b in at.button if b.label == "Corrected table").click().run()
    cancel = [b for b in at.button if b.label == "Cancel"]
    if cancel:  # else it was made already
        cancel[0].click().run()
        assert [b for b in at.button if b.label == "Corrected table"]
    assert not at.exception
