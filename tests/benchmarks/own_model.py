"""Judge the rule that recognises a model which had seen the rows whose labels it judges.

``python tests/benchmarks/own_model.py [TABLES]`` makes tables of five shapes and 300 rows (the
generators of ``honest_labels.py``), predicts them with five kinds of models once as they were
trained on the same rows and once out of fold, and prints how many were refused.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from honest_labels import SHAPES, Run, made, stored

from components.checks import registry
from components.core.data.dataset import Role
from components.engine.table.open_table import open_table

KINDS = ("honest", "flips 10")
ROWS = 300
FOLDS = 5


def models(seed: int) -> dict[str, object]:
    """Return five kinds of models, as people use them."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.tree import DecisionTreeClassifier

    return {
        "random forest": RandomForestClassifier(100, random_state=seed),
        "boosting": HistGradientBoostingClassifier(random_state=seed),
        "decision tree": DecisionTreeClassifier(random_state=seed),
        "network": MLPClassifier((64,), max_iter=400, alpha=0.0, random_state=seed),
        "logistic regression": LogisticRegression(max_iter=500),
    }


def numbers(frame: pd.DataFrame) -> np.ndarray:
    """Return the inputs as numbers, one column per category."""
    return pd.get_dummies(frame.drop(columns="label")).to_numpy(dtype=np.float64)


def refused(frame: pd.DataFrame, chance: np.ndarray, names: list[str], path: Path) -> bool:
    """Whether the probabilities are refused because the model had seen the rows."""
    predicted = {f"prob_{name}": chance[:, i] for i, name in enumerate(names)}
    version = stored(frame.assign(**predicted), path)
    version = version.with_columns(
        tuple(replace(c, role=Role.PREDICTED) if c.name in predicted else c
              for c in version.columns)
    )  # fmt: skip
    with open_table(version, path) as table:
        result = registry.get("labels.predicted_probabilities").run(table, Run(len(frame)))
    return any(f.key == "seen_before" for f in result.findings)


def main() -> None:
    """Print one line per kind of label and model."""
    from sklearn.model_selection import cross_val_predict

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="?", type=int, default=1, help="per kind and shape")
    parser.add_argument("--first", type=int, default=4_000, help="the seed of the first table")
    asked = parser.parse_args()
    print("| label | model | tables | right in sample | refused | right out of fold | refused |")
    print("|---|---|---|---|---|---|---|")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        for kind in KINDS:
            frames = [
                made(seed, kind, shape, ROWS)
                for seed in range(asked.first, asked.first + asked.tables)
                for shape in SHAPES
            ]
            for name, model in models(0).items():
                told = np.zeros((len(frames), 4))
                for i, frame in enumerate(frames):
                    x, y = numbers(frame), frame["label"].to_numpy()
                    names = sorted(set(y))
                    for at, chance in (
                        (0, model.fit(x, y).predict_proba(x)),
                        (2, cross_val_predict(model, x, y, cv=FOLDS, method="predict_proba")),
                    ):
                        right = (np.array(names)[chance.argmax(axis=1)] == y).mean()
                        told[i, at : at + 2] = right, refused(frame, chance, names, path)
                mean, sums = told.mean(axis=0), told.sum(axis=0).astype(int)
                print(
                    f"| {kind} | {name} | {len(frames)} | {mean[0]:.3f} | {sums[1]} "
                    f"| {mean[2]:.3f} | {sums[3]} |",
                    flush=True,
                )
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
