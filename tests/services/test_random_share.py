"""Items drawn at random: mixed in unmarked, kept apart in the data; rates come from them."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Cell
from components.core.people.random_share import NEVER_FLAGGED, NOT_DRAWN, STRATA
from components.services.data import audit_trail
from components.services.export import decision_files
from components.services.export.exports import changes_of
from components.services.review import outcome, presses, review, selection
from components.services.review.beside.choices import choices
from components.services.review.presses import Fate, Press
from components.services.review.selection import Selection, Stage
from components.services.review.several.similar import similar_to
from components.services.team import figures, plans

pytestmark = pytest.mark.both_databases

N, FLAGGED = 90, 30


@pytest.fixture
def place(ws, labelled):
    """A table of cats and dogs, a third of its rows flagged, a fifth drawn at random."""
    text = "x,kind\n" + "".join(f"{n},{'cat' if n % 3 else 'dog'}\n" for n in range(N))
    flagged = tuple((n, "dog" if n % 3 else "cat") for n in range(FLAGGED))
    info, run_id = labelled(text, flagged=flagged)
    plans.set_shares(ws, info.version.id, random=0.2, reviewer="Ann")
    return info, run_id


@pytest.fixture
def queue(ws, place):
    return review.queue(ws, place[1])


def drawn_of(queue, *strata):
    return queue.order.mixed.in_turn(*(strata or STRATA)).tolist()


def test_as_many_rows_never_flagged_come_as_flagged_ones_are_drawn(ws, place, queue):
    assert queue.n_items == FLAGGED + 6
    assert len(drawn_of(queue)) == 12
    never = [queue.cell_at(p).row_id for p in drawn_of(queue, NEVER_FLAGGED)]
    assert len(never) == 6
    assert min(never) >= FLAGGED
    assert outcome.answers(ws, place[1]).counts.n_open == FLAGGED, "the verdict asks for no more"
    again = review.queue(ws, place[1])
    assert [again.cell_at(p) for p in range(36)] == [queue.cell_at(p) for p in range(36)]


def test_no_card_betrays_why_it_is_there(ws, queue):
    cards = review.cards(ws, queue, review.items(ws, queue))
    never = set(drawn_of(queue, NEVER_FLAGGED))
    for card in cards:
        told = card.item.suggestion
        assert (told.reason, told.confidence, told.quality) == ("", None, None)
        assert told.suggested == {"cat": "dog", "dog": "cat"}[told.given]
        assert not len(card.nearest)
    looks = [
        {tuple(map(type, (c.item.suggestion.suggested, c.item.decision))) for c in cards
         if (c.item.position in never) is is_never}
        for is_never in (True, False)
    ]  # fmt: skip
    assert looks[0] == looks[1]
    found = choices(ws, queue, Selection())
    assert {pair for pair, _ in found.pairs} == {("cat", "dog"), ("dog", "cat")}
    assert not selection.facets(ws, queue).reason.any(), "a reason is one of a flagged item"
    assert max(band for band, _ in found.bands) < 5, "so is a low score"
    with pytest.raises(Conflict, match="each is judged by itself"):
        similar_to(ws, queue, queue.cell_at(0), Selection(), reviewer="Ann")
    cats = selection.positions(ws, queue, Selection(given="cat"))
    assert {i.suggestion.given for i in review.items_at(ws, queue, cats.tolist())} == {"cat"}


def test_the_data_tell_what_was_drawn_from_where_with_which_probability(ws, place, queue):
    mixed = queue.order.mixed
    for position in range(queue.n_items):
        review.decide(ws, queue, queue.cell_at(position), Action.KEEP, reviewer="Ann")
    made = {d.cell: d for d in review.decisions(ws, place[0].version.id)}
    for position in range(queue.n_items):
        decision, code = made[queue.cell_at(position)], mixed.stratum[position]
        if code == NOT_DRAWN:
            assert (decision.stratum, decision.probability) == ("", None)
        else:
            assert decision.stratum == STRATA[code]
            assert decision.probability == pytest.approx(0.2 if code < 3 else 6 / 60)
    assert review.queue(ws, place[1]).counts.n_open == 0, "the rows never flagged, too"
    assert audit_trail.verify(ws).problem == ""


def test_a_row_never_flagged_is_decided_as_any_other(ws, place, queue):
    position = drawn_of(queue, NEVER_FLAGGED)[0]
    cell = queue.cell_at(position)
    item = review.item(ws, queue, cell)
    new = item.suggestion.suggested
    press = Press(mark="00000001", cell=cell, seen="", action=Action.CHANGE, new=new)
    (answer,) = presses.apply(ws, queue, [press], reviewer="Ann")
    assert answer.fate is Fate.KEPT
    assert not review.item(ws, review.queue(ws, place[1]), cell).is_open
    assert changes_of(ws, place[0]).n_changed == 1
    settled = selection.positions(ws, review.queue(ws, place[1]), Selection(stage=Stage.SETTLED))
    assert settled.tolist() == [position]
    plans.set_shares(ws, place[0].version.id, random=0.0, reviewer="Ann")
    off = review.queue(ws, place[1])
    assert (off.n_items, off.is_mixed, off.counts.n_settled) == (FLAGGED, False, 0)
    assert changes_of(ws, place[0]).n_changed == 1, "what somebody decided stands"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_files_say_what_was_suggested_for_a_row_never_flagged(
    ws, labelled, made, *, is_accepted
):
    """No run flags it, so the suggestion was left empty where it was accepted."""
    text = "x,kind\n" + "".join(f"{n},{('cat', 'dog', 'bird')[n % 3]}\n" for n in range(N))
    flagged = tuple((n, ("dog", "bird", "cat")[n % 3]) for n in range(FLAGGED))
    info, run_id = labelled(text, flagged=flagged)
    plans.set_shares(ws, info.version.id, random=0.2, reviewer="Ann")
    queue = review.queue(ws, run_id)
    told = review.item(ws, queue, queue.cell_at(drawn_of(queue, NEVER_FLAGGED)[0])).suggestion
    (other,) = {"cat", "dog", "bird"} - {told.given, told.suggested}
    new = told.suggested if is_accepted else other
    review.decide(ws, queue, told.cell, Action.CHANGE, new=new, reviewer="Ann")
    content = made(decision_files.decisions_csv, ws, info.version.id).content.decode()
    (line,) = csv.DictReader(content.splitlines())
    assert (line["given"], line["suggested"], line["new"]) == (told.given, told.suggested, new)


def test_rates_come_from_the_items_drawn_before_the_first_that_is_not_answered(ws, place, queue):
    never, flagged = drawn_of(queue, NEVER_FLAGGED), drawn_of(queue, *STRATA[:-1])

    def say(position, action):
        cell = queue.cell_at(position)
        new = review.item(ws, queue, cell).suggestion.suggested if action is Action.CHANGE else ""
        review.decide(ws, queue, cell, action, new=new or "", reviewer="Ann")

    for position, action in zip(flagged, [Action.CHANGE] * 4 + [Action.KEEP], strict=False):
        say(position, action)
    say(flagged[5], Action.UNSURE)
    say(never[0], Action.KEEP)
    say(never[2], Action.CHANGE)  # one before it is not answered
    found = figures.figures(ws, review.queue(ws, place[1]))
    of_flagged, of_never = found.rates
    assert (of_flagged.is_flagged, of_flagged.n_drawn, of_flagged.n_answered) == (True, 6, 6)
    assert (of_flagged.n_used, of_flagged.n_clear, of_flagged.n_wrong) == (6, 5, 4)
    # Wilson by hand: (p + z2/2n ± z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), z = 1.959964
    assert (of_flagged.low, of_flagged.high) == pytest.approx((0.3755, 0.9638), abs=1e-4)
    assert (of_never.n_drawn, of_never.n_answered, of_never.n_used) == (6, 2, 1)
    assert (of_never.n_clear, of_never.n_wrong, of_never.low) == (1, 0, 0.0)
    assert figures.figures(ws, review.queue(ws, place[1])) == found


def test_a_check_that_flagged_nothing_or_speaks_of_cells_has_nothing_to_draw_from(
    ws, labelled, plant_cells
):
    info, run_id = labelled(flagged=())
    check_id = plant_cells(run_id, {(1, "note"): "mended", (2, "name"): "Rex"})
    plans.set_shares(ws, info.version.id, random=0.5, reviewer="Ann")
    queue = review.queue(ws, run_id, check_id)
    assert (queue.n_items, queue.is_mixed) == (2, False)
    assert review.queue(ws, run_id, "labels.label_errors").n_items == 0


def test_labels_without_a_flagged_one_like_them_get_another_value(ws, labelled):
    kinds = ["cat"] * 20 + ["dog"] * 20 + ["bird"] * 20
    text = "x,kind\n" + "".join(f"{n},{kind}\n" for n, kind in enumerate(kinds))
    info, run_id = labelled(text, flagged=tuple((n, "dog") for n in range(10)))
    plans.set_shares(ws, info.version.id, random=1.0, reviewer="Ann")
    queue = review.queue(ws, run_id)
    told = [i.suggestion for i in review.items(ws, queue, 0, queue.n_items)]
    never = np.isin(np.arange(queue.n_items), drawn_of(queue, NEVER_FLAGGED))
    assert never.sum() == 10
    assert all(t.suggested not in {None, t.given} for t in told)
    assert {t.suggested for t in told if t.given == "dog"} == {"cat"}, "the label of a flagged row"
    with pytest.raises(UnusableInput, match="is no share"):
        plans.set_shares(ws, info.version.id, random=2.0, reviewer="Ann")
    assert Cell(0, "kind") in {t.cell for t in told}
