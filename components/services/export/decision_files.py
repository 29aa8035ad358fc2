"""Decisions as files: the corrections, the whole history, and questions for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from components.core.atomic_files import replacing
from components.core.data.source import Dialect
from components.core.errors import NotFound
from components.core.judgement.review import Action, Decision, ItemType, place_of
from components.services.data import datasets
from components.services.delimited_writer import DelimitedWriter, write_lines
from components.services.exchange import argilla, label_studio
from components.services.exchange.questions import (
    ItemQuestion,
    questions,
    refuse_without_classes,
)
from components.services.exchange.told_by_checks import ToldCell, told_by_checks
from components.services.export.corrected import fold
from components.services.export.exports import CSV, Export, name_of
from components.services.review import review
from components.services.review.review import ReviewQueue
from components.services.review.selection import Stage
from components.services.workspace import Workspace

PARQUET, JSON, XML = "application/vnd.apache.parquet", "application/json", "application/xml"
SHEET = ("row_id", "column", "given", "new", "action", "who", "when", "why")


def corrections_sheet(
    ws: Workspace, dataset_id: str, *, out: Path, for_spreadsheet: bool = True
) -> Export:
    """Write one line per decision that holds, in row order: what, by whom, when and why.

    Of equal rows of which one stays, each that goes has a line. A whole row has no column.

    Why: the note of the person; without one, the reason of the check.
    """
    info, made = datasets.get(ws, dataset_id), review.standing(ws, dataset_id)
    changes, told = fold(made), told_by_checks(ws, dataset_id, made)
    ordered = sorted(made, key=lambda d: (d.cell, d.id))
    lines = [line for d in ordered for line in _sheet_lines(d, told.get((d.check_id, d.cell)))]
    with replacing(out) as file:
        write_lines(SHEET, lines, file, for_spreadsheet=for_spreadsheet)
    return Export(
        filename=name_of(info, "corrections", ".csv"),
        mime=CSV,
        path=out,
        n_changed=changes.n_changed,
        n_excluded=len(changes.excluded),
    )


def decisions_csv(
    ws: Workspace, dataset_id: str, *, out: Path, for_spreadsheet: bool = True
) -> Export:
    """Write every decision about a table, oldest first, those that were undone included.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.
    """
    import pyarrow as pa
    from pyarrow import compute

    found = _table(ws, dataset_id)
    writer = DelimitedWriter(Dialect(), for_spreadsheet=for_spreadsheet)
    with replacing(out) as file:
        file.write(writer.lines([pa.array([name]) for name in found.column_names]))
        columns = [_as_texts(found.column(n), compute) for n in found.column_names]
        file.write(writer.lines([column.combine_chunks() for column in columns]))
    name = name_of(datasets.get(ws, dataset_id), "decisions", ".csv")
    return Export(filename=name, mime=CSV, path=out)


def decisions_parquet(ws: Workspace, dataset_id: str, *, out: Path) -> Export:
    """Write the same as :func:`decisions_csv`, typed."""
    from pyarrow import parquet

    with replacing(out) as file:
        parquet.write_table(_table(ws, dataset_id), file, compression="zstd")
    name = name_of(datasets.get(ws, dataset_id), "decisions", ".parquet")
    return Export(filename=name, mime=PARQUET, path=out)


FORMS: dict[str, Callable[[ItemQuestion], dict[str, Any]]] = {
    "label-studio": label_studio.task,
    "argilla": argilla.record,
}
"""What makes the record of an item for another tool, by the name of the form."""


def tool_questions(
    ws: Workspace,
    run_id: str,
    check_id: str | None = None,
    *,
    form: str,
    out: Path,
    stage: Stage = Stage.OPEN,
    blind: bool = False,
) -> Export:
    """Write items of a queue for another tool; see :func:`..questions.questions`.

    Parameters
    ----------
    form
        One of :data:`FORMS`.
    """
    found = _queue(ws, run_id, check_id)
    asked = questions(ws, found, stage=stage, blind=blind)
    return _records(ws, found, map(FORMS[form], asked), form, out)


def label_studio_config(
    ws: Workspace, run_id: str, check_id: str | None = None, *, out: Path
) -> Export:
    """Write the labeling configuration that belongs to the tasks."""
    found = _queue(ws, run_id, check_id)
    refuse_without_classes(found)
    with replacing(out) as file:
        file.write(label_studio.config(found.column, found.classes).encode("utf-8"))
    name = name_of(datasets.get(ws, found.dataset_id), "label-studio-config", ".xml")
    return Export(filename=name, mime=XML, path=out)


def _queue(ws: Workspace, run_id: str, check_id: str | None) -> ReviewQueue:
    found = review.queue(ws, run_id, check_id)
    if found is None:
        raise NotFound("Nothing of this run is reviewed.", "Choose a run that flagged labels.")
    return found


def _records(
    ws: Workspace, found: ReviewQueue, records: Iterable[dict[str, Any]], what: str, out: Path
) -> Export:
    """Write a list in JSON, a record at a time."""
    before = b"[\n"
    with replacing(out) as file:
        for one in records:
            file.write(before + json.dumps(one, ensure_ascii=False).encode("utf-8"))
            before = b",\n"
        file.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    name = name_of(datasets.get(ws, found.dataset_id), what, ".json")
    return Export(filename=name, mime=JSON, path=out)


def _table(ws: Workspace, dataset_id: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return every decision about a table as one typed table, oldest first."""
    import pyarrow as pa

    made = review.decisions(ws, dataset_id)
    told = told_by_checks(ws, dataset_id, made)
    counts = {d.id for d in review.standing(ws, dataset_id)}
    columns: dict[str, tuple[Any, Callable[[Decision], object]]] = {
        "decision_id": (pa.int64(), lambda d: d.id),
        "row_id": (pa.int64(), lambda d: d.cell.row_id),
        "item": (pa.string(), lambda d: (place_of(d.cell.column) or ItemType.CELL).value),
        "column": (pa.string(), lambda d: _of_cell(d, d.cell.column)),
        "check_id": (pa.string(), lambda d: d.check_id),
        "given": (pa.string(), lambda d: _of_cell(d, d.given)),
        "suggested": (pa.string(), lambda d: _suggested(d, told.get((d.check_id, d.cell)))),
        "action": (pa.string(), lambda d: d.action.value),
        "new": (
            pa.string(),
            lambda d: None if d.action is Action.EXCLUDE else _of_cell(d, d.new),
        ),
        "left_out": (pa.list_(pa.int64()), lambda d: list(d.others) or None),
        "who": (pa.string(), lambda d: d.reviewer),
        "when": (pa.timestamp("us", tz="UTC"), lambda d: d.at),
        "seconds": (pa.float64(), lambda d: d.seconds),
        "note": (pa.string(), lambda d: d.note),
        "reason": (pa.string(), lambda d: _reason(told.get((d.check_id, d.cell)))),
        "capacity": (pa.string(), lambda d: d.capacity.value),
        "judged_first": (pa.bool_(), lambda d: d.judged_first),
        "together": (pa.string(), lambda d: d.batch or None),
        "stratum": (pa.string(), lambda d: d.stratum),
        "probability": (pa.float64(), lambda d: d.probability),
        "counts": (pa.bool_(), lambda d: d.id in counts),
        "undone": (pa.bool_(), lambda d: d.undone),
        "carried_from": (pa.int64(), lambda d: d.carried_from),
        "source": (pa.string(), lambda d: d.source),
        "source_when": (pa.timestamp("us", tz="UTC"), lambda d: d.said_at),
    }
    return pa.table(
        {name: pa.array([of(d) for d in made], type=kind) for name, (kind, of) in columns.items()}
    )


