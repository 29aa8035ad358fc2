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
All input columns become standardised numbers: numbers with the median for missing values and a mark
that they were missing, times as day, hour and weekday, categories as -log of their share, free
texts as their length. The label, ids, constants and repeated columns are left out. Three detectors
of PyOD score every row: an isolation forest, the mean distance to the 20 nearest of 1,000 reference
rows, and histograms. They are fitted on up to 20,000 rows. Normality ranks the rows by the mean of
-log(share of rows that score higher) over the three. No share of outliers is given in advance.
Which rows are flagged is decided by the distance alone; the other two detectors have a say in the
ranking only. The cut comes from the distances: their logarithm has an about exponential tail in
clean tables of most shapes. The slope is taken from the half-to-nine-tenths part of the rows. A row
is flagged if its distance lies beyond that tail (false discovery rate 10 %), or above a gap that
the tail would have with a chance of 1 % only and that is at least 0.1 wide (11 % more distance).
These lines were tuned on synthetic tables, and the figures come from the same tables, so expect
somewhat worse elsewhere: of 240 clean tables of eight shapes, 8 had flagged rows (one to three rows
in 7 heavy-tailed ones, 41 of 6,000 in one of whole numbers from 0 to 4); where 1 to 5 % odd rows
were planted, 97 % or more of the flagged rows were odd, and 71 to 98 % of the odd rows were
flagged, fewer in heavy-tailed tables.
Where nothing is beyond the cut, nothing is flagged, and all rows are ranked still. Normality is
half the share of rows that score higher for a flagged row, and one half plus that for any other
row. It is a warning from 0.5 % flagged rows on (deepchecks allows 0.5 % outliers), otherwise
information.

What it cannot see
------------------
Whether a row is wrong: rare is not wrong. Many odd rows that are alike look like a group of their
own. In tables with heavy tails (money, counts) only extreme rows are flagged. Wrong values inside
the usual range are not seen.

What to do
----------
Look at the flagged rows, worst first, and correct, exclude or keep them. If one column explains
most of them, look at that column first.

References
----------
Liu, Ting, Zhou 2008, Isolation forest, ICDM. Ramaswamy, Rastogi, Shim 2000, SIGMOD. Goldstein,
Dengel 2012, Histogram-based outlier score. Zhao, Nasrullah, Li 2019, PyOD, JMLR 20. Han et al.
2022, ADBench, NeurIPS. Rényi 1953, On the theory of order statistics. Benjamini, Hochberg 1995,
JRSS B 57.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib import features, words
from components.checks._lib.encoder import Encoder, fit_encoder
from components.checks._lib.encodings import FOR_DISTANCES
from components.checks._lib.features import FloatArray
from components.checks.anomalies import _detectors
from components.checks.anomalies._detectors import Detectors, fit_detectors
from components.checks.anomalies._reasons import Background, reasons
from components.checks.anomalies._tails import Cut, find_cut
from components.core.data.table import IntArray, Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Distribution, Matrix, Measure, RowScores, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter
from components.core.judgement.row_evidence import BoolArray

