"""What texts are made of: formats of letters and digits, tokens, near-empty ones.

Many texts are taken apart at a time, as one array of code points, so a text costs no call.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from components.core.data.table import IntArray
from components.core.facts.contents import Format, Texts
from components.engine.arrays import arrow_of, bytes_of, numpy_of
from components.profiling.column.value_counts import Counted

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

BLOCK = 100_000
"""Characters that are taken apart at a time: what fits into the cache of a processor takes half the
time of four million at once (measured)."""

FEW_CHARACTERS = 2
"""Texts of at most so many characters are near-empty."""

_OTHER, _SPACE, _DIGIT, _CAPITAL, _LETTER = range(5)
_SIGN = np.array([0, ord(" "), ord("9"), ord("A"), ord("a")], dtype=np.uint8)

Points = NDArray[np.unsignedinteger]
Classes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Apart:
    """Texts taken apart: code points, what each is, and where each text starts and ends.

    The points are bytes where all are ASCII.
    """

    texts: pa.Array
    points: Points
    classes: Classes
    starts: IntArray
    ends: IntArray
    counts: IntArray

    def per_text(self, marks: NDArray[np.bool_]) -> IntArray:
        """Return how many characters of each text are marked."""
        upto = np.zeros(len(marks) + 1, dtype=np.int64)
        np.cumsum(marks, out=upto[1:])
        return upto[self.ends] - upto[self.starts]

    @property
    def is_plain(self) -> bool:
        """Whether each text is whole and its own only token, in small letters."""
        if self.points.dtype != np.uint8 or (self.ends - self.starts).max() >= LONGEST_TEXT:
            return False
        return not ((self.classes == _SPACE) | (self.classes == _CAPITAL)).any()


def describe_texts(counted: Counted, seed: int = 0) -> Texts | None:
    """Return what counted texts are made of; None without any."""
    if not len(counted):
        return None
    texts, counts = _bounded(counted, seed)
    n_used, n_tokens, most_tokens, n_near_empty = int(counts.sum()), 0, 0, 0
    vocabulary, formats = _Vocabulary(), _Formats()
    for apart in _blocks(texts, counts):
        tokens = apart.per_text(_token_starts(apart))
        n_tokens += int((tokens * apart.counts).sum())
        most_tokens = max(most_tokens, int(tokens.max()))
        n_near_empty += int(apart.counts[_is_near_empty(apart)].sum())
        vocabulary.add(apart)
        formats.add(apart)
    found = formats.most_frequent()
    return Texts(
        n_used=n_used,
        formats=tuple(Format(pattern=p, count=n) for p, n in found[:MAX_FORMATS]),
        n_formats=len(found),
        digits_collapsed=formats.collapsed,
        tokens_mean=n_tokens / n_used,
        tokens_max=most_tokens,
        n_vocabulary=len(vocabulary),
        n_near_empty=n_near_empty,
    )


def _bounded(counted: Counted, seed: int) -> tuple[pa.Array, IntArray]:
    """Return the texts and their rows, or those of a sample of the rows."""
    texts, counts = counted.values, counted.counts
    lengths = _lengths(texts)
    if len(counts) > MOST_TEXTS or lengths.sum() > MOST_CHARACTERS:
        mean = float((lengths * counts).sum()) / counted.n
        n = min(counted.n, MOST_TEXTS, int(MOST_CHARACTERS / max(1.0, mean)) + 1)
        drawn = np.random.default_rng(seed).choice(counted.n, n, replace=False)
        places = np.searchsorted(np.cumsum(counts), drawn, side="right")
        places, counts = np.unique(places, return_counts=True)
        texts = texts.take(arrow_of(places))
    return texts, counts


def _lengths(texts: pa.Array) -> IntArray:
    """Return the characters of each text that are looked at."""
    lengths = numpy_of(pc.utf8_length(texts)).astype(np.int64)
    return np.minimum(lengths, LONGEST_TEXT)


def _blocks(texts: pa.Array, counts: IntArray) -> Iterator[_Apart]:
    """Yield the starts of the texts taken apart, some :data:`BLOCK` characters at a time."""
    lengths = _lengths(texts)
    ends = np.cumsum(lengths)
    are_cut = lengths.max() == LONGEST_TEXT
    start = 0
    while start < len(texts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + BLOCK, side="right")))
        some = texts.slice(start, stop - start)
        if are_cut:
            some = pc.utf8_slice_codeunits(some, 0, LONGEST_TEXT)
        yield _take_apart(some, ends[start:stop] - before, counts[start:stop])
        start = stop


def _take_apart(texts: pa.Array, ends: IntArray, counts: IntArray) -> _Apart:
    starts = np.concatenate(([0], ends[:-1]))
    points: Points = bytes_of(texts)
    if len(points) == ends[-1]:
        return _Apart(texts, points, _ASCII.take(points), starts, ends, counts)
    with_ends = np.frombuffer(_lines(texts).encode("utf-32-le"), dtype=np.uint32)
    inside = np.ones(len(with_ends), dtype=bool)
    inside[ends[:-1] + np.arange(len(ends) - 1)] = False
    points = with_ends[inside]
    return _Apart(texts, points, _classes_of(points), starts, ends, counts)


def _lines(texts: pa.Array) -> str:
    """Return the texts one below the other."""
    return "\n".join(texts.to_pylist())


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


_ASCII = np.array([_class_of(chr(point)) for point in range(128)], dtype=np.uint8)


def _token_starts(apart: _Apart) -> NDArray[np.bool_]:
    filled = apart.classes != _SPACE
    after_space = np.ones(len(filled), dtype=bool)
    after_space[1:] = ~filled[:-1]
    after_space[apart.starts[apart.starts < len(filled)]] = True
    return np.asarray(filled & after_space)


def _is_near_empty(apart: _Apart) -> NDArray[np.bool_]:
    short = apart.ends - apart.starts <= FEW_CHARACTERS
    return np.asarray(short | (apart.per_text(apart.classes >= _DIGIT) == 0))


class _Vocabulary:
    """The different tokens of several blocks of different texts; only their number is asked for.

    As long as each text is a token there is nothing to compare: no text comes twice.
    """

    def __init__(self) -> None:
        self._plain: list[_Apart] = []
        self._tokens: set[str] | None = None

    def add(self, apart: _Apart) -> None:
        """Add the tokens of a block."""
        if self._tokens is None and apart.is_plain:
            self._plain.append(apart)
            return
        waiting, self._plain = [*self._plain, apart], []
        self._tokens = self._tokens or set()
        for each in waiting:
            self._tokens.update(_lines(each.texts).lower().split())

    def __len__(self) -> int:
        filled = sum(int((apart.ends > apart.starts).sum()) for apart in self._plain)
        return filled + len(self._tokens or ())


class _Formats:
    """Rows per format, over several blocks of texts.

    Attributes
    ----------
    collapsed
        Whether runs of digits are taken together, since there are many formats.
    """

    def __init__(self) -> None:
        self.collapsed = False
        self._seen: list[_Apart] = []
        self._totals: dict[str, int] = {}

    def add(self, apart: _Apart) -> None:
        """Count the formats of a block."""
        self._count(apart)
        if self.collapsed:
            return
        self._seen.append(apart)
        if len(self._totals) > MANY_FORMATS:
            self.collapsed, self._totals = True, {}
            for seen in self._seen:
                self._count(seen)
            self._seen = []

    def _count(self, apart: _Apart) -> None:
        for pattern, n in _patterns(apart, collapse_digits=self.collapsed):
            short = _cut(pattern)
            self._totals[short] = self._totals.get(short, 0) + n
            if len(self._totals) > MANY_FORMATS and not self.collapsed:
                break

    def most_frequent(self) -> list[tuple[str, int]]:
        """Return each format and its rows, most frequent first, then by itself."""
        return sorted(self._totals.items(), key=lambda item: (-item[1], item[0]))


def _patterns(apart: _Apart, *, collapse_digits: bool) -> Iterator[tuple[str, int]]:
    """Return each pattern of a block and its rows."""
    signs = np.where(apart.classes == _OTHER, apart.points, _SIGN.take(apart.classes))
    keep = _shown(apart, collapse_digits=collapse_digits)
    coded = _strings(signs[keep], apart.per_text(keep)).dictionary_encode()
    counts = np.bincount(numpy_of(coded.indices), apart.counts).astype(np.int64)
    return zip(coded.dictionary.to_pylist(), counts.tolist(), strict=True)


def _strings(points: Points, lengths: IntArray) -> pa.Array:
    """Return the texts of so many code points each."""
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    data = points.tobytes()
    if points.dtype != np.uint8:
        size = np.ones(len(points), dtype=np.int32)
        for wider in (0x80, 0x800, 0x10000):
            size += points >= wider
        offsets = np.concatenate(([0], np.cumsum(size)))[offsets]
        data = data.decode("utf-32-le").encode()
    buffers = (pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data))
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
