"""The command line: the services of the product, headless.

Exit status: 0 = the verdict is pass or review, 1 = stop, 2 = unusable input or arguments (one line
on standard error), 3 = a check failed to run, 4 = the verdict is unknown: what decides could not be
checked. A verdict of stop wins over a failed check: the table is known to be bad, and the failure
is told as well.
"""

from components.cli.console import FAILED, INTERRUPTED, PASS, STOP, UNKNOWN, UNUSABLE
from components.cli.entry import main, parser, run

__all__ = [
    "FAILED",
    "INTERRUPTED",
    "PASS",
    "STOP",
    "UNKNOWN",
    "UNUSABLE",
    "main",
    "parser",
    "run",
]
