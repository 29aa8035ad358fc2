from __future__ import annotations

import threading

import pytest

from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.review import Action
from components.services import workspace
from components.services.review import review
from components.services.runs import runs

YES = "x,ok\n" + "".join(f"{n},{'yes' if n % 2 else 'No'}\n" for n in range(40)) + "40,no\n"


def test_the_queue_shows_the_worst_first_in_the_words_of_the_file(ws, labelled):
    info, run_id = labelled()
    queue = review.queue(ws, run_id)
    assert (queue.run_id, queue.dataset_id, queue.column) == (run_id, info.version.id, "kind")
    assert queue.classes == ("cat", "dog", "bird")
    assert [(i.row_id, i.given, i.suggested) for i in queue.items] == [
        (3, "dog", "cat"),
        (6, "cat", "dog"),
    ]
    assert [i.confidence for i in queue.items] == [0.8, 0.8]
    assert queue.items[0].quality < queue.items[1].quality
    assert queue.n_decided == 0


def test_classes_are_spelled_as_in_the_file(ws, labelled):
    _, run_id = labelled(YES, label="ok", flagged=((0, "true"), (1, "False")))
    queue = review.queue(ws, run_id)
    assert set(queue.classes) >= {"No", "yes"}
    typed_as_boolean = len(queue.classes) == 2
    if typed_as_boolean:
        assert [(i.given, i.suggested) for i in queue.items] == [("No", "yes"), ("yes", "No")]


def test_there_is_no_queue_without_a_label_check(ws, upload):
    info = upload()
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    assert review.queue(ws, run_id) is None
    with pytest.raises(NotFound):
        review.card(ws, run_id, 0)


def test_a_card_shows_the_row_and_its_neighbours(ws, labelled):
    _, run_id = labelled()
    card = review.card(ws, run_id, 3)
    assert card.item.row_id == 3
    assert {name for name, _ in card.values} == {"name", "weight", "legs", "note"}
    assert dict(card.values)["note"] == "two\nlines"
    assert card.nearest.index.tolist() == [0, 1]
    assert card.nearest.columns[0] == "kind"
    assert card.nearest["kind"].tolist() == ["cat", "dog"]
    with pytest.raises(NotFound, match="not flagged"):
        review.card(ws, run_id, 0)


def test_a_decision_is_kept_with_its_record(ws, labelled):
    info, run_id = labelled()
    made = review.decide(
        ws, run_id, 3, Action.CHANGE, new="cat", reviewer="  Ann   B ", note=" sure "
    )
    assert (made.given, made.new, made.reviewer, made.note) == ("dog", "cat", "Ann B", "sure")
    assert made.at.tzinfo is not None
    assert review.decisions(ws, info.version.id) == (made,)
    queue = review.queue(ws, run_id)
    assert queue.n_decided == 1
    assert queue.items[0].decision == made
    event = workspace.history(ws)[0]
    assert (event.actor, event.action, event.dataset_id) == (
        "Ann B",
        "decision.made",
        info.version.id,
    )
    assert event.detail["decision_id"] == made.id
    assert review.reviewers(ws) == ("Ann B",)


@pytest.mark.parametrize("action", [Action.KEEP, Action.EXCLUDE, Action.UNSURE])
def test_only_a_change_has_a_new_label(ws, labelled, action):
    _, run_id = labelled()
    assert review.decide(ws, run_id, 3, action, new="cat", reviewer="Ann").new == "dog"


@pytest.mark.parametrize(
    ("row_id", "new", "error"),
    [
        (3, "", Conflict),
        (3, "wolf", Conflict),
        (3, "dog", Conflict),
        (8, "cat", NotFound),
        (-1, "cat", NotFound),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(ws, labelled, row_id, new, error):
    info, run_id = labelled()
    with pytest.raises(error):
        review.decide(ws, run_id, row_id, Action.CHANGE, new=new, reviewer="Ann")
    assert review.decisions(ws, info.version.id) == ()
    assert workspace.history(ws)[0].action == "run.started"


@pytest.mark.parametrize("reviewer", ["", " ", "x" * 101])
def test_a_decision_needs_a_name(ws, labelled, reviewer):
    _, run_id = labelled()
    with pytest.raises(UnusableInput, match="name"):
        review.decide(ws, run_id, 3, Action.KEEP, reviewer=reviewer)


def test_undo_takes_back_ones_own_last_decision_that_holds(ws, labelled):
    info, run_id = labelled()
    ann = review.decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    review.decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    bob = review.decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Bob")
    undone = review.undo(ws, run_id, reviewer="Ann")
    assert (undone.id, undone.undone) == (ann.id, True)
    assert review.undo(ws, run_id, reviewer="Cem") is None
    assert review.queue(ws, run_id).items[1].decision == bob
    review.undo(ws, run_id, reviewer="Bob")
    assert review.queue(ws, run_id).items[1].decision.reviewer == "Ann"
    assert [e.action for e in workspace.history(ws)[:2]] == ["decision.undone"] * 2
    assert len(review.decisions(ws, info.version.id)) == 3


def test_decisions_of_several_people_at_once_are_all_kept(ws, labelled):
    info, run_id = labelled()

    def decide(name: str) -> None:
        for _ in range(10):
            review.decide(ws, run_id, 3, Action.KEEP, reviewer=name)

    threads = [threading.Thread(target=decide, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = review.decisions(ws, info.version.id)
    assert sorted(d.reviewer for d in made) == sorted("ABCD" * 10)
    assert set(review.reviewers(ws)) == set("ABCD")


def test_names_are_remembered(ws):
    review.remember(ws, "Ann")
    assert review.reviewers(ws) == ("Ann",)
    with pytest.raises(UnusableInput):
        review.remember(ws, "")
