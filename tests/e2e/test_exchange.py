"""Questions go out of the page to other tools, and their answers come in."""

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from components.core.settings import Settings
from components.services.review import review
from components.services.workspace import open_workspace
from tests.e2e.desk import LABELS
from tests.other_tools import Argilla, LabelStudio


@pytest.fixture
def desk(copy_demonstration, new_server, visit):
    """The review page of the checked demonstration, with a name, and its workspace."""
    home, address = copy_demonstration()
    query = address.partition("?")[2]
    window = visit(new_server(home))
    window.open(f"/label_review?{query}&queue={LABELS}")
    window.page.get_by_label("Your name").fill("Ann")
    window.page.get_by_role("button", name="Start the review").click()
    window.page.locator(".card").wait_for()
    window.ready()
    ws = open_workspace(Settings(home=home))
    yield window, ws, parse_qs(query)["data"][0]
    ws.close()


def panel(window):
    window.page.get_by_role("button", name="Files in and out").click()
    expect(window.page.get_by_text("Every decision about this table")).to_be_visible()
    window.ready()  # it is filled when it is opened


def downloaded(window, name):
    """Return a file, whichever way the panel makes it: at once, or by a worker."""
    page = window.page
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def bring(window, content):
    window.page.get_by_label("Choose the file of answers").set_input_files(
        {"name": "back.json", "mimeType": "application/json", "buffer": content}
    )


@pytest.mark.parametrize("tool", [LabelStudio, Argilla])
def test_answers_of_another_tool_come_in_and_are_told(desk, tool):
    window, ws, dataset_id = desk
    page = window.page
    panel(window)
    if tool is Argilla:
        page.get_by_role("radio", name="Argilla").click()
        of_the_other = page.get_by_role("button", name="Labeling configuration", exact=True)
        expect(of_the_other).to_have_count(0)
        window.ready()
    asked = json.loads(downloaded(window, "Questions"))
    rows = [(one.get("data") or one["metadata"])["row_id"] for one in asked]
    content = tool().annotate(asked, {rows[0]: ">50K", rows[1]: "<=50K", rows[2]: "rich"})
    bring(window, content)
    told = page.locator(".answers")
    expect(told).to_contain_text("2 kept as decisions, 1 refused because the value is none of")
    expect(told).to_contain_text("“rich” is not a value of “income”")
    assert {d.cell.row_id for d in review.standing(ws, dataset_id)} == set(rows[:2])
    page.keyboard.press("Escape")
    expect(page.locator(".counts")).to_contain_text("2 of")
    panel(window)
    lines = list(csv.DictReader(io.StringIO(downloaded(window, "CSV").decode())))
    assert {int(line["row_id"]) for line in lines} == set(rows[:2])
    assert {line["source"] for line in lines} == {"Argilla" if tool is Argilla else "Label Studio"}


def test_a_file_of_no_tool_is_told_and_nothing_is_kept(desk):
    window, ws, dataset_id = desk
    panel(window)
    bring(window, b'[{"what": 1}]')
    expect(window.page.locator(".answers .said")).to_contain_text("The file is neither")
    window.errors.clear()  # the browser notes that the file was refused
    assert review.standing(ws, dataset_id) == ()


def test_the_configuration_and_the_table_of_decisions_are_there(desk):
    window, _, _ = desk
    panel(window)
    assert b'<Choice value="&gt;50K"/>' in downloaded(window, "Labeling configuration")
    assert downloaded(window, "Parquet").startswith(b"PAR1")
