"""Measure the walk on ``adult.csv`` (10,000 x 15): reading, first finding, whole run, page changes.

Run ``python tests/benchmarks/run_adult.py``. A benchmark, not a test: it prints a table and asserts
nothing. Times depend on the machine; the number of processors is printed with them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

HEAVY = ("sklearn", "cleanlab", "pyod", "statsmodels", "scipy")
WEB = """
import json, sys, time
started = time.perf_counter()
import importlib, pkgutil, components.services, components.views
for room in (components.services, components.views):
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        importlib.import_module(module.name)
seconds = time.perf_counter() - started
import psutil
print(json.dumps([seconds, psutil.Process().memory_info().rss / 1e6, sorted(sys.modules)]))
"""
Line = tuple[str, str]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def web_process() -> list[Line]:
    """Measure the imports of the web process."""
    done = subprocess.run(
        [sys.executable, "-c", WEB], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, megabytes, modules = json.loads(done.stdout.splitlines()[-1])
    heavy = sorted(set(HEAVY) & set(modules))
    return [
        ("import of the web process", f"{seconds:.1f} s, {megabytes:.0f} MB"),
        ("heavy libraries in it", ", ".join(heavy) or "none"),
    ]


def walk() -> list[Line]:
    """Read the file, run the checks in a worker process, and watch for findings."""
    from components.core.data.dataset import Role
    from components.services.data import datasets
    from components.services.runs import runs
    from components.services.workspace import open_workspace

    ws = open_workspace()
    started = time.perf_counter()
    with (ROOT / "sample_data" / "adult.csv").open("rb") as stream:
        info = datasets.add(ws, stream, "adult.csv")
    lines = [("upload read, typed and guessed", f"{time.perf_counter() - started:.1f} s")]
    roles = {"income": Role.LABEL, "sex": Role.SENSITIVE, "race": Role.SENSITIVE}
    changes = {c.name: (c.kind, roles[c.name]) for c in info.version.columns if c.name in roles}
    datasets.set_columns(ws, info.version.id, changes, actor="benchmark")
    started = time.perf_counter()
    run_id = runs.start(ws, info.version.id)
    first = 0.0
    while not (status := runs.status(ws, run_id)).state.is_over:
        if status.n_findings and not first:
            first = time.perf_counter() - started
        time.sleep(0.02)
    whole = time.perf_counter() - started
    lines += [("button to first finding", f"{first:.1f} s"), ("whole run", f"{whole:.1f} s")]
    slow = sorted(status.checks, key=lambda c: -c.elapsed_s)[:4]
    lines += [(f"of which {c.check_id}", f"{c.elapsed_s:.1f} s") for c in slow]
    return lines


def page_changes() -> list[Line]:
    """Draw every page over the finished run; no page may start another one."""
    from streamlit.testing.v1 import AppTest

    from components.services.data import datasets
    from components.services.runs import runs
    from components.services.workspace import open_workspace

    ws = open_workspace()
    (info,) = datasets.recent(ws)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    lines = []
    for page in sorted((ROOT / "pages").rglob("*.py")):
        app.switch_page(str(page.relative_to(ROOT)))
        app.query_params["data"] = info.version.id
        app.run()
        milliseconds = statistics.median(timed(app.run) for _ in range(3)) * 1_000
        drawn = len(app.markdown) + len(app.button) + len(app.metric)
        lines.append((f"page {page.stem}", f"{milliseconds:.0f} ms, {drawn} texts and buttons"))
    n_runs = len(list((ws.settings.home / "runs").iterdir()))
    active = len(runs.active(ws))
    return [*lines, ("runs after all pages were drawn", f"{n_runs} ({active} active)")]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["PREFLIGHT_HOME"] = home
        print(f"{os.cpu_count()} processors\n")
        print("| what | measured |\n|---|---|")
        for part in (web_process, walk, page_changes):
            for what, measured in part():
                print(f"| {what} | {measured} |", flush=True)


if __name__ == "__main__":
    main()
