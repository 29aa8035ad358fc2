"""``preflight load`` and ``preflight profile``: read a file, say how, say what is in it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from components.cli.console import PASS, Commands, Parser, add_command, say, show_progress
from components.core.errors import UnusableInput

if TYPE_CHECKING:
    from components.intake import ReadOptions

NEWLINES = {"lf": "\n", "crlf": "\r\n"}
SPELLED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
"""Delimiters that are hard to type on a command line."""


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the file to read, and all that a person may say about reading it."""
    parser.add_argument("data", metavar="DATA", type=Path, help="the file")
    group = parser.add_argument_group("how to read it", "What is not given is found out.")
    group.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook")
    group.add_argument("--member", metavar="NAME", help="the file in an archive")
    group.add_argument("--encoding", metavar="NAME", help="such as utf-8, cp1252, utf-16")
    group.add_argument(
        "--delimiter", metavar="TEXT", help="between cells; tab, semicolon, ... may be spelled out"
    )
    group.add_argument("--quotechar", metavar="C", help="one character, or none")
    group.add_argument("--escapechar", metavar="C", help="one character, or none")
    group.add_argument("--header-rows", metavar="N", type=int, help="rows that hold the names")
    group.add_argument("--preamble-lines", metavar="N", type=int, help="lines above the header")
    group.add_argument(
        "--no-mend", action="store_true", help="keep rows that do not fit aside; mend none"
    )


def options(arguments: argparse.Namespace) -> ReadOptions:
    """Return what was said about reading the file.

    Raises
    ------
    UnusableInput
        When something that was said makes no sense.
    """
    from components.intake import ReadOptions

    for name in ("header_rows", "preamble_lines"):
        number = getattr(arguments, name)
        if number is not None and number < 0:
            raise UnusableInput(
                f"{number} is not a number of {name.replace('_', ' ')}.", "Give 0 or more."
            )
    return ReadOptions(
        encoding=arguments.encoding,
        delimiter=_delimiter(arguments.delimiter),
        quotechar=_character("quotechar", arguments.quotechar),
        escapechar=_character("escapechar", arguments.escapechar),
        header_rows=arguments.header_rows,
        preamble_lines=arguments.preamble_lines,
        member=arguments.member,
        sheet=arguments.sheet,
        mend=False if arguments.no_mend else None,
    )


def _delimiter(text: str | None) -> str | None:
    if text == "":
        raise UnusableInput("The delimiter is empty.", "Leave --delimiter out to have it found.")
    return None if text is None else SPELLED.get(text.lower(), text)


def _character(name: str, text: str | None) -> str | None:
    if text is None or len(text) == 1:
        return text
    if text.lower() in {"", "none"}:
        return ""
    raise UnusableInput(f"--{name} is one character, not “{text}”.", "For no such character: none.")


def add_load(commands: Commands[Parser]) -> None:
    """Add ``load``."""
    parser = add_command(commands, "load", "Read a file, write it plainly, say how.", _load)
    add_data(parser)
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="ends in .csv or .parquet"
    )
    parser.add_argument(
        "--newline", choices=tuple(NEWLINES), default="lf", help="line ends of a .csv (lf)"
    )
    parser.add_argument("--json", action="store_true", help="say it as one JSON object")


def add_profile(commands: Commands[Parser]) -> None:
    """Add ``profile``."""
    text = "Say what is in each column, and how columns go together; judge nothing."
    parser = add_command(commands, "profile", text, _profile)
    add_data(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the results")
    parser.add_argument(
        "--no-associations", action="store_true", help="leave out how columns go together"
    )


def _load(arguments: argparse.Namespace) -> int:
    from components.services.headless import load

    load.refuse_ending(arguments.out)
    out, newline = arguments.out, NEWLINES[arguments.newline]
    with load.read(
        arguments.data, options(arguments), near=out.parent, with_fingerprint=arguments.json
    ) as info:
        load.write(info, out, newline=newline, used_up=True)
        if arguments.json:
            print(json.dumps(load.describe(info), indent=2))
        else:
            for line in load.sentences(info):
                say(line)
    return PASS


def _profile(arguments: argparse.Namespace) -> int:
    from components.services.headless import profile

    tell = show_progress if sys.stderr.isatty() else None
    made = profile.write(
        arguments.data,
        arguments.out,
        options(arguments),
        with_pairs=not arguments.no_associations,
        progress=tell,
    )
    if tell is not None:
        tell(1.0, "Done", is_over=True)
    say(
        f"{made.n_rows:,} rows, {made.n_columns:,} columns, {made.completeness:.1%} of cells filled"
    )
    say(f"Results: {arguments.out}")
    return PASS
