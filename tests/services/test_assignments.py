"""Items kept for one person, progress and pace of each, and what is left."""

from __future__ import annotations

import pytest

from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.review import Action
from components.core.people.person import Identity, Person
from components.services import workspace
from components.services.export.publish import publish_here
from components.services.review import presses, review, selection
from components.services.review.presses import Press
from components.services.review.selection import Selection
from components.services.team import assignments, plans, several
from components.services.team.progress import progress
from components.store.tables import DatasetRow

pytestmark = pytest.mark.both_databases

N = 40
CATS, DOGS = Selection(given="cat", suggested="dog"), Selection(given="dog", suggested="cat")


def quiet(_share, _words):
    """Say nothing."""


@pytest.fixture
def place(labelled):
    """Forty flagged rows: thirty cats, ten dogs."""
    text = "x,kind\n" + "".join(f"{n},{'cat' if n % 4 else 'dog'}\n" for n in range(2 * N))
    return labelled(text, flagged=tuple((n, "dog" if n % 4 else "cat") for n in range(N)))


@pytest.fixture
def queue(ws, place):
    return review.queue(ws, place[1])


def offered(ws, queue, who):
    places = selection.positions(ws, queue, Selection())
    return several.offered(places, several.waiting(ws, queue, who), who).tolist()


def n_kept(ws, queue):
    return several.n_kept(ws, queue, several.waiting(ws, queue, "Eve"))


def places(ws, queue, wanted):
    return selection.positions(ws, queue, wanted).tolist()


def test_kept_items_are_offered_to_that_person_only_until_that_is_taken_back(ws, place, queue):
    cats, dogs = places(ws, queue, CATS), places(ws, queue, DOGS)
    made = assignments.assign(ws, queue, CATS, to="  Ann ", reviewer="Eve")
    assert made.person == "Ann"
    item = review.items(ws, queue, cats[0], 1)[0]
    told = {w: several.kept_for(item, several.waiting(ws, queue, w), w) for w in ("Ann", "Bob")}
    assert told == {"Ann": "", "Bob": "Ann"}, "a link opened it for Bob as if it were offered"
    assert offered(ws, queue, "Ann") == list(range(N))
    assert offered(ws, queue, "Bob") == dogs
    assert n_kept(ws, queue) == {"Ann": 30}
    review.decide(ws, queue, queue.cell_at(cats[0]), Action.KEEP, reviewer="Ann")
    assert n_kept(ws, review.queue(ws, place[1])) == {"Ann": 29}
    assignments.take_back(ws, queue.dataset_id, made.id, reviewer="Eve")
    assert offered(ws, queue, "Bob") == [p for p in range(N) if p != cats[0]]
    with pytest.raises(NotFound):
        assignments.take_back(ws, queue.dataset_id, made.id, reviewer="Eve")
    ended, _, assigned = workspace.history(ws, limit=3)
    assert (ended.actor, ended.action) == ("Eve", "review.assignment_ended")
    assert (assigned.actor, assigned.action) == ("Eve", "review.assigned")
    assert ended.detail["person"] == assigned.detail["person"] == "Ann"


def test_the_newest_of_several_holds(ws, queue):
    cats, dogs = places(ws, queue, CATS), places(ws, queue, DOGS)
    assignments.assign(ws, queue, Selection(), to="Ann", reviewer="Eve")
    assert offered(ws, queue, "Bob") == []
    assignments.assign(ws, queue, CATS, to="Bob", reviewer="Eve")
    assert offered(ws, queue, "Bob") == cats
    assert offered(ws, queue, "Ann") == dogs
    assert n_kept(ws, queue) == {"Ann": 10, "Bob": 30}


def test_the_second_answer_about_a_kept_item_comes_from_anybody(ws, place, queue):
    plans.set_shares(ws, queue.dataset_id, double=1.0, reviewer="Eve")
    assignments.assign(ws, queue, Selection(), to="Ann", reviewer="Eve")
    review.decide(ws, queue, queue.cell_at(0), Action.KEEP, reviewer="Ann")
    now = review.queue(ws, place[1])
    assert offered(ws, now, "Bob") == [0]
    assert 0 not in offered(ws, now, "Ann")


def test_only_the_owner_assigns_and_a_name_is_needed(ws, queue):
    with ws.db.write() as session:
        session.get_one(DatasetRow, queue.dataset_id).owner = "Eve"
    bob, eve = Person("Bob", Identity.LOGIN), Person("Eve", Identity.LOGIN)
    with pytest.raises(Conflict, match="only Eve can say for whom items are kept"):
        assignments.assign(ws, queue, CATS, to="Bob", reviewer=bob)
    with pytest.raises(UnusableInput, match="name"):
        assignments.assign(ws, queue, CATS, to=" ", reviewer=eve)
    made = assignments.assign(ws, queue, CATS, to="Bob", reviewer=eve)
    with pytest.raises(Conflict, match="only Eve"):
        assignments.take_back(ws, queue.dataset_id, made.id, reviewer=bob)
    assert workspace.history(ws, limit=1)[0].detail["identity"] == "login"


def test_assignments_go_on_with_the_next_version(ws, queue):
    assignments.assign(ws, queue, CATS, to="Ann", reviewer="Eve")
    review.decide(ws, queue, queue.cell_at(0), Action.EXCLUDE, reviewer="Ann")
    made = publish_here(ws, queue.dataset_id, "Eve", quiet)
    from components.store.review import assignments as table

    with ws.db.read() as session:
        (there,) = table.of_dataset(session, made.version.id)
    assert (there.person, there.by) == ("Ann", "Eve")
    assert assignments.wanted_of(there).given == "cat"


def test_progress_is_counted_per_person_with_the_median_of_their_seconds(ws, place, queue):
    def say(who, positions, seconds):
        said = {"seen": "", "action": Action.KEEP}
        sent = [
            Press(mark=f"{who}{p:08}", cell=queue.cell_at(p), seconds=s, **said)
            for p, s in zip(positions, seconds, strict=True)
        ]
        presses.apply(ws, queue, sent, reviewer=who)

    say("Ann", range(5), [1, 2, 3, 4, 100])
    say("Bob", range(5, 8), [7, 7, None])
    assignments.assign(ws, queue, DOGS, to="Cleo", reviewer="Eve")
    found = progress(ws, review.queue(ws, place[1]))
    told = {p.name: (p.n_decided, p.median_seconds, p.n_kept) for p in found.people}
    assert told == {"Ann": (5, 3, 0), "Bob": (3, None, 0), "Cleo": (0, None, 8)}
    assert [p.name for p in found.people] == ["Ann", "Bob", "Cleo"]
    assert (found.n_answers_left, found.median_seconds) == (32, 4)
    assert found.seconds_left == 128
    plans.set_shares(ws, queue.dataset_id, double=1.0, reviewer="Eve")
    assert progress(ws, review.queue(ws, place[1])).n_answers_left == 64
    say("Ann", [9], [2])
    assert progress(ws, review.queue(ws, place[1])).n_answers_left == 63
