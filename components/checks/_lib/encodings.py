"""What an encoder makes of columns, and the part of it that is one number per cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib.features import (
    TIME_PARTS,
    FloatArray,
    Plan,
    number_values,
    time_values,
    value_names,
)

if TYPE_CHECKING:
    import pandas as pd


class Categories(Enum):
    """How a category becomes numbers."""

    ONE_HOT = "an indicator per frequent level; a code for trees"
    RARITY = "-log of the share of its level: a rare one is far away"


class TextFeatures(Enum):
    """How free texts become numbers."""

    WORDS = "weights of words (tf-idf); topics for trees"
    LENGTH = "log of the length of each"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureEncoding:
    """What an encoder makes of columns.

    Numbers and parts of times are standardised, and so is what is one number per category or
    text; missing ones become the median, with a mark of 0 or 1 less its mean.

    Attributes
    ----------
    time_parts
        Parts of a time that are read, of day, hour, weekday and month.
    robust
        Whether the scale of a number is read from the middle of its values, so that wild
        cells do not stretch it; else it is the standard deviation.
    clip
        Scales at which standardised numbers are cut.
    keeps_all
        Whether features stay that do not vary, or repeat another one.
    """

    categories: Categories
    texts: TextFeatures
    time_parts: int
    robust: bool
    clip: float
    keeps_all: bool


FOR_MODELS = FeatureEncoding(
    categories=Categories.ONE_HOT,
    texts=TextFeatures.WORDS,
    time_parts=len(TIME_PARTS),
    robust=False,
    clip=10.0,
    keeps_all=True,
)
"""For models and maps. One wild cell must not decide, so numbers are cut."""

FOR_DISTANCES = FeatureEncoding(
    categories=Categories.RARITY,
    texts=TextFeatures.LENGTH,
    time_parts=3,
    robust=True,
    clip=math.inf,
    keeps_all=False,
)
"""For the search for unusual rows. A wild cell is what is looked for, each column has about one
dimension, and a repeated column must not count twice."""


def amounts(
    frame: pd.DataFrame,
    plan: Plan,
    encoding: FeatureEncoding,
    shares: Sequence[dict[str, float]],
    floor: float,
) -> FloatArray:
    """Return what is one number per cell, shape (n, p); missing is NaN.

    Numbers, parts of times, then rarities of categories and lengths of texts where the encoding
    wants them.
    """
    blocks = [number_values(frame[name])[:, None] for name in plan.numbers]
    blocks += [time_values(frame[name])[:, : encoding.time_parts] for name in plan.times]
    if encoding.categories is Categories.RARITY:
        rare = zip(plan.categories, shares, strict=True)
        blocks += [_rarity(frame[name], own, floor)[:, None] for name, own in rare]
    if encoding.texts is TextFeatures.LENGTH:
        blocks += [np.log1p(text_lengths(frame[name]))[:, None] for name in plan.texts]
    return np.hstack(blocks) if blocks else np.empty((len(frame), 0))


def amount_names(plan: Plan, encoding: FeatureEncoding) -> list[str]:
    """Return the column of each number of :func:`amounts`."""
    times = [name for name in plan.times for _ in range(encoding.time_parts)]
    categories = plan.categories if encoding.categories is Categories.RARITY else ()
    return [
        *plan.numbers,
        *times,
        *categories,
        *(plan.texts if encoding.texts is TextFeatures.LENGTH else ()),
    ]


def _rarity(series: pd.Series, shares: dict[str, float], floor: float) -> FloatArray:
    known = np.asarray(value_names(series).map(shares).fillna(floor), dtype=np.float64)
    return np.where(series.isna(), np.nan, -np.log(known))


def text_lengths(series: pd.Series) -> FloatArray:
    """Return the characters of each text, shape (n,); missing is NaN."""
    return np.asarray(series.str.len().to_numpy(dtype=np.float64, na_value=np.nan))


def shares_of(series: pd.Series) -> dict[str, float]:
    """Return the share of the rows that has each value."""
    counts = value_names(series).value_counts()
    return {str(name): int(n) / len(series) for name, n in counts.items()}
