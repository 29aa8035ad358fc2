"""``preflight checks``: which checks there are, and what can be set."""

from __future__ import annotations

import argparse
import json

from components.cli.console import PASS, Commands, Parser, add_command, say


def add_checks(commands: Commands[Parser]) -> None:
    """Add ``checks``."""
    text = "List the checks with their parameters."
    parser = add_command(commands, "checks", text, _checks)
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="a concern, or the id of a check (all)"
    )
    parser.add_argument("--json", action="store_true", help="say it as one JSON object")


def _checks(arguments: argparse.Namespace) -> int:
    from components.services.runs import catalogue

    shown = catalogue.chosen(arguments.names)
    if arguments.json:
        print(json.dumps(catalogue.describe(shown), indent=2))
        return PASS
    for check in shown:
        say(f"{check.id}  {check.title}")
        for parameter in check.parameters:
            limits = " ".join(part for part in (parameter.range, parameter.unit) if part)
            source = f" [{parameter.source}]" if parameter.source else ""
            bounds = f" ({limits})" if limits else ""
            say(f"  {parameter.name}={parameter.default}{bounds}  {parameter.help}{source}")
    return PASS
