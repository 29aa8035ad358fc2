"""Every page of the menu, without a browser."""

import re

import pytest

from components.views.navigation import PAGES, Pages

SIGNALS = {
    "upload": "Did we read it right?",
    "overview": "What to fix, most harmful first",
    "columns": "Filled",
    "associations": "Strongest with the label",
    "rows": "Select a row to see all its values",
    "map": "Each point is a row",
    "completeness": "Gaps per column",
    "bias": "Groups compared",
    "anomalies": "The strangest rows first",
    "labels": "What is mistaken for what",
    "duplicates": "Rows that are copies of one another",
    "leakage": "answer",
    "validity": "How we read it",
    "label_review": "Who is reviewing?",
    "report": "The corrected table",
}

WITH_FIGURES = {
    "overview",
    "columns",
    "associations",
    "map",
    "completeness",
    "bias",
    "anomalies",
    "labels",
    "duplicates",
    "leakage",
}
"""The pages that draw figures of the table that the tests use."""

LIVE = r"(?<!\\)!\[x|(?<!\\)\[click|:material/delete:|:red-badge\[Bl|https?://evil|www\.evil"
"""Attacks that would work; escaped, they read otherwise."""


def alive(app):
    return re.findall(LIVE, re.sub(r"(`+).*?\1", "", app.text()))


def stem(spec):
    return spec.path.rpartition("/")[2].removesuffix(".py")


def problems(at):
    return [e.value for e in at.exception] + [e.value for e in at.error]


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("spec", PAGES, ids=stem)
def test_an_empty_workspace_says_what_to_do_next(spec, app):
    at = app.open(spec)
    assert problems(at) == []
    assert at.title[0].value == spec.signal
    if spec is not Pages.UPLOAD.value:
        assert "Choose a table" in app.text()


@pytest.mark.parametrize("spec", PAGES, ids=stem)
def test_a_finished_run_fills_the_page(spec, app, finished):
    at = app.open(spec, data=finished.dataset_id)
    assert problems(at) == []
    assert SIGNALS[stem(spec)] in app.text()
    assert "people" in app.text()


def blocks(block, over=""):
    """Everything inside a block, with the key of the block right over it."""
    for child in getattr(block, "children", {}).values():
        yield over, child
        yield from blocks(child, child.key if child.type == "flex_container" else over)


@pytest.mark.parametrize("spec", PAGES, ids=stem)
def test_every_figure_can_be_downloaded(spec, app, finished):
    at = app.open(spec, data=finished.dataset_id)
    inside = list(blocks(at.main))
    figures = [over for over, one in inside if one.type == "plotly_chart"]
    downloads = [one.key for _, one in inside if one.type == "popover"]
    assert sorted(f"get-{key}" for key in figures) == sorted(
        key for key in downloads if (key or "").startswith("get-figure-")
    )
    assert bool(figures) is (stem(spec) in WITH_FIGURES)


def test_every_page_has_a_signal():
    assert {stem(spec) for spec in PAGES} == set(SIGNALS)


@pytest.mark.usefixtures("empty_home")
def test_a_link_to_an_unknown_table_is_explained(app):
    at = app.open(Pages.OVERVIEW.value, data="nothing-like-it")
    assert problems(at) == []
    assert "not in this workspace" in app.text()


@pytest.mark.parametrize("spec", PAGES, ids=stem)
def test_text_of_an_attacker_stays_text(spec, app, attacked):
    at = app.open(spec, data=attacked.dataset_id)
    assert problems(at) == []
    assert alive(app) == []


def test_the_review_of_an_attacker_shows_text(app, attacked):
    at = app.open(Pages.REVIEW.value, data=attacked.dataset_id)
    at.text_input[0].input("[Ada](https://evil.test)")
    next(b for b in at.button if b.label == "Start the review").click().run()
    assert problems(at) == []
    assert "Why it was flagged" in app.text()
    assert alive(app) == []


def test_a_finding_opens_from_its_link(app, finished):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    details = next(b for b in at.button if b.label == "Details")
    details.click().run()
    assert problems(at) == []
    assert "What to do" in app.text()
    assert at.query_params["finding"]
