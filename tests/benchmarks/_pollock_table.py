"""The table that gets polluted: one of our own, of the character of the benchmark's.

83 rows of 9 columns: dates, times, small whole numbers, codes, prices with a currency sign, names
(commas, inch signs, apostrophes), long notes and addresses that always stand in quotes, and a last
column that is always empty. Made from lists of words with a seed; no line of it is anybody's data.
"""

from __future__ import annotations

import csv
import random
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

SEED = 20_230_829
N_ROWS = 83

ADJECTIVES = [
    "Folding",
    "Long-Handled",
    "Cordless",
    "Two-Person",
    "Heavy-Duty",
    "Left-Handed",
    "Antique",
    "Compact",
]
OWNERS = ("Men's", "Women's", "Kids'", "Gardener's", "Joiner's", "")
NOUNS = [
    "Pruning Saw",
    "Hedge Trimmer",
    "Wheelbarrow",
    "Post Hole Digger",
    "Workbench",
    "Spirit Level",
    "Tile Cutter",
    "Extension Ladder",
    "Bicycle Stand",
    "Apple Press",
    "Leaf Blower",
    "Soldering Kit",
    "Carpet Cleaner",
    "Paper Lantern Set",
    "Camping Stove",
    "Rain Barrel",
    "Chisel Set",
]
VARIANTS = ("Green", "Wooden Handle", 'Blade 14"', "Set of Two", '10" Wheels', "with Case, Used")
OPENINGS = (
    "Light enough to carry up a narrow stair",
    "A favourite of the Saturday repair class",
    "Left to the library by a neighbour who built boats",
    "Comes with a case, gloves and a printed guide",
    "Runs for an hour on one charge",
    "This one has seen three winters outdoors",
    "Best for beds, borders and small lawns",
)
MIDDLES = (
    "and it folds to the size of an umbrella",
    "but please don't lend it on",
    "which makes it safe, quiet and easy to clean",
    "so it can go home on the bus",
    "and the blade was ground last spring",
    "though the strap isn't the first one",
)
ENDINGS = (
    "Dry it before you bring it back.",
    "Ask at the desk, if the lock sticks.",
    "Children's sizes hang beside the door.",
    "Two screws, one washer and a spare belt are in the bag.",
    "It's heavier than it looks.",
    "Book early: it is out most weekends.",
)
NAMES = ["DAY", "HOUR", "Loans", "TOOLCODE", "Deposit", "ToolName", "ToolNotes", "Page", "Remarks"]
ALWAYS_QUOTED = (6, 7)


class Cell(NamedTuple):
    """The text of a cell, and whether it stands in quotes in the file."""

    text: str
    quoted: bool = False


Table = list[list[Cell]]
"""Rows of cells; the first row holds the names."""


def own_table(seed: int = SEED) -> Table:
    """Return the table, the same one for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    day, hour = date(2021, 1, 28), datetime(2021, 1, 1)  # noqa: DTZ001 - only the clock counts
    rows = [NAMES]
    for index in range(N_ROWS):
        letters = rng.choice("ABDGKRTY") + rng.choice("CHNPWZ")
        code = f"{letters}-{1000 + rng.randrange(90) + 97 * index}"
        price = f"{rng.uniform(0.5, 95):.2f}"
        rows.append(
            [
                f"{day:%d/%m/%Y}",
                f"{hour:%H:%M}",
                str(rng.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 9, rng.randrange(34)))),
                code,
                "$" + (price if rng.random() < 0.9 else price.rstrip("0").rstrip(".")),
                _name(rng),
                _notes(rng, index),
                f"https://www.example.org/tools/{code.replace('-', '_')}.html",
                "",
            ]
        )
        day += timedelta(days=rng.choice((1, 1, 1, 2)))
        hour += timedelta(minutes=15)
    return [[Cell(text, _needs_quotes(text, i)) for i, text in enumerate(row)] for row in rows]


def numbers_table(seed: int = SEED) -> Table:
    """Return a short table of another character: nearly all numbers, no quotes, no empty column.

    40 rows of 7 columns: a station, year, month, temperatures below and above 0, rain, wind, and a
    code of one letter.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    rows = [["station", "year", "month", "tmin", "tmax", "rain", "flag"]]
    for index in range(40):
        low = rng.uniform(-15, 20)
        rows.append(
            [
                f"ST{1 + index // 12:03d}",
                str(2019 + index // 12),
                str(index % 12 + 1),
                f"{low:.1f}",
                f"{low + rng.uniform(1, 15):.1f}",
                "" if rng.random() < 0.1 else str(rng.randrange(400)),
                rng.choice("ABC"),
            ]
        )
    return [[Cell(text) for text in row] for row in rows]


def read_table(path: Path) -> Table:
    """Return the table in a plain CSV file (RFC 4180), with its quotes remembered."""
    text = path.read_bytes().decode("utf-8-sig")
    pattern = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')
    rows: Table = [[]]
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            raise ValueError(f"not plain CSV at character {at}")
        at = match.end()
        quoted = match[1] is not None
        rows[-1].append(Cell(match[1].replace('""', '"') if quoted else match[2], quoted))
        if match[3] != "," and at < len(text):
            rows.append([])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        if [[c.text for c in row] for row in rows] != list(csv.reader(stream)):
            raise ValueError("not plain CSV")
    return rows


def _name(rng: random.Random) -> str:
    words = (rng.choice(OWNERS), rng.choice(ADJECTIVES), rng.choice(NOUNS))
    name = " ".join(word for word in words if word)
    return f"{name}, {rng.choice(VARIANTS)}" if rng.random() < 0.38 else name


def _notes(rng: random.Random, index: int) -> str:
    comma = ", " if rng.random() < 0.7 else " "
    notes = f"{rng.choice(OPENINGS)}{comma}{rng.choice(MIDDLES)}. {rng.choice(ENDINGS)}"
    return f"The pole is 6\\'2\" long. {notes}" if index == 11 else notes


def _needs_quotes(text: str, column: int) -> bool:
    return column in ALWAYS_QUOTED or any(sign in text for sign in ',"\r\n')
