from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from components.core.data.dataset import Column, DatasetVersion
from components.core.facts.profile import DatasetProfile
from components.core.settings import Settings
from components.engine.table.open_table import open_table
from components.intake import Loaded, count_disguised, load
from components.profiling.profile import profile

Profiled = tuple[DatasetProfile, Loaded]


def slow_module(name: str) -> ModuleType:
    """Import one of the slow implementations beside this file."""
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(here)


@pytest.fixture(scope="session")
def slow() -> ModuleType:
    return slow_module("slow_compare")


def version_of(loaded: Loaded) -> DatasetVersion:
    return DatasetVersion(
        id="d1", name="golden.csv", sha256="0" * 64, n_rows=loaded.n_rows, columns=loaded.columns
    )


@pytest.fixture(scope="session")
def read_file(tmp_path_factory) -> Callable[..., Profiled]:
    """Return a function that reads a file and profiles it, as the product does.

    ``change`` may choose other roles; kinds stay as they were found.
    """

    def read(source: Path, change: Callable[[Column], Column] | None = None) -> Profiled:
        folder = tmp_path_factory.mktemp("golden")
        settings = Settings(home=folder)
        loaded = load(source, folder, name=source.name, settings=settings)
        if change is not None:
            loaded = replace(loaded, columns=tuple(change(c) for c in loaded.columns))
        with open_table(version_of(loaded), loaded.table, held=loaded.held) as table:
            words = count_disguised(folder, loaded.columns)
            return profile(table, disguised=words), loaded

    return read
