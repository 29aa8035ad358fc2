"""Rows and repeated rows are reviewed as labels are: by what a check declares, in one queue."""

from __future__ import annotations

import numpy as np
import pytest

from components.core.errors import Conflict
from components.core.judgement.evidence import CellScores, Measure, RowScores, Unit
from components.core.judgement.findings import Affected, Finding, Severity
from components.core.judgement.review import (
    REPEATS,
    WHOLE_ROW,
    Action,
    Asks,
    Cell,
    ItemType,
    ReviewCounts,
)
from components.reports.words import counts_sentence
from components.services.data import audit_trail, datasets
from components.services.export import decision_files, exports
from components.services.export.publish import publish
from components.services.review import outcome, presses, review, selection
from components.services.review.presses import Fate, Press
from components.services.review.selection import Selection, Stage
from components.services.review.several import together
from components.services.review.several.similar import similar_to
from components.services.review.several.together import PressForSeveral
from components.services.runs import runs

ODD, COPIES, CELLS = "anomalies.planted", "duplicates.planted", "validity.planted"
TABLE = "n,x,kind\n" + "".join(f"{n},{1 if n in {4, 6, 9} else n},a\n" for n in range(12))
"""Rows 1, 4, 6 and 9 hold 1; in ``n`` all differ."""


def _finding(check_id, rows, n):
    return Finding(
        check_id=check_id,
        key="rows",
        title="Rows",
        detail="",
        severity=Severity.WARNING,
        measure=Measure(name="rows", value=1.0, unit=Unit.COUNT),
        threshold=None,
        affected=Affected(n_rows=len(rows), share=len(rows) / n, row_id=tuple(rows)),
        recommended_action="",
        caveat="",
    )


def _scores(n, flagged, *, asks, group=None, reason=None):
    marked = np.isin(np.arange(n), flagged)
    scores = RowScores.of(
        "quality",
        row_id=np.arange(n),
        quality=np.where(marked, 0.1 + np.arange(n) / 1_000, 0.9),
        flagged=marked,
        reason=reason,
    )
    return scores.asking(asks, group)


@pytest.fixture
def asked(ws, upload, plant_scores):
    """A run in which one check asks about rows 2 and 5, one about copies of row 1."""
    info = upload(TABLE)
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    n = info.version.n_rows
    reasons = np.full(n, None, dtype=object)
    reasons[[2, 5]] = ["x is 2 (below 90 % of rows)", "x is 5"]
    odd = _scores(n, [2, 5], asks=Asks(item_type=ItemType.ROW), reason=reasons)
    named = CellScores(
        name="cells",
        n_assessed=n,
        n_flagged=1,
        row_id=np.array([2]),
        column=np.array(["x"], dtype=object),
        value=np.array(["2"], dtype=object),
        quality=np.array([0.1]),
        flagged=np.array([True]),
        reason=np.array(["x is 2 (below 90 % of rows)"], dtype=object),
    )
    plant_scores(run_id, ODD, (odd, named), (_finding(ODD, [2, 5], n),))
    first = np.where(np.isin(np.arange(n), [4, 6, 9]), 1, np.arange(n))
    copies = _scores(n, [4, 6, 9], asks=Asks(item_type=ItemType.REPEATS), group=first)
    plant_scores(run_id, COPIES, (copies,), (_finding(COPIES, [4, 6, 9], n),))
    return info, run_id


def queue(ws, run_id, check_id):
    return review.queue(ws, run_id, check_id)


def decide(ws, run_id, check_id, row_id, action, **said):
    found = queue(ws, run_id, check_id)
    cell = Cell(row_id, found.column)
    return review.decide(ws, found, cell, action, reviewer="Ann", **said)


