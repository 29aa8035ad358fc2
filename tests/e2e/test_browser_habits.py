"""What a person expects of a page: a memory, and a way back."""

from playwright.sync_api import expect


def test_the_reviewer_is_known_after_a_refresh_until_he_leaves(demonstrated):
    window, page = demonstrated, demonstrated.page
    window.go("Review")
    field = page.get_by_label("Your name")
    expect(field).to_be_focused()
    page.keyboard.type("Ａda Lovelace")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_be_visible()
    window.ready()
    page.reload()
    expect(page.locator(".card")).to_be_visible()
    assert "Ada Lovelace" in window.ready().locator(".st-key-who").inner_text()
    page.locator(".st-key-who button").first.click()
    expect(field).to_be_focused()
    window.ready()
    page.reload()
    expect(field).to_be_visible()
    window.ready()


def test_a_table_is_removed_and_taken_back(demonstrated):
    window = demonstrated
    page = window.open("/")
    page.get_by_role("button", name="Remove").first.click()
    page.get_by_role("dialog").locator(".st-key-remove-table button").click()
    expect(page.get_by_text("is removed. It can be taken back below.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_text("1 removed table").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("census_demo.csv is back.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove").first).to_be_visible()
    window.ready()
