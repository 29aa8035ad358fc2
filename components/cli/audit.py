"""``preflight audit``: the history of the workspace, shown and verified."""

from __future__ import annotations

import argparse
import json

from components.cli.console import PASS, STOP, Commands, Parser, add_command, complain, say
from components.core.errors import UnusableInput
from components.core.settings import Settings

LIMIT = 50


def add_audit(commands: Commands[Parser]) -> None:
    """Add ``audit show`` and ``audit verify``."""
    text = "Show who did what, or verify that the history is as it was written."
    parser = commands.add_parser("audit", help=text, description=text, allow_abbrev=False)
    parts = parser.add_subparsers(required=True, metavar="PART", parser_class=Parser)
    shown = add_command(parts, "show", "Show who did what, the newest last.", _show)
    shown.add_argument("--table", metavar="NAME", default="", help="its id or name (all tables)")
    shown.add_argument("--limit", metavar="N", type=int, default=LIMIT, help=f"({LIMIT})")
    shown.add_argument("--json", action="store_true", help="one JSON object a line, with hashes")
    words = "Verify that no event and no decision was changed, put in or taken out."
    verified = add_command(parts, "verify", words, _verify)
    verified.add_argument(
        "--contains",
        metavar="HASH",
        default="",
        help="a hash that was noted earlier: the history must go on from there",
    )


def _show(arguments: argparse.Namespace) -> int:
    from components.services.data import audit_trail
    from components.services.headless import temporary_workspace

    if arguments.limit < 1:
        raise UnusableInput(f"--limit is {arguments.limit}.", "Say how many events, 1 or more.")
    with temporary_workspace.opened(Settings.from_environment()) as ws:
        for event in audit_trail.show(ws, table=arguments.table, limit=arguments.limit):
            if arguments.json:
                told = {
                    "number": event.number,
                    "at": event.at.isoformat(),
                    "actor": event.actor,
                    "action": event.action,
                    "table": event.dataset_id,
                    "detail": event.detail,
                    "hash": event.hash,
                }
                print(json.dumps(told))
                continue
            detail = ", ".join(f"{name}={value}" for name, value in event.detail.items())
            table = f" {event.dataset_id}" if event.dataset_id else ""
            say(
                f"{event.number}  {event.at:%Y-%m-%d %H:%M:%S} UTC  {event.actor or 'nobody named'}"
                f"  {event.action}{table}  {detail}"
            )
    return PASS


def _verify(arguments: argparse.Namespace) -> int:
    from components.reports.words import plural
    from components.services.data import audit_trail
    from components.services.headless import temporary_workspace

    with temporary_workspace.opened(Settings.from_environment()) as ws:
        found = audit_trail.verify(ws, contains=arguments.contains)
    if found.problems:
        for problem in found.problems:
            complain(problem, STOP)
        if more := found.n_problems - len(found.problems):
            complain(f"And {more:,} more.", STOP)
        return STOP
    if found.last_at is None:
        say("The history is empty.")
        return PASS
    say(
        f"{plural(found.n_events, 'event')} fit together, and "
        f"{plural(found.n_decisions, 'decision')} and "
        f"{plural(found.n_acceptances, 'accepted finding')} stand as they tell. The last event is "
        f"of {found.last_at:%Y-%m-%d %H:%M:%S} UTC, its hash {found.last_hash}"
    )
    return PASS
