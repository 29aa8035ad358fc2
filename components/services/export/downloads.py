"""Files that a person downloads: made on disk, a large one by a worker, and served from there."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from components.core.codec import from_json, to_json
from components.core.errors import NotFound
from components.core.progress import Progress
from components.jobs import job
from components.jobs.job import JobStatus
from components.processes.folder import JobFolder
from components.services.data import datasets
from components.services.export import decision_files, exports
from components.services.export.exports import Export
from components.services.review.selection import Stage
from components.services.runs import runs
from components.services.worker_calls import as_seen_from, workspace_of
from components.services.workspace import Workspace

COMMAND = "export"
SMALL_CELLS = 200_000
SMALL_FILES = 5_000_000
"""Cells, and bytes of the files it is made of, up to which a download is made by who asks."""

_KEY = re.compile(r"[0-9a-f]{32}")
_MAKERS: dict[str, Callable[..., Export]] = {
    **{form: partial(decision_files.tool_questions, form=form) for form in decision_files.FORMS},
    "corrected": exports.corrected_csv,
    "corrections": decision_files.corrections_sheet,
    "decisions": decision_files.decisions_csv,
    "decisions-parquet": decision_files.decisions_parquet,
    "label-studio-config": decision_files.label_studio_config,
    "mended": exports.mended_csv,
    "aside": exports.aside_csv,
    "report": exports.report_html,
    "results": exports.results_json,
    "rows": exports.rows_csv,
}
_WITH_FORM = frozenset({"corrected", "corrections", "decisions", "mended", "aside", "rows"})
_OF_DATASET = frozenset(
    {"corrected", "corrections", "decisions", "decisions-parquet", "mended", "aside"}
)
_OF_CHECK = frozenset({"rows", "label-studio", "label-studio-config", "argilla"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Which file is wanted.

    Attributes
    ----------
    kind
        ``corrected``, ``corrections``, ``decisions``, ``decisions-parquet``, ``mended``,
        ``aside``; ``report``, ``results``; ``rows``, ``label-studio``, ``label-studio-config``,
        ``argilla``.
    source
        The id of the dataset for the first six, of the run for the others.
    check_id
        For the last four.
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula is defused, in a table.
    stage, blind
        Which items go to another tool, and whether what is suggested for them stays here.
    """

    kind: str
    source: str
    check_id: str = ""
    for_spreadsheet: bool = True
    stage: Stage = Stage.OPEN
    blind: bool = False


def is_small(ws: Workspace, request: ExportRequest) -> bool:
    """Whether a file is made as quickly by who asks, with memory to spare."""
    if request.kind in _OF_DATASET:
        info = datasets.get(ws, request.source)
        version, folder = info.version, info.folder
    else:
        version = runs.spec(ws, request.source).dataset
        folder = ws.files.run(request.source)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    n_cells = version.n_rows * len(version.columns)
    return n_cells <= SMALL_CELLS and size <= SMALL_FILES


def small(ws: Workspace, request: ExportRequest) -> bytes:
    """Return the bytes of a small file.

    Raises
    ------
    PreflightError
        When it cannot be made.
    """
    with ws.files.new_folder() as folder:
        return _make(ws, request, folder / "file").path.read_bytes()


def start(ws: Workspace, request: ExportRequest) -> str:
    """Have a worker make a file, and return the key by which it is found."""
    made = job.new(ws.files.jobs)
    whole = {
        **as_seen_from(ws, made),
        "export": to_json(request),
        "file": str(made.path / "file"),
    }
    job.submit(made, ws.queue, COMMAND, whole)
    return made.path.name


def status(ws: Workspace, key: str) -> JobStatus:
    """Return how far a file is.

    Raises
    ------
    NotFound
        When there is none with this key.
    """
    ws.queue.dispatch()
    return job.status(_folder(ws.files.jobs, key), ws.queue)


def finished(jobs: Path, key: str) -> Export:
    """Return a file that has been made.

    Parameters
    ----------
    jobs
        The folder of the jobs of the workspace.

    Raises
    ------
    NotFound
        When there is none with this key.
    PreflightError
        Why it could not be made.
    """
    folder = _folder(jobs, key)
    if folder.result() is None:
        raise NotFound("There is no such file, or not yet.", "Make it again.")
    value = job.result(folder)
    made = Export(**{**value, "path": Path(value["path"])})
    if made.path.parent != folder.path or not made.path.is_file():
        raise NotFound("The file is not there any more.", "Make it again.")
    return made


def cancel(ws: Workspace, key: str) -> None:
    """Stop making a file, and delete what is there of it."""
    folder = _folder(ws.files.jobs, key)
    job.cancel(folder, ws.queue)
    job.remove(folder)


def work(request: dict[str, Any], tell: Progress) -> object:
    """Do in a worker what :func:`start` asks for."""
    tell(0.0, "Writing the file")
    with workspace_of(request) as ws:
        wanted = from_json(ExportRequest, request["export"])
        made = _make(ws, wanted, Path(request["file"]))
    return {**dataclasses.asdict(made), "path": str(made.path)}


def _make(ws: Workspace, request: ExportRequest, out: Path) -> Export:
    kind, options = request.kind, dict[str, Any]()
    ids = (request.source, request.check_id) if kind in _OF_CHECK else (request.source,)
    if kind in _WITH_FORM:
        options |= {"for_spreadsheet": request.for_spreadsheet}
    if kind in decision_files.FORMS:
        options |= {"stage": request.stage, "blind": request.blind}
    return _MAKERS[kind](ws, *ids, out=out, **options)


def _folder(jobs: Path, key: str) -> JobFolder:
    if not _KEY.fullmatch(key) or not (jobs / key).is_dir():
        raise NotFound("There is no such file.", "Make it again.")
    return JobFolder(jobs / key)
