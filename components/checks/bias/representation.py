"""Find groups of people who are hardly in the table.

What it looks for
-----------------
For each sensitive attribute: how many rows each group has, groups with too few rows to say anything
about them, and pairs of attributes whose combinations are nearly empty.

Why it matters before training
------------------------------
A model is tuned to the groups it sees most. For a group with a handful of rows, nobody can even
measure whether the model works.

How it decides
--------------
A group is told when it has fewer than 30 rows or under 1 % of the rows. With 30 rows, the 95 %
interval of a share near one half is 34 points wide, so no rate can be told from another. That is a
statement about evidence, not a fault of the table, so it is worth knowing and asks for no review.
The line of 1 % is the one below which deepchecks merges categories. Combinations of two attributes
are told when they have fewer than 30 rows although both groups have more, and although the table
has 30 rows for each on average. Numbers such as age are cut into bands at round values, ages also
at 26, 40 and 62. Shares carry Wilson intervals, as if the rows were drawn at random.

What it cannot see
------------------
Whether the shares fit the people the model will meet: that needs a reference population. Groups
that no column names. Combinations of three and more attributes.

What to do
----------
Compare the shares with the people the model is for. Collect more rows of small groups, or say
openly that the model was not tested on them. Do not merge groups only to make them larger.

References
----------
Wilson 1927, JASA 22. Buolamwini, Gebru 2018, FAT*: combinations of attributes. deepchecks, drift
checks (categories under 1 %).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from components.checks._lib import ask, stats
from components.checks._lib.groups.attributes import Attribute, Group, attributes
from components.checks._lib.words import listed, of_rows, plural, quoted, share
from components.core.data.dataset import Role
from components.core.data.query import Agg, AllOf, AnyOf, Fn
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import GroupMetrics, Matrix, Measure, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter

CHECK_ID = "bias.representation"
MAX_CROSSED = 12
MAX_PAIRS = 6
NAMED = 50
"""Combinations that a finding names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationParams:
    """Where the lines are."""

    min_rows: int = parameter(
        30,
        "Fewest rows of a group about which a rate says anything.",
        unit="rows",
        at_least=1,
        source="ours: an interval 34 points wide",
    )
    min_share: float = parameter(
        0.01,
        "Share under which a group is nearly absent.",
        unit="share of rows",
        within=(0, 1),
        source="deepchecks: 1 %",
    )


@check(
    title="Very small groups",
    needs=Needs(roles=(Role.SENSITIVE,)),
    cost=Cost.SCAN,
    params=RepresentationParams,
    sources=("Wilson 1927, JASA", "Buolamwini, Gebru 2018", "deepchecks"),
    version=3,
    libraries=("statsmodels",),
)
def representation(table: Table, params: RepresentationParams, run: RunContext) -> Iterator[Item]:
    """Count the groups of each sensitive attribute and of each pair."""
    found, notes = attributes(table, run.profile)
    if not found:
        raise NotApplicable(" ".join(notes))
    for attribute in found:
        yield _shares(attribute, table.version.n_rows)
        small = [g for g in attribute.known if _is_small(g, table.version.n_rows, params)]
        if small:
            yield _small_groups(table, attribute, small, params)
    run.progress(0.5, "counting combinations")
    crossed = [_crossed(table, a, b) for a, b in islice(combinations(found, 2), MAX_PAIRS)]
    yield from crossed
    yield from _combinations(table, found, crossed, params)
    n = table.version.n_rows
    yield Coverage(rows_seen=n, rows_total=n, note=" ".join(notes))


def _is_small(group: Group, n_rows: int, params: RepresentationParams) -> bool:
    return group.n < params.min_rows or group.n < params.min_share * n_rows


def _shares(attribute: Attribute, n_rows: int) -> GroupMetrics:
    ends = [stats.wilson(g.n, n_rows) for g in attribute.groups]
    return GroupMetrics(
        name=f"Share of rows by {attribute.name}",
        metric="share",
        attribute=attribute.name,
        unit=Unit.SHARE,
        groups=tuple(g.name for g in attribute.groups),
        value=tuple(g.n / n_rows for g in attribute.groups),
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(g.n for g in attribute.groups),
    )


def _small_groups(
    table: Table, attribute: Attribute, small: list[Group], params: RepresentationParams
) -> Finding:
    n_rows = table.version.n_rows
    tiny = [g for g in small if g.n < params.min_rows]
    told = ", ".join(f"{quoted(g.name)} {of_rows(g.n, n_rows)}" for g in small[:6])
    more = f" and {len(small) - 6} more" if len(small) > 6 else ""  # noqa: PLR2004 - enough to read
    lines = [f"under {params.min_rows} rows"] * bool(tiny)
    lines += [f"under {share(params.min_share)} of rows"] * (len(tiny) < len(small))
    equal = share(1.0 / len(attribute.known))
    n = sum(g.n for g in small)
    return Finding(
        check_id=CHECK_ID,
        key=f"small_groups:{attribute.name}",
        title=f"{len(small):,} of {plural(len(attribute.known), 'group')} of "
        f"{quoted(attribute.name)} {'has' if len(small) == 1 else 'have'} {' or '.join(lines)}: "
        f"{listed([g.name for g in small], limit=3)}",
        detail=f"{told}{more}. Equal shares would be {equal} each. With so few rows, errors of a "
        "model on the group can hardly be measured.",
        severity=Severity.INFO,
        measure=Measure(
            name="Rows of the smallest group", value=float(min(g.n for g in small)), unit=Unit.COUNT
        ),
        threshold=_threshold(params, is_tiny=bool(tiny)),
        affected=Affected(
            columns=(attribute.name,),
            groups=tuple(g.name for g in small),
            n_rows=n,
            share=n / n_rows,
            row_id=tuple(
                int(i) for i in table.row_ids(min(small, key=lambda g: g.n).where, limit=50)
            ),
        ),
        recommended_action="Compare with the people the model is for; collect more rows, or say "
        "that the model was not tested on these groups.",
        caveat="Equal shares are not the goal; without a reference population nobody can say "
        "which shares are right.",
    )


