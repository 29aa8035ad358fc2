"""Several people about one cell: who is asked in what capacity, what stands, what each may see.

The one place of the rule:

- One person is enough for most cells: the newest answer stands.
- A share of the cells is judged by two people, blind: none sees the answer of the other. It stands
  once both say the same. Until then the cell is open.
- Where the two differ, a third person sees both answers, not whose they are, decides, and writes
  why. That stands.

Of each person the newest answer counts. Whether a cell is judged by two is settled with its first
answer; it stays so when the share is changed later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from components.core.judgement.review import Action, Capacity, Cell, Decision

TWO = 2
"""People who judge a cell blind."""

DIFFERING = " "
"""Between the versions of two answers, where a screen shows both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """What the owner of a table has set about who is asked.

    Attributes
    ----------
    double_share
        Share of the cells that two people judge blind, in [0, 1].
    random_share
        Share of the items that is drawn at random (:mod:`.random_share`), in [0, 1]. It is 0
        unless the owner sets it: a row that was never flagged costs time without a suspicion, and
        while such rows are mixed in, no card may show a reason or a score.
    seed
        Of both choices.
    """

    double_share: float = 0.0
    random_share: float = 0.0
    seed: int = 0

    def is_double(self, cell: Cell) -> bool:
        """Whether a cell is one of those that two people judge.

        A larger share contains a smaller one, so that nothing is asked for in vain.
        """
        return self.double_share > 0 and draw(self.seed, cell) < self.double_share


NO_PLAN = ReviewPlan()


def draw(seed: int, cell: Cell) -> float:
    """Return a number in [0, 1) for a cell: as if drawn at random, and always the same."""
    text = f"{seed}\n{cell.row_id}\n{cell.column}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=7).digest()) / 2**56


def what_stands(made: Sequence[Decision]) -> Decision | None:
    """Return the decision that counts for a cell, None where it is open.

    Parameters
    ----------
    made
        All decisions about the cell that were not undone, oldest first.
    """
    if not is_double(made):
        return made[-1] if made else None
    if ruled := [d for d in made if d.capacity is Capacity.ADJUDICATOR]:
        return ruled[-1]
    given = answers_of_each(made)
    return given[-1] if len(given) >= TWO and not _differ(given) else None


def answers_of_each(made: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the newest answer of each person, oldest first; what a third one ruled is none."""
    newest = {d.reviewer: d for d in made if d.capacity is not Capacity.ADJUDICATOR}
    return tuple(sorted(newest.values(), key=lambda d: d.id))


def first_two(made: Sequence[Decision]) -> tuple[Decision, Decision] | None:
    """Return the two blind answers about a cell, oldest first; None where there are not two.

    They are the first answer of the second person, and the newest one that the first person had
    given by then: whatever came later was said when the other answer could have been seen.
    """
    given = [d for d in made if d.capacity is Capacity.BLIND]
    second = next((d for d in given if d.reviewer != given[0].reviewer), None)
    if second is None:
        return None
    return [d for d in given if d.reviewer == given[0].reviewer and d.id < second.id][-1], second


def is_double(made: Sequence[Decision]) -> bool:
    """Whether several people are asked about the cell that some decisions are about."""
    return any(d.capacity is not Capacity.ALONE for d in made)


def is_disputed(made: Sequence[Decision]) -> bool:
    """Whether two people differ about a cell, and no third one has ruled."""
    return is_double(made) and what_stands(made) is None and _differ(answers_of_each(made))


def own_answer(made: Sequence[Decision], reviewer: str) -> Decision | None:
    """Return the newest answer of a person about a cell, None where there is none."""
    return next((d for d in answers_of_each(made) if d.reviewer == reviewer), None)


def ids_that_hold(made: Sequence[Decision]) -> frozenset[int]:
    """Return the ids of the decisions of which what stands, or what waits, is made."""
    stands = what_stands(made)
    if stands is not None and (not is_double(made) or stands.capacity is Capacity.ADJUDICATOR):
        return frozenset({stands.id})
    return frozenset(d.id for d in answers_of_each(made))


def next_capacity(
    made: Sequence[Decision],
    reviewer: str,
    *,
    is_double_now: bool = False,
    may_rule_own: bool = False,
    took_back: bool = False,
) -> Capacity:
    """Return in what capacity a person decides about a cell next.

    Parameters
    ----------
    is_double_now
        Whether the plan has two people judge the cell, should nobody have answered yet.
    may_rule_own
        Whether the person may decide between two answers one of which is their own.
    took_back
        Whether the person has answered about the cell before and taken that back.
    """
    if not made:
        return Capacity.BLIND if is_double_now else Capacity.ALONE
    if not is_double(made):
        return Capacity.ALONE
    if any(d.capacity is Capacity.ADJUDICATOR for d in made):
        return Capacity.ADJUDICATOR
    own, given = own_answer(made, reviewer), answers_of_each(made)
    if own is None and len(given) >= TWO:
        return Capacity.ADJUDICATOR
    if own is not None and may_rule_own and is_disputed(made):
        return Capacity.ADJUDICATOR
    has_answered = own is not None or took_back
    is_other_there = any(d.reviewer != reviewer for d in given)
    return Capacity.AGAIN if has_answered and is_other_there else Capacity.BLIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one person may see of the decisions about a cell.

    Attributes
    ----------
    decision
        What stands, else the person's own answer; None where there is neither.
    waits
        Whether that is an own answer, which does not stand yet.
    differing
        The answers between which the person may decide; else empty.
    version
        What a screen names to say that it has shown this; "" where nothing was decided.
    """

    decision: Decision | None = None
    waits: bool = False
    differing: tuple[Decision, ...] = ()
    version: str = ""

    @classmethod
    def of(cls, made: Sequence[Decision], reviewer: str, *, may_rule_own: bool = False) -> Shown:
        """Return what a person may see.

        Parameters
        ----------
        made
            All decisions about the cell that were not undone, oldest first.
        may_rule_own
            Whether the person may decide between two answers one of which is their own.
        """
        stands, own = what_stands(made), own_answer(made, reviewer)
        if is_disputed(made) and (own is None or may_rule_own):
            both = answers_of_each(made)
            return cls(differing=both, version=DIFFERING.join(d.version for d in both))
        shown = stands or own
        return cls(
            decision=shown,
            waits=stands is None and own is not None,
            version="" if shown is None else shown.version,
        )


def verdict_of(decision: Decision) -> tuple[Action, str]:
    """Return what was said about a cell, so that the same is equal."""
    return decision.action, decision.new if decision.action is Action.CHANGE else ""


def is_first_judgement(decision: Decision, own: Sequence[Decision]) -> bool:
    """Whether a person can have judged first, given all that they ever decided about the cell.

    The suggestion was shown after their first answer; the same one, done again, is that answer.
    """
    same = verdict_of(decision)
    return not own or any(d.judged_first and verdict_of(d) == same for d in own)


def _differ(given: Sequence[Decision]) -> bool:
    return len({verdict_of(d) for d in given}) > 1
