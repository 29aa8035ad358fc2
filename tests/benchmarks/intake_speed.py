"""What reading a CSV costs: ``preflight load FILE --out TABLE.parquet``, from start to exit.

``python tests/benchmarks/intake_speed.py`` measures it against DuckDB's count of every column of
the same file (the cost of parsing alone) for 1,000,000 rows of 20 mixed columns;
``--rows 1000000 10000000`` chooses other sizes. It also tells what finding out the encoding, the
dialect and the header costs, alone, in a process that has its libraries loaded.

Every figure is of whole processes; commands run in turns, and each ratio is of two runs of the same
round. Median (lowest to highest).
"""

from __future__ import annotations

import argparse
import subprocess
from functools import partial
from pathlib import Path

from _speed_measure import (
    ROOT,
    child,
    compile_ours,
    folder_of,
    in_turns,
    machine,
    middle,
    ours,
    ratio,
    run,
    say,
    told,
    written,
)


def measure(rows: int, folder: Path, rounds: int) -> None:
    """Measure one size and tell."""
    file = written(folder, rows)
    say(f"{rows:,} rows x 20 columns, {file.stat().st_size / 1e6:,.0f} MB")
    load = partial(run, ours("load", file, "--out", folder / "table.parquet"))
    loads, counts = in_turns([load, partial(run, child("count", file))], rounds)
    say(told("preflight load", loads))
    say(told("count of every column", counts))
    say(f"  ratio of CPU {ratio(loads, counts)} (goal: at most 2.5; peak at most 1,500 MB)")
    spent = [sniffed(file) for _ in range(rounds)]
    cpu, clock = zip(*spent, strict=True)
    say(f"  sniffing alone: CPU {middle(cpu)} s, clock {middle(clock)} s (goal: at most 0.5)")


def sniffed(file: Path) -> tuple[float, float]:
    """Return the seconds of CPU and of the clock for finding out how a file is written."""
    done = subprocess.run(
        child("sniff", file), cwd=ROOT, capture_output=True, text=True, check=True
    )
    cpu, clock, _ = done.stdout.split(maxsplit=2)
    return float(cpu), float(clock)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="keep the files here")
    asked = parser.parse_args()
    compile_ours()
    say(machine())
    with folder_of(asked.data) as folder:
        for rows in sorted(asked.rows):
            measure(rows, folder, asked.rounds)


if __name__ == "__main__":
    main()
