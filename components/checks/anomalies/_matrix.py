"""A mixed table as standardised numbers for distances and densities, without the label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features
from components.checks._lib.features import FloatArray, Plan

if TYPE_CHECKING:
    import pandas as pd

TIME_PARTS = 3
"""Of the parts of a time: day, hour, weekday."""
TINY = 1e-9
"""Differences below it are rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A fitted encoding; make one with :func:`fit_matrix`.

    Attributes
    ----------
    origin
        The column behind each kept feature.
    kept
        Positions of the features that vary and do not repeat another one.
    """

    plan: Plan
    shares: tuple[dict[str, float], ...]
    floor: float
    median: FloatArray
    flags: NDArray[np.intp]
    kept: NDArray[np.intp]
    mean: FloatArray
    sd: FloatArray
    origin: tuple[str, ...]

    def encode(self, frame: pd.DataFrame) -> FloatArray:
        """Return rows as finite numbers, shape (n, len(origin)).

        Mean 0 and standard deviation 1; marks of missing values are 0 or 1 less their mean.
        """
        raw = _raw(frame, self.plan, self.shares, self.floor)
        missing = np.isnan(raw)
        filled = np.hstack([np.where(missing, self.median, raw), missing[:, self.flags]])
        return np.asarray((filled[:, self.kept] - self.mean) / self.sd)


def fit_matrix(frame: pd.DataFrame, plan: Plan) -> Matrix:
    """Learn shares of values, medians and scales from ``frame``."""
    shares = tuple(_shares(frame[name]) for name in plan.categories)
    floor = 0.5 / max(1, len(frame))
    raw = _raw(frame, plan, shares, floor)
    missing = np.isnan(raw)
    median = np.array([features.median(raw[:, j]) for j in range(raw.shape[1])])
    flags = np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0))
    filled = np.hstack([np.where(missing, median, raw), missing[:, flags]])
    scale = np.maximum(1.0, np.abs(filled).max(axis=0, initial=0.0))
    mean = (filled / scale).mean(axis=0) * scale
    varies = np.ptp(filled, axis=0) > TINY * scale
    sd = (filled / scale).std(axis=0) * scale
    sd[raw.shape[1] :] = 1.0  # one missing cell alone makes no row unlike the rest
    kept = _different((filled - mean) / np.where(sd > 0, sd, 1.0), varies)
    names = _names(plan)
    origin = [*names, *(names[j] for j in flags)]
    return Matrix(
        plan=plan,
        shares=shares,
        floor=floor,
        median=median,
        flags=flags,
        kept=kept,
        mean=mean[kept],
        sd=sd[kept],
        origin=tuple(origin[j] for j in kept),
    )


def _names(plan: Plan) -> list[str]:
    times = [name for name in plan.times for _ in range(TIME_PARTS)]
    return [*plan.numbers, *times, *plan.categories, *plan.texts]


def _raw(
    frame: pd.DataFrame, plan: Plan, shares: tuple[dict[str, float], ...], floor: float
) -> FloatArray:
    """Numbers, days and hours, -log share of categories, log length of texts; missing is NaN."""
    blocks = [features.number_values(frame[name])[:, None] for name in plan.numbers]
    blocks += [features.time_values(frame[name])[:, :TIME_PARTS] for name in plan.times]
    for name, own in zip(plan.categories, shares, strict=True):
        values = features.value_names(frame[name])
        known = np.asarray(values.map(own).fillna(floor), dtype=np.float64)
        blocks.append(np.where(frame[name].isna(), np.nan, -np.log(known))[:, None])
    for name in plan.texts:
        length = frame[name].str.len().to_numpy(dtype=np.float64, na_value=np.nan)
        blocks.append(np.log1p(length)[:, None])
    return np.hstack(blocks) if blocks else np.empty((len(frame), 0))


def _shares(series: pd.Series) -> dict[str, float]:
    counts = features.value_names(series).value_counts()
    return {str(name): int(n) / len(series) for name, n in counts.items()}


def _different(z: FloatArray, varies: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Keep the first of features that are equal up to sign."""
    seen: set[bytes] = set()
    kept = []
    for j in np.flatnonzero(varies):
        first = z[np.flatnonzero(np.abs(z[:, j]) > TINY)[0], j]
        print_of = (np.round(z[:, j] * np.sign(first), 6) + 0.0).tobytes()  # no negative zero
        if print_of not in seen:
            seen.add(print_of)
            kept.append(int(j))
    return np.array(kept, dtype=np.intp)
