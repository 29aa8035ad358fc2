"""Classes that look like one class in several spellings.

Two names are alike where they differ in case, in spaces, in signs that cannot be seen or in the
form of a character (Unicode Standard Annex 15: NFKC), or where both are numbers of one value. Yes
and no in words are taken for 1 and 0 only where the label holds those, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from components.checks._lib.words import joined, plural, quoted

ANSWERS = {"true": "1", "yes": "1", "y": "1", "t": "1", "false": "0", "no": "0", "n": "0", "f": "0"}
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
SIGNS = {" ": "a space", "\u00a0": "a no-break space", "\u200b": "a zero-width space"}


@dataclass(frozen=True, slots=True)
class OneClass:
    """A class in several spellings: the rows of each, most frequent first."""

    spellings: tuple[tuple[str, int], ...]

    @property
    def n_rows(self) -> int:
        """Rows of the class."""
        return sum(n for _, n in self.spellings)

    def told(self) -> str:
        """Return the spellings with their rows, and what cannot be seen of them in words."""
        return joined([f"{_shown(name)} ({plural(n, 'row')})" for name, n in self.spellings])


def several_spellings(counts: Mapping[str, int]) -> tuple[tuple[OneClass, ...], int]:
    """Return the classes that are spelled in several ways, and how many classes are left.

    Parameters
    ----------
    counts
        Rows by the text of a class.
    """
    keys = {name: _folded(name) for name in counts}
    if {"0", "1"} & set(keys.values()):
        keys = {name: ANSWERS.get(key, key) for name, key in keys.items()}
    alike: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, n in counts.items():
        alike[keys[name]].append((name, n))
    found = [
        OneClass(tuple(sorted(own, key=lambda s: (-s[1], s[0]))))
        for own in alike.values()
        if len(own) > 1
    ]
    return tuple(sorted(found, key=lambda c: -c.n_rows)), len(alike)


def _folded(name: str) -> str:
    seen = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc"})
    text = " ".join(unicodedata.normalize("NFKC", seen).split()).casefold()
    return f"{float(text):.12g}" if NUMBER.fullmatch(text) else text


def _shown(name: str) -> str:
    """Return a name, and in words what cannot be seen of it."""
    bare = name.strip("".join(SIGNS)) or name
    before, _, behind = name.partition(bare)
    said = [
        f"{SIGNS[sign]} {place}"
        for part, place in ((before, "before it"), (behind, "behind it"))
        for sign in dict.fromkeys(part)
    ]
    return quoted(bare) + (f" with {joined(said)}" if said else "")
