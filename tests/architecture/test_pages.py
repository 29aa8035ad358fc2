"""A page is a name for a view."""

import ast
from collections import Counter

import pytest


@pytest.fixture(scope="module")
def pages(trees, sources):
    return {n: (trees[n], sources[n]) for n in trees if n.startswith("pages/")}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_a_page_is_a_few_lines_that_call_a_view(pages):
    assert len(pages) >= 11
    for name, (tree, text) in pages.items():
        assert len(text.splitlines()) <= 10, name
        kinds = {type(node) for node in ast.walk(tree)}
        assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef}, name
        assert all(m.startswith("components.views") for m in imported(tree)), name


def test_the_app_frame_imports_views_only(trees):
    ours = [m for m in imported(trees["app.py"]) if m.startswith("components")]
    assert ours
    assert all(m.startswith("components.views") for m in ours), ours


def test_no_page_lies_directly_in_the_folder_that_streamlit_discovers(root):
    assert list((root / "pages").glob("*.py")) == []


def test_every_page_has_an_address_of_its_own(pages):
    stems = Counter(name.rpartition("/")[2] for name in pages)
    assert [stem for stem, n in stems.items() if n > 1] == []
