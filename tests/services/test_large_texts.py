"""A long text keeps no file of cell texts until somebody needs one."""

from __future__ import annotations

import pytest

from components.core.data.dataset import Kind, Role
from components.services.data import datasets, rows
from components.services.export import exports

N = 30_000


@pytest.fixture
def info(upload):
    lines = [f'{i},{i % 7 / 2},{"yes" if i % 3 else " no"},"a, {i % 50}"' for i in range(N)]
    return upload("\n".join(["id,x,label,note", *lines]) + "\n")


def test_the_first_rows_and_the_export_come_from_the_upload(ws, info, made):
    shown = datasets.preview(ws, info.version.id, 3)
    assert shown["label"].tolist() == [" no", "yes", "yes"]
    assert shown["x"].tolist() == ["0.0", "0.5", "1.0"]
    written = made(exports.corrected_csv, ws, info.version.id).content
    assert written == (info.folder / "source").read_bytes()
    assert not (info.folder / "text.parquet").exists()


def test_rows_below_are_looked_up(ws, info):
    found = rows.texts(ws, info.version.id, [29_999, 0], ["note", "id"])
    assert found.to_dict("list") == {"note": [f"a, {29_999 % 50}", "a, 0"], "id": ["29999", "0"]}
    assert (info.folder / "text.parquet").exists()


def test_a_person_chooses_another_kind(ws, info):
    assert info.version.column("x").kind is Kind.NUMBER
    changes = {"x": (Kind.CATEGORY, Role.FEATURE)}
    changed = datasets.set_columns(ws, info.version.id, changes, actor="me")
    assert changed.version.column("x").kind is Kind.CATEGORY
    assert rows.typed(ws, info.version.id, [1])["x"].tolist() == ["0.5"]
