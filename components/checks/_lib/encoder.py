"""The encoder of mixed tables: columns become numbers for models, and for distances.

Nothing here looks at the label, so an encoder may be fitted on all rows of a sample without
leaking between folds. All arrays are float32 or float64 and bounded by the sample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.encodings import (
    FOR_MODELS,
    Categories,
    FeatureEncoding,
    TextFeatures,
    amount_names,
    amounts,
    shares_of,
)
from components.checks._lib.features import FloatArray, Plan, joined_text, value_names

if TYPE_CHECKING:
    import pandas as pd

ONE_HOT_LEVELS = 30
"""Levels per category that get an indicator of their own; the others share one."""
TREE_LEVELS = 250
"""Levels per category that trees tell apart (the histogram booster takes 255 at most)."""
TEXT_WORDS = 20_000
"""Words and pairs of words kept for free text."""
TEXT_TOPICS = 32
"""Dimensions of free text for trees (latent semantic analysis)."""
NORMAL_WIDTH = 3.29
"""Width of the middle nine tenths of a normal distribution, in standard deviations."""
WIDER = 1.5 * 4.653
"""The middle 98 % may be half as wide again as that of a normal distribution: wild cells, at most 1
% of a column, leave it alone; a level of 2 % counts where the others hardly differ."""
TINY = 1e-9
"""Differences below it are rounding."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows as numbers.

    Attributes
    ----------
    linear
        For linear models and distances: standardised, shape (n, p); sparse where there are words.
    trees
        For trees: missing filled in, categories as codes, shape (n, q), float32.
    """

    linear: Any
    trees: NDArray[np.float32]

    def rows(self, index: NDArray[Any]) -> Encoded:
        """Return some of the rows."""
        return Encoded(self.linear[index], self.trees[index])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How numbers are filled and standardised.

    Attributes
    ----------
    middle, spread
        After filling: mean and standard deviation, or robust ones; ``spread`` is 1 where nothing
        varies.
    flags
        The numbers that are sometimes missing.
    marked
        How often each of these is.
    varies
        Whether each number varies beyond rounding.
    """

    median: FloatArray
    middle: FloatArray
    spread: FloatArray
    flags: NDArray[np.intp]
    marked: FloatArray
    varies: NDArray[np.bool_]

    @staticmethod
    def of(raw: FloatArray, *, robust: bool = False) -> Scaling:
        """Learn it from numbers, shape (n, p); missing is NaN."""
        missing = np.isnan(raw)
        medians = np.array([_median(raw[:, j]) for j in range(raw.shape[1])])
        filled = np.where(missing, medians, raw)
        scale = np.maximum(1.0, np.abs(filled).max(axis=0, initial=0.0))
        sd = np.std(filled / scale, axis=0) * scale
        spread = np.where(sd > 0, sd, 1.0)
        flags = np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0))
        return Scaling(
            median=medians,
            middle=medians if robust else (filled / scale).mean(axis=0) * scale,
            spread=_robust_spread(filled, spread) if robust else spread,
            flags=flags,
            marked=missing[:, flags].mean(axis=0),
            varies=np.ptp(filled, axis=0) > TINY * scale,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """A fitted encoding; make one with :func:`fit_encoder`.

    Attributes
    ----------
    levels
        Per category, the code of each level: from 2 on by frequency (one-hot).
    shares
        Per category, the share of each level (rarity).
    floor
        The share of a level that was never seen.
    kept
        Positions of the linear features that stay; None for all.
    origin
        The column that each linear feature comes from, or for a word of a text the pair
        (“”, word).
    is_code
        Which tree features are codes of categories.
    """

    encoding: FeatureEncoding
    plan: Plan
    levels: tuple[dict[str, int], ...]
    shares: tuple[dict[str, float], ...]
    floor: float
    scaling: Scaling
    words: Any
    topics: Any
    origin: tuple[tuple[str, str], ...]
    is_code: NDArray[np.bool_]
    kept: NDArray[np.intp] | None = None

    def encode(self, frame: pd.DataFrame) -> Encoded:
        """Encode rows; values never seen before count as rare."""
        filled, marks, codes = self._filled(frame)
        counted = self._counted(frame)
        trees = [filled, marks, codes]
        if counted is not None:
            trees.append(self.topics.transform(counted))
        linear = self._linear(filled, marks, codes, counted)
        return Encoded(linear, np.hstack(trees).astype(np.float32))

    @property
    def tree_origin(self) -> tuple[str, ...]:
        """The column that each feature for trees comes from; "" for topics of texts."""
        numbers = amount_names(self.plan, self.encoding)
        marks = [numbers[j] for j in self.scaling.flags]
        codes = self.plan.categories if self.levels else ()
        named = (*numbers, *marks, *codes)
        return (*named, *[""] * (len(self.is_code) - len(named)))

    def linear(self, frame: pd.DataFrame) -> Any:  # noqa: ANN401 - array or sparse matrix
        """Return :attr:`Encoded.linear` alone."""
        return self._linear(*self._filled(frame), self._counted(frame))

    def _filled(self, frame: pd.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return amounts without gaps, the marks of their gaps, and the codes of categories."""
        raw = amounts(frame, self.plan, self.encoding, self.shares, self.floor)
        missing = np.isnan(raw)
        marks = missing[:, self.scaling.flags].astype(np.float64)
        return np.where(missing, self.scaling.median, raw), marks, self._codes(frame)

    def _linear(
        self,
        filled: FloatArray,
        marks: FloatArray,
        codes: FloatArray,
        counted: Any,  # noqa: ANN401 - sparse matrix
    ) -> Any:  # noqa: ANN401 - array or sparse matrix
        clip = self.encoding.clip
        z = np.clip((filled - self.scaling.middle) / self.scaling.spread, -clip, clip)
        dense = np.hstack([z, marks - self.scaling.marked, *self._one_hot(codes)])
        dense = dense if self.kept is None else dense[:, self.kept]
        if counted is None:
            return dense
        from scipy import sparse

        return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(dense), counted]))

    def _counted(self, frame: pd.DataFrame) -> Any:  # noqa: ANN401 - sparse matrix
        if self.words is None:
            return None
        return self.words.transform(joined_text(frame, self.plan.texts))

    def _codes(self, frame: pd.DataFrame) -> FloatArray:
        """0 = missing, 1 = rare or unknown, from 2 on by frequency."""
        columns = [
            np.where(
                frame[name].isna(), 0.0, value_names(frame[name]).map(levels).fillna(1.0)
            ).astype(np.float64)
            for name, levels in zip(self.plan.categories, self.levels, strict=bool(self.levels))
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


def fit_encoder(
    frame: pd.DataFrame, chosen: Plan, encoding: FeatureEncoding = FOR_MODELS, *, seed: int
) -> Encoder:
    """Learn medians, scales, levels and words from ``frame``; the label is not needed."""
    one_hot = encoding.categories is Categories.ONE_HOT
    levels = tuple(_levels(frame[name]) for name in chosen.categories if one_hot)
    shares = tuple(shares_of(frame[name]) for name in chosen.categories if not one_hot)
    floor = 0.5 / max(1, len(frame))
    raw = amounts(frame, chosen, encoding, shares, floor)
    scaling = Scaling.of(raw, robust=encoding.robust)
    with_words = encoding.texts is TextFeatures.WORDS and bool(chosen.texts)
    words, topics = _fit_text(frame, chosen.texts, seed) if with_words else (None, None)
    encoder = Encoder(
        encoding=encoding,
        plan=chosen,
        levels=levels,
        shares=shares,
        floor=floor,
        scaling=scaling,
        words=words,
        topics=topics,
        origin=_origin(chosen, encoding, scaling.flags, levels, words),
        is_code=_is_code(raw.shape[1] + len(scaling.flags), len(levels), topics),
    )
    if encoding.keeps_all:
        return encoder
    marks = np.ones(len(scaling.flags), dtype=np.bool_)
    kept = _different(encoder.linear(frame), np.append(scaling.varies, marks))
    return replace(encoder, kept=kept, origin=tuple(encoder.origin[j] for j in kept))


def _median(values: FloatArray) -> float:
    """Return the median without missing values; 0 when there is none."""
    present = values[~np.isnan(values)]
    return float(np.median(present)) if len(present) else 0.0


def _robust_spread(filled: FloatArray, otherwise: FloatArray) -> FloatArray:
    """Return the scale of each number, read from the middle of its values, shape (p,).

    ``otherwise`` stands where the middle nine tenths do not vary.
    """
    if not filled.size:
        return otherwise
    inner = _inner_width(filled, 0.05)
    spread = np.maximum(inner / NORMAL_WIDTH, _inner_width(filled, 0.01) / WIDER)
    return np.where(inner > 0, spread, otherwise)


def _inner_width(filled: FloatArray, tail: float) -> FloatArray:
    """Return the width of what is left without a tail at both ends; no value is made up."""
    low = np.quantile(filled, tail, axis=0, method="higher")
    high = np.quantile(filled, 1 - tail, axis=0, method="lower")
    return np.asarray(high - low)


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
    encoding: FeatureEncoding,
    flags: NDArray[np.intp],
    levels: tuple[dict[str, int], ...],
    words: Any,  # noqa: ANN401 - a scikit-learn vectoriser
) -> tuple[tuple[str, str], ...]:
    names = amount_names(chosen, encoding)
    origin = [(name, "") for name in (*names, *(names[j] for j in flags))]
    if levels:
        for name, own in zip(chosen.categories, levels, strict=True):
            origin += [(name, "")] * _width(own)
    if words is not None:
        origin += [("", str(word)) for word in words.get_feature_names_out()]
    return tuple(origin)


def _is_code(n_before: int, n_codes: int, topics: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - scikit-learn
    n_after = 0 if topics is None else topics.components_.shape[0]
    return np.array([False] * n_before + [True] * n_codes + [False] * n_after, dtype=bool)


def _different(features: FloatArray, varies: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the first of features of mean 0 that are equal up to sign."""
    seen: set[bytes] = set()
    kept = []
    for j in np.flatnonzero(varies):
        first = features[np.flatnonzero(np.abs(features[:, j]) > TINY)[0], j]
        turned = np.round(features[:, j] * np.sign(first), 6) + 0.0  # no negative zero
        print_of = turned.tobytes()
        if print_of not in seen:
            seen.add(print_of)
            kept.append(int(j))
    return np.array(kept, dtype=np.intp)
