"""The app from outside: start it, write what it holds, do a run that it has prepared."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import components
from components.cli.console import (
    FAILED,
    PASS,
    Commands,
    Parser,
    add_command,
    complain,
    naming_the_list,
    say,
)
from components.core.errors import UnusableInput
from components.core.settings import Settings, environment_with, valid_public_url

ROOT = Path(components.__file__).parents[1]
LAST_PORT = 65_535
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def add_serve(commands: Commands[Parser]) -> None:
    """Add ``serve``."""
    parser = add_command(commands, "serve", "Start the app.", _serve)
    parser.add_argument("--port", metavar="N", type=int, default=8501, help="(8501)")
    parser.add_argument("--host", metavar="H", default="localhost", help="(localhost)")
    parser.add_argument(
        "--public-url",
        metavar="URL",
        type=valid_public_url,
        help="the address under which a proxy offers the app, such as https://preflight.example",
    )


def add_report(commands: Commands[Parser]) -> None:
    """Add ``report``."""
    parser = add_command(commands, "report", "Write the results of a run of the app.", _report)
    parser.add_argument("run", metavar="RUN", help="the id of the run, as in the address")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the results")


def add_export(commands: Commands[Parser]) -> None:
    """Add ``export``."""
    parser = add_command(commands, "export", "Write the corrected table of a dataset.", _export)
    parser.add_argument("dataset", metavar="DATASET", help="its id, as in the address of the app")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True)
    parser.add_argument("--corrections", action="store_true", help="the list of decisions instead")


def add_worker(commands: Commands[Parser]) -> None:
    """Add ``worker``."""
    parser = add_command(commands, "worker", "Do a run that the app has prepared.", _worker)
    parser.add_argument("folder", metavar="RUN_DIR", type=Path)


def _serve(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.port <= LAST_PORT:
        raise UnusableInput(
            f"{arguments.port} is not a port.", f"Choose one from 1 to {LAST_PORT}."
        )
    settings = Settings.from_environment()
    public = arguments.public_url or settings.public_url
    os.chdir(ROOT)  # the look and the locks of the app stand beside app.py
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += _options(arguments.host.strip("[]"), arguments.port, public)
    ours = {"PREFLIGHT_HOME": str(settings.home.absolute()), "PREFLIGHT_PUBLIC_URL": public}
    os.execve(sys.executable, command, environment_with(ours))  # noqa: S606 - our own interpreter


def _options(host: str, port: int, public: str) -> list[str]:
    """Return what Streamlit is told: where to listen, and under which names it is reached."""
    options = ["--server.port", str(port), "--server.address", host, "--server.headless", "true"]
    site = urlsplit(public).hostname
    names = list(LOOPBACK)
    if host not in LOOPBACK:
        from components.services.headless import temporary_workspace

        names += temporary_workspace.own_names(host)
    if site is not None:
        names.append(site)
        options += ["--browser.serverAddress", site]
    if names != list(LOOPBACK):
        options += [part for name in names for part in ("--server.allowedHosts", name)]
    return options


def _report(arguments: argparse.Namespace) -> int:
    from components.services.export import exports
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws, naming_the_list():
        exports.write_run(ws, arguments.run, arguments.out)
    say(f"Results: {arguments.out}")
    return PASS


def _export(arguments: argparse.Namespace) -> int:
    from components.reports.words import plural
    from components.services.export import decision_files, exports
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws, naming_the_list():
        make = decision_files.corrections_sheet if arguments.corrections else exports.corrected_csv
        try:
            export = make(ws, arguments.dataset, out=arguments.out, for_spreadsheet=False)
        except OSError as error:
            raise UnusableInput(f"{arguments.out} cannot be written: {error.strerror}.") from error
    mended = f", {plural(export.n_mended, 'row')} mended on reading" if export.n_mended else ""
    cells = plural(export.n_changed - export.n_mended, "cell")
    say(f"{cells} changed{mended}, {plural(export.n_excluded, 'row')} left out: {arguments.out}")
    return PASS


def _worker(arguments: argparse.Namespace) -> int:
    from components.core.judgement.runs import RunState
    from components.jobs.perform import perform

    status = perform(arguments.folder)
    return PASS if status.state is RunState.DONE else complain(status.error, FAILED)
