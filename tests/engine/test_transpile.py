"""Every kind of statement also reads as Spark SQL: nothing rules a cluster out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sqlglot

from components.core.data.query import (
    Agg,
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Fn,
    Missing,
    Not,
    OneOf,
    Op,
)
from components.engine.sql.expressions import text_of
from components.engine.table.duck_table import DuckTable
from components.profiling.column import fact_types
from components.profiling.profile import profile

UNKNOWN_TO_SPARK = ("ISFINITE", "QUANTILE_CONT", "EPOCH(", "::", "EXCLUDE", "READ_PARQUET")


@pytest.fixture
def table(make_table) -> DuckTable:
    rng = np.random.default_rng(0)
    n = 60
    return make_table(
        pd.DataFrame(
            {
                "te'xt": rng.choice(["a", "b'", None], n),
                "number": rng.normal(size=n),
                "whole": rng.integers(0, 5, n),
                "yes": rng.random(n) < 0.5,
                "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**6, n), "s"),
                "label": rng.choice(["p", "q"], n),
            }
        ),
        label="label",
    )


@pytest.fixture
def statements(table, monkeypatch) -> list[str]:
    """The statements that are asked once the table is open."""
    asked: list[str] = []

    def remember(statement):
        asked.append(text_of(statement))
        return asked[-1]

    monkeypatch.setattr("components.engine.table.duck_table.text_of", remember)
    assert table.version.n_rows
    return asked


def as_spark(statement: str) -> str:
    found = sqlglot.transpile(
        statement, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert len(found) == 1
    sqlglot.parse_one(found[0], read="spark")
    return found[0]


def ask_everything(table: DuckTable) -> None:
    where = AllOf(
        (
            AnyOf((Compare("te'xt", Op.EQ, "b'"), OneOf("whole", (1, 2)))),
            Not(Missing("at")),
            Not(Contains("te'xt", "50 %_")),
            Compare("number", Op.LT, 1.5),
            Compare("at", Op.GE, pd.Timestamp("2023-01-01")),
            Compare("yes", Op.NE, False),
        )
    )
    table.aggregate({f.value: Agg(f, "number", q=0.5, where=where) for f in Fn})
    table.aggregate({f.value: Agg(f, "yes", q=0.5) for f in Fn}, where=where)
    table.groups(["te'xt", "yes"], {"n": Agg(Fn.ROWS)}, order_by="n", limit=3)
    table.sample(5, seed=1, where=where)
    table.sample(5, seed=1)
    table.rows(np.array([3, 1]))
    table.row_ids(where, limit=2)
    list(table.batches(size=50))
    table.repeats(["te'xt", "yes"])


def test_every_question_reads_as_spark_sql(statements, table):
    ask_everything(table)
    assert len(statements) == 12
    for statement in statements:
        spark = as_spark(statement)
        assert not [word for word in UNKNOWN_TO_SPARK if word in spark.upper()], spark
        assert f"parquet.`{table.path}`" in spark


def test_every_statement_of_a_profile_reads_as_spark_sql(statements, table, monkeypatch):
    monkeypatch.setattr(fact_types, "EXACT_ROWS", 0)  # short tables are computed in memory
    profile(table)
    assert len(statements) > 8
    for statement in statements:
        spark = as_spark(statement)
        assert not [word for word in UNKNOWN_TO_SPARK if word in spark.upper()], spark
        assert f"parquet.`{table.path}`" in spark


def test_no_name_and_no_value_is_left_unquoted(statements, make_table):
    name, value = 'x"; DROP VIEW data; --', "'; DROP VIEW data; --"
    table = make_table(pd.DataFrame({name: [value, "b"]}))
    statements.clear()
    table.groups([name], {name: Agg(Fn.ROWS)}, where=Compare(name, Op.NE, value))
    (statement,) = statements
    assert name not in statement
    assert "'''; DROP VIEW data; --'" in statement
