"""Which column holds the predicted probability of which class, told from their names.

A model's probabilities stand in one column per class, whose names have a part in common and name
the class with the rest: ``prob_cat``, ``pred_proba.dog``, ``p_0``, ``cat_prob``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

SIGNS = re.compile(r"[\W_]+")
WHOLE = re.compile(r"(-?[0-9]+)\.0+")
MAX_AFFIX = 100
"""Characters of the part in common that are tried."""
MOST_TRIED = 20
"""Parts in common that are tried, those of most columns."""


@dataclass(frozen=True, slots=True)
class Affix:
    """What the names have in common, before the class or after it."""

    text: str
    is_before: bool = True

    def rest_of(self, name: str) -> str:
        """Return what is left of a name that has it; the whole of another one."""
        if not self.fits(name):
            return name
        n = len(self.text)
        return name[n:] if self.is_before else name[: len(name) - n]

    def fits(self, name: str) -> bool:
        """Whether a name has it."""
        return name.startswith(self.text) if self.is_before else name.endswith(self.text)

    def shown(self) -> str:
        """Return it as a person would write it, with three dots for the class."""
        return f"{self.text}…" if self.is_before else f"…{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedColumns:
    """Columns of predicted probabilities, and the classes that they belong to.

    Attributes
    ----------
    affix
        What the names of the columns have in common; empty where they have nothing.
    pairs
        Class and column, in the order of the classes.
    without_column
        Classes of the label that no column names.
    without_class
        Columns whose names are no class of the label.
    complement
        Where one column stands for two classes: the class that has what it leaves of 1. Else "".
    """

    affix: Affix
    pairs: tuple[tuple[str, str], ...]
    without_column: tuple[str, ...]
    without_class: tuple[str, ...]
    complement: str = ""

    @property
    def n_classes(self) -> int:
        """Classes of the label whose probabilities are known."""
        return len(self.pairs) + bool(self.complement)

    def shown(self) -> str:
        """Return what the columns are called, as a person would write it."""
        return self.pairs[0][1] if self.complement else self.affix.shown()

    def for_two(self, positive: str, negative: str) -> PredictedColumns:
        """Return the same where the one column is that of one of two classes."""
        column = self.pairs[0][1] if self.pairs else self.without_class[0]
        return replace(
            self,
            pairs=((positive, column),),
            without_column=(),
            without_class=(),
            complement=negative,
        )


def normal(text: str) -> str:
    """Return a name without case, without signs between its parts, and whole numbers as such."""
    whole = WHOLE.fullmatch(text.strip())
    return SIGNS.sub(" ", whole[1] if whole else text).strip().casefold()


def match(columns: Sequence[str], classes: Sequence[str]) -> PredictedColumns:
    """Find the class of each column: the same text, else the same but for case and signs.

    A class that two columns name, or a text that two classes have, is left without a column: no
    guess is made from the order.

    Parameters
    ----------
    columns
        Names of the columns that hold predicted probabilities.
    classes
        Texts of the classes of the label.
    """
    best, affix = _Matched({}, 0), Affix(in_common(columns))
    for tried in _affixes(columns, classes):
        rests = [tried.rest_of(name) if tried.fits(name) else None for name in columns]
        found = _matched(rests, classes)
        if found.rank > best.rank:
            best, affix = found, tried
    pairs = tuple((c, columns[best.places[c]]) for c in classes if c in best.places)
    named = {column for _, column in pairs}
    return PredictedColumns(
        affix=affix,
        pairs=pairs,
        without_column=tuple(c for c in classes if c not in best.places),
        without_class=tuple(name for name in columns if name not in named),
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    places: dict[str, int]
    n_exact: int

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.places), self.n_exact


def _matched(rests: Sequence[str | None], classes: Sequence[str]) -> _Matched:
    exact = _once(rests)
    places = {c: exact[c] for c in classes if c in exact}
    taken = set(places.values())
    left = [c for c in classes if c not in places]
    alike = _once(
        [None if i in taken or rest is None else normal(rest) for i, rest in enumerate(rests)]
    )
    of_class = _once([normal(c) for c in left])
    n_exact = len(places)
    places |= {left[i]: alike[text] for text, i in of_class.items() if text and text in alike}
    return _Matched(places, n_exact)


def _once(texts: Sequence[str | None]) -> dict[str, int]:
    """Return the place of each text that is there once."""
    found: dict[str, int] = {}
    again: set[str] = set()
    for place, text in enumerate(texts):
        if text is None:
            continue
        if text in found:
            again.add(text)
        found[text] = place
    return {text: place for text, place in found.items() if text not in again}


def _affixes(columns: Sequence[str], classes: Sequence[str]) -> Iterator[Affix]:
    """Yield what most of the names that hold a class have beside it, the most frequent first."""
    known = {normal(name) for name in classes}
    votes: Counter[Affix] = Counter()
    for name in columns:
        for at in range(min(len(name), MAX_AFFIX) + 1):
            if normal(name[at:]) in known:
                votes[Affix(name[:at])] += 1
            after = len(name) - at
            if at and normal(name[:after]) in known:
                votes[Affix(name[after:], is_before=False)] += 1
    yield from sorted(votes, key=lambda affix: (-votes[affix], -len(affix.text)))[:MOST_TRIED]


def in_common(names: Collection[str]) -> str:
    """Return what all names begin with."""
    if not names:
        return ""
    first, last = min(names), max(names)
    n = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:n]
