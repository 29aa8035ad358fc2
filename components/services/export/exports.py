"""Exports: the corrected table, the list of corrections, reports, and all files of a run."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from components import intake
from components.core.data.dataset import Column
from components.core.data.source import Dialect
from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import Action, Decision
from components.intake import ReadOptions
from components.reports import to_csv, to_html, to_json
from components.services.data import datasets
from components.services.delimited_writer import write_lines
from components.services.explore import associations
from components.services.export.corrected import Changes, fold, write_table
from components.services.review import review
from components.services.runs import runs
from components.services.upload import uploads
from components.services.upload.uploads import DatasetInfo
from components.services.workspace import Workspace
from components.store import datasets as dataset_table

CSV = "text/csv"
SHEET = ("row_id", "column", "given", "new", "action", "who", "when", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file to download.

    Attributes
    ----------
    n_changed
        Cells that a decision gives another text, and rows that were mended when the file was read:
        what differs from the uploaded file.
    n_mended
        The mended rows alone.
    n_excluded
        Rows that a decision leaves out.
    """

    filename: str
    mime: str
    content: bytes
    n_changed: int = 0
    n_mended: int = 0
    n_excluded: int = 0


def corrected_csv(ws: Workspace, dataset_id: str, *, for_spreadsheet: bool = False) -> Export:
    """Return the table with the decisions folded in; every other cell is as it was read.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    Conflict
        When a decision cannot be written in the dialect of the upload.
    """
    info = datasets.get(ws, dataset_id)
    changes = _changes(ws, info)
    buffer = io.BytesIO()
    write_table(info, changes, buffer, for_spreadsheet=for_spreadsheet)
    return Export(
        filename=_name(info, "corrected", _suffix(info)),
        mime=CSV,
        content=buffer.getvalue(),
        n_changed=changes.n_changed + info.report.n_mended,
        n_mended=info.report.n_mended,
        n_excluded=len(changes.excluded),
    )


def corrections_sheet(ws: Workspace, dataset_id: str, *, for_spreadsheet: bool = True) -> Export:
    """Return one line per decision that holds, in row order: what, by whom, when and why."""
    info, made = datasets.get(ws, dataset_id), review.standing(ws, dataset_id)
    changes = fold(made)
    lines = [_sheet_line(d) for d in sorted(made, key=lambda d: (d.cell, d.id))]
    buffer = io.BytesIO()
    write_lines(SHEET, lines, buffer, for_spreadsheet=for_spreadsheet)
    return Export(
        filename=_name(info, "corrections", ".csv"),
        mime=CSV,
        content=buffer.getvalue(),
        n_changed=changes.n_changed,
        n_excluded=len(changes.excluded),
    )


def publish(ws: Workspace, dataset_id: str, *, actor: str) -> DatasetInfo:
    """Make the corrected table a new, immutable version; kinds and roles are carried over.

    Raises
    ------
    Conflict
        When no decision changes anything.
    """
    info = datasets.get(ws, dataset_id)
    changes = _changes(ws, info)
    if not changes.n_changed and not changes.excluded:
        raise Conflict("No decision changes the table.", "Change or exclude a label first.")
    with ws.files.new_folder() as folder:
        path = folder / "corrected"
        with path.open("wb") as out:
            write_table(info, changes, out)
        with path.open("rb") as stream:
            made = uploads.add(
                ws,
                stream,
                _name(info, "corrected", _suffix(info)),
                demo=info.version.demo,
                parent=dataset_id,
                options=_as_written(info.report.dialect),
                actor=actor,
            )
    _refuse_loss(info, changes, made)
    return _carry_over(ws, info, made, actor)


def report_html(ws: Workspace, run_id: str) -> Export:
    """Return the report for people: one file without scripts and foreign requests."""
    spec = runs.spec(ws, run_id)
    text = to_html.render(
        spec,
        runs.status(ws, run_id),
        runs.results(ws, run_id),
        runs.verdict(ws, run_id),
        runs.profile(ws, run_id),
        review.tally(ws, spec.dataset.id),
    )
    name = f"{_stem(spec.dataset.name)}-report.html"
    return Export(filename=name, mime="text/html", content=text.encode("utf-8"))


def results_json(ws: Workspace, run_id: str) -> Export:
    """Return the run in full, for machines."""
    spec = runs.spec(ws, run_id)
    text = to_json.render(
        spec, runs.status(ws, run_id), runs.results(ws, run_id), runs.verdict(ws, run_id)
    )
    name = f"{_stem(spec.dataset.name)}-results.json"
    return Export(filename=name, mime="application/json", content=text.encode("utf-8"))


