"""Texts held in memory answer as those in a file do."""

from __future__ import annotations

import unicodedata
from collections import Counter

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from components.core.data.dataset import Column, Kind, Storage
from components.engine.sql.casts import SPACES, WITH_INFINITY
from components.engine.table.typed_facts import open_typed
from components.engine.text.counted_values import count_values, n_different
from components.engine.text.held_texts import open_held
from components.engine.text.text_facts import Cast, open_texts

TEXTS = ("", " ", "a", " a", "b\u00a0", "\u3000", "é", "1", "1.5", "-2", " 3 ", "NA", "007", "inf")
N = 300
LIMIT = 1_000_000_000
READINGS = (
    Cast("c0"),
    Cast("c1", Storage.INTEGER),
    Cast("c2", Storage.NUMBER),
    Cast("c3", Storage.NUMBER, WITH_INFINITY),
    Cast("c4", Storage.BOOLEAN, "a/b"),
    Cast("c5", Storage.INTEGER),
    Cast("c6", Storage.INTEGER),
    Cast("c7", Storage.INTEGER),
    Cast("c8", Storage.BOOLEAN, "yes/no"),
    Cast("c9", Storage.INTEGER),
)
OF_VALUES = {
    "c6": ("0", "-7", "12", "", "123456789012345678"),
    "c7": ("0", "-0", "12", "9223372036854775807", "9223372036854775808"),
    "c8": ("yes", "NO", " Yes ", "", "n"),
    "c9": ("",),
}


def picked(values, n, seed):
    return [values[i] for i in np.random.default_rng(seed).integers(len(values), size=n)]


@pytest.fixture
def path(tmp_path):
    cells = {
        r.field: picked(OF_VALUES.get(r.field, TEXTS[i:]), N, seed=i)
        for i, r in enumerate(READINGS)
    }
    table = pa.table({"row_id": pa.array(range(N), pa.int64()), **cells})
    parquet.write_table(table, tmp_path / "text.parquet")
    return tmp_path / "text.parquet"


def test_the_spaces_are_those_that_the_engine_takes_off():
    of_unicode = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Zs"}
    assert set(SPACES) == of_unicode
    around = [f"{c}x{c}" for c in map(chr, range(1, 0x3100))]
    with duckdb.connect() as connection:
        found = connection.execute("SELECT trim(unnest($1))", [around]).fetchall()
    assert [text for (text,) in found] == [text.strip(SPACES) for text in around]


def test_answers_are_those_of_a_file(path):
    fields = [r.field for r in READINGS]
    with open_held(path, memory_limit=LIMIT) as held, open_texts(path) as texts:
        assert held.n_rows == texts.n_rows == N
        for found, wanted in zip(held.facts(READINGS), texts.facts(READINGS), strict=True):
            assert (found.n_filled, found.n_read) == (wanted.n_filled, wanted.n_read)
            assert (found.low, found.high) == (wanted.low, wanted.high)
            assert abs(found.n_distinct - wanted.n_distinct) <= 1  # the file's is an estimate
        assert held.sample(fields, N) == texts.sample(fields, 2 * N)
        assert held.distinct(fields, 4) == texts.distinct(fields, 4)
        assert held.count_distinct(fields) == texts.count_distinct(fields)
        for reading in READINGS:
            assert held.unread(reading, 5) == texts.unread(reading, 5)
            words = ("NA", "a", "nothing", "-")
            assert held.words(reading.field, words) == texts.words(reading.field, words)


def test_the_typed_table_is_that_of_a_file(path, tmp_path):
    columns = [
        Column(name=r.field, field=r.field, storage=r.storage, format=r.style, kind=Kind.TEXT)
        for r in READINGS
    ]
    with open_held(path, memory_limit=LIMIT) as held, open_texts(path) as texts:
        held.write_typed(columns, tmp_path / "one.parquet")
        texts.write_typed(columns, tmp_path / "two.parquet")
    one, two = (parquet.read_table(tmp_path / f"{name}.parquet") for name in ("one", "two"))
    assert one.cast(two.schema).equals(two)
    assert one.column("row_id").to_pylist() == list(range(N))


@pytest.mark.parametrize("many", [False, True])
def test_values_are_counted_by_the_dictionary(tmp_path, many):
    n = 30_000
    numbers = picked([None, 3, -7, 10**15 if many else 9], n, seed=1)
    others = list(map(str, range(2_000))) if many else ["b", "c"]
    words = picked([None, "", " a", "a", *others], n, seed=2)
    table = pa.table(
        {"row_id": pa.array(range(n), pa.int64()), "c0": pa.array(numbers, pa.int64()), "c1": words}
    )
    path = tmp_path / "typed.parquet"
    parquet.write_table(table, path, row_group_size=7_000)
    for values in (table["c0"].combine_chunks(), pa.array(words).dictionary_encode()):
        present = values.drop_null().to_pylist()
        assert count_values(values) == Counter(present)
        assert n_different(values) == len(set(present))
    columns = [
        Column(name="n", field="c0", storage=Storage.INTEGER, kind=Kind.INTEGER),
        Column(name="t", field="c1", storage=Storage.TEXT, kind=Kind.TEXT),
    ]
    with open_typed(path, columns) as typed:
        found = typed.distinct(["c0", "c1"], 3)
    assert found["c1"]["a"] == words.count("a") + words.count(" a")
    assert found["c0"]["3"] == numbers.count(3)
    assert all(len(each) == 3 for each in found.values())
