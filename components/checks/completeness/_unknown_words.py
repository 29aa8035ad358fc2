"""Categories that say “unknown” and were kept as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from components.checks._lib import ask
from components.checks._lib.words import joined, listed, plural, quoted
from components.checks.completeness._missing_findings import CHECK_ID
from components.core.data.dataset import Column, Kind, Role, Storage
from components.core.data.query import Agg, AnyOf, Fn, OneOf
from components.core.data.table import Table
from components.core.judgement.checks import Item
from components.core.judgement.evidence import CellScores, Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity

_SAID = (
    "unknown",
    "unk",
    "unkn",
    "not known",
    "not stated",
    "not specified",
    "unspecified",
    "not reported",
    "not recorded",
    "not provided",
    "not available",
    "undefined",
    "undisclosed",
    "don't know",
    "dont know",
    "do not know",
    "no answer",
    "no response",
    "no data",
    "refused",
    "refused to answer",
    "prefer not to say",
    "missing",
    "n.a.",
)
WORDS = tuple(
    dict.fromkeys(
        form for said in _SAID for form in (said, said.capitalize(), said.title(), said.upper())
    )
)
MAX_CELLS = 20_000
CELLS_AT_ONCE = 2_000_000
TOLD = 8


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one column that mean “unknown”: rows per word, and the first such cells."""

    column: str
    counts: dict[str, int]
    cells: list[tuple[int, str]]

    @property
    def n(self) -> int:
        """Rows that hold one of the words."""
        return sum(self.counts.values())

    @property
    def parts(self) -> list[str]:
        """Each word with its rows."""
        return [f"{n:,} × {quoted(word)}" for word, n in self.counts.items()]


def unknown_words(table: Table) -> Iterator[Item]:
    """Tell the categories that say “unknown”, all in one finding, and list their cells."""
    found = _said(table)
    if found:
        yield _cells(table, found)
        yield _finding(table, found)


def _said(table: Table) -> list[Said]:
    columns = [c for c in table.version.columns if _is_examined(c)]
    measures = {c.name: Agg(Fn.ROWS, where=OneOf(c.name, WORDS)) for c in columns}
    hits = ask.aggregate_all(table, measures)
    found = []
    for part in ask.chunks([name for name in measures if ask.whole(hits[name])]):
        found += _of_part(table, part)
    return found


def _of_part(table: Table, names: Sequence[str]) -> list[Said]:
    """Count the words and keep their first rows, in one pass for all of ``names``."""
    found = [Said(name, {}, []) for name in names]
    for batch in table.batches(columns=names, size=max(1_000, CELLS_AT_ONCE // len(names))):
        for said in found:
            values = batch.frame[said.column]
            at = np.flatnonzero(values.isin(WORDS).to_numpy())
            words = values.iloc[at].tolist()
            for word in words:
                said.counts[word] = said.counts.get(word, 0) + 1
            room = MAX_CELLS - len(said.cells)
            said.cells.extend(zip(batch.row_id[at[:room]].tolist(), words[:room], strict=True))
    return [Said(s.column, dict(sorted(s.counts.items())), s.cells) for s in found]


def _is_examined(column: Column) -> bool:
    left_out = {Role.IGNORE, Role.ID, Role.ANNOTATOR, Role.SPLIT, Role.PREDICTED}
    names = column.kind in {Kind.CATEGORY, Kind.ORDINAL, Kind.BOOLEAN, Kind.TEXT}
    return names and column.storage is Storage.TEXT and column.role not in left_out


def _cells(table: Table, found: list[Said]) -> CellScores:
    ids: list[int] = []
    columns: list[str] = []
    values: list[str] = []
    for said in found:
        cells = said.cells[: MAX_CELLS - len(ids)]
        ids += [row for row, _ in cells]
        columns += [said.column] * len(cells)
        values += [word for _, word in cells]
    n = len(ids)
    return CellScores(
        name="words for unknown",
        n_assessed=len(found) * table.version.n_rows,
        n_flagged=sum(said.n for said in found),
        row_id=np.array(ids, dtype=np.int64),
        column=np.array(columns, dtype=object),
        value=np.array(values, dtype=object),
        quality=np.full(n, 0.2),
        flagged=np.ones(n, dtype=np.bool_),
        suggested=np.full(n, "", dtype=object),
        reason=np.full(n, "a word for “unknown”, kept as a value", dtype=object),
    )


def _touched(table: Table, found: list[Said]) -> int:
    """Return the rows that hold such a word in at least one column."""
    where = AnyOf(tuple(OneOf(said.column, tuple(said.counts)) for said in found))
    return ask.whole(table.aggregate({"n": Agg(Fn.ROWS, where=where)})["n"])


def _finding(table: Table, found: list[Said]) -> Finding:
    words = list(dict.fromkeys(word for said in found for word in said.counts))
    n_cells = sum(said.n for said in found)
    touched = _touched(table, found)
    first = sorted({row for said in found for row, _ in said.cells})[:50]
    told = [f"{quoted(said.column)} ({joined(said.parts)})" for said in found[:TOLD]]
    more = f" and {len(found) - TOLD} more columns" if len(found) > TOLD else ""
    where = quoted(found[0].column) if len(found) == 1 else plural(len(found), "column")
    n = table.version.n_rows
    return Finding(
        check_id=CHECK_ID,
        key="unknown_words",
        title=f"{listed(words, limit=3)} {'counts' if len(words) == 1 else 'count'} as a value in "
        f"{plural(n_cells, 'cell')} of {where}",
        detail=f"{', '.join(told)}{more}. The words were kept, because they may be real answers; "
        "if they mean that nobody knows, these cells are missing.",
        severity=Severity.INFO,
        measure=Measure(name="Cells that say unknown", value=float(n_cells), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(
            columns=tuple(said.column for said in found),
            n_rows=touched,
            share=touched / n,
            row_id=tuple(first),
        ),
        recommended_action="Ask what the word means here. If nobody knows the value, empty these "
        "cells and treat them like other gaps.",
        caveat="English words only.",
    )
