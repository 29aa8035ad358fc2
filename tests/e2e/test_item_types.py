"""Rows, repeated rows and cells are reviewed with the same keys as labels, one type a tab."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from components.core.judgement.review import REPEATS, WHOLE_ROW, Action
from components.core.settings import Settings
from components.services.review import outcome, review
from components.services.workspace import open_workspace

ROWS, COPIES, CODES = (
    "anomalies.multivariate",
    "duplicates.exact_rows",
    "completeness.sentinel_values",
)
SAVED = "All saved"


class Place:
    """One workspace, and the review page of one reviewer on it."""

    def __init__(self, home, query, window):
        self.ws = open_workspace(Settings(home=home))
        self.query, self.window, self.page = query, window, window.page
        asked = parse_qs(query)
        self.run_id, self.dataset_id = asked["run"][0], asked["data"][0]

    def sit(self, check_id, name, more=""):
        self.window.open(f"/label_review?{self.query}&queue={check_id}{more}")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("button", name="Start the review").click()
        self.window.ready()
        if not more:
            self.page.locator(".card").wait_for()
            self.saved()

    def saved(self):
        expect(self.page.get_by_text(SAVED)).to_be_visible()

    def items(self, check_id):
        queue = review.queue(self.ws, self.run_id, check_id)
        return [item for item in review.items(self.ws, queue, 0, queue.n_items) if item.is_open]

    def made_by(self, name):
        return [d for d in review.decisions(self.ws, self.dataset_id) if d.reviewer == name]


@pytest.fixture(scope="module")
def checked(copy_demonstration):
    home, address = copy_demonstration()
    return home, address.partition("?")[2]


@pytest.fixture(scope="module")
def served(checked, keep_server):
    return keep_server(checked[0])


@pytest.fixture
def place(checked, served, visit):
    opened = Place(*checked, visit(served))
    yield opened
    opened.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    opened.ws.close()


@pytest.fixture
def fresh(copy_demonstration, new_server, visit):
    """A place of its own: an item that was shown with buttons stays held for a while."""
    home, address = copy_demonstration()
    opened = Place(home, address.partition("?")[2], visit(new_server(home)))
    yield opened
    opened.ws.close()


@pytest.mark.parametrize(
    ("check_id", "button", "action"),
    [
        (ROWS, "Error, leave it in for now", Action.ERROR),
        (COPIES, "Keep one", Action.EXCLUDE),
        (CODES, "Make it empty", Action.CHANGE),
    ],
)
def test_buttons_decide_the_same(fresh, check_id, button, action):
    name = f"Bea {action}"
    fresh.sit(check_id, name, "&mode=buttons")
    before = fresh.page.locator(".st-key-card h3").first.inner_text()
    fresh.page.get_by_role("button", name=button).click()
    expect(fresh.page.locator(".st-key-card h3").first).not_to_have_text(before)
    (made,) = fresh.made_by(name)
    assert made.action is action


def test_unusual_rows_are_kept_called_errors_or_left_out(place):
    first = [item.cell for item in place.items(ROWS)[:3]]
    place.sit(ROWS, "Rose")
    page = place.page
    expect(page.get_by_role("heading", name="Is this row right?")).to_be_visible()
    expect(page.locator(".whole .odd li").first).to_contain_text("usual: ")
    expect(page.locator(".values .odd").first).to_be_visible()
    expect(page.locator(".commands button.chosen")).to_have_count(0)
    for key in "klx":
        page.keyboard.press(key)
    place.saved()
    made = place.made_by("Rose")
    assert [d.cell for d in made] == first
    assert [d.action for d in made] == [Action.KEEP, Action.ERROR, Action.EXCLUDE]
    assert {d.cell.column for d in made} == {WHOLE_ROW}
    expect(page.locator(".counts")).to_contain_text(" not sure, 1 called errors")
    page.keyboard.press("z")
    expect(page.locator(".card .row")).to_have_text(f"Row {first[2].row_id + 1:,}")
    place.saved()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".stands")).to_contain_text("An error, left in, by you")
    assert [d.undone for d in place.made_by("Rose")] == [False, False, True]


def test_of_equal_rows_one_is_kept_and_all_are_settled_together(place):
    place.sit(COPIES, "Rita")
    page, items = place.page, place.items(COPIES)
    expect(page.get_by_role("heading", name="Are these rows one case or several?")).to_be_visible()
    expect(page.locator(".whole table tr")).to_have_count(1 + 2)
    page.keyboard.press("k")
    page.keyboard.press("l")
    page.keyboard.press("n")
    place.saved()
    made = place.made_by("Rita")
    assert [d.action for d in made] == [Action.KEEP, Action.EXCLUDE, Action.UNSURE]
    assert [len(d.others) for d in made] == [0, 1, 0]
    assert {d.cell.column for d in made} == {REPEATS}
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("open items like this")).to_be_visible()
    dialog.get_by_role("button", name="Keep one of each set").click()
    expect(dialog).to_contain_text("one row each stays in the corrected table")
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.locator(".notice")).to_contain_text("decided together")
    place.saved()
    assert review.tally(place.ws, place.dataset_id).n_excluded >= len(items) - 2
    page.locator(".stage").select_option("unsure")
    expect(page.locator(".entries li").first).to_contain_text("Not sure, you")
    page.locator(".entries button").first.click()
    expect(page.locator(".stands")).to_contain_text("Not sure, by you")
    page.keyboard.press("k")
    place.saved()
    said = outcome.answers(place.ws, place.run_id)
    verdict = outcome.verdict(place.ws, place.run_id, said)
    assert f"{COPIES}:repeats" in verdict.settled
    expect(page.get_by_text("sets of equal rows are settled")).to_be_visible()


def test_cells_are_kept_emptied_or_edited(place):
    place.sit(CODES, "Cora")
    page, items = place.page, place.items(CODES)
    expect(page.get_by_role("heading", name="Is this value right?")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("l")
    page.keyboard.press("/")
    page.keyboard.type("47")
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("is not read as a value of")
    row = page.locator(".card .row").inner_text()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    expect(page.locator(".card .row")).not_to_have_text(row)
    place.saved()
    *made, emptied = place.made_by("Cora")
    assert (emptied.action, emptied.new) == (Action.CHANGE, ""), "nothing typed is an empty cell"
    assert [d.cell for d in made] == [item.cell for item in items[:3]]
    assert [(d.action, d.new) for d in made] == [
        (Action.KEEP, made[0].given),
        (Action.CHANGE, ""),
        (Action.CHANGE, "47"),
    ]
