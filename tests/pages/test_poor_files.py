"""A table with hardly anything in it is read and checked, and every page about it is drawn."""

import io

import pytest

from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGES

HALF = "\n".join(f"{i},{i % 2}" for i in range(60))
POOR = {
    "one column": "x\n1\n2\n3\n",
    "one row": "x,y\n1,a\n",
    "one class": "x,income\n" + "\n".join(f"{i},yes" for i in range(60)),
    "all null": "x,y,z\n" + "\n".join(f"{i},,{i % 2}" for i in range(60)),
    "duplicate names": f"x,x\n{HALF}",
    "empty names": f",\n{HALF}",
    "ragged": f"a,b\n{HALF}\n1,2,3,4\n",
}


@pytest.fixture(scope="module", params=POOR)
def poor(request, tmp_path_factory):
    """A workspace with such a table, and the id of its run."""
    home = tmp_path_factory.mktemp("poor")
    ws = open_workspace(Settings(home=home))
    info = datasets.add(ws, io.BytesIO(POOR[request.param].encode()), "poor.csv")
    run_id = runs.execute(ws, info.version.id, with_map=True)
    ws.close()
    return home, run_id


def test_every_page_about_a_poor_table_is_drawn(poor, app, monkeypatch):
    home, run_id = poor
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    for spec in PAGES:
        shown = app.open(spec, run=run_id)
        assert not shown.exception, spec.url_path
        assert "went wrong" not in app.text(), spec.url_path
