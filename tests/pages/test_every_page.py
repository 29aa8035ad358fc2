"""Every page of the menu, without a browser."""

import io
import re

import pytest

from components.checks import registry
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGE_OF_CONCERN, PAGES, ROOT, Pages

SIGNALS = {
    "upload": "Did we read it right?",
    "overview": "What to fix, by severity, then rows touched",
    "columns": "Filled",
    "associations": "Strongest with the label",
    "rows": "Select a row to see all its values",
    "map": "Each point is a row",
    "completeness": "Gaps per column",
    "bias": "Groups compared",
    "anomalies": "The strangest rows first",
    "labels": "What is mistaken for what",
    "duplicates": "Rows that are copies of one another",
    "validity": "How we read it",
    "label_review": "Who is reviewing?",
    "report": "The corrected table",
}
"""What each page with a script of its own says of a finished run; the page of a concern also says
how each of its checks ended."""

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
    return spec.url_path or "upload"


def signals(spec):
    """What stands on the page once a run is over."""
    own = [SIGNALS[stem(spec)]] if spec.path else [spec.signal]
    return own + (["What was checked"] if spec.concern else [])


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
    assert [signal for signal in signals(spec) if signal not in app.text()] == []
    assert "people" in app.text()


@pytest.mark.parametrize("name", PAGE_OF_CONCERN)
def test_the_page_of_a_concern_lists_all_its_checks(name, app, finished):
    at = app.open(PAGE_OF_CONCERN[name], data=finished.dataset_id)
    listed = "".join(table.value.to_csv() for table in at.table)
    titles = [check.title for check in registry.all_checks() if check.concern == name]
    assert titles
    assert [title for title in titles if title not in listed] == []


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


def test_every_script_of_a_page_is_in_the_menu_and_has_a_signal():
    assert {stem(spec) for spec in PAGES if spec.path} == set(SIGNALS)
    scripts = {str(p.relative_to(ROOT)) for p in (ROOT / "pages").rglob("*.py")}
    assert {spec.path for spec in PAGES if spec.path} == scripts


def test_the_menu_keeps_its_order():
    assert [spec.url_path for spec in PAGES] == [
        *("", "overview", "columns", "associations", "rows", "map", "completeness", "bias"),
        *("anomalies", "labels", "duplicates", "leakage", "validity", "label_review", "report"),
    ]


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
    at = app.open(Pages.REVIEW.value, data=attacked.dataset_id, mode="buttons")
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


@pytest.mark.parametrize("spec", [Pages.OVERVIEW.value, PAGE_OF_CONCERN["labels"]], ids=stem)
def test_a_link_to_a_finding_that_is_not_there_is_explained(spec, app, finished):
    """The page was shown as if nothing had been asked for."""
    at = app.open(spec, data=finished.dataset_id, finding="nope")
    assert [i.value for i in at.info if "finding" in i.value] == [
        "This link leads to a finding that is not in this run."
    ]
    assert "finding" not in at.query_params


def test_a_link_to_a_run_of_another_table_is_explained(app, finished):
    """Another run of this table was shown without a word."""
    ws = open_workspace(Settings.from_environment())
    other = datasets.add(ws, io.BytesIO(b"a,b\n1,2\n3,4\n"), "other.csv")
    of_other = runs.execute(ws, other.version.id, only=["completeness.missing_values"])
    ws.close()
    at = app.open(PAGE_OF_CONCERN["labels"], data=finished.dataset_id, run=of_other)
    assert problems(at) == []
    assert "This link leads to a run of another table, which is not shown here." in app.text()
    assert at.query_params["run"] == finished.run_id
