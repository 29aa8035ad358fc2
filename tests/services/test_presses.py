"""Keys of a browser: each names its cell and what its screen showed; none counts twice."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from components.core.errors import UnusableInput
from components.core.judgement.review import Action, Cell
from components.services import workspace
from components.services.export.publish import publish
from components.services.review import presses, review
from components.services.review.presses import Fate, Press

DOG, CAT = Cell(3, "kind"), Cell(6, "kind")


def press(mark, cell, action, *, seen="", **said):
    return Press(mark=f"{mark:0>8}", cell=cell, action=action, seen=seen, **said)


@pytest.fixture
def desk(ws, labelled):
    """Return a function that sends presses for one person."""
    info, run_id = labelled()
    opened = review.queue(ws, run_id)

    def send(*made, reviewer="Ann"):
        return presses.apply(ws, opened, made, reviewer=reviewer)

    send.dataset_id, send.run_id, send.queue = info.version.id, run_id, opened
    return send


def test_presses_are_kept_in_their_order_with_time_and_note(ws, desk):
    first, second = desk(
        press("a", DOG, Action.CHANGE, new="cat", seconds=2.5, note=" sure "),
        press("b", CAT, Action.ESCALATE, seconds=-1),
    )
    assert (first.fate, second.fate) == (Fate.KEPT, Fate.KEPT)
    assert (first.stands.given, first.stands.new, first.stands.note) == ("dog", "cat", "sure")
    assert first.stands.seconds == 2.5
    assert second.stands.seconds is None, "no time runs backwards"
    assert first.stands.version == "0000000a"
    assert review.decisions(ws, desk.dataset_id) == (first.stands, second.stands)
    counts = review.queue(ws, desk.run_id).counts
    assert (counts.n_changed, counts.n_unsure, counts.n_escalated) == (1, 1, 1)
    events = [e for e in workspace.history(ws) if e.action == "decision.made"]
    assert [e.detail["decision_id"] for e in events] == [second.stands.id, first.stands.id]


@pytest.mark.both_databases
def test_a_press_that_is_sent_again_counts_once_and_is_answered_again(ws, desk):
    sent = press("a", DOG, Action.KEEP)
    (first,), (again,) = desk(sent), desk(sent)
    assert first == again
    taken = press("b", DOG, None, seen=first.stands.version)
    assert [a.fate for a in (*desk(taken), *desk(taken))] == [Fate.KEPT, Fate.KEPT]
    (late,) = desk(sent)
    assert (late.fate, late.stands) == (Fate.KEPT, None), "what came after it stands"
    assert len(review.decisions(ws, desk.dataset_id)) == 1


@pytest.mark.both_databases
def test_decide_undo_decide_in_one_burst(ws, desk):
    burst = (
        press("a", DOG, Action.KEEP),
        press("b", DOG, None, seen="0000000a"),
        press("c", DOG, Action.CHANGE, new="bird"),
        press("d", DOG, Action.UNSURE, seen="0000000c"),
    )
    answers = desk(*burst)
    assert {a.fate for a in answers} == {Fate.KEPT}
    assert [a.stands and a.stands.action for a in answers] == [
        Action.KEEP,
        None,
        Action.CHANGE,
        Action.UNSURE,
    ]
    (stands,) = review.standing(ws, desk.dataset_id)
    assert stands.version == "0000000d"


@pytest.mark.both_databases
def test_a_press_on_an_outdated_screen_is_not_kept_and_the_others_are(ws, desk):
    desk(press("a", DOG, Action.KEEP), reviewer="Bob")
    stale, kept = desk(press("b", DOG, Action.EXCLUDE), press("c", CAT, Action.KEEP))
    assert (stale.fate, stale.stands.reviewer, kept.fate) == (Fate.STALE, "Bob", Fate.KEPT)
    assert "meanwhile “kind” of row 4 was kept as “dog” by Bob" in stale.why
    (seen,) = desk(press("d", DOG, Action.EXCLUDE, seen="0000000a"))
    assert (seen.fate, seen.stands.action) == (Fate.KEPT, Action.EXCLUDE)
    (gone,) = desk(press("e", DOG, None, seen="0000000a"), reviewer="Bob")
    assert gone.fate is Fate.STALE
    assert "overruled by Ann" in gone.why
    assert review.standing(ws, desk.dataset_id)[0].cell in {DOG, CAT}


def test_a_decision_that_was_taken_back_on_another_screen_makes_this_one_outdated(desk):
    desk(press("a", DOG, Action.KEEP))
    desk(press("b", DOG, None, seen="0000000a"))
    (stale,) = desk(press("c", DOG, Action.EXCLUDE, seen="0000000a"), reviewer="Bob")
    assert (stale.fate, stale.stands) == (Fate.STALE, None)
    assert "was taken back. It is open." in stale.why


@pytest.mark.parametrize(
    "said",
    [
        {"cell": DOG, "action": Action.CHANGE, "new": "wolf"},
        {"cell": DOG, "action": Action.CHANGE, "new": "dog"},
        {"cell": Cell(99, "kind"), "action": Action.KEEP},
        {"cell": Cell(-1, "kind"), "action": Action.KEEP},
    ],
)
def test_what_makes_no_sense_is_refused_and_the_others_are_kept(ws, desk, said):
    refused, kept = desk(press("a", **said), press("b", CAT, Action.KEEP))
    assert (refused.fate, kept.fate) == (Fate.REFUSED, Fate.KEPT)
    assert refused.why
    assert len(review.decisions(ws, desk.dataset_id)) == 1


def test_judged_first_is_kept_where_it_is_true(ws, desk):
    """After an undo the suggestion was hidden again, though it had been shown after the answer."""
    first, again, other, bob = (
        *desk(press("a", DOG, Action.KEEP, judged_first=True)),
        *desk(
            press("b", DOG, None, seen="0000000a"), press("c", DOG, Action.KEEP, judged_first=True)
        )[1:],
        *desk(
            press("d", DOG, None, seen="0000000c"),
            press("e", DOG, Action.UNSURE, judged_first=True),
        )[1:],
        *desk(press("f", CAT, Action.KEEP, judged_first=True), reviewer="Bob"),
    )
    assert first.stands.judged_first
    assert again.stands.judged_first, "the same, done again"
    assert not other.stands.judged_first
    assert bob.stands.judged_first
    told = [d.judged_first for d in review.decisions(ws, desk.dataset_id)]
    assert told == [True, True, False, True]


def test_nobody_takes_back_what_somebody_else_decided(desk):
    desk(press("a", DOG, Action.KEEP), reviewer="Bob")
    (answer,) = desk(press("b", DOG, None, seen="0000000a"))
    assert (answer.fate, answer.stands.reviewer) == (Fate.STALE, "Bob")
    assert "no decision of yours" in answer.why


@pytest.mark.parametrize("mark", ["", "short", "a" * 65, "with space", "semi;colon"])
def test_a_mark_is_plain_and_long_enough(mark):
    with pytest.raises(UnusableInput):
        Press(mark=mark, cell=DOG, seen="", action=Action.KEEP)


def test_too_many_at_once_are_refused_as_a_whole(ws, desk):
    many = [press(f"{n:08}", DOG, Action.KEEP) for n in range(presses.MOST + 1)]
    with pytest.raises(UnusableInput, match="Too many"):
        desk(*many)
    assert review.decisions(ws, desk.dataset_id) == ()


def test_a_new_version_ends_the_work_on_the_former_one(ws, desk):
    desk(press("a", DOG, Action.CHANGE, new="cat"))
    publish(ws, desk.dataset_id, actor="Ann")
    (answer,) = desk(press("b", CAT, Action.KEEP))
    assert answer.fate is Fate.STALE
    assert "a new version of this table" in answer.why
    (again,) = desk(press("a", DOG, Action.CHANGE, new="cat"))
    assert again.fate is Fate.KEPT, "it was kept before the new version came"


@pytest.mark.both_databases
def test_the_same_burst_from_two_connections_is_one_burst(ws, desk):
    burst = [press(f"{n:08}", (DOG, CAT)[n % 2], Action.KEEP) for n in range(2)]
    answers = []
    threads = [threading.Thread(target=lambda: answers.extend(desk(*burst))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert {a.fate for a in answers} == {Fate.KEPT}
    assert len(review.decisions(ws, desk.dataset_id)) == 2


@pytest.mark.both_databases
def test_undo_after_a_reload_is_about_the_last_decision_also_where_it_was_overruled(ws, desk):
    """The overruled one was left out, so that undo took back an older one without a word."""
    desk(press("a", DOG, Action.KEEP), press("b", CAT, Action.KEEP))
    desk(press("c", CAT, Action.UNSURE, seen="0000000b"), reviewer="Bob")
    mine = presses.last_of(ws, desk.queue, reviewer="Ann", limit=10)
    assert [d.version for d in mine] == ["0000000b", "0000000a"]
    (told,) = desk(press("d", CAT, None, seen=mine[0].version))
    assert (told.fate, "overruled by Bob" in told.why) == (Fate.STALE, True)


@pytest.mark.both_databases
def test_the_answer_to_an_undo_says_what_stands_and_whether_it_asks_again(desk):
    """A page that was loaded anew could not do again what it had undone of a changed decision."""
    desk(press("a", DOG, Action.KEEP))
    desk(press("b", DOG, Action.CHANGE, new="cat", seen="0000000a"))
    (told,) = desk(press("c", DOG, None, seen="0000000b"))
    assert (told.shown.version, told.stands.action) == ("0000000a", Action.KEEP)
    assert not desk.queue.is_open(told.cell, told.stands)
    (again,) = desk(press("d", DOG, Action.CHANGE, new="cat", seen=told.shown.version))
    assert (again.fate, again.stands.new) == (Fate.KEPT, "cat")
    assert desk.queue.is_open(DOG, None)
    answered_else = replace(again.stands, answered=("bird",))
    assert desk.queue.is_open(DOG, answered_else), "another suggestion than the one of this run"
