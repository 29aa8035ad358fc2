"""Every page of the demonstration in both themes, for people to look at."""

import pytest
from playwright.sync_api import expect


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
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_drawn_in_both_themes(themes, shots, theme):
    window, page = themes[theme], themes[theme].page
    titles, headings = page.get_by_test_id("stSidebarNavLink").all_inner_texts(), set()
    for number, title in enumerate(titles, start=3):
        name = title.splitlines()[-1]
        heading = page.get_by_role("heading", level=1).first
        before = heading.inner_text()
        window.go(name)
        expect(heading, name).not_to_have_text(before)
        window.ready()
        headings.add(heading.inner_text())
        if page.locator(".js-plotly-plot").count():
            page.locator(".js-plotly-plot .main-svg").first.wait_for()
        path = shots / f"{number:02d}-{name.lower().replace(' ', '-')}-{theme}.png"
        page.screenshot(path=path)
        assert path.stat().st_size > 10_000
    assert len(headings) == len(titles), "each entry has a page of its own"
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
