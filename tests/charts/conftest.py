from __future__ import annotations

import math

import numpy as np
import pytest

from components.core.data.dataset import Kind, Role
from components.core.facts.profile import Bins, ColumnProfile, TopValue
from components.core.judgement.evidence import (
    CellScores,
    Curve,
    Distribution,
    Evidence,
    GroupMetrics,
    Matrix,
    Measure,
    Ranking,
    RowGroup,
    RowGroups,
    RowScores,
    TimeSeries,
    Unit,
)

HOSTILE = '<script>alert(1)</script><a href="javascript:x">$x^2$ %{x}\u202egnp.exe\x00 **b**'


def _rows(n: int = 2000) -> RowScores:
    rng = np.random.default_rng(0)
    quality = np.clip(rng.beta(8, 1, n), 0, 1)
    flagged = np.zeros(n, dtype=bool)
    flagged[np.argsort(quality)[: n // 15]] = True
    return RowScores.of(
        "label quality",
        row_id=np.arange(n),
        quality=quality,
        flagged=flagged,
        given=np.array(["yes"] * n, dtype=object),
        suggested=np.array(["no"] * n, dtype=object),
        confidence=1 - quality,
    )


def make(name: str = "age") -> dict[str, Evidence]:
    return {
        "measure": Measure(
            name=f"Missing in {name}", value=0.063, unit=Unit.SHARE, n=891, ci_low=0.04,
            ci_high=0.089,
        ),
        "bins": Distribution(
            name=f"Values of {name}", axis=name, edges=(0.0, 10.0, 20.0, 30.0, 40.0),
            counts={"died": (5, 20, 12, 4), "survived": (15, 10, 8, 2)}, marker=25.0,
        ),
        "categories": Distribution(
            name=f"Classes of {name}", axis=name, categories=("a", name, "2020-01-01"),
            counts={"": (500, 120, 8)},
        ),
        "matrix": Matrix(
            name="Missing together", unit=Unit.SHARE, rows=("a", "b", name),
            columns=("a", "b", name),
            values=((None, 0.2, 0.9), (0.2, None, 0.0), (0.9, 0.0, math.nan)),
        ),
        "groups": GroupMetrics(
            name=f"Rate of yes by {name}", metric="rate of yes", attribute=name, unit=Unit.SHARE,
            groups=("female", "male", name, "tiny"), value=(0.11, 0.3, 0.22, None),
            ci_low=(0.10, 0.28, 0.12, None), ci_high=(0.12, 0.33, 0.36, None),
            n=(10_000, 22_000, 60, 3), overall=0.24, reference="male",
        ),
        "ranking": Ranking(
            name="Columns that give the answer away", axis="accuracy", unit=Unit.SCORE,
            items=("alive", name, "fare"), values=(1.0, 0.78, 0.66),
            notes=("a copy", name, ""), threshold=0.95,
        ),
        "rows": _rows(),
        "cells": CellScores(
            name="Cells that break a pattern", n_assessed=9000, n_flagged=40,
            row_id=np.arange(20), column=np.array(["age"] * 14 + [name] * 6, dtype=object),
            value=np.array([name] * 20, dtype=object), quality=np.linspace(0, 0.3, 20),
            flagged=np.ones(20, dtype=bool),
        ),
        "copies": RowGroups(
            name="Exact copies", relation="copies", n_groups=5, n_rows=9,
            groups=(
                RowGroup(anchor=0, row_id=(5,)), RowGroup(anchor=1, row_id=(7,)),
                RowGroup(anchor=2, row_id=(8, 9, 10)),
            ),
        ),
        "time": TimeSeries(
            name="Rows per month", axis="rows", unit=Unit.COUNT,
            at=("2024-01-01", "2024-02-01T00:00:00+00:00", name, "2024-04-01"),
            value=(10.0, None, 5.0, 30.0),
        ),
        "curve": Curve(
            name="Learning curve", x_axis="rows", y_axis=name, x=(100.0, 200.0, 400.0),
            y=(0.7, 0.75, 0.78), ci_low=(0.65, 0.72, 0.76), ci_high=(0.75, 0.78, 0.8),
        ),
    }  # fmt: skip


def number_column(**changes: object) -> ColumnProfile:
    facts: dict[str, object] = {
        "name": "age", "kind": Kind.NUMBER, "role": Role.FEATURE, "n": 100, "n_missing": 20,
        "disguised": {}, "n_distinct": 60, "quantiles": {"0.5": 28.0},
        "bins": Bins(
            edges=(0.0, 20.0, 40.0, 60.0), counts=(20, 45, 15), above=2,
            by_label={"died": (5, 25, 10), "survived": (15, 20, 5)},
        ),
    }  # fmt: skip
    return ColumnProfile(**{**facts, **changes})  # type: ignore[arg-type]  # facts are of many types


def text_column(n_values: int = 3, **changes: object) -> ColumnProfile:
    facts: dict[str, object] = {
        "name": "town", "kind": Kind.CATEGORY, "role": Role.FEATURE, "n": 10 * n_values + 5,
        "n_missing": 5, "disguised": {"?": 5}, "n_distinct": n_values,
        "top": tuple(
            TopValue(value=f"town {i}", count=10, by_label={"yes": 4, "no": 6})
            for i in range(n_values)
        ),
    }  # fmt: skip
    return ColumnProfile(**{**facts, **changes})  # type: ignore[arg-type]  # facts are of many types


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def shapes() -> dict[str, Evidence]:
    return make()


@pytest.fixture
def hostile_shapes() -> dict[str, Evidence]:
    return make(HOSTILE)


@pytest.fixture
def numbers() -> object:
    return number_column


@pytest.fixture
def texts() -> object:
    return text_column
