"""Facts about a table, without judgement; ``components.profiling`` computes them."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.data.dataset import Kind, Role
from components.core.data.query import Scalar
from components.core.errors import NotFound
from components.core.facts.contents import Digits, Texts, Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """A histogram.

    Attributes
    ----------
    edges
        Bin edges, ascending, one more than ``counts``. For times: seconds since 1970-01-01 UTC.
    counts
        Rows per bin.
    below, above
        Rows outside the edges (the edges leave out far outliers).
    by_label
        Rows per bin for each class of the label, when there is one with few classes.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0
    by_label: dict[str, tuple[int, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopValue:
    """A frequent value, its rows, and its rows per class of the label."""

    value: str
    count: int
    by_label: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """Facts about one column.

    Attributes
    ----------
    n_missing
        Rows with no value, disguised ones included.
    disguised
        Rows per text that stands for a missing value.
    n_distinct
        Different values, without missing; ``distinct_exact`` says whether it was counted or
        estimated.
    minimum, maximum
        For numbers and times; texts by code point.
    quantiles
        ``0.01``, ``0.05``, ``0.25``, ``0.5``, ``0.75``, ``0.95``, ``0.99`` -> value, for numbers.
    quantiles_exact
        Whether the quantiles were computed or estimated.
    n_whole
        Finite values without a fraction, for numbers.
    length_min, length_mean, length_max
        In characters, for texts.
    n_top
        Rows of the most frequent value; None where it is not known (no value, or a long column
        in whose sample no value repeats).
    texts, times, digits
        Facts about texts, about times, and about the last digits of numbers; None for other
        columns and for columns without a value.
    """

    name: str
    kind: Kind
    role: Role
    n: int
    n_missing: int
    disguised: dict[str, int]
    n_distinct: int
    distinct_exact: bool = True
    minimum: Scalar = None
    maximum: Scalar = None
    mean: float | None = None
    sd: float | None = None
    skew: float | None = None
    kurtosis: float | None = None
    quantiles: dict[str, float] | None = None
    quantiles_exact: bool = True
    n_zero: int | None = None
    n_negative: int | None = None
    n_infinite: int | None = None
    n_whole: int | None = None
    length_min: int | None = None
    length_mean: float | None = None
    length_max: int | None = None
    bins: Bins | None = None
    top: tuple[TopValue, ...] = ()
    n_top: int | None = None
    texts: Texts | None = None
    times: Times | None = None
    digits: Digits | None = None

    @property
    def n_present(self) -> int:
        """Rows with a value."""
        return self.n - self.n_missing

    @property
    def uniqueness(self) -> float | None:
        """Different values per value, in [0, 1]; 1 when all differ; None without a value."""
        return min(1.0, self.n_distinct / self.n_present) if self.n_present else None

    @property
    def share_top(self) -> float | None:
        """The share of the most frequent value among the values, in [0, 1]; 1 for a constant."""
        return self.n_top / self.n_present if self.n_top and self.n_present else None

    @property
    def completeness(self) -> float:
        """The share of rows with a value, in [0, 1]; 1 for a table without rows."""
        return 1.0 if self.n == 0 else 1.0 - self.n_missing / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetProfile:
    """Facts about a table and each of its columns.

    Attributes
    ----------
    n_repeats
        Rows that equal an earlier row in every column; None where it was not counted.
    n_repeats_without_keys
        The same without ``keys``; None where there are no keys or nothing else.
    keys
        The columns that name or date a row: of kind identifier, or of role id or time.
    bytes_file, bytes_memory
        The size of the typed table on disk (compressed), and in memory as Arrow columns
        (8 bytes per number, time and length of a text, one bit per truth value and gap, and the
        texts in UTF-8); None where it was not measured.
    label_counts
        Rows per class of the label (missing labels left out), most frequent first; at most
        1,000 classes. Names longer than a profile keeps are cut, and classes that then
        have the same name are counted together.
    n_classes
        Classes of the label, those that ``label_counts`` leaves out included; None without
        classes.
    missing_per_row
        Number of missing cells -> rows.
    """

    n_rows: int
    n_columns: int
    columns: tuple[ColumnProfile, ...]
    n_repeats: int | None = None
    n_repeats_without_keys: int | None = None
    keys: tuple[str, ...] = ()
    bytes_file: int | None = None
    bytes_memory: int | None = None
    label_counts: dict[str, int] | None = None
    n_classes: int | None = None
    missing_per_row: dict[int, int] | None = None

    def column(self, name: str) -> ColumnProfile:
        """Return the facts about the column called ``name``.

        Raises
        ------
        NotFound
            When there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"There is no column “{name}” in the profile.")

    @property
    def completeness(self) -> float:
        """The share of filled cells, in [0, 1]; 1 for a table without cells."""
        cells = self.n_rows * self.n_columns
        return 1.0 if cells == 0 else 1.0 - sum(c.n_missing for c in self.columns) / cells
