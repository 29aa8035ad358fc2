"""Pages beside a damaged run, and the page of the run itself."""

import pytest

from components.core.errors import Damaged
from components.core.settings import Settings
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views import frame
from components.views.navigation import Pages

AGAIN = "Check again"


@pytest.mark.parametrize("name", ["status.json", "spec.json", "profile.json"])
def test_a_damaged_run_is_told_on_its_page_and_stops_no_other(app, finished, tmp_path, name):
    """One empty status file among the newest runs used to stop every page for everybody."""
    home = tmp_path / "home"
    (home / "runs" / finished.run_id / name).write_bytes(b"")
    at = app.open(Pages.UPLOAD.value, data="")
    assert not at.error
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert "damaged" in app.text()
    assert "Something went wrong" not in app.text()
    button = next(b for b in at.button if b.label == AGAIN)
    button.click().run()
    ws = open_workspace(Settings(home=home))
    newest = runs.latest(ws, finished.dataset_id)
    assert newest != finished.run_id, "it was checked again"
    runs.cancel(ws, newest)
    ws.close()


def test_an_error_promises_nothing_that_may_be_untrue(monkeypatch):
    """“Your data and decisions are safe” was said when a decision was not kept."""
    said = []
    monkeypatch.setattr(frame.st, "error", lambda text, **_: said.append(text))
    for error in (RuntimeError("x"), OSError(28, "No space left on device"), Damaged("It.", "Do.")):
        monkeypatch.setattr(frame.current, "dataset", lambda: None)
        frame.failed(error)
    assert not any("safe" in text for text in said)
    assert "may not have been kept" in said[0]
    assert "The disk is full" in said[1]
    assert "preflight gc" in said[1]
