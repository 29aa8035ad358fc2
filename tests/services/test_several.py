"""Several items with one press: what is alike, what it does to groups, kept and undone as one."""

from __future__ import annotations

import pytest

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Cell
from components.services import workspace
from components.services.data import audit_trail
from components.services.export.publish import publish
from components.services.review import desk, presses, review, selection
from components.services.review.presses import Fate, Press
from components.services.review.selection import Selection
from components.services.review.several import together
from components.services.review.several.similar import Likeness, similar_to
from components.services.review.several.together import PressForSeveral

N = 24


def table(n=2 * N):
    lines = [f"{row},{'F' if row % 3 else 'M'},{'cat' if row % 4 else 'dog'}" for row in range(n)]
    return "x,sex,kind\n" + "\n".join(lines) + "\n"


def reason(row):
    return f"x is {row % 2}; sex is {'F' if row % 3 else 'M'}"


@pytest.fixture
def queue_of(ws, labelled):
    """Return a function that makes a queue of the first rows of a table of ``n``."""

    def make(n):
        flagged = tuple((row, "dog" if row % 4 else "cat") for row in range(N))
        reasons = {row: reason(row) for row in range(N)}
        _, run_id = labelled(table(n), flagged=flagged, reasons=reasons)
        return review.queue(ws, run_id)

    return make


@pytest.fixture
def queue(queue_of):
    return queue_of(2 * N)


def alike(ws, queue, row=1, likeness=None, **wanted):
    cell = Cell(row, "kind")
    return similar_to(ws, queue, cell, Selection(**wanted), reviewer="Ann", likeness=likeness)


def press(found, action, mark="a", **said):
    return PressForSeveral(
        mark=f"{mark:0>8}", places=found.places, as_of=found.as_of, action=action, **said
    )


def rows_of(queue, places):
    return [queue.cell_at(n).row_id for n in places]


def standing(ws, queue):
    return {d.cell.row_id: d for d in review.standing(ws, queue.dataset_id)}


def verified(ws):
    return audit_trail.verify(ws).problem


def test_items_are_alike_by_their_values_and_more_or_less_of_their_reason(ws, queue):
    found = alike(ws, queue)
    same = [n for n in range(N) if n % 4]
    odd = [n for n in same if n % 2]
    whole = [n for n in odd if n % 3]
    assert found.n_by_likeness == {
        Likeness.REASON: len(whole),
        Likeness.STRONGEST: len(odd),
        Likeness.VALUES: len(same),
    }
    assert (found.likeness, rows_of(queue, found.places)) == (Likeness.REASON, whole)
    assert (found.given, found.suggested, found.reason) == ("cat", "dog", reason(1))
    strongest = alike(ws, queue, likeness=Likeness.STRONGEST)
    assert (rows_of(queue, strongest.places), strongest.reason) == (odd, "x is 1")
    assert rows_of(queue, alike(ws, queue, likeness=Likeness.VALUES).places) == same
    few = alike(ws, queue, likeness=Likeness.VALUES, reason="sex is m")
    assert rows_of(queue, few.places) == [n for n in same if n % 3 == 0]


def test_what_it_does_is_told_for_each_group_of_people(ws, queue):
    found = alike(ws, queue, likeness=Likeness.VALUES)
    told = {(e.column, e.group): (e.n_decided, e.n_rows) for e in found.effects}
    rows = range(2 * N)
    assert told == {
        ("sex", "F"): (sum(1 for n in range(N) if n % 4 and n % 3), sum(1 for n in rows if n % 3)),
        ("sex", "M"): (
            sum(1 for n in range(N) if n % 4 and not n % 3),
            sum(1 for n in rows if not n % 3),
        ),
    }


