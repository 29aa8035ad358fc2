"""What the app serves of its own, and what it forbids the browser."""

import asyncio
import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

from components.views import server
from components.views.navigation import ROOT


class Answer:
    def __init__(self):
        self.status, self.headers, self.content = 0, {}, b""

    async def take(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.content += message.get("body", b"")


def run(answering):
    """Run in a thread of its own: a browser of other tests may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answering).result()


def get(path, host="localhost"):
    """Ask our routes and middleware as a server would."""
    app = Starlette(routes=server.routes(), middleware=server.middleware())
    answer = Answer()
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"headers": [(b"host", host.encode())], "query_string": b"", "root_path": ""}

    run(app(scope, asyncio.Queue().get, answer.take))
    return answer


def test_fonts_and_icons_are_served():
    font = get("/assets/inter-latin-wght-normal.woff2")
    assert font.status == 200
    assert font.content[:4] == b"wOF2"
    assert get("/assets/icon.png").headers["content-type"] == "image/png"


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


def test_streamlit_finds_the_server_in_the_app():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_the_menu_names_the_pages_before_the_first_visitor(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)

    async def start():
        async with server.lifespan(None):
            return PagesManager.uses_pages_directory

    assert run(start()) is False
