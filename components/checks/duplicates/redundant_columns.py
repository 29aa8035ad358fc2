"""Find columns that say the same as another column.

What it looks for
-----------------
Columns that are equal, that rename each other's values one to one (a degree and its number), that
rank all rows alike, and short columns that follow entirely from another one.

Why it matters before training
------------------------------
A repeated column adds cost and no knowledge. It splits importance between twins, makes linear
weights unstable, and lets a removed attribute live on in its twin.

How it decides
--------------
A seeded sample of rows finds candidates: columns with the same pattern of repeated values, numbers
whose ranks correlate with at least 0.99 in size (Spearman), and columns with few values that
another column determines. Equal, one-to-one and determined columns are then confirmed on the
whole table, without a single exception; rank correlations are those of the sample. The line of
0.99 is far above the 0.5 (ydata-profiling) and 0.9 (deepchecks) of other tools on purpose: it
means “the same”, not “related”. The label is not compared: columns that give it away are a matter
of leakage.

What it cannot see
------------------
Columns that follow from two or more others. Twins with a few typing errors in categories. Free
texts with the same meaning. Columns that rename each other with more than 200,000 different values.

What to do
----------
Keep the column that people understand, and drop its twins. When one of them is sensitive, drop or
keep them together.

References
----------
Spearman 1904, Am. J. Psychology 15. deepchecks, feature-feature correlation. ydata-profiling,
high-correlation alert.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib.words import joined, listed, plural, quoted
from components.checks.duplicates import _column_pairs
from components.checks.duplicates._column_pairs import Link, Relation
from components.core.data.dataset import DatasetVersion, Role
from components.core.data.table import Sample, Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter

CHECK_ID = "duplicates.redundant_columns"
MAX_RANKED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundantColumnsParams:
    """Where the line is, and how much is looked at."""

    min_correlation: float = parameter(
        0.99,
        "Absolute rank correlation from which two numbers say the same.",
        unit="rank correlation",
        above=0,
        at_most=1,
    )
    sample_rows: int = parameter(
        5_000,
        "Rows of the sample that finds candidates.",
        unit="rows",
        within=(100, 100_000),
        source="ours: bounds time",
    )
    max_columns: int = parameter(
        1_000,
        "Most columns compared for rank correlation.",
        unit="columns",
        within=(2, 5_000),
        source="ours: bounds time and memory",
    )
    max_values: int = parameter(
        50,
        "Most different values of a column that determines another.",
        unit="values",
        within=(2, 10_000),
    )
    min_rows: int = parameter(
        10,
        "Rows per value, on average, for a determining column, and rows of the rarest value of "
        "the determined one; fewer could agree by chance.",
        unit="rows",
        at_least=1,
    )


@check(
    title="Columns that say the same",
    needs=Needs(min_rows=20),
    cost=Cost.SAMPLE,
    params=RedundantColumnsParams,
    sources=("Spearman 1904", "deepchecks, feature-feature correlation"),
    version=2,
)
def redundant_columns(
    table: Table, params: RedundantColumnsParams, run: RunContext
) -> Iterator[Item]:
    """Find candidates on a sample, and confirm them on the whole table."""
    names = [c.name for c in table.version.single_inputs]
    if len(names) < 2:  # noqa: PLR2004 - a twin needs two
        raise NotApplicable("The table has fewer than two input columns.")
    sample = table.sample(params.sample_rows, seed=run.seed, columns=names)
    links = _column_pairs.renamed(table, sample, names)
    run.progress(0.4, "comparing ranks")
    exact = {frozenset((link.a, link.b)) for link in links}
    ranked = [
        link
        for link in _column_pairs.rank_correlations(
            sample, table.version, params.max_columns, params.min_correlation
        )
        if frozenset((link.a, link.b)) not in exact
    ]
    links += [link for link in ranked if link.strength >= params.min_correlation]
    yield _ranking(ranked, links, params)
    run.progress(0.6, "looking for columns that follow from others")
    clusters = _column_pairs.clusters(names, links)
    for cluster in clusters:
        inside = [link for link in links if link.a in cluster]
        yield _twins(table.version, cluster, inside, params)
    twins = {name for cluster in clusters for name in cluster[1:]}
    others = [name for name in names if name not in twins]
    limits = (params.max_values, params.min_rows)
    follows = _column_pairs.determined(table, sample, others, limits)
    if follows:
        yield _follows(table.version, follows)
    yield _coverage(sample, len(names), params)


def _coverage(sample: Sample, n_columns: int, params: RedundantColumnsParams) -> Coverage:
    seen = len(sample.row_id)
    notes = []
    if not sample.is_whole:
        notes.append(f"Rank correlations come from a sample of {plural(seen, 'row')}.")
    if n_columns > params.max_columns:
        notes.append(f"Ranks were compared among {params.max_columns:,} columns at most.")
    return Coverage(
        rows_seen=seen,
        rows_total=sample.n_total,
        sampled=not sample.is_whole,
        note=" ".join(notes),
    )


def _ranking(ranked: list[Link], links: list[Link], params: RedundantColumnsParams) -> Ranking:
    exact = [link for link in links if link.relation is not Relation.RANKS]
    shown = sorted([*exact, *ranked], key=lambda k: (-k.strength, k.a, k.b))[:MAX_RANKED]
    return Ranking(
        name="Pairs of columns that are most alike",
        axis="how much alike (1 = the same)",
        unit=Unit.SCORE,
        items=tuple(f"{link.a} ~ {link.b}" for link in shown),
        values=tuple(link.strength for link in shown),
        notes=tuple(link.relation.value for link in shown),
        threshold=params.min_correlation,
    )


def _twins(
    version: DatasetVersion, cluster: list[str], links: list[Link], params: RedundantColumnsParams
) -> Finding:
    sensitive = [n for n in cluster if version.column(n).role is Role.SENSITIVE]
    weakest = min(link.strength for link in links)
    exact = all(link.relation is not Relation.RANKS for link in links)
    if all(link.relation is Relation.EQUAL for link in links):
        said = "They hold the same value in every row."
    elif exact:
        said = "Each value of one belongs to one value of the other, without exception."
    else:
        least = math.floor(weakest * 1000) / 1000
        said = f"They rank the rows alike: the rank correlation is {least:.3f} or more in size."
    n = len(cluster)
    return Finding(
        check_id=CHECK_ID,
        key=f"twins:{cluster[0]}",
        title=f"{plural(n, 'column')} say the same: {listed(cluster, limit=4)}",
        detail=f"{said} The repetition adds cost and no knowledge, and splits importance "
        "between twins.",
        severity=Severity.INFO,
        measure=Measure(name="Strength of the weakest link", value=weakest, unit=Unit.SCORE),
        threshold=None
        if exact
        else Threshold(
            value=params.min_correlation,
            param="min_correlation",
            source="far above the 0.9 of deepchecks: “the same”, not “related”",
        ),
        affected=Affected(columns=tuple(cluster)),
        recommended_action=f"Decide on them together: {listed(sensitive)} "
        f"{'is' if len(sensitive) == 1 else 'are'} sensitive and would live on in a twin."
        if sensitive
        else f"Keep one, and drop {'the other' if n == 2 else 'the others'}.",  # noqa: PLR2004 - a pair
        caveat="Twins in this file may differ in data to come."
        if exact
        else "Alike in rank can still differ in size (a number and its logarithm).",
    )


def _follows(version: DatasetVersion, follows: list[tuple[str, str]]) -> Finding:
    pairs = [f"{quoted(target)} from {quoted(source)}" for target, source in follows]
    sensitive = [t for t, _ in follows if version.column(t).role is Role.SENSITIVE]
    more = f" and {len(pairs) - 8} more" if len(pairs) > 8 else ""  # noqa: PLR2004 - enough to read
    n = len(follows)
    return Finding(
        check_id=CHECK_ID,
        key="follows",
        title=f"{plural(n, 'column follows', 'columns follow')} from another one: "
        f"{listed([target for target, _ in follows], limit=3)}",
        detail=f"These can be told without exception: {joined(pairs[:8])}{more}. "
        "A coarser copy adds little for most models.",
        severity=Severity.INFO,
        measure=Measure(name="Columns that follow", value=float(n), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=tuple(dict.fromkeys(name for pair in follows for name in pair))),
        recommended_action=f"Note that {listed(sensitive)} can be told from another column; "
        "dropping it alone hides nothing."
        if sensitive
        else "Drop the coarser column, unless people need it to read the result.",
        caveat="It holds for this file; more rows may bring an exception.",
    )
