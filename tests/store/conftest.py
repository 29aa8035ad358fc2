from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.data.location import Location
from components.core.data.source import Dialect, SourceReport
from components.store.datasets import StoredDataset
from components.store.db import Database, open_database


@pytest.fixture
def db(tmp_path: Path, database_url: str):
    database = open_database(tmp_path / "preflight.db", database_url)
    yield database
    database.close()


@pytest.fixture
def stored() -> StoredDataset:
    columns = (
        Column(name="age", field="c0", header="age", storage=Storage.INTEGER, kind=Kind.INTEGER),
        Column(
            name="label",
            field="c1",
            header="label",
            storage=Storage.TEXT,
            kind=Kind.CATEGORY,
            role=Role.LABEL,
            role_why="It is called “label”.",
        ),
    )
    version = DatasetVersion(
        id="0123456789", name="t.csv", sha256="0123456789" + "a" * 54, n_rows=3, columns=columns
    )
    report = SourceReport(format="csv", dialect=Dialect(), size_bytes=30, n_rows=3, n_columns=2)
    return StoredDataset(
        version=version,
        report=report,
        options="",
        location=Location(version.sha256),
        confirmed=False,
        added_at=datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    )


@pytest.fixture
def db_with_dataset(db: Database, stored: StoredDataset) -> Database:
    from components.store import datasets

    with db.write() as session:
        datasets.save(session, stored)
    return db
