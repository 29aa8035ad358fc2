"""The fast card in a browser: no key is lost, none is applied to another row."""

import random
import re

import pytest
from playwright.sync_api import expect

from components.core.judgement.review import Action
from components.services.review import review
from tests.e2e.desk import SAVED, Desk, Place

KEYS = {
    "k": Action.KEEP,
    "l": Action.CHANGE,
    "x": Action.EXCLUDE,
    "n": Action.UNSURE,
    "e": Action.ESCALATE,
}


@pytest.mark.parametrize("every_ms", [200, 100, 50, 20])
def test_twenty_keys_in_a_burst_decide_twenty_items_as_pressed(sit_down, place, every_ms):
    """Ten keys in ten tenths of a second used to decide three items, and one of them wrongly."""
    name = f"Burst {every_ms}"
    desk = sit_down(name)
    keys = random.Random(every_ms).choices([*KEYS, "1", "2", "K"], k=20)  # noqa: S311 - repeatable
    asked = place.open_rows(20)
    classes = place.queue().classes
    desk.burst(keys, every_ms)
    desk.saved()
    made = place.made_by(name)
    assert [d.cell for d in made] == [s.cell for s in asked]
    for decision, key, told in zip(made, keys, asked, strict=True):
        if key.isdigit():
            wanted = classes[int(key) - 1]
            action = Action.KEEP if wanted == told.given else Action.CHANGE
            assert (decision.action, decision.new) == (action, wanted)
        else:
            assert decision.action is KEYS[key.lower()]
        if decision.action is Action.CHANGE and key == "l":
            assert decision.new == told.suggested
    assert all(d.seconds is not None and 0 <= d.seconds < 60 for d in made)


def test_a_key_that_is_held_is_one_key(sit_down, place):
    desk = sit_down("Holder")
    side = desk.page.get_by_test_id("stSidebar").get_by_text(re.compile(r"open, .* settled"))
    before = side.all_inner_texts()
    for _ in range(10):
        desk.page.keyboard.down("k")  # the same key again without an up: a repetition
    desk.page.keyboard.up("k")
    desk.saved()
    assert len(place.made_by("Holder")) == 1
    told = f"{place.queue().counts.n_settled:,} settled"
    expect(side.filter(has_text=told)).to_have_count(1)
    assert told not in "".join(before), "the counts beside the card follow"


def test_undo_and_redo_go_back_and_forth(sit_down, place):
    desk = sit_down("Ulla")
    first = desk.row()
    desk.burst("kx", 50)
    desk.burst("zz", 50)
    assert desk.row() == first
    desk.saved()
    assert not {first} & place.standing().keys()
    desk.burst("yy", 50)
    desk.saved()
    made = [d for d in place.made_by("Ulla") if not d.undone]
    assert [d.action for d in made] == [Action.KEEP, Action.EXCLUDE]
    desk.page.reload()
    desk.ready()
    desk.page.keyboard.press("z")
    expect(desk.page.locator(".card .row")).to_have_text(f"Row {made[1].cell.row_id + 1:,}")
    desk.saved()
    assert [d.action for d in place.made_by("Ulla") if not d.undone] == [Action.KEEP]
    desk.page.reload()
    desk.ready()
    desk.burst("yzy", 20)
    desk.saved()
    expect(desk.page.locator(".notice")).to_have_count(0)
    *_, again = made_again = [d for d in place.made_by("Ulla") if not d.undone]
    assert [d.action for d in made_again] == [Action.KEEP, Action.EXCLUDE]
    assert again.seconds == made[1].seconds, "it took as long as the first time"


def test_a_changed_decision_is_undone_and_done_again_after_a_reload(sit_down, place):
    """It could not be done again, and “somebody decided otherwise” was blamed."""
    desk = sit_down("Uwe")
    page, row = desk.page, desk.row()
    desk.burst("k", 50)
    page.keyboard.press("ArrowLeft")
    desk.burst("x", 50)
    desk.saved()
    page.reload()
    desk.ready()
    desk.burst("zyzyz", 20)
    desk.saved()
    expect(page.locator(".stands")).to_contain_text("Kept, by you")
    expect(page.locator(".card .row")).to_have_text(f"Row {row + 1:,}")
    page.keyboard.press("y")
    desk.saved()
    expect(page.locator(".notice")).to_have_count(0)
    assert [d.action for d in place.made_by("Uwe") if not d.undone] == [Action.KEEP, Action.EXCLUDE]


