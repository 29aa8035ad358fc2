"""The history of the browser: one entry per press, and back leads where one came from."""

from playwright.sync_api import expect

PAGES = {
    "Columns": "What is in each column?",
    "Labels": "Can the label be learned, and which labels are doubtful?",
    "Duplicates": "What is in the table twice?",
}


def length(page):
    return page.evaluate("window.history.length")


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def test_each_press_in_the_menu_is_one_step_back(shown):
    window, page = shown, shown.page
    query = page.url.partition("?")[2]
    before = length(page)
    for n, (title, question) in enumerate(PAGES.items(), 1):
        window.go(title)
        heading(page, question)
        page.wait_for_url(f"**?{query}")
        assert length(page) == before + n, title
    for question in [*list(PAGES.values())[-2::-1], "Is this data ready to train on?"]:
        page.go_back()
        heading(page, question)
        window.ready()
        assert page.url.endswith(query)
    page.go_forward()
    heading(page, PAGES["Columns"])
    window.ready()
    assert length(page) == before + len(PAGES)


def test_a_link_makes_no_entry_of_its_own(shown, visit):
    window = visit(shown.server)
    query = shown.page.url.partition("?")[2]
    page = window.open(f"/labels?{query}")
    heading(page, PAGES["Labels"])
    assert length(page) == 2, "the empty page of a new window, and this one"


def test_a_drawer_is_one_step_and_back_closes_it(shown):
    window, page = shown, shown.page
    before = length(page)
    page.get_by_role("button", name="Details").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert length(page) == before + 1
    window.ready()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert "finding=" not in page.url
