"""The five forms of a still picture; :mod:`components.reports.pictures.picture` fills them.

Positions lie in [0, 1]; colours are class names of the style sheet; texts are clean but not
escaped: the templates escape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from components.reports.pictures.axis import Tick
from components.reports.pictures.line_plots import LinePicture


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPiece:
    """One coloured piece of a bar."""

    start: float
    size: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """One lying bar, or one dot with its interval where ``at`` is set."""

    name: str
    value: str
    parts: tuple[BarPiece, ...] = ()
    at: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPicture:
    """One number in words."""

    form: ClassVar[str] = "number"
    title: str
    alt: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPicture:
    """Lying bars or dots with a name each."""

    form: ClassVar[str] = "rows"
    title: str
    alt: str
    axis: str
    rows: tuple[PictureRow, ...]
    ticks: tuple[Tick, ...] = ()
    line: float | None = None
    line_words: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinsPicture:
    """Upright bars over an axis: start, width, and the pieces of each."""

    form: ClassVar[str] = "bins"
    title: str
    alt: str
    axis: str
    bars: tuple[tuple[float, float, tuple[BarPiece, ...]], ...]
    ticks: tuple[Tick, ...]
    top: str
    line: float | None = None
    line_words: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPicture:
    """A table of numbers, each with how strong its colour is (0 to 5)."""

    form: ClassVar[str] = "grid"
    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    note: str = ""


Picture = NumberPicture | RowsPicture | BinsPicture | GridPicture | LinePicture