def _threshold(params: RepresentationParams, *, is_tiny: bool) -> Threshold:
    if is_tiny:
        source = "with 30 rows the 95 % interval of a share of one half is 34 points wide (Wilson)"
        return Threshold(value=float(params.min_rows), param="min_rows", source=source)
    source = "deepchecks merges categories under 1 %"
    return Threshold(value=params.min_share, param="min_share", source=source)


def _crossed(table: Table, a: Attribute, b: Attribute) -> Matrix:
    rows, columns = a.known[:MAX_CROSSED], b.known[:MAX_CROSSED]
    measures = {
        f"{i},{j}": Agg(Fn.ROWS, where=AllOf((left.where, right.where)))
        for i, left in enumerate(rows)
        for j, right in enumerate(columns)
    }
    counts = ask.aggregate_all(table, measures)
    return Matrix(
        name=f"Rows by {a.name} and {b.name}",
        unit=Unit.COUNT,
        rows=tuple(g.name for g in rows),
        columns=tuple(g.name for g in columns),
        values=tuple(
            tuple(float(ask.whole(counts[f"{i},{j}"])) for j in range(len(columns)))
            for i in range(len(rows))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """Two groups of two attributes: names, rows of both together, and what selects them."""

    name: str
    attributes: tuple[str, str]
    n: int
    where: AllOf
    alone: int
    """Rows of the smaller group."""


def _cells(found: list[Attribute], crossed: list[Matrix]) -> Iterator[_Cell]:
    for (a, b), matrix in zip(combinations(found, 2), crossed, strict=False):
        for left, row in zip(a.known, matrix.values, strict=False):
            for right, value in zip(b.known, row, strict=False):
                yield _Cell(
                    f"{left.name}, {right.name}",
                    (a.name, b.name),
                    int(value or 0),
                    AllOf((left.where, right.where)),
                    min(left.n, right.n),
                )


def _combinations(
    table: Table, found: list[Attribute], crossed: list[Matrix], params: RepresentationParams
) -> Iterator[Finding]:
    every = list(_cells(found, crossed))
    large = [cell for cell in every if cell.alone >= params.min_rows]
    small = sorted((cell for cell in large if cell.n < params.min_rows), key=lambda cell: cell.n)
    n_rows = table.version.n_rows
    if not small or n_rows * len(crossed) < params.min_rows * len(every):
        return
    told = ", ".join(f"{quoted(cell.name)} ({cell.n:,})" for cell in small[:6])
    more = f" and {len(small) - 6} more" if len(small) > 6 else ""  # noqa: PLR2004 - enough to read
    empty = sum(cell.n == 0 for cell in small)
    nobody = f"; {empty:,} {'is' if empty == 1 else 'are'} empty" if empty else ""
    others = len(large) < len(every)
    uncounted = " Groups that have fewer by themselves are not counted here." if others else ""
    yield Finding(
        check_id=CHECK_ID,
        key="combinations",
        title=f"{len(small):,} of {plural(len(large), 'combination')} of two groups "
        f"{'has' if len(small) == 1 else 'have'} under {params.min_rows} rows",
        detail=f"{told}{more}{nobody}. Each of the groups alone has more rows, so only the "
        f"combination is hardly seen.{uncounted}",
        severity=Severity.INFO,
        measure=Measure(
            name="Combinations with few rows",
            value=float(len(small)),
            unit=Unit.COUNT,
            n=len(large),
        ),
        threshold=_threshold(params, is_tiny=True),
        affected=_in_cells(table, small[:NAMED]),
        recommended_action="Test the model on these combinations apart, or say that it was not.",
        caveat="Pairs of attributes only, and the largest groups of each.",
    )


def _in_cells(table: Table, cells: list[_Cell]) -> Affected:
    """Return the rows of ``cells``, each row once."""
    where = AnyOf(tuple(cell.where for cell in cells))
    n = ask.whole(table.aggregate({"n": Agg(Fn.ROWS, where=where)})["n"])
    return Affected(
        columns=tuple(dict.fromkeys(name for cell in cells for name in cell.attributes)),
        groups=tuple(cell.name for cell in cells),
        n_rows=n,
        share=n / table.version.n_rows,
        row_id=tuple(int(i) for i in table.row_ids(where, limit=50)),
    )
