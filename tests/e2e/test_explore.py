"""Clicks in figures, which only a browser can make: to the rows, to a pair, to a file."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace

ROWS = 240


def table():
    lines = ["=age,hours,town,paid"]
    for i in range(ROWS):
        hours = "" if i % 12 == 0 else 20 + i % 31
        lines.append(f"{18 + i % 60},{hours},{('York', 'Bath', 'Hull')[i % 3]},{'yn'[i % 2]}")
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def explored(tmp_path_factory):
    """A workspace with one table and its facts."""
    home = tmp_path_factory.mktemp("explore") / "home"
    ws = open_workspace(Settings(home=home))
    info = datasets.add(ws, io.BytesIO(table()), "people.csv")
    runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    ws.close()
    return home, info.version.id


@pytest.fixture(scope="module")
def server(keep_server, explored):
    return keep_server(explored[0])


@pytest.fixture(scope="module")
def kept_window(kept_window, explored):
    kept_window.page.add_init_script("delete window.showSaveFilePicker")
    kept_window.dataset_id = explored[1]
    return kept_window


def show(window, page, query=""):
    window.open(f"/{page}?data={window.dataset_id}{query}")
    window.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    window.ready()
    return window.page


def press_mark(window, mark):
    box = mark.bounding_box()
    window.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    window.ready()


def save(window, choice):
    """Open the choice of formats under the first figure, and take one.

    Again, where a redraw took the press.
    """
    page = window.page
    button = page.get_by_role("button", name=choice)
    for left in reversed(range(3)):
        if not button.is_visible():
            page.get_by_test_id("stPopover").filter(has_text="Download").get_by_role(
                "button"
            ).first.click()
        try:
            with page.expect_download(timeout=10_000) as waiting:
                button.click()
            break
        except PlaywrightTimeoutError:
            if not left:
                raise
            window.ready()
    window.ready()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.e2e
def test_a_bar_leads_to_its_rows_and_to_files(window):
    page = show(window, "columns", "&column=town")
    name, picture = save(window, "PNG picture")
    assert (name, picture[:8]) == ("town.png", b"\x89PNG\r\n\x1a\n")
    name, drawing = save(window, "SVG picture")
    assert name == "town.svg"
    assert drawing.startswith(b"<svg")
    name, numbers = save(window, "CSV of its numbers")
    assert numbers.decode().splitlines()[1].startswith(("York,80", "Bath,80", "Hull,80"))
    press_mark(window, page.locator(".barlayer .point path").first)
    button = page.get_by_role("button", name=re.compile("Show these"))
    expect(button).to_contain_text("40 rows")  # those of one class of the label
    button.click()
    page.wait_for_url("**/rows?**")
    expect(page.get_by_text("of 240 rows")).to_be_visible()
    assert "40 of 240 rows" in window.text()


@pytest.mark.e2e
def test_the_ring_leads_to_files(window):
    show(window, "overview", "")
    name, picture = save(window, "PNG picture")
    assert (name, picture[:8]) == ("checks.png", b"\x89PNG\r\n\x1a\n")
    name, drawing = save(window, "SVG picture")
    assert name == "checks.svg"
    assert b">check<" in drawing
    name, numbers = save(window, "CSV of its numbers")
    lines = numbers.decode().split()
    assert lines[0] == "ended,checks,findings"
    assert [line.partition(",")[0] for line in lines[1:]] == [
        "flagged", "failed", "passed", "skipped",
    ]  # fmt: skip


@pytest.mark.e2e
def test_a_cell_of_the_heat_map_leads_to_its_pair(window):
    page = show(window, "associations", "&pair=c0~c1")
    grid = page.locator(".js-plotly-plot .heatmaplayer image").first.bounding_box()
    before = page.url
    cell = grid["width"] / 4, grid["height"] / 4
    for column in range(3):
        page.mouse.click(grid["x"] + cell[0] * (column + 0.5), grid["y"] + cell[1] * 3.5)
        window.ready()
        if page.url != before:
            break
    page.wait_for_url(lambda url: "pair=" in url and url != before)


@pytest.mark.e2e
def test_keys_go_through_the_columns(window):
    page = show(window, "columns", "&column=hours")
    page.keyboard.press("n")
    page.wait_for_url("**column=town**")
    window.ready()
    page.keyboard.press("p")
    page.wait_for_url("**column=hours**")
