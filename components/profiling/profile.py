"""The profile of a table: every fact, in a bounded number of passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.core.facts.profile import Bins, ColumnProfile, DatasetProfile, TopValue
from components.core.progress import Progress, silent
from components.engine.table.open_table import SqlTable
from components.profiling import short_tables
from components.profiling.column import histograms
from components.profiling.column.fact_types import QUANTILES, ColumnFacts, Split
from components.profiling.long_columns import gather as long_columns
from components.profiling.rows import row_facts
from components.profiling.rows.row_facts import LabelClasses
from components.profiling.rows.row_fingerprints import WholeRows
from components.profiling.value_text import cut

FEW_CLASSES = 10
"""Up to so many classes of the label, values and histograms are split by class."""


_HUNDRED = 100


def profile(
    table: SqlTable,
    *,
    disguised: Mapping[str, dict[str, int]] | None = None,
    progress: Progress | None = None,
) -> DatasetProfile:
    """Return the facts about a table and each of its columns.

    Extremes, moments and quantiles leave infinite values out; they are counted apart. Up to
    1,000,000 rows everything is exact, but for what texts are made of in columns with more than
    100,000 different ones or 4 million characters: one seeded sample, which says so. Above, that
    holds for columns with at most 50,000 different values; of the others, distinct values are
    estimated, quantiles come from a sample above 2,000,000 rows, and frequent values are found in
    a sample and counted exactly (so they are in a column of over 100 MB, too).

    Parameters
    ----------
    disguised
        By field, the rows per placeholder of a missing value. Placeholders are null in the table,
        so they are counted in the cell texts.
    progress
        Called with the share that is done, in [0, 1], and the next step.

    Notes
    -----
    Short tables are read once, some columns at a time, and computed in memory. Columns of long
    tables are grouped by value in the engine; those with too many values are scanned about five
    times, however many facts there are. Memory is bounded by the size of the batches and
    the limit of the engine.
    """
    say = _Steps(progress or silent)
    version = table.version
    say(0.0, "columns")
    classes = row_facts.classes(table)
    split = _split(version.label, classes)
    found, seen = short_tables.gather(table, split, lambda done: say(0.8 * done, "columns"))
    rest = [c for c in version.columns if c.field not in found]
    found |= long_columns.gather(table, rest, split, lambda done: say(0.8 * done, "columns"))
    words = disguised or {}
    say(0.8, "rows")
    n_distinct = {field: facts.values.n_distinct for field, facts in found.items()}
    without_keys = _repeats_without_keys(table, seen, n_distinct)
    made = DatasetProfile(
        n_rows=version.n_rows,
        n_columns=len(version.columns),
        columns=tuple(
            _column(c, version.n_rows, found[c.field], words.get(c.field, {}), split)
            for c in version.columns
        ),
        n_repeats=_repeats(table, seen, n_distinct, without_keys),
        n_repeats_without_keys=without_keys,
        keys=tuple(c.name for c in row_facts.key_columns(version)),
        bytes_file=table.n_bytes,
        bytes_memory=_bytes_memory(version.columns, found, version.n_rows),
        label_counts=None if classes is None else classes.names,
        n_classes=None if classes is None else classes.n,
        missing_per_row=_missing_per_row(table, found, seen),
    )
    say(1.0, "")
    return made


def _split(label: Column | None, classes: LabelClasses | None) -> Split | None:
    if label is None or classes is None or not 0 < classes.n <= FEW_CLASSES:
        return None
    return Split(column=label, names={value: label.text_of(value) for value, _ in classes.counts})


def _repeats(
    table: SqlTable,
    seen: WholeRows | None,
    n_distinct: Mapping[str, int],
    without_keys: int | None,
) -> int | None:
    columns = table.version.columns
    if not columns:
        return None
    if without_keys == 0 or (seen is not None and not seen.may_repeat):
        return 0
    if seen is None and not row_facts.may_repeat(table, columns, n_distinct):
        return 0
    return row_facts.repeats(table, columns)


def _repeats_without_keys(
    table: SqlTable, seen: WholeRows | None, n_distinct: Mapping[str, int]
) -> int | None:
    keys = row_facts.key_columns(table.version)
    others = [c for c in table.version.columns if c not in keys]
    if not keys or not others:
        return None
    if seen is not None and not seen.may_repeat_without_keys:
        return 0
    if seen is None and not row_facts.may_repeat(table, others, n_distinct):
        return 0
    return row_facts.repeats(table, others)


def _missing_per_row(
    table: SqlTable, found: dict[str, ColumnFacts], seen: WholeRows | None
) -> dict[int, int]:
    if seen is not None:
        return row_facts.gaps_counted(seen.gaps)
    n_rows = table.version.n_rows
    columns = table.version.columns
    incomplete = [c for c in columns if found[c.field].measures.n_present < n_rows]
    return row_facts.missing_per_row(table, incomplete)


def _bytes_memory(columns: tuple[Column, ...], found: dict[str, ColumnFacts], n_rows: int) -> int:
    bits = -(-n_rows // 8)
    wide = sum(bits if c.storage is Storage.BOOLEAN else 8 * n_rows for c in columns)
    texts = sum(found[c.field].measures.n_bytes or 0 for c in columns)
    return wide + texts + bits * len(columns)


class _Steps:
    """Tells each hundredth of the work once, so that a wide table does not talk all the time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = -1

    def __call__(self, done: float, note: str) -> None:
        step = int(done * _HUNDRED)
        if step > self._told:
            self._told = step
            self._progress(done, note)