def rows_csv(ws: Workspace, run_id: str, check_id: str) -> Export:
    """Return one line per row of the table with what a check says about it.

    Raises
    ------
    NotFound
        When the check says nothing about rows, or did not run.
    """
    spec = runs.spec(ws, run_id)
    result = runs.result(ws, run_id, check_id)
    if result is None or result.row_scores is None:
        raise NotFound("This check says nothing about single rows in this run.", "Choose another.")
    with ws.files.new_folder() as folder:
        to_csv.rows(_whole(ws, run_id, result), spec.dataset.n_rows, folder / "rows.csv")
        content = (folder / "rows.csv").read_bytes()
    name = f"{_stem(spec.dataset.name)}-{check_id}.csv"
    return Export(filename=name, mime=CSV, content=content)


def prepare(out: Path) -> None:
    """Make the folder for the files of a run, before the work is done that fills it.

    Raises
    ------
    UnusableInput
        When it cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, error) from error


def write_run(ws: Workspace, run_id: str, out: Path) -> None:
    """Write every file of a run into ``out``; files of an earlier run there are replaced.

    Raises
    ------
    UnusableInput
        When the folder cannot be written to.
    """
    try:
        _write_run(ws, run_id, out)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> UnusableInput:
    return UnusableInput(
        f"The results cannot be written to {out}: {error.strerror}.", "Choose another folder."
    )


def _write_run(ws: Workspace, run_id: str, out: Path) -> None:
    spec = runs.spec(ws, run_id)
    _clear(out)
    for result in runs.results(ws, run_id):
        whole, name = _whole(ws, run_id, result), f"{result.check_id}.csv"
        to_csv.rows(whole, spec.dataset.n_rows, out / "rows" / name)
        to_csv.cells(whole, out / "cells" / name)
        to_csv.groups(result, out / "groups" / name)
    if (profile := runs.profile(ws, run_id)) is not None:
        to_csv.columns(profile, out / "columns.csv")
    if (pairs := associations.associations(ws, run_id)) is not None:
        to_csv.associations(pairs, out / "associations.csv")
    (out / "report.html").write_bytes(report_html(ws, run_id).content)
    # last: where it is, everything is
    (out / "results.json").write_bytes(results_json(ws, run_id).content)


def _clear(out: Path) -> None:
    for name in ("results.json", "report.html", "columns.csv", "associations.csv"):
        (out / name).unlink(missing_ok=True)
    for folder in ("rows", "cells", "groups"):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for old in (out / folder).glob("*.*.csv"):
            old.unlink()


def _whole(ws: Workspace, run_id: str, result: CheckResult) -> CheckResult:
    """Return a result with all its rows and cells instead of the worst ones."""
    rows = runs.row_scores(ws, run_id, result.check_id)
    cells = runs.cell_scores(ws, run_id, result.check_id)
    others = (e for e in result.evidence if not isinstance(e, RowScores | CellScores))
    whole = (e for e in (rows, cells) if e is not None)
    return replace(result, evidence=(*others, *whole))


def _changes(ws: Workspace, info: DatasetInfo) -> Changes:
    acting = {Action.CHANGE, Action.EXCLUDE}
    return fold(review.standing(ws, info.version.id, actions=acting))


def _sheet_line(decision: Decision) -> tuple[str, ...]:
    return (
        str(decision.cell.row_id),
        decision.cell.column,
        decision.given,
        decision.new if decision.action is not Action.EXCLUDE else "",
        decision.action.value,
        decision.reviewer,
        decision.at.astimezone(UTC).isoformat(timespec="seconds"),
        decision.note,
    )


def _as_written(dialect: Dialect) -> ReadOptions:
    return ReadOptions(
        encoding="utf-8",
        delimiter=dialect.delimiter,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
        header_rows=min(dialect.header_rows, 1),
        preamble_lines=0,
    )


def _refuse_loss(info: DatasetInfo, changes: Changes, made: DatasetInfo) -> None:
    expected = info.version.n_rows - len(changes.excluded)
    headers = [c.name for c in info.version.columns] == [c.name for c in made.version.columns]
    if made.version.n_rows != expected or not headers:
        raise Conflict(
            f"The corrected table reads back as {made.version.n_rows:,} rows instead of "
            f"{expected:,}, or with other columns.",
            "Download the corrected file instead, and report this.",
        )


def _carry_over(ws: Workspace, info: DatasetInfo, made: DatasetInfo, actor: str) -> DatasetInfo:
    if made.confirmed:
        return made
    columns: tuple[Column, ...] = info.version.columns
    intake.retype(made.folder, columns)
    with ws.db.write() as session:
        if not dataset_table.set_columns(
            session,
            made.version.id,
            columns,
            revision=made.revision,
            confirmed=info.confirmed,
        ):
            return datasets.get(ws, made.version.id)
        detail = {"version": made.version.id}
        ws.record(session, actor, "dataset.published", info.version.id, detail)
    return datasets.get(ws, made.version.id)


def _suffix(info: DatasetInfo) -> str:
    return ".tsv" if info.report.dialect.delimiter == "\t" else ".csv"


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _name(info: DatasetInfo, what: str, suffix: str) -> str:
    stem = _stem(info.version.name).removesuffix("-corrected")
    return f"{stem}-{what}{suffix}"
