"""The drop zone in a real browser: a file on its way, cancelled, dropped, and refused."""

import base64

import pytest
from playwright.sync_api import expect

from tests.e2e.visit import RUN_PATIENCE

ROWS = "".join(
    f"{i},{20 + i % 60},{'York' if i % 3 else 'Bath'},{'low' if i % 2 else 'high'}\n"
    for i in range(250_000)
)
FIVE_MB = ("id,age,town,income\n" + ROWS).encode()
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000}


def choose(window, name, content):
    """Press the button of the zone and choose a file, as a person would."""
    zone = window.page.get_by_role("button", name="Choose a file")
    with window.page.expect_file_chooser() as chooser:
        zone.focus()
        window.page.keyboard.press("Enter")
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    chooser.value.set_files(file)


def slow_down(window):
    session = window.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def kept(server):
    return {
        path.name
        for folder in ("incoming", "datasets")
        for path in (server.home / folder).iterdir()
    }


def assert_it_is_coming(server, page, before):
    """The first bytes are on the disk of the server."""
    wait_until(page, lambda: kept(server) - before)
    assert [name.rpartition(".")[2] for name in kept(server) - before] == ["part"]


def assert_nothing_is_kept(server, page, before):
    """The server needs a moment to see that the browser has left."""
    wait_until(page, lambda: kept(server) == before)
    assert kept(server) == before


def wait_until(page, condition):
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(100)


def drop(window, name, content):
    """Drop a file on the zone."""
    code = base64.b64encode(content).decode()
    window.page.locator(".zone").evaluate(
        """(zone, [name, code]) => {
            const bytes = Uint8Array.from(atob(code), (c) => c.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name));
            const how = { dataTransfer: carried, bubbles: true, cancelable: true };
            for (const kind of ["dragenter", "dragover", "drop"])
                zone.dispatchEvent(new DragEvent(kind, how));
        }""",
        [name, code],
    )


@pytest.fixture(scope="module")
def roomy(keep_server):
    return keep_server()


def test_a_file_is_sent_with_progress_and_opened(roomy, visit):
    window = visit(roomy)
    page = window.open("/")
    slow_down(window)
    choose(window, "five.csv", FIVE_MB)
    bar = page.get_by_role("progressbar", name="Upload")
    expect(bar).to_be_visible()
    expect(page.get_by_text("about")).to_be_visible()
    page.wait_for_function(
        """() => {
            const host = document.querySelector("[data-testid=stBidiComponentIsolated]");
            const now = host?.shadowRoot?.querySelector(".track")?.getAttribute("aria-valuenow");
            return now > 20 && now < 100;
        }"""
    )
    expect(page.locator(".st-key-check")).to_be_visible(timeout=RUN_PATIENCE)
    window.ready()
    assert "five.csv" in window.text()
    assert "250,000" in window.text()
    assert list((roomy.home / "incoming").iterdir()) == []


def test_cancelling_leaves_nothing_and_the_zone_goes_on(roomy, visit):
    window, before = visit(roomy), kept(roomy)
    page = window.open("/")
    slow_down(window)
    choose(window, "five.csv", FIVE_MB)
    expect(page.get_by_text("Uploading")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    assert_it_is_coming(roomy, page, before)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelled. Nothing was kept.")).to_be_visible()
    assert_nothing_is_kept(roomy, page, before)
    drop(window, "small.csv", FIVE_MB[: FIVE_MB.index(b"\n", 5_000) + 1])
    expect(page.locator(".st-key-check")).to_be_visible()
    window.ready()
    assert "small.csv" in window.text()


def test_leaving_the_page_leaves_nothing(roomy, visit):
    window, before = visit(roomy), kept(roomy)
    page = window.open("/")
    slow_down(window)
    choose(window, "five.csv", FIVE_MB)
    assert_it_is_coming(roomy, page, before)
    window.go("Overview")
    assert_nothing_is_kept(roomy, page, before)


@pytest.fixture(scope="module")
def server(keep_server):
    return keep_server(PREFLIGHT_MAX_UPLOAD_MB="1")


PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)


def test_a_picture_that_misses_the_zone_is_told_at_once_and_not_shown_instead_of_the_app(window):
    page = window.open("/")
    assert ".csv" in page.locator("input[type=file]").get_attribute("accept")
    data = page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "cat.png", {type: "image/png"}));
            return data;
        }""",
        list(PNG),
    )
    where = page.get_by_test_id("stMain")
    where.dispatch_event("dragover", {"dataTransfer": data})
    where.dispatch_event("drop", {"dataTransfer": data})
    expect(page.get_by_text("“cat.png” is not allowed here")).to_be_visible(timeout=1_000)
    assert kept(window.server) == set()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("program.exe", b"MZ", "is not allowed"),
        ("<img src=x onerror=alert(1)>.exe", b"MZ", "<img src=x onerror=alert(1)>.exe"),
        ("big.csv", b"a,b\n" + b"1,2\n" * 300_000, "larger than 1 MB"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(500), "cannot be used"),
        ("empty.csv", b"", "cannot be used"),
    ],
)
def test_what_cannot_be_taken_is_told(window, name, content, words):
    page = window.open("/")
    drop(window, name, content)
    expect(page.get_by_text(words).first).to_be_visible()
    window.ready()
    assert kept(window.server) == set()
    assert page.locator("img[src=x]").count() == 0
