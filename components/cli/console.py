"""What all commands share: exit statuses, plain lines, and a parser that says one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from components.core.errors import NotFound, UnusableInput

PASS, STOP, UNUSABLE, FAILED, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 4, 130


class Parser(argparse.ArgumentParser):
    """A parser of arguments whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise one sentence instead of printing the usage.

        Raises
        ------
        UnusableInput
            Always.
        """
        raise UnusableInput(f"{message[:1].upper()}{message[1:]}.", f"See “{self.prog} --help”.")


Commands = argparse._SubParsersAction  # noqa: SLF001 - it has no public name


def add_command(
    commands: Commands[Parser], name: str, text: str, function: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a command that calls ``function``, which returns the exit status."""
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=function)
    return parser


@contextmanager
def naming_the_list() -> Iterator[None]:
    """Name the command that lists what there is, where something is not there."""
    try:
        yield
    except NotFound as error:
        raise NotFound(
            error.what, "“preflight list” says which tables and runs there are."
        ) from error


def complain(sentence: str, status: int) -> int:
    """Print one line on standard error, and return ``status``."""
    print(f"preflight: {plain(sentence)}", file=sys.stderr)
    return status


def say(text: str) -> None:
    """Print one line that may hold text of the data."""
    print(plain(text))


def show_progress(done: float, step: str, *, is_over: bool = False) -> None:
    """Draw how far the work is over the line that stands there (on standard error)."""
    line = f"{done:4.0%}  {plain(step)}"[:78]
    print(f"\r{line:<78}", end="\n" if is_over else "", file=sys.stderr)


def plain(text: str) -> str:
    """Return ``text`` on one line, without the control characters that steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def listed(texts: Sequence[str]) -> list[str]:
    """Return the parts of options such as ``--only a,b --only c``."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]
