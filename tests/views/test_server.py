"""What the app serves of its own, and what it forbids the browser."""

import asyncio
import base64
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

from components.processes.folder import JobFolder
from components.views import download_route, server
from components.views.navigation import ROOT

KEY = "0123456789abcdef" * 2
"""Of a file that was made."""


class Answer:
    def __init__(self):
        self.status, self.headers, self.content, self.n_pieces = 0, {}, b"", 0

    async def take(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.content += message.get("body", b"")
            self.n_pieces += 1


def run(answering):
    """Run in a thread of its own: a browser of other tests may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answering).result()


def get(path, host="localhost:8501"):
    """Ask our routes and middleware as a server would."""
    app = Starlette(routes=server.routes(), middleware=server.middleware())
    answer = Answer()
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"headers": [(b"host", host.encode())], "query_string": b"", "root_path": ""}
    scope["server"] = ("127.0.0.1", 8501)

    run(app(scope, asyncio.Queue().get, answer.take))
    return answer


def test_fonts_and_icons_are_served():
    font = get("/assets/inter-latin-wght-normal.woff")
    assert font.status == 200
    assert font.content[:4] == b"wOFF"
    assert get("/assets/icon.png").headers["content-type"] == "image/png"


FONTS = sorted(server.ASSETS.glob("*.woff"))
TOLD = ("ccmp", "locl")
"""What composes accents, and what a language asks for; nothing else may choose another glyph."""


@pytest.mark.parametrize("path", FONTS, ids=lambda p: p.stem)
def test_no_font_draws_another_character_than_the_one_in_the_cell(path):
    """Inter's contextual alternates make ``36x49`` look like ``36×49`` and ``->`` like ``→``."""
    font = TTFont(path)
    shapes = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert shapes <= set(TOLD)
    assert len(font.getBestCmap()) > 200


def test_the_app_names_the_fonts_that_are_there():
    named = re.findall(r"/assets/(inter-[a-z-]+\.woff)", Path(".streamlit/config.toml").read_text())
    assert sorted(named) == [path.name for path in FONTS]


@pytest.mark.parametrize("name", ["nothing.png", "..", "../server.py", ".", "C:x"])
def test_nothing_else_is_served(name):
    assert get(f"/assets/{name}").status == 404


def test_every_answer_locks_the_browser_in():
    headers = get("/assets/icon.png", host="localhost:8501").headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "ws://localhost:8501" in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_a_strange_host_does_not_reach_the_policy():
    assert "evil" not in server.policy("x; script-src evil.test")


def test_the_script_of_the_page_is_allowed_by_its_hash():
    body = "\n      window.prerenderReady = false\n    "
    digest = hashlib.sha256(body.encode()).digest()
    assert f"'sha256-{base64.b64encode(digest).decode()}'" in server.policy("localhost")


@pytest.mark.parametrize("path", ["/", "/labels", "/label_review"])
def test_our_script_runs_before_those_of_streamlit(path):
    page = get(path).content.decode()
    ours = '<script src="/assets/page.js"></script>'
    assert page.index(ours) < page.index("<script", page.index(ours) + len(ours))
    assert page.replace(f"\n    {ours}", "").count("<script") == page.count("<script") - 1
    assert get(path).headers["cache-control"] == "no-cache"


def test_streamlit_finds_the_server_in_the_app():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_the_menu_names_the_pages_before_the_first_visitor(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)

    async def start():
        async with server.lifespan(None):
            return PagesManager.uses_pages_directory

    assert run(start()) is False


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path))
    made = tmp_path / "jobs" / KEY
    made.mkdir(parents=True)
    return JobFolder(made)


def finish(folder, path):
    value = {"filename": "märz.csv", "mime": "text/csv", "path": str(path)}
    folder.write_request({"command": "export", "request": {}})
    folder.write_result({"value": value})


def test_a_file_comes_as_an_attachment_under_its_name(folder):
    (folder.path / "file").write_bytes(b"a,b\n" * 300_000)
    finish(folder, folder.path / "file")
    answer = get(f"/{download_route.address(KEY)}")
    assert answer.status == 200
    assert answer.content == b"a,b\n" * 300_000
    assert answer.n_pieces > 10, "it is never in memory as a whole"
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''m%C3%A4rz.csv"
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_that_is_not_ready_or_was_not_made_is_not_there(folder):
    assert get(f"/api/download/{KEY}").status == 404
    folder.write_result(
        {"error": {"type": "OutOfDisk", "what": "The disk is full.", "todo": "", "choices": None}}
    )
    answer = get(f"/api/download/{KEY}")
    assert (answer.status, answer.content) == (404, b"The disk is full.")


def test_no_other_file_of_the_machine_is_served(folder, tmp_path):
    (tmp_path / "secret").write_text("x")
    finish(folder, tmp_path / "secret")
    assert get(f"/api/download/{KEY}").status == 404
    for key in ("..%2f..%2fsecret", "secret", "0" * 32):
        assert get(f"/api/download/{key}").status == 404
