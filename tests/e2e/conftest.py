"""A real server, a real browser, and windows of it."""

import contextlib
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from components.services.review.desk import leave
from tests.e2e.desk import Desk, Place
from tests.e2e.server import Server
from tests.e2e.visit import Visit

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first one that is there: without a surface, a window takes half of the time to open."""

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


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, f"the tests in a browser need one of these programs: {', '.join(BROWSERS)}"
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


@pytest.fixture(scope="session")
def shown_server(copy_demonstration):
    """A server on such a copy for all tests that only look, and the address of its run."""
    home, address = copy_demonstration()
    server = Server(home).start()
    yield server, address
    server.stop()


@pytest.fixture
def shown(shown_server, visit):
    """A window on the checked demonstration, in which nothing may be changed."""
    server, address = shown_server
    window = visit(server)
    window.open(address)
    window.finished()
    return window


@pytest.fixture
def demonstrated(copy_demonstration, new_server, visit):
    """A window on the checked demonstration, in a workspace and on a server of its own."""
    home, address = copy_demonstration()
    window = visit(new_server(home))
    window.open(address)
    window.finished()
    return window


@pytest.fixture(scope="module")
def checked(copy_demonstration):
    """A checked demonstration for the tests of a file: its folder, and the query of its run."""
    home, address = copy_demonstration()
    return home, address.partition("?")[2]


@pytest.fixture(scope="module")
def place(checked):
    """The workspace behind the pages of the tests of a file."""
    opened = Place(*checked)
    yield opened
    opened.ws.close()


@pytest.fixture(scope="module")
def desk_server(checked, keep_server):
    """A server on it."""
    return keep_server(checked[0])


@pytest.fixture
def sit_down(visit, desk_server, checked, place):
    """Return a function that opens a window for a reviewer, who leaves at the end of the test."""
    there = []

    def sit(name, **size):
        there.append(Desk(visit(desk_server, **size), checked[1], name))
        return there[-1]

    yield sit
    for desk in there:
        desk.page.route("**/deal", lambda _route: None)  # a page that stays would be dealt more
        desk.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        leave(place.ws, place.queue(), reviewer=desk.name)  # the page may be gone before it says so


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
