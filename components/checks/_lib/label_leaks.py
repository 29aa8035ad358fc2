"""Which columns restate the label, judged from how well each predicts it alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from components.checks._lib.absence import Absence
from components.checks._lib.proxy import Power, Powers


class Strength(Enum):
    """How suspicious a column is."""

    COPY = "copy"
    STRONG = "strong"
    NOTABLE = "notable"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProxyParams:
    """Where strong becomes too strong.

    All defaults are ours: they separate the known leaks from the honest columns of nine public
    tables (titanic, penguins, adult, german credit, COMPAS, iris, wine, breast cancer, digits).
    deepchecks warns from a predictive power score of 0.8 on.

    Attributes
    ----------
    restated
        Power in [0, 1] from which a column with about as many values as the label has classes is
        a copy of it. 0.90 is 95 % of rows right for two classes of equal size. The copy in COMPAS
        (``is_recid``) has 0.944; the best honest column of this kind has 0.67.
    copy
        The same for any other column, if it also stands out from the rest. Default 0.98.
    copy_regression
        Share of variance explained from which a column is a copy of a numeric label. Default 0.99.
    strong
        Power in [0, 1] that is worth a warning, if it stands out. Default 0.95.
    alone
        The same, if it is the only column worth knowing and stands out by ``notable_gap``.
        Default 0.90. A noisy copy of the label must not stay among the inputs of the label check:
        planted in a census with power 0.95, it hid every wrong label.
    gap
        By how much such a column must stand out from those that are not suspicious, in [0, 1].
        Default 0.10.
    notable
        Power in [0, 1] that is worth knowing, if it stands out by ``notable_gap``. Default 0.75.
    notable_gap
        Default 0.25.
    absence
        Difference of the shares of missing values inside and outside a class, in [0, 1], from
        which missingness restates the class. Default 0.90.
    purity
        Share of one class among the rows with (or without) a value from which the value's
        presence gives the class away. Default 0.98.
    min_rows
        Fewest rows for that. Default 50.
    """

    restated: float = 0.90
    copy: float = 0.98
    copy_regression: float = 0.99
    strong: float = 0.95
    alone: float = 0.90
    gap: float = 0.10
    notable: float = 0.75
    notable_gap: float = 0.25
    absence: float = 0.90
    purity: float = 0.98
    min_rows: int = 50


def is_few_valued(power: Power, n_classes: int) -> bool:
    """Whether the column has about as many values as the label has classes."""
    return 0 < power.n_levels <= max(2 * n_classes, n_classes + 2)


def strength(power: Power, powers: Powers, limits: TargetProxyParams) -> Strength:
    """Judge one column.

    A column of few values that gives the label is the label under other names. A scale that does
    so may be honest where other columns nearly do too (an easy task), so it has to stand out
    from the columns that are not suspicious themselves.
    """
    if _is_copy(power, powers, limits):
        return Strength.COPY
    if power.score >= limits.strong and _stands_out(power, powers, limits.strong, limits.gap):
        return Strength.STRONG
    notable = _stands_out(power, powers, limits.notable, limits.notable_gap)
    n_notable = sum(p.score >= limits.notable for p in powers.columns)
    if notable and n_notable == 1 and power.score >= limits.alone:
        return Strength.STRONG
    return Strength.NOTABLE if power.score >= limits.notable and notable else Strength.NONE


def _is_copy(power: Power, powers: Powers, limits: TargetProxyParams) -> bool:
    if not powers.n_classes:
        return power.score >= limits.copy_regression
    if is_few_valued(power, powers.n_classes):
        return power.score >= limits.restated
    stands_out = _stands_out(power, powers, limits.strong, limits.gap)
    return power.score >= limits.copy and stands_out


def _stands_out(power: Power, powers: Powers, line: float, gap: float) -> bool:
    """Whether most columns are under ``line``, and all of those by ``gap`` under this one."""
    others = [p.score for p in powers.columns if p.score < line]
    n_above = len(powers.columns) - len(others)
    return bool(others) and n_above <= len(others) and max(others) <= power.score - gap


def absence_strength(absence: Absence, limits: TargetProxyParams) -> Strength:
    """Judge the missing values of one column."""
    if absence.separation >= limits.absence:
        return Strength.COPY
    pure = absence.purity >= limits.purity and absence.purity - absence.base >= limits.gap
    return Strength.STRONG if pure and absence.n >= limits.min_rows else Strength.NONE


def copies(powers: Powers) -> tuple[str, ...]:
    """Return the columns that a model must not read when it judges the labels."""
    limits = TargetProxyParams()
    suspicious = {Strength.COPY, Strength.STRONG}
    found = [p.column for p in powers.columns if strength(p, powers, limits) in suspicious]
    found += [a.column for a in powers.absences if absence_strength(a, limits) is Strength.COPY]
    return tuple(dict.fromkeys(found))
