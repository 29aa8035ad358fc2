"""Which rows, classes and columns the search for label errors works on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask, features, words
from components.checks._lib.encoder import TEXT_TOPICS, Encoded, Encoder, fit_encoder
from components.checks._lib.features import Plan
from components.checks._lib.label_leaks import given_away_by
from components.checks._lib.probe import MANY_CLASSES
from components.checks.labels._searching.linked_rows import Belonging, carriers, value_keys
from components.core.data.query import Agg, Fn, Missing, Not, OneOf
from components.core.data.table import IntArray, Sample, Table
from components.core.data.value_texts import Spelling
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | bool | datetime

MAX_CELLS = 20_000_000
"""Encoded cells of the rows that models are trained on (160 MB)."""
MAX_COLUMNS = 1_000
MAX_CLASSES = 1_000
"""Classes that are judged; of a table with texts, as many as models of words can be fitted for."""
RARE_TIMES = 20
"""How many times as many rows of rare classes are read at most as are drawn of them."""
FEW_RARE = 20
"""Rare classes that are drawn one by one; more are drawn at once."""
MIN_FIT_ROWS = 500
MIN_CLASS_ROWS = 200
"""Rows of a class that are drawn where chance would draw fewer than half as many (our choice)."""


class NoColumnLeft(NotApplicable):
    """No column is left to read; ``given_away`` are those that give the label away."""

    def __init__(self, given_away: tuple[str, ...]) -> None:
        self.given_away = given_away
        why = f" {_given_away(given_away)}" if given_away else ""
        super().__init__(f"No input column is left to judge the labels with.{why}")


class JudgedLabel(Protocol):
    """The label that is judged, and its classes."""

    @property
    def label(self) -> str:
        """Its display name."""
        ...

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that codes index."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The rows that models are trained on, in an order that depends on their contents only.

    Attributes
    ----------
    spelling
        How the file writes true and false, for a label of these.
    classes
        Names of the classes that are checked; ``codes`` index them.
    codes
        Class of each row, shape (n,).
    keys
        Equal for rows with equal inputs, shape (n,).
    carriers
        The columns that say whose row it is.
    links
        The same as ``keys`` for each of ``carriers``.
    odds
        How much more frequent each class is in the table than in these rows, shape (k,).
    n_labelled
        Rows of the table with a label of one of ``classes``.
    notes
        What was left out, one sentence each.
    """

    label: str
    spelling: Spelling | None
    classes: tuple[str, ...]
    row_id: IntArray
    codes: IntArray
    keys: NDArray[np.uint64]
    carriers: tuple[str, ...]
    links: tuple[NDArray[np.uint64], ...]
    odds: features.FloatArray
    encoder: Encoder
    rows: Encoded
    n_labelled: int
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """The columns that models read."""
        return self.encoder.plan

    def codes_of(self, labels: pd.Series) -> IntArray:
        """Return the class of each label; -1 for missing ones and for classes not checked."""
        known = {name: code for code, name in enumerate(self.classes)}
        return np.asarray(
            features.value_names(labels, self.spelling).map(known).fillna(-1), dtype=np.int64
        )

    @property
    def has_rest(self) -> bool:
        """Whether other rows of the table have a label of one of the classes."""
        return self.n_labelled > len(self.row_id)

    @property
    def sets(self) -> NDArray[np.uint64]:
        """Equal for rows that share a fold: the same inputs, or the same person or id."""
        return self._belonging.sets

    def folds_of(self, frame: pd.DataFrame, fold: IntArray, seed: int) -> IntArray:
        """Return for other rows the fold that left out what belongs to them, else a random one."""
        return self._belonging.folds_of(frame, fold, seed)

    @property
    def _belonging(self) -> Belonging:
        return Belonging(
            names=self.plan.names, carriers=self.carriers, keys=self.keys, links=self.links
        )

    def weighed(self, probabilities: features.FloatArray) -> features.FloatArray:
        """Return probabilities for a row of the table, where these rows hold more of rare classes.

        References
        ----------
        Saerens, Latinne, Decaestecker 2002, Neural Computation 14, 21-41.
        """
        weighed = probabilities * self.odds
        return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def prepare(table: Table, run: RunContext, *, max_rows: int, folds: int) -> Material:
    """Draw, encode and order the rows.

    Raises
    ------
    NotApplicable
        When fewer than two classes have enough rows, or no column is left to read.
    """
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the check say so
    plan, notes = columns_read(table, run)
    by_value, owners = class_sizes(table, label.name), carriers(table.version)
    most = MANY_CLASSES if plan.texts else MAX_CLASSES
    kept = _kept(label.name, by_value, folds, most)
    sizes = {label.text_of(value): n for value, n in by_value.items()}
    names = list(dict.fromkeys([label.name, *plan.names, *owners]))
    frame, row_id = draw(table, run, names, kept, rows_to_fit(plan, max_rows))
    given = features.value_names(frame[label.name], label.spelling).to_numpy(dtype=object)
    keys = features.content_keys(frame, plan.names)
    classes, notes = _enough(given, keys, sizes, folds, notes)
    code = {name: i for i, name in enumerate(classes)}
    codes = np.array([code.get(str(name), -1) for name in given], dtype=np.int64)
    order = np.lexsort((row_id, codes, features.mixed(keys, run.seed)))
    order = order[codes[order] >= 0]
    frame, keys, codes = frame.iloc[order].reset_index(drop=True), keys[order], codes[order]
    run.progress(0.05, "Turning columns into numbers")
    encoder = fit_encoder(frame, plan, seed=run.seed)
    n = np.array([sizes[name] for name in classes], dtype=np.float64)
    return Material(
        label=label.name,
        spelling=label.spelling,
        classes=classes,
        row_id=row_id[order],
        codes=codes,
        keys=keys,
        carriers=owners,
        links=tuple(value_keys(frame, name, keys) for name in owners),
        odds=n / np.bincount(codes, minlength=len(classes)) * len(codes) / n.sum(),
        encoder=encoder,
        rows=encoder.encode(frame),
        n_labelled=int(n.sum()),
        notes=notes,
    )


