"""A large file in a real browser: made by a worker, then fetched from disk by a link."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace

ROWS = "".join(
    f"{i},{20 + i % 60},{'York' if i % 3 else 'Bath'},{'low' if i % 2 else 'high'}\n"
    for i in range(60_000)
)
TABLE = ("id,age,town,income\n" + ROWS).encode()


@pytest.mark.timeout(300)
def test_a_large_table_is_made_by_a_worker_and_comes_from_disk(new_server, visit, tmp_path):
    home = tmp_path / "home"
    ws = open_workspace(Settings(home=home))
    info = datasets.add(ws, io.BytesIO(TABLE), "people.csv")
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    ws.close()
    window = visit(new_server(home))
    page = window.page
    window.open(f"/report?data={info.version.id}&run={run_id}")
    page.get_by_role("button", name="Corrected table", exact=True).click()
    link = page.get_by_role("link", name="Corrected table (")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename == "people-corrected.csv"
    content = Path(waiting.value.path()).read_bytes()
    assert content == TABLE
    assert len(list(csv.reader(io.StringIO(content.decode())))) == 60_001
    window.assert_no_error()
