"""Judge how well wrong labels are ranked and flagged, on tables with wrong labels planted.

``python tests/benchmarks/label_noise.py [--folder DIR] [--rates 2 5 10 20] [--seeds 3]
[--tables NAME ...] [--rows 2000] [--cleanlab] [--jobs 2] [--save FILE]``

Each table is taken as it is published; then a share of its labels is changed, in two ways: *any*
row by chance, to a class that a random matrix of confusions says, or *near* the border, where
randomised trees that know the right labels are least sure, to the class that comes next. Printed
are the area under the precision-recall curve of the ranking, the precision and recall of the flags,
and with ``--cleanlab`` the area for cleanlab with its defaults (``CleanLearning``: logistic
regression, five folds) on the same encoded columns. What is wrong in the published labels already
counts as a mistake of whoever ranks it first.

Four tables come with scikit-learn; the others are read from a folder of CSV files by their names.
Columns that restate the label are left out by hand, for they would tell the planted errors.

Measured on 2026-11-30 with version 8 of the check and ``--rates 0 10 --rows 600 --seeds 1``: nine
tables of which 10 % of the labels were wrong. *Untouched* is the share of labels that is flagged in
the table as it is published; the other figures are means over both kinds of errors.

============= ===== ========= ====== ========= =========
table         area  precision recall cleanlab  untouched
============= ===== ========= ====== ========= =========
iris          0.893 0.929     0.567  0.912     0.0 %
wine          0.898 0.967     0.639  0.886     0.0 %
breast_cancer 0.881 0.980     0.509  0.861     0.2 %
titanic       0.339 0.410     0.350  0.314     6.5 %
adult         0.482 0.546     0.333  0.437     2.7 %
german        0.310 0.304     0.300  0.285     8.3 %
penguins      0.951 1.000     0.603  0.963     0.0 %
compas        0.143 0.158     0.167  0.125     10.8 %
hospital      0.118 0.091     0.167  0.127     15.2 %
------------- ----- --------- ------ --------- ---------
mean          0.557 0.598     0.404  0.545     4.9 %
- any         0.630 0.615     0.568  0.615
- near        0.484 0.582     0.240  0.475
============= ===== ========= ====== ========= =========
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict

from components.checks import registry
from components.checks._lib.encoder import fit_encoder
from components.checks._lib.features import plan
from components.core.settings import ONE_THREAD
from components.engine.table.open_table import open_table
from components.profiling.profile import profile
from tests.benchmarks.honest_labels import Run, stored

RARE = 20
"""Rows below which a class is left out."""

FILES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "titanic": ("titanic.csv", "survived", ("alive",)),
    "adult": ("adult.csv", "income", ()),
    "german": ("german_credit.csv", "credit_risk", ()),
    "penguins": ("penguins.csv", "species", ()),
    "compas": (
        "compas_two_years.csv",
        "two_year_recid",
        ("is_recid", "start", "end", "event", "id"),
    ),
    "hospital": (
        "hospital.clean.csv",
        "Condition",
        ("MeasureCode", "MeasureName", "Stateavg", "index"),
    ),
    "cardio": ("cardio.csv", "label", ()),
    "vowels": ("vowels.csv", "label", ()),
    "breastw": ("breastw.csv", "label", ()),
    "pima": ("pima.csv", "label", ()),
    "stamps": ("stamps.csv", "label", ()),
    "fault": ("fault.csv", "label", ()),
    "weather": ("weather_reference.csv", "target", ()),
}
"""File, label, and columns that restate it."""

BUNDLED: dict[str, Callable[..., object]] = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
}


def tables(folder: Path | None, wanted: list[str], most: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables that are there, with a column ``label`` and at most so many rows."""
    for name, load in BUNDLED.items():
        if not wanted or name in wanted:
            bunch = load(as_frame=True)
            named = bunch.data.assign(label=[f"class {c}" for c in bunch.target])
            yield name, drawn(named, most)
    for name, (file, label, restating) in FILES.items():
        found = next(iter(sorted(folder.rglob(file))), None) if folder else None
        if found is None or (wanted and name not in wanted):
            continue
        frame = pd.read_csv(found, na_values=["?"])
        if label not in frame:  # the anomalies of a benchmark: a class that is rare
            truth = pd.read_csv(found.with_name(f"{found.stem}.truth.csv"))
            frame[label] = truth["is_anomaly"].to_numpy()
        left = frame.drop(columns=[c for c in restating if c in frame])
        if name == "compas":
            left = left[[c for c in left if not _is_outcome(c)]]
        texts = left[label].map(lambda value: f"class {value}")
        left = left.drop(columns=[label]).assign(label=texts)[frame[label].notna()]
        yield name, drawn(left.reset_index(drop=True), most)


def _is_outcome(column: str) -> bool:
    return any(part in column for part in ("recid", "r_", "custody", "jail")) and (
        column != "two_year_recid"
    )