def test_undo_goes_no_further_where_the_last_decision_was_overruled(sit_down, place):
    """The second press took back an older decision, without a word."""
    desk = sit_down("Ute")
    desk.burst("kk", 50)
    desk.saved()
    last = place.made_by("Ute")[-1]
    queue = place.queue()
    review.decide(place.ws, queue, last.cell, Action.EXCLUDE, reviewer="Olaf", seen=last.version)
    for n in (1, 2):
        desk.page.keyboard.press("z")
        desk.saved()
        expect(desk.page.locator(".notice")).to_have_count(n)
        expect(desk.page.locator(".notice").first).to_contain_text(
            "was overruled by Olaf: left out"
        )
    assert not any(d.undone for d in place.made_by("Ute"))
    desk.page.get_by_role("radio", name=re.compile(r"^Rows ")).click()
    expect(desk.page.get_by_role("heading", name="Is this row right?")).to_be_visible()
    expect(desk.page.locator(".notice")).to_have_count(0)  # it is about another tab


def test_two_reviewers_on_one_queue_get_different_items(sit_down, place):
    ann, bob = sit_down("Ann"), sit_down("Bob")
    assert ann.row() != bob.row()
    for _ in range(4):
        ann.page.keyboard.press("k")
        bob.page.keyboard.press("x")
    ann.saved()
    bob.saved()
    rows = [{d.cell.row_id for d in place.made_by(name)} for name in ("Ann", "Bob")]
    assert [len(r) for r in rows] == [4, 4]
    assert not rows[0] & rows[1]


def test_the_later_of_two_is_told_and_overwrites_nothing(sit_down, place):
    cleo, dan = sit_down("Cleo"), sit_down("Dan")
    row = cleo.row()
    dan.page.keyboard.press("g")
    dan.page.keyboard.type(str(row + 1))
    dan.page.keyboard.press("Enter")
    expect(dan.page.locator(".card .row")).to_have_text(f"Row {row + 1:,}")
    cleo.page.keyboard.press("k")
    cleo.saved()
    dan.page.keyboard.press("x")
    expect(dan.page.locator(".notice")).to_contain_text("Your decision was not kept: meanwhile")
    assert place.standing()[row].reviewer == "Cleo"
    dan.page.get_by_role("button", name="Look at it").click()
    expect(dan.page.locator(".stands")).to_contain_text("Kept, by Cleo")
    dan.page.keyboard.press("x")
    dan.saved()
    assert (place.standing()[row].reviewer, place.standing()[row].action) == ("Dan", Action.EXCLUDE)


def test_a_note_the_list_and_a_row_by_its_number(sit_down, place):
    desk = sit_down("Nora")
    page, row = desk.page, desk.row()
    page.keyboard.press("m")
    page.keyboard.type("k l x: seen by the doctor")
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    desk.saved()
    assert place.standing()[row].note == "k l x: seen by the doctor"
    entry = page.locator(".entries").get_by_role("button", name=re.compile(rf"^Row {row + 1:,}:"))
    page.locator(".stage").select_option("unsure")
    expect(page.locator(".entries li").first).to_contain_text("Row")
    for _ in range(5):
        page.wait_for_timeout(500)
        if entry.count() or page.locator(".after").is_disabled():
            break
        page.locator(".after").click()
    expect(entry).to_contain_text("Not sure, you")
    entry.click()
    expect(page.locator(".stands")).to_contain_text("Not sure, by you: “k l x: seen by the doctor”")
    page.keyboard.press("k")
    desk.saved()
    assert place.standing()[row].action is Action.KEEP
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Hand on")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("Escape")
    assert len(place.made_by("Nora")) == 2, "no key decides behind the help"


