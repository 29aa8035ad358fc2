"""The command line: the services of the product, headless.

Exit status: 0 = the verdict is pass or review, 1 = stop, 2 = unusable input or arguments (one line
on standard error), 3 = a check failed to run. A verdict of stop wins over a failed check: the table
is known to be bad, and the failure is told as well.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from components.core.dataset import Role
from components.core.errors import PreflightError, UnusableInput
from components.core.settings import Settings, bound_threads, environment_with

if TYPE_CHECKING:
    from components.core.findings import CheckResult
    from components.core.gate import Verdict
    from components.core.runs import RunStatus

    Commands = argparse._SubParsersAction["_Parser"]  # noqa: SLF001 - it has no public name
    from components.services.workspace import Workspace

PASS, STOP, UNUSABLE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
ROOT = Path(__file__).parents[1]
LAST_PORT = 65_535
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SINGLE = {role.value: role for role in (Role.LABEL, Role.ID, Role.TIME, Role.SPLIT, Role.SOURCE)}
LISTS = {"annotators": Role.ANNOTATOR, "ignore": Role.IGNORE}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; never raises for an error of the user."""
    bound_threads()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        parsed = parser().parse_args(arguments)
        status: int = parsed.command(parsed)
    except PreflightError as error:
        return _complain(str(error), UNUSABLE)
    except KeyboardInterrupt:
        return _complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the default status 1 would mean “stop”
        return _complain(f"Unexpected error: {type(error).__name__}: {error}", FAILED)
    return status


def _complain(sentence: str, status: int) -> int:
    print(f"preflight: {_plain(sentence)}", file=sys.stderr)
    return status


def _plain(text: str) -> str:
    """Return ``text`` on one line, without the control characters that steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise one sentence instead of printing the usage."""
        raise UnusableInput(f"{message[:1].upper()}{message[1:]}.", f"See “{self.prog} --help”.")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = _Parser(
        prog="preflight",
        description="Is this table ready to train on?",
        epilog="Exit status: 0 pass or review, 1 stop, 2 unusable input, 3 a check failed to run.",
        allow_abbrev=False,
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for add in (_add_check, _add_load, _add_serve, _add_report, _add_export, _add_worker):
        add(commands)
    return whole


def _command(
    commands: Commands, name: str, text: str, function: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=function)
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", metavar="DATA", type=Path, help="the file")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook")
    parser.add_argument("--member", metavar="NAME", help="the file in an archive")


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "Check a table and write the results.", _check)
    _add_data(parser)
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


def _add_load(commands: Commands) -> None:
    parser = _command(commands, "load", "Read a file, write it plainly, say how.", _load)
    _add_data(parser)
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="ends in .csv or .parquet"
    )
    parser.add_argument("--json", action="store_true", help="say it as JSON")


def _add_serve(commands: Commands) -> None:
    parser = _command(commands, "serve", "Start the app.", _serve)
    parser.add_argument("--port", metavar="N", type=int, default=8501, help="(8501)")
    parser.add_argument("--host", metavar="H", default="localhost", help="(localhost)")


def _add_report(commands: Commands) -> None:
    parser = _command(commands, "report", "Write the results of a run of the app.", _report)
    parser.add_argument("run", metavar="RUN", help="the id of the run, as in the address")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the results")


def _add_export(commands: Commands) -> None:
    parser = _command(commands, "export", "Write the corrected table of a dataset.", _export)
    parser.add_argument("dataset", metavar="DATASET", help="its id, as in the address of the app")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True)
    parser.add_argument("--corrections", action="store_true", help="the list of decisions instead")


def _add_worker(commands: Commands) -> None:
    parser = _command(commands, "worker", "Do a run that the app has prepared.", _worker)
    parser.add_argument("folder", metavar="RUN_DIR", type=Path)


