"""What a column is for, where its name and its values say so; each guess says why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components.core.data.dataset import Column, Confidence, Kind, Role, Storage
from components.intake.columns.embeddings import FEWEST, embeddings
from components.intake.columns.kinds import TIME_NAME
from components.intake.columns.names import normal
from components.intake.columns.own_model import PredictedSet

FEW = 20
"""Classes of a label at most, for numbers (our choice)."""

FEW_SHARE = 0.05
"""Classes per row at most, for numbers (our choice)."""


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """A role, and the evidence in one sentence."""

    role: Role
    why: str
    confidence: Confidence = Confidence.HIGH


LABEL_NAMES = (
    *("label", "labels", "target", "y", "outcome", "given_label", "ground_truth", "income"),
    *("survived", "species", "churn", "churned", "default", "credit_risk", "two_year_recid"),
    *("diagnosis", "fraud", "is_fraud", "sentiment", "emotion", "approved", "loan_status"),
    *("attrition", "exited", "converted", "clicked", "readmitted", "hired", "toxic", "spam"),
    *("is_spam", "class", "response"),
)
LABEL_ENDS = re.compile(r"(?:^|_)(?:label|target|class|outcome|risk|default|churn|y_true)$")

SENSITIVE = re.compile(
    r"(?:^|_)(?:sex|gender|race|ethnic\w*|religion|nationality|native_country|country_of_birth|"
    r"disab\w*|sexual_orientation|orientation|skin_colou?r|"
    r"age_?cat|age_?group|age_?band|age_?range|pregnan\w*|veteran|immigrant|citizenship)(?:$|_)"
)
AGE = re.compile(r"(?:^|_)age(?:_years|_in_years)?$")
AGE_BAND = re.compile(r"(?:^|_)age_?(?:cat|group|band|range|class)")
ANNOTATOR = re.compile(
    r"^(?:(?:annotator|rater|labell?er)(?:_?(?:id|name)|_?\d+)?"
    r"|(?:worker|coder|reviewer)(?:_?(?:id|name)|_?\d+))$"
)
SPLIT = re.compile(r"^(?:split|fold|set|subset|partition|dataset_split|is_train)$")
SPLITS = frozenset(
    {"train", "training", "test", "testing", "valid", "validation", "val", "dev", "eval"}
)
WEIGHT = re.compile(
    r"^(?:fnlwgt|(?:sample|sampling|case|survey|instance|row|observation)_?(?:weights?|wgt))$"
)
"""Names that can hardly mean anything else; a bare ``weight`` is most often a mass."""
SOURCE = re.compile(r"^(?:data_?source|source_?(?:file|dataset)|origin_?file|file_?of_?origin)$")
"""Names that can hardly mean anything else; a ``site`` or a ``batch`` may well be an input."""


def guess_roles(
    columns: Sequence[Column],
    values: Mapping[str, Sequence[str]],
    lows: Mapping[str, float | None],
    n_rows: int,
    models: Sequence[PredictedSet] = (),
) -> tuple[Column, ...]:
    """Return the columns with roles; at most one label.

    Parameters
    ----------
    values
        Field -> its different values, where they are few.
    lows
        Field -> its smallest number, where it holds numbers.
    models
        Columns of predicted probabilities: none of them is the label. Where no name says which
        column is, it is the only one whose classes they name.
    """
    names = [normal(c.name) for c in columns]
    guesses = [
        _alone(c, name, values.get(c.field), names) for c, name in zip(columns, names, strict=True)
    ]
    guesses = [
        RoleGuess(Role.FEATURE, "") if g.role is Role.WEIGHT and _is_negative(lows, c) else g
        for c, g in zip(columns, guesses, strict=True)
    ]
    label = _label(columns, names, values, n_rows, guesses, models=models)
    if label is not None:
        index, guess = label
        guesses[index] = guess
        guesses = _with_models(columns, guesses, columns[index], models)
    features = [c for c, g in zip(columns, guesses, strict=True) if g.role is Role.FEATURE]
    parts = embeddings(features) if len(features) >= FEWEST else {}
    guesses = [
        RoleGuess(Role.EMBEDDING, parts[c.field], Confidence.MEDIUM) if c.field in parts else g
        for c, g in zip(columns, guesses, strict=True)
    ]
    found = []
    for column, guess in zip(columns, guesses, strict=True):
        known = replace(
            column, role=guess.role, role_why=guess.why, role_confidence=guess.confidence
        )
        if guess.role is Role.LABEL:
            known = as_label(known, _n_values(known, values), n_rows)
        found.append(known)
    return tuple(found)


def _is_negative(lows: Mapping[str, float | None], column: Column) -> bool:
    """Whether a column holds a number below zero: no row can count so little."""
    low = lows.get(column.field)
    return low is not None and low < 0


def as_label(column: Column, n_distinct: int | None, n_rows: int) -> Column:
    """Return a label column whose few classes are named by the cell texts."""
    if column.kind is Kind.ORDINAL:
        return replace(column, storage=Storage.TEXT, format="")
    few = n_distinct is not None and is_few(n_distinct, n_rows)
    if column.kind is Kind.BOOLEAN or (column.kind.is_numeric and few):
        why = (
            f"{n_distinct} different values: they name classes." if n_distinct else column.kind_why
        )
        as_text = replace(column, storage=Storage.TEXT, format="", spelling=None)
        return replace(as_text, kind=Kind.CATEGORY, kind_why=why)
    return column


def is_few(n_distinct: int, n_rows: int) -> bool:
    """Whether so few different numbers name classes rather than measure."""
    few = n_distinct <= FEW and n_distinct <= FEW_SHARE * n_rows
    return few or n_distinct == 2  # noqa: PLR2004 - yes and no, however short the table


def _n_values(column: Column, values: Mapping[str, Sequence[str]]) -> int | None:
    found = values.get(column.field)
    return None if found is None else len(set(found) - set(column.disguised))


def _alone(  # noqa: C901, PLR0911 - one line per role
    column: Column, name: str, values: Sequence[str] | None, names: Sequence[str]
) -> RoleGuess:
    if column.kind is Kind.EMPTY:
        return RoleGuess(Role.IGNORE, "The column is empty.")
    if column.kind is Kind.CONSTANT:
        return RoleGuess(Role.IGNORE, "The column holds one value only, so it tells nothing.")
    if column.kind is Kind.IDENTIFIER:
        return RoleGuess(Role.ID, "The values name rows; a model would learn them by heart.")
    if ANNOTATOR.match(name):
        why = f"The name says who gave the label: “{column.name}”."
        return RoleGuess(Role.ANNOTATOR, why, Confidence.MEDIUM)
    if values and SPLIT.match(name) and {v.lower() for v in values} <= SPLITS:
        return RoleGuess(Role.SPLIT, "The values are names of parts, such as train and test.")
    if column.kind.is_numeric and WEIGHT.match(name):
        return RoleGuess(Role.WEIGHT, f"The name says how much a row counts: “{column.name}”.")
    if SENSITIVE.search(name) and (column.kind.is_discrete or values):
        return RoleGuess(Role.SENSITIVE, f"The name tells a group of people: “{column.name}”.")
    if AGE.search(name) and column.kind.is_numeric:
        return _age(column, names)
    if column.kind is Kind.DATETIME:
        return RoleGuess(Role.TIME, "The values are dates.")
    if column.kind is Kind.TEXT:
        return RoleGuess(Role.TEXT, "The values are free text.")
    if values and SOURCE.match(name) and column.kind is Kind.CATEGORY:
        why = f"The name says where a row comes from: “{column.name}”."
        return RoleGuess(Role.SOURCE, why, Confidence.MEDIUM)
    return RoleGuess(Role.FEATURE, "")


def _age(column: Column, names: Sequence[str]) -> RoleGuess:
    if any(AGE_BAND.search(name) for name in names):
        return RoleGuess(Role.FEATURE, "Age is sensitive, too; its bands stand in another column.")
    why = f"Age is protected in many laws. Add “{column.name}” to compare people by age."
    return RoleGuess(Role.FEATURE, why, Confidence.MEDIUM)


def _label(
    columns: Sequence[Column],
    names: Sequence[str],
    values: Mapping[str, Sequence[str]],
    n_rows: int,
    guesses: Sequence[RoleGuess],
    *,
    models: Sequence[PredictedSet],
) -> tuple[int, RoleGuess] | None:
    predicted = {field for model in models for field in model.classes}
    told_apart = {field for model in models for field in model.labels}
    able = [
        i
        for i, c in enumerate(columns)
        if c.field not in predicted
        and (c.kind.is_discrete or c.kind in {Kind.INTEGER, Kind.NUMBER})
        and guesses[i].role in {Role.FEATURE, Role.SENSITIVE}
        and not SENSITIVE.search(names[i])
        and (c.kind.is_numeric or c.field in told_apart or (_n_values(c, values) or 0) > 1)
    ]
    sure = {f for m in models if m.confidence is Confidence.HIGH for f in m.labels}
    likely = [i for i in able if columns[i].field in sure] or able
    for wanted in LABEL_NAMES:
        for i in likely:
            if names[i] == wanted:
                return i, _named(columns[i], Confidence.HIGH)
    for i in reversed(likely):
        if LABEL_ENDS.search(names[i]):
            return i, _named(columns[i], Confidence.MEDIUM)
    return _by_models(columns, able, models) or _last(columns, values, n_rows, able)


def _by_models(
    columns: Sequence[Column], able: Sequence[int], models: Sequence[PredictedSet]
) -> tuple[int, RoleGuess] | None:
    """Return the only column whose classes have predicted probabilities."""
    fields = {field for model in models for field in model.labels}
    found = [i for i in able if columns[i].field in fields]
    if len(found) != 1:
        return None
    shown = next(m.affix.shown() for m in models if columns[found[0]].field in m.labels)
    why = f"The columns “{shown}” hold a probability for each of its values."
    return found[0], RoleGuess(Role.LABEL, why, Confidence.MEDIUM)


def _with_models(
    columns: Sequence[Column],
    guesses: Sequence[RoleGuess],
    label: Column,
    models: Sequence[PredictedSet],
) -> list[RoleGuess]:
    """Return the guesses with the probabilities that are those of the label's classes.

    Of several models the surest counts, then the first.
    """
    own = [m for m in models if label.field in m.labels]
    if not own:
        return list(guesses)
    model = next((m for m in own if m.confidence is Confidence.HIGH), own[0])
    return [
        RoleGuess(Role.PREDICTED, model.why(c, label), model.confidence)
        if c.field in model.classes
        else guess
        for c, guess in zip(columns, guesses, strict=True)
    ]


def _named(column: Column, confidence: Confidence) -> RoleGuess:
    why = f"The name says what is to be learned: “{column.name}”."
    return RoleGuess(Role.LABEL, why, confidence)


def _is_one_of_many(column: Column, columns: Sequence[Column]) -> bool:
    """Whether a column is one of a numbered row: ``f01``, ``f02``, ``f03``."""
    stem = column.name.rstrip("0123456789")
    if stem == column.name:
        return False
    n_series = sum(1 for c in columns if c.name.rstrip("0123456789") == stem)
    return n_series > 2  # noqa: PLR2004 - two names may be alike by chance


def _last(
    columns: Sequence[Column],
    values: Mapping[str, Sequence[str]],
    n_rows: int,
    able: Sequence[int],
) -> tuple[int, RoleGuess] | None:
    """Return the last column, where it holds a few classes."""
    last = len(columns) - 1
    if last not in able or last < 1:
        return None
    if _is_one_of_many(columns[last], columns):
        return None
    n = _n_values(columns[last], values)
    if columns[last].kind is Kind.NUMBER or TIME_NAME.search(columns[last].name):
        return None
    if n is None or not 2 <= n <= min(FEW, FEW_SHARE * n_rows):  # noqa: PLR2004 - classes
        return None
    why = f"It is the last column and holds {n} classes."
    return last, RoleGuess(Role.LABEL, why, Confidence.LOW)
