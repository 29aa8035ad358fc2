"""A browser window, and a record of all that it asked and said."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

CALM = (
    "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
)
PATIENCE = 30_000
"""Milliseconds; the machine of the tests may be busy."""
RUN_PATIENCE = 240_000
JOINER = "\u2060"
expect.set_options(timeout=PATIENCE)


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
        if message.type == "error":
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
        # the name of an icon stands before the title, as in "upload_file Upload"
        links.filter(has_text=re.compile(f"{re.escape(title)}$")).click()
        return self.ready()

    def text(self):
        """What is to be read on the screen, without the invisible signs that keep it literal."""
        return self.page.get_by_test_id("stApp").inner_text().replace(JOINER, "")

    def upload(self, name, content):
        """Drop a file (a path, or bytes under a name) on the start page."""
        self.open("/")
        return self.choose_file(name, content)

    def choose_file(self, name, content):
        """Choose a file in the drop zone of the page that is open."""
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
