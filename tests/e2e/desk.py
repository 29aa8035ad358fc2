"""People in front of the fast card, and the workspace behind it."""

from urllib.parse import parse_qs

from playwright.sync_api import expect

from components.core.settings import Settings
from components.services.review import review
from components.services.workspace import open_workspace

SAVED = "All saved"
LABELS = "labels.label_errors"


class Desk:
    """One reviewer in front of the fast card."""

    def __init__(self, window, query, name):
        self.window, self.page, self.name = window, window.page, name
        self.query = query
        window.open(f"/label_review?{query}&queue={LABELS}")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("button", name="Start the review").click()
        self.ready()

    def ready(self):
        self.page.locator(".card").wait_for()
        expect(self.page.get_by_text(SAVED)).to_be_visible()
        self.window.ready()

    def row(self):
        heading = self.page.locator(".card .row").inner_text()
        return int(heading.removeprefix("Row ").replace(",", "")) - 1

    def burst(self, keys, every_ms):
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(every_ms)

    def saved(self):
        expect(self.page.get_by_text(SAVED)).to_be_visible()


class Place:
    """The workspace behind the pages."""

    def __init__(self, home, query):
        self.ws = open_workspace(Settings(home=home))
        asked = parse_qs(query)
        self.run_id, self.dataset_id = asked["run"][0], asked["data"][0]

    def queue(self):
        return review.queue(self.ws, self.run_id, LABELS)

    def open_rows(self, n):
        queue = self.queue()
        items = review.items(self.ws, queue, 0, queue.n_items)
        return [item.suggestion for item in items if item.is_open][:n]

    def made_by(self, name):
        made = review.decisions(self.ws, self.dataset_id)
        return [d for d in made if d.reviewer == name]

    def standing(self):
        return {d.cell.row_id: d for d in review.standing(self.ws, self.dataset_id)}
