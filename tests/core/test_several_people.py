"""Who is asked in what capacity, what stands, and what each may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core.judgement.review import Action, Capacity, Cell, Decision
from components.core.people import several_people as rule
from components.core.people.several_people import ReviewPlan, Shown

AT = datetime(2026, 1, 2, tzinfo=UTC)
ALONE, BLIND, RULED = Capacity.ALONE, Capacity.BLIND, Capacity.ADJUDICATOR
AGAIN = Capacity.AGAIN


def decisions(*said: tuple[str, str, Capacity]) -> list[Decision]:
    """Make decisions of (person, action or class, capacity), oldest first."""
    made = []
    for number, (who, what, capacity) in enumerate(said, start=1):
        is_action = what in set(Action)
        made.append(
            Decision(
                id=number,
                dataset_id="d",
                cell=Cell(1, "kind"),
                check_id="c",
                action=Action(what) if is_action else Action.CHANGE,
                given="cat",
                new="cat" if is_action else what,
                reviewer=who,
                at=AT,
                capacity=capacity,
            )
        )
    return made


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], None),
        ([("Ann", "keep", ALONE), ("Bob", "dog", ALONE)], 2),
        ([("Ann", "keep", BLIND)], None),
        ([("Ann", "keep", BLIND), ("Ann", "keep", BLIND)], None),
        ([("Ann", "keep", BLIND), ("Bob", "keep", BLIND)], 2),
        ([("Ann", "dog", BLIND), ("Bob", "dog", BLIND)], 2),
        ([("Ann", "dog", BLIND), ("Bob", "bird", BLIND)], None),
        ([("Ann", "keep", BLIND), ("Bob", "unsure", BLIND)], None),
        ([("Ann", "unsure", BLIND), ("Bob", "unsure", BLIND)], 2),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Ann", "dog", BLIND)], 3),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Cy", "keep", RULED)], 3),
        ([("Ann", "keep", BLIND), ("Bob", "keep", BLIND), ("Cy", "dog", RULED)], 3),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), *[("Cy", "bird", RULED)] * 2], 4),
    ],
)
def test_what_stands(said, stands):
    found = rule.what_stands(decisions(*said))
    assert (None if found is None else found.id) == stands


@pytest.mark.parametrize(
    ("said", "who", "capacity"),
    [
        ([("Ann", "keep", ALONE)], "Bob", ALONE),
        ([("Ann", "keep", BLIND)], "Ann", BLIND),
        ([("Ann", "keep", BLIND)], "Bob", BLIND),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND)], "Cy", RULED),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND)], "Bob", AGAIN),
        ([("Ann", "keep", BLIND), ("Bob", "keep", BLIND)], "Ann", AGAIN),
        ([("Ann", "keep", BLIND), ("Bob", "keep", BLIND)], "Cy", RULED),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Cy", "dog", RULED)], "Ann", RULED),
    ],
)
def test_in_what_capacity_a_person_decides_next(said, who, capacity):
    for is_double_now in (False, True):  # it was settled with the first answer
        made = decisions(*said)
        assert rule.next_capacity(made, who, is_double_now=is_double_now) is capacity


def test_who_took_an_answer_back_answers_again_once_another_one_is_there():
    made = decisions(("Ann", "keep", BLIND))
    assert rule.next_capacity(made, "Bob", took_back=True) is AGAIN
    assert rule.next_capacity((), "Bob", is_double_now=True, took_back=True) is BLIND


@pytest.mark.parametrize(
    ("said", "pair"),
    [
        ([("Ann", "keep", BLIND)], None),
        ([("Ann", "keep", BLIND), ("Ann", "dog", BLIND), ("Bob", "keep", BLIND)], (2, 3)),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Bob", "keep", BLIND)], (1, 2)),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Ann", "dog", AGAIN)], (1, 2)),
        ([("Ann", "keep", BLIND), ("Bob", "keep", AGAIN)], None),
        ([("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Cy", "dog", RULED)], (1, 2)),
    ],
)
def test_what_was_changed_once_the_other_answer_was_there_is_not_blind(said, pair):
    found = rule.first_two(decisions(*said))
    assert (None if found is None else (found[0].id, found[1].id)) == pair


def test_the_plan_decides_before_anybody_has_answered():
    assert rule.next_capacity([], "Ann", is_double_now=True) is BLIND
    assert rule.next_capacity([], "Ann") is ALONE


def test_only_who_may_rule_about_their_own_answer_does():
    made = decisions(("Ann", "keep", BLIND), ("Bob", "dog", BLIND))
    assert rule.next_capacity(made, "Ann", may_rule_own=True) is RULED
    assert Shown.of(made, "Ann").differing == ()
    assert Shown.of(made, "Ann", may_rule_own=True).differing == tuple(made)


def test_nobody_sees_the_answer_of_another_before_it_stands():
    made = decisions(("Ann", "keep", BLIND))
    assert Shown.of(made, "Bob") == Shown()
    assert Shown.of(made, "Ann") == Shown(decision=made[0], waits=True, version="#1")
    differ = decisions(("Ann", "keep", BLIND), ("Bob", "dog", BLIND))
    assert Shown.of(differ, "Ann") == Shown(decision=differ[0], waits=True, version="#1")
    assert Shown.of(differ, "Cy") == Shown(differing=tuple(differ), version="#1 #2")
    agree = decisions(("Ann", "keep", BLIND), ("Bob", "keep", BLIND))
    assert Shown.of(agree, "Ann") == Shown(decision=agree[1], version="#2")


def test_an_answer_that_was_changed_is_another_version_to_who_rules():
    before = decisions(("Ann", "keep", BLIND), ("Bob", "dog", BLIND))
    after = decisions(("Ann", "keep", BLIND), ("Bob", "dog", BLIND), ("Ann", "bird", BLIND))
    assert Shown.of(before, "Cy").version != Shown.of(after, "Cy").version


CAPACITIES = st.sampled_from([BLIND, ALONE])


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["keep", "dog", "unsure"]), CAPACITIES)
    )
)
def test_without_a_third_one_a_cell_of_several_stands_only_on_agreement(said):
    made = decisions(*said)
    stands, given_ = rule.what_stands(made), rule.answers_of_each(made)
    assert len({d.reviewer for d in given_}) == len(given_), "of each the newest answer"
    if rule.is_double(made) and stands is not None:
        assert len(given_) >= 2
        assert {rule.verdict_of(d) for d in given_} == {rule.verdict_of(stands)}
    if rule.is_disputed(made):
        assert stands is None


def test_the_share_is_kept_and_a_larger_one_contains_a_smaller():
    cells = [Cell(row, "kind") for row in range(4_000)]
    few, many = ReviewPlan(double_share=0.1, seed=7), ReviewPlan(double_share=0.3, seed=7)
    chosen = [cell for cell in cells if few.is_double(cell)]
    assert 340 <= len(chosen) <= 460  # 400 expected, 19 is one standard deviation
    assert all(many.is_double(cell) for cell in chosen)
    assert chosen == [cell for cell in cells if few.is_double(cell)]
    other = [cell for cell in cells if replace(few, seed=8).is_double(cell)]
    assert len(set(chosen) & set(other)) < 100, "another seed chooses others"
    assert not any(ReviewPlan().is_double(cell) for cell in cells)
    assert all(ReviewPlan(double_share=1.0).is_double(cell) for cell in cells)
