"""A concern: what a folder of checks is about, declared once in its ``__init__.py``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]


class Section(StrEnum):
    """Where the page of a concern stands in the menu."""

    EXPLORE = "Explore"
    DETECT = "Detect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What checks of one folder are about; menu, words, colours and pages derive from it.

    Attributes
    ----------
    title
        How it is called: on findings, in reports.
    question
        What its page answers; the title of the page.
    icon
        Name of a Material symbol, such as ``water_drop``.
    menu
        The word in the menu, where that is another one than the title.
    colour
        Of its badge in the list of columns; grey where nothing has to stand out.
    place
        Order within the section; concerns of the same place come by name.
    """

    title: str
    question: str
    icon: str
    section: Section
    menu: str = ""
    colour: Colour = "gray"
    place: int = 100