def test_each_check_says_what_its_items_are(ws, asked):
    _, run_id = asked
    assert [r.item_type for r in review.reviewable(ws, run_id)] == [ItemType.ROW, ItemType.REPEATS]
    rows, copies = queue(ws, run_id, ODD), queue(ws, run_id, COPIES)
    assert (rows.item_type, rows.column, rows.n_items) == (ItemType.ROW, WHOLE_ROW, 2)
    assert rows.actions == (Action.KEEP, Action.ERROR, Action.EXCLUDE, *rows.actions[3:])
    assert (copies.item_type, copies.column, copies.n_items) == (ItemType.REPEATS, REPEATS, 1)
    assert Action.CHANGE not in rows.actions + copies.actions
    assert rows.classes == copies.classes == ()
    assert [i.cell for i in review.items(ws, rows)] == [Cell(2, WHOLE_ROW), Cell(5, WHOLE_ROW)]
    assert review.items(ws, copies)[0].suggestion.reason == "4 equal rows"


def test_a_check_may_offer_less_than_its_type_allows(ws, asked, plant_scores):
    _, run_id = asked
    fewer = Asks(item_type=ItemType.ROW, actions=(Action.EXCLUDE, Action.KEEP))
    plant_scores(run_id, "anomalies.strict", (_scores(12, [7], asks=fewer),))
    assert queue(ws, run_id, "anomalies.strict").actions == (Action.KEEP, Action.EXCLUDE)
    with pytest.raises(Conflict, match="cannot be decided"):
        decide(ws, run_id, "anomalies.strict", 7, Action.ERROR)


def test_the_card_of_a_row_shows_what_sets_it_apart(ws, asked):
    _, run_id = asked
    found = queue(ws, run_id, ODD)
    first, second = review.cards(ws, found, review.items(ws, found))
    (odd,) = first.odd
    assert (odd.column, odd.value, odd.reason) == ("x", "2", "x is 2 (below 90 % of rows)")
    assert odd.usual.startswith("usual: ")
    assert second.odd == ()
    assert dict(first.values) == {"n": "2", "x": "2", "kind": "a"}


def test_the_card_of_repeats_shows_them_side_by_side(ws, upload, plant_scores):
    info = upload("n,x\n" + "".join(f"{n},{'same' if n < 500 else n}\n" for n in range(600)))
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    first = np.where(np.arange(600) < 500, 0, np.arange(600))
    asks = Asks(item_type=ItemType.REPEATS)
    plant_scores(run_id, COPIES, (_scores(600, range(1, 500), asks=asks, group=first),))
    found = queue(ws, run_id, COPIES)
    (card,) = review.cards(ws, found, review.items(ws, found))
    assert card.equal.rows.index.tolist() == [0, 1, 2, 3, 4, 5]
    assert card.equal.n_more == 494
    assert card.equal.differing == ("n",)
    made = decide(ws, run_id, COPIES, 0, Action.EXCLUDE)
    assert made.others == tuple(range(1, 500))
    assert review.tally(ws, info.version.id).n_excluded == 499


@pytest.mark.both_databases
def test_rare_but_right_and_keep_all_settle_their_findings(ws, asked):
    _, run_id = asked
    assert outcome.verdict(ws, run_id, outcome.answers(ws, run_id)).n_warning == 2
    decide(ws, run_id, ODD, 2, Action.KEEP)
    decide(ws, run_id, ODD, 5, Action.KEEP, note="a real one")
    decide(ws, run_id, COPIES, 1, Action.KEEP)
    said = outcome.answers(ws, run_id)
    assert said.reviewed == {
        f"{ODD}:rows": ReviewCounts(n_kept=2),
        f"{COPIES}:rows": ReviewCounts(n_kept=1),
    }
    verdict = outcome.verdict(ws, run_id, said)
    assert verdict.settled == (f"{COPIES}:rows", f"{ODD}:rows")
    assert verdict.n_warning == 0
    assert not audit_trail.verify(ws).problem


def test_an_error_is_decided_and_does_not_settle(ws, asked):
    """A confirmed error is still in the table: only a correction or leaving it out settles it."""
    _, run_id = asked
    decide(ws, run_id, ODD, 2, Action.ERROR)
    decide(ws, run_id, ODD, 5, Action.EXCLUDE)
    counts = queue(ws, run_id, ODD).counts
    assert (counts.n_open, counts.n_errors, counts.n_excluded) == (0, 1, 1)
    assert (
        counts_sentence(counts, of_all=True)
        == "1 of 2 settled, 0 open, 0 not sure, 1 called errors"
    )
    stages = {
        stage: chosen.tolist()
        for stage in Stage
        if len(chosen := selection.positions(ws, queue(ws, run_id, ODD), Selection(stage=stage)))
    }
    assert {stage: len(places) for stage, places in stages.items()} == {
        Stage.SETTLED: 1,
        Stage.ERRORS: 1,
        Stage.ALL: 2,
    }, "the choices add up as the counts do"
    assert not counts.is_settled
    assert f"{ODD}:rows" not in outcome.verdict(ws, run_id, outcome.answers(ws, run_id)).settled


