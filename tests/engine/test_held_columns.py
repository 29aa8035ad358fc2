"""Columns in memory are those of the file, whoever asks, and are told alike with and without."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from components.core.data.dataset import Column, Kind, Storage
from components.engine.table import held_columns, typed_facts
from components.engine.table.held_columns import HeldColumns
from components.engine.table.typed_facts import open_typed

COLUMNS = [
    Column(name="near", field="c0", storage=Storage.INTEGER, kind=Kind.INTEGER),
    Column(name="far", field="c1", storage=Storage.INTEGER, kind=Kind.INTEGER),
    Column(name="plain", field="c2", storage=Storage.TEXT, kind=Kind.TEXT),
    Column(name="spaced", field="c3", storage=Storage.TEXT, kind=Kind.TEXT),
    Column(name="wide", field="c4", storage=Storage.TEXT, kind=Kind.TEXT),
    Column(name="none", field="c5", storage=Storage.TEXT, kind=Kind.TEXT),
]
FIELDS = [c.field for c in COLUMNS]


@pytest.fixture
def path(tmp_path):
    draw = np.random.default_rng(3)
    texts = ["a", " a", "a ", "", " ", "b c", "\u00a0a", "é", None]
    cells = {
        "row_id": pa.array(range(5_000), pa.int64()),
        "c0": pa.array([None if i % 7 == 0 else i % 400 for i in range(5_000)], pa.int64()),
        "c1": pa.array((draw.integers(0, 2**62, 5_000) * (draw.random(5_000) < 0.5)).tolist()),
        "c2": [f"u{i}" for i in draw.integers(0, 3_000, 5_000)],
        "c3": [texts[i] for i in draw.integers(0, len(texts), 5_000)],
        "c4": [f"\u3000ü{i}\u2003" for i in draw.integers(0, 20, 5_000)],
        "c5": pa.nulls(5_000, pa.string()),
    }
    path = tmp_path / "typed.parquet"
    parquet.write_table(pa.table(cells), path, row_group_size=1_500)
    return path


def test_different_values_are_counted_as_the_engine_counts_them(path, monkeypatch):
    with open_typed(path, COLUMNS) as typed:
        held = typed.count_distinct(FIELDS)
        about = typed.estimates(FIELDS)
    monkeypatch.setattr(typed_facts, "HELD_CELLS", 0)
    with open_typed(path, COLUMNS) as typed:
        assert typed.count_distinct(FIELDS) == held
        estimated = typed.estimates(FIELDS)
    assert held["c3"] == 3
    assert held["c4"] == 20
    table = parquet.read_table(path)
    for name, n in about.items():
        assert n == len(set(table[name].drop_null().to_pylist()))
        assert estimated[name] == pytest.approx(n, rel=0.1)


def test_each_column_is_read_and_encoded_once(path):
    asked = []

    def read(names):
        asked.append(list(names))
        return parquet.read_table(path, columns=list(names))

    held = HeldColumns()
    first = held.table(["c2", "c0"], read)
    coded = held.encoded("c2", first["c2"])
    again = held.table(["c0", "c2", "c1"], read)
    assert asked == [["c2", "c0"], ["c1"]]
    assert again["c2"].type == coded.type
    assert held.encoded("c2", again["c2"]).equals(coded)
    assert coded.cast(pa.string()).equals(first["c2"].combine_chunks())
    assert again["c0"].equals(first["c0"])


def test_large_columns_are_read_again(path, monkeypatch):
    monkeypatch.setattr(held_columns, "MOST", 1_000)
    asked = []

    def read(names):
        asked.append(list(names))
        return parquet.read_table(path, columns=list(names))

    held = HeldColumns()
    for _ in range(2):
        found = held.table(["c0"], read)
        assert held.encoded("c2", parquet.read_table(path)["c2"]).dictionary
        assert found["c0"].equals(parquet.read_table(path)["c0"])
    assert asked == [["c0"], ["c0"]]
