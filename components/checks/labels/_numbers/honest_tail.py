"""How many large residuals honest noise gives, judged from how the small ones fall.

Each side of the residuals is taken for one half of Student's t, whose degrees of freedom and width
are fitted to the smaller four fifths alone. Wrong numbers stand among the others, and do not bend
the curve that they are held against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import wilson

INNER = 0.8
"""Share of the residuals of a side that the curve is fitted to (ours)."""
DEGREES = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 30.0, 200.0)
"""Degrees of freedom tried (ours): below 1.5 any number would be honest."""
WIDTHS = np.exp(np.linspace(np.log(0.25), np.log(4.0), 61))
POINTS = 2_000
"""Residuals of a side that the fit reads; more are thinned evenly."""
FEWEST = 10
"""Residuals of a side below which nothing is said of it."""
LIKELY = 0.5
"""By how much the log likelihood of a curve may be less than that of the best one: half the 68 %
point of chi-squared with one degree of freedom. The least favourable of these counts."""


@dataclass(frozen=True, slots=True)
class HonestCurve:
    """One half of Student's t, for a number of honest rows."""

    likelihood: float
    degrees: float
    width: float
    n: float

    def beyond(self, z: FloatArray) -> FloatArray:
        """Return how many honest rows lie beyond ``z``."""
        return self.n * _survival(z / self.width, self.degrees)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualTail:
    """One side of the residuals.

    Attributes
    ----------
    size
        All residuals of this side, ascending, shape (n,).
    curves
        The likely ones, the best first; empty where nothing can be said.
    """

    size: FloatArray
    curves: tuple[HonestCurve, ...]

    @staticmethod
    def of(size: FloatArray) -> ResidualTail:
        """Fit it to the sizes of the residuals of one side."""
        size = np.sort(size)
        cut = float(np.quantile(size, INNER)) if len(size) >= FEWEST else 0.0
        fits = _fits(size, cut) if cut > 0 else []
        best = max((f.likelihood for f in fits), default=0.0)
        near = [f for f in fits if best - f.likelihood <= LIKELY]
        return ResidualTail(size=size, curves=tuple(sorted(near, key=lambda f: -f.likelihood)))

    def beyond(self, z: FloatArray) -> FloatArray:
        """Return how many rows lie at ``z`` or beyond, shape of ``z``."""
        return (len(self.size) - np.searchsorted(self.size, z, side="left")).astype(np.float64)

    def expected(self, z: FloatArray) -> FloatArray:
        """Return how many honest rows lie beyond ``z``, by the least favourable curve."""
        n = float(len(self.size))
        if not self.curves:
            return np.full(np.shape(z), n)
        return np.asarray(np.minimum(np.max([c.beyond(z) for c in self.curves], axis=0), n))

    def line(self, most: float, least: float) -> float:
        """Return from which size on at most a share of ``most`` is honest; infinite for none.

        The tail-area false discovery rate of Efron 2010. No size below ``least`` counts.
        """
        far = self.size[self.size >= least]
        if not len(far):
            return float("inf")
        rate = self.expected(far) / self.beyond(far)
        good = np.flatnonzero(rate <= most)
        return float(far[good[0]]) if len(good) else float("inf")


def _fits(size: FloatArray, cut: float) -> list[HonestCurve]:
    """Return every curve tried that does not need more honest rows than there are."""
    from scipy import stats

    inner = size[size <= cut]
    thin = inner[:: max(1, len(inner) // POINTS)]
    share = len(inner) / len(thin)
    most = len(size) + len(size) ** 0.5
    usual = 2.0 * float(np.median(inner))
    found = []
    for degrees in DEGREES:
        for width in (usual * WIDTHS).tolist():
            inside = 1.0 - float(_survival(np.array(cut / width), degrees))
            if len(inner) > most * inside:
                continue
            density = stats.t.logpdf(thin / width, degrees) + np.log(2.0 / (width * inside))
            n = len(inner) / inside
            found.append(HonestCurve(share * float(density.sum()), degrees, width, n))
    return found


def _survival(z: FloatArray, degrees: float) -> FloatArray:
    from scipy import stats

    return np.asarray(2.0 * stats.t.sf(z, degrees))


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Rows beyond what honest noise explains, of ``n``.

    Attributes
    ----------
    line
        How many spreads off they are, at least.
    beyond, expected
        Rows beyond the line, and honest ones among them, at most.
    low, high
        The 95 % interval of the share of all rows that lies there and is not explained.
    """

    n: int
    line: float
    beyond: int
    expected: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of all rows that lies there and is not explained."""
        return max(0.0, self.beyond - self.expected) / max(1, self.n)


def excess(above: ResidualTail, below: ResidualTail, line: float) -> Excess:
    """Compare the rows beyond a line, on both sides, with what the curves explain at most."""
    n, z = len(above.size) + len(below.size), np.array(line)
    seen = [float(side.beyond(z)) for side in (above, below)]
    most = [float(side.expected(z)) for side in (above, below)]
    low, high = wilson(int(sum(seen)), n)
    return Excess(
        n=n,
        line=line,
        beyond=int(sum(seen)),
        expected=sum(most),
        low=max(0.0, low - sum(most) / max(1, n)),
        high=max(0.0, high - sum(most) / max(1, n)),
    )
