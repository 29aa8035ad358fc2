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

MARKS = frozenset(
    word for word in (*MISSING_WORDS, *WEAK_WORDS) if set(word.casefold()) <= set("-–—.*x")
)
"""Those that are also used to tick something: among texts, they stand for a missing value only
beside other values (:func:`are_ticks`)."""

LEAST_VALUES = 0.5
"""Share of other values in marks and values from which a mark stands for missing (our choice)."""


def are_ticks(n_marks: int, n_values: int, n_different: int) -> bool:
    """Whether marks say yes, or another of few answers, and stand for no missing value.

    Parameters
    ----------
    n_marks, n_values
        Rows with a mark, and rows with another text that is a value.
    n_different
        How many of those other texts differ.
    """
    few = n_values < LEAST_VALUES * (n_values + n_marks)
    return few or n_different < 2  # noqa: PLR2004 - one word and a mark are yes and no


ALL_WORDS = frozenset(MISSING_WORDS) | frozenset(WEAK_WORDS)
