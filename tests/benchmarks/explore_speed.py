"""What the profile of a table costs, from a CSV file to ``profile.json``, beside other tools.

``python tests/benchmarks/explore_speed.py`` measures ``preflight profile FILE --out DIR`` against
DuckDB's count of every column of the same file (the cost of parsing alone) for 100,000 and
1,000,000 rows of 20 mixed columns, and 10,000 rows of 500 columns against ``pandas.read_csv`` with
``describe(include="all")``. ``--rows 100000 1000000 10000000`` chooses other sizes; the growth from
one million to ten is told when both are among them. ``--peer NAME=PYTHON`` (ydata, evidently,
sweetviz, skrub; several) measures other profilers at 100,000 rows: PYTHON is the interpreter of an
environment that holds the tool. Peers also draw an HTML report, their usual product; ours writes
JSON and CSV that the pages draw from. Ours is measured twice: as it is, and without the
associations of columns, which DuckDB's count, pandas, evidently and the minimal ydata-profiling do
not compute.

Every figure is of whole processes, from start to exit; commands run in turns, and each ratio is of
two runs of the same round. Median (lowest to highest).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from _speed_measure import (
    CommandFailed,
    Cost,
    child,
    compile_ours,
    folder_of,
    in_turns,
    machine,
    ours,
    ratio,
    run,
    say,
    told,
    written,
)

MILLION = 1_000_000
PEER_ROWS = 100_000
PEERS = Path(__file__).with_name("_speed_peers.py")
TARGETS = {
    "count": "8 at 1,000,000 and 10,000,000 rows",
    "describe": "3",
    "skrub": "0.33",
    "ydata": "0.17",
    "evidently": "0.17",
    "sweetviz": "0.17",
}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""For peers, as for ourselves: waiting threads would be counted as work."""


def profile(file: Path, folder: Path, *more: str) -> Cost:
    """Return the cost of our profile of a file."""
    return run(ours("profile", file, "--out", folder / "profile", *more))


def against(name: str, file: Path, folder: Path, other: Callable[[], Cost], rounds: int) -> float:
    """Measure the profile and another command in turns, and tell; return the CPU of ours.

    Twice: the profile as it is, and without the associations of columns.
    """
    facts = partial(profile, file, folder, "--no-associations")
    whole, alone, others = in_turns([partial(profile, file, folder), facts, other], rounds)
    say(told("preflight profile", whole))
    say(told("the same, no associations", alone))
    say(told(name, others))
    goal = TARGETS[name.split(maxsplit=1)[0]]
    say(f"  ratio of CPU {ratio(whole, others)}, without associations {ratio(alone, others)}")
    say(f"  (goal: at most {goal})")
    return statistics.median(cost.cpu for cost in whole)


def long_tables(sizes: Sequence[int], folder: Path, rounds: int) -> None:
    """Measure tables of 20 columns against the count of every column."""
    costs: dict[int, float] = {}
    for rows in sorted(sizes):
        file = written(folder, rows)
        say(f"{rows:,} rows x 20 columns, {file.stat().st_size / 1e6:,.0f} MB")
        other = partial(run, child("count", file))
        costs[rows] = against("count of every column", file, folder, other, rounds)
    if {MILLION, 10 * MILLION} <= costs.keys():
        growth = costs[10 * MILLION] / costs[MILLION]
        say(f"Growth from 1 to 10 million rows: {growth:.1f} times (goal: at most 7)")


def wide_table(rows: int, columns: int, folder: Path, rounds: int) -> None:
    """Measure a wide table against pandas."""
    file = written(folder, rows, columns)
    say(f"{rows:,} rows x {columns:,} columns, {file.stat().st_size / 1e6:,.0f} MB")
    against("describe of pandas", file, folder, partial(run, child("describe", file)), rounds)


def peers(tools: dict[str, str], folder: Path, rounds: int) -> None:
    """Measure other profilers; one that fails is told and left out."""
    if not tools:
        say("No other profiler was given (--peer NAME=PYTHON): none was measured.")
        return
    file = written(folder, PEER_ROWS)
    for name, python in tools.items():
        version = subprocess.run(
            [python, str(PEERS), name, "version"], capture_output=True, text=True, check=True
        )
        say(f"{version.stdout.strip()} at {PEER_ROWS:,} rows x 20 columns")
        command = [python, str(PEERS), name, str(file), str(folder / f"{name}.html")]
        try:
            other = partial(run, command, environment=ONE_THREAD)
            against(f"{name} to HTML", file, folder, other, rounds)
        except CommandFailed as failure:
            say(f"  failed: {failure}")


def peer(text: str) -> tuple[str, str]:
    """Return the name and the interpreter of a peer."""
    name, _, python = text.partition("=")
    if name not in TARGETS or not os.access(python, os.X_OK):
        raise argparse.ArgumentTypeError(f"{text}: NAME=PYTHON of a tool that is known")
    return name, python


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[PEER_ROWS, MILLION])
    parser.add_argument("--wide", type=int, nargs="*", default=[10_000, 500])
    parser.add_argument("--peer", type=peer, action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="keep the files here")
    asked = parser.parse_args()
    compile_ours()
    say(machine())
    with folder_of(asked.data) as folder:
        long_tables(asked.rows, folder, asked.rounds)
        if asked.wide:
            wide_table(*asked.wide, folder, asked.rounds)
        peers(dict(asked.peer), folder, asked.rounds)


if __name__ == "__main__":
    main()
