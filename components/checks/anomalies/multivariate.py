"""Rows that are far from all other rows, all columns taken together.

What it looks for
-----------------
Rows that no other row resembles: a value far outside the usual range, a rare category, or values
that are usual each but not together.

Why it matters before training
------------------------------
Such rows are often entry errors, unit mix-ups, test records or codes for missing values. A few of
them can move a scale or a coefficient for all rows. Some are real and rare, and worth keeping.

How it decides
--------------
A row is flagged for one of two reasons: one cell lies far beyond the others of its column, or
several detectors agree that the row as a whole is unusual.

One cell: of every column of numbers or times, the upper and the lower tail is read (a generalised
Pareto distribution over the outer quarter of the values, all shapes and scales weighted by how well
they explain it, so that a heavy tail is known as one). Values behind a gap are flagged if such a
gap has a chance of 1 % at most, over all columns and both ends of a table in which nothing is
wrong. At most 2 % of a column can be flagged at one end, and more than 0.5 % of it (ten rows of a
small table) only if they lie as far beyond the others as these are wide, dates twice as far: nearer
ones are a valid rare group, such as records from before a study. Equal values count once, for they
may have one cause. A step that is usual between neighbouring values (whole numbers, grades) is no
gap, and where hardly anything lies beyond the median (columns of mostly zeros), or at a ceiling,
nothing is said. Where it is told how the others lie, repeated values apart from them (-1, 999) are
left aside, and named.

The row as a whole: all input columns become standardised numbers: numbers with the median for
missing values and a mark that they were missing, times as day, hour and weekday, categories as -log
of their share, free texts as their length. The scale is the width of the middle nine tenths, or
two thirds of that of the middle 98 % (as parts of a normal distribution) where that is more, so
that wild cells do not stretch it. The label, ids, constants and repeated columns are left out.
Three detectors of PyOD score every row: an isolation forest, the mean distance to the 20 nearest of
1,000 reference rows (none is its own neighbour), and histograms. Of fewer rows the same number
ranks, and fewer say who is an outlier (two thirds of the others in a group of 3 %), so that such a
group is none.
They are fitted on up to 20,000 rows. A row is flagged if its distance lies beyond the tail of all
distances and the forest or the histograms put it among their highest 5 %. The tail: the logarithm
of the distance has an about exponential one in clean tables of most shapes, its slope is taken from
the half-to-nine-tenths part of the rows, and beyond it is what the false discovery rate of 10 %
allows, or what lies above a gap that the tail would have with a chance of 1 % only and that is at
least 0.1 wide (11 % more distance). Where one number alone makes nine tenths of the distance, it
must also lie beyond the tail of its own column (chance 5 %). A rare value of a category, or of a
number with at most 20 different ones, makes no row far by itself where two rows or more share it
(a small group of people, say), unless it looks like a frequent value with one slip of the pen: its
distance is the least with any one such value taken for the most frequent of its column. Where 98 %
of the rows or more are equal there is no tail, and the second detector decides about the others.

Normality ranks the rows by the mean of -log(share of rows that score higher) over the three
detectors, or by -log of the chance of a far cell where that is more. It is half the share for a
flagged row, and one half plus that for any other row. No share of outliers is given in advance.
Where nothing is flagged, all rows are ranked still. The lines were chosen on synthetic tables and
on penguins, planets, weather, fair, modechoice and randhie (which was to be reported, and was used
after 1 % of its rows were flagged); that more than 0.5 % of a column must lie farther away, after
0.7 % of compas was flagged for stays in custody years before the study, on synthetic columns and
the demonstration table. The scale and the numbers of neighbours were chosen on nine
tables of ADBench, against a valid group of 3 %, so their means (ROC area 0.87, average precision
0.54) are no independent figure. Gross errors (ten or a hundred times
the value, impossible ages, far dates) in eight other tables are measured by
tests/benchmarks/gross_errors.py. It is a warning from 0.5 % flagged rows on (deepchecks allows 0.5
% outliers), but for a single row of which no cell stands out; otherwise information.

What it cannot see
------------------
Whether a row is wrong: rare is not wrong. Many odd rows that are alike look like a group of their
own, and so do many odd values just beyond the others. In columns with heavy tails (money, counts)
ten times a usual value is a usual value, and only extreme ones are flagged. Wrong values inside the
usual range are not seen. Codes written as numbers (post codes, telephone numbers) are read as
numbers, so a rare region can look far away.

What to do
----------
Look at the flagged rows, worst first, and correct, exclude or keep them; the review asks about each
of them. If one column explains most of them, look at that column first. A code that is no amount
belongs out of the comparison: give its column the role “ignore”.

References
----------
Pickands 1975, Annals of Statistics 3; Balkema, de Haan 1974, Annals of Probability 2 (tails). Liu,
Ting, Zhou 2008, Isolation forest, ICDM. Ramaswamy, Rastogi, Shim 2000, SIGMOD. Goldstein, Dengel
2012, Histogram-based outlier score. Zhao, Nasrullah, Li 2019, PyOD, JMLR 20. Han et al. 2022,
ADBench, NeurIPS. Rényi 1953, On the theory of order statistics. Benjamini, Hochberg 1995, JRSS B
57.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks.anomalies import _detectors
from components.checks.anomalies._far_cells import FarCell
from components.checks.anomalies._finding import finding
from components.checks.anomalies._fitting import ALIKE, FitLimits, Fitted, fit
from components.checks.anomalies._reasons import tell
from components.checks.anomalies._tails import Cut, cut_of_alike, find_cut
from components.core.data.table import IntArray, Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import CellScores, Distribution, Matrix, RowScores, Unit
from components.core.judgement.findings import Coverage, Finding
from components.core.judgement.parameters import parameter
from components.core.judgement.review import Asks, ItemType
from components.core.judgement.row_evidence import BoolArray

ID = "anomalies.multivariate"
MAX_REASONS = 20_000
BINS = 40
FEW_TIMES, MOST_TIMES = 2.0, 20.0
"""The picture of distances reaches twice the line: at least twice so many usual distances; a line
farther out than the exponential of the other is not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultivariateParams:
    """Parameters of the search for unusual rows."""

    max_rows: int = parameter(
        20_000,
        "Rows that detectors are fitted on.",
        unit="rows",
        within=(1_000, 200_000),
        source="ours: bounds time and memory",
    )
    false_share: float = parameter(
        0.1,
        "Expected share of ordinary rows among those beyond the tail.",
        unit="share of flagged rows",
        above=0,
        below=1,
    )
    gap: float = parameter(
        0.1,
        "Least width of a gap in the log distances; 0.1 is 11 % more distance.",
        unit="log distance",
        at_least=0,
    )
    gap_p: float = parameter(
        0.01, "Chance of seeing such a gap in a clean table.", unit="probability", above=0, below=1
    )
    second_share: float = parameter(
        0.05,
        "Share of the rows that the isolation forest or the histograms may put higher, for them to "
        "agree with the distance.",
        unit="share of rows",
        above=0,
        below=1,
    )
    cell_chance: float = parameter(
        0.01,
        "Chance of flagging any single cell in a table where none is far.",
        unit="probability",
        above=0,
        below=1,
    )
    column_chance: float = parameter(
        0.05,
        "Where one number makes nearly all of a distance: chance of so far a value at one end of "
        "its column.",
        unit="probability",
        above=0,
        below=1,
    )
    warn_share: float = parameter(
        0.005,
        "Share of flagged rows for a warning.",
        unit="share of rows",
        within=(0, 1),
        source="deepchecks",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """Per row of the table: normality, log distance, whether it is flagged, and its far cells."""

    row_id: IntArray
    quality: FloatArray
    distance: FloatArray
    flagged: BoolArray
    cells: tuple[FarCell, ...]

    @property
    def worst(self) -> IntArray:
        """Positions of the flagged rows, lowest normality first."""
        at = np.flatnonzero(self.flagged)
        return at[np.lexsort((self.row_id[at], self.quality[at]))]


@check(
    title="Rows unlike the rest",
    version=6,
    needs=Needs(min_rows=25),
    cost=Cost.MODEL,
    params=MultivariateParams,
    suggests=True,
    sources=(
        "Zhao, Nasrullah, Li 2019, JMLR 20 (PyOD)",
        "Han et al. 2022, NeurIPS (ADBench)",
        "Pickands 1975, Annals of Statistics (tails)",
    ),
    libraries=("pyod", "scikit-learn"),
)
def multivariate(table: Table, params: MultivariateParams, run: RunContext) -> Iterator[Item]:
    """Yield a normality per row, what it rests on, and the finding."""
    fitted = fit(table, _limits(params), run)
    distance = fitted.distance
    usual = float(np.median(distance))
    cut = _cut(distance, fitted, params)
    scored = _score(table, fitted, cut, params, run)
    worst = scored.worst
    yield Coverage(rows_seen=len(scored.row_id), rows_total=table.version.n_rows, note=fitted.note)
    yield _agreement(fitted.own)
    yield _distances(scored.distance, usual, cut)
    told = tell(
        table,
        fitted.background,
        (scored.row_id[worst[:MAX_REASONS]], scored.quality[worst[:MAX_REASONS]]),
        scored.cells,
        lambda d: run.progress(0.8 + 0.2 * d, "Writing reasons"),
    )
    reason = np.full(len(scored.row_id), None, dtype=object)
    reason[worst[:MAX_REASONS]] = told.reason
    yield RowScores.of(
        "normality",
        row_id=scored.row_id,
        quality=scored.quality,
        flagged=scored.flagged,
        reason=reason,
    ).asking(Asks(item_type=ItemType.ROW))
    if len(worst):
        yield told.cells
        yield _finding(table, params, scored, told.cells, usual)


def _cut(distance: FloatArray, fitted: Fitted, params: MultivariateParams) -> Cut:
    if fitted.alike >= ALIKE:
        return cut_of_alike(distance)
    return find_cut(distance, false_share=params.false_share, gap=params.gap, gap_p=params.gap_p)


def _finding(
    table: Table, params: MultivariateParams, scored: _Scored, cells: CellScores, usual: float
) -> Finding:
    worst = scored.worst
    far = np.isin(scored.row_id[worst], [cell.row_id for cell in scored.cells])
    least = float(scored.distance[worst][~far].min(initial=np.inf)) - usual
    return finding(
        table,
        ID,
        params.warn_share,
        scored.row_id[worst],
        cells,
        far=far,
        times=float(np.exp(min(50.0, least))),
    )


def _limits(params: MultivariateParams) -> FitLimits:
    return FitLimits(
        max_rows=params.max_rows,
        cell_chance=params.cell_chance,
        column_chance=params.column_chance,
    )


def _score(
    table: Table, fitted: Fitted, cut: Cut, params: MultivariateParams, run: RunContext
) -> _Scored:
    row_ids, qualities, distances, flags = [], [], [], []
    cells: list[FarCell] = []
    done = 0
    size = int(np.clip(2_000_000 // max(1, len(fitted.encoder.origin)), 256, 16_384))
    for batch in table.batches(columns=fitted.encoder.plan.names, size=size):
        run.progress(0.3 + 0.5 * done / table.version.n_rows, "Scoring rows")
        z = fitted.encoder.linear(batch.frame)
        scores = fitted.detectors.scores(z, batch.row_id)
        names, far = fitted.far.surprise(batch.frame)
        distance = fitted.detectors.distance(scores)
        distance = fitted.less_shared(batch.frame, z, distance, at_least=cut.value)
        agreed = (distance >= cut.value) & fitted.detectors.seconded(scores, params.second_share)
        agreed[agreed] = fitted.alone.supports(batch.frame[agreed], z[agreed])
        flagged = agreed | (far > 0).any(axis=1)
        surprise = np.maximum(fitted.detectors.surprise(scores), far.max(axis=1, initial=0.0))
        higher = np.exp(-surprise)
        cells += [
            FarCell(int(batch.row_id[i]), names[j], float(far[i, j]))
            for i, j in zip(*np.nonzero(far), strict=True)
        ]
        row_ids.append(batch.row_id)
        qualities.append(np.where(flagged, 0.5 * higher, 0.5 + 0.5 * higher))
        distances.append(distance)
        flags.append(flagged)
        done += len(batch.row_id)
    return _Scored(
        row_id=np.concatenate(row_ids),
        quality=np.concatenate(qualities),
        distance=np.concatenate(distances),
        flagged=np.concatenate(flags),
        cells=tuple(cells),
    )


def _agreement(scores: FloatArray) -> Matrix:
    values = _detectors.agreement(scores)
    return Matrix(
        name="Agreement of the detectors (rank correlation)",
        unit=Unit.RATIO,
        rows=_detectors.NAMES,
        columns=_detectors.NAMES,
        values=tuple(tuple(round(float(v), 4) for v in row) for row in values),
    )


def _distances(distance: FloatArray, usual: float, cut: Cut) -> Distribution:
    """Show distances in usual ones; the last bar holds all that lie beyond it."""
    times = np.exp(np.minimum(50.0, distance - usual))
    marker = float(np.exp(cut.value - usual)) if cut.value - usual < MOST_TIMES else None
    most = 2 * max(FEW_TIMES, marker or 0.0)
    counts, edges = np.histogram(np.minimum(times, most), bins=BINS, range=(0.0, most))
    return Distribution(
        name="Distance to similar rows",
        axis=f"times the usual distance (the last bar: {most:.3g} times or more)",
        counts={"": tuple(int(c) for c in counts)},
        edges=tuple(float(e) for e in edges),
        marker=marker,
    )
