"""Score what Preflight finds on the demonstration sample against what was planted.

Run ``python tests/benchmarks/demo_truth.py``; it prints the table that the README quotes. A
benchmark, not a test: nothing is asserted.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
MAIN = "import sys; from components.cli import main; sys.exit(main())"
Rows = set[int]


def check(out: Path) -> float:
    """Run the command line on the demonstration; return the seconds it took."""
    command = ["check", str(SAMPLES / "census_demo.csv"), "--label", "income"]
    command += ["--sensitive", "race", "--sensitive", "sex", "--out", str(out)]
    env = {**os.environ, "PREFLIGHT_HOME": str(out / "home")}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MAIN, *command], cwd=ROOT, env=env, check=False)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(done.returncode)
    return time.perf_counter() - started


def planted_rows() -> dict[str, Rows]:
    """Return the rows that hold each planted kind."""
    rows: dict[str, Rows] = {}
    with (SAMPLES / "census_demo.truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows.setdefault(line["kind"], set()).add(int(line["row_id"]))
    return rows


def scored_rows(out: Path, check_id: str) -> tuple[Rows, list[int]]:
    """Return the flagged rows of a check, and all its rows worst first."""
    with (out / "rows" / f"{check_id}.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["quality"]]
    flagged = {int(line["row_id"]) for line in lines if line["flagged"].lower() in {"true", "1"}}
    ranked = sorted(lines, key=lambda line: (float(line["quality"]), int(line["row_id"])))
    return flagged, [int(line["row_id"]) for line in ranked]


def row_line(name: str, planted: Rows, flagged: Rows, ranked: list[int]) -> str:
    """Return one line of the table for a check that flags rows."""
    hits = len(planted & flagged)
    top = len(planted & set(ranked[: len(planted)]))
    precision = f"{hits / len(flagged):.2f}" if flagged else "–"
    return (
        f"| {name} | {len(planted)} rows | {len(flagged)} | {hits} "
        f"| {hits / len(planted):.2f} | {precision} | {top} of {len(planted)} |"
    )


def affected(results: dict, check_id: str, name: str) -> list[dict]:
    """Return the findings of a check that touch a column or a group called ``name``."""
    findings = next(c["findings"] for c in results["checks"] if c["check_id"] == check_id)
    return [
        f for f in findings if name in f["affected"]["columns"] or name in f["affected"]["groups"]
    ]


def finding_line(name: str, what: str, results: dict, check_id: str, about: str) -> str:
    """Return one line of the table for a problem that a finding names."""
    found = affected(results, check_id, about)
    title = found[0]["title"].replace("|", "/") if found else "not found"
    return f"| {name} | {what} | {title} | {'yes' if found else 'no'} | | | |"


def missing_line(out: Path, name: str, column: str, planted: int) -> str:
    """Return one line of the table for gaps: the planted ones against those counted."""
    with (out / "columns.csv").open(encoding="utf-8", newline="") as file:
        counted = next(int(r["n_missing"]) for r in csv.DictReader(file) if r["name"] == column)
    hits = min(planted, counted)
    return (
        f"| {name} | {planted} cells | {counted} | {hits} | {hits / planted:.2f} "
        f"| {hits / counted if counted else 0:.2f} | |"
    )


def report(out: Path, seconds: float) -> str:
    """Return the table in Markdown."""
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    planted = planted_rows()
    anomalies = planted["anomaly_shifted"] | planted["anomaly_slipped"]
    flagged, ranked = scored_rows(out, "anomalies.multivariate")
    lines = [
        "| planted | how many | flagged | of them planted | recall | precision | in the worst |",
        "|---|---|---|---|---|---|---|",
        row_line("wrong labels", planted["label_error"], *scored_rows(out, "labels.label_errors")),
        row_line("anomalous rows", anomalies, flagged, ranked),
        row_line("copies", planted["duplicate_row"], *scored_rows(out, "duplicates.exact_rows")),
        missing_line(out, "empty cells", "hours_per_week", len(planted["missing_empty"])),
        missing_line(out, "“N/A”", "relationship", len(planted["missing_word"])),
    ]
    sentinel = f"{len(planted['missing_sentinel'])} cells"
    for name, what, check_id, about in (
        ("-1 for missing", sentinel, "completeness.sentinel_values", "age"),
        ("leak", "1 column", "leakage.target_proxy", "tax_withheld"),
        ("biased group", "1 group", "bias.outcome_gap", "Asian-Pac-Islander"),
    ):
        lines.append(finding_line(name, what, results, check_id, about))
    verdict = results["verdict"]
    return "\n".join([*lines, "", f"Verdict: {verdict}. Whole run: {seconds:.0f} s."])


def main() -> None:
    """Check the demonstration and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds = check(out)
        print(report(out, seconds))


if __name__ == "__main__":
    main()
