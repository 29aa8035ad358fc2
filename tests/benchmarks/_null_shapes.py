"""Tables with nothing wrong, in many shapes, and honest labels for them.

A label is drawn in one of three ways: ``determined`` by the columns, ``drawn`` from a probability
that depends on them (p(y | x): two rows that are equal may have different labels, and no label is
wrong), or ``independent`` of them (nothing can be learned).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

SIZES = (100, 300, 600, 1_000, 2_000)
MODES = ("determined", "drawn", "drawn", "independent", "drawn")
Maker = Callable[[np.random.Generator, int], tuple[pd.DataFrame, np.ndarray]]
"""Makes the columns, and per row a number that the label depends on (about standard normal)."""


@dataclass(frozen=True)
class NullTable:
    """One table: its columns with a label, and the roles to say."""

    name: str
    shape: str
    mode: str
    frame: pd.DataFrame
    arguments: tuple[str, ...]

    @property
    def is_learnable(self) -> bool:
        """Whether the label depends on the columns."""
        return self.mode != "independent"


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / (spread if spread > 0 else 1.0)


def gaussian(rng: np.random.Generator, n: int):
    x = rng.normal(size=(n, 6))
    return pd.DataFrame(x.round(4), columns=[f"x{i}" for i in range(6)]), x[:, 0] + x[:, 1]


def correlated(rng: np.random.Generator, n: int):
    base = rng.normal(size=(n, 2))
    x = base @ rng.normal(size=(2, 8)) + 0.5 * rng.normal(size=(n, 8))
    return pd.DataFrame(x.round(3), columns=[f"m{i}" for i in range(8)]), base[:, 0]


def student(rng: np.random.Generator, n: int):
    x = rng.standard_t(3, size=(n, 5))
    return pd.DataFrame(x.round(3), columns=[f"r{i}" for i in range(5)]), np.tanh(x[:, 0]) * 1.5


def money(rng: np.random.Generator, n: int):
    log = rng.normal(size=(n, 3)) * [0.8, 1.1, 0.6] + [8, 5, 3]
    frame = pd.DataFrame(np.exp(log).round(2), columns=["income", "debt", "fee"])
    frame["age"] = rng.integers(18, 80, n)
    return frame, _standard(log[:, 0] - log[:, 1])


def counts(rng: np.random.Generator, n: int):
    rate = rng.gamma(2.0, 1.5, n)
    frame = pd.DataFrame(
        {
            "visits": rng.poisson(rate),
            "calls": rng.poisson(2 * rate),
            "claims": rng.negative_binomial(1, 0.5, n),
            "children": rng.poisson(1.1, n),
        }
    )
    return frame, _standard(np.sqrt(frame["calls"].to_numpy(float)))


def likert(rng: np.random.Generator, n: int):
    mood = rng.normal(size=n)
    answers = np.clip(np.round(3 + mood[:, None] + rng.normal(size=(n, 9))), 1, 5).astype(int)
    return pd.DataFrame(answers, columns=[f"q{i + 1}" for i in range(9)]), _standard(answers.sum(1))


def dates(rng: np.random.Generator, n: int):
    days = rng.integers(0, 1_400, n)
    frame = pd.DataFrame(
        {
            "joined": (pd.Timestamp("2019-03-01") + pd.to_timedelta(days, "D")).strftime(
                "%Y-%m-%d"
            ),
            "spend": np.exp(rng.normal(4, 0.7, n)).round(2),
            "score": rng.normal(50, 10, n).round(1),
            "channel": rng.choice(["web", "shop", "phone"], n, p=[0.6, 0.3, 0.1]),
        }
    )
    return frame, _standard(frame["score"].to_numpy() + 0.01 * days)


WORDS = (
    *("river", "stone", "light", "paper", "garden", "window", "music", "bread", "winter", "market"),
    *("bridge", "letter", "forest", "table", "mirror", "silver", "copper", "engine", "island"),
)


def texts(rng: np.random.Generator, n: int):
    good = rng.normal(size=n)
    share = 1 / (1 + np.exp(-1.5 * good))
    said = [
        " ".join(rng.choice(WORDS[:10] if rng.random() < p else WORDS[10:]) for _ in range(12))
        for p in share
    ]
    frame = pd.DataFrame({"review": said, "stars_of_others": rng.normal(3.4, 0.6, n).round(2)})
    return frame, good


def gaps_at_random(rng: np.random.Generator, n: int):
    frame, score = gaussian(rng, n)
    for name, share in zip(frame.columns, (0.02, 0.05, 0.1, 0.15, 0.2, 0), strict=True):
        frame.loc[rng.random(n) < share, name] = np.nan
    return frame, score


def high_cardinality(rng: np.random.Generator, n: int):
    town = rng.integers(0, max(20, n // 5), n)
    frame = pd.DataFrame(
        {
            "town": [f"town {t:03d}" for t in town],
            "product": rng.choice([f"p-{i}" for i in range(60)], n),
            "price": np.exp(rng.normal(3, 0.5, n)).round(2),
            "amount": rng.integers(1, 9, n),
        }
    )
    return frame, _standard(np.log(frame["price"].to_numpy()) * frame["amount"].to_numpy())


def small_cluster(rng: np.random.Generator, n: int):
    x = rng.normal(size=(n, 4))
    few = rng.random(n) < 0.04
    x[few] += [4, -4, 3, 0]
    frame = pd.DataFrame(x.round(3), columns=["a", "b", "c", "d"])
    frame["kind"] = np.where(few, "bus", np.where(rng.random(n) < 0.4, "van", "car"))
    return frame, _standard(x[:, 3] + 0.5 * x[:, 0])


def categories(rng: np.random.Generator, n: int):
    frame = pd.DataFrame(
        {
            "colour": rng.choice(["red", "green", "blue", "black"], n, p=[0.4, 0.3, 0.2, 0.1]),
            "size": rng.choice(["S", "M", "L", "XL"], n),
            "style": rng.choice(list("abcdef"), n),
            "season": rng.choice(["spring", "summer", "autumn", "winter"], n),
            "sale": rng.choice(["yes", "no"], n, p=[0.2, 0.8]),
        }
    )
    score = frame["colour"].map({"red": 1.2, "green": 0.2, "blue": -0.8, "black": -1.6})
    return frame, _standard((score + (frame["size"] == "S")).to_numpy(float))


def one_hot(rng: np.random.Generator, n: int):
    kind = rng.integers(0, 12, n)
    frame = pd.DataFrame(
        (kind[:, None] == np.arange(12)).astype(int), columns=[f"is_{i}" for i in range(12)]
    )
    frame["level"] = rng.normal(size=n).round(3)
    return frame, _standard((kind % 3) + frame["level"].to_numpy())


def zero_inflated(rng: np.random.Generator, n: int):
    frame = pd.DataFrame(
        {
            f"gain{i}": np.where(rng.random(n) < 0.85, 0, np.exp(rng.normal(7, 1, n)).round())
            for i in range(3)
        }
    ).astype(int)
    frame["hours"] = np.where(rng.random(n) < 0.5, 40, rng.normal(40, 10, n).round().clip(5, 90))
    frame["edu"] = rng.integers(1, 17, n)
    return frame, _standard(frame["edu"].to_numpy() + 3.0 * (frame["gain0"] > 0).to_numpy())


def people(rng: np.random.Generator, n: int):
    """Mixed columns, as in a register of customers; three kinds of gaps and a skewed amount."""
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 85, n).astype(float),
            "region": rng.choice(["north", "south", "east", "west"], n),
            "married": rng.choice(["yes", "no"], n),
            "balance": (np.exp(rng.normal(7, 1.2, n)) * rng.choice([1, -1], n, p=[0.8, 0.2])).round(
                2
            ),
            "tenure": rng.exponential(6, n).round(1),
            "products": rng.integers(1, 6, n),
        }
    )
    score = _standard(frame["age"].to_numpy() / 20 + np.log1p(frame["tenure"].to_numpy()))
    frame.loc[rng.random(n) < 0.06, "tenure"] = np.nan
    return frame, score


def uniform_bounded(rng: np.random.Generator, n: int):
    x = rng.random((n, 5)) * [1, 100, 360, 24, 14]
    frame = pd.DataFrame(x.round(2), columns=["share", "percent", "angle", "hour", "ph"])
    return frame, _standard(x[:, 1] / 100 + x[:, 0])


def bimodal(rng: np.random.Generator, n: int):
    side = rng.random(n) < 0.5
    x = rng.normal(size=(n, 4)) + 3.0 * side[:, None] * [1, 1, 0, 0]
    return pd.DataFrame(x.round(3), columns=list("wxyz")), _standard(x[:, 2] + 0.7 * x[:, 0])


def codes_and_times(rng: np.random.Generator, n: int):
    start = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 10**7, n)), "s")
    temperature = 15 + 8 * np.sin(np.arange(n) / 40) + rng.normal(0, 2, n)
    frame = pd.DataFrame(
        {
            "at": start.strftime("%Y-%m-%d %H:%M:%S"),
            "temperature": temperature.round(1),
            "humidity": (60 - 0.8 * temperature + rng.normal(0, 5, n)).round(0).astype(int),
            "station": rng.choice(["K1", "K2", "K3", "K4", "K5"], n),
        }
    )
    return frame, _standard(temperature)


SHAPES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        gaussian,
        correlated,
        student,
        money,
        counts,
        likert,
        dates,
        texts,
        gaps_at_random,
        high_cardinality,
        small_cluster,
        categories,
        one_hot,
        zero_inflated,
        people,
        uniform_bounded,
        bimodal,
        codes_and_times,
    )
}
TARGETS = ("two", "two", "two", "five", "rare", "amount")
"""What kind of label: two classes, five, one of 5 %, a number."""


def _noise(rng: np.random.Generator, mode: str, score: np.ndarray) -> np.ndarray:
    if mode == "determined":
        return score
    if mode == "drawn":
        return score + rng.logistic(0, 0.45, len(score))
    return rng.normal(size=len(score))


def label_of(rng: np.random.Generator, score: np.ndarray, target: str, mode: str) -> np.ndarray:
    """Return an honest label: wrong in no row, whatever it can be predicted with."""
    value = _noise(rng, mode, score)
    if target == "amount":
        return np.round(100 + 25 * value, 2)
    shares = {"two": [0.6], "rare": [0.95], "five": [0.3, 0.55, 0.75, 0.9]}[target]
    names = {"two": ["no", "yes"], "rare": ["common", "rare"], "five": list("ABCDE")}[target]
    cuts = np.quantile(value, shares)
    return np.array(names)[np.searchsorted(cuts, value, side="right")]


def null_tables(n_tables: int, seed: int) -> list[NullTable]:
    """Return tables with nothing wrong: shapes, sizes, labels in turns, all seeded."""
    tables = []
    names = list(SHAPES)
    for i in range(n_tables):
        rng = np.random.default_rng([seed, i])
        shape = names[i % len(names)]
        n = SIZES[(i // len(names) + i) % len(SIZES)]
        mode = MODES[(i // 2 + i // len(names)) % len(MODES)]
        target = TARGETS[(i + i // len(names)) % len(TARGETS)]
        frame, score = SHAPES[shape](rng, n)
        frame["group"] = rng.choice(["K", "L", "M"], n, p=[0.5, 0.35, 0.15])
        frame["label"] = label_of(rng, score, target, mode)
        tables.append(
            NullTable(
                name=f"{i:03d}_{shape}_{n}_{target}_{mode}",
                shape=shape,
                mode=mode,
                frame=frame,
                arguments=("--label", "label", "--sensitive", "group"),
            )
        )
    return tables
