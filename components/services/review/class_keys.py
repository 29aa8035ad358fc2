"""The key of each class: the same on every card of a job, whatever the card is about."""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = "1234567890"
BY_RANK = 9
"""Classes that get a key by their rank; further ones are chosen by their names."""


def class_keys(classes: Sequence[str]) -> dict[str, str]:
    """Return the class behind each key.

    A class that is a digit has this digit. Of the others the first nine get the keys that are left,
    the most frequent class the lowest one.

    Parameters
    ----------
    classes
        Cell texts, most frequent first.
    """
    own = {name: name for name in classes if len(name) == 1 and name in DIGITS}
    free = [digit for digit in DIGITS if digit not in own][:BY_RANK]
    others = [name for name in classes if name not in own]
    found = own | dict(zip(free, others, strict=False))
    return {digit: found[digit] for digit in DIGITS if digit in found}
