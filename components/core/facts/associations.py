"""How columns go together, without judgement; ``components.profiling`` computes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AssociationMeasure(StrEnum):
    """A measure of association between two columns, by their kinds."""

    PEARSON = "pearson"
    SPEARMAN = "spearman"
    CRAMERS_V = "cramers_v"
    CORRELATION_RATIO = "correlation_ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The association of two columns.

    Attributes
    ----------
    measure
        The one that ``value`` is of: Spearman for two numbers, Cramér's V (bias-corrected) for two
        categories, the correlation ratio of ranks (bias-corrected) for a number and a category.
    value
        In [-1, 1] for two numbers, else in [0, 1].
    pearson
        Pearson's correlation, for two numbers.
    n
        Rows in which both columns have a value, among those that were used.
    first_predicts, second_predicts
        Predictive power of ``first`` about ``second``, and the other way round: the share of the
        error of the best constant guess that is saved, out of sample, in [0, 1].
    error
        For two numbers on a sample: with 95 % confidence, for all pairs at once, ``value`` is not
        farther than this from the one over all rows. None for other pairs, and where all rows were
        used.
    """

    first: str
    second: str
    measure: AssociationMeasure
    value: float
    n: int
    pearson: float | None = None
    first_predicts: float | None = None
    second_predicts: float | None = None
    error: float | None = None

    @property
    def strength(self) -> float:
        """The size of the association, in [0, 1]."""
        return abs(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Columns that say nearly the same: each is tied to another one of them at least this much.

    Attributes
    ----------
    weakest
        The least strength that holds the cluster together, in [0, 1].
    """

    columns: tuple[str, ...]
    weakest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationMatrix:
    """Strengths between columns.

    Attributes
    ----------
    columns
        In an order that puts columns that go together side by side.
    values
        In [-1, 1], one row per column; None where it could not be computed.
    """

    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Associations:
    """How the columns of a table go together.

    Attributes
    ----------
    n_rows
        Rows of the table.
    n_used
        Rows that were used; fewer than ``n_rows`` when one seeded sample was drawn for all pairs.
    error_bound
        With 95 % confidence no Spearman value is farther than this from the one over all rows, for
        all pairs at once: the ``error`` of the pair with the fewest rows, were it 0; None when all
        rows were used. Pearson's may be: a few huge values move
        it (measured: 0.024 with a bound of 0.011, for a log-normal column).
    matrix
        The strengths of all pairs among the columns that were compared.
    pairs
        The strongest pairs, strongest first; at most some thousands.
    with_label
        The pairs of the label with each other column, strongest first; ``first`` is the column.
    missing
        Correlation (phi) of the gaps of columns with gaps; None where fewer than two have some.
    left_out
        Column -> why it was not compared.
    """

    n_rows: int
    n_used: int
    error_bound: float | None
    matrix: AssociationMatrix
    pairs: tuple[Pair, ...]
    clusters: tuple[Cluster, ...] = ()
    with_label: tuple[Pair, ...] = ()
    missing: AssociationMatrix | None = None
    left_out: dict[str, str]

    @property
    def is_sampled(self) -> bool:
        """Whether a sample stands for the table."""
        return self.n_used < self.n_rows

    def pair(self, one: str, other: str) -> Pair | None:
        """Return the pair of two columns, when it is among those that are kept."""
        wanted = {one, other}
        for pair in (*self.pairs, *self.with_label):
            if {pair.first, pair.second} == wanted:
                return pair
        return None
