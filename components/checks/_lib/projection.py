"""Rows of a mixed table as points in the plane.

Rows are encoded as for the other checks (:mod:`components.checks._lib.encoder`), turned to their
30 main directions, and laid out by t-SNE, which keeps near rows near. Few rows, or few directions,
are shown by their two main directions alone.

Sources: van der Maaten, Hinton 2008, J. Mach. Learn. Res. 9 (t-SNE; 30 directions first, perplexity
5 to 50); van der Maaten 2014 (Barnes-Hut); Kobak, Berens 2019, Nature Communications 10 (start from
the main directions, so that the picture does not depend on chance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from components.checks._lib.encoder import fit_encoder
from components.checks._lib.features import FloatArray, Plan

if TYPE_CHECKING:
    import pandas as pd

DIRECTIONS = 30
"""Main directions that t-SNE reads (van der Maaten, Hinton 2008)."""
PERPLEXITY = 30.0
"""About how many neighbours a row has (the default of scikit-learn)."""
STEPS = 500
"""Steps of t-SNE. Measured: 5,000 rows take 7 s of one core; 1,000 steps change little."""
ANGLE = 0.8
"""Coarseness of Barnes-Hut, in [0.2, 0.8]: the coarsest that scikit-learn calls accurate."""
FEWEST = 50
"""Rows under which t-SNE has no neighbourhoods to keep."""
TINY = 1e-9

MAIN = "the two main directions of the values (PCA)"
NEAR = "t-SNE over the 30 main directions of the values"


def project(frame: pd.DataFrame, plan: Plan, *, seed: int) -> tuple[FloatArray, str]:
    """Return places in [-1, 1], shape (n, 2), and the method in words.

    Deterministic for a seed on one numeric thread.

    Raises
    ------
    ValueError
        When all rows look the same.
    """
    encoded = fit_encoder(frame, plan, seed=seed).linear(frame)
    main = _directions(_varying(encoded), seed)
    if len(main) < FEWEST or main.shape[1] <= 2:  # noqa: PLR2004 - the plane
        flat = np.zeros((len(main), 2))
        flat[:, : main.shape[1]] = main[:, :2]
        return _scaled(flat), MAIN
    return _scaled(_near(main, seed)), NEAR


def _varying(encoded: Any) -> Any:  # noqa: ANN401 - dense or sparse
    spans = encoded.max(axis=0) - encoded.min(axis=0)
    width = np.asarray(spans.todense() if hasattr(spans, "todense") else spans).ravel()
    if float(width.max(initial=0.0)) < TINY:
        raise ValueError("All rows look the same in the columns that are compared.")
    return encoded[:, np.flatnonzero(width >= TINY)]


def _directions(encoded: Any, seed: int) -> FloatArray:  # noqa: ANN401 - dense or sparse
    from sklearn.decomposition import PCA, TruncatedSVD

    n = min(DIRECTIONS, *(size - 1 for size in encoded.shape))
    if n < 1:
        dense = encoded.toarray() if hasattr(encoded, "toarray") else encoded
        return np.asarray(dense, dtype=np.float64)[:, :1]
    turn = (
        TruncatedSVD(n, random_state=seed)
        if hasattr(encoded, "toarray")
        else PCA(n, svd_solver="randomized", random_state=seed)
    )
    found = np.asarray(turn.fit_transform(encoded), dtype=np.float64)
    return found[:, np.ptp(found, axis=0) > TINY]


def _near(main: FloatArray, seed: int) -> FloatArray:
    from sklearn.manifold import TSNE

    layout = TSNE(
        2,
        perplexity=min(PERPLEXITY, (len(main) - 1) / 3),
        max_iter=STEPS,
        angle=ANGLE,
        init="pca",
        random_state=seed % 2**32,
        n_jobs=1,
    )
    return np.asarray(layout.fit_transform(main), dtype=np.float64)


def _scaled(places: FloatArray) -> FloatArray:
    centred = places - (places.max(axis=0) + places.min(axis=0)) / 2
    return np.asarray(np.round(centred / max(float(np.abs(centred).max()), TINY), 4))
