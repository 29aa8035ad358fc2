"""Several items at once, and choosing items, in the fast card and with buttons."""

import re

from playwright.sync_api import expect

from components.core.judgement.review import Action
from components.services.data import audit_trail
from components.services.review import selection
from components.services.review.selection import Selection
from tests.e2e.desk import LABELS


def test_several_are_shown_confirmed_and_taken_back_as_one(sit_down, place):
    desk = sit_down("Sam")
    page = desk.page
    page.keyboard.press("s")
    dialog = page.locator("dialog.several")
    expect(dialog.get_by_role("heading", name=re.compile("open items? like this"))).to_be_visible()
    dialog.get_by_role("button", name="nothing else").click()
    expect(dialog.get_by_role("button", name="nothing else")).to_have_class(re.compile("chosen"))
    expect(dialog.locator("table")).to_contain_text("Female")
    n = int(re.match(r"\d+", dialog.get_by_role("heading").first.inner_text())[0])
    expect(dialog.get_by_role("button", name="Confirm")).to_be_disabled()
    page.keyboard.press("Enter")
    page.keyboard.press("k")
    expect(dialog).to_contain_text(f"stays in {n} rows. One undo takes it back.")
    assert place.made_by("Sam") == [], "nothing is decided before it is confirmed"
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text(f"{n} items decided together.")
    desk.saved()
    made = place.made_by("Sam")
    assert {(d.action, d.given) for d in made} == {(Action.KEEP, made[0].given)}
    assert (len(made), len({d.batch for d in made})) == (n, 1)
    expect(page.locator(".card")).to_be_visible()
    assert desk.row() not in {d.cell.row_id for d in made}
    page.keyboard.press("z")
    expect(page.locator(".notices")).to_contain_text(f"Undone: {n} items together.")
    desk.saved()
    assert not {d.cell for d in place.standing().values()} & {d.cell for d in made}
    page.keyboard.press("y")
    expect(page.locator(".notices")).to_contain_text(f"{n} items decided together.")
    page.reload()
    desk.ready()
    page.keyboard.press("z")
    expect(page.locator(".notices")).to_contain_text(f"Undone: {n} items together.")
    desk.saved()
    assert [d for d in place.made_by("Sam") if not d.undone] == []
    assert audit_trail.verify(place.ws).problem == ""


def test_a_press_about_several_outlives_a_reload(sit_down, place):
    desk = sit_down("Rob")
    page = desk.page
    page.keyboard.press("s")
    dialog = page.locator("dialog.several")
    expect(dialog.get_by_role("button", name="Leave all out")).to_be_enabled()
    page.route("**/together", lambda route: route.abort())
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator(".saved")).to_contain_text("1 not yet saved")
    page.unroute("**/together")
    page.reload()
    desk.ready()
    made = place.made_by("Rob")
    assert {d.action for d in made} == {Action.EXCLUDE}
    assert len({d.cell for d in made}) == len(made) > 0
    page.keyboard.press("z")
    expect(page.locator(".notices")).to_contain_text("Undone")
    desk.saved()
    desk.window.errors.clear()  # the requests that this test broke


def test_items_are_chosen_by_group_and_the_address_opens_the_same(sit_down, place):
    desk = sit_down("Gwen")
    page = desk.page
    page.get_by_role("button", name="Choose items").click()
    page.get_by_role("combobox", name="Group of people").click()
    page.get_by_role("option", name=re.compile(r"^sex: Female \(\d+\)$")).click()
    page.wait_for_url("**group=Female**")
    page.keyboard.press("Escape")
    desk.ready()
    page.wait_for_url(re.compile(r"item=\d+"))
    row = desk.row()
    queue = place.queue()
    female = selection.positions(place.ws, queue, Selection(by_column="sex", group="Female"))
    assert queue.position_of(queue.cell_at(int(female[0]))) == female[0]
    assert row in {queue.cell_at(n).row_id for n in female.tolist()}
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: f"item={row}" not in url and "item=" in url)
    second = desk.row()
    page.reload()
    desk.ready()
    assert desk.row() == second
    expect(page.get_by_text("Only sex Female")).to_be_visible()