def _check(arguments: argparse.Namespace) -> int:
    from components.services import datasets, exports, headless, roles, runs

    exports.prepare(arguments.out)
    with headless.with_file(arguments.data, arguments.member, arguments.sheet) as (ws, dataset_id):
        version = datasets.get(ws, dataset_id).version
        wanted = {role: getattr(arguments, name) for name, role in SINGLE.items()}
        for role, names in wanted.items():
            if len(names) > 1:
                raise UnusableInput(f"The option --{role.value} is given twice.", "Give it once.")
        wanted[Role.SENSITIVE] = arguments.sensitive
        for name, role in LISTS.items():
            wanted[role] = roles.split_names(version, getattr(arguments, name))
        datasets.set_columns(ws, dataset_id, roles.assign(version, wanted), actor=headless.ACTOR)
        run_id = runs.execute(
            ws,
            dataset_id,
            only=_listed(arguments.only),
            skip=_listed(arguments.skip),
            seed=arguments.seed,
            listener=_show_progress if sys.stderr.isatty() else None,
        )
        exports.write_run(ws, run_id, arguments.out)
        return _tell(ws, run_id, arguments.out)


def _tell(ws: Workspace, run_id: str, out: Path) -> int:
    from components.core.findings import ranked
    from components.reports import words
    from components.services import runs

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
    from components.core.findings import Status
    from components.core.gate import Outcome
    from components.core.runs import RunState

    failed = [r for r in results if r.status is Status.FAILED]
    for result in failed:
        _complain(f"{result.check_id} failed to run: {result.reason}", FAILED)
    if status.state is not RunState.DONE:
        _complain(status.error or "The run did not end.", FAILED)
    if verdict.outcome is Outcome.STOP:
        return STOP
    return FAILED if failed or status.state is not RunState.DONE else PASS


def _load(arguments: argparse.Namespace) -> int:
    from components.services import datasets, headless, loading

    loading.refuse_ending(arguments.out)
    with headless.with_file(arguments.data, arguments.member, arguments.sheet) as (ws, dataset_id):
        loading.write(ws, dataset_id, arguments.out)
        info = datasets.get(ws, dataset_id)
        if arguments.json:
            print(json.dumps(loading.describe(info), indent=2))
        else:
            for line in loading.sentences(info):
                say(line)
    return PASS


def _serve(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.port <= LAST_PORT:
        raise UnusableInput(
            f"{arguments.port} is not a port.", f"Choose one from 1 to {LAST_PORT}."
        )
    home = Settings.from_environment().home.absolute()
    os.chdir(ROOT)  # the look and the locks of the app stand beside app.py
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(arguments.port), "--server.address", arguments.host]
    command += ["--server.headless", "true"]
    if arguments.host not in LOOPBACK:
        from components.services import headless

        _complain("Everyone who reaches this machine can open the app: it asks no password.", PASS)
        names = [*LOOPBACK, *headless.own_names(arguments.host)]
        command += [part for name in names for part in ("--server.allowedHosts", name)]
    os.execve(sys.executable, command, environment_with({"PREFLIGHT_HOME": str(home)}))  # noqa: S606 - our own interpreter


def _report(arguments: argparse.Namespace) -> int:
    from components.services import exports, headless

    with headless.opened(Settings.from_environment()) as ws:
        exports.write_run(ws, arguments.run, arguments.out)
    say(f"Results: {arguments.out}")
    return PASS


def _export(arguments: argparse.Namespace) -> int:
    from components.services import exports, headless

    with headless.opened(Settings.from_environment()) as ws:
        make = exports.corrections_sheet if arguments.corrections else exports.corrected_csv
        export = make(ws, arguments.dataset, for_spreadsheet=False)
    try:
        arguments.out.write_bytes(export.content)
    except OSError as error:
        raise UnusableInput(f"{arguments.out} cannot be written: {error.strerror}.") from error
    say(f"{export.n_changed:,} cells changed, {export.n_excluded:,} rows left out: {arguments.out}")
    return PASS


def _worker(arguments: argparse.Namespace) -> int:
    from components.core.runs import RunState
    from components.jobs.perform import perform

    status = perform(arguments.folder)
    return PASS if status.state is RunState.DONE else _complain(status.error, FAILED)


def _listed(texts: Sequence[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _show_progress(status: RunStatus) -> None:
    line = f"{status.done:4.0%}  {_plain(status.step)}"[:78]
    print(f"\r{line:<78}", end="\n" if status.state.is_over else "", file=sys.stderr)


def say(text: str) -> None:
    """Print one line that may hold text of the data."""
    print(_plain(text))


if __name__ == "__main__":
    sys.exit(main())
