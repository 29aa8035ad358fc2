"""The route for big files: who may send, what is kept, and what is never left behind."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest
from starlette.applications import Starlette

from components.core.settings import Settings
from components.services.upload import incoming
from components.services.upload.incoming import UploadRegistry
from components.services.workspace import open_workspace
from components.views import server, upload_route

HOST = "localhost:8501"
CONTENT = b"x,income\n1,low\n2,high\n3,low\n4,high\n"


@pytest.fixture
def ws(tmp_path):
    workspace = open_workspace(Settings(home=tmp_path / "home"))
    yield workspace
    workspace.close()


@pytest.fixture
def registry(monkeypatch):
    made = UploadRegistry()
    monkeypatch.setattr(upload_route, "UPLOADS", made)
    return made


def left(ws):
    return list(ws.files.incoming.iterdir())


class Sender:
    """A browser that sends a body in pieces, and perhaps leaves before the end."""

    def __init__(self, pieces, *, leaves=False, stalls=False):
        self.messages = [{"type": "http.request", "body": p, "more_body": True} for p in pieces]
        if leaves:
            self.messages.append({"type": "http.disconnect"})
        elif not stalls:
            self.messages.append({"type": "http.request", "body": b"", "more_body": False})
        self.status, self.body = 0, b""

    async def receive(self):
        if not self.messages:
            await asyncio.sleep(60)
        return self.messages.pop(0)

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


def run(answering):
    """Run in a thread of its own: a browser of other tests may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answering).result()


def put(token, sender, length=None, *, method="PUT", **headers):
    """Send to our routes as a browser on a page of ours would; headers may be replaced."""
    sent = {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    sent |= {"content-length": None if length is None else str(length)}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/api/upload/{token}"
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
    scope |= {"query_string": b"", "root_path": "", "server": ("127.0.0.1", 8501)}
    scope["headers"] = [(n.encode(), v.encode()) for n, v in sent.items() if v is not None]
    app = Starlette(routes=server.routes(), middleware=server.middleware())
    run(app(scope, sender.receive, sender.send))
    return sender.status, json.loads(sender.body or b"{}") if method == "PUT" else sender.body


def ask(registry, ws, content=CONTENT, name="x.csv"):
    return registry.issue(ws, name, len(content)).token


def test_a_file_comes_in_whole(registry, ws):
    token = ask(registry, ws)
    pieces = [CONTENT[:3], b"", CONTENT[3:]]
    status, answer = put(token, Sender(pieces), len(CONTENT))
    assert status == 201
    assert answer == {"sha256": hashlib.sha256(CONTENT).hexdigest()}
    assert registry.received(token).path.read_bytes() == CONTENT


def test_a_token_is_good_for_one_file(registry, ws):
    token = ask(registry, ws)
    put(token, Sender([CONTENT]), len(CONTENT))
    status, answer = put(token, Sender([b"evil" * 9]), len(CONTENT))
    assert status == 403
    assert "not announced" in answer["what"]
    assert registry.received(token).path.read_bytes() == CONTENT


@pytest.mark.parametrize("token", ["wrong", "x" * 5_000, "%2e%2e", "..", "a'b"])
def test_a_token_that_was_never_given_is_refused(registry, ws, token):
    ask(registry, ws)
    status, _ = put(token, Sender([CONTENT]), len(CONTENT))
    assert status == 403
    assert left(ws) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": None},
        {"origin": "http://localhost:9999"},
        {"origin": f"http://user@{HOST}"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "none"},
        {"host": None},
        {"host": "evil.test"},
        {"host": "evil.test:8501", "origin": "http://evil.test:8501"},
        {"host": "localhost:9999", "origin": "http://localhost:9999"},
    ],
)
def test_a_foreign_page_is_refused_and_uses_up_nothing(registry, ws, headers):
    token = ask(registry, ws)
    status, answer = put(token, Sender([CONTENT]), len(CONTENT), **headers)
    assert status == 403
    assert "another site" in answer["what"] or "under this address" in answer["what"]
    assert left(ws) == []
    assert put(token, Sender([CONTENT]), len(CONTENT))[0] == 201


def test_a_browser_that_does_not_tell_where_it_is_may_send(registry, ws):
    token = ask(registry, ws)
    assert put(token, Sender([CONTENT]), len(CONTENT), sec_fetch_site=None)[0] == 201


