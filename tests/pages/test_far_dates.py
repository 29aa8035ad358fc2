"""Dates of the years 1 to 9999 in every check, page and export: pandas counts in nanoseconds, and
those end in 1677 and 2262."""

import numpy as np
import pytest

from components.core.data.dataset import Storage
from components.core.judgement.findings import Status
from components.core.settings import Settings
from components.services.data import datasets
from components.services.explore import association_rows, associations, slices
from components.services.export import exports
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGES, Pages

DATES = ("born", "until", "edge", "first")


def calendar(n=240, seed=4):
    """Four columns of dates around and beyond what nanoseconds hold, and a label."""
    draw = np.random.default_rng(seed)
    odd = ["0001-01-01", "1066-10-14", "1677-09-21", "1677-09-22", "2262-04-11", "2262-04-12"]
    lines = ["born,until,edge,first,x,town,sex,label"]
    for i in range(n):
        born = f"{draw.integers(1000, 2500):04d}-{1 + i % 12:02d}-{1 + i % 28:02d}"
        until = "9999-12-31" if i % 3 else f"20{10 + i % 20}-06-30"
        edge = "9999-12-31 23:59:59" if i % 100 else f"2020-01-{1 + i // 100:02d} 10:00:00"
        first = odd[i % len(odd)] if i % 50 else ""
        x = draw.normal()
        town = draw.choice(["York", "Bath"])
        sex = draw.choice(["f", "m"])
        word = "high" if x + draw.normal() > 0 else "low"
        lines.append(f"{born},{until},{edge},{first},{x:.3f},{town},{sex},{word}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def checked(tmp_path_factory, make_finished):
    home = tmp_path_factory.mktemp("calendar") / "home"
    return make_finished(home, calendar(), "calendar.csv", -1, ["sex"])


@pytest.fixture
def ws(checked):
    found = open_workspace(Settings(home=checked.home))
    yield found
    found.close()


def test_every_check_answers(checked, ws):
    version = datasets.get(ws, checked.dataset_id).version
    read = {c.name: c.storage for c in version.columns}
    assert [name for name in DATES if read[name] is not Storage.DATETIME] == []
    results = runs.results(ws, checked.run_id)
    assert {r.check_id: r.reason for r in results if r.status is Status.FAILED} == {}
    told = [f.title for r in results for f in r.findings if "9999-12-31" in f.title]
    assert any("“until”" in title and "probably a code" in title for title in told)


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.url_path or "upload")
def test_every_page_opens(spec, app, checked, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(checked.home))
    at = app.open(spec, data=checked.dataset_id)
    assert [e.value for e in [*at.exception, *at.error]] == []


@pytest.mark.parametrize("column", DATES)
def test_the_card_of_a_column_opens(column, app, checked, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(checked.home))
    at = app.open(Pages.COLUMNS.value, data=checked.dataset_id, column=column)
    assert [e.value for e in [*at.exception, *at.error]] == []
    pair = f"c{DATES.index(column)}~c{4 if column == 'born' else 0}"
    at = app.open(Pages.ASSOCIATIONS.value, data=checked.dataset_id, pair=pair)
    assert [e.value for e in [*at.exception, *at.error]] == []


def test_slices_pairs_and_exports_are_made(checked, ws, tmp_path):
    for time in DATES:
        for column in (*DATES, "x", "town"):
            if column != time:
                slices.over_time(ws, checked.run_id, column, time)
                association_rows.points(ws, checked.run_id, column, time)
                associations.contingency(ws, checked.run_id, column, time)
        slices.by_group(ws, checked.run_id, time, "town")
    exports.write_run(ws, checked.run_id, tmp_path / "out")
    assert (tmp_path / "out" / "report.html").stat().st_size
