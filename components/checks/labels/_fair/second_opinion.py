"""A second opinion on each suggestion, by models that read no sensitive column and no proxy.

Randomised trees are trained twice on the folds of the probe: once on all columns that it reads,
once without the sensitive ones and those that tell them. Where the first expect what the probe
suggests and the second do not, the suggestion rests on these columns. Both are of one kind, so that
what differs is what they read; the probe itself, its probabilities and its flags stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks._lib.probe import TREE_BYTES
from components.checks._lib.stats import wilson
from components.checks.labels._fair.people import People
from components.checks.labels._fair.proxies import Proxy, proxies
from components.checks.labels._reasons.reasons import MAX_REASONS, Searched, worst_flagged
from components.core.data.dataset import Role
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import Measure, Ranking, Unit
from components.core.judgement.row_evidence import BoolArray, IntArray, TextArray

if TYPE_CHECKING:
    import pandas as pd

TREES, FEWEST = 50, 10
NAMED = 3
"""Columns that a card names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """What models expect of the flagged rows without sensitive columns and their proxies.

    Attributes
    ----------
    left_out
        The sensitive columns that the probe reads.
    at
        Positions of the rows that were asked about among all judged rows, shape (n,).
    given, suggested
        Codes of their classes, shape (n,).
    with_all, without
        Probabilities of the two kinds of models, shape (n, k).
    right
        Of ``n_labels`` labels, how many both predict right: with all columns, and without.
    """

    left_out: tuple[str, ...]
    proxies: tuple[Proxy, ...]
    classes: tuple[str, ...]
    at: IntArray
    given: IntArray
    suggested: IntArray
    with_all: FloatArray
    without: FloatArray
    right: tuple[int, int]
    n_labels: int

    @property
    def rests(self) -> BoolArray:
        """Which suggestions the models make only where they read these columns, shape (n,)."""
        first, second = self.with_all.argmax(axis=1), self.without.argmax(axis=1)
        return np.asarray((first == self.suggested) & (second != self.suggested))

    @property
    def keeps_given(self) -> BoolArray:
        """Those of them where the models expect the label in the file without these columns."""
        return np.asarray(self.rests & (self.without.argmax(axis=1) == self.given))

    def evidence(self) -> list[Measure | Ranking]:
        """Return how many suggestions rest on sensitive columns, and what both kinds get right."""
        n, x = len(self.at), int(self.rests.sum())
        found: list[Measure | Ranking] = [
            self._columns(),
            Measure(
                name="suggestions that rest on sensitive columns or their proxies",
                value=x / n,
                unit=Unit.SHARE,
                n=n,
            ),
        ]
        for which, right in zip(("with", "without"), self.right, strict=True):
            low, high = wilson(right, self.n_labels)
            found.append(
                Measure(
                    name=f"labels that randomised trees predict right {which} these columns",
                    value=right / self.n_labels,
                    unit=Unit.SHARE,
                    n=self.n_labels,
                    ci_low=low,
                    ci_high=high,
                )
            )
        return found

    def _columns(self) -> Ranking:
        return Ranking(
            name="Columns left out for a second opinion, by how well each tells a sensitive one",
            axis="balanced accuracy over guessing",
            unit=Unit.SCORE,
            items=tuple(self._names()),
            values=(*[1.0] * len(self.left_out), *(p.score for p in self.proxies)),
            notes=(
                *["sensitive"] * len(self.left_out),
                *(f"tells {words.clean(p.tells, 40)}, {p.score:.2f} of 1" for p in self.proxies),
            ),
        )

    def sentence(self) -> str:
        """Return how many suggestions rest on sensitive columns."""
        n, x, kept = len(self.at), int(self.rests.sum()), int(self.keeps_given.sum())
        gone = f"{words.listed(self.left_out)}{self._and_proxies()}"
        if not x:
            takes = ", takes" if self.proxies else " takes"
            return f"Leaving out {gone}{takes} none of {words.plural(n, 'suggestion')} away."
        if kept == x:
            them = "the label in the file"
        else:
            them = f"another class, in {kept:,} of them the label in the file"
        return (
            f"{x:,} of {words.plural(n, 'suggestion')} "
            f"{'rests' if x == 1 else 'rest'} on sensitive columns: without {gone}, models expect "
            f"{them}. They predict {words.share(self.right[1] / self.n_labels)} of the labels "
            f"right, with these columns {words.share(self.right[0] / self.n_labels)}."
        )

    def said(self, n_rows: int) -> TextArray:
        """Return what a card says of each judged row whose suggestion rests on them, else None."""
        told = np.full(n_rows, None, dtype=object)
        names = [words.clean(name, 40) for name in self._names()]
        shown = [*names[:NAMED], *([f"{len(names) - NAMED} more"] * (len(names) > NAMED))]
        for i in np.flatnonzero(self.rests).tolist():
            own, best = self.without[i], int(self.without[i].argmax())
            suggested = int(self.suggested[i])
            given = ", the label in the file" * (best == int(self.given[i]))
            told[self.at[i]] = (
                f"without {words.joined(shown)} models expect {words.quoted(self.classes[best])} "
                f"({words.share(own[best])}){given}, not {words.quoted(self.classes[suggested])} "
                f"({words.share(own[suggested])})"
            )
        return told

    def _names(self) -> list[str]:
        return [*self.left_out, *(p.column for p in self.proxies)]

    def _and_proxies(self) -> str:
        if not self.proxies:
            return ""
        verb = "tells" if len(self.proxies) == 1 else "tell"
        of = "it" if len(self.left_out) == 1 else "them"
        return f", and {words.listed([p.column for p in self.proxies])}, which {verb} {of}"


