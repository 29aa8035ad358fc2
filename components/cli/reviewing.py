"""``preflight review``: decisions and questions as files, and answers that come back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from components.cli.console import (
    PASS,
    UNUSABLE,
    Commands,
    Parser,
    add_command,
    complain,
    naming_the_list,
    say,
)
from components.core.errors import NotFound, UnusableInput
from components.core.settings import Settings

if TYPE_CHECKING:
    from components.services.exchange.fates import ComingIn
    from components.services.export.exports import Export
    from components.services.workspace import Workspace

FORMS = ("csv", "parquet", "label-studio", "label-studio-config", "argilla")


def add_review(commands: Commands[Parser]) -> None:
    """Add ``review export`` and ``review import``."""
    text = "Write decisions, or the items to review for another tool, and take its answers in."
    parser = commands.add_parser("review", help=text, description=text, allow_abbrev=False)
    parts = parser.add_subparsers(required=True, metavar="PART", parser_class=Parser)
    words = "Write the decisions about a table, or the open items as questions for another tool."
    out = add_command(parts, "export", words, _export)
    _of_run(out)
    out.add_argument("--out", metavar="FILE", type=Path, required=True)
    out.add_argument(
        "--format",
        choices=FORMS,
        default="csv",
        help="csv, parquet: every decision, who and when; the others: questions (csv)",
    )
    out.add_argument("--all", action="store_true", help="settled items as questions, too")
    out.add_argument("--blind", action="store_true", help="questions without what is suggested")
    back = add_command(parts, "import", "Take answers of Label Studio or Argilla in.", _import)
    _of_run(back)
    back.add_argument("file", metavar="FILE", type=Path, help="JSON, as the tool exports it")


def _of_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="the id of the run, as in the address")
    parser.add_argument("--check", metavar="ID", help="whose items (the first that has some)")


def _export(arguments: argparse.Namespace) -> int:
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws, naming_the_list():
        try:
            export = _writer(ws, arguments)(arguments.out)
        except OSError as error:
            raise UnusableInput(f"{arguments.out} cannot be written: {error.strerror}.") from error
    say(f"{export.filename}: {arguments.out}")
    return PASS


def _writer(ws: Workspace, arguments: argparse.Namespace) -> Callable[[Path], Export]:
    from components.services.export import decision_files
    from components.services.review.selection import Stage
    from components.services.runs import runs

    form, run_id = arguments.format, arguments.run
    if form in decision_files.FORMS:
        stage = Stage.ALL if arguments.all else Stage.OPEN
        return lambda out: decision_files.tool_questions(
            *(ws, run_id, arguments.check), form=form, out=out, stage=stage, blind=arguments.blind
        )
    if form == "label-studio-config":
        return lambda out: decision_files.label_studio_config(ws, run_id, arguments.check, out=out)
    dataset_id = runs.spec(ws, run_id).dataset.id
    if form == "parquet":
        return lambda out: decision_files.decisions_parquet(ws, dataset_id, out=out)
    return lambda out: decision_files.decisions_csv(ws, dataset_id, out=out, for_spreadsheet=False)


def _import(arguments: argparse.Namespace) -> int:
    from components.services.exchange import coming_in
    from components.services.headless import temporary_workspace
    from components.services.review import review

    with temporary_workspace.opened(Settings.from_environment()) as ws, naming_the_list():
        found = review.queue(ws, arguments.run, arguments.check)
        if found is None:
            raise NotFound("Nothing of this run is reviewed.")
        report = coming_in.take_in(ws, found, _content(arguments.file))
    return _tell(report)


def _content(path: Path) -> bytes:
    from components.services.exchange.answer_files import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {error.strerror}.") from error


def _tell(report: ComingIn) -> int:
    from components.services.exchange.fates import said

    say(f"{report.tool}: {said(report)}")
    for line in report.told:
        say(f"  {line}")
    if report.n_refused:
        return complain(f"{report.n_refused:,} answers were refused.", UNUSABLE)
    return PASS
