import datetime as dt
import io
import math
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from components.core.data.dataset import Storage
from components.core.errors import UnusableInput

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
MOMENTS = [NOON.replace(minute=30, tzinfo=None), None, NOON.replace(tzinfo=None)]
TABLE = pa.table(
    {
        "long": pa.array([2**63 - 1, None, -(2**63)], pa.int64()),
        "unsigned": pa.array([2**64 - 1, 0, None], pa.uint64()),
        "money": pa.array([Decimal("12345678901234567890.123450"), None, Decimal("0.5")]),
        "day": pa.array([dt.date(2024, 2, 29), None, dt.date(1999, 12, 31)]),
        "moment": pa.array(MOMENTS),
        "zoned": pa.array([NOON] * 3, pa.timestamp("us", "Asia/Tokyo")),
        "list": pa.array([[1, 2], [], None]),
        "struct": pa.array([{"k": 'a "b"'}, None, {"k": None}]),
        "word": pa.array(["red", "blue", "red"]).dictionary_encode(),
        "yes": pa.array([True, False, None]),
        "half": pa.array([0.1, 1e300, None]),
        "infinite": pa.array([-math.inf, 0.5, math.inf]),
        "text": pa.array(["a\nb", "=1+1", ""]),
    }
)  # fmt: skip
FIRST = (
    "9223372036854775807",
    "18446744073709551615",
    "12345678901234567890.123450",
    "2024-02-29",
    "2024-05-01 12:30:00",
    "2024-05-01 12:00:00+00",
    "[1,2]",
    '{"k":"a \\"b\\""}',
    "red",
    "true",
    "0.1",
    "-inf",
    "a\nb",
)


def as_parquet(table):
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()


def as_feather(table):
    out = io.BytesIO()
    feather.write_feather(table, out)
    return out.getvalue()


def as_stream(table):
    out = io.BytesIO()
    with ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


FORMS = {"parquet": as_parquet, "feather": as_feather, "arrow": as_stream}


@pytest.mark.parametrize("ending", FORMS)
def test_values_become_canonical_texts(load, ending):
    opened = load(FORMS[ending](TABLE), f"t.{ending}")
    assert opened.names == TABLE.column_names
    assert opened.rows[0] == FIRST
    assert opened.rows[1][0] == opened.rows[1][3] == opened.rows[2][6] == ""
    assert opened.ids == [0, 1, 2]
    assert opened.report.format == ("parquet" if ending == "parquet" else "arrow")
    assert opened.codes <= {"mixed_types", "infinite_values"}


def test_types_are_found_again(load):
    opened = load(
        as_parquet(TABLE.select(["day", "zoned", "yes", "half", "infinite"])), "t.parquet"
    )
    assert [c.storage for c in opened.columns] == [
        Storage.DATETIME,
        Storage.DATETIME,
        Storage.BOOLEAN,
        Storage.NUMBER,
        Storage.NUMBER,
    ]


def test_names_that_stand_twice_or_differ_in_case(load):
    table = pa.table([[1, 2], [3, 4], [5, 6]], names=["a", "a", "A"])
    opened = load(as_parquet(table), "t.parquet")
    assert opened.names == ["a", "a_2", "A"]
    assert opened.rows == [("1", "3", "5"), ("2", "4", "6")]
    assert "duplicate_names" in opened.codes


def test_no_rows(load):
    with pytest.raises(UnusableInput, match="no rows"):
        load(as_parquet(TABLE.slice(0, 0)), "t.parquet")


def test_many_batches_keep_their_order(load):
    table = pa.table({"n": list(range(50_000)), "s": [f"row {i}" for i in range(50_000)]})
    out = io.BytesIO()
    with ipc.new_file(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=1_000)
    opened = load(out.getvalue(), "t.arrow")
    assert opened.texts["c0"] == [str(i) for i in range(50_000)]
    assert opened.ids == list(range(50_000))
