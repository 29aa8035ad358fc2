"""Which of our files a plain CSV enters on its way to the typed table.

    PYTHONPATH=. python tests/benchmarks/files_entered.py

prints the files under ``components/`` in which a function is called while ``intake.load`` reads a
plain CSV of 200 rows, by room. Everything is imported and called once before, so that what runs
when a module is imported does not count.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import components
from components.core.settings import Settings
from components.intake import load

HOUSE = Path(components.__file__).parent
N_ROWS = 200


def plain_csv(path: Path) -> Path:
    """Write a CSV of 200 rows with an identifier, numbers, a category, a date and a text."""
    draw = random.Random(0)  # noqa: S311 - no secret
    cities = ("Paris", "Rome", "Oslo", "Kyoto")
    lines = ["id,amount,city,day,remark"]
    for number in range(N_ROWS):
        amount = draw.randrange(100_000) / 100
        day = f"2024-{draw.randrange(12) + 1:02}-{draw.randrange(28) + 1:02}"
        words = " ".join(draw.choice(("late", "paid", "open", "new")) for _ in range(6))
        lines.append(f"{number},{amount},{draw.choice(cities)},{day},{words}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def files_entered(work: Callable[[], object]) -> dict[str, list[str]]:
    """Return the files under ``components/`` in which a function is called by ``work``, by room."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    found = defaultdict(list)
    for path in sorted(map(Path, seen)):
        if path.is_relative_to(HOUSE):
            inner = path.relative_to(HOUSE)
            found[inner.parts[0]].append(str(inner))
    return dict(found)


def entered_by_plain_csv(folder: Path) -> dict[str, list[str]]:
    """Return the files that reading a plain CSV of 200 rows enters, by room."""
    source = plain_csv(folder / "plain.csv")

    def read(name: str) -> None:
        target = folder / name
        target.mkdir()
        load(source, target, name="plain.csv", settings=Settings(home=folder))

    read("first")  # what is imported within functions is imported now
    return files_entered(lambda: read("second"))


def main() -> None:
    """Print the files by room."""
    with tempfile.TemporaryDirectory() as folder:
        found = entered_by_plain_csv(Path(folder))
    for room, files in found.items():
        print(f"{room}: {len(files)}")
        for file in files:
            print(f"  {file}")
    print(f"files: {sum(map(len, found.values()))}")


if __name__ == "__main__":
    main()
