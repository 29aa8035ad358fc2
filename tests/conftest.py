"""Tables and runs for every room's tests, made from small pandas frames."""

# ruff: noqa: E402 - threads are bounded before NumPy is imported

from __future__ import annotations

from components.core.settings import bound_threads

bound_threads()

import contextlib
import contextvars
import gc
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.data.source import SourceReport
from components.core.data.table import Table
from components.core.facts.profile import DatasetProfile
from components.engine.connect import keep_open
from components.engine.table.duck_table import DuckTable
from components.engine.table.open_table import open_table
from tests import databases

os.environ.pop("PREFLIGHT_DATABASE_URL", None)  # no test writes into the database of a person

_STORAGE = {
    Kind.NUMBER: Storage.NUMBER,
    Kind.INTEGER: Storage.INTEGER,
    Kind.CATEGORY: Storage.TEXT,
    Kind.TEXT: Storage.TEXT,
    Kind.BOOLEAN: Storage.BOOLEAN,
    Kind.DATETIME: Storage.DATETIME,
}
_ARROW = {
    Storage.TEXT: pa.string(),
    Storage.INTEGER: pa.int64(),
    Storage.NUMBER: pa.float64(),
    Storage.BOOLEAN: pa.bool_(),
    Storage.DATETIME: pa.timestamp("us"),
}
settings.register_profile("the same examples every time", derandomize=True, database=None)
settings.load_profile("the same examples every time")

