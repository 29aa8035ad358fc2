"""Texts that a spreadsheet would run as formulas, and how they are written so that it does not.

The first characters are those of OWASP, "CSV Injection" (2024): ``=``, ``+``, ``-``, ``@``, tab,
carriage return, line feed, and the full-width forms of the first four, which some spreadsheets read
alike. Spaces before them do not help.
"""

from __future__ import annotations

import re

FORMULA = r"^[ \t\n\f\r\x{feff}]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|^[\t\r\n]"
"""As Arrow reads it."""
NUMBER = r"^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s*%?$"
"""Numbers may begin with a sign."""

_FORMULA = re.compile(re.sub(r"\\x\{(\w+)\}", r"\\u\1", FORMULA))
_NUMBER = re.compile(NUMBER.replace("$", r"\Z"), re.ASCII)


def defused(text: str) -> str:
    """Return a text with a single quote in front where a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
