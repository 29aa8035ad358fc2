"""The inputs that speak for the suggestion of a flagged row, and against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks._lib.probe import Probe
from components.checks.labels._judge import Judged
from components.checks.labels._prepare import Material
from components.checks.labels._reasons.families import Family, families
from components.core.data.dataset import Column, DatasetVersion, Role, stem_of
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import Ranking, Unit
from components.core.judgement.row_evidence import IntArray, TextArray

if TYPE_CHECKING:
    import pandas as pd

MAX_REASONS = 20_000
CHUNK = 500
SHOWN = 30
"""Columns in a ranking."""
TOP = 3
TEXTS = "words of texts"
LITTLE = 0.1
"""Of the strongest reason for the suggestion; what is weaker is not said, for it or against it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The rows, the models that had not seen them, and what they say."""

    material: Material
    probe: Probe
    judged: Judged


@dataclass(frozen=True, slots=True)
class Reasons:
    """What speaks for the suggestion of each judged row, and against it; shape (n,) each.

    Attributes
    ----------
    texts, against
        In words; None where nothing is said.
    first
        The columns of the strongest reason, more than one where they repeat one another; ``("",)``
        for a word of a text, None where there is none.
    """

    texts: TextArray
    against: TextArray
    first: TextArray

    def counted(self) -> list[tuple[Family, int]]:
        """Return how many rows have each column or family as their first reason, most first."""
        named = Counter(family for family in self.first if family is not None)
        return sorted(named.items(), key=lambda item: (-item[1], item[0]))

    def evidence(self) -> Iterator[Ranking]:
        """Yield the same as evidence, where a reason was given."""
        counted, n = self.counted(), sum(count for _, count in self.counted())
        if not n:
            return
        yield Ranking(
            name="First reason of the flagged rows, by column",
            axis="flagged rows",
            unit=Unit.COUNT,
            items=tuple(", ".join(family) or TEXTS for family, _ in counted[:SHOWN]),
            values=tuple(float(x) for _, x in counted[:SHOWN]),
            notes=tuple(words.share(x / n) for _, x in counted[:SHOWN]),
        )

    def sentence(self) -> str:
        """Return which columns most reasons begin with; "" where no reason was given."""
        counted, n = self.counted(), sum(count for _, count in self.counted())
        if not n:
            return ""
        (family, most), *rest = counted
        more = f", in {rest[0][1]:,} {_named(rest[0][0])}" if rest else ""
        return (
            f"In {most:,} of {words.plural(n, 'flagged row')} the first reason is "
            f"{_named(family)}{more}."
        )


def _named(family: Family) -> str:
    """Return a column, or columns that speak with one voice, as part of a sentence."""
    if len(family) == 1:
        return words.quoted(family[0] or TEXTS)
    return f"one of {words.listed(family)} (which repeat one another)"


def reasons(table: Table, searched: Searched, run: RunContext, related: float) -> Reasons:
    """Say for each flagged row which inputs speak most for the suggested class, and against it.

    From the weights of the logistic regression that had not seen the row: the difference between
    suggested and given class, times how far the row is from the mean of all rows. Columns that
    repeat one another share their weight by chance: their parts are added up, and the strongest of
    them is named. A reason that rests on a sensitive column says so.

    Parameters
    ----------
    related
        Strength from which two columns repeat one another.
    """
    material, probe, judged = searched.material, searched.probe, searched.judged
    texts, against, first = (np.full(len(judged.row_id), None, dtype=object) for _ in range(3))
    worst = worst_flagged(judged, MAX_REASONS)
    if not len(worst):
        return Reasons(texts, against, first)
    sources = _Sources.of(material, table.version)
    strongest = sources.strongest(material, probe)
    sources = sources.together(families(table, run, material.plan, strongest, related))
    fold_of = dict(zip(material.row_id.tolist(), probe.fold.tolist(), strict=True))
    for start in range(0, len(worst), CHUNK):
        run.progress(0.8 + 0.1 * start / len(worst), "Writing reasons")
        part = worst[start : start + CHUNK]
        frame = table.rows(judged.row_id[part], columns=material.plan.names)
        rows = material.encoder.linear(frame.reset_index(drop=True))
        for i, at in enumerate(part):
            model = probe.linear(fold_of.get(int(judged.row_id[at]), 0))
            weights = _weights(model, int(judged.suggested[at]), int(judged.given[at]))
            pull = sources.pull(weights, _dense(rows[i]))
            least = LITTLE * float(sources.by_family(pull).max(initial=0.0))
            texts[at] = _reason(pull, least, sources, frame.iloc[i], table.version)
            against[at] = _reason(-pull, least, sources, frame.iloc[i], table.version)
            first[at] = sources.first(pull) if texts[at] else None
    return Reasons(texts, against, first)


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where each linear feature comes from, as a number, and what is subtracted from it.

    ``family`` is the number of the family of each source, ``families`` the columns of each.
    """

    names: tuple[tuple[str, str], ...]
    number: NDArray[np.intp]
    centre: FloatArray
    family: NDArray[np.intp]
    families: tuple[Family, ...]

    @staticmethod
    def of(material: Material, version: DatasetVersion) -> _Sources:
        """Take the numbers of an embedding together: alone they mean nothing."""
        whole = {c.name: f"{stem_of(c.name)}…" for c in version.with_roles(Role.EMBEDDING)}
        origin = [(whole.get(column, column), word) for column, word in material.encoder.origin]
        names = tuple(dict.fromkeys(origin))
        place = {name: i for i, name in enumerate(names)}
        is_word = np.array([column == "" for column, _ in material.encoder.origin])
        mean = np.asarray(material.rows.linear.mean(axis=0)).ravel()
        return _Sources(
            names,
            np.array([place[o] for o in origin]),
            np.where(is_word, 0.0, mean),
            np.arange(len(names)),
            tuple((column,) for column, _ in names),
        )

    def together(self, found: Mapping[str, Family]) -> _Sources:
        """Return the same where columns that repeat one another are one family."""
        keys = [found.get(column, name) for column, name in zip(*self._columns(), strict=True)]
        place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        number = np.array([place[key] for key in keys], dtype=np.intp)
        first = {n: i for i, n in reversed([*enumerate(number.tolist())])}
        heads = [self.names[i][0] for _, i in sorted(first.items())]
        members = tuple(found.get(name, (name,)) for name in heads)
        return replace(self, family=number, families=members)

    def _columns(self) -> tuple[list[str], list[tuple[str, str]]]:
        return [column for column, _ in self.names], list(self.names)

    def strongest(self, material: Material, probe: Probe) -> list[str]:
        """Return the columns by the size of their weights, the largest first."""
        model, x = probe.linear(0), material.rows.linear
        square = x.multiply(x) if hasattr(x, "multiply") else np.square(x)
        spread = np.sqrt(np.maximum(np.asarray(square.mean(axis=0)).ravel() - self.centre**2, 0.0))
        sizes = np.bincount(self.number, weights=np.abs(model.coef_).mean(axis=0) * spread)
        order = np.argsort(-sizes, kind="stable")
        return list(dict.fromkeys(self.names[i][0] for i in order if self.names[i][0]))

    def pull(self, weights: FloatArray, x: FloatArray) -> FloatArray:
        """Return how much each input pulls to where the weights point; shape (n_inputs,)."""
        pull = np.bincount(self.number, weights=weights * (x - self.centre))
        return np.asarray(pull, dtype=np.float64)

    def by_family(self, pull: FloatArray) -> FloatArray:
        """Return the sum of the pulls of each family."""
        return np.asarray(np.bincount(self.family, weights=pull), dtype=np.float64)

    def first(self, pull: FloatArray) -> Family:
        """Return the family that pulls most."""
        return self.families[int(self.by_family(pull).argmax())]

    def spokesmen(self, pull: FloatArray, least: float) -> list[int]:
        """Return the inputs that pull most, one of each family, of those that pull enough."""
        of_family = self.by_family(pull)
        best = np.argsort(-of_family, kind="stable")[:TOP]
        said = [f for f in best.tolist() if of_family[f] > 0 and of_family[f] >= least]
        return [int(max(np.flatnonzero(self.family == f), key=lambda i: pull[i])) for f in said]


