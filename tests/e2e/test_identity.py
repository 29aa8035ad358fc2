"""Who visits is told by a proxy: the names of decisions are those, and what is whose is theirs."""

import re

import pytest
from playwright.sync_api import expect

from components.services import workspace
from components.services.review import passes
from components.store.tables import DatasetRow
from components.views.review import answers_route
from tests.e2e.desk import LABELS, SAVED, Place
from tests.e2e.naming_proxy import NamingProxy

HEADER = "X-Forwarded-Email"


@pytest.fixture
def behind(copy_demonstration, new_server):
    """A server that believes a header, and the proxy that sends it."""
    home, address = copy_demonstration()
    proxy = NamingProxy(HEADER)
    settings = {"PREFLIGHT_USER_HEADER": HEADER, "PREFLIGHT_PUBLIC_URL": proxy.url}
    server = new_server(home, **settings)
    proxy.start(server.port)
    place = Place(home, address.partition("?")[2])
    with place.ws.db.write() as session:
        session.get_one(DatasetRow, place.dataset_id).owner = "eve@here.test"
    yield proxy, address.partition("?")[2], place
    place.ws.close()
    proxy.stop()


def open_as(proxy, name, window, query):
    proxy.name = name
    window.page.goto(f"{proxy.url}/label_review?{query}&queue={LABELS}")


def posted(page, url, body):
    """What the server answers when a page of its own address sends something."""
    script = """async ([url, body]) => {
        const answer = await fetch(url, { method: "POST", body });
        return [answer.status, await answer.text()];
    }"""
    return tuple(page.evaluate(script, [url, body]))


def test_the_proxy_says_who_decides_and_who_owns_and_no_browser_can(visit, behind):
    proxy, query, place = behind
    window = visit(proxy)
    window.forgive_disconnects = True
    window.context.set_extra_http_headers({HEADER: "eve@here.test"})  # the proxy drops it
    page = window.page
    open_as(proxy, "", window, query)
    expect(page.get_by_text("did not say who you are")).to_be_visible()

    open_as(proxy, " bob@here.test ", window, query)
    page.locator(".card").wait_for()
    expect(page.get_by_text(SAVED)).to_be_visible()
    named = re.compile("bob@\u2060?here.test")  # no link is made of it
    expect(page.get_by_test_id("stMarkdownContainer").filter(has_text=named).first).to_be_visible()
    page.evaluate("document.cookie = 'preflight_reviewer=eve%40here.test; path=/'")
    with page.expect_request("**/presses") as sent:
        page.keyboard.press("k")
    expect(page.get_by_text(SAVED)).to_be_visible()
    (made,) = place.made_by("bob@here.test")
    told = workspace.history(place.ws, limit=1)[0]
    assert (told.actor, told.detail["identity"]) == ("bob@here.test", "header")
    token = sent.value.url.split("/")[-2]
    forged = passes.issue(place.ws, place.run_id, LABELS, "eve@here.test")  # typed, not proven
    changed = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
    for other, status, words in (
        (token, 200, "answers"),
        (forged, 403, "known otherwise by now who you are"),
        (changed, 403, "may not decide here"),
    ):
        told = posted(page, sent.value.url.replace(token, other), '{"presses": []}')
        assert (told[0], words in told[1]) == (status, True)
    status, said = posted(page, f"{proxy.url}{answers_route.PATH}{token}", "[]")
    assert (status, "only eve@here.test can bring" in said) == (409, True)
    page.get_by_role("button", name="People", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("who alone may set what is here")
    expect(dialog.get_by_role("button", name="Set the share")).to_have_count(0)

    open_as(proxy, "eve@here.test", window, query)
    page.locator(".card").wait_for()
    page.get_by_role("button", name="People", exact=True).click()
    expect(dialog).to_contain_text("This table is yours")
    expect(dialog.get_by_role("button", name="Set the share")).to_have_count(2)
    assert made.reviewer == "bob@here.test"
    window.errors.clear()  # the requests that were refused
