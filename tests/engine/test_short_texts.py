"""Very many columns of few rows are read as few columns of many rows are."""

from __future__ import annotations

import pytest
from pyarrow import parquet

from components import intake
from components.core.settings import Settings
from components.engine.text import text_facts
from components.engine.text.short_texts import ShortTexts

WAYS = (
    str,
    lambda r: f"{r / 3:.2f}",
    lambda r: ["yes", "No"][r % 2],
    lambda r: f"2020-01-{r % 28 + 1:02d}",
    lambda r: ["", "?", "7"][r % 3],
    lambda r: f" w{r % 5} ",
    lambda r: f"{r * 1234:,}",
    lambda r: ["31/12/2020", "01/02/2021"][r % 2],
    lambda r: ["N/A", "-1.5 %", "3 %"][r % 3],
    lambda _: "",
)


def read(path, folder):
    folder.mkdir()
    loaded = intake.load(path, folder, name=path.name, settings=Settings(home=folder))
    return loaded.columns, loaded.report, parquet.read_table(loaded.table)


def test_it_makes_no_difference_how_wide_a_table_is(tmp_path, monkeypatch):
    path = tmp_path / "wide.csv"
    width, n_rows = 100, 7
    rows = [[WAYS[i % len(WAYS)](r) for i in range(width)] for r in range(n_rows)]
    lines = [[f"v{i}" for i in range(width)], *rows]
    path.write_text("\n".join(";".join(cells) for cells in lines) + "\n")
    columns, report, table = read(path, tmp_path / "plain")
    monkeypatch.setattr(text_facts, "WIDE", width - 1)
    used = []
    write = ShortTexts.write_typed

    def spied(self, some, target):
        used.append(len(some))
        write(self, some, target)

    monkeypatch.setattr(ShortTexts, "write_typed", spied)
    short_columns, short_report, short_table = read(path, tmp_path / "short")
    assert short_columns == columns
    assert short_report == report
    assert short_table.cast(table.schema).equals(table)
    assert table.num_rows == n_rows
    assert len({c.kind for c in columns}) >= 5
    assert used == [width]


@pytest.mark.parametrize("most", [0, 99])
def test_long_tables_are_not_held_in_memory(monkeypatch, most):
    monkeypatch.setattr(text_facts, "MOST_CELLS", most)
    table = text_facts.TextTable.__new__(text_facts.TextTable)
    table.n_rows = 1
    assert not table._is_short(5_000)
