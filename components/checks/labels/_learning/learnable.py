"""The parameters of the question whether a label can be learned, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, fields

from components.checks._lib import words
from components.checks.labels._learning.together import Together
from components.checks.labels._learning.told_apart import PairShare
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnabilityParams:
    """Parameters of the question whether the label can be learned."""

    max_rows: int = parameter(
        1_500,
        "Rows that the models of this check read.",
        unit="rows",
        within=(200, 20_000),
        source="ours: bounds time; the interval says what the number allows",
    )
    shufflings: int = parameter(
        20,
        "How often the labels are shuffled at most.",
        unit="shufflings",
        within=(5, 200),
        source="Ojala, Garriga 2010, JMLR 11 (permuted labels)",
    )
    level: float = parameter(
        0.002,
        "Chance of such a result with a random label under which a label counts as learnable.",
        unit="probability",
        within=(0, 0.5),
        source="ours: a random label must not look ready, so far below the usual 0.05",
    )
    useful: float = parameter(
        0.6,
        "Share of pairs told apart that models may reach, below which more rows would not help.",
        unit="share of pairs",
        within=(0.5, 1),
        source="ours: 0.5 is guessing",
    )
    easy: float = parameter(
        0.995,
        "Share of pairs told apart from which the label is very easy.",
        unit="share of pairs",
        within=(0.5, 1),
        source="ours",
    )
    ordinary: float = parameter(
        0.9,
        "Share of pairs told apart, below which a label is no longer suspiciously easy once the "
        "columns that say most about it are left out.",
        unit="share of pairs",
        within=(0.5, 1),
        source="ours: set on COMPAS, whose label is told apart in 86 % without its leaks",
    )
    few: float = parameter(
        0.34,
        "Largest share of the columns that may be left out for that; with more, the label is easy.",
        unit="share of the columns",
        within=(0, 1),
        source="ours",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnable:
    """What models learn about the label.

    Attributes
    ----------
    n_rows, n_total
        Rows that were read, of all that could be.
    told
        Pairs of rows told apart by models that have seen neither row, nor one linked to them.
    shuffled
        The mean of the same over shuffled labels; NaN where nothing was shuffled.
    n_shuffled, p
        How often labels were shuffled, and the chance of such a result with a random label.
    linked_by
        What links rows beyond equal inputs, in words.
    repeats
        The same as ``told`` where linked rows may be in both parts; None where it was not asked.
    level, easy
        See :class:`LearnabilityParams`.
    is_single
        Whether one class only has :data:`FOLDS` rows or more, or all amounts are equal.
    left_out, rarest
        Columns that give the label away, not read; the smallest class and its rows, if any.
    together
        The few columns that together make the label suspiciously easy; None where there are none.
    notes
        What was left out, one sentence each.
    told_by
        Whose probabilities these are, where the table brings them; "" for our own models.
    """

    n_rows: int
    n_total: int
    told: PairShare
    shuffled: float = float("nan")
    n_shuffled: int = 0
    p: float = 1.0
    linked_by: tuple[str, ...] = ()
    repeats: PairShare | None = None
    is_single: bool = False
    level: float
    easy: float
    left_out: tuple[str, ...] = ()
    rarest: tuple[str, int] | None = None
    together: Together | None = None
    notes: tuple[str, ...] = ()
    told_by: str = ""

    @property
    def is_learnable(self) -> bool:
        """Whether the label is told better than by guessing, and than shuffled labels."""
        return self.p < self.level

    @property
    def can_doubt(self) -> bool:
        """Whether models that learn the label can say which labels look wrong.

        Those that guess cannot, and those that read the answer doubt no label.
        """
        return self.is_learnable and self.together is None

    @property
    def is_very_easy(self) -> bool:
        """Whether models tell nearly all pairs apart."""
        return self.told.value >= self.easy

    @property
    def is_told_by_repeats(self) -> bool:
        """Whether it is told only of rows whose like the models have seen."""
        apart = self.repeats is not None and self.repeats.low > max(0.5, self.told.high)
        return apart and not self.is_learnable


def set_otherwise(asked: LearnabilityParams) -> list[str]:
    """Return the parameters of learnability that a person has set, as one sentence or none."""
    usual = LearnabilityParams()
    changed = [
        f"{f.name} = {getattr(asked, f.name)!r}"
        for f in fields(asked)
        if getattr(asked, f.name) != getattr(usual, f.name)
    ]
    if not changed:
        return []
    return [f"Whether the label can be learned was asked with {words.joined(changed)}."]
