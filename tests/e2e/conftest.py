"""A real server, a real browser, and a record of all that the browser asked and said."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CALM = (
    "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
)
PATIENCE = 30_000
"""Milliseconds; the machine of the tests may be busy."""
RUN_PATIENCE = 240_000
JOINER = "\u2060"
HARMLESS = {
    r"404 .*/_stcore/(health|host-config)": "on a deep link Streamlit first looks for its server "
    "below the page's own address, then at the root",
}
"""Console errors that are not ours (patterns), each with the reason."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class Server:
    """The app in a process of its own, over one workspace folder."""

    def __init__(self, home, **settings):
        self.home = home
        self.settings = settings
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home.parent / f"{home.name}.log"
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        command += ["--server.headless", "true"]
        env = {**os.environ, "PREFLIGHT_HOME": str(self.home), "OMP_NUM_THREADS": "1"}
        env |= self.settings
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_healthy():
                return self
            time.sleep(0.2)
        raise RuntimeError(f"the server did not start:\n{self.said()}")

    def is_healthy(self):
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/_stcore/health")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def statuses(self):
        """What the runs of the workspace say of themselves, in the order of their names."""
        found = sorted((self.home / "runs").glob("*/status.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in found]

    def kill(self):
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()


class Visit:
    """One browser window on one server; knows what it asked for and what went wrong."""

    def __init__(self, context, server):
        self.context = context
        self.server = server
        self.requests = []
        self.errors = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.forgive_disconnects = False

    def move_to(self, server):
        """Go on with another server."""
        self.assert_clean()
        self.forget()
        self.server = server

    def forget(self):
        """Begin anew what is remembered of requests and errors."""
        self.requests.clear()
        self.errors.clear()

    def _console(self, message):
        said = f"{message.text} [{message.location.get('url', '')}]"
        if message.type == "error" and not any(re.search(known, said) for known in HARMLESS):
            self.errors.append(said)

    def open(self, path="/"):
        self.page.goto(self.server.url + path)
        return self.ready()

    def ready(self):
        """Wait until the app has drawn all it wants to draw."""
        self.page.wait_for_selector(CALM)
        self.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        return self.page

    def go(self, title):
        """Click an entry of the menu."""
        links = self.page.get_by_test_id("stSidebarNavLink")
        links.filter(has_text=title).first.click()
        return self.ready()

    def text(self):
        """What is to be read on the screen, without the invisible signs that keep it literal."""
        return self.page.get_by_test_id("stApp").inner_text().replace(JOINER, "")

    def upload(self, name, content):
        """Drop a file (a path, or bytes under a name) on the start page."""
        self.open("/")
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.locator("input[type=file]").set_input_files(file)
        return self.page

    def open_demonstration(self):
        """Open the sample with planted problems, up to the question whether to check it."""
        self.open("/")
        self.page.locator(".st-key-sample-census_demo button").click()
        self.page.locator(".st-key-check").wait_for()
        return self.ready()

    def choose(self, question, *answers):
        """Type answers into a select box, one after the other."""
        for answer in answers:
            box = self.page.get_by_role("combobox", name=question)
            box.click()
            box.fill(answer)
            self.page.get_by_role("option", name=answer, exact=True).first.click()
            self.page.keyboard.press("Escape")
            self.ready()

    def check(self):
        """Press the button that starts the checks; again, where a redraw took the press."""
        self.ready()
        button = self.page.locator(".st-key-check button")
        button.click()
        try:
            self.page.wait_for_url("**/overview?**", timeout=15_000)
        except PlaywrightTimeout:
            button.click()
            self.page.wait_for_url("**/overview?**", timeout=60_000)

    def finished(self):
        """Wait for the end of the run that the overview shows."""
        heading = self.page.get_by_role("heading", name="What was checked")
        expect(heading).to_be_visible(timeout=RUN_PATIENCE)
        return self.ready()

    def foreign(self):
        """The addresses asked for that are not on this server."""
        local = ("data", "blob", "chrome-extension", "about")
        parts = [urlsplit(url) for url in self.requests]
        ours = urlsplit(self.server.url).netloc
        return [p.geturl() for p in parts if p.scheme not in local and p.netloc != ours]

    def assert_no_error(self):
        """The page shows no error of ours; the server's log says more where it does."""
        assert "went wrong" not in self.text(), f"{self.page.url}\n{self.server.said()[-4_000:]}"

    def assert_clean(self):
        assert self.foreign() == []
        self.assert_no_error()
        if self.forgive_disconnects:  # the test killed the server itself
            lost = (
                "ERR_CONNECTION",
                "ERR_CONTENT_LENGTH_MISMATCH",
                "WebSocket",
                "disconnected from server",
                "Failed to fetch",
                "AxiosError",
                "Network Error",
                "reaching server endpoint",
                "server is not responding",
            )
            self.errors = [e for e in self.errors if not any(word in e for word in lost)]
        assert self.errors == [], "\n".join(self.errors)
        assert "Traceback (most recent call last)" not in self.text()


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the tests in a browser need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_server(tmp_path_factory):
    """Start servers that end with the test."""
    with servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="module")
def keep_server(tmp_path_factory):
    """Start servers that end with the tests of a file."""
    with servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="module")