def _column(
    column: Column,
    n_rows: int,
    facts: ColumnFacts,
    words: dict[str, int],
    split: Split | None,
) -> ColumnProfile:
    by_label = split if split is not None and split.column != column else None
    made = ColumnProfile(
        name=column.name,
        kind=column.kind,
        role=column.role,
        n=n_rows,
        n_missing=n_rows - facts.measures.n_present,
        disguised=words,
        n_distinct=facts.values.n_distinct,
        distinct_exact=facts.values.exact,
        bins=_bins(column, facts, by_label),
        top=tuple(
            _top(column.text_of(value), value, n, facts, by_label) for value, n in facts.values.top
        ),
        n_top=facts.values.n_top,
        texts=facts.texts,
        times=facts.times,
        digits=facts.digits,
    )
    return _measured(made, facts)


def _measured(made: ColumnProfile, facts: ColumnFacts) -> ColumnProfile:
    """Return the profile of a column with its single numbers."""
    m = facts.measures
    is_number = m.mean is not None or m.n_zero is not None
    quantiles = zip(QUANTILES, m.quantiles, strict=True) if is_number and m.quantiles else ()
    return replace(
        made,
        minimum=_short(m.minimum),
        maximum=_short(m.maximum),
        mean=m.mean,
        sd=m.sd if facts.shape.sd is None else facts.shape.sd,
        skew=facts.shape.skew,
        kurtosis=facts.shape.kurtosis,
        quantiles={f"{q:g}": value for q, value in quantiles} or None,
        quantiles_exact=m.quantiles_exact,
        n_zero=m.n_zero,
        n_negative=m.n_negative,
        n_infinite=m.n_infinite,
        n_whole=m.n_whole,
        length_min=m.length_min,
        length_mean=m.length_mean,
        length_max=m.length_max,
    )


def _short(value: Scalar) -> Scalar:
    return cut(value) if isinstance(value, str) else value


def _bins(column: Column, facts: ColumnFacts, split: Split | None) -> Bins | None:
    edges = histograms.scale(column, facts.measures)
    if edges is None:
        return None
    return histograms.histogram(edges, facts.bins, None if split is None else split.names)


def _top(
    text: str, value: Scalar, n_rows: int, facts: ColumnFacts, split: Split | None
) -> TopValue:
    if split is None:
        return TopValue(value=cut(text), count=n_rows)
    counts = facts.by_class
    by_label = {name: counts.get((value, label), 0) for label, name in split.names.items()}
    return TopValue(value=text, count=n_rows, by_label=by_label)
