"""Which columns restate the label, judged from how well each predicts it alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from components.checks._lib.absence import Absence
from components.checks._lib.column_scores.score import ColumnScore
from components.checks._lib.single_columns import ColumnScores, single_columns
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.parameters import column_names, names_of, parameter, with_values

TARGET_PROXY = "leakage.target_proxy"
"""The check whose parameters these are."""


class Strength(Enum):
    """How suspicious a column is."""

    COPY = "copy"
    STRONG = "strong"
    NOTABLE = "notable"
    TREND = "trend"
    """As strong as those, and no stronger than two columns that change over time are anyway."""
    KNOWN = "known"
    """As strong as those, and a person says that it is known when the model is used."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProxyParams:
    """Where strong becomes too strong.

    Scores are those of :class:`components.checks._lib.single_columns.ColumnScore`: balanced
    accuracy over guessing, or the share of variance explained, in [0, 1].

    All defaults are ours: they separate the known leaks from the honest columns of nine public
    tables (titanic, penguins, adult, german credit, COMPAS, iris, wine, breast cancer, digits).
    deepchecks warns from a predictive power score of 0.8 on. Of columns with about as many values
    as the label has classes, the copy in COMPAS (``is_recid``) has a score of 0.944 and the best
    honest one 0.67. A noisy copy of the label must not stay among the inputs of the label check:
    planted in a census with score 0.95, it hid every wrong label (``alone``).
    """

    restated: float = parameter(
        0.90,
        "Score from which a column with about as many values as the label has classes is a copy "
        "of it; 0.9 is 95 % of rows right for two classes of equal size.",
        unit="score",
        within=(0, 1),
    )
    copy: float = parameter(
        0.98,
        "Score from which any other column is a copy, if it also stands out from the rest.",
        unit="score",
        within=(0, 1),
    )
    copy_regression: float = parameter(
        0.99,
        "Share of variance explained from which a column is a copy of a numeric label.",
        unit="share of variance",
        within=(0, 1),
    )
    strong: float = parameter(
        0.95, "Score that is worth a warning, if it stands out.", unit="score", within=(0, 1)
    )
    alone: float = parameter(
        0.90,
        "Score that is worth a warning, if it is the only column worth knowing and stands out "
        "by notable_gap.",
        unit="score",
        within=(0, 1),
    )
    gap: float = parameter(
        0.10,
        "By how much such a column must stand out from those that are not suspicious.",
        unit="score",
        within=(0, 1),
    )
    notable: float = parameter(
        0.75,
        "Score that is worth knowing, if it stands out by notable_gap.",
        unit="score",
        within=(0, 1),
    )
    notable_gap: float = parameter(
        0.25, "By how much a notable column must stand out.", unit="score", within=(0, 1)
    )
    along_time: float = parameter(
        0.5,
        "Share of what changes from one row to the next in time, below which a column is no leak: "
        "it may merely change over time, as the label does. Where the class hardly changes, 1 less "
        "the rank correlation of the column with time within the classes. Ours.",
        unit="share",
        within=(0, 1),
    )
    absence: float = parameter(
        0.90,
        "Difference of the shares of missing values inside and outside a class from which "
        "missingness restates the class.",
        unit="difference of shares",
        within=(0, 1),
    )
    purity: float = parameter(
        0.98,
        "Share of one class among the rows with (or without) a value from which its presence "
        "gives the class away.",
        unit="share of these rows",
        within=(0, 1),
    )
    min_rows: int = parameter(
        50, "Fewest rows with (or without) a value for that.", unit="rows", at_least=1
    )
    known: str = column_names(
        "Columns that a person says are known when the model is used, split by commas: they are "
        "no leak, and models read them.",
        offer="It is known when the model is used",
    )

    def is_known(self, column: str) -> bool:
        """Whether a person says that a column is known when the model is used."""
        return column in names_of(self.known)


def _is_trend(scored: ColumnScore, limits: TargetProxyParams) -> bool:
    """Whether a column tells little beyond the order of time; one of persons is told as such."""
    along = scored.along_time
    return along is not None and not scored.is_entity and along.told < limits.along_time


def is_few_valued(scored: ColumnScore, n_classes: int) -> bool:
    """Whether the column has about as many values as the label has classes."""
    return 0 < scored.n_levels <= max(2 * n_classes, n_classes + 2)


def strength(scored: ColumnScore, scores: ColumnScores, limits: TargetProxyParams) -> Strength:
    """Judge one column.

    A column of few values that gives the label is the label under other names. A scale that does
    so may be honest where other columns nearly do too (an easy task), so it has to stand out
    from the columns that are not suspicious themselves.
    """
    found = _strength(scored, scores, limits)
    if found is not Strength.NONE and limits.is_known(scored.column):
        return Strength.KNOWN
    suspicious = found in {Strength.COPY, Strength.STRONG}
    return Strength.TREND if suspicious and _is_trend(scored, limits) else found


def _strength(scored: ColumnScore, scores: ColumnScores, limits: TargetProxyParams) -> Strength:
    if _is_copy(scored, scores, limits):
        return Strength.COPY
    if scored.score >= limits.strong and _stands_out(scored, scores, limits.strong, limits.gap):
        return Strength.STRONG
    notable = _stands_out(scored, scores, limits.notable, limits.notable_gap)
    n_notable = sum(p.score >= limits.notable for p in scores.columns)
    if notable and n_notable == 1 and scored.score >= limits.alone:
        return Strength.STRONG
    return Strength.NOTABLE if scored.score >= limits.notable and notable else Strength.NONE


def _is_copy(scored: ColumnScore, scores: ColumnScores, limits: TargetProxyParams) -> bool:
    if not scores.n_classes:
        return scored.score >= limits.copy_regression
    if is_few_valued(scored, scores.n_classes):
        return scored.score >= limits.restated
    stands_out = _stands_out(scored, scores, limits.strong, limits.gap)
    return scored.score >= limits.copy and stands_out


def _stands_out(scored: ColumnScore, scores: ColumnScores, line: float, gap: float) -> bool:
    """Whether most columns are under ``line``, and all of those by ``gap`` under this one."""
    others = [p.score for p in scores.columns if p.score < line]
    n_above = len(scores.columns) - len(others)
    return bool(others) and n_above <= len(others) and max(others) <= scored.score - gap


def absence_strength(absence: Absence, limits: TargetProxyParams) -> Strength:
    """Judge the missing values of one column."""
    pure = absence.purity >= limits.purity and absence.purity - absence.base >= limits.gap
    is_copy = absence.separation >= limits.absence
    if not is_copy and not (pure and absence.n >= limits.min_rows):
        return Strength.NONE
    if limits.is_known(absence.column):
        return Strength.KNOWN
    return Strength.COPY if is_copy else Strength.STRONG


def asked_limits(run: RunContext) -> TargetProxyParams:
    """Return the lines of the search for leaks as they are set in a run."""
    return with_values(TargetProxyParams, run.params.get(TARGET_PROXY, {}), TARGET_PROXY)


def given_away_by(table: Table, run: RunContext) -> tuple[str, ...]:
    """Return the columns that give the label away, as the run sets it, which models do not read."""
    return copies(single_columns(table, run), asked_limits(run))


def copies(scores: ColumnScores, limits: TargetProxyParams) -> tuple[str, ...]:
    """Return the columns that a model must not read when it judges the labels."""
    suspicious = {Strength.COPY, Strength.STRONG}
    found = [p.column for p in scores.columns if strength(p, scores, limits) in suspicious]
    found += [a.column for a in scores.absences if absence_strength(a, limits) is Strength.COPY]
    return tuple(dict.fromkeys(found))
