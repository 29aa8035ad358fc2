"""Decisions count: in the verdict, on stale screens, in the next versions of a table."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.answers import Acceptance, Answers
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity
from components.core.judgement.gate import Outcome
from components.core.judgement.review import Action, Cell, ItemType, ReviewCounts
from components.reports.words import acceptance_sentence, review_sentence, verdict_sentence
from components.services import workspace
from components.services.data import datasets, remove
from components.services.export.publish import publish_here
from components.services.review import outcome, review
from components.services.review.beside.asked_before import no_longer_asked
from components.services.runs import runs
from components.store import results as result_files
from components.store.review import carry_overs

N = 2_000
LABELS = "labels.label_errors"


DOUBTFUL = (Action.UNSURE, Action.ESCALATE)


def quiet(_share, _note):
    """Listen to no progress."""


def decide(ws, run_id, row_id, action, **said):
    return review.decide(ws, review.queue(ws, run_id), Cell(row_id, "kind"), action, **said)


def with_finding(ws, run_id, rows, severity=Severity.WARNING):
    """Let the planted check report the flagged rows, as a check would."""
    result = runs.result(ws, run_id, LABELS)
    finding = Finding(
        check_id=LABELS,
        key="label_errors",
        title=f"{len(rows)} labels are contradicted",
        detail="",
        severity=severity,
        measure=Measure(name="labels", value=float(len(rows)), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=("kind",), n_rows=len(rows), share=0.1, row_id=tuple(rows)),
        recommended_action="",
        caveat="",
    )
    result_files.write_result(ws.files.run(run_id), replace(result, findings=(finding,)))
    return finding


def big_table() -> str:
    return "name,kind\n" + "".join(f"n{n},{'cat' if n % 3 else 'dog'}\n" for n in range(2 * N))


def publish_next(ws, info, labelled_rows, plant):
    made = publish_here(ws, info.version.id, "Ann", quiet)
    run_id = runs.execute(ws, made.version.id, only=["completeness.missing_values"])
    plant(run_id, labelled_rows)
    return made, run_id


def test_not_sure_is_not_settled_and_a_cell_counts_once(ws, labelled, plant_cells):
    _, run_id = labelled()
    plant_cells(run_id, {(3, "kind"): "bird", (1, "note"): "x"})
    assert outcome.answers(ws, run_id).counts == ReviewCounts(n_open=3)
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    decide(ws, run_id, 6, Action.UNSURE, reviewer="Ann")
    said = outcome.answers(ws, run_id)
    assert said.counts == ReviewCounts(n_open=1, n_kept=1, n_unsure=1)
    assert said.by_check["validity.planted"] == ReviewCounts(n_open=1, n_kept=1)
    assert review.queue(ws, run_id).counts == ReviewCounts(n_kept=1, n_unsure=1)


def test_the_verdict_follows_decisions(ws, labelled):
    _, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6])
    before = outcome.verdict(ws, run_id, outcome.answers(ws, run_id))
    assert finding.id in before.reasons
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    decide(ws, run_id, 6, Action.UNSURE, reviewer="Ann")
    said = outcome.answers(ws, run_id)
    assert review_sentence(said.reviewed[finding.id]) == "1 of 2 reviewed: 1 changed; 1 not sure"
    assert outcome.verdict(ws, run_id, said).n_warning == before.n_warning
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    said = outcome.answers(ws, run_id)
    after = outcome.verdict(ws, run_id, said)
    told = "settled: 2 of 2 reviewed: 1 changed, 1 kept"
    assert review_sentence(said.reviewed[finding.id]) == told
    assert (after.n_warning, after.settled) == (before.n_warning - 1, (finding.id,))
    assert runs.verdict(ws, run_id) == before  # what the machine said stays


def test_a_finding_is_accepted_with_a_reason_and_that_is_taken_back(ws, labelled):
    info, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6], Severity.CRITICAL)
    assert outcome.verdict(ws, run_id, outcome.answers(ws, run_id)).outcome is Outcome.STOP
    with pytest.raises(UnusableInput, match="needs a reason"):
        outcome.accept(ws, run_id, finding.id, reason="  ", reviewer="Ann")
    with pytest.raises(NotFound):
        outcome.accept(ws, run_id, "labels.label_errors:other", reason="x", reviewer="Ann")
    outcome.accept(ws, run_id, finding.id, reason="known and harmless", reviewer="Ann")
    with pytest.raises(Conflict, match="Ann has accepted"):
        outcome.accept(ws, run_id, finding.id, reason="me too", reviewer="Bob")
    said = outcome.answers(ws, run_id)
    judged = outcome.verdict(ws, run_id, said)
    assert judged.outcome is not Outcome.STOP
    assert "1 finding accepted by Ann" in verdict_sentence(judged)
    assert "accepted by Ann on" in acceptance_sentence(said.accepted[finding.id], finding)
    outcome.take_back(ws, info.version.id, finding.id, reviewer="Bob")
    assert outcome.verdict(ws, run_id, outcome.answers(ws, run_id)).outcome is Outcome.STOP
    with pytest.raises(NotFound):
        outcome.take_back(ws, info.version.id, finding.id, reviewer="Bob")
    done = [e.action for e in workspace.history(ws)[:2]]
    assert done == ["finding.acceptance_undone", "finding.accepted"]


def test_a_finding_that_became_worse_is_not_accepted(ws, labelled):
    _, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6])
    outcome.accept(ws, run_id, finding.id, reason="fine", reviewer="Ann")
    accepted = outcome.answers(ws, run_id).accepted[finding.id]
    assert isinstance(accepted, Acceptance)
    assert not accepted.covers(replace(finding, severity=Severity.CRITICAL))
    assert not Answers(accepted={finding.id: accepted}).is_answered(
        replace(finding, severity=Severity.CRITICAL)
    )


def test_a_decision_on_a_stale_screen_is_refused_and_told(ws, labelled):
    info, run_id = labelled()
    stale = review.queue(ws, run_id)
    cell = Cell(3, "kind")
    bob = review.decide(ws, stale, cell, Action.KEEP, reviewer="Bob", seen="")
    again = review.decide(ws, stale, cell, Action.KEEP, reviewer="Bob", seen="")
    assert again.id == bob.id  # a held key is one decision
    for seen in (None, ""):
        with pytest.raises(Conflict, match="kept as “dog” by Bob"):
            review.decide(ws, stale, cell, Action.CHANGE, new="cat", reviewer="Ann", seen=seen)
    with pytest.raises(Conflict, match="meanwhile"):  # a second key on the same screen
        review.decide(ws, stale, cell, Action.EXCLUDE, reviewer="Bob", seen="")
    assert review.standing(ws, info.version.id) == (bob,)
    seen = review.decide(
        ws, stale, cell, Action.CHANGE, new="cat", reviewer="Ann", seen=bob.version
    )
    assert review.standing(ws, info.version.id) == (seen,)


def test_a_decision_after_a_new_version_was_published_is_refused_and_told(ws, labelled):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    stale = review.queue(ws, run_id)
    publish_here(ws, info.version.id, "Ann", quiet)
    with pytest.raises(Conflict, match="published meanwhile by Ann"):
        review.decide(ws, stale, Cell(6, "kind"), Action.KEEP, reviewer="Bob")
    fresh = review.queue(ws, run_id)
    review.decide(ws, fresh, Cell(6, "kind"), Action.KEEP, reviewer="Bob")


def test_another_suggestion_opens_a_cell_again_and_the_same_one_does_not(
    ws, labelled, plant_labels
):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    again = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    plant_labels(again, ((3, "cat"), (6, "dog")))
    assert review.queue(ws, again).counts == ReviewCounts(n_open=1, n_kept=1)
    other = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    plant_labels(other, ((3, "bird"), (6, "dog")))
    assert review.queue(ws, other).counts == ReviewCounts(n_open=2)
    shown = review.item(ws, review.queue(ws, other), Cell(3, "kind"))
    assert shown.is_open
    assert shown.decision.reviewer == "Ann"
    decide(ws, other, 3, Action.KEEP, reviewer="Bob")
    for run in (run_id, again, other):  # both suggestions are answered now
        assert review.queue(ws, run).counts == ReviewCounts(n_open=1, n_kept=1)


def test_two_thousand_decisions_go_with_their_rows_over_two_versions(
    ws, labelled, plant_labels, seed_decisions
):
    chance = random.Random(7)  # noqa: S311 - the same history in every run
    rows = sorted(chance.sample(range(2 * N), N))
    given = {row: "cat" if row % 3 else "dog" for row in rows}
    flagged = tuple((row, "dog" if given[row] == "cat" else "cat") for row in rows)
    info, run_id = labelled(big_table(), flagged=flagged)
    wanted = {}
    for row, other in flagged:
        action = chance.choice(list(ItemType.LABEL.actions))
        wanted[row] = (action, other if action is Action.CHANGE else given[row])
    seed_decisions(info, "kind", wanted, given)
    assert outcome.answers(ws, run_id).counts.n_open == 0
    left_out = {row for row, (action, _) in wanted.items() if action is Action.EXCLUDE}
    stays = [row for row in range(2 * N) if row not in left_out]
    place = {row: n for n, row in enumerate(stays)}
    expected = {
        place[row]: (action if action in DOUBTFUL else Action.KEEP, text)
        for row, (action, text) in wanted.items()
        if row not in left_out
    }
    again = tuple((place[row], other) for row, other in flagged if row in place)
    second, second_run = publish_next(ws, info, again, plant_labels)
    assert {d.cell.row_id: (d.action, d.new) for d in review.standing(ws, second.version.id)} == (
        expected
    )
    counts = outcome.answers(ws, second_run).counts
    assert (counts.n_open, counts.n_items) == (0, len(again))
    assert counts.n_unsure == sum(a in DOUBTFUL for a, _ in expected.values())
    with ws.db.read() as session:
        (told,) = carry_overs.of_dataset(session, second.version.id)
    assert (told.n_decided, told.n_decided_found) == (N, N - len(left_out))
    assert set(told.left_out) == left_out

    kept = next(row for row, (action, _) in expected.items() if action is Action.KEEP)
    decide(ws, second_run, kept, Action.EXCLUDE, reviewer="Cleo")
    third, _ = publish_next(ws, second, (), plant_labels)
    del expected[kept]
    assert {d.cell.row_id: (d.action, d.new) for d in review.standing(ws, third.version.id)} == {
        row - (row > kept): said for row, said in expected.items()
    }


def test_undo_takes_back_what_was_decided_here_and_not_what_was_carried_over(
    ws, labelled, plant_labels
):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    made, again = publish_next(ws, info, ((6, "dog"),), plant_labels)
    assert review.undo(ws, review.queue(ws, again), reviewer="Ann") is None
    decide(ws, again, 6, Action.EXCLUDE, reviewer="Ann")
    assert review.undo(ws, review.queue(ws, again), reviewer="Ann").taken.action is Action.EXCLUDE
    stands = {d.cell.row_id: d for d in review.standing(ws, made.version.id)}
    assert (stands[6].action, stands[6].reviewer) == (Action.KEEP, "Ann")
    assert stands[6].carried_from is not None


def test_publishing_the_same_bytes_again_carries_what_was_decided_since(ws, labelled, plant_labels):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    first, _ = publish_next(ws, info, (), plant_labels)
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    second = publish_here(ws, info.version.id, "Ann", quiet)
    assert second.version.id == first.version.id
    assert {d.cell.row_id for d in review.standing(ws, first.version.id)} == {3, 6}


def test_decisions_and_acceptances_go_with_a_removed_table_and_come_back_with_it(
    ws, labelled, upload, pets
):
    info, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6])
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    outcome.accept(ws, run_id, finding.id, reason="fine", reviewer="Ann")
    remove.remove(ws, info.version.id, actor="Ann", is_operator=True)
    again = upload(pets)
    assert again.version.id != info.version.id
    assert review.standing(ws, again.version.id) == ()
    remove.remove(ws, again.version.id, actor="Ann", is_operator=True)
    remove.restore(ws, info.version.id, actor="Ann")
    said = outcome.answers(ws, run_id)
    assert said.counts == ReviewCounts(n_open=1, n_kept=1)
    assert said.accepted[finding.id].reviewer == "Ann"
    remove.remove(ws, info.version.id, actor="Ann", is_operator=True)
    remove.end_grace(ws, at_once=True)
    assert review.decisions(ws, info.version.id) == ()
    assert datasets.recent(ws) == ()


def test_a_finding_that_touches_far_more_rows_is_not_accepted(ws, labelled):
    """Ninety copies were accepted; 590 of a later version passed as accepted."""
    _, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6])
    outcome.accept(ws, run_id, finding.id, reason="fine", reviewer="Ann")
    accepted = outcome.answers(ws, run_id).accepted[finding.id]

    def touching(share):
        return replace(finding, affected=replace(finding.affected, share=share))

    assert accepted.share == 0.1
    assert [accepted.covers(touching(share)) for share in (0.05, 0.12, 0.2)] == [True, True, False]


def test_what_was_not_settled_and_is_asked_no_more_after_publishing_is_counted(
    ws, labelled, plant_cells
):
    """Open codes fell under the line of their check in the new version, and nobody said so."""
    info, run_id = labelled()
    codes = {(row, "weight"): "" for row in (1, 2, 4, 5, 7)}
    check_id = plant_cells(run_id, codes)

    def say(row_id, action, **said):
        found = review.queue(ws, run_id, check_id)
        review.decide(ws, found, Cell(row_id, "weight"), action, reviewer="Ann", **said)

    assert no_longer_asked(ws, run_id) == (), "it was uploaded"
    say(1, Action.CHANGE, new="")
    say(2, Action.EXCLUDE)
    say(4, Action.UNSURE)
    made = publish_here(ws, info.version.id, "Ann", quiet)
    other = runs.execute(ws, made.version.id, only=["completeness.missing_values"])
    assert no_longer_asked(ws, other) == (), "no check has looked for them"
    plant_cells(other, {(6, "weight"): ""})  # row 7 of before
    (one,) = no_longer_asked(ws, other)
    assert (one.n, one.title) == (2, "Likely label errors"), "rows 4 and 5; 2 is left out"