ID = "anomalies.multivariate"
MAX_CELLS = 8_000_000
MAX_COLUMNS = 1_000
MAX_REASONS = 20_000
BINS = 40


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
    warn_share: float = parameter(
        0.005,
        "Share of flagged rows for a warning.",
        unit="share of rows",
        within=(0, 1),
        source="deepchecks",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """Per row of the table: normality, log distance, and whether it is beyond the cut."""

    row_id: IntArray
    quality: FloatArray
    distance: FloatArray
    flagged: BoolArray

    @property
    def worst(self) -> IntArray:
        """Positions of the flagged rows, lowest normality first."""
        at = np.flatnonzero(self.flagged)
        return at[np.lexsort((self.row_id[at], self.quality[at]))]


@check(
    title="Rows unlike the rest",
    needs=Needs(min_rows=25),
    cost=Cost.MODEL,
    params=MultivariateParams,
    sources=("Zhao, Nasrullah, Li 2019, JMLR 20 (PyOD)", "Han et al. 2022, NeurIPS (ADBench)"),
    libraries=("pyod", "scikit-learn"),
)
def multivariate(table: Table, params: MultivariateParams, run: RunContext) -> Iterator[Item]:
    """Yield a normality per row, what it rests on, and the finding."""
    encoder, z, background, note = _prepare(table, params, run)
    detectors, own = fit_detectors(
        z, seed=run.seed, progress=lambda d: run.progress(0.05 + 0.25 * d, "Fitting detectors")
    )
    distance = detectors.distance(own)
    usual = float(np.median(distance))
    cut = find_cut(distance, false_share=params.false_share, gap=params.gap, gap_p=params.gap_p)
    scored = _score(table, encoder, detectors, cut, run)
    worst = scored.worst
    yield Coverage(rows_seen=len(scored.row_id), rows_total=table.version.n_rows, note=note)
    yield _agreement(own)
    yield _distances(scored.distance, usual, cut)
    yield RowScores.of(
        "normality",
        row_id=scored.row_id,
        quality=scored.quality,
        flagged=scored.flagged,
        reason=reasons(
            table,
            background,
            scored.row_id,
            worst[:MAX_REASONS],
            lambda d: run.progress(0.8 + 0.2 * d, "Writing reasons"),
        ),
    )
    if len(worst):
        times = float(np.exp(min(50.0, cut.value - usual)))
        yield _finding(table, params, scored, worst, times=times)


def _prepare(
    table: Table, params: MultivariateParams, run: RunContext
) -> tuple[Encoder, FloatArray, Background, str]:
    names = [c.name for c in table.version.inputs]
    plan = features.plan(table.version, leave_out=names[MAX_COLUMNS:])
    if not plan.names:
        raise NotApplicable("No input column varies, so no row can be unlike the others.")
    n = min(params.max_rows, max(1_000, MAX_CELLS // len(plan.names)))
    drawn = table.sample(n, seed=run.seed, columns=plan.names)
    keys = features.mixed(features.content_keys(drawn.frame, plan.names), run.seed)
    frame = drawn.frame.iloc[np.argsort(keys, kind="stable")].reset_index(drop=True)
    encoder = fit_encoder(frame, plan, FOR_DISTANCES, seed=run.seed)
    if not encoder.origin:
        raise NotApplicable("No input column varies, so no row can be unlike the others.")
    z = encoder.linear(frame)
    notes = []
    if not drawn.is_whole:
        notes.append(
            f"Detectors were fitted on {words.of_rows(len(frame), table.version.n_rows)}; all rows "
            "were scored."
        )
    if len(names) > MAX_COLUMNS:
        notes.append(f"Only the first {MAX_COLUMNS:,} of {len(names):,} columns were read.")
    return encoder, z, Background.of(frame, encoder, z, run.seed), " ".join(notes)


def _score(
    table: Table, encoder: Encoder, detectors: Detectors, cut: Cut, run: RunContext
) -> _Scored:
    row_ids, surprises, distances = [], [], []
    done = 0
    size = int(np.clip(2_000_000 // max(1, len(encoder.origin)), 256, 16_384))
    for batch in table.batches(columns=encoder.plan.names, size=size):
        run.progress(0.3 + 0.5 * done / table.version.n_rows, "Scoring rows")
        scores = detectors.scores(encoder.linear(batch.frame))
        row_ids.append(batch.row_id)
        surprises.append(detectors.surprise(scores))
        distances.append(detectors.distance(scores))
        done += len(batch.row_id)
    distance = np.concatenate(distances)
    higher = np.exp(-np.concatenate(surprises))
    flagged = distance >= cut.value
    return _Scored(
        row_id=np.concatenate(row_ids),
        quality=np.where(flagged, 0.5 * higher, 0.5 + 0.5 * higher),
        distance=distance,
        flagged=flagged,
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
    """Show distances on a scale where 0 is usual and 1 is twice as far."""
    doubled = (distance - usual) / np.log(2.0)
    counts, edges = np.histogram(np.maximum(doubled, -4.0), bins=BINS)
    marker = (cut.value - usual) / np.log(2.0)
    return Distribution(
        name="Distance to similar rows",
        axis="doublings of the usual distance (0 = usual, 1 = twice, 2 = four times)",
        counts={"": tuple(int(c) for c in counts)},
        edges=tuple(float(e) for e in edges),
        marker=float(marker) if np.isfinite(marker) else None,
    )


def _finding(
    table: Table, params: MultivariateParams, scored: _Scored, worst: IntArray, *, times: float
) -> Finding:
    n, total = int(scored.flagged.sum()), table.version.n_rows
    return Finding(
        check_id=ID,
        key="rows",
        title=(
            f"{words.plural(n, 'row')} {'is' if n == 1 else 'are'} unlike the rest "
            f"({words.share(n / total)} of rows)"
        ),
        detail=(
            f"Their distance to similar rows is at least {times:.1f} times the usual one, "
            "farther than the distances of the other rows lead one to expect. Such rows are often "
            "entry errors, unit mix-ups or test records, and a few of them can move a model."
        ),
        severity=Severity.WARNING if n / total >= params.warn_share else Severity.INFO,
        measure=Measure(name="rows unlike the rest", value=n / total, unit=Unit.SHARE, n=total),
        threshold=Threshold(
            value=params.warn_share,
            param="warn_share",
            source="deepchecks, condition of the outlier check: at most 0.5 % of rows",
        ),
        affected=Affected(
            n_rows=n, share=n / total, row_id=tuple(int(r) for r in scored.row_id[worst[:50]])
        ),
        recommended_action=(
            f"Look at the {words.plural(n, 'row')}, worst first, and correct, exclude or keep each."
        ),
        caveat=(
            "Rare is not wrong: some of these rows may be real. Odd rows that are alike, and wrong "
            "values inside the usual range, are not seen."
        ),
    )
