"""Compare the ranking of unusual rows with a plain isolation forest.

``python tests/benchmarks/anomalies.py FOLDER`` reads every ``X.csv`` of the folder that has an
``X.truth.csv`` (columns ``row`` and ``is_anomaly``) and prints the area under the ROC curve, the
average precision, and what was flagged.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
from pyod.models.iforest import IForest
from sklearn.metrics import average_precision_score, roc_auc_score

from components.checks.anomalies.multivariate import multivariate
from components.core.data.dataset import Column, DatasetVersion, Kind, Storage
from components.core.facts.profile import DatasetProfile
from components.engine.table.open_table import open_table


class Run:
    """A run context without progress."""

    seed = 0
    source = None
    params: ClassVar[dict[str, dict[str, object]]] = {}

    def __init__(self, n_rows: int) -> None:
        self.profile = DatasetProfile(n_rows=n_rows, n_columns=0, columns=())

    def progress(self, done: float, note: str = "") -> None:
        """Ignore the progress."""

    def shared(self, _key, make):
        """Make it."""
        return make()


def scores_of(frame: pd.DataFrame, folder: Path):
    """Return 1 - normality and the flags of the check, in row order."""
    columns = tuple(
        Column(name=str(n), field=f"c{i}", storage=Storage.NUMBER, kind=Kind.NUMBER)
        for i, n in enumerate(frame.columns)
    )
    stored = pd.DataFrame({"row_id": np.arange(len(frame))})
    for column in columns:
        stored[column.field] = frame[column.name].to_numpy(dtype=float)
    path = folder / "table.parquet"
    stored.to_parquet(path, index=False)
    version = DatasetVersion(
        id="b", name="b.csv", sha256="0" * 64, n_rows=len(frame), columns=columns
    )
    with open_table(version, path) as table:
        rows = multivariate.run(table, Run(len(frame))).row_scores
    assert rows is not None
    order = np.argsort(rows.row_id)
    return 1.0 - rows.quality[order], rows.flagged[order]


def forest(frame: pd.DataFrame, seed: int = 0):
    """Return the scores of a plain isolation forest on standardised columns."""
    x = frame.to_numpy(dtype=float)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    model = IForest(n_estimators=100, random_state=seed).fit((x - x.mean(axis=0)) / spread)
    return model.decision_scores_


def main() -> None:
    """Print one line per data set and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    rows = []
    for truth in sorted(parser.parse_args().folder.glob("*.truth.csv")):
        name = truth.name.removesuffix(".truth.csv")
        frame = pd.read_csv(truth.with_name(f"{name}.csv"))
        bad = pd.read_csv(truth)["is_anomaly"].to_numpy(dtype=bool)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            ours, flagged = scores_of(frame, Path(folder))
        took = time.perf_counter() - started
        plain = forest(frame)
        rows.append(
            {
                "set": name,
                "n": len(bad),
                "share": bad.mean(),
                "auc": roc_auc_score(bad, ours),
                "auc_forest": roc_auc_score(bad, plain),
                "ap": average_precision_score(bad, ours),
                "ap_forest": average_precision_score(bad, plain),
                "flagged": int(flagged.sum()),
                "precision": bad[flagged].mean() if flagged.any() else np.nan,
                "seconds": took,
            }
        )
    table = pd.DataFrame(rows)
    print(table.round(3).to_string(index=False))
    print(table.select_dtypes("number").mean().round(3).to_string())


if __name__ == "__main__":
    main()
