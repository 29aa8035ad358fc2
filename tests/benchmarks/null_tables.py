"""How often a table with nothing wrong raises a finding, and which verdict it gets.

``python tests/benchmarks/null_tables.py`` makes 150 tables of 18 shapes (``_null_shapes.py``), runs
``preflight check`` on each, and prints per check how many tables got a finding above information,
the verdicts, and every table with such a finding. ``--situation`` makes tables of
``_null_situations.py`` instead. ``--tables``, ``--seed`` and ``--jobs`` choose
more, others, and how many at once. A benchmark, not a test: nothing is asserted.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from _null_shapes import NullTable, null_tables
from _null_situations import SITUATIONS, null_situations

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

ABOVE = {"warning", "critical"}
LARGE = 300
"""Rows from which the goal is stricter."""


@dataclass(frozen=True)
class Outcome:
    """What a check of one table said."""

    table: str
    n: int
    learnable: bool
    mode: str
    verdict: str
    above: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]


def outcome_of(table: NullTable) -> Outcome:
    """Run the command line on one table."""
    from components.cli import main

    with tempfile.TemporaryDirectory(prefix="null-") as home:
        data, out = Path(home) / "table.csv", Path(home) / "out"
        table.frame.to_csv(data, index=False)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            main(["check", str(data), *table.arguments, "--out", str(out)])
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    checks = results["checks"]
    return Outcome(
        table=table.name,
        n=len(table.frame),
        learnable=table.is_learnable,
        mode=table.mode,
        verdict=str(results["verdict"]),
        above=tuple(
            (check["check_id"], finding["title"])
            for check in checks
            for finding in check["findings"]
            if finding["severity"] in ABOVE
        ),
        failed=tuple(check["check_id"] for check in checks if check["status"] == "failed"),
    )


def share(part: int, whole: int) -> str:
    """Return a count with its share and 95 % interval (Wilson)."""
    from statsmodels.stats.proportion import proportion_confint

    if not whole:
        return "none"
    low, high = proportion_confint(part, whole, method="wilson")
    return f"{part} of {whole} = {part / whole:.1%} ({low:.1%} to {high:.1%})"


def passes(outcomes: list[Outcome]) -> str:
    """Return how many of some tables passed."""
    return share(sum(o.verdict == "pass" for o in outcomes), len(outcomes))


def report(outcomes: list[Outcome]) -> str:
    """Return what was found, as text."""
    # that a random label cannot be learned is right, and told by a check of its own
    counted = [
        (o, [a for a in o.above if o.learnable or a[0] != "labels.learnability"]) for o in outcomes
    ]
    loud = [(o, above) for o, above in counted if above]
    large = [o for o, _ in counted if o.n >= LARGE]
    learnable = [o for o in outcomes if o.learnable]
    others = [o for o in outcomes if not o.learnable]
    n_large_loud = sum(o.n >= LARGE for o, _ in loud)
    checks = Counter(c for _, above in loud for c in {check_id for check_id, _ in above})
    lines = [
        f"a finding above information: {share(len(loud), len(outcomes))}",
        f"  of tables of {LARGE} rows or more: {share(n_large_loud, len(large))}",
        f"pass, where the label can be learned: {passes(learnable)}",
        f"pass, where it is random: {passes(others)}",
        f"verdicts, learnable: {dict(Counter(o.verdict for o in learnable))}",
        f"verdicts, random: {dict(Counter(o.verdict for o in others))}",
        f"by check: {dict(checks)}",
    ]
    lines += [f"  {o.table} [{o.verdict}] {c}: {t}" for o, above in loud for c, t in above]
    lines += [
        f"  {o.table} [{o.verdict}] learnable, no pass, nothing above information"
        for o in learnable
        if o.verdict != "pass" and not o.above
    ]
    return "\n".join([*lines, *(f"  {o.table} FAILED {o.failed}" for o in outcomes if o.failed)])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--situation", choices=SITUATIONS)
    asked = parser.parse_args()
    tables = (
        null_situations(asked.situation, asked.tables, asked.seed)
        if asked.situation
        else null_tables(asked.tables, asked.seed)
    )
    with multiprocessing.get_context("spawn").Pool(asked.jobs, maxtasksperchild=25) as pool:
        print(report(pool.map(outcome_of, tables, chunksize=1)))


if __name__ == "__main__":
    main()
