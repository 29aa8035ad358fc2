"""Text from the data, made harmless for Streamlit's Markdown.

Nearly every label of Streamlit renders Markdown: a column called ``![](//host/x.png)`` would
fetch a picture, ``:red-badge[ok]`` would fake a badge. Only select boxes, tables and ``st.text``
are literal.
"""

from __future__ import annotations

import re

_JOINER = "\u2060"
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&=\"'^%/])")
_ARROWS = re.compile(r"<->|->|<-|--|>=|<=|~=")
_WWW = re.compile(r"(w)(w)(w)\.", re.IGNORECASE)

LONGEST = 120
"""Characters of one piece of text that a label shows."""


def plain(text: object, *, limit: int = LONGEST) -> str:
    """Return one line of text without control, invisible or direction-changing characters.

    For places that are literal already (tables, select boxes).

    Parameters
    ----------
    limit
        Longer text is cut there and ends with an ellipsis.
    """
    visible = _INVISIBLE.sub("", _CONTROL.sub(" ", str(text)))
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def md(text: object, *, limit: int = 600) -> str:
    """Return text that Markdown shows as it is: no link, image, icon, badge or formula.

    Notes
    -----
    A backslash before each Markdown character is not enough: ``:material/x:``, bare addresses and
    typographic arrows need a word joiner (U+2060) inside.
    """
    line = plain(text, limit=limit)
    line = _ARROWS.sub(lambda found: _JOINER.join(found.group()), line)
    line = _WWW.sub(rf"\1\2\3{_JOINER}.", line)
    line = line.replace(":", f":{_JOINER}").replace("@", f"@{_JOINER}")
    return _SPECIAL.sub(r"\\\1", line)


def code(text: object, *, limit: int = 60) -> str:
    """Return a Markdown code span that holds the text and nothing else."""
    line = plain(text, limit=limit) or " "
    line = line.replace(":material/", f":{_JOINER}material/")
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"
