"""The rows of a pair of columns for a picture, remembered: drawing some of many takes seconds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from components.services.explore import associations
from components.services.explore.associations import Contingency
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

REMEMBERED = 64
TOP = 8
"""Values of each column that a mosaic tells apart: as many as can be told apart by colour."""


def points(ws: Workspace, run_id: str, first: str, second: str) -> pd.DataFrame:
    """Return a seeded sample of the rows of two columns, indexed by row id; a copy of its own."""
    return _points(ws, run_id, first, second).copy()


def cells(ws: Workspace, run_id: str, first: str, second: str) -> Contingency:
    """Return the rows per pair of the :data:`TOP` most frequent values of two columns."""
    return _cells(ws, run_id, first, second)


@lru_cache(maxsize=REMEMBERED)
def _points(ws: Workspace, run_id: str, first: str, second: str) -> pd.DataFrame:
    return associations.pair_rows(ws, run_id, first, second)


@lru_cache(maxsize=REMEMBERED)
def _cells(ws: Workspace, run_id: str, first: str, second: str) -> Contingency:
    return associations.contingency(ws, run_id, first, second, top=TOP)
