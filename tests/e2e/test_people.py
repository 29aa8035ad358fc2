"""Several people in front of the fast card: two judge blind, a third decides between them."""

from playwright.sync_api import expect

from components.core.judgement.review import Action, Capacity
from components.core.people.random_share import NEVER_FLAGGED
from components.services.review import desk
from components.services.team import plans
from tests.e2e.desk import LABELS


def go_to(sitting, row):
    sitting.page.keyboard.press("g")
    sitting.page.keyboard.type(str(row + 1))
    sitting.page.keyboard.press("Enter")
    expect(sitting.page.locator(".card .row")).to_have_text(f"Row {row + 1:,}")


def test_two_judge_blind_and_a_third_decides_between_them(sit_down, place):
    ann = sit_down("Ann")
    ann.page.get_by_role("button", name="People", exact=True).click()
    dialog = ann.page.get_by_role("dialog")
    expect(dialog).to_contain_text("everybody is an owner of this table")
    dialog.get_by_role("slider").first.press("End")
    dialog.get_by_role("button", name="Set the share").first.click()
    expect(dialog).to_contain_text("100 percent are judged by two")
    assert plans.plan(place.ws, place.dataset_id).double_share == 1.0
    ann.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    row = ann.row()
    ann.page.keyboard.press("k")
    ann.saved()
    expect(ann.page.locator(".counts")).to_contain_text("wait for a second person")
    assert row not in place.standing()

    bob = sit_down("Bob")
    go_to(bob, row)
    expect(bob.page.locator(".card")).not_to_contain_text("Ann")
    expect(bob.page.locator(".stands")).to_be_hidden()
    bob.page.keyboard.press("x")
    bob.saved()
    assert row not in place.standing()

    cleo = sit_down("Cleo")
    go_to(cleo, row)
    both = cleo.page.locator(".differing")
    expect(both).to_contain_text("Two people differ. Decide, and write why.")
    expect(both).to_contain_text("Kept")
    expect(both).to_contain_text("Left out")
    assert "Ann" not in both.inner_text()
    assert "Bob" not in both.inner_text()
    cleo.page.keyboard.press("k")
    expect(cleo.page.locator(".notice")).to_contain_text("Write why")
    cleo.page.keyboard.type("the file is right")
    cleo.page.keyboard.press("Enter")
    cleo.page.keyboard.press("k")
    cleo.saved()
    ruled = place.standing()[row]
    assert (ruled.reviewer, ruled.action) == ("Cleo", Action.KEEP)
    assert (ruled.capacity, ruled.note) == (Capacity.ADJUDICATOR, "the file is right")

    cleo.page.get_by_role("button", name="People", exact=True).click()
    dialog = cleo.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Of 1 item that two people judged blind, they agreed about 0")
    agreed = dialog.get_by_role("table", name="How far each two people agree")
    expect(agreed).to_contain_text("Ann and Bob")


def test_items_drawn_at_random_look_like_the_others_and_the_owner_sees_the_rate(sit_down, place):
    plans.set_shares(place.ws, place.dataset_id, double=0.0, random=0.0, reviewer="Ann")
    dora = sit_down("Dora")
    page = dora.page
    page.get_by_role("button", name="People", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A queue that begins with the worst cannot tell")
    dialog.get_by_role("slider").last.press("ArrowRight")
    dialog.get_by_role("button", name="Set the share").last.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("A share of these items is drawn at random")).to_be_visible()
    assert plans.plan(place.ws, place.dataset_id).random_share == 0.01
    plans.set_shares(place.ws, place.dataset_id, random=1.0, reviewer="Ann")
    queue = place.queue()
    assert queue.is_mixed
    for name in ("Ann", "Bob", "Cleo"):  # what they hold would come up later
        desk.leave(place.ws, queue, reviewer=name)
    dora.window.open(f"/label_review?{dora.query}&queue={LABELS}")
    dora.ready()
    never = {queue.cell_at(p).row_id for p in queue.order.mixed.in_turn(NEVER_FLAGGED).tolist()}
    looks = {True: set(), False: set()}
    for _ in range(12):
        expect(page.locator(".suggested-name")).to_have_text("Another value that may be right")
        parts = page.locator(".card > :visible").evaluate_all("all => all.map(e => e.className)")
        looks[dora.row() in never].add((*parts, page.locator(".reason").inner_text()))
        page.keyboard.press("k")
    dora.saved()
    assert looks[True] == looks[False], "nothing tells them apart"
    page.get_by_role("button", name="People", exact=True).click()
    expect(dialog).to_contain_text("drawn from those never flagged")
    expect(dialog).to_contain_text("labels were wrong")