@pytest.mark.parametrize(
    ("length", "status"),
    [(None, 411), ("7", 400), ("-1", 400), ("+35", 400), ("0x23", 400), ("99999999999999", 400)],
)
def test_another_length_than_announced_is_refused(registry, ws, length, status):
    assert put(ask(registry, ws), Sender([CONTENT]), length)[0] == status
    assert left(ws) == []


@pytest.mark.parametrize("body", [CONTENT + b"more", CONTENT[:-1], b""])
def test_a_body_of_another_length_leaves_nothing(registry, ws, body):
    token = ask(registry, ws)
    status, answer = put(token, Sender([body]), len(CONTENT))
    assert status == 400
    assert f"{len(CONTENT)} bytes were announced" in answer["what"]
    assert registry.received(token) is None
    assert left(ws) == []


def test_an_endless_body_is_cut_off(registry, ws):
    piece = bytes(1 << 20)
    sender = Sender([piece] * 50)
    status, _ = put(ask(registry, ws), sender, len(CONTENT))
    assert status == 400
    assert len(sender.messages) > 45
    assert left(ws) == []


def test_a_browser_that_leaves_takes_its_bytes_along(registry, ws):
    token = ask(registry, ws)
    status, _ = put(token, Sender([CONTENT[:9]], leaves=True), len(CONTENT))
    assert status == 408
    assert registry.received(token) is None
    assert left(ws) == []


def test_a_sender_that_falls_silent_is_given_up(registry, ws, monkeypatch):
    monkeypatch.setattr(upload_route, "PATIENCE", 0.05)
    status, answer = put(ask(registry, ws), Sender([CONTENT[:9]], stalls=True), len(CONTENT))
    assert status == 408
    assert "half-way" in answer["what"]
    assert left(ws) == []


def test_a_server_that_stops_meanwhile_leaves_nothing(registry, ws):
    token = ask(registry, ws)

    async def cut_off():
        app = Starlette(routes=server.routes())
        sender = Sender([CONTENT[:9]], stalls=True)
        scope = {"type": "http", "method": "PUT", "path": f"/api/upload/{token}"}
        scope |= {"query_string": b"", "root_path": "", "server": ("127.0.0.1", 8501)}
        headers = {"host": HOST, "origin": f"http://{HOST}", "content-length": str(len(CONTENT))}
        scope["headers"] = [(n.encode(), v.encode()) for n, v in headers.items()]
        task = asyncio.create_task(app(scope, sender.receive, sender.send))
        await asyncio.sleep(0.1)
        assert len(left(ws)) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cut_off())
    assert left(ws) == []


def test_a_full_disk_is_told_and_leaves_nothing(registry, ws, monkeypatch):
    token = ask(registry, ws)
    real = incoming.shutil.disk_usage(ws.files.home)
    monkeypatch.setattr(incoming.shutil, "disk_usage", lambda _path: real._replace(free=1_000))
    status, answer = put(token, Sender([CONTENT]), len(CONTENT))
    assert status == 507
    assert "too little for this file" in answer["what"]
    assert "Remove tables" in answer["todo"]
    assert left(ws) == []


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "C:\\x.csv", "a\0b", "x" * 5_000])
def test_the_name_of_a_file_never_reaches_a_path(registry, ws, name):
    token = ask(registry, ws, name=name)
    assert put(token, Sender([CONTENT]), len(CONTENT))[0] == 201
    received = registry.received(token)
    assert left(ws) == [received.path]
    assert not set("/\\\0") & set(received.name)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_there_is_no_other_method(registry, ws, method):
    assert put(ask(registry, ws), Sender([CONTENT]), len(CONTENT), method=method)[0] == 405
    assert left(ws) == []


def test_a_large_file_needs_little_memory(registry, ws):
    megabytes = 50
    size = megabytes << 20
    small = replace(ws, settings=replace(ws.settings, max_upload=size))
    token = registry.issue(small, "big.csv", size).token
    piece = bytes(65_536)
    process = psutil.Process()
    peak = []

    class Large(Sender):
        n = 0

        async def receive(self):
            self.n += 1
            if self.n % 64 == 0:
                peak.append(process.memory_info().rss)
            more = self.n < size // len(piece)
            return {"type": "http.request", "body": bytes(piece), "more_body": more}

    before = process.memory_info().rss
    assert put(token, Large([]), size)[0] == 201
    assert registry.received(token).path.stat().st_size == size
    assert max(peak) - before < 30_000_000
