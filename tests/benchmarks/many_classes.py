"""Flip labels in 1,000 classes of 20 rows each, and in two classes of 99 to 1.

``python tests/benchmarks/many_classes.py`` prints what the search for label errors flags, and the
CPU time. Made tables of 20,000 rows and 10 columns, seed 0:

===================================== ======= ========= ====== =======
table                                 flagged precision recall CPU
===================================== ======= ========= ====== =======
1,000 classes, 5 % wrong                  822      0.84   0.69    35 s
99:1, 10 labels wrong in each class         9      1.00   0.45    20 s
99:1, 5 % wrong in each class               0                     16 s
===================================== ======= ========= ====== =======

Of 99:1 with ten wrong labels each, the nine are rows of the common class that carry the rare label;
none of the 190 others that carry it is flagged, and no row of the rare class that carries the
common label is found. With 5 % wrong in each class, 84 % of the rows with the rare label are wrong:
they rank first (0.998 is the area under the precision-recall curve among rows with that label), and
none is flagged, because 1,612 rows do not show that the label can be learned.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from honest_labels import Run, stored

from components.checks import registry
from components.engine.table.open_table import open_table
from components.profiling.profile import profile

ROWS, COLUMNS = 20_000, 10


def framed(x: np.ndarray, names: np.ndarray) -> pd.DataFrame:
    """Return numbers and labels as a table."""
    frame = pd.DataFrame(x.round(4), columns=[f"x{i}" for i in range(x.shape[1])])
    return frame.assign(label=names)


def many(classes: int = 1_000, wrong: float = 0.05) -> tuple[pd.DataFrame, np.ndarray]:
    """Return points around a centre for each class, and which labels are wrong."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(classes, COLUMNS)) * 2.5
    truth = np.repeat(np.arange(classes), ROWS // classes)
    x = centres[truth] + rng.normal(size=(ROWS, COLUMNS))
    given = truth.copy()
    for row in rng.choice(ROWS, round(wrong * ROWS), replace=False):
        while given[row] == truth[row]:
            given[row] = rng.integers(classes)
    return framed(x, np.array([f"k{i:04d}" for i in range(classes)])[given]), given != truth


def rare(flips: int | float) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two classes of 99 to 1, and so many labels, or such a share, wrong in each."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, COLUMNS))
    score = 1.5 * x[:, 0] + x[:, 1] + x[:, 2] * x[:, 3] * 0.5 + rng.normal(0, 0.3, ROWS)
    truth = (score > np.quantile(score, 0.99)).astype(int)
    given = truth.copy()
    for code in (0, 1):
        own = np.flatnonzero(truth == code)
        n = flips if isinstance(flips, int) else round(flips * len(own))
        given[rng.choice(own, n, replace=False)] = 1 - code
    return framed(x, np.where(given == 1, "rare", "common")), given != truth


def judged(name: str, frame: pd.DataFrame, wrong: np.ndarray) -> None:
    """Print what is flagged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        with open_table(stored(frame, path), path) as table:
            run, start = Run(len(frame), profile(table)), time.process_time()
            scores = registry.get("labels.label_errors").run(table, run).row_scores
            took = time.process_time() - start
    flagged = np.zeros(len(frame), dtype=bool)
    flagged[scores.row_id[scores.flagged]] = True
    precision = wrong[flagged].mean() if flagged.any() else float("nan")
    recall = flagged[wrong].mean()
    told = f"{flagged.sum()} flagged, {precision:.2f}, {recall:.2f}"
    print(f"{name}: {told}, {took:.0f} s", flush=True)
    for label in ("rare", "common"):
        own = (frame["label"] == label).to_numpy()
        bad, good = own & wrong, own & ~wrong
        if own.any():
            counts = f"{(bad & flagged).sum()} of {bad.sum()} wrong ones"
            print(f"  {label}: {counts}, {(good & flagged).sum()} of {good.sum()} others")


if __name__ == "__main__":
    judged("1,000 classes", *many())
    judged("99:1, ten each", *rare(10))
    judged("99:1, 5 % each", *rare(0.05))
