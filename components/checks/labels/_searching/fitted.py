"""Our own models of the classes of the label, made once per run for all checks that ask them."""

from __future__ import annotations

from dataclasses import dataclass

from components.checks._lib.probe import Probe, deal_folds, fit_probe
from components.checks.labels._prepare import Material, prepare
from components.core.data.table import Table
from components.core.judgement.checks import RunContext


@dataclass(frozen=True, slots=True)
class LabelModels:
    """Rows, and models that had not seen them."""

    material: Material
    probe: Probe


def fitted(table: Table, run: RunContext, *, max_rows: int, folds: int) -> LabelModels:
    """Return them.

    Parameters
    ----------
    max_rows, folds
        Those of :class:`components.checks.labels.label_errors.LabelErrorParams`.

    Raises
    ------
    NotApplicable
        When no column is left to read, or too few rows.
    """
    key = f"labels.fitted {max_rows} {folds}"
    return run.shared(key, lambda: _fitted(table, run, max_rows, folds))


def _fitted(table: Table, run: RunContext, max_rows: int, folds: int) -> LabelModels:
    material = prepare(table, run, max_rows=max_rows, folds=folds)
    others = material.has_rest or bool(run.profile.column(material.label).n_missing)
    probe = fit_probe(
        material.rows,
        material.encoder.is_code,
        material.codes,
        deal_folds(material.sets, material.codes, folds, run.seed),
        seed=run.seed,
        keep_all=others,
        progress=lambda d: run.progress(0.1 + 0.5 * d, "Training models"),
    )
    return LabelModels(material, probe)
