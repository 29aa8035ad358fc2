"""Judge the checks of labels on made tables whose labels are honest, wrong on purpose, or noise.

``python tests/benchmarks/honest_labels.py [TABLES]`` makes tables of five shapes and 100
to 2,000 rows, and prints how often each kind of label was warned of and counted as learnable.

======================= =====================================================================
kind of label           what is true
======================= =====================================================================
``honest``              drawn from p(y given x); the best model is right in 75 to 97 %
``hidden``              the same, but a part of the columns that decide is not in the table
``determined``          follows from the columns
``flips 2``, ``5``, ...  determined, and so many percent were changed to another class
``random``              has nothing to do with the columns
``of persons``          random for each person, who has five nearly equal rows
======================= =====================================================================
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SHAPES = ("gaussian", "heavy", "categories", "mixed", "five classes")
SIZES = (100, 300, 1_000, 2_000)


def inputs(rng: np.random.Generator, shape: str, n: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return columns, and for each row a score per class that they determine, shape (n, k)."""
    k = 5 if shape == "five classes" else 2
    p = int(rng.integers(4, 13))
    x = rng.standard_t(2.5, size=(n, p)) if shape == "heavy" else rng.normal(size=(n, p))
    frame = pd.DataFrame({f"x{j}": x[:, j].round(4) for j in range(p)})
    kept = {"categories": 0, "mixed": p // 2}.get(shape, p)
    x[:, kept:] = 0.0
    score = x @ (rng.normal(size=(p, k)) * (rng.random((p, 1)) < 0.6))
    score = score + x[:, :1] * x[:, 1:2] * rng.normal(0, 0.3, (1, k)) * (kept > 1)
    for j in range(kept, p):
        levels = int(rng.integers(2, 9))
        codes = rng.choice(levels, n, p=rng.dirichlet(np.full(levels, 2.0)))
        frame[f"x{j}"] = np.array([f"v{c}" for c in range(levels)], dtype=object)[codes]
        score = score + rng.normal(size=(levels, k))[codes]
    return frame, score - score.mean(axis=0)


def honest(rng: np.random.Generator, score: np.ndarray, accuracy: float) -> np.ndarray:
    """Draw labels from p(y given x), scaled so that the best model has about ``accuracy``."""
    low, high = 1e-3, 1e3
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _best(score, middle) < accuracy else (low, middle)
    draws = rng.random((len(score), 1))
    return (
        (_probabilities(score, low).cumsum(axis=1) < draws).sum(axis=1).clip(0, score.shape[1] - 1)
    )


def _probabilities(score: np.ndarray, scale: float) -> np.ndarray:
    raised = scale * (score - score.max(axis=1, keepdims=True))
    powers = np.exp(np.maximum(raised, -700.0))
    return powers / powers.sum(axis=1, keepdims=True)


def _best(score: np.ndarray, scale: float) -> float:
    return float(_probabilities(score, scale).max(axis=1).mean())


def flipped(rng: np.random.Generator, y: np.ndarray, k: int, part: float) -> np.ndarray:
    """Change a share of the labels to another class."""
    given = y.copy()
    rows = rng.choice(len(y), round(part * len(y)), replace=False)
    given[rows] = (given[rows] + rng.integers(1, k, len(rows))) % k
    return given


def persons(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return five near copies of each of n / 5 persons, whose label is a coin."""
    who = np.repeat(np.arange(n // 5), 5)
    p = int(rng.integers(3, 9))
    x = rng.normal(size=(n // 5, p))[who] + rng.normal(0, 0.02, (len(who), p))
    frame = pd.DataFrame({f"x{j}": x[:, j].round(4) for j in range(p)})
    return frame.assign(label=np.array(["no", "yes"])[rng.integers(0, 2, n // 5)][who])


def made(seed: int, kind: str, shape: str, n: int) -> pd.DataFrame:
    """Return one table with a column ``label``."""
    rng = np.random.default_rng([seed, *map(ord, kind + shape), n])
    if kind == "of persons":
        return persons(rng, n)
    frame, score = inputs(rng, shape, n)
    k = score.shape[1]
    if kind in {"honest", "hidden"}:
        y = honest(rng, score, float(rng.uniform(0.75, 0.97)))
    elif kind == "random":
        y = rng.choice(k, n, p=rng.dirichlet(np.full(k, 5.0)))
    else:
        y = score.argmax(axis=1)
        if kind.startswith("flips"):
            y = flipped(rng, y, k, int(kind.split()[1]) / 100)
    shown = frame.iloc[:, : -max(1, frame.shape[1] // 3)] if kind == "hidden" else frame
    return shown.assign(label=[f"class {c}" for c in y])
