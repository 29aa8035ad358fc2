"""Two judge blind, a third rules: what each is asked, what stands, what is kept and carried."""

from __future__ import annotations

import json
import random

import pytest
from sqlalchemy import delete, insert

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Capacity, Cell
from components.core.people.person import Identity, Person
from components.services import workspace
from components.services.data import audit_trail
from components.services.export.exports import changes_of
from components.services.export.publish import publish_here
from components.services.review import (
    desk,
    outcome,
    presses,
    review,
    selection,
)
from components.services.review.presses import Fate, Press
from components.services.review.selection import Selection
from components.services.review.several.similar import similar_to
from components.services.team import figures, plans, several
from components.store.tables import DatasetRow, StandingDecisionRow, WaitingAnswerRow

pytestmark = pytest.mark.both_databases

DOG, CAT = Cell(3, "kind"), Cell(6, "kind")


def quiet(_share, _words):
    """Say nothing."""


class Team:
    """A queue in which every item is judged by two."""

    def __init__(self, ws, info, run_id):
        self.ws, self.info, self.run_id = ws, info, run_id
        self.marks = iter(range(10**6))
        plans.set_shares(ws, info.version.id, double=1.0, reviewer="Ann")

    @property
    def queue(self):
        return review.queue(self.ws, self.run_id)

    def say(self, who, cell, action, **said):
        return review.decide(self.ws, self.queue, cell, action, reviewer=who, **said)

    def offered(self, who):
        ws, queue = self.ws, self.queue
        places = selection.positions(ws, queue, Selection())
        places = several.offered(places, several.waiting(ws, queue, who), who)
        dealt = desk.deal(ws, queue, places, reviewer=who, n=50)
        desk.leave(ws, queue, reviewer=who)
        return {item.cell for item in dealt}

    def shown(self, who, cell):
        item = review.item(self.ws, self.queue, cell)
        return several.shown(self.ws, self.queue, [item], who)[cell]

    def press(self, who, cell, action, **said):
        mark = f"{next(self.marks):08}"
        seen = said.pop("seen", None)
        seen = self.shown(who, cell).version if seen is None else seen
        sent = Press(mark=mark, cell=cell, action=action, seen=seen, **said)
        return presses.apply(self.ws, self.queue, [sent], reviewer=who)[0]

    def standing(self):
        return {d.cell: d for d in review.standing(self.ws, self.info.version.id)}


@pytest.fixture
def team(ws, labelled):
    made = Team(ws, *labelled())
    yield made
    assert audit_trail.verify(ws).problem == ""


def test_two_who_agree_settle_an_item_and_until_then_it_is_open_everywhere(ws, team):
    first = team.say("Ann", DOG, Action.CHANGE, new="cat")
    assert first.capacity is Capacity.BLIND
    assert team.queue.counts.n_open == 2
    assert outcome.answers(ws, team.run_id).counts.n_open == 2
    assert not team.standing()
    assert changes_of(ws, team.info).n_changed == 0
    second = team.say("Bob", DOG, Action.CHANGE, new="cat")
    assert team.standing() == {DOG: second}
    assert team.queue.counts.n_open == 1
    assert changes_of(ws, team.info).n_changed == 1
    assert [d.reviewer for d in review.decisions(ws, team.info.version.id)] == ["Ann", "Bob"]


def test_an_item_is_offered_to_a_person_once_and_nothing_betrays_the_other_answer(team):
    assert team.offered("Ann") == {DOG, CAT}
    team.say("Ann", DOG, Action.KEEP)
    assert team.offered("Ann") == {CAT}
    assert team.offered("Bob") == {DOG, CAT}
    unseen = team.shown("Bob", DOG)
    assert (unseen.decision, unseen.version, unseen.differing) == (None, "", ())
    assert team.shown("Ann", DOG).waits
    team.say("Bob", DOG, Action.KEEP)
    assert DOG not in team.offered("Cleo")


def test_what_a_person_answered_or_two_differ_about_is_left_out_of_several_and_told(team):
    def alike(who):
        wanted = Selection()
        return similar_to(team.ws, team.queue, DOG, wanted, reviewer=who)

    team.say("Ann", DOG, Action.KEEP)
    assert [(len(f.places), f.n_alone) for f in (alike("Ann"), alike("Bob"))] == [(0, 1), (1, 0)]
    team.say("Bob", DOG, Action.EXCLUDE)
    found = alike("Cleo")
    assert (found.places, found.n_alone, found.n_held) == ((), 1, 0)


