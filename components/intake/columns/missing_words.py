"""Texts that stand for a missing value."""

from __future__ import annotations

MISSING_WORDS = (
    "?", "??", "N/A", "n/a", "N/a", "NA", "na", "#N/A", "#NA", "#N/A N/A", "<NA>", "NULL", "null",
    "Null", "#NULL!", "#VALUE!", "#DIV/0!", "#REF!", "NaN", "nan", "NAN", "-nan", "\\N", "nil",
    "-", "--", "---", "–", "—", ".", "..", "...", "*", "**", "***", "****", "*****", "******",
    "missing", "Missing", "MISSING", "(missing)", "<missing>", "(blank)", "blank", "(null)",
    "not available", "Not available", "Not Available", "NOT AVAILABLE", "(NA)", "(N/A)",
)  # fmt: skip
"""Texts that stand for a missing value wherever they are."""

WEAK_WORDS = (
    "None", "none", "NONE", "unknown", "Unknown", "UNKNOWN", "unk", "UNK", "nd", "ND", "n.a.",
    "n.d.", "N.A.", "undefined", "x", "X",
)  # fmt: skip
"""Texts that do so only among numbers, dates or truth values, or where there is nothing else."""

ALL_WORDS = frozenset(MISSING_WORDS) | frozenset(WEAK_WORDS)
