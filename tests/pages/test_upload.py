"""The ways in: what the page says of a file that came, came before, or cannot be used."""

import hashlib
import io
import random
import zipfile
from dataclasses import replace

import pytest

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.jobs.queue import Queue
from components.services.data import datasets
from components.services.upload import readings
from components.services.upload.incoming import ReceivedFile
from components.services.workspace import open_workspace
from components.views.navigation import Pages
from components.views.start import drop_zone

TABLE = "age,town,income\n" + "".join(
    f"{20 + i % 50},{'York' if i % 3 else 'Bath'},{'low' if i % 2 else 'high'}\n" for i in range(60)
)
MORE = TABLE + "33,Hull,low\n34,Hull,low\n"


@pytest.fixture
def ws(empty_home):
    workspace = open_workspace(Settings(home=empty_home))
    yield workspace
    workspace.close()


def said(at):
    assert [e.value for e in at.exception] == []
    return "\n".join(e.value for kind in (at.markdown, at.info, at.error) for e in kind)


def bring(at, ws, name, content):
    """Do what the browser and the route do, as the script cannot."""
    ticket = drop_zone.UPLOADS.issue(ws, name, len(content))
    ticket.part.write_bytes(content)
    drop_zone.UPLOADS.keep(ticket, hashlib.sha256(content).hexdigest())
    upload = at.session_state["preflight"].upload
    upload.token, upload.has_arrived = ticket.token, True
    at.run()
    settle(at)
    return ticket


def settle(at):
    """Wait until no file is read any more, as the page does by itself in a browser."""
    reading = at.session_state["preflight"].reading
    if reading is not None:
        assert reading.wait(30)
        at.run()


def test_there_is_one_way_in_and_it_keeps_nothing_in_memory(app, ws):
    at = app.open(Pages.UPLOAD.value)
    assert len(at.file_uploader) == 0, "Streamlit's own keeps files in memory, without a limit"
    assert len(at.get("bidi_component")) == 1
    assert "server" not in said(at)
    assert list(ws.files.incoming.iterdir()) == []


def test_a_file_from_the_drop_zone_is_opened(app, ws):
    at = app.open(Pages.UPLOAD.value)
    ticket = bring(at, ws, "people.csv", TABLE.encode())
    assert at.title[0].value == "Did we read it right?"
    assert at.selectbox[0].label == "What should a model predict?"
    assert any(b.label == "Check this data" for b in at.button)
    assert "people" in said(at)
    assert not ticket.part.exists()
    assert drop_zone.UPLOADS.received(ticket.token) is None
    assert len(datasets.recent(ws)) == 1