def second_opinion(
    table: Table,
    run: RunContext,
    people: Sequence[People],
    searched: Searched,
    min_proxy: float,
) -> SecondOpinion | None:
    """Ask models without sensitive columns about the flagged rows.

    None where no sensitive column is read, nothing was flagged, or no other column is left.

    Parameters
    ----------
    min_proxy
        Score from which a column is a proxy (:mod:`components.checks.labels._fair.proxies`).
    """
    material, judged = searched.material, searched.judged
    at = worst_flagged(judged, MAX_REASONS)
    read = set(material.plan.names)
    left_out = tuple(c.name for c in table.version.with_roles(Role.SENSITIVE) if c.name in read)
    if not len(at) or not left_out:
        return None
    found = proxies(table, run, people, material.plan.names, min_proxy)
    gone = {*left_out, *(p.column for p in found)}
    kept = np.array([name not in gone for name in material.encoder.tree_origin])
    if not kept.any():
        return None
    rows = _RowsAsked.of(table, run, searched, judged.row_id[at])
    answers = [_ask(searched, rows, chosen, run) for chosen in (np.ones_like(kept), kept)]
    return SecondOpinion(
        left_out=left_out,
        proxies=found,
        classes=material.classes,
        at=at,
        given=judged.given[at],
        suggested=judged.suggested[at],
        with_all=answers[0].asked,
        without=answers[1].asked,
        right=(answers[0].n_right, answers[1].n_right),
        n_labels=len(material.codes),
    )


@dataclass(frozen=True, slots=True)
class _RowsAsked:
    """Flagged rows as trees read them, and the fold that left each out."""

    trees: NDArray[np.float32]
    fold: IntArray

    @staticmethod
    def of(table: Table, run: RunContext, searched: Searched, row_id: IntArray) -> _RowsAsked:
        material, probe = searched.material, searched.probe
        names = list(dict.fromkeys([*material.plan.names, *material.carriers]))
        frame: pd.DataFrame = table.rows(row_id, columns=names).reset_index(drop=True)
        fold = material.folds_of(frame, probe.fold, run.seed)
        order = np.argsort(material.row_id, kind="stable")
        place = np.searchsorted(material.row_id, row_id, sorter=order)
        place = order[np.minimum(place, len(order) - 1)]
        own = material.row_id[place] == row_id
        return _RowsAsked(
            material.encoder.encode(frame).trees, np.where(own, probe.fold[place], fold)
        )


@dataclass(frozen=True, slots=True)
class _Expected:
    asked: FloatArray
    n_right: int


def _ask(searched: Searched, rows: _RowsAsked, chosen: BoolArray, run: RunContext) -> _Expected:
    """Train on each fold's complement, with some of the features; tell what is expected there."""
    material, probe = searched.material, searched.probe
    x, k = material.rows.trees[:, chosen], len(material.classes)
    expected = np.zeros((len(material.codes), k))
    told = np.zeros((len(rows.fold), k))
    for number in range(int(probe.fold.max()) + 1):
        run.progress(0.8, "Asking again without sensitive columns")
        train, test = probe.fold != number, probe.fold == number
        model = _fit(x[train], material.codes[train], k, run.seed)
        seen = model.classes_.astype(np.intp)
        expected[np.ix_(test, seen)] = model.predict_proba(x[test])
        asked = rows.fold == number
        if asked.any():
            told[np.ix_(asked, seen)] = model.predict_proba(rows.trees[asked][:, chosen])
    right = material.weighed(expected).argmax(axis=1) == material.codes
    return _Expected(material.weighed(told), int(right.sum()))


def _fit(x: NDArray[np.float32], y: IntArray, k: int, seed: int) -> Any:  # noqa: ANN401 - scikit-learn
    from sklearn.ensemble import ExtraTreesClassifier

    trees = int(np.clip(TREE_BYTES / (40 * k * max(1, len(y) / 3)), FEWEST, TREES))
    model = ExtraTreesClassifier(trees, min_samples_leaf=3, random_state=seed, n_jobs=1)
    return model.fit(x, y)
