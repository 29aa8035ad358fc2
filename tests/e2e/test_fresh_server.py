"""The first thing that a server is asked may be any address."""

import ast
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "pages").rglob("*.py"))


def test_a_deep_link_opens_on_a_fresh_server(new_server, visit):
    window = visit(new_server())
    window.open("/label_review")
    assert "Page not found" not in window.text()
    assert window.page.get_by_role("heading", level=1).first.inner_text()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_page_opens_before_anything_was_uploaded(window, path):
    assert ast.parse(path.read_text(encoding="utf-8"))
    window.open("/" if path.stem == "upload" else f"/{path.stem}")
    assert "Page not found" not in window.text()
    window.assert_no_error()
    assert window.page.get_by_role("heading", level=1).count() >= 1
