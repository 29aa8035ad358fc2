"""``preflight check``: check a table and write the results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from components.cli.console import (
    FAILED,
    PASS,
    STOP,
    UNKNOWN,
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
    from components.core.judgement.gate import Verdict
    from components.core.judgement.runs import RunSpec, RunStatus
    from components.services.runs.settings import RunSettings
    from components.services.workspace import Workspace

ONE_COLUMN = {
    Role.LABEL: "the column that a model would learn",
    Role.ID: "the column that names the row",
    Role.ENTITY: "the column that names the person, device or customer: rows of one stay together "
    "where models judge labels, and count once where groups are compared",
    Role.TIME: "the column that says when the row was made",
    Role.SPLIT: "the column that says train, test, ...",
    Role.SOURCE: "the column that says where the row comes from",
}
LISTS = {"annotators": Role.ANNOTATOR, "ignore": Role.IGNORE, "feature": Role.FEATURE}


def add_check(commands: Commands[Parser]) -> None:
    """Add ``check``."""
    parser = add_command(commands, "check", "Check a table and write the results.", _check)
    add_data(parser)
    for role, text in ONE_COLUMN.items():
        _many(parser, role.value, "COL", text)
    parser.add_argument("--no-label", action="store_true", help="there is no label, on purpose")
    for name, metavar, text in (
        ("sensitive", "COL", "a sensitive attribute; may be repeated"),
        ("annotators", "COL,COL,...", "columns that hold the label of one annotator each"),
        ("ignore", "COL,...", "columns that a model does not read"),
        ("feature", "COL,...", "columns that a model reads, whatever was guessed for them"),
        ("pred-probs", "PREFIX", "columns with these names and a class hold probabilities"),
        ("only", "CONCERN,...", "run these concerns, or checks by id"),
        ("skip", "CONCERN,...", "leave these concerns out, or checks by id"),
        ("param", "CHECK.NAME=VALUE", "set a parameter; “preflight checks” lists them"),
    ):
        _many(parser, name, metavar, text)
    for name, metavar, text in (
        ("policy", "FILE", "which findings stop, as TOML or JSON"),
        ("reference", "DATA", "the table to compare with, for checks that compare"),
    ):
        parser.add_argument(f"--{name}", metavar=metavar, type=Path, help=text)
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of all randomness (0)")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the results")


def _many(parser: argparse.ArgumentParser, name: str, metavar: str, text: str) -> None:
    parser.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=text)


def _check(arguments: argparse.Namespace) -> int:
    from components.services.data import datasets
    from components.services.export import exports
    from components.services.headless import role_arguments, temporary_workspace
    from components.services.runs import runs

    _refuse_contradictions(arguments)
    told = _settings(arguments)
    exports.prepare(arguments.out)
    with temporary_workspace.with_file(arguments.data, options(arguments)) as (ws, dataset_id):
        version = datasets.get(ws, dataset_id).version
        wanted = {role: getattr(arguments, role.value) for role in ONE_COLUMN}
        wanted[Role.SENSITIVE] = arguments.sensitive
        for name, role in LISTS.items():
            wanted[role] = role_arguments.split_names(version, getattr(arguments, name))
        wanted[Role.PREDICTED] = role_arguments.names_like(version, arguments.pred_probs)
        none = (Role.LABEL,) if arguments.no_label else ()
        datasets.set_columns(
            ws,
            dataset_id,
            role_arguments.assign(version, wanted, none=none),
            actor=temporary_workspace.ACTOR,
            no_label=arguments.no_label,
        )
        with _compared(ws, arguments.reference, told) as settings:
            run_id = runs.execute(
                ws,
                dataset_id,
                only=listed(arguments.only),
                skip=listed(arguments.skip),
                seed=arguments.seed,
                settings=settings,
                listener=_show if sys.stderr.isatty() else None,
            )
            exports.write_run(ws, run_id, arguments.out)
        return _tell(ws, run_id, arguments.out)


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    for role in ONE_COLUMN:
        if len(getattr(arguments, role.value)) > 1:
            raise UnusableInput(f"The option --{role.value} is given twice.", "Give it once.")
    if arguments.no_label and arguments.label:
        raise UnusableInput("Both --label and --no-label are given.", "Give one of them.")


def _settings(arguments: argparse.Namespace) -> RunSettings:
    from components.services.runs import policies
    from components.services.runs.settings import RunSettings, parse_params

    return RunSettings(
        params=parse_params(arguments.param),
        policy=None if arguments.policy is None else policies.read(arguments.policy),
    )


@contextmanager
def _compared(ws: Workspace, data: Path | None, settings: RunSettings) -> Iterator[RunSettings]:
    """Take the reference over beside the table, where one is given."""
    from dataclasses import replace

    from components.services.headless import temporary_workspace

    if data is None:
        yield settings
        return
    with temporary_workspace.one_more(ws, data) as reference_id:
        yield replace(settings, reference_id=reference_id)


def _tell(ws: Workspace, run_id: str, out: Path) -> int:
    from components.core.judgement.findings import Status, ranked
    from components.reports import words
    from components.services.runs import runs

    status, results = runs.status(ws, run_id), runs.results(ws, run_id)
    verdict, spec = runs.verdict(ws, run_id), runs.spec(ws, run_id)
    say(words.verdict_sentence(verdict))
    say(f"Label: {_label(spec)}")
    for sentence in (
        *words.unread_sentences(spec.dataset),
        *words.settings_sentences(spec, results),
    ):
        say(sentence)
    for finding in ranked(results):
        say(f"  {words.severity_name(finding.severity):<8} {finding.check_id}: {finding.title}")
    for sentence in words.coverage_sentences(verdict, results):
        say(sentence)
    for result in results:
        if result.status is Status.SKIPPED:
            say(f"  {result.check_id} does not apply: {result.reason}")
    say(f"Results: {out}")
    for result in results:
        if result.check_id in verdict.failed:
            complain(f"{result.check_id} failed to run: {result.reason}", FAILED)
    _complain(status)
    return exit_status(verdict)


def _label(spec: RunSpec) -> str:
    label = spec.dataset.label
    if label is None:
        return "none, as you said" if spec.dataset.no_label else "none was chosen"
    return f"{label.name} ({label.role_why or 'no reason given'})"


def _complain(status: RunStatus) -> None:
    from components.core.judgement.runs import RunState

    for note in status.notes:
        complain(note, FAILED)
    if status.state is not RunState.DONE:
        complain(status.error or "The run did not end.", FAILED)


def exit_status(verdict: Verdict) -> int:
    """Return the status of a verdict: stop, else failed, else unknown, else pass or review."""
    from components.core.judgement.findings import Doubt
    from components.core.judgement.gate import Outcome

    if verdict.outcome is Outcome.STOP:
        return STOP
    if {Doubt.FAILED, Doubt.UNFINISHED} & set(verdict.doubts):
        return FAILED
    return PASS if verdict.is_known else UNKNOWN


def _show(status: RunStatus) -> None:
    show_progress(status.done, status.step, is_over=status.state.is_over)
