"""What stands beside a label: likely classes, what speaks against, rows that are surely right."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from components.core.judgement.evidence import RowScores
from components.core.judgement.review import Action
from components.services.review import presses, review
from components.services.review.beside.examples import columns_read, examples
from components.services.review.presses import Press
from components.services.runs import runs
from components.store.results import write_result

N = 30


def scores():
    n = np.arange(N)
    flagged = n < 3
    given = np.array(["no" if row % 3 else "yes" for row in n], dtype=object)
    likely = np.full(N, None, dtype=object)
    for row in range(3):
        likely[row] = (("yes" if row else "no", 0.9 - row / 10), ("yes" if not row else "no", 0.1))
    found = RowScores.of(
        "label quality",
        row_id=n,
        quality=np.where(flagged, 0.1 + n / 100, 0.5 + n / 100),
        flagged=flagged,
        given=given,
        suggested=np.array(["yes" if row else "no" for row in n], dtype=object),
        confidence=np.full(N, 0.9),
    )
    against = np.array([f"x is {row}" if row == 1 else None for row in n], dtype=object)
    return found.with_details(n, against=against, likely=likely, columns_read=("x",))


@pytest.fixture
def queue(ws, labelled):
    lines = [f"{row},{'No' if row % 3 else 'YES'},n{row}\n" for row in range(N)]
    _, run_id = labelled("x,kind,name\n" + "".join(lines), flagged=((0, "No"),))
    folder = ws.files.run(run_id)
    result = runs.result(ws, run_id, "labels.label_errors")
    write_result(folder, dataclasses.replace(result, evidence=(scores(),)))
    return review.queue(ws, run_id)


def test_a_card_has_the_likely_classes_as_the_file_spells_them_and_what_speaks_against(ws, queue):
    cards = review.cards(ws, queue, review.items(ws, queue))
    assert [card.likely for card in cards] == [
        (("No", 0.9), ("YES", 0.1)),
        (("YES", 0.8), ("No", 0.1)),
        (("YES", 0.7), ("No", 0.1)),
    ]
    assert [card.item.suggestion.against for card in cards] == ["", "x is 1", ""]
    (last,) = review.cards(ws, queue, review.items(ws, queue, 2, 1))
    assert last.likely == cards[2].likely


def test_examples_of_a_class_are_the_rows_of_highest_quality_that_nobody_doubts(ws, queue):
    yes = examples(ws, queue, "YES", most_columns=9)
    assert yes.columns == ("x",), "only what the models read"
    assert yes.rows == ((27, ("27",)), (24, ("24",)), (21, ("21",)))
    assert [row for row, _ in examples(ws, queue, "No", most_columns=9).rows] == [29, 28, 26]
    assert examples(ws, queue, "Maybe", most_columns=9).rows == ()
    assert columns_read(ws, queue) == ("x",)


def test_a_check_that_keeps_none_of_it_gives_cards_without(ws, labelled):
    _, run_id = labelled()
    queue = review.queue(ws, run_id)
    (card, *_) = review.cards(ws, queue, review.items(ws, queue))
    assert (card.likely, card.item.suggestion.against) == ((), "")
    assert columns_read(ws, queue) == ()


@pytest.mark.both_databases
def test_a_decision_tells_that_it_was_made_before_the_suggestion_was_shown(ws, labelled):
    _, run_id = labelled()
    queue = review.queue(ws, run_id)
    first, second = queue.cell_at(0), queue.cell_at(1)
    asked = Press(mark="00000001", cell=first, seen="", action=Action.KEEP, judged_first=True)
    presses.apply(ws, queue, [asked], reviewer="Ann")
    review.decide(ws, queue, second, Action.KEEP, reviewer="Ann")
    made = review.decisions(ws, queue.dataset_id)
    assert [one.judged_first for one in made] == [True, False]
