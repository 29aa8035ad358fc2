"""What changed labels do to the rate of a class in groups of people, and to their ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from components.checks._lib.groups.rates import Rate, ratio_of, reference_of
from components.checks._lib.words import quoted, share


@dataclass(frozen=True, slots=True)
class ChangedRate:
    """The rate of a class in one group and in its reference, as they are and as they would be.

    Attributes
    ----------
    attribute, outcome
        The sensitive column, and the class.
    """

    attribute: str
    outcome: str
    now: Rate
    then: Rate
    reference_now: Rate
    reference_then: Rate

    @property
    def ratio_now(self) -> float:
        """The rate over that of the reference."""
        return _ratio(self.now, self.reference_now)

    @property
    def ratio_then(self) -> float:
        """The same after the change."""
        return _ratio(self.then, self.reference_then)

    @property
    def apart(self) -> float:
        """How far a ratio is from 1 at most, as a logarithm."""
        return max(abs(math.log(ratio)) for ratio in (self.ratio_now, self.ratio_then))

    def sentence(self, by: str) -> str:
        """Return the change in words; ``by`` says what makes it: “Accepting all suggestions”."""
        return (
            f"{by} would change the share of {quoted(self.outcome)} where "
            f"{quoted(self.attribute)} is {quoted(self.now.group.name)} from "
            f"{share(self.now.value)} to {share(self.then.value)}, and where it is "
            f"{quoted(self.reference_now.group.name)} from {share(self.reference_now.value)} to "
            f"{share(self.reference_then.value)}: their ratio from {self.ratio_now:.3f} to "
            f"{self.ratio_then:.3f}."
        )


def moved(rates: Sequence[Rate], gained: Sequence[int], lost: Sequence[int]) -> tuple[Rate, ...]:
    """Return the rates after some rows of each group got the class, and some lost it."""
    return tuple(
        replace(rate, x=rate.x + more - less)
        for rate, more, less in zip(rates, gained, lost, strict=True)
    )


def furthest(
    attribute: str,
    outcome: str,
    now: Sequence[Rate],
    then: Sequence[Rate],
    min_rows: int,
) -> ChangedRate | None:
    """Return the group whose ratio is furthest from 1, now or then; None where none is told."""
    return max(_told(attribute, outcome, now, then, min_rows), key=lambda c: c.apart, default=None)


def _told(
    attribute: str, outcome: str, now: Sequence[Rate], then: Sequence[Rate], min_rows: int
) -> Iterator[ChangedRate]:
    reference = reference_of(now)
    at = next(i for i, rate in enumerate(now) if rate is reference)
    for before, after in zip(now, then, strict=True):
        few = min(before.independent[1], reference.independent[1]) < min_rows
        if before is reference or before.group.is_missing or few:
            continue
        found = ChangedRate(attribute, outcome, before, after, reference, then[at])
        if all(0 < ratio < math.inf for ratio in (found.ratio_now, found.ratio_then)):
            yield found


def _ratio(rate: Rate, reference: Rate) -> float:
    return ratio_of(rate.x, rate.n, reference.x, reference.n)