def test_who_differ_are_decided_between_by_a_third_one_who_says_why(team):
    team.say("Ann", DOG, Action.KEEP)
    team.say("Bob", DOG, Action.CHANGE, new="cat")
    assert not team.standing()
    assert DOG not in team.offered("Ann") | team.offered("Bob")
    assert DOG in team.offered("Cleo")
    both = team.shown("Cleo", DOG).differing
    assert [d.action for d in both] == [Action.KEEP, Action.CHANGE]
    assert team.shown("Ann", DOG).differing == (), "a party does not see the answer of the other"
    with pytest.raises(UnusableInput, match="says why"):
        team.say("Cleo", DOG, Action.KEEP)
    ruled = team.say("Cleo", DOG, Action.KEEP, note="it barks")
    assert (ruled.capacity, team.standing()) == (Capacity.ADJUDICATOR, {DOG: ruled})
    with pytest.raises(Conflict, match="you are one of them"):
        team.say("Ann", DOG, Action.EXCLUDE, note="no", seen=ruled.version)
    assert team.queue.counts.n_open == 1


def test_the_only_owner_may_decide_between_two_answers_one_of_which_is_their_own(ws, labelled):
    owner, bob = Person("Eve", Identity.LOGIN), Person("Bob", Identity.LOGIN)
    team = Team(ws, *labelled())
    with ws.db.write() as session:
        session.get_one(DatasetRow, team.info.version.id).owner = "Eve"
    with pytest.raises(Conflict, match="only Eve can set who is asked"):
        plans.set_shares(ws, team.info.version.id, double=0.5, reviewer=bob)
    team.say(owner, DOG, Action.KEEP)
    team.say(bob, DOG, Action.UNSURE)
    assert team.offered(bob) == {CAT}
    assert team.offered(owner) == {DOG, CAT}
    ruled = team.say(owner, DOG, Action.KEEP, note="I own it")
    assert team.standing() == {DOG: ruled}
    told = next(e for e in workspace.history(ws) if e.action == "decision.made")
    assert (told.detail["capacity"], told.detail["identity"]) == ("adjudicator", "login")


def test_an_answer_changed_meanwhile_makes_the_screen_of_who_rules_outdated(team):
    team.say("Ann", DOG, Action.KEEP)
    team.say("Bob", DOG, Action.CHANGE, new="cat")
    seen = team.shown("Cleo", DOG).version
    team.say("Ann", DOG, Action.EXCLUDE)
    late = team.press("Cleo", DOG, Action.KEEP, note="it barks", seen=seen)
    assert (late.fate, "changed" in late.why) == (Fate.STALE, True)
    assert late.shown.version == team.shown("Cleo", DOG).version
    silent = team.press("Cleo", DOG, Action.KEEP)
    assert (silent.fate, "says why" in silent.why) == (Fate.REFUSED, True)
    assert team.press("Cleo", DOG, Action.KEEP, note="it barks").fate is Fate.KEPT


def test_undo_takes_an_answer_out_of_the_agreement_and_redo_brings_it_back(team):
    first = team.press("Ann", DOG, Action.KEEP)
    second = team.press("Bob", DOG, Action.KEEP)
    assert second.shown.decision == team.standing()[DOG]
    taken = team.press("Ann", DOG, None, seen=first.stands.version)
    assert (taken.fate, taken.shown.decision) == (Fate.KEPT, None)
    assert not team.standing()
    assert team.offered("Ann") == {DOG, CAT}
    team.press("Ann", DOG, Action.KEEP)
    assert DOG in team.standing()
    team.press("Cleo", DOG, Action.EXCLUDE, note="a stuffed one")
    refused = team.press("Bob", DOG, None, seen=second.stands.version)
    assert (refused.fate, "left out" in refused.why) == (Fate.STALE, True)


def test_what_one_person_settled_stays_when_the_share_comes_later(ws, labelled):
    info, run_id = labelled()
    made = review.decide(ws, review.queue(ws, run_id), DOG, Action.KEEP, reviewer="Ann")
    team = Team(ws, info, run_id)
    again = team.say("Bob", DOG, Action.EXCLUDE, seen=made.version)
    assert (again.capacity, team.standing()) == (Capacity.ALONE, {DOG: again})
    blind = team.say("Bob", CAT, Action.KEEP)
    plans.set_shares(ws, info.version.id, double=0.0, reviewer="Ann")
    assert team.say("Ann", CAT, Action.KEEP).capacity is Capacity.BLIND
    assert team.standing()[CAT].id > blind.id


def test_everybodys_answer_goes_on_with_the_next_version(ws, team):
    team.say("Ann", DOG, Action.CHANGE, new="cat")
    team.say("Bob", DOG, Action.CHANGE, new="cat")
    team.say("Bob", CAT, Action.KEEP)
    team.say("Bob", CAT, Action.UNSURE)
    made = publish_here(ws, team.info.version.id, "Ann", quiet)
    there = review.decisions(ws, made.version.id)
    assert [(d.cell.row_id, d.reviewer, d.action, d.capacity) for d in there] == [
        (3, "Ann", Action.KEEP, Capacity.BLIND),
        (3, "Bob", Action.KEEP, Capacity.BLIND),
        (6, "Bob", Action.UNSURE, Capacity.BLIND),
    ]
    assert [d.cell for d in review.standing(ws, made.version.id)] == [DOG]
    assert plans.plan(ws, made.version.id) == plans.plan(ws, team.info.version.id)