def test_the_owner_keeps_items_for_somebody_and_the_others_see_how_many(sit_down, place):
    plans.set_shares(place.ws, place.dataset_id, double=0.0, random=0.0, reviewer="Ann")
    emil = sit_down("Emil")
    emil.page.get_by_role("button", name="People", exact=True).click()
    dialog = emil.page.get_by_role("dialog")
    expect(dialog).to_contain_text("all are offered to everybody")
    dialog.get_by_label("Keep them for").fill("Flora")
    emil.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Keep", exact=True).click()
    expect(dialog).to_contain_text("Flora: all items")
    emil.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    emil.window.open(f"/label_review?{emil.query}&queue={LABELS}")  # without the item of before
    expect(emil.page.locator(".empty")).to_contain_text("kept for them")
    expect(emil.page.locator(".counts")).to_contain_text("kept for Flora")
    row = place.open_rows(1)[0].cell.row_id
    emil.window.open(f"/label_review?{emil.query}&queue={LABELS}&item={row}")
    expect(emil.page.locator(".stands")).to_have_text("Kept for Flora: here to look at only.")
    emil.page.keyboard.press("k")
    expect(emil.page.locator(".notice")).to_contain_text("is kept for Flora: you can look at it")
    assert place.made_by("Emil") == []

    flora = sit_down("Flora")
    for _ in range(6):
        flora.page.keyboard.press("n")
    flora.saved()
    flora.page.get_by_role("button", name="People", exact=True).click()
    dialog = flora.page.get_by_role("dialog")
    row = dialog.get_by_role("row").filter(has_text="Flora")
    expect(row).to_contain_text("6")
    expect(row).to_contain_text(" s")
    expect(dialog).to_contain_text("still to be given")
    dialog.get_by_role("button", name="Take back").click()
    expect(dialog).to_contain_text("all are offered to everybody")
    emil.window.open(f"/label_review?{emil.query}&queue={LABELS}")
    emil.ready()
    expect(emil.page.locator(".counts")).not_to_contain_text("kept for")


def test_guidelines_are_one_key_away_and_shown_as_they_are_written(sit_down, place):
    text = "A **high** income is above 50K.\n![x](https://elsewhere.test/x.png) <b>not bold</b>"
    gina = sit_down("Gina")
    page = gina.page
    page.get_by_role("button", name="Guidelines", exact=False).first.click()
    dialog = page.get_by_role("dialog", name="Guidelines for the labels")
    dialog.get_by_role("textbox").fill(text)
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_contain_text("By Gina")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    hugo = sit_down("Hugo")
    row = hugo.row()
    hugo.page.keyboard.press("h")
    shown = hugo.page.locator("dialog.guidelines")
    expect(shown.locator("p")).to_have_text(text)
    expect(shown).to_contain_text("By Gina")
    hugo.page.keyboard.press("k")
    hugo.page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    assert hugo.row() == row, "no key decides behind the guidelines"
    assert not place.made_by("Hugo")
    hugo.page.get_by_text("Buttons", exact=True).click()
    hugo.page.wait_for_url("**mode=buttons**")
    hugo.window.ready()
    hugo.page.keyboard.press("h")
    dialog = hugo.page.get_by_role("dialog", name="Guidelines for the labels")
    expect(dialog).to_contain_text("![x](https://elsewhere.test/x.png) <b>not bold</b>")
