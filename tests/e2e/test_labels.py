"""From the page of labels to the items of the review that it speaks of."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


@pytest.fixture
def labels(demonstrated):
    """A window on the page of labels of the checked demonstration."""
    demonstrated.go("Labels")
    expect(demonstrated.page.get_by_text("What is mistaken for what")).to_be_visible()
    return demonstrated


def test_a_cell_of_what_is_mistaken_leads_to_its_labels(labels):
    page = labels.page
    told = page.get_by_role("combobox", name="In the file, and expected")
    expect(told).to_be_visible()
    plot = page.locator(".st-key-figure-confusion .nsewdrag").first
    plot.scroll_into_view_if_needed()
    grid = plot.bounding_box()
    # below the diagonal: the lower left cell of two classes
    page.mouse.click(grid["x"] + grid["width"] / 4, grid["y"] + 3 * grid["height"] / 4)
    page.wait_for_url("**/label_review?**")
    labels.ready()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["given"] == [">50K"]
    assert asked["suggested"] == ["<=50K"]
    page.get_by_label("Your name").fill("Ann")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only >50K with <=50K suggested")).to_be_visible()
    labels.ready()
    labels.assert_clean()


def test_the_list_beside_it_leads_there_with_the_keyboard(labels):
    page = labels.page
    button = page.get_by_role("button", name="Review these")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/label_review?**")
    labels.ready()
    asked = parse_qs(urlsplit(page.url).query)
    assert {*asked["given"], *asked["suggested"]} == {">50K", "<=50K"}


def test_the_share_of_random_flags_is_set_from_there(labels):
    page = labels.page
    page.get_by_role("button", name="Draw flags at random").click()
    page.wait_for_url("**/label_review?**")
    labels.ready()
    page.get_by_label("Your name").fill("Ann")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Drawn at random", exact=True)).to_be_visible()
    labels.ready()
    labels.assert_clean()