@pytest.mark.both_databases
def test_rows_left_out_are_not_in_the_corrected_file_nor_the_next_version(ws, asked, made):
    info, run_id = asked
    decide(ws, run_id, ODD, 2, Action.KEEP)
    decide(ws, run_id, ODD, 5, Action.EXCLUDE)
    decide(ws, run_id, COPIES, 1, Action.EXCLUDE)
    corrected = made(exports.corrected_csv, ws, info.version.id)
    lines = corrected.content.decode().splitlines()[1:]
    assert [int(line.split(",")[0]) for line in lines] == [0, 1, 2, 3, 7, 8, 10, 11]
    assert corrected.n_excluded == 4
    assert review.tally(ws, info.version.id).n_excluded == 4
    new = publish(ws, info.version.id, actor="Ann")
    assert new.version.n_rows == 8
    held = {d.cell: d for d in review.standing(ws, new.version.id)}
    assert held.keys() == {Cell(2, WHOLE_ROW), Cell(1, REPEATS)}
    assert {d.action for d in held.values()} == {Action.KEEP}, "what repeated row 1 is gone"
    assert {d.others for d in held.values()} == {()}
    assert not audit_trail.verify(ws).problem


def test_a_cell_changed_in_a_row_that_goes_as_a_repeat_is_not_counted(ws, asked, plant_cells, made):
    info, run_id = asked
    plant_cells(run_id, {(4, "n"): "", (3, "n"): ""})
    for row in (4, 3):
        found = queue(ws, run_id, CELLS)
        review.decide(ws, found, Cell(row, "n"), Action.CHANGE, new="", reviewer="Ann")
    decide(ws, run_id, COPIES, 1, Action.EXCLUDE)
    tally, corrected = (
        review.tally(ws, info.version.id),
        made(exports.corrected_csv, ws, info.version.id),
    )
    assert (tally.n_changed, tally.n_excluded) == (1, 3)
    assert (corrected.n_changed, corrected.n_excluded) == (1, 3)


def test_a_decision_about_a_row_follows_it_while_it_is_the_same(ws, asked, upload):
    info, run_id = asked
    decide(ws, run_id, ODD, 2, Action.KEEP)
    decide(ws, run_id, ODD, 5, Action.KEEP)
    text = TABLE.replace("5,5,a\n", "5,77,a\n") + "12,12,b\n"
    again = upload(text)
    assert again.version.id != info.version.id
    held = {d.cell.row_id for d in review.standing(ws, again.version.id)}
    assert held == {2}, "row 5 is another one now"


def test_keys_undo_and_stale_screens_work_as_for_labels(ws, asked):
    info, run_id = asked
    found = queue(ws, run_id, COPIES)

    def press(mark, action, seen, row=1):
        return Press(mark=mark, cell=Cell(row, REPEATS), seen=seen, action=action, seconds=2.0)

    (kept,) = presses.apply(ws, found, [press("a" * 8, Action.EXCLUDE, "")], reviewer="Ann")
    assert (kept.fate, kept.stands.others) == (Fate.KEPT, (4, 6, 9))
    (late,) = presses.apply(ws, found, [press("b" * 8, Action.KEEP, "")], reviewer="Bob")
    assert late.fate is Fate.STALE
    assert "row 2, with those that repeat it, was kept, and 3 that repeat it left out" in late.why
    (wrong,) = presses.apply(ws, found, [press("c" * 8, Action.CHANGE, "a" * 8)], reviewer="Bob")
    assert wrong.fate is Fate.REFUSED
    (back,) = presses.apply(ws, found, [press("d" * 8, None, "a" * 8)], reviewer="Ann")
    assert (back.fate, back.stands) == (Fate.KEPT, None)
    assert review.tally(ws, info.version.id).n_excluded == 0
    positions = selection.positions(ws, queue(ws, run_id, COPIES), Selection(stage=Stage.OPEN))
    assert positions.tolist() == [0]


