"""Items for each reviewer, chosen by what they are; nobody gets those of another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from components.core.judgement.review import Action, Cell
from components.services.review import desk, review, selection
from components.services.review.beside.choices import choices
from components.services.review.selection import Selection, Stage

N = 40


@pytest.fixture
def queue(ws, labelled):
    text = "x,kind\n" + "".join(f"{n},{'cat' if n % 4 else 'dog'}\n" for n in range(2 * N))
    flagged = tuple((n, "dog" if n % 4 else "cat") for n in range(N))
    _, run_id = labelled(text, flagged=flagged)
    return review.queue(ws, run_id)


def chosen(ws, queue, **wanted):
    return selection.positions(ws, queue, Selection(**wanted))


def rows(items):
    return [item.cell.row_id for item in items]


@pytest.mark.both_databases
def test_each_gets_the_worst_that_nobody_else_holds(ws, queue):
    everything = chosen(ws, queue)
    ann = desk.deal(ws, queue, everything, reviewer="Ann", n=5)
    bob = desk.deal(ws, queue, everything, reviewer="Bob", n=5)
    assert [item.position for item in ann] == [0, 1, 2, 3, 4]
    assert [item.position for item in bob] == [5, 6, 7, 8, 9]
    assert [item.position for item in desk.deal(ws, queue, everything, reviewer="Bob", n=50)] == [
        *range(5, 13)
    ], "a quarter of the 35 that Ann does not hold"
    more = desk.deal(ws, queue, everything, reviewer="Ann", n=3, after=4)
    assert [item.position for item in more] == [13, 14, 15]
    assert rows(desk.deal(ws, queue, everything, reviewer="Ann", n=1)) == rows(ann[:1])
    behind = desk.deal(ws, queue, everything, reviewer="Cleo", n=3, after=N - 2)
    assert [item.position for item in behind] == [N - 1, 16, 17], "it goes on with the first"


@pytest.mark.both_databases
@pytest.mark.parametrize("n_people", [5, 10])
def test_everybody_gets_some_of_73_items(ws, labelled, n_people):
    """Each asked for more before all had come: the fifth was told that nothing was left."""
    text = "x,kind\n" + "".join(f"{n},{'cat' if n % 4 else 'dog'}\n" for n in range(80))
    _, run_id = labelled(text, flagged=tuple((n, "dog" if n % 4 else "cat") for n in range(73)))
    queue = review.queue(ws, run_id)
    everything, held = chosen(ws, queue), {}
    for name in "ABCDEFGHIJ"[:n_people]:
        held[name] = {item.position for item in desk.deal(
            ws, queue, everything, reviewer=name, n=20)}  # fmt: skip
    for name, places in held.items():
        again = desk.deal(ws, queue, everything, reviewer=name, n=20, after=max(places))
        places |= {item.position for item in again}
    sizes = [len(places) for places in held.values()]
    assert min(sizes) >= 1
    assert sum(sizes) == len(set().union(*held.values())), "none is with two"
    assert sizes[0] == 20, "who comes first is alone"
    if n_people == 5:
        assert min(sizes) >= 5


@pytest.mark.both_databases
def test_what_is_held_is_free_again_after_a_while_and_when_its_holder_leaves(
    ws, queue, monkeypatch
):
    everything = chosen(ws, queue)
    desk.deal(ws, queue, everything, reviewer="Ann", n=5)
    desk.leave(ws, queue, reviewer="Ann")
    assert desk.deal(ws, queue, everything, reviewer="Bob", n=1)[0].position == 0
    started, clock = desk.now(), {"passed": timedelta()}
    monkeypatch.setattr(desk, "now", lambda: started + clock["passed"])
    desk.deal(ws, queue, everything, reviewer="Ann", n=1)
    clock["passed"] = desk.HELD - timedelta(seconds=1)
    desk.stay(ws, queue, reviewer="Bob")
    clock["passed"] = desk.HELD + timedelta(seconds=1)
    dealt = desk.deal(ws, queue, everything, reviewer="Cleo", n=2)
    assert [item.position for item in dealt] == [1, 2], "Bob stayed, Ann did not"


def test_what_was_decided_is_dealt_no_more(ws, queue):
    (first,) = desk.deal(ws, queue, chosen(ws, queue), reviewer="Ann", n=1)
    review.decide(ws, queue, first.cell, Action.KEEP, reviewer="Ann")
    assert desk.deal(ws, queue, chosen(ws, queue), reviewer="Bob", n=1)[0].position == 1


@pytest.mark.both_databases
def test_what_was_decided_while_the_dealer_waited_is_dealt_to_nobody(ws, queue):
    places = chosen(ws, queue)
    ann = desk.deal(ws, queue, places, reviewer="Ann", n=5)
    for item in ann:
        review.decide(ws, queue, item.cell, Action.KEEP, reviewer="Ann")
    bob = desk.deal(ws, queue, places, reviewer="Bob", n=3)
    assert [item.position for item in bob] == [5, 6, 7], "as the queue was read before Ann decided"


def test_items_are_chosen_by_what_they_are(ws, queue):
    assert len(chosen(ws, queue)) == N
    assert len(chosen(ws, queue, given="dog")) == N // 4
    assert len(chosen(ws, queue, given="dog", suggested="dog")) == 0
    assert len(chosen(ws, queue, suggested="dog")) == N - N // 4
    assert len(chosen(ws, queue, reason="no such reason")) == 0
    assert choices(ws, queue, Selection()).pairs == (
        (("cat", "dog"), N - N // 4),
        (("dog", "cat"), N // 4),
    )


@pytest.mark.both_databases
def test_items_are_chosen_by_what_became_of_them(ws, queue):
    for n, (action, who) in enumerate(
        [(Action.KEEP, "Ann"), (Action.UNSURE, "Bob"), (Action.ESCALATE, "Ann")]
    ):
        review.decide(ws, queue, queue.cell_at(n), action, reviewer=who)
    for stage, places in (
        (Stage.OPEN, range(3, N)),
        (Stage.SETTLED, [0]),
        (Stage.UNSURE, [1, 2]),
        (Stage.ALL, range(N)),
    ):
        assert chosen(ws, queue, stage=stage).tolist() == list(places)


def test_cells_of_several_columns_are_chosen_by_what_they_hold(ws, labelled, plant_cells):
    _, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "note"): "mended", (2, "name"): "Rex", (3, "name"): ""})
    queue = review.queue(ws, run_id, check_id)
    assert chosen(ws, queue, given="Pip").tolist() == [1]
    assert chosen(ws, queue, suggested="").tolist() == [2]
    (card,) = review.cards(ws, queue, review.items(ws, queue, 1, 1))
    assert card.item.cell == Cell(2, "name")


def test_cards_of_several_items_are_those_of_each(ws, labelled):
    _, run_id = labelled()
    queue = review.queue(ws, run_id)
    items = review.items(ws, queue)
    together = review.cards(ws, queue, items)
    for item, one in zip(items, together, strict=True):
        alone = review.card(ws, queue, item)
        assert (one.item, one.values) == (alone.item, alone.values)
        assert one.nearest.equals(alone.nearest)
    assert [len(c.values) for c in review.cards(ws, queue, items, most=2)] == [2, 2]
    assert review.cards(ws, queue, ()) == (), "who is dealt nothing is answered, too"


def test_what_is_held_in_one_queue_takes_nothing_from_another(ws, labelled, plant_cells):
    """Claims are kept by table: an item of the labels on the screen counted among the values."""
    _, run_id = labelled()
    check_id = plant_cells(run_id, {(1, "note"): "mended"})
    labels, values = review.queue(ws, run_id), review.queue(ws, run_id, check_id)
    assert len(desk.deal(ws, labels, chosen(ws, labels), reviewer="Ann", n=2)) == 2
    desk.deal(ws, labels, chosen(ws, labels), reviewer="Bob", n=2)
    assert len(desk.deal(ws, values, chosen(ws, values), reviewer="Ann", n=1)) == 1
