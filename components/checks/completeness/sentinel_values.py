"""Find numbers and dates that stand for something else.

What it looks for
-----------------
Numbers that mean “unknown” (-1, 999, -9999, 2147483647, a zero where nothing is small), dates that
mean it (1900-01-01, 9999-12-31), and columns whose values were cut off at a highest or lowest
value.

Why it matters before training
------------------------------
A model takes 999 for a very large value. It moves means, stretches scales, and teaches a rule
about people of age 999.

How it decides
--------------
Only the outermost values of a column can be stand-ins. Such a value must be written like a code,
be repeated (3 times; twice for codes of three and more digits), and stand apart from the next
value: by at least one spread of the rest for long codes and zeros, two for short codes such as 99,
and by three times the steps between the values that follow. In a column named age ten years are
enough: several people of 0 or of 99 years, and none of the ages next to it, are hardly true.
The spread is the larger of the interquartile range and a quarter of the range from the 1st to the
99th percentile, so that one heavy tail does not look like a gap. The only negative value of a
column counts as apart when its neighbour in counting is missing. A ceiling is a last value that
holds at least 1 % of the rows and at least ten times as many as the value next to it. The forms of
codes are those that statistical agencies and file formats document; the lines are conventions of
ours, chosen so that heavy-tailed and zero-inflated columns give nothing.

What it cannot see
------------------
Codes in the middle of the values (a 9 on a scale from 1 to 10). Codes that occur once. Whether a
value is true after all: a person can be 99 years old.

What to do
----------
Ask where the file comes from. Turn codes for “unknown” into missing values, and keep a column that
says so; keep codes for “this much or more”, and mark them. Treat a column with a ceiling as cut
off: its largest values are “this much or more”.

References
----------
Pearson 2006, SIGKDD Explorations 8(1): the problem of disguised missing data. Qahtan et al. 2018,
KDD: FAHES, a robust disguised missing values detector.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib import ask
from components.checks._lib.words import joined, listed, plural, quoted, share
from components.checks.completeness import _extreme_values
from components.checks.completeness._extreme_values import StandIn
from components.checks.completeness._sentinel_rules import SentinelLimits, StandInForm
from components.core.data.query import Agg, AnyOf, Fn, OneOf
from components.core.data.table import Table
from components.core.data.value_texts import value_text
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import CellScores, Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter

CHECK_ID = "completeness.sentinel_values"
TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SentinelValuesParams:
    """Where the lines are; all but the forms of the codes are conventions of ours."""

    min_repeats: int = parameter(
        3,
        "Rows that must hold a code; one less for codes of three and more digits.",
        unit="rows",
        at_least=2,
    )
    min_gap: float = parameter(
        1.0,
        "Step from a long code or a zero to the next value.",
        unit="spreads of the rest",
        above=0,
    )
    short_gap: float = parameter(
        2.0,
        "Step from a code of one or two digits to the next value.",
        unit="spreads of the rest",
        above=0,
    )
    age_gap: float = parameter(
        10.0,
        "Step from a code to the next value that is enough in a column named age.",
        unit="years",
        above=0,
        source="ours: ages run on without gaps of so many years",
    )
    max_zero_share: float = parameter(
        0.2, "Share of rows up to which a zero can be a code.", unit="share of rows", within=(0, 1)
    )
    pile_share: float = parameter(
        0.01,
        "Share of rows from which a last value is a ceiling or a floor.",
        unit="share of rows",
        within=(0, 0.5),
    )
    pile_ratio: float = parameter(
        10.0,
        "How many times as frequent as its neighbour a ceiling or a floor must be.",
        unit="times",
        at_least=1,
    )
    max_cells: int = parameter(
        20_000,
        "Most cells that are listed.",
        unit="cells",
        within=(1, 1_000_000),
        source="ours: bounds memory",
    )


@check(
    title="Codes among numbers and dates",
    needs=Needs(),
    cost=Cost.SCAN,
    params=SentinelValuesParams,
    suggests=True,
    version=3,
    sources=("Pearson 2006, SIGKDD Explorations", "Qahtan et al. 2018, KDD"),
)
def sentinel_values(table: Table, params: SentinelValuesParams, run: RunContext) -> Iterator[Item]:
    """Look at both ends of every numeric and time column."""
    columns = _extreme_values.examined(table)
    if not columns:
        raise NotApplicable("No column holds numbers or times.")
    limits = SentinelLimits(
        min_repeats=params.min_repeats,
        min_gap=params.min_gap,
        short_gap=params.short_gap,
        age_gap=params.age_gap,
        max_zero_share=params.max_zero_share,
        pile_share=params.pile_share,
        pile_ratio=params.pile_ratio,
    )
    yield Measure(name="Columns examined", value=float(len(columns)), unit=Unit.COUNT)
    found = _extreme_values.stand_ins(table, columns, limits, run)
    if found:
        yield _ranking(found)
        yield from _cells(table, found, params.max_cells)
    for one in found:
        if not one.form.is_limit:
            yield _finding(table, one, params)
    cut_off = [one for one in found if one.form.is_limit]
    if cut_off:
        yield _limits_finding(table, cut_off, params)


def _ranking(found: list[StandIn]) -> Ranking:
    order = sorted(found, key=lambda s: (-s.share, s.column))
    return Ranking(
        name="Share of rows that hold a stand-in or a cut-off value",
        axis="share of rows",
        unit=Unit.SHARE,
        items=tuple(s.column for s in order),
        values=tuple(s.share for s in order),
        notes=tuple(joined([value_text(v) for v in s.values]) for s in order),
    )


def _cells(table: Table, found: list[StandIn], max_cells: int) -> Iterator[CellScores]:
    """List the cells that hold a code; cut-off values are not wrong, and are left out."""
    codes = [s for s in found if not s.form.is_limit]
    if not codes:
        return
    ids: list[int] = []
    columns: list[str] = []
    values: list[str] = []
    for one in codes:
        cells = ask.cells(table, one.column, one.values, limit=max_cells - len(ids))
        ids += [row for row, _ in cells]
        columns += [one.column] * len(cells)
        values += [value for _, value in cells]
    n = len(ids)
    yield CellScores(
        name="codes among values",
        n_assessed=sum(s.n_present for s in codes),
        n_flagged=sum(s.n_rows for s in codes),
        row_id=np.array(ids, dtype=np.int64),
        column=np.array(columns, dtype=object),
        value=np.array(values, dtype=object),
        quality=np.full(n, 0.1),
        flagged=np.ones(n, dtype=np.bool_),
        suggested=np.full(n, "", dtype=object),
        reason=np.full(n, "probably a code, not a measured value", dtype=object),
    )


def _finding(table: Table, one: StandIn, params: SentinelValuesParams) -> Finding:
    codes = joined([value_text(v) for v in one.values])
    told = "a code, not a number" if len(one.values) == 1 else "codes, not numbers"
    side = "largest" if one.is_high else "smallest"
    meaning = "“unknown”, or for “this much or more”" if one.is_high else "“unknown”"
    return Finding(
        check_id=CHECK_ID,
        key=f"code:{one.column}:{side}",
        title=f"{quoted(one.column)} holds {codes} in {plural(one.n_rows, 'row')}: "
        f"probably {'a code, not a date' if one.form is StandInForm.DATE else told}",
        detail=f"Without {'it' if len(one.values) == 1 else 'them'} the {side} value is "
        f"{value_text(one.neighbour)}. {share(one.share)} of the filled rows are concerned. "
        f"Such a code stands for {meaning}; a model takes it for a value.",
        severity=Severity.INFO if one.form is StandInForm.ZERO else Severity.WARNING,
        measure=Measure(
            name="Rows with a stand-in", value=float(one.n_rows), unit=Unit.COUNT, n=one.n_present
        ),
        threshold=Threshold(
            value=float(params.min_repeats),
            param="min_repeats",
            source="repeated, written like a code and apart from the rest; our convention",
        ),
        affected=_affected(table, [one]),
        recommended_action="Ask what the value means. If it stands for “this much or more”, keep "
        "it, and add a yes/no column that marks it: it can tell much about these rows. If it "
        "stands for “unknown”, turn it into a missing value, and keep such a mark."
        if one.is_high and one.form is not StandInForm.DATE
        else "Ask what the value means. If it is a code, turn it into a missing value, and keep a "
        "yes/no column that says so.",
        caveat="It judges by form, repetition and distance; the value can be true.",
    )


def _limits_finding(table: Table, found: list[StandIn], params: SentinelValuesParams) -> Finding:
    columns = tuple(dict.fromkeys(one.column for one in found))
    worst = max(found, key=lambda one: one.share)
    told = [
        f"{share(one.share)} of {quoted(one.column)} sit on its "
        f"{'largest' if one.is_high else 'smallest'} value, {value_text(one.values[0])}"
        for one in found[:TOLD]
    ]
    more = f", and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return Finding(
        check_id=CHECK_ID,
        key="limits",
        title=f"{plural(len(columns), 'column piles', 'columns pile')} up on a smallest or largest "
        f"value: {listed(columns, limit=3)}",
        detail=f"{'; '.join(told)}{more}. Values may have been cut off there, so that the true "
        "ones lie beyond.",
        severity=Severity.INFO,
        measure=Measure(
            name="Largest share of rows on one end", value=worst.share, unit=Unit.SHARE
        ),
        threshold=Threshold(value=params.pile_share, param="pile_share", source="our convention"),
        affected=_affected(table, found),
        recommended_action="Find out whether values were cut off there. If so, read the last value "
        "as “this much or beyond”.",
        caveat="A natural limit, such as a full score, or a state of its own, such as “none”, "
        "looks the same.",
    )


def _affected(table: Table, found: list[StandIn]) -> Affected:
    """Return the rows that hold one of the values of ``found``, each row once."""
    where = AnyOf(tuple(OneOf(one.column, one.values) for one in found))
    n_rows = found[0].n_rows
    if len(found) > 1:
        n_rows = ask.whole(table.aggregate({"n": Agg(Fn.ROWS, where=where)})["n"])
    return Affected(
        columns=tuple(dict.fromkeys(one.column for one in found)),
        n_rows=n_rows,
        share=n_rows / table.version.n_rows,
        row_id=tuple(int(i) for i in table.row_ids(where, limit=50)),
    )
