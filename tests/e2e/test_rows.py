"""Rows in a browser: a filter is a link, and the map leads to rows."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

SAMPLES = Path(__file__).parents[2] / "sample_data"
MATCH = re.compile(r"([\d,]+) of ([\d,]+) rows match")


def matching(window):
    """How many rows the page says match."""
    expect(window.page.get_by_text(MATCH).first).to_be_visible()
    return int(MATCH.search(window.text())[1].replace(",", ""))


def choose_column(window, name):
    box = window.page.get_by_role("combobox", name="Show rows by")
    box.click()
    box.fill(name)
    window.page.get_by_role("option", name=re.compile(rf"^{name} \(")).first.click()
    window.ready()


def add(window, chip):
    button = window.page.get_by_role("button", name="Add", exact=True)
    expect(button).to_have_count(1)
    button.click()
    expect(window.page.get_by_role("button", name=chip)).to_be_visible()
    window.ready()


def expected(content, keep):
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    return [str(i) for i, line in enumerate(lines) if keep(line)]


def is_thirty(line):
    return bool(line["age"].strip()) and 30 <= float(line["age"]) <= 40


def is_bachelor(line):
    return "bach" in line["education"].lower()


def downloaded(window):
    window.page.get_by_role("button", name="Download", exact=True).first.click()
    with window.page.expect_download() as waiting:
        window.page.locator(".st-key-rows-download button").click()
    window.page.keyboard.press("Escape")
    content = Path(waiting.value.path()).read_text(encoding="utf-8")
    return [line["row_id"] for line in csv.DictReader(io.StringIO(content, newline=""))]


@pytest.mark.timeout(600)
def test_a_filter_is_a_link_and_the_map_leads_to_rows(demonstrated, visit):
    window, page, server = demonstrated, demonstrated.page, demonstrated.server
    window.go("Rows")
    choose_column(window, "age")
    page.get_by_label("From", exact=True).fill("30")
    page.get_by_label("To", exact=True).fill("40")
    add(window, "30 ≤ age ≤ 40")
    choose_column(window, "education")
    how = page.get_by_role("combobox", name="How", exact=True)
    expect(how).to_have_value("Values")  # of this column, no longer the "Range" of the last one
    how.click()
    page.get_by_role("option", name="Contains").click()
    window.ready()
    page.get_by_label("Text to look for").fill("bach")
    add(window, re.compile("education contains"))
    table = (SAMPLES / "census_demo.csv").read_bytes()
    wanted = expected(table, lambda line: is_thirty(line) and is_bachelor(line))
    assert matching(window) == len(wanted) > 0
    assert downloaded(window) == wanted

    link = page.url
    assert "filter=age+ge+30" in link
    page.reload()
    window.ready()
    assert matching(window) == len(wanted)
    server.stop()
    server.start()
    later = visit(server)
    later.open(link.removeprefix(server.url))
    assert matching(later) == len(wanted)
    assert downloaded(later) == wanted
    window.forgive_disconnects = True

    any_of = later.page.get_by_role("radio", name="Any")
    any_of.focus()
    later.page.keyboard.press("Enter")
    expect(later.page.get_by_text("at least one of 2 conditions")).to_be_visible()
    later.ready()
    assert "filter=any+of+age+ge+30" in later.page.url
    either = expected(table, lambda line: is_thirty(line) or is_bachelor(line))
    assert matching(later) == len(either)
    assert downloaded(later) == either

    later.page.get_by_role("button", name="education contains").click()
    expect(later.page.get_by_role("button", name="education contains")).to_have_count(0)
    later.ready()
    assert matching(later) > len(wanted)

    by_heading(later)
    by_map(later)


def by_heading(window):
    """Click the heading of the age, which stands behind the ids and the label."""
    page = window.page
    for order in ("sort=age&", "sort=age+down&"):
        table = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(table["x"] + 180, table["y"] + 15)
        page.wait_for_function("text => (location.search + '&').includes(text)", arg=order)
        window.ready()
    expect(page.get_by_role("button", name="Largest first")).to_be_enabled()


def by_map(window):
    """Pull a line round the points of the map and open their rows."""
    window.go("Map")
    page = window.page
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for()
    expect(page.locator(".js-plotly-plot .points path.point").first).to_be_attached()
    box = plot.bounding_box()
    left, top = box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"]
    right, bottom = box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"]
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in [(right, top), (right, bottom), (left, bottom), (left, top)]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    title = page.get_by_role("heading", name=re.compile(r"^[\d,]+ selected rows?$"))
    expect(title).to_be_visible()
    window.ready()
    n = int(title.inner_text().split()[0].replace(",", ""))
    page.locator(".st-key-map-open button").click()
    page.wait_for_url("**/rows?**")
    window.ready()
    assert matching(window) == min(n, 500)
