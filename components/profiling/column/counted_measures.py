"""Single numbers of a column from its counted values: extremes, moments, quantiles, lengths.

Notes
-----
Skewness and kurtosis are the bias-corrected forms G1 and G2 of Joanes and Gill 1998, The
Statistician 47, as in pandas and SAS: with z = (x - mean) / sd over n values,
G1 = n / ((n-1)(n-2)) sum z^3 and
G2 = n(n+1) / ((n-1)(n-2)(n-3)) sum z^4 - 3(n-1)^2 / ((n-2)(n-3)).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.engine.arrays import numpy_of
from components.profiling.column.fact_types import NUMERIC, QUANTILES, Measures, Shape
from components.profiling.column.histograms import MICROSECONDS
from components.profiling.column.value_counts import Counted

Numbers = NDArray[Any]


def measure_counted(column: Column, counted: Counted) -> tuple[Measures, Shape]:
    """Return the single numbers of a column whose values are counted."""
    if not len(counted):
        return _nothing(column), Shape()
    if column.storage is Storage.TEXT:
        return _texts(counted), Shape()
    if column.storage is Storage.DATETIME:
        return _times(counted), Shape()
    if column.storage in NUMERIC:
        return _numbers(column, counted)
    return Measures(n_present=counted.n), Shape()


def quantiles(values: Numbers, counts: IntArray) -> tuple[float, ...] | None:
    """Return the interpolated quantiles (type 7 of Hyndman and Fan 1996) of ascending values."""
    if not len(values):
        return None
    upto = np.cumsum(counts)
    place = np.array(QUANTILES) * (upto[-1] - 1)
    below = values[np.searchsorted(upto, np.floor(place), side="right")].astype(float)
    above = values[np.searchsorted(upto, np.ceil(place), side="right")].astype(float)
    part = place - np.floor(place)
    with np.errstate(over="ignore", invalid="ignore"):
        near = below + (above - below) * part
    far = below * (1 - part) + above * part
    return tuple(np.where(np.isfinite(near), near, far).tolist())


def _nothing(column: Column) -> Measures:
    none = 0 if column.storage in NUMERIC else None
    return Measures(n_present=0, n_zero=none, n_negative=none, n_infinite=none, n_whole=none)


def _texts(counted: Counted) -> Measures:
    ends = pc.min_max(counted.values).as_py()
    lengths = numpy_of(pc.utf8_length(counted.values))
    sizes = numpy_of(pc.binary_length(counted.values))
    return Measures(
        n_present=counted.n,
        minimum=ends["min"],
        maximum=ends["max"],
        length_min=int(lengths.min()),
        length_mean=float((lengths * counted.counts).sum() / counted.n),
        length_max=int(lengths.max()),
        n_bytes=int((sizes * counted.counts).sum()),
    )


def _times(counted: Counted) -> Measures:
    first, last = counted.at(np.array([0, len(counted) - 1]))
    return Measures(
        n_present=counted.n,
        minimum=first,
        maximum=last,
        n_finite=counted.n,
        quantiles=quantiles(counted.values / MICROSECONDS, counted.counts),
    )


def _numbers(column: Column, counted: Counted) -> tuple[Measures, Shape]:
    values, counts = counted.finite()
    n = int(counts.sum())
    mean, sd, shape = _moments(values, counts, n)
    whole = (
        n if column.storage is Storage.INTEGER else int(counts[values == np.floor(values)].sum())
    )
    measures = Measures(
        n_present=counted.n,
        minimum=_end(values, 0),
        maximum=_end(values, -1),
        n_finite=n,
        n_zero=int(counts[values == 0].sum()),
        n_negative=int(counted.counts[counted.values < 0].sum()),
        n_infinite=counted.n - n,
        n_whole=whole,
        mean=mean,
        sd=sd,
        quantiles=quantiles(values, counts),
    )
    return measures, shape


def _end(values: Numbers, place: int) -> Scalar:
    found: Scalar = values[place].item() if len(values) else None
    return found


def _moments(values: Numbers, counts: IntArray, n: int) -> tuple[float | None, float | None, Shape]:
    """Return mean, standard deviation and shape; None for what is not finite."""
    if not n:
        return None, None, Shape()
    with np.errstate(over="ignore", invalid="ignore"):
        mean, deviation = _centred(values, counts, n)
        if n == 1:
            return _known(mean), None, Shape()
        sd = float(np.sqrt((deviation * deviation * counts).sum() / (n - 1)))
        return _known(mean), _known(sd), _shape(deviation, counts, n, sd)


def _centred(values: Numbers, counts: IntArray, n: int) -> tuple[float, Numbers]:
    """Return the mean and the deviations from it.

    Numbers are counted from a value among them, whole ones exactly, and the deviations are centred
    once more, so that a large common offset costs no digits.
    """
    if np.issubdtype(values.dtype, np.integer):
        offset = (values.view(np.uint64) - values[:1].view(np.uint64)).astype(float)
        centre = float((offset * counts).sum() / n)
        return float(values[0]) + centre, offset - centre
    mean = float((values * counts).sum() / n)
    if not np.isfinite(mean):
        mean = float((values / n * counts).sum())
    deviation = values - mean
    rest = float((deviation * counts).sum() / n)
    return mean + rest, deviation - rest


def _shape(deviation: Numbers, counts: IntArray, n: int, sd: float) -> Shape:
    if not sd or not np.isfinite(sd):
        return Shape()
    z = deviation / sd
    cubes = z * z * z * counts
    return corrected(n, float(cubes.sum()), float((cubes * z).sum()))


def corrected(n: int, third: float, fourth: float) -> Shape:
    """Return the shape of ``n`` values from the sums of the third and fourth powers of z."""
    skew = kurtosis = None
    if n > 2:  # noqa: PLR2004 - see the formula
        skew = n / ((n - 1) * (n - 2)) * third
    if n > 3:  # noqa: PLR2004 - see the formula
        scale = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
        kurtosis = scale * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return Shape(skew, kurtosis)


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
