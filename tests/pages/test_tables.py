"""The list of the tables of a workspace."""

import io
import shutil

import pytest

from components.core.people.person import Identity, Person
from components.core.settings import Settings
from components.services.data import datasets
from components.services.workspace import open_workspace
from components.views.navigation import Pages
from components.views.start import tables
from components.views.visitors import visitor


@pytest.fixture(scope="module")
def _twenty(tmp_path_factory):
    home = tmp_path_factory.mktemp("twenty") / "home"
    ws = open_workspace(Settings(home=home))
    for n in range(20):
        content = f"a,b\n{n},1\n{n},2\n".encode()
        owner = {"actor": "Grace"} if n == 3 else {}
        datasets.add(ws, io.BytesIO(content), f"table{n:02}[x](y).csv", **owner)
    ws.close()
    return home


@pytest.fixture
def twenty(_twenty, empty_home):
    """A workspace of twenty tables; a copy, so that one test removes nothing of another."""
    shutil.copytree(_twenty, empty_home)


def listed(at):
    return [b.help for b in at.button if (b.key or "").startswith("recent-")]


@pytest.mark.usefixtures("twenty")
def test_the_newest_are_shown_and_all_can_be(app):
    at = app.open(Pages.UPLOAD.value)
    assert listed(at) == [f"table{n:02}[x](y).csv" for n in range(19, 13, -1)]
    text = "\n".join(m.value for m in at.markdown)
    assert "2 rows, 2 columns, 14 bytes. Added" in text
    next(t for t in at.toggle if t.key == tables.ALL).set_value(True).run()
    assert len(listed(at)) == 20


@pytest.mark.usefixtures("twenty")
@pytest.mark.parametrize(
    ("sought", "names"),
    [("TABLE03", ["table03[x](y).csv"]), ("grace", ["table03[x](y).csv"]), ("nothing*", [])],
)
def test_a_table_is_found_by_its_name_or_its_owner(app, sought, names):
    at = app.open(Pages.UPLOAD.value)
    next(t for t in at.text_input if t.key == tables.SEARCH).set_value(sought).run()
    assert listed(at) == names
    text = "\n".join(m.value for m in at.markdown)
    assert ("No table here has" in text) is (not names)
    assert "](y)" not in text


def test_a_few_tables_need_no_search(app, finished):
    at = app.open(Pages.UPLOAD.value, data="")
    assert finished
    assert not [t for t in at.text_input if t.key == tables.SEARCH]


def press(at, key):
    next(b for b in at.button if b.key == key).click().run()
    assert [e.value for e in at.exception] == []


def names(ws):
    return {info.version.name: info.version.id for info in datasets.recent(ws)}


@pytest.mark.usefixtures("twenty")
def test_a_table_is_removed_after_a_question_and_taken_back(app, empty_home):
    ws = open_workspace(Settings(home=empty_home))
    gone = names(ws)["table19[x](y).csv"]
    at = app.open(Pages.UPLOAD.value)
    press(at, f"remove-{gone}")
    text = "\n".join(m.value for m in at.markdown)
    assert "for 7 days it can be taken back here" in text
    assert len(names(ws)) == 20, "a question does nothing"
    press(at, "remove-table")
    assert gone not in names(ws).values()
    assert "is removed" in at.info[0].value
    assert "](y)" not in at.info[0].value
    press(at, f"restore-{gone}")
    assert gone in names(ws).values()
    ws.close()


@pytest.mark.usefixtures("twenty")
def test_the_table_of_somebody_else_stays_where_there_is_a_login(app, empty_home, monkeypatch):
    monkeypatch.setattr(visitor, "proven", lambda: Person("Bob", Identity.LOGIN))
    ws = open_workspace(Settings(home=empty_home))
    hers = names(ws)["table03[x](y).csv"]
    at = app.open(Pages.UPLOAD.value)
    next(t for t in at.text_input if t.key == tables.SEARCH).set_value("grace").run()
    press(at, f"remove-{hers}")
    press(at, "remove-table")
    assert "belongs to Grace" in at.info[0].value
    assert hers in names(ws).values()
    monkeypatch.setattr(visitor, "proven", lambda: None)
    press(at, f"remove-{hers}")
    assert any("everybody is an owner and can remove it" in m.value for m in at.markdown)
    press(at, "remove-table")
    assert hers not in names(ws).values()
    ws.close()