def worst_flagged(judged: Judged, n: int) -> IntArray:
    """Return the positions of the flagged rows, lowest quality first, at most ``n``."""
    at = np.flatnonzero(judged.flagged)
    return at[np.lexsort((judged.row_id[at], judged.quality[at]))][:n]


def _dense(linear: Any) -> FloatArray:  # noqa: ANN401 - array or sparse matrix
    return np.asarray(linear.toarray() if hasattr(linear, "toarray") else linear).ravel()


def _weights(model: Any, to: int, away: int) -> FloatArray:  # noqa: ANN401 - scikit-learn
    classes = model.classes_.tolist()
    if to not in classes or away not in classes:
        return np.zeros(model.coef_.shape[1])
    if len(classes) == 2:  # noqa: PLR2004 - one row of weights stands for both classes
        return np.asarray(model.coef_[0] if to == classes[1] else -model.coef_[0])
    return np.asarray(model.coef_[classes.index(to)] - model.coef_[classes.index(away)])


def _reason(
    pull: FloatArray, least: float, sources: _Sources, row: pd.Series, version: DatasetVersion
) -> str | None:
    """Return the inputs that pull most, of those that pull at least so much; None for none."""
    said = sources.spokesmen(pull, least)
    text = "; ".join(_said(sources.names[i], row, version) for i in said)
    return text + _sensitive(said, sources, version) or None


def _sensitive(said: list[int], sources: _Sources, version: DatasetVersion) -> str:
    """Return which of the inputs are sensitive, or repeat a sensitive column."""
    sensitive = {c.name for c in version.with_roles(Role.SENSITIVE)}
    columns = [sources.names[i][0] for i in said]
    named = [name for name in columns if name in sensitive]
    told = f"; {words.listed(named)} {_are(named)} sensitive" if named else ""
    for i, column in zip(said, columns, strict=True):
        family = sources.families[sources.family[i]]
        hidden = [name for name in family if name in sensitive and column not in sensitive]
        if hidden:
            what = f"{words.listed(hidden)}, which {_are(hidden)} sensitive"
            told += f"; {words.quoted(column)} repeats {what}"
    return told


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _said(key: tuple[str, str], row: pd.Series, version: DatasetVersion) -> str:
    column, word = key
    if not column:
        return f"the text says {words.quoted(word)}"
    if column not in row.index:
        return f"the embedding {words.quoted(column)}"
    return f"{words.clean(column, 40)} is {cell(row[column], version.column(column))}"


def cell(value: object, column: Column) -> str:
    """Return a cell as part of a sentence."""
    import pandas as pd

    if value is None or pd.isna(value):  # type: ignore[call-overload]  # any cell may come
        return "missing"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ", timespec="minutes")
    return words.clean(column.text_of(value), 40)
