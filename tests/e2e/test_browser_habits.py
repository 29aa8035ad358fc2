"""What a person expects of a page: a title that tells tabs apart, a quiet console, a memory."""

import re

from playwright.sync_api import expect

PAGES = ("overview", "columns", "associations", "rows", "map", "completeness", "bias", "anomalies",
         "labels", "duplicates", "leakage", "validity", "label_review", "report")  # fmt: skip


def test_links_have_titles_of_their_own_and_leave_the_console_quiet(shown, visit):
    window, said = visit(shown.server), []
    window.context.on("console", lambda message: said.append((message.type, message.text)))
    window.context.on("response", lambda r: said.append((r.status, r.url)) if r.status > 399 else 0)
    query, titles = shown.page.url.partition("?")[2], set()
    for name in PAGES:
        page = window.open(f"/{name}?{query}")
        expect(page).to_have_title(re.compile(r"^[A-Z].+ · census_demo · Preflight$"))
        titles.add(page.title())
        page.wait_for_timeout(500)  # for charts that are drawn late
        assert said == [], name
    assert len(titles) == len(PAGES)
    assert "Labels · census_demo · Preflight" in titles


def test_the_first_page_without_a_table_has_a_title(new_server, visit):
    window = visit(new_server())
    expect(window.open("/")).to_have_title("Upload · Preflight")


def test_the_reviewer_is_known_after_a_refresh_until_he_leaves(demonstrated):
    window, page = demonstrated, demonstrated.page
    window.go("Review labels")
    field = page.get_by_label("Your name")
    expect(field).to_be_focused()
    page.keyboard.type("Ａda Lovelace")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_be_visible()
    window.ready()
    page.reload()
    expect(page.locator(".card")).to_be_visible()
    assert "Ada Lovelace" in window.ready().locator(".st-key-who").inner_text()
    page.locator(".st-key-who button").first.click()
    expect(field).to_be_focused()
    window.ready()
    page.reload()
    expect(field).to_be_visible()
    window.ready()


def test_a_table_is_removed_and_taken_back(demonstrated):
    window = demonstrated
    page = window.open("/")
    page.get_by_role("button", name="Remove").first.click()
    page.get_by_role("dialog").locator(".st-key-remove-table button").click()
    expect(page.get_by_text("is removed. It can be taken back below.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_text("1 removed table").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("census_demo.csv is back.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove").first).to_be_visible()
    window.ready()
