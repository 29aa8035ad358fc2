"""From the input columns of a mixed table to numbers that a model can read.

Nothing here looks at the label, so an encoder may be fitted on all rows of a sample without
leaking between folds. All arrays are float32 or float64 and bounded by the sample.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.ask import value_text
from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]

MAX_ABS = 1e30
"""Numbers beyond it, and infinite ones, are moved here: squares must stay finite."""
CLIP = 10.0
"""Standardised numbers are cut here for the linear model: one wild cell must not decide."""
ONE_HOT_LEVELS = 30
"""Levels per category that get an indicator of their own; the others share one."""
TREE_LEVELS = 250
"""Levels per category that trees tell apart (the histogram booster takes 255 at most)."""
TEXT_WORDS = 20_000
"""Words and pairs of words kept for free text."""
TEXT_TOPICS = 32
"""Dimensions of free text for trees (latent semantic analysis)."""
TEXT_CUT = 2_000
"""Characters read of one text."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns are read, and as what (display names, in file order)."""

    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    times: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read."""
        return self.numbers + self.times + self.categories + self.texts


def plan(version: DatasetVersion, *, leave_out: Collection[str] = ()) -> Plan:
    """Sort the input columns of ``version`` by the way they are encoded."""
    ways = {c.name: _way(c) for c in version.inputs if c.name not in leave_out}

    def of(way: str) -> tuple[str, ...]:
        return tuple(name for name, own in ways.items() if own == way)

    return Plan(of("number"), of("category"), of("time"), of("text"))


def _way(column: Column) -> str:
    if column.kind is Kind.DATETIME and column.storage is Storage.DATETIME:
        return "time"
    if column.is_number:
        return "number"
    if column.storage is Storage.TEXT and (column.kind.is_wordy or column.role is Role.TEXT):
        return "text"
    return "category"


def content_keys(frame: pd.DataFrame, names: Collection[str]) -> NDArray[np.uint64]:
    """Return one number per row, equal for rows with equal values, whatever the row order."""
    import pandas as pd

    if not names:
        return np.zeros(len(frame), dtype=np.uint64)
    hashed = pd.util.hash_pandas_object(frame[list(names)], index=False)
    return np.asarray(hashed, dtype=np.uint64)


def mixed(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return ``keys`` shuffled by ``seed`` (splitmix64), so that an order by them is random."""
    with np.errstate(over="ignore"):
        z = keys + np.uint64(0x9E3779B97F4A7C15) * np.uint64(seed % 2**32 + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def value_names(series: pd.Series) -> pd.Series:
    """Return the values of a column as the profile writes them; missing is None."""
    import pandas as pd

    codes, values = pd.factorize(series)
    names = np.array([*map(value_text, values.tolist()), None], dtype=object)
    return pd.Series(names[codes], index=series.index, dtype=object)


def number_values(series: pd.Series) -> FloatArray:
    """Return a numeric column as floats; missing is NaN, infinite is ``MAX_ABS``."""
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.clip(values, -MAX_ABS, MAX_ABS))


TIME_PARTS = ("day", "hour", "weekday", "month")


def time_values(series: pd.Series) -> FloatArray:
    """Return days since 1970, hour, weekday and month, shape (n, 4); missing is NaN."""
    import pandas as pd

    times = pd.to_datetime(series)
    days = (times - pd.Timestamp(0)) / pd.Timedelta(days=1)
    parts: list[pd.Series] = [days, times.dt.hour, times.dt.day_of_week, times.dt.month]
    return np.column_stack([p.to_numpy(dtype=np.float64, na_value=np.nan) for p in parts])


def numeric_block(
    frame: pd.DataFrame, numbers: tuple[str, ...], times: tuple[str, ...]
) -> FloatArray:
    """Return numbers, then the parts of times, side by side, shape (n, numbers + 4 * times)."""
    blocks = [number_values(frame[name])[:, None] for name in numbers]
    blocks += [time_values(frame[name]) for name in times]
    return np.hstack(blocks) if blocks else np.empty((len(frame), 0))


