"""What is found out about one column before it is put together, whichever way it was computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from components.core.data.dataset import Column
from components.core.data.query import Scalar
from components.core.facts.contents import Digits, Texts, Times
from components.profiling.column.measures import Measures
from components.profiling.column.moments import Shape
from components.profiling.column.value_counts import Frequent

Tell = Callable[[float], None]
"""Told the share that is done, in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of one column.

    Attributes
    ----------
    top
        At most ``value_counts.TOP`` values and their rows, most frequent first. Where there are
        more different values than that, only those that occur twice.
    n_top
        Rows of the most frequent value; None where it is not known.
    """

    n_distinct: int = 0
    exact: bool = True
    top: Frequent = ()
    n_top: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Facts about one column.

    Attributes
    ----------
    bins
        Rows per bin and label; bin -1 lies below the edges, bin n above. The label is None where
        there is none.
    by_class
        Rows per frequent value and label.
    """

    measures: Measures
    shape: Shape = field(default_factory=Shape)
    values: Values = field(default_factory=Values)
    bins: Mapping[tuple[int, Scalar], int] = field(default_factory=dict)
    by_class: Mapping[tuple[Scalar, Scalar], int] = field(default_factory=dict)
    texts: Texts | None = None
    times: Times | None = None
    digits: Digits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The label by which values and histograms are split.

    Attributes
    ----------
    names
        Class -> its name.
    """

    column: Column
    names: dict[Scalar, str]