def test_what_accepting_would_do_to_rates_and_their_ratio_is_told_before(ws, queue_of):
    n_rows = 4 * N
    queue = queue_of(n_rows)
    found = alike(ws, queue, likeness=Likeness.VALUES)  # cat becomes dog
    (changed,) = found.changed
    group = ["F" if n % 3 else "M" for n in range(n_rows)]
    now = ["cat" if n % 4 else "dog" for n in range(n_rows)]
    then = ["dog" if n < N else kind for n, kind in enumerate(now)]

    def rate(kinds, name):
        own = [kind for kind, of in zip(kinds, group, strict=True) if of == name]
        return own.count(changed.outcome) / len(own)

    few = alike(ws, queue, likeness=Likeness.REASON)
    assert few.changed[0].ratio_then != changed.ratio_then
    assert (changed.attribute, changed.outcome) == ("sex", "dog"), "the rarer class"
    assert (changed.now.group.name, changed.reference_now.group.name) == ("M", "F")
    for told, kinds in ((changed.ratio_now, now), (changed.ratio_then, then)):
        assert told == pytest.approx(rate(kinds, "M") / rate(kinds, "F"))
    assert changed.sentence("Accepting them").endswith(
        f"their ratio from {changed.ratio_now:.3f} to {changed.ratio_then:.3f}."
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("action", [Action.KEEP, Action.CHANGE, Action.EXCLUDE])
def test_one_press_decides_all_and_one_undo_takes_all_back(ws, queue, action):
    before = review.decide(ws, queue, Cell(0, "kind"), Action.UNSURE, reviewer="Ann")
    found = alike(ws, review.queue(ws, queue.run_id))
    answer = together.apply(ws, queue, press(found, action, note=" seen "), reviewer="Ann")
    assert (answer.n_kept, answer.left_out, answer.why) == (len(found.places), (), "")
    made = standing(ws, queue)
    for row in rows_of(queue, found.places):
        assert (made[row].action, made[row].given, made[row].note) == (action, "cat", "seen")
        assert made[row].new == ("dog" if action is Action.CHANGE else "cat")
        assert (made[row].version, made[row].seconds) == ("0000000a", None)
    assert len(made) == 1 + len(found.places)
    (event,) = [e for e in workspace.history(ws) if e.action == "decisions.made"]
    assert (event.detail["n"], event.detail["batch"]) == (len(found.places), "0000000a")
    assert verified(ws) == ""
    undone = review.undo(ws, queue, reviewer="Ann")
    assert (undone.n, undone.n_overruled) == (len(found.places), 0)
    assert standing(ws, queue) == {0: before}
    assert verified(ws) == ""
    assert review.undo(ws, queue, reviewer="Ann").taken.id == before.id


@pytest.mark.both_databases
def test_a_press_that_is_sent_again_counts_once(ws, queue):
    found = alike(ws, queue)
    sent = press(found, Action.KEEP)
    assert together.apply(ws, queue, sent, reviewer="Ann") == together.apply(
        ws, queue, sent, reviewer="Ann"
    )
    assert len(review.decisions(ws, queue.dataset_id)) == len(found.places)
    for n in (len(found.places), 0):
        told = together.take_back(ws, queue, sent.mark, reviewer="Ann")
        assert (told.n_taken, told.n_overruled) == (n, 0)
    again = together.apply(ws, queue, sent, reviewer="Ann")
    assert (again.n_kept, standing(ws, queue)) == (len(found.places), {}), "it was taken back"


@pytest.mark.both_databases
def test_what_was_decided_or_shown_to_others_meanwhile_is_left_out_and_told(ws, queue):
    found = alike(ws, queue, likeness=Likeness.VALUES)
    bob = review.decide(ws, queue, Cell(1, "kind"), Action.EXCLUDE, reviewer="Bob")
    (held,) = desk.deal(
        ws, queue, selection.positions(ws, queue, Selection())[2:], reviewer="Cleo", n=1
    )
    answer = together.apply(ws, queue, press(found, Action.CHANGE), reviewer="Ann")
    assert rows_of(queue, answer.left_out) == [1, held.cell.row_id]
    assert answer.n_kept == len(found.places) - 2
    assert answer.why == (
        "2 of 18 were left out: 1 was decided by somebody meanwhile; 1 is on the screen of "
        "somebody else."
    )
    made = standing(ws, queue)
    assert made[1] == bob
    assert held.cell.row_id not in made
    seen = alike(ws, review.queue(ws, queue.run_id), row=held.cell.row_id, likeness=Likeness.VALUES)
    assert (seen.places, seen.n_held) == ((), 1)


@pytest.mark.both_databases
def test_what_was_overruled_stays_when_the_rest_is_taken_back(ws, queue):
    found = alike(ws, queue)
    together.apply(ws, queue, press(found, Action.KEEP), reviewer="Ann")
    now = review.queue(ws, queue.run_id)
    bob = review.decide(ws, now, Cell(1, "kind"), Action.EXCLUDE, reviewer="Bob")
    assert together.take_back(ws, now, "0000000a", reviewer="Bob").n_taken == 0, "it is Ann's"
    told = together.take_back(ws, now, "0000000a", reviewer="Ann")
    assert (told.n_taken, told.n_overruled) == (len(found.places) - 1, 1)
    assert standing(ws, queue) == {1: bob}
    with pytest.raises(Conflict, match="overruled"):
        together.take_back(ws, now, "0000000a", reviewer="Ann")
    assert verified(ws) == ""
    assert review.undo(ws, now, reviewer="Ann") is None, "what stayed is not named again"


@pytest.mark.both_databases
def test_undo_stops_at_a_press_that_was_overruled_as_a_whole(ws, queue):
    """It took back an older decision instead, without a word about this one."""
    review.decide(ws, queue, Cell(0, "kind"), Action.KEEP, reviewer="Ann")
    found = alike(ws, queue)
    together.apply(ws, queue, press(found, Action.KEEP), reviewer="Ann")
    now = review.queue(ws, queue.run_id)
    for place in found.places:
        review.decide(ws, now, queue.cell_at(place), Action.EXCLUDE, reviewer="Bob")
    assert [d.batch for d in presses.last_of(ws, now, reviewer="Ann", limit=50)] == ["0000000a", ""]
    for _ in range(2):
        with pytest.raises(Conflict, match="all that you decided together was overruled"):
            review.undo(ws, review.queue(ws, queue.run_id), reviewer="Ann")
    assert standing(ws, queue)[0].reviewer == "Ann"


@pytest.mark.both_databases
def test_one_of_them_is_decided_otherwise_or_taken_back_alone(ws, queue):
    found = alike(ws, queue)
    together.apply(ws, queue, press(found, Action.KEEP), reviewer="Ann")
    first, second = (queue.cell_at(n) for n in found.places[:2])
    answers = presses.apply(
        ws,
        queue,
        [
            Press(mark="one-press", cell=first, seen="0000000a", action=Action.EXCLUDE),
            Press(mark="two-press", cell=second, seen="0000000a", action=None),
        ],
        reviewer="Ann",
    )
    assert [a.fate for a in answers] == [Fate.KEPT, Fate.KEPT]
    made = standing(ws, queue)
    assert made[first.row_id].action is Action.EXCLUDE
    assert second.row_id not in made
    assert verified(ws) == ""
    review.undo(ws, queue, reviewer="Ann")
    assert standing(ws, queue)[first.row_id].batch, "what stood before counts again"


def test_an_undo_after_a_reload_finds_them_as_one(ws, queue):
    found = alike(ws, queue)
    review.decide(ws, queue, Cell(0, "kind"), Action.KEEP, reviewer="Ann")
    together.apply(ws, queue, press(found, Action.KEEP), reviewer="Ann")
    last = presses.last_of(ws, queue, reviewer="Ann", limit=50)
    assert [d.batch for d in last] == ["0000000a", ""]


def test_what_makes_no_sense_is_refused(ws, queue):
    found = alike(ws, queue)
    for said in ({"mark": "no mark"}, {"places": range(10_001)}, {"action": Action.UNSURE}):
        given = {"mark": "0000000a", "places": (0,), "as_of": 0, "action": Action.KEEP}
        with pytest.raises(UnusableInput):
            PressForSeveral(**(given | said))
    outside = PressForSeveral(mark="0000000a", places=(0, N), as_of=0, action=Action.KEEP)
    with pytest.raises(UnusableInput):
        together.apply(ws, queue, outside, reviewer="Ann")
    review.decide(ws, queue, Cell(0, "kind"), Action.EXCLUDE, reviewer="Bob")
    publish(ws, queue.dataset_id, actor="Bob")
    with pytest.raises(Conflict, match="new version"):
        together.apply(ws, queue, press(found, Action.KEEP), reviewer="Ann")
    assert list(standing(ws, queue)) == [0]


def test_what_cannot_be_accepted_is_left_out(ws, labelled, plant_cells):
    _, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "note"): "mended", (2, "name"): "Pip", (3, "name"): ""})
    queue = review.queue(ws, run_id, check_id)
    asked = PressForSeveral(mark="0000000a", places=(0, 1, 2), as_of=0, action=Action.CHANGE)
    answer = together.apply(ws, queue, asked, reviewer="Ann")
    assert (answer.n_kept, answer.left_out) == (2, (1,))
    assert "1 holds what is suggested already" in answer.why


@pytest.mark.both_databases
def test_five_thousand_are_decided_and_taken_back_at_once(ws, labelled):
    n = 5_000
    flagged = tuple((row, "dog") for row in range(n))
    text = "x,sex,kind\n" + "".join(f"{row},F,cat\n" for row in range(n)) + "1,M,dog\n" * 9
    _, run_id = labelled(text, flagged=flagged, reasons={})
    queue = review.queue(ws, run_id)
    found = similar_to(ws, queue, Cell(0, "kind"), Selection(), reviewer="Ann")
    assert len(found.places) == n
    assert together.apply(ws, queue, press(found, Action.CHANGE), reviewer="Ann").n_kept == n
    assert review.queue(ws, run_id).counts.n_changed == n
    assert verified(ws) == ""
    assert review.undo(ws, queue, reviewer="Ann").n == n
    assert review.queue(ws, run_id).counts.n_open == n
    assert verified(ws) == ""