def test_buttons_keep_to_what_was_chosen_and_decide_several(visit, desk_server, checked, place):
    window = visit(desk_server)
    address = f"/label_review?{checked[1]}&queue={LABELS}&mode=buttons&by_column=sex&group=Female"
    window.open(address)
    page = window.page
    page.get_by_label("Your name").fill("Bea")
    page.get_by_role("button", name="Start the review").click()
    page.locator(".st-key-card").wait_for()
    window.ready()
    page.wait_for_url(re.compile(r"item=\d+"))
    queue = place.queue()
    female = selection.positions(place.ws, queue, Selection(by_column="sex", group="Female"))
    row = queue.cell_at(int(female[0])).row_id
    assert f"item={row}" in page.url
    page.keyboard.press("k")
    page.wait_for_url(lambda url: f"item={row}" not in url and "item=" in url)
    assert [d.cell.row_id for d in place.made_by("Bea")] == [row]
    page.get_by_role("button", name="Several like this").click()
    page.get_by_role("dialog").get_by_text("Keep all").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("decided together")).to_be_visible()
    made = [d for d in place.made_by("Bea") if d.batch]
    assert {d.action for d in made} == {Action.KEEP}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("taken back together")).to_be_visible()
    assert [d for d in place.made_by("Bea") if d.batch and not d.undone] == []
    window.ready()
    page.get_by_role("button", name="Several like this").click()
    page.get_by_role("dialog").get_by_text("Leave all out").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("decided together")).to_be_visible()
    # it had the mark of the press that was taken back, and was told as kept
    otherwise = [d for d in place.made_by("Bea") if d.batch and not d.undone]
    assert [d.action for d in otherwise] == [Action.EXCLUDE] * len(made)


def test_a_key_typed_while_a_panel_closes_decides_and_is_not_lost(sit_down, place):
    desk = sit_down("Eve")
    page = desk.page
    page.get_by_role("button", name="Choose items").click()
    field = page.get_by_label("Text in the row")
    field.click()
    field.evaluate(
        """field => {
            field.blur = () => {};  // the panel takes the focus back while it closes
            for (const key of ["Escape", "n"])
                field.dispatchEvent(
                    new KeyboardEvent("keydown", {key, bubbles: true, composed: true}));
        }"""
    )
    expect(page.locator(".counts")).to_contain_text("not sure")
    desk.saved()
    (made,) = place.made_by("Eve")
    assert made.action is Action.UNSURE


def test_the_keys_of_another_tool_decide_in_both_modes(sit_down, place):
    desk = sit_down("Kay")
    page = desk.page
    page.get_by_role("radio", name="Cleanlab Studio").click()
    expect(page.locator(".card .commands button", has_text="Keep")).to_contain_text("Q")
    desk.ready()
    assert "keys=cleanlab-studio" in page.url
    before = desk.row()
    desk.burst("kl", 100)
    assert desk.row() == before, "these are no keys here"
    desk.burst("qwenx", 100)
    desk.saved()
    actions = ["keep", "change", "exclude", "unsure", "escalate"]
    assert [str(d.action) for d in place.made_by("Kay")] == actions
    page.get_by_role("radio", name="Buttons").click()
    desk.window.ready()
    hand_on = page.locator(".st-key-decide-escalate")
    expect(hand_on).to_contain_text("X")
    desk.window.ready()
    row = page.locator(".st-key-card h3").first
    before = row.inner_text()
    page.keyboard.press("e")
    expect(row).not_to_have_text(before)
    desk.window.ready()
    assert [str(d.action) for d in place.made_by("Kay")] == [*actions, "exclude"]
    page.get_by_role("radio", name="Preflight").click()
    desk.window.ready()
    expect(hand_on).to_contain_text("E")
