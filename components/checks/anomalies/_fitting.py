"""What is learnt from a sample of the rows before all of them are scored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib import features, words
from components.checks._lib.encoder import Encoder, fit_encoder
from components.checks._lib.encodings import FOR_DISTANCES
from components.checks._lib.features import FloatArray, Plan
from components.checks.anomalies._detectors import Detectors, fit_detectors
from components.checks.anomalies._far_cells import (
    ALONE,
    MOSTLY,
    FarCells,
    OneColumn,
    learn,
    measured_names,
)
from components.checks.anomalies._reasons import Background
from components.checks.anomalies._shared_values import SharedValues, shared_values
from components.core.data.table import IntArray, Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

TAIL = 0.9
"""The part of the distances above which one may change where the tail begins."""
MAX_CELLS = 8_000_000
MAX_COLUMNS = 1_000
ALIKE = 0.98
"""Share of equal rows from which the other rows are what is looked for: there is no tail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitLimits:
    """Parameters of the fit, see ``MultivariateParams``."""

    max_rows: int
    cell_chance: float
    column_chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What was learnt from the sample.

    Attributes
    ----------
    own
        The detectors' scores of its rows, shape (3, n).
    distance
        The log distances of its rows, shape (n,).
    alike
        Share of its rows that are equal to one another, in all columns that are read.
    """

    encoder: Encoder
    detectors: Detectors
    far: FarCells
    alone: OneColumn
    shared: SharedValues
    background: Background
    own: FloatArray
    distance: FloatArray
    alike: float
    note: str

    def less_shared(
        self, frame: pd.DataFrame, z: FloatArray, distance: FloatArray, *, at_least: float
    ) -> FloatArray:
        """Return log distances; those of ``at_least`` or more without what shared values make."""
        far, found = distance >= at_least, distance.copy()
        of = self.detectors.distance_of
        found[far] = self.shared.least(frame[far], z[far], distance[far], of)
        return found


def fit(table: Table, limits: FitLimits, run: RunContext) -> Fitted:
    """Fit the detectors and read the tails on a sample of the rows.

    Raises
    ------
    NotApplicable
        When no input column varies.
    """
    names = [c.name for c in table.version.inputs]
    plan = features.plan(table.version, leave_out=names[MAX_COLUMNS:])
    if not plan.names:
        raise NotApplicable("No input column varies, so no row can be unlike the others.")
    frame, row_id, alike = _sample(table, plan, limits.max_rows, run.seed)
    encoder = fit_encoder(frame, plan, FOR_DISTANCES, seed=run.seed)
    if not encoder.origin:
        raise NotApplicable("No input column varies, so no row can be unlike the others.")
    z, spellings = encoder.linear(frame), {c.name: c.spelling for c in table.version.columns}
    detectors, own = fit_detectors(
        z,
        row_id,
        seed=run.seed,
        progress=lambda d: run.progress(0.05 + 0.2 * d, "Fitting detectors"),
    )
    run.progress(0.25, "Reading the tails of columns")
    shared = shared_values(frame, encoder, z) if alike < ALIKE else SharedValues({})
    distance = detectors.distance(own)
    single = {c.name for c in table.version.single_inputs}
    far, alone = _tails(
        frame, encoder, limits, single, seen=len(frame) / table.version.n_rows, alike=alike
    )
    fitted = Fitted(
        encoder=encoder,
        detectors=detectors,
        far=far,
        alone=alone,
        shared=shared,
        background=Background.of(frame, encoder, far, z, spellings=spellings, seed=run.seed),
        own=own,
        distance=distance,
        alike=alike,
        note=_note(len(frame), len(names), table.version.n_rows),
    )
    outer = float(np.quantile(distance, TAIL))
    return replace(fitted, distance=fitted.less_shared(frame, z, distance, at_least=outer))


def _sample(
    table: Table, plan: Plan, max_rows: int, seed: int
) -> tuple[pd.DataFrame, IntArray, float]:
    """Return rows in an order of their content, their ids, and the share that is equal."""
    n = min(max_rows, max(1_000, MAX_CELLS // len(plan.names)))
    drawn = table.sample(n, seed=seed, columns=plan.names)
    keys = features.mixed(features.content_keys(drawn.frame, plan.names), seed)
    order = np.argsort(keys, kind="stable")
    alike = float(np.unique(keys, return_counts=True)[1].max() / len(keys))
    return drawn.frame.iloc[order].reset_index(drop=True), drawn.row_id[order], alike


def _tails(
    frame: pd.DataFrame,
    encoder: Encoder,
    limits: FitLimits,
    single: Collection[str],
    *,
    seen: float,
    alike: float,
) -> tuple[FarCells, OneColumn]:
    """Learn where far cells begin, in columns that mean something alone."""
    measured = measured_names(frame, [n for n in encoder.plan.names if n in single])
    each = limits.cell_chance / (2 * max(1, len(measured)))
    alone = OneColumn(
        mostly=ALONE if alike >= ALIKE else MOSTLY,
        origin=tuple(name for name, _ in encoder.origin),
        far=learn(frame, measured, chance=limits.column_chance, seen=seen),
    )
    return learn(frame, measured, chance=each, seen=seen), alone


def _note(n_fitted: int, n_columns: int, n_rows: int) -> str:
    notes = []
    if n_fitted < n_rows:
        notes.append(
            f"Detectors were fitted on {words.of_rows(n_fitted, n_rows)}; all rows were scored."
        )
    if n_columns > MAX_COLUMNS:
        notes.append(f"Only the first {MAX_COLUMNS:,} of {n_columns:,} columns were read.")
    return " ".join(notes)
