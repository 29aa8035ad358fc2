"""Odd tables, from a CSV file to the profile, against a slow implementation in plain Python."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta

import pytest

from components.core.data.dataset import Kind, Storage
from components.profiling import short_tables
from components.profiling.column import fact_types
from components.profiling.long_columns import frequent_values
from components.profiling.rows import row_classes

N = 60


def days(first: str, step: timedelta, n: int = N) -> list[str]:
    start = datetime.fromisoformat(first)
    return [(start + i * step).isoformat(sep=" ") for i in range(n)]


def gaps(values: list, every: int, word: str = "") -> list[str]:
    return [word if i % every == 1 else str(v) for i, v in enumerate(values)]


def drawn(options: list, seed: int, n: int = N) -> list[str]:
    return [str(v) for v in random.Random(seed).choices(options, k=n)]  # noqa: S311 - test data


RANDOM = random.Random(3)  # noqa: S311 - test data
NUMBERS = [round(RANDOM.gauss(0, 50), 3) for _ in range(N)]
HOSTILE = ['"; DROP VIEW data; --', "=1+1", "<b>", "a\u202eb", "{{7*7}}", "ключ", "名前", "$x"]

TABLES: dict[str, dict[str, list[str]]] = {
    "all missing": {"a": [""] * N, "b": ["?"] * N, "c": gaps(range(N), 2), "d": [" "] * N},
    "constant": {
        "one": ["1"] * N,
        "half": ["0.5"] * N,
        "word": ["same"] * N,
        "day": ["2024-02-29"] * N,
        "yes": ["true"] * N,
        "one with a gap": gaps(["7"] * N, 30),
    },
    "one row": {"a": ["1"], "b": ["0.25"], "c": ["x"], "d": ["2020-01-01"], "e": ["true"]},
    "two rows": {"a": ["1", "5"], "b": ["0.25", ""], "c": ["x", "x"], "d": ["2020-01-01", ""]},
    "numbers": {
        "gauss": [str(v) for v in NUMBERS],
        "tiny": [repr(v * 1e-120) for v in NUMBERS],
        "huge": [repr(v * 1e150) for v in NUMBERS],
        "shifted": [repr(1e9 + v) for v in NUMBERS],
        "signed zero": drawn([-0.0, 0.0, 1.5, -1.5], 1),
        "with gaps": gaps(NUMBERS, 3),
        "with words": gaps(NUMBERS, 4, "N/A"),
        "exponents": [f"{v:.3e}" for v in NUMBERS],
        "thousands": [f"{v * 1e5:,.2f}" for v in NUMBERS],
        "percent": [f"{v:.1f} %" for v in NUMBERS],
        "comma": [f"{v:.2f}".replace(".", ",") for v in NUMBERS],
    },
    "whole numbers": {
        "small": drawn(range(-3, 4), 2),
        "rounded": drawn([*range(100, 1000, 50), 101, 333], 3),
        "wide": drawn(range(-(10**6), 10**6), 4),
        "fifteen digits": drawn(range(10**14, 10**14 + 40), 5),
        "beyond a double": drawn(range(-(2**53) - 9, -(2**53) + 9), 6),
        "beyond 64 bits": drawn(range(2**64, 2**64 + 9), 7),
        "with gaps": gaps(drawn(range(50), 8), 5),
        "year": drawn(range(1900, 2030), 9),
    },
    "numbers and texts": {
        "mixed": drawn([1, 2.5, "three", "4,0", "", "2020-01-01"], 10),
        "nearly": [*map(str, range(N - 1)), "oops"],
        "infinite": drawn(["inf", "-inf", "1.5", "2.5", "nan"], 11),
        "leading zeros": [f"{i:05d}" for i in range(N)],
        "words for missing": drawn(["red", "blue", "N/A", "-", "?"], 12),
    },
    "truth": {
        "plain": drawn(["true", "false"], 13),
        "words": drawn(["Yes", "No", "yes", ""], 14),
        "bits": drawn([0, 1], 15),
        "letters": drawn(["t", "f"], 16),
    },
    "times": {
        "hourly": days("1969-12-30 22:00:00", timedelta(hours=1)),
        "daily": [d[:10] for d in days("1899-12-30", timedelta(days=1))],
        "weekly": [d[:10] for d in days("2020-01-06", timedelta(days=7))],
        "fractions": days("1950-06-01 00:00:00.250000", timedelta(seconds=1)),
        "zones": [f"2021-03-{1 + i % 28:02d}T0{i % 9}:30:00+05:30" for i in range(N)],
        "month first": [f"{1 + i % 12:02d}/{13 + i % 15:02d}/1965" for i in range(N)],
        "with gaps": gaps([d[:10] for d in days("2020-01-01", timedelta(days=30))], 6),
        "repeated": drawn(["2020-01-01", "1960-05-05", "2020-01-02"], 17),
    },
    "texts": {
        "accents": drawn(["é", "e\u0301", "ß", "İ", "ﬁ", "ÅNGSTRÖM", "naïve café"], 18),
        "long": drawn(["x" * 199, "x" * 200, "x" * 201, "y" * 5000], 19),
        "emoji": drawn(["👍", "👩‍👩‍👧", "a 👍 b", "—", "。。。"], 20),
        "spaces": drawn([" a", "a ", "a\tb", "two  spaces", "line\nbreak"], 21),
        "codes": [f"AB-{i:03d}/x" for i in range(N)],
        "formulas": drawn(["=1+1", "'; --", "<script>", "{x}", "$1", "\\", "%s"], 22),
    },
    "hostile names": {name: drawn(["a", "b", "1"], i) for i, name in enumerate(HOSTILE)},
    "repeated rows": {
        "a": drawn(["x", "y"], 23),
        "b": gaps(drawn([1, 2], 24), 4),
        "when": drawn(["2020-01-01", "2020-01-02"], 25),
        "label": drawn(["no", "yes"], 26),
    },
    "a label with gaps": {
        "x": [str(v) for v in NUMBERS],
        "n": drawn(range(9), 27),
        "word": drawn(["u", "v", "w", ""], 28),
        "day": [d[:10] for d in days("2001-01-31", timedelta(days=17))],
        "target": drawn(["low", "high", "mid", ""], 29),
    },
    "more frequent values than are kept": {
        "letter": drawn([chr(97 + i) for i in range(26)], 30, 300),
        "number": drawn([i / 8 for i in range(40)], 31, 300),
        "rare": [*("again", "again"), *(f"once {i}" for i in range(298))],
    },
}


@pytest.fixture(scope="module", params=TABLES)
def odd(request, tmp_path_factory):
    source = tmp_path_factory.mktemp("odd") / "table.csv"
    table = TABLES[request.param]
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return request.param, source


ESTIMATED = ("quantiles", "quantiles_exact", "digits", "edges")
NOT_SORTED = (
    *("n_distinct", "distinct_exact", "uniqueness", "n_top", "share_top"),
    *("times.step_s", "times.regular", "times.n_gaps", "times.granularity"),
)
WAYS = {
    "in memory": ({}, ()),
    "some columns by the engine": ({(short_tables, "LARGEST"): 700}, ESTIMATED),
    "all by the engine": ({(fact_types, "EXACT_ROWS"): 0}, ESTIMATED),
    "from a sample": (
        {(fact_types, "EXACT_ROWS"): 0, (frequent_values, "FEW"): 20},
        (*ESTIMATED, *NOT_SORTED),
    ),
    "from a sample, in blocks": (
        {
            (fact_types, "EXACT_ROWS"): 0,
            (frequent_values, "FEW"): 20,
            (row_classes, "BLOCK_ROWS"): 30,
        },
        (*ESTIMATED, *NOT_SORTED),
    ),
}
"""The ways to compute a profile: the limits that lead there, and what is estimated then."""


@pytest.mark.parametrize("way", WAYS)
def test_every_fact_is_as_plain_python_finds_it(odd, way, slow, read_file, monkeypatch):
    limits, estimated = WAYS[way]
    for (module, name), value in limits.items():
        monkeypatch.setattr(module, name, value)
    profile, loaded = read_file(odd[1])
    assert slow.differences(profile, loaded, odd[1], estimated) == []


def test_the_odd_columns_are_what_they_are_meant_to_be(odd, read_file):
    name, source = odd
    _, loaded = read_file(source)
    storages = {c.name: c.storage for c in loaded.columns}
    kinds = {c.name: c.kind for c in loaded.columns}
    expected = {
        "all missing": kinds.get("a") is kinds.get("b") is Kind.EMPTY,
        "numbers": set(storages.values()) == {Storage.NUMBER},
        "times": set(storages.values()) == {Storage.DATETIME},
        "truth": storages.get("plain") is Storage.BOOLEAN,
        "texts": set(storages.values()) == {Storage.TEXT},
    }
    assert expected.get(name, True), (storages, kinds)
