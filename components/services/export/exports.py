"""Exports: the corrected table, the list of corrections, reports, and all files of a run."""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from components.core.atomic_files import replacing
from components.core.errors import NotFound, UnusableInput
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import Action
from components.reports import to_csv, to_html, to_json
from components.services.data import datasets, mended_rows, versions
from components.services.dataset_info import DatasetInfo
from components.services.delimited_writer import write_lines
from components.services.explore import associations
from components.services.export.corrected import Changes, fold, write_table
from components.services.review import outcome, review
from components.services.runs import runs
from components.services.team import wrong_labels
from components.services.workspace import Workspace

CSV = "text/csv"
BLOCK = 10_000
"""Lines of a file kept aside that are in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that was written.

    Attributes
    ----------
    filename
        What it is called where it is downloaded.
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
    path: Path
    n_changed: int = 0
    n_mended: int = 0
    n_excluded: int = 0


def corrected_csv(
    ws: Workspace, dataset_id: str, *, out: Path, for_spreadsheet: bool = False
) -> Export:
    """Write the table with the decisions folded in; every other cell is as it was read.

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
    changes = changes_of(ws, info)
    with replacing(out) as file:
        write_table(info, changes, file, for_spreadsheet=for_spreadsheet)
    return Export(
        filename=name_of(info, "corrected", suffix_of(info)),
        mime=CSV,
        path=out,
        n_changed=changes.n_changed + info.report.n_mended,
        n_mended=info.report.n_mended,
        n_excluded=len(changes.excluded),
    )


def report_html(ws: Workspace, run_id: str, *, out: Path) -> Export:
    """Write the report for people: one file without scripts and foreign requests."""
    spec, said = runs.spec(ws, run_id), outcome.answers(ws, run_id)
    formers = versions.worth_telling(ws, datasets.get(ws, spec.dataset.id))
    text = to_html.render(
        spec,
        runs.status(ws, run_id),
        runs.results(ws, run_id),
        outcome.verdict(ws, run_id, said),
        runs.profile(ws, run_id),
        review.tally(ws, spec.dataset.id),
        said,
        formers=formers,
        wrong=wrong_labels.by_check(ws, run_id),
    )
    name = f"{_stem(spec.dataset.name)}-report.html"
    out.write_bytes(text.encode("utf-8"))
    return Export(filename=name, mime="text/html", path=out)


def results_json(ws: Workspace, run_id: str, *, out: Path) -> Export:
    """Write the run in full, for machines."""
    spec = runs.spec(ws, run_id)
    text = to_json.render(
        spec,
        runs.status(ws, run_id),
        runs.results(ws, run_id),
        runs.verdict(ws, run_id),
        outcome.answers(ws, run_id),
    )
    name = f"{_stem(spec.dataset.name)}-results.json"
    out.write_bytes(text.encode("utf-8"))
    return Export(filename=name, mime="application/json", path=out)


def rows_csv(
    ws: Workspace, run_id: str, check_id: str, *, out: Path, for_spreadsheet: bool = False
) -> Export:
    """Write one line per row of the table with what a check says about it.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    NotFound
        When the check says nothing about rows, or did not run.
    """
    spec = runs.spec(ws, run_id)
    result = runs.result(ws, run_id, check_id)
    if result is None or result.row_scores is None:
        raise NotFound("This check says nothing about single rows in this run.", "Choose another.")
    whole = _whole(ws, run_id, result)
    to_csv.rows(whole, spec.dataset.n_rows, out, for_spreadsheet=for_spreadsheet)
    name = f"{_stem(spec.dataset.name)}-{check_id}.csv"
    return Export(filename=name, mime=CSV, path=out)


def mended_csv(
    ws: Workspace, dataset_id: str, *, out: Path, for_spreadsheet: bool = False
) -> Export:
    """Write the rows that were mended when the file was read, as they stand in it.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.
    """
    info = datasets.get(ws, dataset_id)
    with replacing(out) as file:
        mended_rows.write_csv(info, file, for_spreadsheet=for_spreadsheet)
    return Export(filename=name_of(info, "mended", ".csv"), mime=CSV, path=out)


def aside_csv(
    ws: Workspace, dataset_id: str, *, out: Path, for_spreadsheet: bool = False
) -> Export:
    """Write the lines that were kept aside when the file was read.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    NotFound
        When there are none.
    """
    info = datasets.get(ws, dataset_id)
    source = info.folder / "aside.csv"
    if not source.is_file():
        raise NotFound("No line of this file was kept aside.")
    if for_spreadsheet:
        _copy_defused(source, out)
    else:
        shutil.copyfile(source, out)
    return Export(filename=name_of(info, "kept-aside", ".csv"), mime=CSV, path=out)


def _copy_defused(source: Path, out: Path) -> None:
    """Copy a CSV file; a text that a spreadsheet would run is defused."""
    csv.field_size_limit(sys.maxsize)
    with source.open(encoding="utf-8", newline="") as exact, replacing(out) as file:
        lines = csv.reader(exact)
        while block := list(islice(lines, BLOCK)):
            write_lines(block[0], block[1:], file, for_spreadsheet=True)


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
    datasets.get(ws, spec.dataset.id)  # one that was removed is not shown
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
    report_html(ws, run_id, out=out / "report.html")
    # last: where it is, everything is
    results_json(ws, run_id, out=out / "results.json")


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


def changes_of(ws: Workspace, info: DatasetInfo) -> Changes:
    """Return what the decisions on a dataset add up to."""
    acting = {Action.CHANGE, Action.EXCLUDE}
    return fold(review.standing(ws, info.version.id, actions=acting))


def suffix_of(info: DatasetInfo) -> str:
    """Return how the name of a corrected table ends."""
    return ".tsv" if info.report.dialect.delimiter == "\t" else ".csv"


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def name_of(info: DatasetInfo, what: str, suffix: str) -> str:
    """Return the name of a file that is made of a dataset."""
    stem = _stem(info.version.name).removesuffix("-corrected")
    return f"{stem}-{what}{suffix}"
