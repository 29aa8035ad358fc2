"""Find classes that are rare, and those that are too rare to learn or to test.

What it looks for
-----------------
Labels where the smallest class has far fewer rows than the largest one, classes with fewer rows
than cross-validation needs, and classes that are written as numbers.

Why it matters before training
------------------------------
A model that never predicts a rare class still looks accurate. With a handful of rows, neither
learning nor testing says anything about the class.

How it decides
--------------
That a class is rare may be true in the world, so it is told as information, with the measures that
suit it: when the smallest class has under a tenth of the rows of the largest one (the line of
deepchecks). What always guessing the largest class gets is said beside it. A class asks for review
when it has fewer rows than the five folds that cross-validation usually makes (the default of
cleanlab): it can be neither learned nor tested. Such classes are told apart from the others. Rows
without a label are not counted. Whether a rare class can be learned is said by another check, which
asks whether the label can be learned at all.

What it cannot see
------------------
Whether rarity is true in the world or made by the collection. Whether a rare class is easy to tell:
some are learned from few rows. Imbalance inside subgroups.

What to do
----------
Judge models by recall and precision of each class, or by average precision, not by accuracy. Split
so that each part has the same share of each class. Collect more rows of rare classes, or merge
classes that mean nearly the same.

References
----------
deepchecks, class imbalance (ratio of at least 0.1). cleanlab 2.9, cross-validation
(5 folds). He, Garcia 2009, IEEE TKDE 21. Saito, Rehmsmeier 2015, PLOS ONE 10 (average precision).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import ask
from components.checks._lib.words import listed, plural, quoted, share
from components.core.data.dataset import Column, Role, Storage, Task
from components.core.data.query import Agg, Fn, Missing, Not, OneOf, Scalar
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Distribution, Measure, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter

CHECK_ID = "labels.class_imbalance"
MAX_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassImbalanceParams:
    """Where the lines are."""

    min_ratio: float = parameter(
        0.1,
        "Rows of the smallest over rows of the largest class, below which it is told.",
        unit="ratio",
        within=(0, 1),
        source="deepchecks: 0.1",
    )
    min_rows: int = parameter(
        5,
        "Fewest rows of a class that cross-validation can spread over its folds.",
        unit="rows",
        at_least=1,
        source="cleanlab: 5",
    )


@check(
    title="Rare classes",
    needs=Needs(roles=(Role.LABEL,), task=Task.CLASSIFICATION),
    cost=Cost.SCAN,
    params=ClassImbalanceParams,
    sources=("deepchecks, class imbalance", "cleanlab 2.9", "He, Garcia 2009, IEEE TKDE 21"),
    version=2,
)
def class_imbalance(table: Table, params: ClassImbalanceParams, run: RunContext) -> Iterator[Item]:
    """Count the classes, and tell the rare ones."""
    label = table.version.with_roles(Role.LABEL)[0]
    run.progress(0.0)
    counts = _counts(table, label)
    if len(counts) < 2:  # noqa: PLR2004 - nothing to compare
        raise NotApplicable(f"The label {quoted(label.name)} has fewer than two classes.")
    labelled = sum(n for _, n in counts)
    yield _distribution(label, counts)
    ratio = counts[-1][1] / counts[0][1]
    yield Measure(
        name="Smallest class, as a share of the largest", value=ratio, unit=Unit.SHARE, n=labelled
    )
    tiny = [(value, n) for value, n in counts if n < params.min_rows]
    rest = counts[: len(counts) - len(tiny)]
    if rest and rest[-1][1] / rest[0][1] < params.min_ratio:
        yield _imbalanced(label, rest, (labelled, table.version.n_rows), params)
    if tiny:
        yield _tiny(table, label, tiny, len(counts), params)
    if _is_coded(label, counts):
        yield _coded(label, counts)
    yield _coverage(labelled, table.version.n_rows)


def _counts(table: Table, label: Column) -> list[tuple[Scalar, int]]:
    """Return the classes and their rows, most frequent first, then by value."""
    records = table.groups(
        [label.name], {"n": Agg(Fn.ROWS)}, where=Not(Missing(label.name)), order_by="n"
    )
    return [(record[label.name], ask.whole(record["n"])) for record in records]


def _coverage(labelled: int, n: int) -> Coverage:
    missing = n - labelled
    note = f"{plural(missing, 'row')} without a label left out." if missing else ""
    return Coverage(rows_seen=labelled, rows_total=n, note=note)


def _distribution(label: Column, counts: list[tuple[Scalar, int]]) -> Distribution:
    shown = counts[:MAX_SHOWN] if len(counts) <= MAX_SHOWN else counts[: MAX_SHOWN - 1]
    names = [label.text_of(value) for value, _ in shown]
    rows = [n for _, n in shown]
    if len(shown) < len(counts):
        names.append(f"({len(counts) - len(shown):,} rarer classes)")
        rows.append(sum(n for _, n in counts[len(shown) :]))
    return Distribution(
        name="Rows per class",
        axis=label.name,
        counts={"": tuple(rows)},
        categories=tuple(names),
    )


def _imbalanced(
    label: Column,
    counts: list[tuple[Scalar, int]],
    rows: tuple[int, int],
    params: ClassImbalanceParams,
) -> Finding:
    labelled, n_rows = rows
    (most, n_most), (rarest, n_rarest) = counts[0], counts[-1]
    largest, smallest = quoted(label.text_of(most)), quoted(label.text_of(rarest))
    ratio = n_rarest / n_most
    return Finding(
        check_id=CHECK_ID,
        key="imbalance",
        title=f"{smallest} has {share(n_rarest / labelled)} of the labelled rows, "
        f"{largest} has {share(n_most / labelled)}",
        detail=f"{plural(n_rarest, 'row')} against {n_most:,}: the smallest class is "
        f"{share(ratio)} of the largest. Always guessing {largest} gets "
        f"{share(n_most / labelled)} right and has learned nothing.",
        severity=Severity.INFO,
        measure=Measure(
            name="Smallest class, as a share of the largest",
            value=ratio,
            unit=Unit.SHARE,
            n=labelled,
        ),
        threshold=Threshold(
            value=params.min_ratio, param="min_ratio", source="deepchecks: at least 0.1"
        ),
        affected=Affected(
            columns=(label.name,),
            groups=(label.text_of(rarest),),
            n_rows=n_rarest,
            share=n_rarest / n_rows,
        ),
        recommended_action="Judge by recall and precision of each class, or by average precision, "
        "not by accuracy, and split so that each part has the same share of each class.",
        caveat="The rarity may be true in the world; then it is a matter of judging, not of "
        "repair.",
    )


def _tiny(
    table: Table,
    label: Column,
    tiny: list[tuple[Scalar, int]],
    n_classes: int,
    params: ClassImbalanceParams,
) -> Finding:
    names = [label.text_of(value) for value, _ in tiny]
    values = tuple(value for value, _ in tiny if value is not None)[:50]
    n = sum(count for _, count in tiny)
    return Finding(
        check_id=CHECK_ID,
        key="tiny_classes",
        title=f"{len(tiny):,} of {plural(n_classes, 'class', 'classes')} "
        f"{'has' if len(tiny) == 1 else 'have'} under {params.min_rows} rows: "
        f"{listed(names, limit=3)}",
        detail=f"{plural(n, 'row')} in all. Such a class cannot be in every fold of a "
        "cross-validation, so no score can be given for it.",
        severity=Severity.WARNING,
        measure=Measure(name="Classes with too few rows", value=float(len(tiny)), unit=Unit.COUNT),
        threshold=Threshold(
            value=float(params.min_rows),
            param="min_rows",
            source="five folds of cross-validation, the default of cleanlab",
        ),
        affected=Affected(
            columns=(label.name,),
            groups=tuple(names[:50]),
            n_rows=n,
            share=n / table.version.n_rows,
            row_id=tuple(int(i) for i in table.row_ids(OneOf(label.name, values), limit=50)),
        ),
        recommended_action="Check them for typing errors; collect more rows, merge the classes, or "
        "leave them out on purpose.",
        caveat="It counts rows only; it does not say whether the class is hard.",
    )


def _is_coded(label: Column, counts: list[tuple[Scalar, int]]) -> bool:
    """Return whether classes are numbers whose meaning is not plain; 0 and 1 are."""
    values = {label.text_of(value) for value, _ in counts}
    numeric = label.storage in {Storage.INTEGER, Storage.NUMBER}
    return values != {"0", "1"} and (numeric or all(_is_whole(text) for text in values))


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _coded(label: Column, counts: list[tuple[Scalar, int]]) -> Finding:
    names = sorted(label.text_of(value) for value, _ in counts)
    return Finding(
        check_id=CHECK_ID,
        key="coded_classes",
        title=f"The {len(counts)} classes of {quoted(label.name)} are written as numbers: "
        f"{listed(names, limit=4)}",
        detail="They are treated as names of classes, not as amounts. A tool that takes them for "
        "amounts would learn a regression.",
        severity=Severity.INFO,
        measure=Measure(name="Classes", value=float(len(counts)), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=(label.name,)),
        recommended_action="Write down what each number means; set the kind of the label to number "
        "if it is an amount.",
        caveat="It cannot know what the numbers mean.",
    )