def test_keys_of_before_a_reload_are_all_there(sit_down, place):
    desk = sit_down("Rita")
    desk.page.route("**/presses", lambda route: route.abort())
    desk.burst("kxkxk", 10)
    expect(desk.page.locator(".saved")).to_contain_text("5 not yet saved, trying again")
    desk.page.unroute("**/presses")
    desk.page.reload()
    desk.ready()
    assert [d.action.value[0] for d in place.made_by("Rita")] == list("kekek")
    desk.window.errors.clear()  # the requests that this test broke


def test_notes_that_are_too_long_for_one_request_are_sent_in_several(sit_down, place):
    desk = sit_down("Lena")
    sizes, opened = [], []

    def let_small_ones_pass(route):
        size = len(route.request.post_data_buffer)
        if not opened:
            route.abort()
        elif size > 9_000:
            route.fulfill(status=413, json={"what": "Too much."})
        else:
            route.continue_()
        sizes.extend([size] if opened else [])

    desk.page.route("**/presses", let_small_ones_pass)
    for _ in range(4):
        desk.page.locator(".note input").fill("\u4e2d" * 2_000)
        desk.page.keyboard.press("Enter")
        desk.page.keyboard.press("n")
    expect(desk.page.locator(".saved")).to_contain_text("4 not yet saved")
    opened.append(True)
    desk.saved()
    assert [len(d.note) for d in place.made_by("Lena")] == [2_000] * 4
    assert max(sizes) > 9_000
    desk.page.unroute("**/presses")
    desk.window.errors.clear()  # the requests that this test broke


def test_two_tabs_of_one_person_keep_their_keys_apart(sit_down, place):
    first = sit_down("Tess")
    page = first.window.context.new_page()
    page.goto(first.page.url)
    page.locator(".card").wait_for()
    expect(page.get_by_text(SAVED)).to_be_visible()
    pages = (first.page, page)
    for tab in pages:
        tab.route("**/presses", lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    first.page.keyboard.press("k")
    page.keyboard.press("x")
    for tab in pages:
        expect(tab.locator(".saved")).to_contain_text("1 not yet saved")
    page.close()
    first.page.unroute("**/presses")
    first.page.reload()
    first.ready()
    assert [d.action for d in place.made_by("Tess")] == [Action.KEEP, Action.EXCLUDE]
    assert len({d.cell for d in place.made_by("Tess")}) == 2
    first.window.errors.clear()  # the requests that this test broke


def test_five_keys_outlive_a_server_that_is_killed(copy_demonstration, new_server, visit):
    home, address = copy_demonstration()
    server = new_server(home)
    desk = Desk(visit(server), address.partition("?")[2], "Kim")
    desk.window.forgive_disconnects = True
    server.kill()
    desk.burst("kxnlk", 20)
    expect(desk.page.locator(".saved")).to_contain_text("5 not yet saved")
    server.start()
    expect(desk.page.get_by_text(SAVED)).to_be_visible(timeout=60_000)
    place = Place(home, desk.query)
    made = place.made_by("Kim")
    place.ws.close()
    assert [d.action.value for d in made] == ["keep", "exclude", "unsure", "change", "keep"]
    assert len({d.cell for d in made}) == 5


def test_the_card_fits_a_narrow_screen(sit_down):
    desk = sit_down("Nils", width=420, height=800)
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 420


def test_items_are_chosen_by_their_reason_and_the_address_says_so(sit_down, place):
    desk = sit_down("Olga")
    page = desk.page
    page.get_by_role("button", name="Choose items").click()
    page.get_by_label("Part of the reason").fill("occupation")
    page.keyboard.press("Enter")
    page.wait_for_url("**reason=occupation**")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Part of the reason")).to_be_hidden()
    expect(page.get_by_role("button", name="Choose items")).to_be_focused()  # not the field
    desk.ready()
    expect(page.locator(".card .reason")).to_contain_text("occupation")
    with page.expect_response("**/presses"):
        page.keyboard.press("n")
    desk.saved()
    (made,) = place.made_by("Olga")
    queue = place.queue()
    told = review.items(place.ws, queue, queue.position_of(made.cell), 1)[0].suggestion
    assert "occupation" in told.reason
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url(lambda url: "reason=" not in url)
