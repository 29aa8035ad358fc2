"""Pages say of rows that were mended what is true, and read the file again without mending."""

import io

import pytest

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGES, Pages

LINES = [
    f"{20 + i % 50},{'York' if i % 3 else 'Bath'},{'low' if i % 2 else 'high'}" for i in range(60)
]


@pytest.fixture
def ws(empty_home):
    workspace = open_workspace(Settings(home=empty_home))
    yield workspace
    workspace.close()


@pytest.fixture
def checked(ws):
    """Return a function that adds a table and runs one check on it."""

    def add(lines):
        content = "\n".join(["age,town,income", *lines]) + "\n"
        info = datasets.add(ws, io.BytesIO(content.encode()), "people.csv")
        kind = info.version.column("income").kind
        roles = {"income": (kind, Role.LABEL)}
        datasets.set_columns(ws, info.version.id, roles, actor="test")
        run_id = runs.execute(ws, info.version.id, only=["validity.file_structure"])
        return {"data": info.version.id, "run": run_id}

    return add


def test_the_report_says_in_what_the_table_differs_from_the_upload(app, checked):
    lines = [*LINES[:5], LINES[5] + ",", *LINES[6:]]
    app.open(Pages.REPORT.value, **checked(lines))
    assert "When the file was read: 1 row mended. All else" in app.text()


def test_the_report_of_a_plain_table_says_that_it_holds_the_upload(app, checked):
    app.open(Pages.REPORT.value, **checked(LINES))
    assert "it holds the rows of your upload" in app.text()


def test_mended_rows_are_shown_as_they_stand_in_the_file(app, checked):
    lines = [*LINES[:5], LINES[5] + ",", *LINES[6:9], LINES[9].rpartition(",")[0], *LINES[10:]]
    validity = next(spec for spec in PAGES if spec.concern == "validity")
    at = app.open(validity, **checked(lines))
    assert "2 rows mended" in [e.label for e in at.expander]
    shown = next(e.value for e in at.dataframe if "In your file" in e.value)
    assert shown["In your file"].tolist() == [lines[5], lines[9]]
    assert shown["Line"].tolist() == [7, 11]


def test_they_are_kept_aside_on_demand(app, checked, ws):
    at = app.open(Pages.UPLOAD.value, **checked([*LINES[:5], LINES[5] + ",", *LINES[6:]]))
    box = next(e for e in at.checkbox if e.label.startswith("Mend nothing"))
    box.check()
    next(b for b in at.button if b.label == "Read again").click().run()
    assert [e.value for e in at.exception] == []
    newest = datasets.recent(ws)[0].report
    assert (newest.n_rows, newest.n_aside, newest.n_mended) == (59, 1, 0)


def test_the_report_names_records_that_were_kept_aside(app, checked):
    app.open(Pages.REPORT.value, **checked([*LINES[:5], LINES[5] + ",x,y,z", *LINES[6:]]))
    assert "When the file was read: 1 record kept aside, which it does not hold." in app.text()