def test_items_are_chosen_by_their_reason(ws, asked):
    _, run_id = asked
    found = queue(ws, run_id, ODD)
    assert selection.positions(ws, found, Selection(reason="BELOW")).tolist() == [0]


def test_the_files_of_decisions_tell_rows_and_repeats(ws, asked, made):
    info, run_id = asked
    decide(ws, run_id, ODD, 2, Action.ERROR)
    decide(ws, run_id, COPIES, 1, Action.EXCLUDE, note="imported twice")
    sheet = made(decision_files.corrections_sheet, ws, info.version.id).content.decode()
    lines = [line.split(",") for line in sheet.splitlines()[1:]]
    assert [(line[0], line[1], line[4], line[7]) for line in lines] == [
        ("4", "", "exclude", "repeats row_id 1: imported twice"),
        ("6", "", "exclude", "repeats row_id 1: imported twice"),
        ("9", "", "exclude", "repeats row_id 1: imported twice"),
        ("2", "", "error", "x is 2 (below 90 % of rows)"),
    ]
    whole = made(decision_files.decisions_csv, ws, info.version.id).content.decode()
    assert "repeats" in whole
    assert ",4 6 9," in whole


@pytest.mark.parametrize(
    ("column", "text", "fits"),
    [
        ("n", "17", True),
        ("n", "", True),
        ("n", "many", False),
        ("n", "1,5", False),  # the next reading would take it for a text
        ("n", "1,234", False),
        ("x", "1.5", True),
        ("x", "2e3", True),
        ("x", "1,5", False),
        ("price", "1.234,5", True),
        ("price", "12.5.6", False),
        ("when", "2024-05-06", True),
        ("when", "06.05.2024", False),
        ("word", "anything at all", True),
        ("word", "x" * 10_001, False),
    ],
)
def test_a_cell_can_be_edited_to_what_its_column_holds(ws, upload, plant_cells, column, text, fits):
    cells = (f'{n % 7},{n / 8},"{n}.234,5",2024-01-{n:02},w{n % 5}\n' for n in range(1, 29))
    info = upload("n,x,price,when,word\n" + "".join(cells))
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    check_id = plant_cells(run_id, {(3, column): ""})
    found = queue(ws, run_id, check_id)
    if fits:
        new = review.decide(ws, found, Cell(3, column), Action.CHANGE, new=text, reviewer="Ann").new
        assert new == text
    else:
        with pytest.raises(Conflict):
            review.decide(ws, found, Cell(3, column), Action.CHANGE, new=text, reviewer="Ann")
    assert datasets.get(ws, info.version.id) == info


def test_several_sets_are_decided_with_one_press_and_one_undo(ws, upload, plant_scores):
    rows = "".join(f"{n},{n // 2 if n < 8 else n},{'fm'[n % 2]}\n" for n in range(20))
    info = upload("n,x,sex\n" + rows)
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    n = np.arange(20)
    first, asks = np.where(n < 8, n - n % 2, n), Asks(item_type=ItemType.REPEATS)
    plant_scores(run_id, COPIES, (_scores(20, [1, 3, 5, 7], asks=asks, group=first),))
    found = queue(ws, run_id, COPIES)
    alike = similar_to(ws, found, found.cell_at(0), Selection(), reviewer="Ann")
    assert (alike.places, alike.can_accept) == ((0, 1, 2, 3), False)
    press = PressForSeveral(
        mark="together-1", places=alike.places, as_of=alike.as_of, action=Action.EXCLUDE
    )
    assert together.apply(ws, found, press, reviewer="Ann").n_kept == 4
    assert review.tally(ws, info.version.id).n_excluded == 4
    assert {d.others for d in review.standing(ws, info.version.id)} == {(1,), (3,), (5,), (7,)}
    together.take_back(ws, found, "together-1", reviewer="Ann")
    assert review.standing(ws, info.version.id) == ()
    assert not audit_trail.verify(ws).problem
