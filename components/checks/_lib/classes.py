"""Which class of a label is the one that people hope for, or look for."""

from __future__ import annotations

from collections.abc import Mapping

from components.checks._lib.words import quoted

_YES = frozenset(
    {"yes", "y", "true", "t", "1", "good", "positive", "pos", "high"}
    | {"approved", "approve", "accepted", "accept", "granted", "hired", "admitted", "selected"}
    | {"pass", "passed", "success", "successful", "paid", "survived", "alive"}
)


def favourable(counts: Mapping[str, int]) -> tuple[str, str]:
    """Choose the class whose rate is told, from words first, then by rarity.

    Parameters
    ----------
    counts
        Rows per class; not empty.

    Returns
    -------
        The class, and why it was chosen, as the end of a sentence.
    """
    meant = [name for name in counts if name.strip().casefold() in _YES]
    if len(meant) == 1:
        return meant[0], f"because {quoted(meant[0])} usually means a positive outcome"
    above = [name for name in counts if name.strip().startswith(">")]
    if len(above) == 1 and not meant:
        return above[0], f"because {quoted(above[0])} is the upper class"
    rarest = min(sorted(counts, reverse=True), key=lambda name: counts[name])
    return rarest, "because it is the rarer one"
