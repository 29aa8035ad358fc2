"""Whether faults that were planted are found, each alone, at the severity that asks for a person.

``python tests/benchmarks/planted_faults.py`` makes a mixed table of 1,000 rows with nothing wrong,
plants one fault in it, runs ``preflight check``, and prints in how many of the seeds the check
that is meant raised a finding above information. A benchmark, not a test: nothing is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from _null_shapes import NullTable
from null_tables import Outcome, outcome_of

ROWS = 1_000
Table = tuple[pd.DataFrame, list[str]]
Fault = Callable[[np.random.Generator, pd.DataFrame], pd.DataFrame]


def clean(rng: np.random.Generator, n: int = ROWS) -> pd.DataFrame:
    """Return a mixed table whose label is determined by its columns."""
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "income": np.exp(rng.normal(10, 0.4, n)).round(2),
            "hours": rng.normal(38, 6, n).round().clip(4, 70).astype(int),
            "score": rng.normal(50, 12, n).round(1),
            "weight": rng.normal(70, 11, n).round(1),
            "height": rng.normal(172, 9, n).round(1),
            "plan": rng.choice(["basic", "plus", "pro"], n),
            "region": rng.choice(["north", "south", "east", "west"], n),
            "joined": (
                pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 2_000, n), "D")
            ).strftime("%Y-%m-%d"),
            "group": rng.choice(["K", "L", "M"], n, p=[0.5, 0.3, 0.2]),
        }
    )
    score = (frame["score"] - 50) / 12 + (frame["age"] - 49) / 18
    frame["label"] = np.where(score > 0.2, "yes", "no")
    return frame


def flips(share: float, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Turn a share of the labels round."""
    at = rng.choice(len(frame), int(share * len(frame)), replace=False)
    turned = frame["label"].map({"yes": "no", "no": "yes"})
    frame.loc[at, "label"] = turned[at]
    return frame


def swapped(n: int, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Write income and hours into each other's cells."""
    at = rng.choice(len(frame), n, replace=False)
    frame["hours"] = frame["hours"].astype(float)
    frame.loc[at, ["income", "hours"]] = frame.loc[at, ["hours", "income"]].to_numpy()
    return frame


def slips(n: int, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Swap two letters of a plan, at a place drawn for each row."""
    for i in rng.choice(len(frame), n, replace=False):
        word = str(frame.loc[i, "plan"])
        j = int(rng.integers(0, len(word) - 1))
        frame.loc[i, "plan"] = word[:j] + word[j + 1] + word[j] + word[j + 2 :]
    return frame


def leak(noise: float, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add a column that copies the label but for some noise."""
    code = frame["label"].map({"yes": "Q7", "no": "Q2"}).to_numpy(copy=True)
    at = rng.random(len(frame)) < noise
    code[at] = rng.choice(["Q7", "Q2"], at.sum())
    return frame.assign(status=code)


def values(
    column: str, what: float | str, n: int, rng: np.random.Generator, frame: pd.DataFrame
) -> pd.DataFrame:
    """Put one value into some cells of a column."""
    frame[column] = frame[column].astype(object)
    frame.loc[rng.choice(len(frame), n, replace=False), column] = what
    return frame


def times(factor: float, n: int, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Multiply the income of some rows."""
    at = rng.choice(len(frame), n, replace=False)
    frame.loc[at, "income"] = (frame.loc[at, "income"] * factor).round(2)
    return frame


def copies(share: float, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Append exact copies of some rows."""
    at = rng.choice(len(frame), int(share * len(frame)), replace=False)
    return pd.concat([frame, frame.loc[at]], ignore_index=True)


def rates(of_k: float, of_m: float, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Draw the label with different rates in two groups."""
    rate = frame["group"].map({"K": of_k, "L": of_k, "M": of_m})
    return frame.assign(label=np.where(rng.random(len(frame)) < rate, "yes", "no"))


def gaps_by_label(
    share: float, ratio: float, rng: np.random.Generator, frame: pd.DataFrame
) -> pd.DataFrame:
    """Leave cells empty, more seldom where the label is yes."""
    chance = np.where(frame["label"] == "yes", share * ratio, share)
    frame.loc[rng.random(len(frame)) < chance, "weight"] = np.nan
    return frame


ANOMALIES, LABELS = "anomalies.multivariate", "labels.label_errors"
FAULTS: dict[str, tuple[str, Fault]] = {
    "nothing": ("", lambda _, frame: frame),
    "labels: 2 % turned": (LABELS, partial(flips, 0.02)),
    "labels: 5 % turned": (LABELS, partial(flips, 0.05)),
    "labels: 10 % turned": (LABELS, partial(flips, 0.10)),
    "leak: a copy of the label": ("leakage.target_proxy", partial(leak, 0.0)),
    "leak: a copy, 2 % noise": ("leakage.target_proxy", partial(leak, 0.02)),
    "codes: 999 in age, 5 rows": ("completeness.sentinel_values", partial(values, "age", 999, 5)),
    "codes: -1 in age, 5 rows": ("completeness.sentinel_values", partial(values, "age", -1, 5)),
    "codes: -9999 in score, 5 rows": (
        "completeness.sentinel_values",
        partial(values, "score", -9999, 5),
    ),
    "anomalies: income x 10, 10 rows": (ANOMALIES, partial(times, 10, 10)),
    "anomalies: income x 100, 10 rows": (ANOMALIES, partial(times, 100, 10)),
    "anomalies: age 250, 10 rows": (ANOMALIES, partial(values, "age", 250, 10)),
    "anomalies: joined 1925-01-01, 10 rows": (
        ANOMALIES,
        partial(values, "joined", "1925-01-01", 10),
    ),
    "anomalies: income and hours swapped, 10 rows": (ANOMALIES, partial(swapped, 10)),
    "anomalies: one slip of the pen in plan, 10 rows": (ANOMALIES, partial(slips, 10)),
    "copies: 2 %": ("duplicates.exact_rows", partial(copies, 0.02)),
    "copies: 6 %": ("duplicates.exact_rows", partial(copies, 0.06)),
    "groups: .5 against .3": ("bias.outcome_gap", partial(rates, 0.5, 0.3)),
    "groups: .9 against .78": ("bias.outcome_gap", partial(rates, 0.9, 0.78)),
    "gaps: 10 %, half as many with yes": (
        "completeness.missing_values",
        partial(gaps_by_label, 0.14, 0.3),
    ),
}


def table_of(name: str, seed: int) -> NullTable:
    """Return the table with one fault; other faults may come and go without a change of it."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    frame = FAULTS[name][1](rng, clean(rng))
    arguments = ("--label", "label", "--sensitive", "group")
    return NullTable(name=name, shape=name, mode="determined", frame=frame, arguments=arguments)


def line(name: str, outcomes: list[Outcome]) -> str:
    """Return what was found of one fault."""
    check_id = FAULTS[name][0]
    found = sum(any(c == check_id for c, _ in o.above) for o in outcomes)
    anything = sum(bool(o.above) for o in outcomes)
    return f"| {name} | {check_id} | {found} of {len(outcomes)} | {anything} of {len(outcomes)} |"


def main() -> None:
    """Print a table of the faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    tables = [table_of(name, seed) for name in FAULTS for seed in range(asked.seeds)]
    with multiprocessing.get_context("spawn").Pool(asked.jobs, maxtasksperchild=25) as pool:
        outcomes = pool.map(outcome_of, tables, chunksize=1)
    print("| planted | check | found | anything above information |\n|---|---|---|---|")
    for name in FAULTS:
        print(line(name, [o for o in outcomes if o.table == name]))


if __name__ == "__main__":
    main()
