"""Every page of the demonstration in both themes, for people to look at.

In the light theme each page is opened by its address, in the dark one by the menu.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

PLANTED = {
    "Leakage": "tax_withheld",
    "Bias": "Asian-Pac-Islander",
    "Missing values": "relationship",
    "Duplicates": "60",
}
COUNTED = ("Labels contradicted by the other rows", "Codes among numbers and dates")


@pytest.fixture(scope="module")
def themes(server, keep_server, keep_visit, copy_demonstration, shots):
    """A window in each theme: first on a run that goes on, then on one that is over."""
    opened = {theme: keep_visit(server, theme=theme) for theme in ("light", "dark")}
    for theme, window in opened.items():
        window.open("/").screenshot(path=shots / f"00-start-{theme}.png")
        window.open_demonstration().screenshot(path=shots / f"01-confirm-{theme}.png")
    light, dark = (window.page for window in opened.values())
    opened["light"].check()
    dark.goto(light.url)
    dark.wait_for_timeout(1_500)
    for theme, window in opened.items():
        window.page.screenshot(path=shots / f"02-running-{theme}.png")
    light.get_by_test_id("stSidebar").get_by_role("button", name="Cancel").click()
    expect(light.get_by_text("cancelled").first).to_be_visible()
    home, address = copy_demonstration()
    checked = keep_server(home)
    for window in opened.values():
        window.move_to(checked)
        window.open(address)
        window.finished()
    return opened


@pytest.mark.timeout(600)
def test_every_address_has_a_title_and_leaves_the_console_quiet(themes, shots):
    window, said = themes["light"], []
    page = window.page
    window.context.on("console", lambda message: said.append((message.type, message.text)))
    window.context.on("response", lambda r: said.append((r.status, r.url)) if r.status > 399 else 0)
    query, titles = page.url.partition("?")[2], set()
    links = page.get_by_test_id("stSidebarNavLink").all()
    addresses = [urlsplit(link.get_attribute("href")).path for link in links]
    for number, address in enumerate(addresses, start=3):
        window.open(f"{address}?{query}")
        # the first page is about any table
        of_table = " · census_demo" if address != "/" else ""
        expect(page).to_have_title(re.compile(rf"^[A-Z].+{of_table} · Preflight$"))
        titles.add(page.title())
        draw(window, shots / f"{number:02d}-{address.strip('/') or 'upload'}-light.png")
        page.wait_for_timeout(500)  # for charts that are drawn late
        assert said == [], address
    assert len(titles) == len(addresses), "each entry has a page of its own"
    assert "Labels · census_demo · Preflight" in titles
    look_closer(window, shots, "light")


@pytest.mark.timeout(600)
def test_the_menu_leads_to_every_page_and_to_what_was_planted(themes, shots):
    window, page = themes["dark"], themes["dark"].page
    titles, headings = page.get_by_test_id("stSidebarNavLink").all_inner_texts(), set()
    for number, title in enumerate(titles, start=3):
        name = title.splitlines()[-1]
        heading = page.get_by_role("heading", level=1).first
        before = heading.inner_text()
        window.go(name)
        expect(heading, name).not_to_have_text(before)
        window.ready()
        headings.add(heading.inner_text())
        sidebar = page.get_by_test_id("stSidebar").inner_text()
        assert "Demo" in sidebar, name
        for check in COUNTED:
            assert re.search(rf"{check}: \d+ open, 0 settled", sidebar), name
        if name in PLANTED:
            expect(page.get_by_text(PLANTED[name]).first).to_be_visible()
        window.assert_no_error()
        draw(window, shots / f"{number:02d}-{name.lower().replace(' ', '-')}-dark.png")
    assert len(headings) == len(titles), "each entry has a page of its own"
    look_closer(window, shots, "dark")


def draw(window, path):
    if window.page.locator(".js-plotly-plot").count():
        window.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    window.page.screenshot(path=path)
    assert path.stat().st_size > 10_000


def look_closer(window, shots, theme):
    """Open the drawer of a finding, and the card of the review."""
    page = window.page
    window.go("Overview")
    page.get_by_role("button", name="Details").first.click()
    page.get_by_role("dialog").wait_for()
    window.ready()
    page.wait_for_timeout(800)
    page.screenshot(path=shots / f"20-finding-{theme}.png")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator(".st-key-verdict-review button").click()
    page.get_by_label("Your name").or_(page.locator(".card")).first.wait_for()
    window.ready()
    if page.get_by_label("Your name").count():
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Start the review").click()
    page.locator(".card").wait_for()
    window.ready()
    page.screenshot(path=shots / f"21-card-{theme}.png")
    window.assert_clean()
