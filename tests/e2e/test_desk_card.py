"""What the card shows: what speaks for and against, examples, and nothing before the answer."""

import re

from playwright.sync_api import expect

from components.core.judgement.review import Action
from tests.e2e.desk import LABELS


def test_the_card_shows_probabilities_grounds_examples_and_what_was_not_read(sit_down, place):
    desk = sit_down("Carl")
    page, row = desk.page, desk.row()
    (told,) = [s for s in place.open_rows(200) if s.cell.row_id == row]
    bars = page.locator(".likely .chance")
    expect(bars).to_have_count(2)
    expect(bars.first).to_contain_text(told.suggested)
    expect(bars.first).to_contain_text(f"{told.confidence:.0%}".replace("%", " %"))
    expect(bars.last).to_contain_text("in the file")
    expect(page.locator(".reason")).to_have_text(f"Speaks for “{told.suggested}”: {told.reason}.")
    if told.against:
        expect(page.locator(".against")).to_have_text(f"Speaks against it: {told.against}.")
    page.locator(".more summary").click()
    leak = page.locator(".values div", has=page.locator("dt", has_text="tax_withheld"))
    expect(leak.locator("em")).to_have_text("not read by the models")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    page.locator(".examples summary").click()
    table = page.locator(".examples table")
    expect(table.locator("tr")).to_have_count(7)
    expect(table).to_contain_text(told.given)
    expect(table).not_to_contain_text("tax_withheld")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(table.locator("tr")).to_have_count(7)
    assert asked.count("examples") == 1, "asked once per class, not per card"


def test_who_judges_first_sees_the_suggestion_after_the_answer(sit_down, place):
    desk = sit_down("Jo")
    page = desk.page
    page.get_by_text("Judge first").click()
    page.wait_for_url("**judge=first**")
    desk.ready()
    expect(page.locator(".suggested-name")).to_have_text(
        "What is suggested comes after your answer"
    )
    row = desk.row()
    (told,) = [s for s in place.open_rows(200) if s.cell.row_id == row]
    for part in (".grounds", ".near", ".examples"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".entries")).not_to_contain_text("suggested")
    for key in "ls":  # neither the suggestion nor its like can be asked for
        page.keyboard.press(key)
    assert place.made_by("Jo") == []
    page.keyboard.press("k")
    expect(page.locator(".suggested")).to_have_text(told.suggested)
    expect(page.locator(".grounds")).to_be_visible()
    assert desk.row() == row
    desk.saved()
    (first,) = place.made_by("Jo")
    assert (first.action, first.judged_first) == (Action.KEEP, False), "it was on the card before"
    page.keyboard.press("l")
    expect(page.locator(".suggested")).to_have_text("")
    desk.saved()
    assert desk.row() != row
    changed = place.made_by("Jo")[-1]
    assert (changed.cell.row_id, changed.new, changed.judged_first) == (row, told.suggested, False)
    page.keyboard.press("n")
    desk.saved()
    page.keyboard.press("n")
    expect(page.locator(".suggested")).to_have_text("")
    assert len(place.made_by("Jo")) == 3, "the same answer again goes on"
    new = max(place.open_rows(200), key=lambda told: place.queue().position_of(told.cell)).cell
    page.keyboard.press("g")
    page.keyboard.type(str(new.row_id + 1))
    page.keyboard.press("Enter")
    expect(page.locator(".card .row")).to_have_text(f"Row {new.row_id + 1:,}")
    for key in "kzn":  # once it was shown after the answer, the next is not the first
        page.keyboard.press(key)
    desk.saved()
    told = [(str(d.action), d.judged_first) for d in place.made_by("Jo") if d.cell == new]
    assert told == [("keep", True), ("unsure", False)], "and the list had not shown it either"


def test_buttons_tell_the_suggestion_after_the_answer(visit, desk_server, checked, place):
    window = visit(desk_server)
    window.open(f"/label_review?{checked[1]}&queue={LABELS}&mode=buttons&judge=first")
    page = window.page
    page.get_by_label("Your name").fill("Bo")
    page.get_by_role("button", name="Start the review").click()
    page.locator(".st-key-card").wait_for()
    window.ready()
    expect(page.get_by_text("What is suggested comes after your answer")).to_be_visible()
    expect(page.get_by_text("Why it was flagged")).to_be_hidden()
    expect(page.locator(".st-key-card")).to_contain_text("not read by the models")
    expect(page.locator(".st-key-card")).to_contain_text("sensitive")
    expect(page.get_by_role("button", name=re.compile("^Change to"))).to_be_hidden()
    page.keyboard.press("m")
    expect(page.locator("input[aria-label=Note]")).to_be_focused()
    page.keyboard.type("l k: asked")
    page.keyboard.press("Enter")
    window.ready()
    expect(page.locator("input[aria-label=Note]")).not_to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_text("you said otherwise")).to_be_visible()
    (made,) = place.made_by("Bo")
    assert (made.judged_first, made.note) == (True, "l k: asked")
