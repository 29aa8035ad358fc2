"""A Parquet file under other names holds the same values."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pyarrow import parquet

from components.engine.connect import connect
from components.engine.files.rename_columns import write_renamed

SELECTED = (
    "i AS row_id, i * 3 AS c0, i / 7 AS c1, nullif('t' || i % 9, 't4') AS c2, i % 2 = 0 AS c3,"
    " TIMESTAMP '2020-01-01' + INTERVAL (i) HOUR AS c4, NULL::DOUBLE AS c5"
)
NAMES = ["id", "a\nb", "naïve, “quoted”", "select", "x" * 300, ""]
BY_FIELD = {f"c{i}": name for i, name in enumerate(NAMES)}


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "t.parquet"
    with connect() as connection:
        rows = connection.sql(f"SELECT {SELECTED} FROM range(300000) t(i)")  # noqa: S608 - ours
        rows.to_parquet(str(path), compression="uncompressed", row_group_size=10240)
    return path


def test_values_and_types_stay(written, tmp_path):
    target = tmp_path / "out.parquet"
    write_renamed(written, target, BY_FIELD)
    found, before = parquet.read_table(target), parquet.read_table(written).drop(["row_id"])
    assert found.column_names == NAMES
    assert found.rename_columns(before.column_names).equals(before)
    meta = parquet.read_metadata(target)
    assert meta.num_row_groups > 15
    group, kept = meta.row_group(3), parquet.read_metadata(written).row_group(3)
    assert group.total_byte_size == kept.total_byte_size - kept.column(0).total_uncompressed_size
    assert group.column(0).statistics.max == kept.column(1).statistics.max
    with connect() as connection:
        found = connection.read_parquet(str(target)).aggregate("count(*), max(id)")
        rows = found.fetchall()
    assert rows == [(300_000, 899_997)]


def test_a_file_that_is_used_up_is_moved(written, tmp_path):
    before = parquet.read_table(written)
    write_renamed(written, tmp_path / "out.parquet", BY_FIELD, used_up=True)
    assert not written.exists()
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.column(0).equals(before.column(1))


def test_files_of_another_writer_can_be_renamed(tmp_path):
    path, target = tmp_path / "t.parquet", tmp_path / "out.parquet"
    table = pa.table({"row_id": [0, 1], "c0": ["a", None], "c1": [1.5, 2.5]})
    parquet.write_table(table, path, compression="zstd", store_schema=True)
    write_renamed(path, target, {"c0": "text", "c1": "number"})
    assert parquet.read_table(target).to_pydict() == {"text": ["a", None], "number": [1.5, 2.5]}


def test_names_that_are_equal_or_differ_in_case_only_stay_apart(tmp_path):
    path, target = tmp_path / "t.parquet", tmp_path / "out.parquet"
    parquet.write_table(pa.table({"row_id": [0], "c0": [1], "c1": [2], "c2": [3]}), path)
    write_renamed(path, target, {"c0": "a", "c1": "A", "c2": "a"})
    with parquet.ParquetFile(target) as file:
        found = file.read()
    assert found.column_names == ["a", "A", "a"]
    assert [column.to_pylist() for column in found.columns] == [[1], [2], [3]]


def test_a_table_without_rows_can_be_renamed(tmp_path):
    path, target = tmp_path / "t.parquet", tmp_path / "out.parquet"
    with connect() as connection:
        none = connection.sql("SELECT 1 AS row_id, 'x' AS c0, 2.5 AS c1 WHERE false")
        none.to_parquet(str(path))
    write_renamed(path, target, {"c0": "text", "c1": "number"})
    found = parquet.read_table(target)
    assert (found.num_rows, found.column_names) == (0, ["text", "number"])


def test_columns_without_a_name_are_left_out(written, tmp_path):
    target = tmp_path / "out.parquet"
    write_renamed(written, target, {"c1": "one", "c4": "four"})
    found, before = parquet.read_table(target), parquet.read_table(written)
    assert found.column_names == ["one", "four"]
    assert found.rename_columns(["c1", "c4"]).equals(before.select(["c1", "c4"]))
    group = parquet.read_metadata(target).row_group(2)
    parts = [group.column(i).total_uncompressed_size for i in range(2)]
    assert group.total_byte_size == sum(parts)
    with connect() as connection:
        rows = connection.read_parquet(str(target)).aggregate("count(one), max(four)").fetchall()
    assert rows == [(300_000, before.column("c4").to_pylist()[-1])]


def test_what_is_no_flat_table_is_refused(written, tmp_path):
    with pytest.raises(ValueError, match="2 names for other columns"):
        write_renamed(written, tmp_path / "out.parquet", {"c0": "a", "c9": "b"})
    other = tmp_path / "no.parquet"
    other.write_bytes(b"PAR1 and nothing else" + bytes(10))
    with pytest.raises((ValueError, IndexError)):
        write_renamed(other, tmp_path / "out.parquet", {"c0": "a"})
