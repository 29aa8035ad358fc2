"""What texts are made of: formats of letters and digits, tokens, near-empty ones.

All texts are taken apart at once, as one array of code points, so a text costs no call.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from components.core.contents import Format, Texts
from components.core.table import IntArray
from components.engine.arrays import arrow_of, numpy_of
from components.profiling.counted import Counted

MAX_FORMATS = 10
"""Formats that are kept."""

MANY_FORMATS = 20
"""With more formats than this, runs of digits are taken together, too."""

LONGEST = 60
"""Characters of a format."""

REACH = 200
"""Characters of a text that its format is made of."""

MOST_TEXTS = 100_000
MOST_CHARACTERS = 4_000_000
"""Beyond either, a seeded sample of the values is looked at, to bound memory and time."""

LONGEST_TEXT = 20_000
"""Characters of a text that are looked at."""

FEW_CHARACTERS = 2
"""Texts of at most so many characters are near-empty."""

_OTHER, _SPACE, _DIGIT, _CAPITAL, _LETTER = range(5)
_SIGN = np.array([0, ord(" "), ord("9"), ord("A"), ord("a")], dtype=np.uint32)

Points = NDArray[np.uint32]
Classes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Apart:
    """Texts taken apart: code points, what each is, and where each text starts and ends."""

    points: Points
    classes: Classes
    starts: IntArray
    ends: IntArray
    counts: IntArray

    def per_text(self, marks: NDArray[np.bool_]) -> IntArray:
        """Return how many characters of each text are marked."""
        upto = np.concatenate(([0], np.cumsum(marks)))
        return upto[self.ends] - upto[self.starts]


def describe_texts(counted: Counted, seed: int = 0) -> Texts | None:
    """Return what counted texts are made of; None without any."""
    if not len(counted):
        return None
    texts, counts = _bounded(counted, seed)
    apart = _take_apart(texts, counts)
    formats, collapsed = _formats(apart)
    tokens = apart.per_text(_token_starts(apart))
    n_used = int(counts.sum())
    return Texts(
        n_used=n_used,
        formats=tuple(Format(pattern=p, count=n) for p, n in formats[:MAX_FORMATS]),
        n_formats=len(formats),
        digits_collapsed=collapsed,
        tokens_mean=float((tokens * counts).sum() / n_used),
        tokens_max=int(tokens.max()),
        n_vocabulary=len(set("\n".join(texts.to_pylist()).lower().split())),
        n_near_empty=int(counts[_is_near_empty(apart)].sum()),
    )


def _bounded(counted: Counted, seed: int) -> tuple[pa.Array, IntArray]:
    """Return the starts of the texts and their rows, or those of a sample of the rows."""
    texts, counts = counted.values, counted.counts
    lengths = np.minimum(numpy_of(pc.utf8_length(texts)), LONGEST_TEXT).astype(np.int64)
    if len(counts) > MOST_TEXTS or lengths.sum() > MOST_CHARACTERS:
        mean = float((lengths * counts).sum()) / counted.n
        n = min(counted.n, MOST_TEXTS, int(MOST_CHARACTERS / max(1.0, mean)) + 1)
        drawn = np.random.default_rng(seed).choice(counted.n, n, replace=False)
        places = np.searchsorted(np.cumsum(counts), drawn, side="right")
        places, counts = np.unique(places, return_counts=True)
        texts = texts.take(arrow_of(places))
    return pc.utf8_slice_codeunits(texts, 0, LONGEST_TEXT), counts


def _take_apart(texts: pa.Array, counts: IntArray) -> _Apart:
    points = np.frombuffer("".join(texts.to_pylist()).encode("utf-32-le"), dtype=np.uint32)
    ends = np.cumsum(numpy_of(pc.utf8_length(texts)).astype(np.int64))
    starts = np.concatenate(([0], ends[:-1]))
    return _Apart(points, _classes_of(points), starts, ends, counts)


def _classes_of(points: Points) -> Classes:
    """Return what each code point is; each different one is looked up once."""
    there = np.zeros(int(points.max(initial=0)) + 1, dtype=bool)
    there[points] = True
    classes = np.zeros(len(there), dtype=np.uint8)
    for point in np.flatnonzero(there).tolist():
        classes[point] = _class_of(chr(point))
    return classes[points]


def _class_of(sign: str) -> int:
    """Return what a character is; marks on letters belong to the letters."""
    if sign.isspace():
        return _SPACE
    if sign.isalpha() or unicodedata.category(sign).startswith("M"):
        return _CAPITAL if sign.isupper() else _LETTER
    return _DIGIT if sign.isdigit() else _OTHER


def _token_starts(apart: _Apart) -> NDArray[np.bool_]:
    filled = apart.classes != _SPACE
    after_space = np.ones(len(filled), dtype=bool)
    after_space[1:] = ~filled[:-1]
    after_space[apart.starts[apart.starts < len(filled)]] = True
    return np.asarray(filled & after_space)


def _is_near_empty(apart: _Apart) -> NDArray[np.bool_]:
    short = apart.ends - apart.starts <= FEW_CHARACTERS
    return np.asarray(short | (apart.per_text(apart.classes >= _DIGIT) == 0))


def _formats(apart: _Apart) -> tuple[list[tuple[str, int]], bool]:
    """Return each format and its rows, most frequent first; and whether digits are collapsed."""
    totals = _patterns(apart, collapse_digits=False, most=MANY_FORMATS)
    collapsed = len(totals) > MANY_FORMATS
    if collapsed:
        totals = _patterns(apart, collapse_digits=True, most=len(apart.counts))
    return sorted(totals.items(), key=lambda item: (-item[1], item[0])), collapsed


def _patterns(apart: _Apart, *, collapse_digits: bool, most: int) -> dict[str, int]:
    """Return the rows per format; stop when there are more than ``most``."""
    signs = np.where(apart.classes == _OTHER, apart.points, _SIGN[apart.classes])
    keep = _shown(apart, collapse_digits=collapse_digits)
    coded = _strings(signs[keep], apart.per_text(keep)).dictionary_encode()
    counts = np.bincount(numpy_of(coded.indices), apart.counts).astype(np.int64)
    totals: dict[str, int] = {}
    for pattern, n in zip(coded.dictionary.to_pylist(), counts.tolist(), strict=True):
        short = _cut(pattern)
        totals[short] = totals.get(short, 0) + n
        if len(totals) > most:
            break
    return totals


def _strings(points: Points, lengths: IntArray) -> pa.Array:
    """Return the texts of so many code points each."""
    size = np.ones(len(points), dtype=np.int32)
    for wider in (0x80, 0x800, 0x10000):
        size += points >= wider
    ends = np.concatenate(([0], np.cumsum(size)))
    offsets = ends[np.concatenate(([0], np.cumsum(lengths)))].astype(np.int32)
    data = points.tobytes().decode("utf-32-le").encode()
    buffers = (pa.py_buffer(offsets), pa.py_buffer(data))
    return pa.StringArray.from_buffers(len(lengths), *buffers)


def _shown(apart: _Apart, *, collapse_digits: bool) -> NDArray[np.bool_]:
    """Return which characters of the texts stand in their formats: the first of each run."""
    classes = apart.classes
    runs = (classes == _SPACE) | (classes >= (_DIGIT if collapse_digits else _CAPITAL))
    first = np.ones(len(classes), dtype=bool)
    first[1:] = classes[1:] != classes[:-1]
    inside = apart.starts[apart.starts < len(classes)]
    first[inside] = True
    place = np.arange(len(classes)) - np.repeat(apart.starts, apart.ends - apart.starts)
    return np.asarray((first | ~runs) & (place < REACH))


def _cut(pattern: str) -> str:
    return pattern if len(pattern) <= LONGEST else pattern[: LONGEST - 1] + "…"
