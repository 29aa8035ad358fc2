"""Downloads: small ones at once, large ones by a worker, and served from disk."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import replace

import pytest

from components.core.data.dataset import Role
from components.core.errors import NotFound
from components.services.data import datasets
from components.services.export import downloads
from components.services.export.downloads import ExportRequest
from components.services.runs import runs


@pytest.fixture
def requests(labelled):
    info, run_id = labelled()
    return {
        "corrected": ExportRequest(kind="corrected", source=info.version.id),
        "corrections": ExportRequest(kind="corrections", source=info.version.id),
        "report": ExportRequest(kind="report", source=run_id),
        "results": ExportRequest(kind="results", source=run_id),
        "rows": ExportRequest(kind="rows", source=run_id, check_id="labels.label_errors"),
    }


def made_by_a_worker(ws, request):
    key = downloads.start(ws, request)
    deadline = time.monotonic() + 120
    while not downloads.status(ws, key).is_over:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return downloads.finished(ws.files.jobs, key)


@pytest.mark.parametrize("kind", ["corrected", "corrections", "results", "rows"])
def test_a_worker_makes_the_same_file_as_this_process(ws, requests, kind):
    made = made_by_a_worker(ws, requests[kind])
    assert made.path.read_bytes() == downloads.small(ws, requests[kind])
    assert made.path.parent.parent == ws.files.jobs
    assert made.filename.startswith("pets-")


def test_rows_mended_and_kept_aside_are_files_too(ws, upload):
    lines = [f"{i},x{i},{i % 7}.5,{'ab'[i % 2]}" for i in range(40)]
    lines[7] += ","
    lines[20] = "=lost;in;space"
    info = upload("\n".join(["id,name,amount,label", *lines]) + "\n")
    for kind, text in (("mended", b"7,x7"), ("aside", b",'=lost;in;space")):
        request = ExportRequest(kind=kind, source=info.version.id)
        assert text in downloads.small(ws, request)
        assert text in made_by_a_worker(ws, request).path.read_bytes()
    exact = ExportRequest(kind="aside", source=info.version.id, for_spreadsheet=False)
    assert downloads.small(ws, exact) == (info.folder / "aside.csv").read_bytes()


def test_mended_rows_are_safe_for_a_spreadsheet_unless_asked_otherwise(ws, upload):
    lines = [f"{i},x{i},{i % 7}.5,{'ab'[i % 2]}" for i in range(40)]
    lines[7] = "=7+1,x7,0.5,b,"
    info = upload("\n".join(["id,name,amount,label", *lines]) + "\n")
    request = ExportRequest(kind="mended", source=info.version.id)
    assert b"'=7+1,x7" in downloads.small(ws, request)
    exact = downloads.small(ws, replace(request, for_spreadsheet=False))
    assert b"=7+1,x7" in exact
    assert b"'=7+1" not in exact


def test_scores_are_safe_for_a_spreadsheet_unless_asked_otherwise(ws, upload):
    """The reasons and the classes are texts of the file; every one of them was a live formula."""
    rows = [f"{i % 9},{'＝b' if (i % 9 > 4) is not (i % 40 == 3) else '=1+1'}" for i in range(200)]
    info = upload("\n".join(["amount,label", *rows]) + "\n")
    columns = {c.name: c for c in info.version.columns}
    label = {"label": (columns["label"].kind, Role.LABEL)}
    datasets.set_columns(ws, info.version.id, label, actor="Ann")
    run_id = runs.execute(ws, info.version.id, only=["labels.label_errors"])
    request = ExportRequest(kind="rows", source=run_id, check_id="labels.label_errors")
    safe = downloads.small(ws, request).decode()
    exact = downloads.small(ws, replace(request, for_spreadsheet=False)).decode()
    assert ",'=1+1," in safe
    assert ",'＝b," in safe
    cells = [cell for line in csv.reader(io.StringIO(safe)) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "＝"))]
    assert exact == safe.replace(",'", ",")


def test_a_report_is_made_by_a_worker(ws, requests):
    made = made_by_a_worker(ws, requests["report"])
    assert made.mime == "text/html"
    assert made.path.read_bytes().startswith(b"<!doctype html>")


def test_what_has_many_cells_or_large_files_is_not_small(ws, requests, monkeypatch):
    assert all(downloads.is_small(ws, request) for request in requests.values())
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "SMALL_CELLS", 39)  # the table has 40
        assert not any(downloads.is_small(ws, request) for request in requests.values())
    monkeypatch.setattr(downloads, "SMALL_FILES", 100)
    assert not any(downloads.is_small(ws, request) for request in requests.values())


def test_a_file_that_cannot_be_made_says_why(ws, labelled):
    _, run_id = labelled()
    request = ExportRequest(kind="rows", source=run_id, check_id="completeness.missing_values")
    with pytest.raises(NotFound, match="says nothing about single rows"):
        made_by_a_worker(ws, request)


def test_a_download_that_is_cancelled_leaves_nothing(ws, requests):
    key = downloads.start(ws, requests["corrected"])
    downloads.cancel(ws, key)
    assert list(ws.files.jobs.iterdir()) == []
    with pytest.raises(NotFound):
        downloads.status(ws, key)


@pytest.mark.parametrize("key", ["", "x", "../runs", "0" * 32, "A" * 32, "0" * 31 + "/"])
def test_a_key_that_nobody_was_given_leads_nowhere(ws, key):
    with pytest.raises(NotFound):
        downloads.finished(ws.files.jobs, key)
