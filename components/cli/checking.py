"""``preflight check``: check a table and write the results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from components.cli.console import (
    FAILED,
    PASS,
    STOP,
    Commands,
    Parser,
    add_command,
    complain,
    listed,
    say,
    show_progress,
)
from components.cli.reading import add_data, options
from components.core.data.dataset import Role
from components.core.errors import UnusableInput

if TYPE_CHECKING:
    from components.core.judgement.findings import CheckResult
    from components.core.judgement.gate import Verdict
    from components.core.judgement.runs import RunStatus
    from components.services.workspace import Workspace

SINGLE = {role.value: role for role in (Role.LABEL, Role.ID, Role.TIME, Role.SPLIT, Role.SOURCE)}
LISTS = {"annotators": Role.ANNOTATOR, "ignore": Role.IGNORE}


def add_check(commands: Commands[Parser]) -> None:
    """Add ``check``."""
    parser = add_command(commands, "check", "Check a table and write the results.", _check)
    add_data(parser)
    for name, text in (
        ("label", "the column that a model would learn"),
        ("id", "the column that names the row or the person"),
        ("time", "the column that says when the row was made"),
        ("split", "the column that says train, test, ..."),
        ("source", "the column that says where the row comes from"),
    ):
        parser.add_argument(f"--{name}", metavar="COL", action="append", default=[], help=text)
    for name, metavar, text in (
        ("sensitive", "COL", "a sensitive attribute; may be repeated"),
        ("annotators", "COL,COL,...", "columns that hold the label of one annotator each"),
        ("ignore", "COL,...", "columns that a model does not read"),
        ("only", "CONCERN,...", "run these concerns, or checks by id"),
        ("skip", "CONCERN,...", "leave these concerns out, or checks by id"),
    ):
        parser.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=text)
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of all randomness (0)")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the results")


def _check(arguments: argparse.Namespace) -> int:
    from components.services.data import datasets
    from components.services.export import exports
    from components.services.headless import role_arguments, temporary_workspace
    from components.services.runs import runs

    exports.prepare(arguments.out)
    with temporary_workspace.with_file(arguments.data, options(arguments)) as (ws, dataset_id):
        version = datasets.get(ws, dataset_id).version
        wanted = {role: getattr(arguments, name) for name, role in SINGLE.items()}
        for role, names in wanted.items():
            if len(names) > 1:
                raise UnusableInput(f"The option --{role.value} is given twice.", "Give it once.")
        wanted[Role.SENSITIVE] = arguments.sensitive
        for name, role in LISTS.items():
            wanted[role] = role_arguments.split_names(version, getattr(arguments, name))
        datasets.set_columns(
            ws, dataset_id, role_arguments.assign(version, wanted), actor=temporary_workspace.ACTOR
        )
        run_id = runs.execute(
            ws,
            dataset_id,
            only=listed(arguments.only),
            skip=listed(arguments.skip),
            seed=arguments.seed,
            listener=_show if sys.stderr.isatty() else None,
        )
        exports.write_run(ws, run_id, arguments.out)
        return _tell(ws, run_id, arguments.out)


def _tell(ws: Workspace, run_id: str, out: Path) -> int:
    from components.core.judgement.findings import ranked
    from components.reports import words
    from components.services.runs import runs

    status, results = runs.status(ws, run_id), runs.results(ws, run_id)
    verdict = runs.verdict(ws, run_id)
    planned = len(status.checks)
    label = runs.spec(ws, run_id).dataset.label
    say(words.verdict_sentence(verdict, results, n_planned=planned, state=status.state))
    say(f"Label: {label.name} ({label.role_why or 'no reason given'})" if label else "Label: none")
    for finding in ranked(results):
        say(f"  {words.severity_name(finding.severity):<8} {finding.check_id}: {finding.title}")
    for sentence in words.coverage_sentences(results, n_planned=planned):
        say(sentence)
    say(f"Results: {out}")
    return _exit_status(verdict, status, results)


def _exit_status(verdict: Verdict, status: RunStatus, results: Sequence[CheckResult]) -> int:
    from components.core.judgement.findings import Status
    from components.core.judgement.gate import Outcome
    from components.core.judgement.runs import RunState

    failed = [r for r in results if r.status is Status.FAILED]
    for result in failed:
        complain(f"{result.check_id} failed to run: {result.reason}", FAILED)
    for note in status.notes:
        complain(note, FAILED)
    if status.state is not RunState.DONE:
        complain(status.error or "The run did not end.", FAILED)
    if verdict.outcome is Outcome.STOP:
        return STOP
    return FAILED if failed or status.state is not RunState.DONE else PASS


def _show(status: RunStatus) -> None:
    show_progress(status.done, status.step, is_over=status.state.is_over)