TOGETHER = ("tests/e2e/", "tests/sample_data/")
LONGEST_FIRST = (*TOGETHER, "tests/architecture/test_tools.py")
FEW = 50
"""Texts with at most this many different values are categories."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out the tests file by file, so that the fixtures of a file are made once.

    All tests in a browser go to one process: it waits for the browser much of the time, and the
    other process computes beside it. Those on the samples do, too: each sample is checked once.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            together = next((folder for folder in TOGETHER if nodeid.startswith(folder)), None)
            return together or super()._split_scope(nodeid)

    config.option.loadscopereorder = False  # the files come as they were collected
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, begin with what takes longest: nobody waits for it at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the tests that are marked run with SQLite and with PostgreSQL."""
    marked = metafunc.definition.get_closest_marker("both_databases")
    for name in {"database_url", "new_database_url"} & set(metafunc.fixturenames):
        if marked:
            metafunc.parametrize(name, ["sqlite", "postgresql"], indirect=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Let tests that find no PostgreSQL server be told in one line."""
    report: Any = yield
    if report.skipped and databases.SKIPPED in str(report.longrepr):
        report.longrepr = (databases.__file__, None, f"Skipped: {databases.SKIPPED}")
    return report


def pytest_collection_finish() -> None:
    """Tell the garbage collector that what is loaded by now stays: 10 % of the CPU, measured."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    gc.unfreeze()


@dataclass
class RecordingRun:
    """A RunContext that remembers the progress it was told, and profiles when it is asked."""

    table: DuckTable
    seed: int
    source: SourceReport | None = None
    reference: Table | None = None
    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[tuple[float, str]] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def profile(self) -> DatasetProfile:
        from components.profiling.profile import profile

        return profile(self.table)

    def progress(self, done: float, note: str = "") -> None:
        self.notes.append((done, note))

    def shared(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]


def storage_of(values: pd.Series) -> Storage:
    if pd.api.types.is_bool_dtype(values.dtype):
        return Storage.BOOLEAN
    if pd.api.types.is_integer_dtype(values.dtype):
        return Storage.INTEGER
    if pd.api.types.is_float_dtype(values.dtype):
        return Storage.NUMBER
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return Storage.DATETIME
    return Storage.TEXT


def kind_of(values: pd.Series, storage: Storage) -> Kind:
    distinct = values.nunique()
    if distinct <= 1:
        return Kind.CONSTANT if distinct else Kind.EMPTY
    if storage is Storage.TEXT:
        return Kind.CATEGORY if distinct <= FEW else Kind.TEXT
    return next(kind for kind, stored in _STORAGE.items() if stored is storage)


def column_of(
    values: pd.Series, number: int, role: Role, kind: Kind | None, disguised: Sequence[str]
) -> Column:
    storage = storage_of(values)
    guess = kind_of(values, storage)
    if role is Role.LABEL and guess in {Kind.INTEGER, Kind.BOOLEAN}:
        guess = Kind.CATEGORY
    if role is Role.ID:
        guess = Kind.IDENTIFIER
    kind = kind or guess
    return Column(
        name=str(values.name),
        field=f"c{number}",
        header=str(values.name),
        storage=_STORAGE.get(kind, storage),
        kind=kind,
        role=role,
        disguised=tuple(disguised),
    )


def arrow_of(values: pd.Series, storage: Storage) -> pa.Array:
    cells = [None if pd.isna(v) else v for v in values.tolist()]
    if storage is Storage.TEXT:
        cells = [None if v is None else str(v) for v in cells]
    return pa.array(cells, type=_ARROW[storage])


@pytest.fixture(scope="session")
def _one_engine() -> Iterator[contextvars.Context]:
    """A context in which one engine stays open: the tables of tests need none each."""
    context, opened = contextvars.copy_context(), contextlib.ExitStack()
    context.run(opened.enter_context, keep_open())
    yield context
    context.run(opened.close)


@pytest.fixture
def make_table(
    tmp_path: Path, _one_engine: contextvars.Context
) -> Iterator[Callable[..., DuckTable]]:
    """Return a function that stores a frame as a typed Parquet file and opens it.

    Kinds are guessed from dtypes: text with few different values is a category, a whole-number or
    yes/no label is a category stored as text. ``kinds`` and ``roles`` (by column name) win.
    """
    numbers = itertools.count()
    with contextlib.ExitStack() as open_tables:

        def make(
            frame: pd.DataFrame,
            *,
            label: str | None = None,
            sensitive: Sequence[str] = (),
            id: str | None = None,  # noqa: A002 - the name of the role
            time: str | None = None,
            text: Sequence[str] = (),
            ignore: Sequence[str] = (),
            kinds: Mapping[str, Kind] | None = None,
            roles: Mapping[str, Role] | None = None,
            disguised: Mapping[str, Sequence[str]] | None = None,
        ) -> DuckTable:
            role_of: dict[str | None, Role] = dict.fromkeys(sensitive, Role.SENSITIVE)
            role_of |= dict.fromkeys(text, Role.TEXT) | dict.fromkeys(ignore, Role.IGNORE)
            role_of |= {id: Role.ID, time: Role.TIME, label: Role.LABEL} | dict(roles or {})
            kind_by_name = dict.fromkeys(text, Kind.TEXT) | dict(kinds or {})
            columns = tuple(
                column_of(
                    frame.iloc[:, i].rename(str(name)),
                    i,
                    role_of.get(name, Role.FEATURE),
                    kind_by_name.get(name),
                    (disguised or {}).get(name, ()),
                )
                for i, name in enumerate(frame.columns)
            )
            arrays = {"row_id": pa.array(range(len(frame)), type=pa.int64())}
            for i, column in enumerate(columns):
                arrays[column.field] = arrow_of(frame.iloc[:, i], column.storage)
            path = tmp_path / f"table-{next(numbers)}.parquet"
            pq.write_table(pa.table(arrays), path)
            version = DatasetVersion(
                id="d1", name="made.csv", sha256="0" * 64, n_rows=len(frame), columns=columns
            )
            return _one_engine.run(open_tables.enter_context, open_table(version, path))

        yield make


@pytest.fixture
def run_context() -> Callable[..., RecordingRun]:
    """Return a function that makes the RunContext of a table; it records the progress."""

    def make(
        table: Table,
        seed: int = 0,
        source: SourceReport | None = None,
        params: dict[str, dict[str, Any]] | None = None,
    ) -> RecordingRun:
        assert isinstance(table, DuckTable)
        return RecordingRun(table, seed=seed, source=source, params=params or {})

    return make


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Server]:
    """Return the PostgreSQL server that is given; where there is none, the test is skipped."""
    with databases.server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a database of its own, as the product makes it, gone afterwards."""
    server = request.getfixturevalue("postgres_server")
    with server.database(server.template) as url:
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return "" for SQLite; of a test that is marked ``both_databases`` it runs with both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    url = str(request.getfixturevalue("postgres_url"))
    monkeypatch.setenv("PREFLIGHT_DATABASE_URL", url)  # for workers that are started
    return url


@pytest.fixture
def new_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the same, of a database in which there is nothing yet."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url