def columns_read(table: Table, run: RunContext) -> tuple[Plan, tuple[str, ...]]:
    """Return the columns that models read, and what was left out, one sentence each.

    Raises
    ------
    NoColumnLeft
        When no column is left.
    """
    left_out = given_away_by(table, run)
    notes = [_given_away(left_out)] if left_out else []
    names = [c.name for c in table.version.inputs if c.name not in left_out]
    if len(names) > MAX_COLUMNS:
        notes.append(f"Only the first {MAX_COLUMNS:,} of {len(names):,} columns were read.")
    plan = features.plan(table.version, leave_out={*left_out, *names[MAX_COLUMNS:]})
    if not plan.names:
        raise NoColumnLeft(left_out)
    return plan, tuple(notes)


def _given_away(names: tuple[str, ...]) -> str:
    return f"{words.listed(names)} gave the label away and {_was(len(names))} not read."


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def class_sizes(table: Table, label: str) -> dict[Value, int]:
    """Return the rows of each class by its value, largest first."""
    groups = table.groups([label], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label)), order_by="n")
    return {value: ask.whole(g["n"]) for g in groups if (value := g[label]) is not None}


def draw(
    table: Table, run: RunContext, names: list[str], sizes: dict[Value, int], rows: int
) -> tuple[pd.DataFrame, IntArray]:
    """Draw rows of some classes at random, and more of a class of which few would be drawn.

    Parameters
    ----------
    names
        The columns wanted, the label first.
    sizes
        Rows of each class that is wanted, by its value.
    rows
        Rows wanted; rare classes add at most half as many.

    Returns
    -------
        The rows, and their ids, ascending.
    """
    total = sum(sizes.values())
    least = min(MIN_CLASS_ROWS, rows // (2 * len(sizes)))
    rows = min(rows, total)
    rare = [v for v, n in sizes.items() if n * rows / total < min(least, n) / 2]
    common = tuple(v for v in sizes if v not in rare)
    n_common = round(rows * sum(sizes[v] for v in common) / total)
    alone = rare if len(rare) <= FEW_RARE else []
    wanted = [(n_common, common), *((least, (v,)) for v in alone)]
    parts = [
        table.sample(n, seed=run.seed, columns=names, where=OneOf(names[0], values))
        for n, values in wanted
        if values
    ]
    if len(rare) > len(alone):
        parts.append(_of_each(table, run, names, tuple(rare), least))
    if len(parts) == 1:
        return parts[0].frame, parts[0].row_id
    import pandas as pd

    row_id = np.concatenate([p.row_id for p in parts])
    order = np.argsort(row_id, kind="stable")
    frame = pd.concat([p.frame for p in parts], ignore_index=True)
    return frame.iloc[order].reset_index(drop=True), row_id[order]


def _of_each(
    table: Table, run: RunContext, names: list[str], rare: tuple[Value, ...], least: int
) -> Sample:
    """Draw at most so many rows of each of many rare classes, with one question to the table."""
    most = RARE_TIMES * least * len(rare)
    drawn = table.sample(most, seed=run.seed, columns=names, where=OneOf(names[0], rare))
    nth = drawn.frame[names[0]].sample(frac=1.0, random_state=run.seed)
    chosen = nth.groupby(nth, sort=False).cumcount().sort_index().to_numpy() < least
    return replace(
        drawn,
        frame=drawn.frame[chosen].reset_index(drop=True),
        row_id=drawn.row_id[chosen],
    )


def _kept(label: str, sizes: dict[Value, int], folds: int, most: int) -> dict[Value, int]:
    kept = {v: n for v, n in [*sizes.items()][:most] if n >= folds}
    if len(kept) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise NotApplicable(
            f"The label {words.quoted(label)} has fewer than two classes with {folds} rows or more."
        )
    return kept


def rows_to_fit(plan: Plan, max_rows: int) -> int:
    """Return how many rows models may be trained on, so that their cells stay bounded."""
    width = 2 * len(plan.numbers) + 8 * len(plan.times) + 32 * len(plan.categories)
    width += TEXT_TOPICS * 4 * bool(plan.texts)
    return min(max_rows, max(MIN_FIT_ROWS, MAX_CELLS // max(1, width)))


def _enough(
    given: NDArray[np.object_],
    keys: NDArray[np.uint64],
    sizes: dict[str, int],
    folds: int,
    notes: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keep the classes with different inputs for every fold; tell why the others are left out."""
    import pandas as pd

    once = pd.DataFrame({"class": given, "key": keys}).drop_duplicates()
    different = {str(c): int(n) for c, n in once["class"].value_counts().items()}
    classes = tuple(sorted(c for c, n in different.items() if n >= folds))
    if len(classes) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise NotApplicable(
            f"Fewer than two classes have {folds} rows with different inputs, so no label can be "
            "judged by a model that has not seen its row."
        )
    left = sorted((c for c in sizes if c not in classes), key=lambda c: (-sizes[c], c))
    # as many as there is room for were drawn; of the others some would have had enough rows
    over = [c for c in left if c not in different and sizes[c] >= folds]
    rare = [c for c in left if c not in over]
    if over:
        n = words.plural(sum(sizes[c] for c in over), "row")
        largest = f"Only the {len(different):,} largest of {len(sizes):,} classes were judged"
        notes = (*notes, f"{largest}; {len(over):,} more with enough rows hold {n}.")
    if rare:
        few = f"{words.plural(len(rare), 'class', 'classes')} with too few rows to check"
        n = words.plural(sum(sizes[c] for c in rare), "row")
        notes = (*notes, f"{few}, {n}: {words.listed(rare)}.")
    return classes, notes