def drawn(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return at most so many rows at random, of classes that are not rare."""
    sizes = frame["label"].value_counts()
    frame = frame[frame["label"].isin(sizes[sizes >= RARE].index)]
    return frame.sample(min(most, len(frame)), random_state=0).reset_index(drop=True)


def planted(
    frame: pd.DataFrame, x: np.ndarray, kind: str, rate: float, seed: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a table with wrong labels, and which rows these are."""
    rng = np.random.default_rng([seed, round(1_000 * rate), len(kind)])
    names, codes = np.unique(frame["label"], return_inverse=True)
    n, k = len(codes), len(names)
    wrong = np.zeros(n, dtype=bool)
    if kind == "any":
        wrong[rng.choice(n, max(1, round(rate * n)), replace=False)] = True
        confusions = rng.dirichlet(np.full(k, 0.5), size=k) + 0.02
        np.fill_diagonal(confusions, 0.0)
        confusions /= confusions.sum(axis=1, keepdims=True)
        new = np.array([rng.choice(k, p=confusions[c]) for c in codes])
    else:
        trees = ExtraTreesClassifier(100, min_samples_leaf=3, random_state=seed)
        known = cross_val_predict(trees, x, codes, cv=5, method="predict_proba")
        others = known.copy()
        others[np.arange(n), codes] = -1.0
        weight = (others.max(axis=1) + 0.02) ** 2
        count = max(1, round(rate * n))
        wrong[rng.choice(n, count, replace=False, p=weight / weight.sum())] = True
        new = others.argmax(axis=1)
    return frame.assign(label=names[np.where(wrong, new, codes)]), wrong


@dataclass(frozen=True, slots=True)
class Told:
    """What one table with wrong labels gave."""

    table: str
    kind: str
    rate: float
    area: float
    flagged: int
    right: int
    wrong: int
    rows: int
    clean_flags: int
    cleanlab: float
    seconds: float


def tell(task: tuple[str, pd.DataFrame, str, float, int, bool]) -> Told:
    """Judge one table."""
    name, frame, kind, rate, seed, with_cleanlab = task
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        version = stored(frame, path)
        x = fit_encoder(frame, plan(version), seed=0).linear(frame)
        given, wrong = planted(frame, x, kind, rate, seed) if rate else (frame, None)
        version = stored(given, path)
        started = time.perf_counter()
        with open_table(version, path) as table:
            run = Run(len(given), profile(table))
            result = registry.get("labels.label_errors").run(table, run)
        took = time.perf_counter() - started
    scores = result.row_scores
    assert scores is not None
    order = np.argsort(scores.row_id)
    quality, flagged = scores.quality[order], scores.flagged[order]
    wrong = np.zeros(len(given), dtype=bool) if wrong is None else wrong
    among = wrong[scores.row_id[order]]
    compared = with_cleanlab and rate > 0
    return Told(
        table=name,
        kind=kind,
        rate=rate,
        area=average_precision_score(among, -quality) if rate else float("nan"),
        flagged=int(flagged.sum()),
        right=int((flagged & among).sum()),
        wrong=int(wrong.sum()),
        rows=len(given),
        clean_flags=int((flagged & ~among).sum()),
        cleanlab=of_cleanlab(x, given["label"], wrong) if compared else float("nan"),
        seconds=took,
    )


def of_cleanlab(x: object, labels: pd.Series, wrong: np.ndarray) -> float:
    """Return the same area for cleanlab with its defaults on the same encoded columns."""
    from cleanlab.classification import CleanLearning

    codes = np.unique(labels, return_inverse=True)[1]
    one_process = {"n_jobs": 1}  # its own processes know no other start than a fork
    found = CleanLearning(seed=0, find_label_issues_kwargs=one_process).find_label_issues(x, codes)
    return float(average_precision_score(wrong, -found["label_quality"].to_numpy()))


def main() -> None:
    """Print the figures by rate, and by table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rates", nargs="+", type=float, default=[2, 5, 10, 20])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tables", nargs="+", default=[])
    parser.add_argument("--rows", type=int, default=2_000, help="of a table, at most")
    parser.add_argument("--cleanlab", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="a CSV file, one line per run of the check")
    asked = parser.parse_args()
    tasks = [
        (name, frame, kind, rate / 100, seed, asked.cleanlab)
        for name, frame in tables(asked.folder, asked.tables, asked.rows)
        for rate in asked.rates
        for kind in (("any", "near") if rate else ("none",))
        for seed in range(asked.seeds if rate else 1)
    ]
    os.environ.update(ONE_THREAD)  # as the workers of the product do
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn")) as pool:
        told = pd.DataFrame()
        for found in pool.map(tell, tasks):
            told = pd.concat([told, pd.DataFrame([found])], ignore_index=True)
            if asked.save:
                told.to_csv(asked.save, index=False)
    for by in (["rate", "kind"], ["table"]):
        print(summary(told, by), flush=True)
    print(f"{told.seconds.sum():.0f} s in {len(told):,} runs of the check")


def summary(told: pd.DataFrame, by: list[str]) -> str:
    """Return the figures by some columns: means over tables, so that each counts once."""
    told = told.assign(
        precision=told.right / told.flagged.clip(lower=1),
        recall=told.right / told.wrong.clip(lower=1),
        right_flagged=told.clean_flags / (told.rows - told.wrong),
    )
    planted_ones = told[told.rate > 0]
    shown = ["area", "precision", "recall", "right_flagged", "cleanlab"]
    each = planted_ones.groupby([*by, "table"] if "table" not in by else by)[shown].mean()
    means = each.groupby(by).mean().assign(sd_of_area=each.groupby(by)["area"].std())
    untouched = told[told.rate == 0]
    if untouched.empty or by != ["table"]:
        return means.round(3).to_string()
    flagged = untouched.set_index("table")["right_flagged"].rename("untouched")
    return means.join(flagged).round(3).to_string()


if __name__ == "__main__":
    main()
