import io
import zipfile
from pathlib import Path

import pytest
from pyarrow import parquet

from components import intake
from components.core.settings import Settings
from components.intake import ReadOptions


class Opened:
    """A file that was loaded."""

    def __init__(self, loaded, folder):
        self.report = loaded.report
        self.names = [c.name for c in loaded.columns]
        self.columns = loaded.columns
        texts = parquet.read_table(intake.texts(folder))
        self.texts = texts.drop(["row_id"]).to_pydict()
        self.ids = texts["row_id"].to_pylist()
        self.typed = parquet.read_table(loaded.table)
        self.codes = {p.code for p in loaded.report.problems}

    @property
    def rows(self):
        return list(zip(*self.texts.values(), strict=True))


@pytest.fixture
def load(tmp_path):
    """Load bytes or a file under a name."""
    count = 0

    def loading(content, name, **options):
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        source = folder / "source"
        source.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        settings = Settings(home=tmp_path)
        chosen = ReadOptions(**options) if options else None
        loaded = intake.load(source, folder, name=name, settings=settings, options=chosen)
        made = {p.name for p in folder.iterdir() if not p.name.startswith("table-")}
        kept = {"source", "text.parquet", "texts.json", "cells.txt", "source.json", "aside.csv"}
        assert made <= kept
        return Opened(loaded, folder)

    return loading


@pytest.fixture
def workbooks():
    return Path(__file__).parents[2] / "data" / "intake_formats"


@pytest.fixture
def zipped():
    def zipping(members):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return zipping