def test_a_file_from_the_drop_zone_that_is_no_table_is_told_and_gone(app, ws):
    at = app.open(Pages.UPLOAD.value)
    name = "![x](https://evil.test/x.png).csv"
    ticket = bring(at, ws, name, b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "cannot be used" in at.error[0].value
    assert "](https" not in at.error[0].value
    assert at.title[0].value == Pages.UPLOAD.value.signal
    assert not ticket.part.exists()
    bring(at, ws, "good.csv", TABLE.encode())
    assert at.title[0].value == "Did we read it right?"
    assert len(at.error) == 0


def test_an_empty_file_is_refused_in_words(app, ws):
    at = app.open(Pages.UPLOAD.value)
    bring(at, ws, "empty.csv", b"")
    assert "cannot be used" in at.error[0].value


def test_a_received_file_of_another_session_is_out_of_reach(app, ws):
    at = app.open(Pages.UPLOAD.value)
    ticket = drop_zone.UPLOADS.issue(ws, "x.csv", 3)
    drop_zone.UPLOADS.keep(ticket, "0" * 64)
    at.run()
    assert at.title[0].value == Pages.UPLOAD.value.signal
    drop_zone.UPLOADS.discard(ticket.token)


def test_the_same_bytes_are_recognised(app, ws):
    first = datasets.add(ws, io.BytesIO(TABLE.encode()), "[may](evil.test).csv")
    at = app.open(Pages.UPLOAD.value)
    bring(at, ws, "copy.csv", TABLE.encode())
    notice = at.info[0].value
    assert notice.startswith("**You uploaded this before**, on ")
    assert "may" in notice
    assert "](evil" not in notice
    assert at.query_params["data"] == first.version.id
    assert len(datasets.recent(ws)) == 1
    at.run()
    assert len(at.info) == 1  # it stays: else the buttons below would move under the pointer
    next(b for b in at.button if b.label == "Another table").click().run()
    assert len(at.info) == 0


def test_a_new_version_says_what_it_follows(app, ws):
    may = datasets.add(ws, io.BytesIO(TABLE.encode()), "may.csv")
    town = may.version.column("town")
    datasets.set_columns(ws, may.version.id, {"town": (town.kind, Role.SENSITIVE)}, actor="Ann")
    at = app.open(Pages.UPLOAD.value)
    bring(at, ws, "june.csv", MORE.encode())
    text = said(at)
    assert "A new version of may" in text
    assert "60 of 60 rows were found again, by what their cells hold; 2 rows are new." in text
    assert "1 role was carried over" in text
    assert len(at.info) == 0
    next(b for b in at.button if b.label == "Open the former").click().run()
    assert at.query_params["data"] == may.version.id
    assert "A new version of" not in said(at)


def test_a_role_is_either_our_guess_or_confirmed(app, ws):
    """“Our guess.” stood beside “The roles are those that were confirmed then.”"""
    may = datasets.add(ws, io.BytesIO(TABLE.encode()), "may.csv")
    app.open(Pages.UPLOAD.value, data=may.version.id)
    assert "Our guess. " in app.text()
    datasets.set_columns(ws, may.version.id, {}, actor="Ann")
    app.open(Pages.UPLOAD.value, data=may.version.id)
    assert "A person confirmed this; it was our guess, too. " in app.text()
    assert "Our guess. " not in app.text()
    june = datasets.add(ws, io.BytesIO(MORE.encode()), "june.csv")
    app.open(Pages.UPLOAD.value, data=june.version.id)
    assert "The roles are those that were confirmed then." in app.text()
    assert "As was confirmed for the former table; it is our guess, too. " in app.text()
    assert "Our guess. " not in app.text()
    town = june.version.column("town")
    june = datasets.set_columns(
        ws, june.version.id, {"town": (town.kind, Role.SENSITIVE)}, actor="Ann"
    )
    app.open(Pages.UPLOAD.value, data=june.version.id)
    assert "The roles are those that were confirmed then." not in app.text()
    assert "Chosen by you" in app.text()
    assert "Our guess. " not in app.text()


def test_another_table_with_the_same_header_is_no_version(app, ws):
    """Any file with the same header used to be called a new version."""
    may = datasets.add(ws, io.BytesIO(TABLE.encode()), "may.csv")
    town = may.version.column("town")
    datasets.set_columns(ws, may.version.id, {"town": (town.kind, Role.SENSITIVE)}, actor="Ann")
    draw = random.Random(5)  # noqa: S311 - the same table in every run
    rows = [
        f"{draw.randint(18, 90)},{draw.choice(['York', 'Hull'])},{draw.choice(['low', 'high'])}\n"
        for _ in range(60)
    ]
    other = "age,town,income\n" + "".join(rows)
    at = app.open(Pages.UPLOAD.value)
    bring(at, ws, "other.csv", other.encode())
    text = said(at)
    assert "A new version of" not in text
    assert "The same columns as may" in text
    assert "It is kept as a table of its own" in text
    assert "1 role was carried over" in text


def test_choices_that_somebody_overtook_are_told_and_kept(app, ws):
    """What another person stored meanwhile used to be overwritten with the form's older answers."""
    info = datasets.add(ws, io.BytesIO(TABLE.encode()), "may.csv")
    name, other = info.version.columns[0].name, info.version.columns[1]
    at = app.open(Pages.UPLOAD.value, data=info.version.id)
    label = next(s for s in at.selectbox if s.label == "What should a model predict?")
    label.select_index(1).run()
    datasets.set_columns(ws, info.version.id, {other.name: (other.kind, Role.IGNORE)}, actor="Ann")
    next(b for b in at.button if b.label == "Check this data").click().run()
    assert [e.value for e in at.exception] == []
    assert "Somebody else has changed what the columns of" in said(at)
    assert "Your own choices are still there" in said(at)
    stored = datasets.get(ws, info.version.id).version
    assert stored.column(other.name).role is Role.IGNORE
    assert stored.column(name).role is not Role.LABEL
    next(b for b in at.button if b.label == "Check this data").click().run()
    stored = datasets.get(ws, info.version.id).version
    assert stored.column(other.name).role is Role.IGNORE
    assert stored.label.name == name


def test_files_of_the_server_can_be_opened(app, ws, tmp_path, monkeypatch):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "big.csv").write_text(TABLE)
    (folder / "secret.key").write_text("no table")
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(folder))
    at = app.open(Pages.UPLOAD.value)
    box = next(s for s in at.selectbox if s.key == "server-file")
    assert [o.split(" (")[0] for o in box.options] == ["big.csv"]
    box.select_index(0).run()
    next(b for b in at.button if b.key == "open-server-file").click().run()
    settle(at)
    assert at.title[0].value == "Did we read it right?"
    assert datasets.recent(ws)[0].version.name == "big.csv"


