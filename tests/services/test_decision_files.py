"""Decisions as CSV and Parquet: everything that is known of each."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from components.core.judgement.review import Action, Cell
from components.services.export import decision_files
from components.services.export.publish import publish
from components.services.review import presses, review
from components.services.review.presses import Press

COLUMNS = [
    *("decision_id", "row_id", "item", "column", "check_id", "given", "suggested"),
    *("action", "new", "left_out"),
    *("who", "when", "seconds", "note", "reason", "capacity"),
    *("judged_first", "together", "stratum", "probability"),
    *("counts", "undone", "carried_from"),
    *("source", "source_when"),
]


def decide(ws, run_id, row_id, action, **said):
    return review.decide(ws, review.queue(ws, run_id), Cell(row_id, "kind"), action, **said)


@pytest.fixture
def decided(ws, labelled):
    """Return a dataset about which people decided: pressed, undone, and with a formula as note."""
    info, run_id = labelled()
    queue = review.queue(ws, run_id)
    press = Press(
        mark="press-0001",
        cell=Cell(3, "kind"),
        seen="",
        action=Action.CHANGE,
        new="cat",
        seconds=1.5,
    )
    presses.apply(ws, queue, [press], reviewer="Ann")
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="=Bob", note="=HYPERLINK(1)")
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann", note="+1 of us")
    review.undo(ws, review.queue(ws, run_id), reviewer="Ann")
    return info


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_every_decision_is_a_line_with_all_that_is_known(ws, decided, made):
    rows = rows_of(made(decision_files.decisions_csv, ws, decided.version.id).content)
    assert list(rows[0]) == COLUMNS
    first, second, third = rows
    assert [first[n] for n in ("row_id", "column", "given", "suggested", "action", "new")] == [
        *("3", "kind", "dog", "cat", "change", "cat")
    ]
    assert (first["who"], first["seconds"], first["check_id"]) == (
        *("Ann", "1.5", "labels.label_errors"),
    )
    made_at = review.decisions(ws, decided.version.id)[0].at
    assert first["when"] == made_at.isoformat(timespec="seconds")
    assert [second[n] for n in ("action", "new", "counts", "undone", "seconds")] == [
        *("exclude", "", "true", "false", "")
    ]
    assert [third[n] for n in ("action", "counts", "undone")] == ["keep", "false", "true"]


def test_cells_that_a_spreadsheet_would_run_are_defused_unless_asked(ws, decided, made):
    safe = rows_of(made(decision_files.decisions_csv, ws, decided.version.id).content)
    assert [r["note"] for r in safe] == ["", "'=HYPERLINK(1)", "'+1 of us"]
    assert safe[1]["who"] == "'=Bob"
    exact = made(decision_files.decisions_csv, ws, decided.version.id, for_spreadsheet=False)
    assert rows_of(exact.content)[1]["note"] == "=HYPERLINK(1)"


def test_parquet_holds_the_same_with_types(ws, decided, made):
    content = made(decision_files.decisions_parquet, ws, decided.version.id).content
    table = parquet.read_table(pa.BufferReader(content))
    assert table.column_names == COLUMNS
    assert table.schema.field("when").type == pa.timestamp("us", tz="UTC")
    assert table.column("when").to_pylist() == [
        d.at for d in review.decisions(ws, decided.version.id)
    ]
    assert table.column("undone").to_pylist() == [False, False, True]
    assert table.column("seconds").to_pylist() == [1.5, None, None]
    assert table.column("note").to_pylist()[1] == "=HYPERLINK(1)"


def test_carried_decisions_say_where_they_come_from(ws, decided, made):
    new = publish(ws, decided.version.id, actor="Ann").version.id
    (row,) = rows_of(made(decision_files.decisions_csv, ws, new).content)
    first = review.decisions(ws, decided.version.id)[0]
    assert (row["carried_from"], row["action"]) == (str(first.id), "keep")
    assert row["when"] == first.at.isoformat(timespec="seconds")


def test_without_decisions_there_is_the_header_alone(ws, labelled, made):
    info, _ = labelled()
    content = made(decision_files.decisions_csv, ws, info.version.id).content
    assert content.decode().splitlines() == [",".join(COLUMNS)]
    empty = made(decision_files.decisions_parquet, ws, info.version.id).content
    assert parquet.read_table(pa.BufferReader(empty)).num_rows == 0


def test_why_is_the_note_of_the_person_else_the_reason_of_the_check(
    ws, labelled, plant_reasons, made
):
    """The column used to be empty where nobody had written a note."""
    info, run_id = labelled()
    plant_reasons(run_id, {3: ("cat", "4 legs; it says =meow"), 6: ("dog", "it barks")})
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Ann", note="twice")
    sheet = rows_of(made(decision_files.corrections_sheet, ws, info.version.id).content)
    assert [line["why"] for line in sheet] == ["4 legs; it says =meow", "twice"]
    whole = rows_of(made(decision_files.decisions_csv, ws, info.version.id).content)
    assert [line["reason"] for line in whole] == ["4 legs; it says =meow", "it barks"]
