"""What the workspace of the app holds: list it, remove tables, sweep what belongs to nobody."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from components.cli.console import PASS, Commands, Parser, add_command, say
from components.core.errors import NotFound, UnusableInput
from components.core.settings import Settings

if TYPE_CHECKING:
    from components.services.dataset_info import DatasetInfo
    from components.services.workspace import Workspace

ALL = 1_000_000
SHOWN = 8
"""Ids that a sentence names."""


def add_list(commands: Commands[Parser]) -> None:
    """Add ``list``."""
    add_command(commands, "list", "List the tables of the app, with their runs and sizes.", _list)


def add_remove(commands: Commands[Parser]) -> None:
    """Add ``remove``."""
    text = "Remove a table of the app with its runs and decisions; a week long it can come back."
    parser = add_command(commands, "remove", text, _remove)
    parser.add_argument("table", metavar="TABLE", help="its id or name, as “preflight list” says")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--undo", action="store_true", help="take the removal back (by id)")


def add_gc(commands: Commands[Parser]) -> None:
    """Add ``gc``."""
    text = "Delete what belongs to nobody, and removed tables whose week is over."
    parser = add_command(commands, "gc", text, _gc)
    parser.add_argument("--now", action="store_true", help="all removed tables, for good")


def _list(_arguments: argparse.Namespace) -> int:
    from components.services.data import datasets, remove, sweep
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws:
        for info in datasets.recent(ws, ALL):
            _say_table(ws, info)
        for gone in remove.removed(ws):
            version, until = gone.info.version, f"{gone.until:%Y-%m-%d %H:%M} UTC"
            say(f"{version.id}  {version.name}: removed, can come back until {until}")
        whole = sweep.size(ws)
        say(
            f"Tables {_megabytes(whole.tables)}, runs {_megabytes(whole.runs)}, other "
            f"{_megabytes(whole.other)}; {_megabytes(whole.free)} free on the disk"
        )
    return PASS


def _say_table(ws: Workspace, info: DatasetInfo) -> None:
    from components.services.data import remove
    from components.services.runs import runs

    version = info.version
    taken = _megabytes(remove.size(ws, version.id).total)
    owner = f", of {version.owner}" if version.owner else ""
    say(f"{version.id}  {version.name}: {version.n_rows:,} rows, {taken}{owner}")
    for status in runs.history(ws, version.id):
        say(f"    run {status.run_id}: {status.state.value}")


def _remove(arguments: argparse.Namespace) -> int:
    from components.services.data import remove
    from components.services.headless import temporary_workspace
    from components.services.headless.temporary_workspace import ACTOR

    with temporary_workspace.opened(Settings.from_environment()) as ws:
        if arguments.undo:
            name = remove.restore(ws, arguments.table, actor=ACTOR).version.name
            say(f"{name} is back.")
            return PASS
        version = _named(ws, arguments.table).version
        if not arguments.yes:
            _ask(version.name)
        remove.remove(ws, version.id, actor=ACTOR, is_operator=True)
        say(
            f"{version.name} is removed. For {remove.GRACE.days} days “preflight remove --undo "
            f"{version.id}” takes that back; “preflight gc --now” frees its room at once."
        )
    return PASS


def _gc(arguments: argparse.Namespace) -> int:
    from components.services.data import sweep
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws:
        freed = sweep.sweep(ws, at_once=arguments.now)
        for each in freed:
            if each.n:
                say(f"{each.what}: {each.n:,}, {_megabytes(each.size)}")
        say(f"Freed: {_megabytes(sum(each.size for each in freed))}")
    return PASS


def _named(ws: Workspace, said: str) -> DatasetInfo:
    from components.services.data import datasets

    known = datasets.recent(ws, ALL)
    found = [i for i in known if i.version.id == said] or [
        i for i in known if i.version.name == said
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"There is no table “{said}” in this workspace.", "See “preflight list”.")
    ids = ", ".join(i.version.id for i in found[:SHOWN])
    raise UnusableInput(
        f"{len(found):,} tables are called “{said}”.", f"Say which one by id: {ids}."
    )


def _ask(name: str) -> None:
    if not sys.stdin.isatty():
        raise UnusableInput(f"{name} is not removed: nobody is there to ask.", "Say --yes.")
    say(f"Remove {name} with its runs and decisions? [y/N]")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UnusableInput("Nothing was removed.")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