def test_one_of_several_tables_in_an_archive_is_asked_for(app, ws):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", TABLE)
        archive.writestr("<b>two</b>.csv", MORE)
    at = app.open(Pages.UPLOAD.value)
    ticket = bring(at, ws, "both.zip", packed.getvalue())
    assert "The archive holds 2 files" in said(at)
    assert not ticket.part.exists(), "the file belongs to the reading"
    box = next(s for s in at.selectbox if s.key == "member")
    assert len(box.options) == 2
    box.select_index(1).run()
    next(b for b in at.button if b.key == "open-member").click().run()
    settle(at)
    assert at.title[0].value == "Did we read it right?"
    report = datasets.recent(ws)[0].report
    assert (report.n_rows, report.member) == (62, "b>.csv")
    assert not ticket.part.exists()


def test_an_archive_can_be_dropped_instead(app, ws):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", TABLE)
        archive.writestr("two.csv", MORE)
    at = app.open(Pages.UPLOAD.value)
    ticket = bring(at, ws, "both.zip", packed.getvalue())
    next(b for b in at.button if b.key == "drop-member").click().run()
    assert not [s for s in at.selectbox if s.key == "member"]
    assert not ticket.part.exists()
    assert datasets.recent(ws) == ()


@pytest.fixture
def slots(ws, monkeypatch):
    """Take all slots: what is read has to wait."""
    monkeypatch.setenv("PREFLIGHT_MAX_WORKERS", "1")
    return Queue(ws.files.home, 1)


def reading_of(ws, name="slow.csv"):
    few = replace(ws, settings=replace(ws.settings, max_workers=1))
    part = ws.files.new_part()
    part.write_bytes(TABLE.encode())
    digest = hashlib.sha256(TABLE.encode()).hexdigest()
    size = len(TABLE.encode())
    received = ReceivedFile(name=name, path=part, sha256=digest, size=size, until=0.0)
    return readings.start(few, received)


def test_nothing_else_can_be_opened_while_a_file_is_read(app, ws, slots):
    datasets.add(ws, io.BytesIO(MORE.encode()), "former.csv")
    at = app.open(Pages.UPLOAD.value)
    with slots.slot():
        at.session_state["preflight"].reading = reading = reading_of(ws)
        at.run()
        assert at.query_params["reading"] == reading.key
        opens = [b for b in at.button if (b.key or "").startswith(("sample-", "recent-"))]
        assert len(opens) >= 2
        assert all(b.disabled for b in opens)
        assert not at.get("bidi_component")
        assert "slow" in said(at)
        next(b for b in at.button if b.key == "stop-reading").click().run()
    assert "Nothing of slow" in said(at)
    assert len(at.get("bidi_component")) == 1
    assert "reading" not in at.query_params
    assert not any(b.disabled for b in at.button if (b.key or "").startswith("sample-"))
    assert list(ws.files.jobs.iterdir()) == []


def test_a_file_that_waits_shows_its_place_in_the_queue(app, ws, slots):
    with slots.slot():
        first, second = reading_of(ws, "first.csv"), reading_of(ws, "second.csv")
        at = app.open(Pages.UPLOAD.value, reading=second.key)
        assert "second in the queue" in at.get("progress")[0].proto.text
        second.stop()
        first.stop()


def test_a_page_that_is_loaded_anew_finds_the_reading(app, ws, slots):
    with slots.slot():
        reading = reading_of(ws)
    assert reading.wait(60)
    at = app.open(Pages.UPLOAD.value, reading=reading.key)
    assert at.title[0].value == "Did we read it right?"
    assert "reading" not in at.query_params
    assert readings.find(ws, reading.key) is None


@pytest.mark.usefixtures("empty_home")
def test_a_reading_that_is_not_there_is_forgotten(app):
    at = app.open(Pages.UPLOAD.value, reading="none")
    assert at.title[0].value == Pages.UPLOAD.value.signal
    assert "reading" not in at.query_params
