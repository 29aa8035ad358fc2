"""Where the files of a dataset version lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A folder with the files of one dataset version; the paths of its tables derive from it.

    Attributes
    ----------
    folder
        Name of the folder.
    place
        What the folder is in: "" for the workspace, the only place that there is so far.
    """

    folder: str
    place: str = ""
