"""Tables with nothing wrong in situations that mislead: gaps, rows of one person, small groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from _null_shapes import NullTable, label_of

SITUATIONS = ("gaps", "persons", "groups", "rare")


def gaps(rng: np.random.Generator) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Eight columns with cells missing completely at random, and two sensitive ones."""
    n = int(rng.choice([300, 1_000]))
    x = rng.normal(size=(n, 8))
    frame = pd.DataFrame(x.round(3), columns=[f"x{j}" for j in range(8)])
    frame["label"] = label_of(rng, x[:, 0] + x[:, 1], "two", "drawn")
    for name in frame.columns[:8]:
        frame.loc[rng.random(n) < rng.uniform(0.02, 0.2), name] = np.nan
    frame["sex"] = rng.choice(["f", "m"], n)
    frame["area"] = rng.choice(["K", "L", "M"], n, p=[0.5, 0.35, 0.15])
    return frame, ("--sensitive", "sex", "--sensitive", "area")


def persons(rng: np.random.Generator) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Five rows for each of a hundred persons, who have one group, and a tendency in the label."""
    who = np.repeat(np.arange(100), 5)
    own = rng.normal(size=100)[who]
    x = own[:, None] + rng.normal(0, 0.8, (500, 4))
    frame = pd.DataFrame(x.round(3), columns=list("abcd"))
    frame["person"] = [f"p{i:03d}" for i in who]
    frame["group"] = rng.choice(["K", "L"], 100)[who]
    frame["label"] = label_of(rng, x.mean(axis=1), "two", "drawn")
    return frame, ("--entity", "person", "--sensitive", "group")


def groups(rng: np.random.Generator) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Three sensitive columns of eight groups each in 2,000 rows, which say nothing."""
    n = 2_000
    x = rng.normal(size=(n, 4))
    frame = pd.DataFrame(x.round(3), columns=list("abcd"))
    asked: tuple[str, ...] = ()
    for name in ("origin", "faith", "trade"):
        shares = rng.dirichlet(np.full(8, 1.5))
        frame[name] = rng.choice([f"{name} {c}" for c in "ABCDEFGH"], n, p=shares)
        asked = (*asked, "--sensitive", name)
    frame["label"] = label_of(rng, x[:, 0] + 0.5 * x[:, 1], "two", "drawn")
    return frame, asked


def rare(rng: np.random.Generator) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Amounts, a sensitive column with a third level in few rows, and marks that few rows have."""
    n = int(rng.choice([200, 400, 1_000, 2_000]))
    share = float(rng.uniform(0.002, 0.03))
    x = rng.normal(size=(n, 3))
    frame = pd.DataFrame(
        {
            "height": (172 + 9 * x[:, 0]).round(1),
            "weight": (70 + 11 * x[:, 1]).round(1),
            "age": rng.integers(18, 80, n),
            "sex": rng.choice(["f", "m", "x"], n, p=[0.5 - share / 2, 0.5 - share / 2, share]),
            "vip": np.where(rng.random(n) < rng.uniform(0.002, 0.03), "yes", "no"),
            "late": (rng.random(n) < rng.uniform(0.002, 0.03)).astype(int),
        }
    )
    frame["label"] = label_of(rng, x[:, 0] + 0.5 * x[:, 1], "two", "drawn")
    return frame, ("--sensitive", "sex")


def null_situations(situation: str, n_tables: int, seed: int) -> list[NullTable]:
    """Return tables with nothing wrong in one situation, all seeded."""
    maker = {"gaps": gaps, "persons": persons, "groups": groups, "rare": rare}[situation]
    tables = []
    for i in range(n_tables):
        frame, asked = maker(np.random.default_rng([seed, i, *map(ord, situation)]))
        tables.append(
            NullTable(
                name=f"{i:03d}_{situation}_{len(frame)}",
                shape=situation,
                mode="drawn",
                frame=frame,
                arguments=("--label", "label", *asked),
            )
        )
    return tables
