"""Reading bytes into a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from components import intake
from components.core.data.dataset import Column
from components.core.data.source import SourceReport
from components.core.settings import Settings

DATA = Path(__file__).parents[1] / "data" / "intake"


@dataclass(frozen=True)
class Read:
    """What came of reading, with the cell texts in row order."""

    folder: Path
    columns: tuple[Column, ...]
    report: SourceReport
    rows: list[list[str]]
    table: Path

    def codes(self) -> list[str]:
        return [p.code for p in self.report.problems]

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def problem(self, code: str):
        return next(p for p in self.report.problems if p.code == code)


def read_file(
    path: Path,
    folder: Path,
    options: intake.ReadOptions | None = None,
    **settings: int,
) -> Read:
    folder.mkdir(parents=True, exist_ok=True)
    loaded = intake.load(
        path,
        folder,
        name=path.name,
        settings=Settings(home=folder, **settings),
        options=options,
    )
    fields = [c.field for c in loaded.columns]
    rows: list[list[str]] = []
    expected = 0
    for batch in intake.text_batches(folder, fields):
        ids, *texts = (column.to_pylist() for column in batch.columns)
        assert ids == list(range(expected, expected + len(ids)))
        expected += len(ids)
        rows += [list(row) for row in zip(*texts, strict=True)]
    assert len(rows) == loaded.n_rows
    return Read(folder, loaded.columns, loaded.report, rows, loaded.table)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Read bytes or a file; every call gets a folder of its own."""
    count = iter(range(1_000_000))

    def reader(
        data: bytes | str | Path,
        options: intake.ReadOptions | None = None,
        name: str = "upload.csv",
        **settings: int,
    ) -> Read:
        folder = tmp_path / f"read{next(count)}"
        folder.mkdir()
        if isinstance(data, Path):
            path = data
        else:
            path = folder / name
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_file(path, folder / "dataset", options, **settings)

    return reader


@pytest.fixture
def data_folder() -> Path:
    return DATA
