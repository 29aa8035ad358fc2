"""Pictures and texts on the card: no other host is asked before a person allows it."""

import base64
import http.server
import io
import threading

import pytest
from playwright.sync_api import expect

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.headless import role_arguments
from components.services.runs import runs
from components.services.workspace import open_workspace
from tests.e2e.desk import LABELS
from tests.services.conftest import plant_result

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCg"
    "Af7gP9i18U1AAAAABJRU5ErkJggg=="
)
HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd\nsecond line of a note"


@pytest.fixture(scope="module")
def other_host():
    """Another server that gives a picture, and remembers who asked."""
    asked = []

    class Pictures(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(DOT)

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def picture_home(tmp_path_factory, other_host):
    """A workspace with a table of pictures and texts, and a folder that the server may read."""
    base = tmp_path_factory.mktemp("pictures")
    folder = base / "folder"
    folder.mkdir()
    (folder / "dot.png").write_bytes(DOT)
    (folder / "note.png").write_text("no picture", encoding="utf-8")
    (base / "secret.png").write_bytes(DOT)
    address, _ = other_host
    lines = [
        f'{address}/a.png,dot.png,"{HEBREW}",cat',
        f"{address}/b.png,../secret.png,short,dog",
        f"{address}/c.png,note.png,short,cat",
        *(f"{address}/d.png,dot.png,short,{'cat' if n % 2 else 'dog'}" for n in range(8)),
    ]
    text = "photo,path,note,kind\n" + "\n".join(lines) + "\n"
    ws = open_workspace(Settings(home=base / "home"))
    info = datasets.add(ws, io.BytesIO(text.encode()), "pictures.csv")
    roles = role_arguments.assign(info.version, {Role.LABEL: ["kind"]})
    datasets.set_columns(ws, info.version.id, roles, actor="Ann")
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    plant_result(ws, run_id, ((0, "dog"), (1, "cat"), (2, "dog")))
    ws.close()
    return base / "home", folder, f"data={info.version.id}&run={run_id}&queue={LABELS}"


def test_pictures_of_this_machine_show_and_others_after_a_click(
    picture_home, other_host, new_server, visit
):
    home, folder, query = picture_home
    address, asked = other_host
    server = new_server(home, PREFLIGHT_DATA_DIR=str(folder))
    window = visit(server)
    window.open(f"/label_review?{query}")
    page = window.page
    page.get_by_label("Your name").fill("Pia")
    page.get_by_role("button", name="Start the review").click()
    page.locator(".card").wait_for()
    window.ready()
    own = page.locator("img.picture")
    expect(own).to_have_count(1)
    expect(own).to_have_js_property("naturalWidth", 2)
    note = page.locator(".values .long dd", has_text="second line")
    expect(note).to_have_attribute("dir", "auto")
    assert note.evaluate("field => getComputedStyle(field).direction") == "rtl"
    assert asked == [], "the product asks no other host by itself"
    host = address.removeprefix("http://")
    asking = page.get_by_role("button", name=f"Show images from {host}: your browser will ask")
    with page.expect_navigation():
        asking.click()
    page.locator(".card").wait_for()
    window.ready()
    expect(page.locator("img.picture")).to_have_count(2)
    expect(page.locator("img.picture").first).to_have_js_property("naturalWidth", 2)
    assert asked[0] == ("/a.png", None), "that host is not told who asks"
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("There is no such picture in the folder")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("There is no such picture in the folder")).to_be_visible()
    policy = page.request.get(page.url).headers["content-security-policy"]
    assert f"img-src 'self' data: blob: {address};" in policy
    assert policy.count(address) == 1
    assert {url for url in window.foreign() if not url.startswith(address)} == set()
    window.forget()  # the host that was allowed, and the files that are no pictures


def test_a_cookie_that_was_not_made_here_opens_nothing(picture_home, new_server, visit):
    home, _, query = picture_home
    window = visit(new_server(home))
    name = "preflight_pictures"
    window.context.add_cookies(
        [{"name": name, "value": "WyJodHRwOi8vZXZpbC50ZXN0Il0.x", "url": window.server.url}]
    )
    window.open(f"/label_review?{query}")
    policy = window.page.request.get(window.page.url).headers["content-security-policy"]
    assert "evil" not in policy
