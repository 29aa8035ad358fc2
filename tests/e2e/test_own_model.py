"""From a table with a person's own probabilities to the card that says whose they are."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.desk import LABELS

pytestmark = pytest.mark.e2e

PETS = Path(__file__).parents[1] / "data" / "own_model" / "pets.csv"


def test_the_fast_card_says_whose_probabilities_the_bars_are(window):
    page = window.page
    window.open()
    window.upload("pets.csv", PETS.read_bytes())
    expect(page.get_by_text("Labels are judged by your own model:")).to_be_visible()
    window.check()
    window.finished()
    query = urlsplit(page.url).query
    window.open(f"/label_review?{query}&queue={LABELS}")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Start the review").click()
    page.locator(".card").wait_for()
    expect(page.locator(".suggested-name")).to_have_text("The probabilities in the table say")
    expect(page.locator(".likely .chance")).to_have_count(3)
    expect(page.locator(".likely")).to_contain_text(
        "Probabilities in 3 columns “prob_…” of the table, of a model that must not have seen this "
        "row; they are not the chance that the label is wrong."
    )
    mark = page.locator(".values div", has=page.locator("dt", has_text="prob_cat")).locator("em")
    expect(mark).to_have_text("predicted probability")
    window.assert_clean()