def server(keep_server):
    """One server for the tests of a file."""
    return keep_server()


@contextlib.contextmanager
def servers(tmp_path_factory):
    started = []

    def start(home=None, **settings):
        server = Server(home or tmp_path_factory.mktemp("home"), **settings)
        started.append(server)
        return server.start()

    try:
        yield start
    finally:
        for server in started:
            server.stop()


@pytest.fixture
def visit(browser, new_server):  # noqa: ARG001 - the servers end after the windows
    """Open windows; at the end none may have asked a foreign host or logged an error."""
    with windows(browser) as open_window:
        yield open_window


@pytest.fixture(scope="module")
def keep_visit(browser, keep_server):  # noqa: ARG001 - the servers end after the windows
    """Open windows that stay for the tests of a file."""
    with windows(browser) as open_window:
        yield open_window


@pytest.fixture(scope="module")
def kept_window(keep_visit, server):
    """One window for the tests of a file; ``window`` is what a test asks for."""
    return keep_visit(server)


@pytest.fixture
def window(kept_window):
    """The window of the file: quicker than a new one, which reads all its scripts anew.

    What it asked for and what went wrong is that of this test alone.
    """
    kept_window.forget()
    yield kept_window
    kept_window.assert_clean()


@pytest.fixture(scope="session")
def demonstration(browser, tmp_path_factory):
    """A workspace in which a visitor had the demonstration checked, and the address of the run."""
    server = Server(tmp_path_factory.mktemp("demonstration") / "home").start()
    try:
        with windows(browser) as open_window:
            window = open_window(server)
            window.open_demonstration()
            window.check()
            window.finished()
            query = urlsplit(window.page.url).query
    finally:
        server.stop()
    return server.home, query


@pytest.fixture(scope="session")
def copy_demonstration(demonstration, tmp_path_factory):
    """Return a function that gives a copy of that workspace, and the address of its run."""
    home, query = demonstration

    def copy():
        folder = tmp_path_factory.mktemp("checked") / "home"
        return shutil.copytree(home, folder), f"/overview?{query}"

    return copy


@pytest.fixture
def demonstrated(copy_demonstration, new_server, visit):
    """A window on the checked demonstration, in a workspace and on a server of its own."""
    home, address = copy_demonstration()
    window = visit(new_server(home))
    window.open(address)
    window.finished()
    return window


@contextlib.contextmanager
def windows(browser):
    visits = []

    def open_window(server, *, theme="light", width=1440, height=900):
        context = browser.new_context(
            color_scheme=theme,
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )
        visits.append(Visit(context, server))
        return visits[-1]

    try:
        yield open_window
        for one in visits:
            one.assert_clean()
    finally:
        for one in visits:
            one.context.close()


@pytest.fixture(scope="session")
def shots():
    """The folder of the screenshots; it stays, and its path is printed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="preflight-screenshots-"))
    SHOTS.append(folder)
    return folder


SHOTS = []


def pytest_terminal_summary(terminalreporter):
    for folder in SHOTS:
        terminalreporter.write_line(f"screenshots: {folder}")
