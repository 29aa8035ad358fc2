"""Who visits is told by a provider of logins, from the first page to the history, and back out."""

import pytest
from playwright.sync_api import expect

from components.core.people.person import Identity
from components.services import workspace
from components.services.review import passes
from components.store.tables import DatasetRow
from tests.e2e.desk import LABELS, SAVED, Place
from tests.e2e.oidc_provider import OidcProvider
from tests.e2e.server import STREAMLIT, Server


@pytest.fixture
def behind(copy_demonstration, tmp_path):
    """A server with a login, and the provider of it."""
    home, address = copy_demonstration()
    provider, told = OidcProvider(), tmp_path / "secrets.toml"
    server = Server(home, command=(*STREAMLIT, "--secrets.files", str(told)))
    told.write_text(provider.secrets_of(server.url))
    place = Place(home, address.partition("?")[2])
    with place.ws.db.write() as session:
        session.get_one(DatasetRow, place.dataset_id).owner = "eve@here.test"
    query = address.partition("?")[2]
    yield provider, server.start(), f"/label_review?{query}&queue={LABELS}", place
    place.ws.close()
    server.stop()
    provider.stop()


def log_in(page, provider, **claims):
    provider.claims = claims
    page.get_by_role("button", name="Log in").click()


def test_a_login_says_who_decides_and_who_owns_until_it_ends(visit, behind):
    provider, server, address, place = behind
    window = visit(server)
    window.forgive_disconnects = True
    page = window.open(address)
    expect(page.get_by_text("Log in to see the tables of this server")).to_be_visible()
    assert "census_demo" not in window.text()

    log_in(page, provider, sub="7", email="bob@here.test", email_verified=True)
    expect(page.get_by_role("button", name="Log in")).to_have_count(0)
    window.open(address)
    page.locator(".card").wait_for()
    with page.expect_request("**/presses") as sent:
        page.keyboard.press("k")
    expect(page.get_by_text(SAVED)).to_be_visible()
    (made,) = place.made_by("bob@here.test")
    told = workspace.history(place.ws, limit=1)[0]
    assert (told.actor, told.detail["identity"]) == ("bob@here.test", Identity.LOGIN)
    page.get_by_role("button", name="People", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("who alone may set what is here")
    page.keyboard.press("Escape")

    token = sent.value.url.split("/")[-2]
    typed = passes.issue(place.ws, place.run_id, LABELS, "eve@here.test")
    answered = page.request.post(sent.value.url.replace(token, typed), data='{"presses": []}')
    assert (answered.status, made.reviewer) == (403, "bob@here.test")

    page.get_by_role("button", name="bob@").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    log_in(page, provider, sub="eve-1", email="eve@here.test", email_verified=False)
    expect(page.get_by_role("button", name="Log in")).to_have_count(0)
    window.open(address)
    page.locator(".card").wait_for()
    page.keyboard.press("k")
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert len(place.made_by("eve-1")) == 1, "an address that is not verified proves nothing"
    window.forget()  # the provider is another host
