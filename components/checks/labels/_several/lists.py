"""Lists of labels in one cell: read, and written again in the same form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

SIGNS = ("|", ";", ",")
LOOKED_AT = 500
"""Cells that the form is read from."""
LONGEST = 100_000
"""Characters of a cell that is read."""

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListForm:
    """How a column writes its lists.

    Attributes
    ----------
    sign
        What stands between the parts, ``|`` in ``a|b``; "" for lists in brackets.
    space
        What stands after the sign.
    quote
        Of lists in brackets.
    """

    sign: str
    space: str = ""
    quote: str = '"'

    @staticmethod
    def of(cells: Sequence[str]) -> ListForm:
        """Read the form from some cells."""
        seen = [cell.strip() for cell in cells[:LOOKED_AT]]
        if 2 * sum(cell.startswith("[") for cell in seen) > len(seen):
            with_comma = [cell for cell in seen if "," in cell]
            quote = "'" if sum("'" in c and '"' not in c for c in seen) * 2 > len(seen) else '"'
            return ListForm("", " " if _mostly(", ", with_comma) or not with_comma else "", quote)
        counts = {sign: sum(sign in cell for cell in seen) for sign in SIGNS}
        sign = max(SIGNS, key=lambda s: counts[s])
        with_sign = [cell for cell in seen if sign in cell]
        return ListForm(sign, " " if _mostly(f"{sign} ", with_sign) else "")

    def split(self, cell: str) -> Labels | None:
        """Return the labels of a cell, each once; None where it is no list of labels."""
        if len(cell) > LONGEST:
            return None
        parts = cell.split(self.sign) if self.sign else self._in_brackets(cell)
        if parts is None:
            return None
        return tuple(dict.fromkeys(part for part in (p.strip() for p in parts) if part))

    def _in_brackets(self, cell: str) -> list[str] | None:
        text = cell.replace("'", '"') if self.quote == "'" else cell
        try:
            found = json.loads(text)
        except ValueError:
            return None
        plain = isinstance(found, list) and all(isinstance(p, str | int) for p in found)
        return [str(part) for part in found] if plain else None

    def joined(self, labels: Sequence[str], like: str) -> str:
        """Return a cell with these labels.

        Parameters
        ----------
        like
            The cell that they replace: numbers in brackets stay numbers.
        """
        if self.sign:
            return f"{self.sign}{self.space}".join(labels)
        bare = f"[{like.strip().removeprefix('[')}" and self.quote not in like and labels
        digits = all(part.lstrip("-").isdigit() for part in labels)
        if bare and digits:
            parts = list(labels)
        else:
            parts = [json.dumps(part, ensure_ascii=False) for part in labels]
            if self.quote == "'":
                parts = [f"'{part[1:-1]}'" for part in parts]
        return f"[{f',{self.space}'.join(parts)}]"


def _mostly(sign: str, cells: Sequence[str]) -> bool:
    return 2 * sum(sign in cell for cell in cells) > len(cells) > 0


def changed(labels: Labels, added: Sequence[str], taken: Sequence[str]) -> Labels:
    """Return labels without some and with others, in their order."""
    kept = [label for label in labels if label not in taken]
    return (*kept, *(label for label in added if label not in labels))
