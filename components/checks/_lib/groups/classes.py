"""Which class of a label is the one that people hope for, or look for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from components.checks._lib.words import quoted

_POSITIVE = frozenset({"yes", "y", "true", "t", "1", "positive", "pos", "high"})
_GOOD = frozenset(
    {"good", "approved", "approve", "accepted", "accept", "granted", "hired", "admitted"}
    | {"selected", "pass", "passed", "success", "successful", "paid", "survived", "alive"}
)
_NEGATIVE = frozenset({"no", "n", "false", "f", "0", "-1", "negative", "neg", "low"})
_HARMS = (
    *("recid", "rearrest", "arrest", "reoffen", "default", "delinq", "bankrupt", "churn"),
    *("fraud", "risk", "died", "death", "deceased", "mortal", "readmi", "reject", "denied"),
    *("dropout", "fail", "fault", "defect", "disease", "stroke", "spam", "toxic", "abuse"),
)
"""Starts of words for what people hope to avoid."""
_DENIALS = frozenset({"no", "non", "not", "never", "without", "free", "survived"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def favourable(counts: Mapping[str, int], label: str = "") -> tuple[str, str]:
    """Choose the class whose rate is told, from words first, then by rarity.

    Parameters
    ----------
    counts
        Rows per class; not empty.
    label
        The name of the label; where it names a harm (“recid”), saying yes to it is not favourable.

    Returns
    -------
        The class, and why it was chosen, as the end of a sentence.
    """
    good = [name for name in counts if _plain(name) in _GOOD]
    if len(good) != 1:
        spared = _spared(counts, label)
        if spared is not None:
            return spared
    meant = [name for name in counts if _plain(name) in _POSITIVE | _GOOD]
    if len(meant) == 1:
        return meant[0], f"because {quoted(meant[0])} usually means a positive outcome"
    above = [name for name in counts if name.strip().startswith(">")]
    if len(above) == 1 and not meant:
        return above[0], f"because {quoted(above[0])} is the upper class"
    rarest = min(sorted(counts, reverse=True), key=lambda name: counts[name])
    return rarest, "because it is the rarer one"


def _spared(counts: Mapping[str, int], label: str) -> tuple[str, str] | None:
    """Return the class of two that is free of the harm that the label or a class names."""
    if len(counts) != 2:  # noqa: PLR2004 - one of two
        return None
    harmful = [name for name in counts if names_harm(name)]
    why = f"because {quoted(harmful[0])} sounds like" if harmful else ""
    if names_harm(label) and not harmful:
        harmful = [name for name in counts if _plain(name) in _POSITIVE]
        others = [name for name in counts if _plain(name) in _NEGATIVE]
        harmful = harmful if len(others) == 1 else []
        why = f"because the name {quoted(label)} sounds like"
    if len(harmful) != 1:
        return None
    other = next(name for name in counts if name != harmful[0])
    return other, f"{why} something that people hope to avoid"


def names_harm(text: str) -> bool:
    """Whether a name holds a word for a harm, such as “recid” or “fraud”, and does not deny it."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return any(word.startswith(_HARMS) for word in words) and not _DENIALS & set(words)


def _plain(name: str) -> str:
    return name.strip().casefold()
