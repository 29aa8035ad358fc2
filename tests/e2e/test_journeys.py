"""From an upload to a decided label and a corrected file, as a new user would."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROW = re.compile(r"^Row [\d,]+$")
SAMPLES = Path(__file__).parents[2] / "sample_data"


def shown_row(window):
    """The id of the row on the review card, which people see counted from 1."""
    heading = window.page.locator(".card").get_by_role("heading", name=ROW)
    return int(heading.inner_text().replace(",", "").removeprefix("Row ")) - 1


def press(window, key):
    """Press a key on the review card and wait for the next card; return the row it was about."""
    row = shown_row(window)
    name = re.compile(rf"^Row {row + 1:,}$")
    window.page.keyboard.press(key)
    expect(window.page.locator(".card").get_by_role("heading", name=name)).to_have_count(0)
    return row


def start_review(window):
    window.page.locator(".st-key-verdict-review button").click()
    window.page.get_by_label("Your name").fill("Ada")
    window.page.get_by_role("button", name="Start the review").click()
    window.page.locator(".card").wait_for()
    window.ready()


def download(window, button):
    with window.page.expect_download() as waiting:
        window.page.get_by_role("button", name=button, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def differing_cells(before, after):
    """The cells that differ between two files, as {(row, column): (before, after)}."""
    old, new = (
        list(csv.reader(io.StringIO(text.decode(), newline=""))) for text in (before, after)
    )
    assert old[0] == new[0]
    assert len(old) == len(new)
    return {
        (number, old[0][place]): (one, two)
        for number, (a, b) in enumerate(zip(old[1:], new[1:], strict=True))
        for place, (one, two) in enumerate(zip(a, b, strict=True))
        if one != two
    }


@pytest.mark.timeout(600)
def test_from_upload_to_corrected_file(server, visit):
    """On the way the page is changed and read anew while the run goes on."""
    window = visit(server)
    page = window.page
    uploaded = (SAMPLES / "adult.csv").read_bytes()
    window.upload("adult.csv", uploaded)

    page.locator(".st-key-check").wait_for()
    window.ready()
    expect(page.get_by_role("combobox", name="What should a model predict?")).to_have_value(
        "income"
    )
    groups = page.locator(".st-key-questions [data-testid=stMultiSelect]").inner_text()
    assert {"sex", "race"} <= set(groups.splitlines())
    window.check()
    window.go("Columns")
    expect(page.get_by_text("Checking").first).to_be_visible()
    page.reload()
    window.ready()
    window.go("Overview")
    window.finished()
    assert [s["state"] for s in server.statuses()] == ["done"]

    page.get_by_role("button", name="Details").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("What to do").first).to_be_visible()
    assert "finding=" in page.url
    page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    window.ready()

    start_review(window)
    kept = press(window, "k")
    changed = press(window, "l")
    undone = press(window, "l")
    assert len({kept, changed, undone}) == 3
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name=f"Row {undone + 1:,}", exact=True)).to_be_visible()
    expect(page.get_by_text("All saved")).to_be_visible()

    window.go("Report and export")
    corrected = download(window, "Corrected table")
    cells = differing_cells(uploaded, corrected)
    assert set(cells) == {(changed, "income")}
    assert set(cells[changed, "income"]) == {"<=50K", ">50K"}
    assert len(uploaded) - len(corrected) in {-1, 1}

    sheet = list(
        csv.DictReader(io.StringIO(download(window, "List of corrections").decode("utf-8-sig")))
    )
    assert [int(line["row_id"]) for line in sheet if line["given"] != line["new"]] == [changed]
    assert {line["who"] for line in sheet} == {"Ada"}
    assert download(window, "Report").lstrip().lower().startswith(b"<!doctype html>")
    assert b'"schema_version"' in download(window, "Results for machines")


@pytest.mark.timeout(600)
def test_a_decision_survives_the_sudden_death_of_the_server(demonstrated, visit):
    window, server = demonstrated, demonstrated.server
    window.forgive_disconnects = True
    start_review(window)
    changed = press(window, "l")
    server.kill()
    server.start()
    again = visit(server)
    again.open("/report?" + window.page.url.partition("?")[2])
    corrected = download(again, "Corrected table")
    cells = differing_cells((SAMPLES / "census_demo.csv").read_bytes(), corrected)
    assert set(cells) == {(changed, "income")}
