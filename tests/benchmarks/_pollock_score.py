"""The measures of the benchmark Pollock: how much of a clean table a loader gave back.

Success, and precision, recall and F1 of header, records and cells: ten measures in [0, 1], summed.
The header and the cells are compared as multisets, records as multisets of their cells joined.
In headers and records, case and the notation of numbers, prices, dates and times do not count;
cells are compared as they are. (What the benchmark calls precision divides by the clean table,
recall by the loaded one.)
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

PARTS = ("header", "record", "cell")
FULL = 10.0
MONEY = re.compile(r"([$€£])\s?(\d+(?:\.\d+)?)")
DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")


@dataclass(frozen=True, slots=True)
class Share:
    """How far two multisets agree."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def points(self) -> float:
        """Of 3."""
        return self.precision + self.recall + self.f1


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of loading one file."""

    success: bool
    header: Share
    record: Share
    cell: Share

    @property
    def total(self) -> float:
        """Of 10."""
        return self.success + sum(getattr(self, part).points for part in PARTS)


NOTHING, ALL = Share(0.0, 0.0), Share(1.0, 1.0)
FAILED = Score(False, NOTHING, NOTHING, NOTHING)


def score(clean: Sequence[Sequence[str]], loaded: bytes | None) -> Score:
    """Compare the clean rows with the CSV that a loader wrote; None where it refused the file."""
    if loaded is None:
        return FAILED
    if not clean:
        return Score(True, ALL, ALL, ALL)
    rows = read_rows(loaded)
    return Score(
        True,
        _share(map(normal, clean[0]), map(normal, rows[0] if rows else ())),
        _share(map(_record, clean[1:]), map(_record, rows[1:])),
        _share((c for row in clean for c in row), (c for row in rows for c in row)),
    )


def read_rows(data: bytes) -> list[list[str]]:
    """Return the cells of a plain CSV file."""
    csv.field_size_limit(1 << 30)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _share(clean: Iterable[str], loaded: Iterable[str]) -> Share:
    wanted, found = Counter(clean), Counter(loaded)
    if not wanted:
        return ALL
    common = (wanted & found).total()
    return Share(common / wanted.total(), common / found.total()) if common else NOTHING


def _record(cells: Sequence[str]) -> str:
    return "".join(map(normal, cells))


@lru_cache(maxsize=100_000)
def normal(cell: str) -> str:
    """Return a cell so that notations of the same value are equal."""
    if cell.lower() in {"true", "false"}:
        return str(int(cell.lower() == "true"))
    for kind in (int, float):
        try:
            return str(kind(cell))
        except ValueError:
            continue
    if time := TIME.fullmatch(cell):
        return f"{int(time[1]):02}:{time[2]}:{time[3] or '00'}"
    if date := DATE.fullmatch(cell):
        return f"{date[3]}-{int(date[2]):02}-{int(date[1]):02} 00:00:00"
    if money := MONEY.search(cell):  # wherever it stands, as in the benchmark
        return f"{money[1]}{float(money[2])}"
    return cell.lower()
