"""Files on their way in, files of the server's folder, and files that belong together."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from components.core.data.dataset import Role
from components.core.errors import Cancelled, NotFound, UnusableInput
from components.services.data import datasets, versions
from components.services.upload import incoming, server_folder
from components.services.upload.incoming import DiskFull, PartialFile, UploadRegistry
from components.services.workspace import open_workspace

TABLE = "x,income\n1,low\n2,high\n3,low\n4,high\n"
RAW = TABLE.encode()
Usage = namedtuple("Usage", "total used free")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry(clock):
    return UploadRegistry(clock)


def bring(registry, ws, name="x.csv", content=RAW):
    """Do what the route does."""
    ticket = registry.redeem(registry.issue(ws, name, len(content)).token)
    with PartialFile(ticket.part, ticket.size) as part:
        part.write(content)
        registry.keep(ticket, part.finish())
    return ticket


def receive(path, size, content):
    with PartialFile(path, size) as part:
        part.write(content)
        part.finish()


def left(ws):
    return [*ws.files.incoming.iterdir(), *ws.files.datasets.iterdir()]


def disk_with(monkeypatch, free):
    monkeypatch.setattr(incoming.shutil, "disk_usage", lambda _path: Usage(10**12, 0, free))


def test_a_ticket_is_good_once_and_for_a_while(registry, ws, clock):
    token = registry.issue(ws, "x.csv", 5).token
    assert registry.redeem(token).size == 5
    assert registry.redeem(token) is None
    late = registry.issue(ws, "x.csv", 5).token
    clock.now += incoming.TICKET_LIFE
    assert registry.redeem(late) is None
    assert registry.redeem("") is None


def test_a_visitor_sends_two_files_at_a_time(registry, ws):
    first = registry.redeem(registry.issue(ws, "x.csv", 5, visitor="Ann").token)
    registry.discard(first.token)  # given up, but still being sent
    registry.issue(ws, "y.csv", 5, visitor="Ann")
    with pytest.raises(UnusableInput, match="still being sent"):
        registry.issue(ws, "z.csv", 5, visitor="Ann")
    registry.issue(ws, "z.csv", 5, visitor="Bob")
    registry.end(first)
    registry.issue(ws, "z.csv", 5, visitor="Ann")


def test_all_visitors_together_send_so_many_files_at_a_time(registry, ws):
    for n in range(incoming.MOST_AT_ONCE):
        registry.issue(ws, "x.csv", 5, visitor=f"{n}")
    with pytest.raises(UnusableInput, match="20 files at a time"):
        registry.issue(ws, "x.csv", 5, visitor="Ann")


def test_a_file_that_was_given_up_while_it_came_is_not_kept(registry, ws):
    ticket = registry.redeem(registry.issue(ws, "x.csv", 5, visitor="Ann").token)
    registry.discard(ticket.token)
    ticket.part.write_bytes(b"1,2,3")
    registry.keep(ticket, "0" * 64)
    registry.end(ticket)
    assert registry.received(ticket.token) is None
    assert left(ws) == []


def test_tickets_tell_nothing_and_name_no_path(registry, ws):
    tickets = [registry.issue(ws, "../../etc/passwd", 1) for _ in range(20)]
    assert len({t.token for t in tickets}) == 20
    assert min(len(t.token) for t in tickets) >= 43  # 256 bits
    assert {t.name for t in tickets} == {"passwd"}
    assert {t.part.parent for t in tickets} == {ws.files.incoming}
    assert all("passwd" not in t.part.name for t in tickets)


def test_what_is_too_large_gets_no_ticket(registry, ws, monkeypatch):
    small = replace(ws, settings=replace(ws.settings, max_upload=10**6))
    with pytest.raises(UnusableInput, match="larger than 1 MB"):
        registry.issue(small, "x.csv", 10**6 + 1)
    disk_with(monkeypatch, 2 * 10**6 + incoming.RESERVE - 1)
    with pytest.raises(DiskFull, match="202 MB free"):
        registry.issue(small, "x.csv", 10**6)


def test_an_arrival_waits_and_then_goes(registry, ws, clock):
    ticket = bring(registry, ws)
    received = registry.received(ticket.token)
    assert received.sha256 == hashlib.sha256(TABLE.encode()).hexdigest()
    assert received.path.read_bytes() == TABLE.encode()
    clock.now += incoming.RECEIVED_LIFE
    assert registry.received(ticket.token) is None
    assert left(ws) == []


def test_closing_the_desk_leaves_nothing(registry, ws):
    ticket = bring(registry, ws)
    waiting = registry.issue(ws, "y.csv", 1).token
    registry.close()
    assert registry.received(ticket.token) is None
    assert registry.redeem(waiting) is None
    assert left(ws) == []


@pytest.mark.parametrize("content", [b"12345", b"1234567"])
def test_a_length_that_lies_leaves_nothing(ws, content):
    path = ws.files.new_part()
    with pytest.raises(UnusableInput, match="6 bytes were announced"):
        receive(path, 6, content)
    assert left(ws) == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(ws, monkeypatch):
    monkeypatch.setattr(incoming, "LOOK_EVERY", 100)
    with PartialFile(ws.files.new_part(), 1_000) as part:
        part.write(b"x" * 50)
        disk_with(monkeypatch, incoming.RESERVE - 1)
        part.write(b"x" * 40)
        with pytest.raises(DiskFull, match="200 MB free"):
            part.write(b"x" * 70)
    assert left(ws) == []


def test_a_write_that_the_disk_refuses_is_told(ws):
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - closed with the part
    with PartialFile(ws.files.new_part(), 10**9) as part:
        part._file.close()
        part._file = full
        with pytest.raises(DiskFull):
            part.write(b"x" * 100)
    assert left(ws) == []


def test_parts_of_dead_servers_are_swept(ws):
    mine = ws.files.new_part()
    earlier = [ws.files.incoming / f"{n * 32}.part" for n in "ab"]  # named by an earlier version
    for path in (mine, *earlier):
        path.write_bytes(b"x")
    hours_ago = time.time() - 2 * 3_600
    for path in (mine, earlier[0]):
        os.utime(path, (hours_ago, hours_ago))
    open_workspace(ws.settings).close()
    assert {p.name for p in left(ws)} == {mine.name, earlier[1].name}


def test_a_file_that_came_in_becomes_a_dataset_without_a_copy(registry, ws):
    ticket = bring(registry, ws, "../folder/x.csv")
    received = registry.received(ticket.token)
    inode = received.path.stat().st_ino
    info = datasets.add_file(ws, received.path, received.name, sha256=received.sha256)
    assert (info.folder / "source").stat().st_ino == inode
    assert info.version.name == "x.csv"
    assert info.version.sha256 == received.sha256
    registry.discard(ticket.token)
    assert (info.folder / "source").read_bytes() == TABLE.encode()
    assert list(ws.files.incoming.iterdir()) == []
    again = bring(registry, ws)
    assert datasets.add_file(ws, again.part, "again.csv") == info


def test_a_file_that_is_no_table_leaves_only_what_the_desk_holds(registry, ws):
    ticket = bring(registry, ws, content=b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(UnusableInput):
        datasets.add_file(ws, ticket.part, "x.csv")
    assert left(ws) == [ticket.part]
    registry.discard(ticket.token)
    assert left(ws) == []


def test_a_reading_that_was_stopped_can_start_again(registry, ws):
    ticket = bring(registry, ws)

    def stop(_share, _note):
        raise Cancelled

    with pytest.raises(Cancelled):
        datasets.add_file(ws, ticket.part, "x.csv", progress=stop)
    assert left(ws) == [ticket.part]
    assert datasets.add_file(ws, ticket.part, "x.csv").version.n_rows == 4


def test_without_links_the_file_is_moved(registry, ws, monkeypatch):
    def no_links(*_paths):
        raise OSError

    monkeypatch.setattr("components.services.upload.source_bytes.os.link", no_links)
    ticket = bring(registry, ws)
    assert datasets.add_file(ws, ticket.part, "x.csv").version.n_rows == 4
    assert not ticket.part.exists()


# ---------------------------------------------------------------- the folder of the server


@pytest.fixture
def folder(ws, tmp_path):
    """A workspace that may open one folder; a secret lies beside it."""
    root = tmp_path / "tables"
    (root / "deep").mkdir(parents=True)
    (root / "b.csv").write_text(TABLE)
    (root / "deep" / "a.CSV").write_text(TABLE + "5,low\n")
    (root / "notes.md").write_text("no table")
    (root / ".hidden.csv").write_text(TABLE)
    (tmp_path / "secret.csv").write_text(TABLE)
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    (root / "outside").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(root / "pipe.csv")
    return replace(ws, settings=replace(ws.settings, data_dir=root))


def test_without_the_setting_nothing_is_listed_or_opened(ws, tmp_path):
    (tmp_path / "b.csv").write_text(TABLE)
    assert server_folder.listing(ws) == ()
    with pytest.raises(NotFound):
        server_folder.add_file(ws, "b.csv")


def test_only_real_files_of_the_folder_are_listed(folder):
    names = [f.name for f in server_folder.listing(folder, (".csv",))]
    assert names == ["b.csv", "deep/a.CSV"]
    assert "notes.md" in [f.name for f in server_folder.listing(folder)]


def test_a_file_of_the_folder_is_copied(folder):
    told = []
    info = server_folder.add_file(folder, "deep/a.CSV", lambda _share, note: told.append(note))
    assert (info.version.n_rows, info.version.name) == (5, "a.CSV")
    assert told[0].startswith("Copying")
    (folder.settings.data_dir / "deep" / "a.CSV").write_text("changed")
    assert (info.folder / "source").read_text() == TABLE + "5,low\n"


def test_a_file_of_the_folder_may_be_larger_than_an_upload(folder):
    small = replace(folder, settings=replace(folder.settings, max_upload=3))
    assert server_folder.add_file(small, "b.csv").version.n_rows == 4


@pytest.mark.parametrize(
    "name",
    [
        "../secret.csv",
        "link.csv",
        "outside/secret.csv",
        "deep/../b.csv",
        "pipe.csv",
        "deep",
        "",
        "nothing.csv",
        "b.csv\0",
    ],
)
def test_nothing_else_can_be_opened(folder, name):
    with pytest.raises(NotFound, match="no such file"):
        server_folder.add_file(folder, name)
    with pytest.raises(NotFound):
        server_folder.add_file(folder, str(folder.settings.data_dir.parent / "secret.csv"))


def test_a_folder_that_is_gone_is_empty(folder):
    shutil.rmtree(folder.settings.data_dir)
    assert server_folder.listing(folder) == ()


# ---------------------------------------------------------------- versions


def test_a_file_with_the_same_header_is_a_new_version(ws, upload):
    may = upload(TABLE, name="may.csv")
    assert versions.former(ws, may) is None
    changes = {"x": (may.version.column("x").kind, Role.SENSITIVE)}
    datasets.set_columns(ws, may.version.id, changes, actor="Ann")
    june = upload(TABLE + "5,low\n", name="june.csv")
    found = versions.former(ws, june)
    assert (found.info.version.name, found.n_roles, found.met.n_rows) == ("may.csv", 1, 4)
    assert versions.former(ws, datasets.get(ws, may.version.id)) is None
    other = upload(TABLE.replace("x,", "y,"), name="other.csv")
    assert versions.former(ws, other) is None


def test_tables_without_a_header_are_no_versions_of_each_other(ws, upload):
    first = upload("1.5,2\n3.5,4\n5.5,6\n", name="first.csv")
    assert {c.header for c in first.version.columns} == {""}
    name = first.version.columns[0].name
    changes = {name: (first.version.column(name).kind, Role.IGNORE)}
    datasets.set_columns(ws, first.version.id, changes, actor="Ann")
    second = upload("7.5,8\n9.5,10\n1.5,12\n", name="second.csv")
    assert versions.former(ws, second) is None
    assert second.version.column(name).role is not Role.IGNORE