def _of_cell(decision: Decision, text: str) -> str:
    """Return a text about a cell; of a whole row there is none, but a mark."""
    return "" if place_of(decision.cell.column) else text


def _suggested(decision: Decision, told: ToldCell | None) -> str | None:
    """Return what was suggested; where no run tells, what was answered alone.

    A row drawn at random need not be flagged in any run. What its decision answers is what its
    card suggested, the given text and the chosen one.
    """
    if told is not None:
        return told.suggested
    answered = set(decision.answered or ())
    if decision.stratum and decision.action is Action.CHANGE:
        answered -= {decision.given}
        answered = answered - {decision.new} or answered
    return answered.pop() if len(answered) == 1 else None


def _reason(told: ToldCell | None) -> str:
    return "" if told is None else told.reason


def _as_texts(column: Any, compute: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column as texts; instants as ISO 8601 in UTC."""
    import pyarrow as pa

    if pa.types.is_list(column.type):
        texts = compute.cast(column, pa.list_(pa.string()))
        return compute.binary_join(texts, " ")
    if pa.types.is_timestamp(column.type):
        whole = compute.cast(column, pa.timestamp("s", tz="UTC"), safe=False)
        return compute.strftime(whole, format="%Y-%m-%dT%H:%M:%S+00:00")
    return compute.cast(column, pa.string())


def _sheet_lines(decision: Decision, told: ToldCell | None) -> Iterator[tuple[str, ...]]:
    cell, why = decision.cell, decision.note or _reason(told)
    is_whole = place_of(cell.column) is not None
    for row_id in decision.others or (cell.row_id,):
        yield (
            str(row_id),
            "" if is_whole else cell.column,
            "" if is_whole else decision.given,
            "" if is_whole or decision.action is Action.EXCLUDE else decision.new,
            decision.action.value,
            decision.reviewer,
            _instant(decision.at),
            f"repeats row_id {cell.row_id}{f': {why}' if why else ''}" if decision.others else why,
        )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