def joined_text(frame: pd.DataFrame, texts: tuple[str, ...]) -> list[str]:
    """Return the free texts of each row as one text."""
    parts = [frame[name].fillna("").str.slice(0, TEXT_CUT).tolist() for name in texts]
    return [" ".join(row) for row in zip(*parts, strict=True)]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows as numbers.

    Attributes
    ----------
    linear
        For linear models and distances: standardised, shape (n, p); sparse where there is text.
    trees
        For trees: missing filled in, categories as codes, shape (n, q), float32.
    """

    linear: Any
    trees: NDArray[np.float32]

    def rows(self, index: NDArray[Any]) -> Encoded:
        """Return some of the rows."""
        return Encoded(self.linear[index], self.trees[index])


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """A fitted encoding; make one with :func:`fit_encoder`.

    Attributes
    ----------
    origin
        The column that each linear feature comes from, or for a word of a text the pair
        (“”, word).
    is_code
        Which tree features are codes of categories.
    """

    plan: Plan
    median: FloatArray
    mean: FloatArray
    sd: FloatArray
    flags: NDArray[np.intp]
    levels: tuple[dict[str, int], ...]
    words: Any
    topics: Any
    origin: tuple[tuple[str, str], ...]
    is_code: NDArray[np.bool_]

    def encode(self, frame: pd.DataFrame) -> Encoded:
        """Encode rows; values never seen before count as rare."""
        block = numeric_block(frame, self.plan.numbers, self.plan.times)
        missing = np.isnan(block)
        filled = np.where(missing, self.median, block)
        flags = missing[:, self.flags].astype(np.float64)
        codes = self._codes(frame)
        z = np.clip((filled - self.mean) / self.sd, -CLIP, CLIP)
        dense = np.hstack([z, flags, *self._one_hot(codes)])
        trees = [filled, flags, codes]
        if self.words is None:
            return Encoded(dense, np.hstack(trees).astype(np.float32))
        from scipy import sparse

        counted = self.words.transform(joined_text(frame, self.plan.texts))
        trees.append(self.topics.transform(counted))
        linear = sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(dense), counted]))
        return Encoded(linear, np.hstack(trees).astype(np.float32))

    def _codes(self, frame: pd.DataFrame) -> FloatArray:
        """0 = missing, 1 = rare or unknown, from 2 on by frequency."""
        columns = [
            np.where(
                frame[name].isna(), 0.0, value_names(frame[name]).map(levels).fillna(1.0)
            ).astype(np.float64)
            for name, levels in zip(self.plan.categories, self.levels, strict=True)
        ]
        return np.column_stack(columns) if columns else np.empty((len(frame), 0))

    def _one_hot(self, codes: FloatArray) -> list[FloatArray]:
        blocks = []
        for j, levels in enumerate(self.levels):
            width = _width(levels)
            code = codes[:, j].astype(np.intp)
            code[code >= width] = 1
            blocks.append(np.eye(width)[code])
        return blocks


def _width(levels: dict[str, int]) -> int:
    return min(len(levels), ONE_HOT_LEVELS) + 2


def fit_encoder(frame: pd.DataFrame, chosen: Plan, *, seed: int) -> Encoder:
    """Learn medians, scales, levels and words from ``frame``; the label is not needed."""
    block = numeric_block(frame, chosen.numbers, chosen.times)
    missing = np.isnan(block)
    counts = np.maximum(1, (~missing).sum(axis=0))
    medians = np.array([median(block[:, j]) for j in range(block.shape[1])])
    filled = np.where(missing, medians, block)
    mean = np.where(missing, 0.0, block).sum(axis=0) / counts
    scale = np.maximum(1.0, np.abs(filled).max(axis=0, initial=0.0))
    sd = np.std(filled / scale, axis=0) * scale
    flags = np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0))
    levels = tuple(_levels(frame[name]) for name in chosen.categories)
    words, topics = _fit_text(frame, chosen.texts, seed) if chosen.texts else (None, None)
    return Encoder(
        plan=chosen,
        median=medians,
        mean=mean,
        sd=np.where(sd > 0, sd, 1.0),
        flags=flags,
        levels=levels,
        words=words,
        topics=topics,
        origin=_origin(chosen, flags, levels, words),
        is_code=_is_code(block.shape[1] + len(flags), len(levels), topics),
    )


def median(values: FloatArray) -> float:
    """Return the median without missing values; 0 when there is none."""
    present = values[~np.isnan(values)]
    return float(np.median(present)) if len(present) else 0.0


def _levels(series: pd.Series) -> dict[str, int]:
    """Most frequent first, then by name; a level seen once is rare."""
    counts = value_names(series).value_counts()
    kept = sorted(((-int(n), str(name)) for name, n in counts.items() if n > 1))
    return {name: code for code, (_, name) in enumerate(kept[:TREE_LEVELS], start=2)}


def _fit_text(frame: pd.DataFrame, texts: tuple[str, ...], seed: int) -> tuple[Any, Any]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = joined_text(frame, texts)
    pairs = sum(map(len, documents)) < 5_000_000  # noqa: PLR2004 - pairs of long texts fill memory
    words = TfidfVectorizer(
        ngram_range=(1, 2 if pairs else 1), min_df=2, max_features=TEXT_WORDS, sublinear_tf=True
    )
    try:
        counted = words.fit_transform(documents)
    except ValueError:  # no word stands in two texts
        return None, None
    width = min(TEXT_TOPICS, counted.shape[1] - 1, counted.shape[0] - 1)
    if width < 1:
        return None, None
    return words, TruncatedSVD(width, n_iter=3, random_state=seed).fit(counted)


def _origin(
    chosen: Plan,
    flags: NDArray[np.intp],
    levels: tuple[dict[str, int], ...],
    words: Any,  # noqa: ANN401 - a scikit-learn vectoriser
) -> tuple[tuple[str, str], ...]:
    block = [*chosen.numbers, *(name for name in chosen.times for _ in TIME_PARTS)]
    origin = [(name, "") for name in (*block, *(block[j] for j in flags))]
    for name, own in zip(chosen.categories, levels, strict=True):
        origin += [(name, "")] * _width(own)
    if words is not None:
        origin += [("", str(word)) for word in words.get_feature_names_out()]
    return tuple(origin)


def _is_code(n_before: int, n_codes: int, topics: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - scikit-learn
    n_after = 0 if topics is None else topics.components_.shape[0]
    return np.array([False] * n_before + [True] * n_codes + [False] * n_after, dtype=bool)
