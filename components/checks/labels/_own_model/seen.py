"""Whether a model had seen the rows that it judges: nothing can be found with it then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.probe import Probe
from components.checks.labels._own_model.given import GivenProbabilities
from components.checks.labels._own_model.limits import OwnModelParams
from components.checks.labels._prepare import Material
from components.checks.labels._searching.fitted import fitted
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import BoolArray, IntArray

NORMAL = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class OurModels:
    """Our own models of the other columns, beside the probabilities that a table brings.

    Attributes
    ----------
    place
        Of each row of ``material``, its place among the given probabilities; -1 where it has none.
    """

    material: Material
    probe: Probe
    place: IntArray


def fit_ours(
    table: Table, given: GivenProbabilities, run: RunContext, *, max_rows: int, folds: int
) -> OurModels | None:
    """Return our own models, out of fold; None where no other column is there to read."""
    try:
        made = fitted(table, run, max_rows=max_rows, folds=folds)
    except NotApplicable:
        return None
    material = made.material
    at = np.minimum(np.searchsorted(given.row_id, material.row_id), len(given.row_id) - 1)
    place = np.where(given.row_id[at] == material.row_id, at, -1)
    return OurModels(material=material, probe=made.probe, place=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How often the given probabilities put the given label first, beside our own models.

    Attributes
    ----------
    n, right, saturated
        Rows, the share where the given label comes first, and the share where the first class has
        nearly all of the probability.
    n_both, right_there, ours, ahead_low
        The rows that our own models judged, too; both shares there; and the lower 95 % end of their
        difference. 0 and NaN where our own models have no column to read.
    """

    n: int
    right: float
    saturated: float
    n_both: int = 0
    right_there: float = float("nan")
    ours: float = float("nan")
    ahead_low: float = float("nan")

    def is_too_right(self, params: OwnModelParams) -> bool:
        """Whether the model is right nearly always, and our own are far below or not there."""
        if not self.n_both:
            return self.right >= params.alone
        return self.right >= params.nearly_all and self.ahead_low > params.far

    def is_saturated(self, params: OwnModelParams) -> bool:
        """Whether hardly a row says anything but a class, and the label is not known to be easy."""
        if self.n_both and self.ours >= params.nearly_all - params.far:
            return False
        return self.saturated >= params.max_saturated

    def refuses(self, params: OwnModelParams) -> bool:
        """Whether nothing can be found with the probabilities."""
        return self.is_too_right(params) or self.is_saturated(params)


def how_right(given: GivenProbabilities, ours: OurModels | None, params: OwnModelParams) -> Seen:
    """Compare the given probabilities with the labels, and with our own models."""
    right = _first(given.probabilities) == given.codes
    seen = Seen(
        n=len(right),
        right=float(right.mean()),
        saturated=float((given.probabilities.max(axis=1) >= params.saturated).mean()),
    )
    if ours is None or not (ours.place >= 0).any():
        return seen
    both = ours.place >= 0
    theirs = right[ours.place[both]].astype(np.float64)
    our_own: BoolArray = _first(ours.material.weighed(ours.probe.probabilities)) == (
        ours.material.codes
    )
    own = our_own[both].astype(np.float64)
    ahead = theirs - own
    error = float(ahead.std(ddof=1)) / len(ahead) ** 0.5 if len(ahead) > 1 else float("inf")
    return Seen(
        n=seen.n,
        right=seen.right,
        saturated=seen.saturated,
        n_both=len(own),
        right_there=float(theirs.mean()),
        ours=float(own.mean()),
        ahead_low=float(ahead.mean()) - NORMAL * error,
    )


def _first(probabilities: FloatArray) -> IntArray:
    return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)