def test_a_share_is_set_by_a_share_and_stands_in_the_history(ws, labelled):
    info, _ = labelled()
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(UnusableInput, match="is no share"):
            plans.set_shares(ws, info.version.id, double=wrong, reviewer="Ann")
    made = plans.set_shares(ws, info.version.id, double=0.25, reviewer=" Ann ")
    again = plans.set_shares(ws, info.version.id, double=0.5, reviewer="Bob")
    assert made.seed == again.seed, "else other items would be chosen"
    told = [e for e in workspace.history(ws) if e.action == "review.plan_set"]
    assert [(e.actor, e.detail["double_share"]) for e in told] == [("Bob", 0.5), ("Ann", 0.25)]


def test_the_history_notices_an_agreement_that_was_made_up(ws, team):
    first = team.say("Ann", DOG, Action.KEEP)
    assert audit_trail.verify(ws).problem == ""
    made_up = {
        "dataset_id": team.info.version.id, "column_name": "kind", "row_id": 3,
        "decision_id": first.id, "action": "keep", "answered": json.dumps(first.answered),
    }  # fmt: skip
    with ws.db.write() as session:
        session.execute(insert(StandingDecisionRow).values(made_up))
    assert "is not what several people said" in audit_trail.verify(ws).problem
    with ws.db.write() as session:
        session.execute(delete(StandingDecisionRow))
        session.execute(delete(WaitingAnswerRow))
    assert "are not those given" in audit_trail.verify(ws).problem
    with ws.db.write() as session:
        session.execute(insert(WaitingAnswerRow).values(
            decision_id=first.id, dataset_id=team.info.version.id, column_name="kind", row_id=3,
            reviewer="Ann", disputed=False,
        ))  # fmt: skip


def test_random_histories_leave_what_folding_them_leaves(ws, team):
    chance = random.Random(5)  # noqa: S311 - repeatable
    for _ in range(60):
        who, cell = chance.choice("ABCD"), chance.choice([DOG, CAT])
        if chance.random() < 0.3 and (own := team.shown(who, cell).decision) is not None:
            team.press(who, cell, None, seen=own.version)
            continue
        action = chance.choice([Action.KEEP, Action.UNSURE])
        team.press(who, cell, action, note=chance.choice(["", "because"]))
    assert audit_trail.verify(ws).problem == ""


@pytest.fixture
def many(ws, labelled):
    text = "x,kind\n" + "".join(f"{n},{'cat' if n % 2 else 'dog'}\n" for n in range(60))
    flagged = tuple((n, "dog" if n % 2 else "cat") for n in range(50))
    return Team(ws, *labelled(text, flagged=flagged))


def test_agreement_of_two_people_is_that_of_their_answers(ws, many):
    assert figures.figures(ws, many.queue) is None
    for n in range(50):
        cell, differs = Cell(n, "kind"), n % 5 == 0
        many.say("Ann", cell, Action.KEEP)
        if n < 40:
            many.say("Bob", cell, Action.EXCLUDE if differs else Action.KEEP)
        elif n < 45:
            many.say("Cleo", cell, Action.KEEP)
    found = figures.figures(ws, many.queue)
    assert (found.agreement.n, found.agreement.n_agreed) == (45, 37)
    assert found.agreement.low < 37 / 45 < found.agreement.high
    bob, cleo = found.pairs
    assert (bob.one, bob.other, bob.agreement.n, bob.agreement.n_agreed) == ("Ann", "Bob", 40, 32)
    assert cleo.agreement.kappa is None, "5 items are too few"
    # by hand: Ann says cat 20, dog 20; Bob cat 16, dog 16, out 8; p = 0.8, chance = 0.4
    assert bob.agreement.kappa == pytest.approx((0.8 - 0.4) / (1 - 0.4))
    assert bob.agreement.kappa_low < bob.agreement.kappa < bob.agreement.kappa_high


def test_agreement_is_that_of_what_was_said_before_the_other_answer_could_be_seen(ws, many):
    """An answer that was changed after that of the other counted as a blind one."""
    for n in range(20):
        many.say("Ann", Cell(n, "kind"), Action.KEEP)
        many.say("Bob", Cell(n, "kind"), Action.UNSURE)
        changed = many.say("Bob", Cell(n, "kind"), Action.KEEP)
        assert changed.capacity is Capacity.AGAIN
    assert len(many.standing()) == 20, "it stands, for both say so"
    found = figures.figures(ws, many.queue)
    assert (found.agreement.n, found.agreement.n_agreed) == (20, 0)
    first = many.press("Ann", Cell(20, "kind"), Action.KEEP)
    many.press("Bob", Cell(20, "kind"), Action.UNSURE)
    many.press("Ann", Cell(20, "kind"), None, seen=first.stands.version)
    again = many.press("Ann", Cell(20, "kind"), Action.UNSURE)
    assert again.stands.capacity is Capacity.AGAIN
    assert figures.figures(ws, many.queue).agreement.n == 20, "it has but one blind answer"
