"""Findings about empty columns, missing labels, and words that stand for missing."""

from __future__ import annotations

from collections.abc import Iterator

from components.checks._lib.words import joined, listed, of_rows, plural, quoted, share
from components.checks.completeness._mean_ties import ComparedGap
from components.checks.completeness._missing_patterns import rows_with_gaps
from components.core.data.dataset import Role
from components.core.data.query import AnyOf, Missing
from components.core.data.table import Table
from components.core.facts.profile import ColumnProfile
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

CHECK_ID = "completeness.missing_values"


def written(column: ColumnProfile) -> str:
    """Return how missing values are written in a column, "" where cells are just empty."""
    words = [word for word, n in column.disguised.items() if n]
    how = "written" if sum(column.disguised.values()) == column.n_missing else "in part written"
    return f"{how} as {listed(words, limit=3)}" if words else ""


def empty_columns(watched: list[ColumnProfile]) -> Iterator[Finding]:
    """Tell the columns without any value, all in one finding."""
    names = [c.name for c in watched if c.n_missing == c.n and c.role is not Role.LABEL]
    if names:
        one = len(names) == 1
        yield Finding(
            check_id=CHECK_ID,
            key="empty_columns",
            title=f"{plural(len(names), 'column')} without any value: {listed(names, limit=3)}",
            detail=f"{listed(names, limit=20)} {'is' if one else 'are'} empty in all "
            f"{plural(watched[0].n, 'row')}. A column without values teaches a model nothing.",
            severity=Severity.WARNING,
            measure=Measure(name="Columns without any value", value=len(names), unit=Unit.COUNT),
            threshold=None,
            affected=Affected(columns=tuple(names)),
            recommended_action="Drop it, or repair the export that should have filled it."
            if one
            else "Drop them, or repair the export that should have filled them.",
            caveat="It cannot tell a column that was never used from one that got lost.",
        )


def small_gaps(
    table: Table, missing: dict[str, int], line: float, compared: list[ComparedGap]
) -> Iterator[Finding]:
    """Tell the columns with a few gaps, all in one finding; ``missing`` maps them to rows."""
    if not missing:
        return
    n, touched = table.version.n_rows, rows_with_gaps(table, list(missing))
    names = sorted(missing, key=lambda name: (-missing[name], name))
    largest = missing[names[0]]
    told = ", ".join(f"{quoted(name)} in {of_rows(missing[name], n)}" for name in names[:8])
    more = f" and {len(names) - 8:,} more" if len(names) > 8 else ""  # noqa: PLR2004 - enough
    yield Finding(
        check_id=CHECK_ID,
        key="small_gaps",
        title=f"{plural(len(names), 'column')} with small gaps, up to {share(largest / n)} of rows:"
        f" {listed(names, limit=3)}",
        detail=f"No value for {told}{more}.{_compared(compared)}",
        severity=Severity.INFO,
        measure=Measure(
            name="Largest share of rows without a value", value=largest / n, unit=Unit.SHARE, n=n
        ),
        threshold=Threshold(
            value=line, param="note_share", source="ydata-profiling names columns above 1 %"
        ),
        affected=Affected(columns=tuple(names), n_rows=touched, share=touched / n),
        recommended_action="Fill the gaps inside the training pipeline, from training rows only.",
        caveat="With few gaps, a tie to another column can go unnoticed.",
    )


def _compared(compared: list[ComparedGap]) -> str:
    """Return a sentence about comparisons of which none is a tie; "" without any."""
    if not compared:
        return ""
    partners = listed(dict.fromkeys(judged.tie.by for judged in compared), limit=3)
    if any(judged.holds for judged in compared):
        return f" Compared with {partners}, the gaps differ by little where they differ."
    return f" Compared with {partners}, no difference could be told from chance."


def missing_labels(table: Table, watched: list[ColumnProfile]) -> Iterator[Finding]:
    """Tell the rows without a label."""
    label = next((c for c in watched if c.role is Role.LABEL), None)
    if label is None or not label.n_missing:
        return
    part = label.n_missing / label.n
    none = label.n_missing == label.n
    severe = Severity.WARNING if part >= 0.01 else Severity.INFO  # noqa: PLR2004 - 1 %
    yield Finding(
        check_id=CHECK_ID,
        key="missing_labels",
        title=f"All {plural(label.n, 'row')} lack a label"
        if none
        else f"{plural(label.n_missing, 'row')} of {label.n:,} {_have(label.n_missing)} no label",
        detail=f"{quoted(label.name)} is missing in {of_rows(label.n_missing, label.n)}"
        f"{', ' + written(label) if written(label) else ''}. "
        "Supervised training cannot use a row without a label.",
        severity=Severity.CRITICAL if none else severe,
        measure=Measure(name="Share of rows without a label", value=part, unit=Unit.SHARE),
        threshold=None,
        affected=Affected(
            columns=(label.name,),
            n_rows=label.n_missing,
            share=part,
            row_id=tuple(int(i) for i in table.row_ids(Missing(label.name), limit=50)),
        ),
        recommended_action="Label these rows, or leave them out of training on purpose.",
        caveat="It cannot tell rows that were never labelled from labels that got lost.",
    )


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def disguised(table: Table, watched: list[ColumnProfile]) -> Iterator[Finding]:
    """Tell the words that were read as missing, all in one finding."""
    found = [(c.name, {w: n for w, n in c.disguised.items() if n}) for c in watched]
    found = [(name, by_word) for name, by_word in found if by_word]
    if not found:
        return
    words = list(dict.fromkeys(word for _, by_word in found for word in by_word))
    n_cells = sum(sum(by_word.values()) for _, by_word in found)
    told = [
        f"{quoted(name)} ({joined([f'{n:,} × {quoted(w)}' for w, n in by_word.items()])})"
        for name, by_word in found
    ]
    more = f" and {len(told) - 8} more columns" if len(told) > 8 else ""  # noqa: PLR2004 - enough
    yield Finding(
        check_id=CHECK_ID,
        key="disguised",
        title=f"{listed(words, limit=3)} {'stands' if len(words) == 1 else 'stand'} for a missing "
        f"value in {plural(n_cells, 'cell')} of {plural(len(found), 'column')}",
        detail=f"Read as missing: {', '.join(told[:8])}{more}. Left as words, they would be "
        "taken for a category of their own.",
        severity=Severity.INFO,
        measure=Measure(name="Cells with a word for missing", value=n_cells, unit=Unit.COUNT),
        threshold=None,
        affected=_with_words(table, dict(found), watched),
        recommended_action="Check that these words mean “unknown”; set the kind of a column to "
        "text where they do not.",
        caveat="In some columns such a word is a real answer (“none”, “not applicable”).",
    )


def _with_words(
    table: Table, found: dict[str, dict[str, int]], watched: list[ColumnProfile]
) -> Affected:
    """Return the columns with words for missing, and their rows where the table tells them.

    It keeps no word apart from an empty cell, so rows are counted only where all gaps of these
    columns are words.
    """
    names = tuple(found)
    gaps = {c.name: c.n_missing for c in watched}
    if any(gaps[name] != sum(found[name].values()) for name in names):
        return Affected(columns=names)
    n = rows_with_gaps(table, list(names))
    where = AnyOf(tuple(Missing(name) for name in names))
    return Affected(
        columns=names,
        n_rows=n,
        share=n / table.version.n_rows,
        row_id=tuple(int(i) for i in table.row_ids(where, limit=50)),
    )
