"""The first thing that a server is asked may be any address."""

import pytest
from playwright.sync_api import expect

from components.views.navigation import PAGES


def test_a_deep_link_opens_on_a_fresh_server(new_server, visit):
    window = visit(new_server())
    window.open("/label_review")
    assert "Page not found" not in window.text()
    assert window.page.get_by_role("heading", level=1).first.inner_text()


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.url_path or "upload")
def test_every_page_opens_before_anything_was_uploaded(window, spec):
    window.open(f"/{spec.url_path}")
    assert "Page not found" not in window.text()
    expect(window.page).to_have_title(f"{spec.title} · Preflight")
    window.assert_no_error()
    assert window.page.get_by_role("heading", level=1).first.inner_text() == spec.signal
