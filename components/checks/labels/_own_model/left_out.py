"""What is said about rows and classes without predicted probabilities, where others have them."""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib import words
from components.checks.labels._own_model.findings import CANNOT, named, rows_of
from components.checks.labels._own_model.given import FaultyRows, GivenProbabilities, Unusable
from components.checks.labels._own_model.limits import ID
from components.checks.labels._own_model.own_model import OwnModel
from components.core.data.dataset import Column
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity

_SAID = {
    Unusable.MISSING: "a missing probability",
    Unusable.OUTSIDE: "a number outside of 0 to 1",
    Unusable.SUM: "probabilities that do not sum to 1",
}
_DO = {
    Unusable.MISSING: "Predict these rows, too, with a model that had not seen them.",
    Unusable.OUTSIDE: "Correct these numbers in the file.",
    Unusable.SUM: "Write the probabilities of all classes for these rows.",
}


def left_out(found: OwnModel, given: GivenProbabilities, label: Column) -> Iterator[Finding]:
    """Yield what is wrong with some rows or classes, where the others are used."""
    for fault, said in _SAID.items():
        faulty = given.faults[fault]
        if faulty.n:
            yield _some_rows(found, given, faulty, said, fault)
    if found.columns.without_column:
        yield _class_without_column(found, given, label)
    if found.columns.without_class:
        yield _column_without_class(found, label)


def _noted(
    key: str, title: str, detail: str, *, measure: Measure, affected: Affected, action: str
) -> Finding:
    return Finding(
        check_id=ID,
        key=key,
        title=title,
        detail=detail,
        severity=Severity.INFO,
        measure=measure,
        threshold=None,
        affected=affected,
        recommended_action=action,
        caveat=CANNOT,
    )


def _some_rows(
    found: OwnModel, given: GivenProbabilities, faulty: FaultyRows, said: str, fault: Unusable
) -> Finding:
    share = faulty.n / max(1, given.n_labelled)
    verb = "has" if faulty.n == 1 else "have"
    return _noted(
        f"rows_{fault.name.lower()}",
        f"{words.plural(faulty.n, 'row')} {verb} {said} in {named(found)}",
        f"The labels of these rows ({words.share(share)} of those with a label) are not judged.",
        measure=Measure(name=f"rows with {said}", value=share, unit=Unit.SHARE, n=given.n_labelled),
        affected=rows_of(found, faulty.n, faulty),
        action=_DO[fault],
    )


def _class_without_column(found: OwnModel, given: GivenProbabilities, label: Column) -> Finding:
    faulty, names = given.faults[Unusable.NO_COLUMN], found.columns.without_column
    n = len(names)
    one = n == 1
    return _noted(
        "classes_without_column",
        f"{words.plural(n, 'class', 'classes')} of {words.quoted(label.name)} "
        f"{'has' if one else 'have'} no column of probabilities: {words.listed(names, limit=2)}",
        f"No column is called {named(found)} with {words.listed(names)} in it. The "
        f"{words.plural(faulty.n, 'row')} of {'that class are' if one else 'these classes are'} "
        "not judged, and no label is suggested to be of it.",
        measure=Measure(name="Classes without a column", value=float(n), unit=Unit.COUNT),
        affected=rows_of(found, faulty.n, faulty),
        action="Add the column, or call the one that holds these probabilities after the class.",
    )


def _column_without_class(found: OwnModel, label: Column) -> Finding:
    names = found.columns.without_class
    n = len(names)
    return _noted(
        "columns_without_class",
        f"{words.plural(n, 'column')} of probabilities {'names' if n == 1 else 'name'} a class "
        f"that no row of {words.quoted(label.name)} has: {words.listed(names, limit=2)}",
        "Its probabilities count when a row is judged, but no label is doubted in its favour: how "
        "sure the model usually is of that class cannot be told.",
        measure=Measure(name="Columns without a class", value=float(n), unit=Unit.COUNT),
        affected=Affected(columns=names),
        action="If the class is spelt otherwise in the label, write it in one way. If it is there "
        "in no row, nothing has to be done.",
    )
