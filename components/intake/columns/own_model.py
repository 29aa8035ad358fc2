"""Columns that hold the probabilities of a person's own model, one column per class of the label.

They are told by three things at once: their names have a part in common and name every class of
one column with the rest; their numbers lie in [0, 1]; and they sum to 1 in nearly every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Confidence, Kind, Storage
from components.core.data.predicted_columns import Affix, normal

Numbers = Callable[[Sequence[Column]], NDArray[np.float64]]
"""Returns the numbers of some rows, shape (n, columns); missing is NaN."""

PROBABILITY = re.compile(
    r"\b(?:p|pr|prob|probs|proba|probas|probability|probabilities|pred|preds|predict|predicted|"
    r"prediction|predictions|softmax|score|scores|conf|confidence|likelihood|posterior|model|yhat)\b"
)
"""Words in the part in common that say what the numbers are."""
PORTION = re.compile(
    r"\b(?:share|shares|fraction|frac|percent|percentage|pct|ratio|part|portion|proportion|weight|"
    r"price|mix)\b"
)
"""Words that say that the numbers are parts of something else."""
ROUNDING = 0.02
"""How far from 1 the sum of a row may lie, and a number outside of [0, 1] (our choice)."""
MOST_ROWS = 0.95
"""Share of the rows without a gap that must be such probabilities (our choice): those that are none
are told by the check."""
MAX_COLUMNS = 1_000
FEWEST = 2


@dataclass(frozen=True, slots=True)
class PredictedSet:
    """Predicted probabilities: their columns by field with the class of each.

    Attributes
    ----------
    classes
        Field -> class.
    labels
        Fields of the columns whose values are these classes.
    affix
        What the names have in common.
    """

    classes: Mapping[str, str]
    labels: tuple[str, ...]
    affix: Affix
    confidence: Confidence

    def why(self, column: Column, label: Column) -> str:
        """Return the evidence for one of the columns, in one sentence."""
        return (
            f"The name says the class “{self.classes[column.field]}” of “{label.name}”, and the "
            f"{len(self.classes):,} columns “{self.affix.shown()}” sum to 1: probabilities of a "
            "model. No other model reads them."
        )


def find_own_models(
    columns: Sequence[Column],
    values: Mapping[str, Sequence[str]],
    numbers: Numbers,
    all_values: Callable[[Column], Sequence[str]],
) -> tuple[PredictedSet, ...]:
    """Return the sets of columns that are predicted probabilities of the values of a column.

    Parameters
    ----------
    values
        Field -> its different values, where they are few.
    all_values
        Lists the values of a column where they are not listed in ``values``.
    """
    able = [c for c in columns if c.storage in {Storage.NUMBER, Storage.INTEGER}][:MAX_COLUMNS]
    if len(able) < FEWEST or not any(c.storage is Storage.NUMBER for c in able):
        return ()
    found: dict[tuple[tuple[str, str], ...], tuple[Affix, dict[str, str], list[str]]] = {}
    for label in columns:
        if label.kind not in {Kind.CATEGORY, Kind.ORDINAL, Kind.BOOLEAN, Kind.INTEGER}:
            continue
        listed = values.get(label.field)
        if listed is None and label.kind is Kind.CATEGORY and len(able) > FEWEST:
            listed = all_values(label) if _has_series(able) else None
        classes = [v for v in listed or () if v not in label.disguised]
        others = [c for c in able if c is not label]
        if not FEWEST <= len(classes) <= len(others):
            continue
        for affix, of_field in _named_by(others, classes):
            key = tuple(sorted(of_field.items()))
            found.setdefault(key, (affix, of_field, []))[2].append(label.field)
    return tuple(_probable(found.values(), columns, numbers))


def _has_series(columns: Sequence[Column]) -> bool:
    """Whether very many names begin alike: a label of many classes is asked for its values then."""
    starts = [normal(c.name).split(" ", 1)[0] for c in columns]
    return max(starts.count(s) for s in set(starts)) > MANY


MANY = 60
"""Classes above which the values of a column are not listed already."""


def _named_by(
    columns: Sequence[Column], classes: Sequence[str]
) -> Iterator[tuple[Affix, dict[str, str]]]:
    """Yield each part in common, the longest first, with which every class has one column."""
    names = {normal(c): c for c in classes}
    if len(names) < len(classes) or "" in names:
        return
    sets: dict[Affix, dict[str, str | None]] = {}
    for column in columns:
        for affix, name in _ways(column.name, names):
            own = sets.setdefault(affix, {})
            own[name] = None if name in own else column.field
    for affix, fields in sorted(sets.items(), key=lambda each: -len(each[0].text)):
        if _says_what(affix, classes) and len(fields) == len(names) and all(fields.values()):
            yield affix, {str(fields[name]): names[name] for name in names}


def _ways(name: str, classes: Mapping[str, str]) -> Iterator[tuple[Affix, str]]:
    """Yield what a name holds before or after a class, with the class."""
    parts = re.split(r"(?<=[\W_])(?=[^\W_])|(?<=[^\W_])(?=[\W_])", name)
    ends = np.cumsum([len(part) for part in parts])[:-1].tolist()
    for at in {*ends, *_class_ends(name, classes)}:
        before, after = name[:at], name[at:]
        if normal(after) in classes and normal(before):
            yield Affix(before), normal(after)
        if normal(before) in classes and normal(after):
            yield Affix(after, is_before=False), normal(before)


def _class_ends(name: str, classes: Mapping[str, str]) -> Iterator[int]:
    """Yield where a class begins that stands at the end without a sign before it: ``p0``."""
    folded = name.casefold()
    if len(folded) == len(name):
        for own in classes:
            if folded.endswith(own) and len(own) < len(name):
                yield len(name) - len(own)


def _says_what(affix: Affix, classes: Sequence[str]) -> bool:
    """Whether the part in common may name probabilities; beside numbers it must."""
    said = normal(affix.text)
    if PROBABILITY.search(said):
        return True
    return not PORTION.search(said) and not all(normal(c).lstrip("-").isdigit() for c in classes)


def _probable(
    found: Iterable[tuple[Affix, dict[str, str], list[str]]],
    columns: Sequence[Column],
    numbers: Numbers,
) -> Iterator[PredictedSet]:
    by_field = {c.field: c for c in columns}
    for affix, of_field, labels in found:
        if not are_probabilities(numbers([by_field[field] for field in of_field])):
            continue
        says = PROBABILITY.search(normal(affix.text))
        sure = Confidence.HIGH if says else Confidence.MEDIUM
        yield PredictedSet(of_field, tuple(labels), affix, sure)


def are_probabilities(numbers: NDArray[np.float64]) -> bool:
    """Whether nearly all rows without a gap lie in [0, 1], sum to 1, and say more than a class.

    Columns of nothing but 0 and 1 are the label itself, written in another way.

    Parameters
    ----------
    numbers
        Shape (n, classes); missing is NaN.
    """
    whole = numbers[np.isfinite(numbers).all(axis=1)]
    if not len(whole):
        return False
    inside = ((whole >= -ROUNDING) & (whole <= 1.0 + ROUNDING)).all(axis=1)
    fits = inside & (np.abs(whole.sum(axis=1) - 1.0) <= ROUNDING)
    says_more = ((whole != 0.0) & (whole != 1.0)).any(axis=1)
    return bool(fits.mean() >= MOST_ROWS and says_more.any())
