"""Score ``preflight load`` on the pollutions of the benchmark Pollock (PVLDB 2023).

``python tests/benchmarks/pollock.py`` pollutes a table of our own in every way of the benchmark,
loads each of the 2,290 files with nothing told, and prints the simple score (mean over files), the
weighted score (by how often each pollution was found in real files), the mean of each kind, and
the files that got less than 10 with the reason. Published, with every parameter told: DuckDB 1.2
9.961 simple and 9.599 weighted, SpreadDesktop 9.929 and 9.597, pandas 9.895 and 9.431; on its own
DuckDB 9.075 and 8.439.

All goes through the services behind the command, in this process: a start of Python for each file
would take hours. What the columns mean is not worked out (``--typed`` does): it takes most of the
time and does not touch the texts that are compared. ``--check N`` runs N of the files through the
command itself, too, and compares the bytes. ``--more`` pollutes in ways that are not weighed.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from _pollock_files import Polluted, benchmark
from _pollock_more import more
from _pollock_score import FULL, Score, score
from _pollock_table import numbers_table, own_table, read_table

from components.core.data.dataset import Column, Kind, Storage
from components.core.errors import UnusableInput
from components.core.settings import bound_threads
from components.intake.columns.describe import Describer
from components.services.headless import load as loading

CHUNK = 20
SHOWN = 3
"""Files shown of each kind."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    kind: str
    weight: float
    score: Score
    why: str


@contextmanager
def working() -> Iterator[Path]:
    """Make a folder for many files."""
    with tempfile.TemporaryDirectory(prefix="pollock-") as folder:
        yield Path(folder)


def load(folder: Path, name: str, data: bytes) -> tuple[bytes | None, str]:
    """Return the CSV that ``preflight load`` writes, and what it told; None where it refused."""
    source, out = folder / name, folder / "out.csv"
    source.write_bytes(data)
    try:
        with loading.read(source, near=folder, with_fingerprint=False) as info:
            loading.write(info, out)
            told = [f"{p.code}: {p.message}" for p in info.report.problems]
    except UnusableInput as error:
        return None, f"refused: {error}"
    finally:
        source.unlink()
    return out.read_bytes(), " | ".join(told) or "nothing told"


def run(files: Sequence[Polluted], *, typed: bool = False) -> list[Outcome]:
    """Load and score some files."""
    bound_threads()
    with working() as folder, nullcontext() if typed else untyped():
        return [_outcome(folder, file) for file in files]


@contextmanager
def untyped() -> Iterator[None]:
    """Take every column for text."""

    def conclude(
        _describer: Describer, names: Sequence[str], headers: Sequence[str]
    ) -> tuple[tuple[Column, ...], list[object]]:
        pairs = enumerate(zip(names, [*headers, *[""] * len(names)], strict=False))
        made = (
            Column(name=name, field=f"c{i}", header=header, storage=Storage.TEXT, kind=Kind.TEXT)
            for i, (name, header) in pairs
        )
        return tuple(made), []

    with mock.patch.multiple(Describer, look=lambda _, names: names, conclude=conclude):
        yield


def differing(files: Sequence[Polluted]) -> list[str]:
    """Return the files of which the command writes other bytes than :func:`load` gives."""
    found = []
    with working() as folder, untyped():
        for file in files:
            path, out = folder / f"again_{file.name}", folder / "command.csv"
            path.write_bytes(file.data)
            out.unlink(missing_ok=True)
            command = [sys.executable, "-m", "components.cli", "load", path, "--out", out]
            subprocess.run(command, capture_output=True, check=False)
            written = out.read_bytes() if out.exists() else None
            if written != load(folder, file.name, file.data)[0]:
                found.append(file.name)
    return found


def _outcome(folder: Path, file: Polluted) -> Outcome:
    loaded, told = load(folder, file.name, file.data)
    return Outcome(file.name, file.kind, file.weight, score(file.clean, loaded), told)


def simple(outcomes: Iterable[Outcome]) -> float:
    """Return the mean score."""
    return statistics.fmean(o.score.total for o in outcomes)


def weighted(outcomes: Sequence[Outcome]) -> float:
    """Return the mean score by weight."""
    return sum(o.weight * o.score.total for o in outcomes) / sum(o.weight for o in outcomes)


def show(outcomes: Sequence[Outcome], shown: int) -> None:
    """Print the scores, the kinds, and what fell short."""
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.kind].append(outcome)
    weight = sum(o.weight for o in outcomes)
    scores = f"simple {simple(outcomes):.4f}, weighted {weighted(outcomes):.4f}"
    print(f"{len(outcomes):,} files: {scores}")
    print("kind, files, mean, what it costs: simple, weighted")
    for kind, members in kinds.items():
        cost = sum(FULL - o.score.total for o in members) / len(outcomes)
        heavy = sum(o.weight * (FULL - o.score.total) for o in members) / weight
        print(f"  {kind:<32} {len(members):>5} {simple(members):8.4f} {cost:8.4f} {heavy:8.4f}")
    for kind, members in kinds.items():
        short = sorted(
            (o for o in members if o.score.total < FULL - 1e-9), key=lambda o: o.score.total
        )
        if short:
            print(f"{kind}: {len(short):,} of {len(members):,} below 10")
        for o in short[:shown]:
            parts = (o.score.header, o.score.record, o.score.cell)
            points = " ".join(f"{part.points:.3f}" for part in parts)
            print(f"  {o.score.total:7.4f} (of 3: {points}) {o.name}: {o.why[:300]}")


def main() -> None:
    """Run the benchmark and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--base", type=Path, help="pollute this plain CSV file instead")
    parser.add_argument("--numbers", action="store_true", help="pollute the table of numbers")
    parser.add_argument("--every", type=int, default=1, help="only every n-th file")
    parser.add_argument("--kind", help="only kinds that hold this")
    parser.add_argument("--more", action="store_true", help="the kinds that are not weighed")
    parser.add_argument("--keep", type=Path, help="write the polluted files to this folder")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--typed", action="store_true", help="work out what the columns mean")
    parser.add_argument("--check", type=int, default=0, help="files for the command itself")
    parser.add_argument("--shown", type=int, default=SHOWN, help="files shown of each kind")
    chosen = parser.parse_args()
    table = numbers_table() if chosen.numbers else own_table()
    table = read_table(chosen.base) if chosen.base else table
    files = list(more(table) if chosen.more else benchmark(table))
    files = [f for f in files if not chosen.kind or chosen.kind in f.kind][:: chosen.every]
    if chosen.keep:
        chosen.keep.mkdir(exist_ok=True)
        for file in files:
            (chosen.keep / file.name).write_bytes(file.data)
    start = time.perf_counter()
    chunks = [files[i : i + CHUNK] for i in range(0, len(files), CHUNK)]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        parts = pool.map(partial(run, typed=chosen.typed), chunks)
        outcomes = [outcome for part in parts for outcome in part]
    show(outcomes, chosen.shown)
    print(f"{time.perf_counter() - start:.0f} s")
    if chosen.check:
        checked = files[:: max(1, len(files) // chosen.check)][: chosen.check]
        found = ", ".join(differing(checked)) or "none"
        print(f"Of {len(checked)} files, the command writes other bytes for: {found}")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
