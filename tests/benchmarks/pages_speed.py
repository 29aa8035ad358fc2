"""What the explore pages cost once the profile is stored, and the memory that reading takes.

``python tests/benchmarks/pages_speed.py --rows 1000000 10000000 --wide 10000 500`` reads each table
the way the app does (a large file in a process of its own), runs the checks in a worker, and then
draws the pages Columns, Associations, Rows and Map, without a browser.

For each page it tells the first drawing and the median of five more (lowest to highest) by the
clock, and the bytes of the largest element that would go to the browser. The memory told is the
highest of this process, which stands for the server, and of the largest process that it started.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from _speed_measure import MB, ROOT, folder_of, machine, middle, say, written

sys.path.insert(0, str(ROOT))

PAGES = ("columns", "associations", "rows", "map")
DRAWINGS = 5
LIMIT = 8_000
"""MB of an upload: more than the default lets in."""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peaks() -> str:
    """Return the highest memory of this process and of the largest one that it has waited for."""
    here, others = (
        resource.getrusage(who).ru_maxrss * 1024 / MB
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{here:,.0f} MB here, {others:,.0f} MB in the largest process started"


def checked(file: Path) -> str:
    """Read a file, run the checks, tell what that took, and return the id of the dataset."""
    from components.services.data import datasets
    from components.services.runs import runs
    from components.services.workspace import open_workspace

    ws = open_workspace()
    started = time.perf_counter()
    info = datasets.add_file(ws, file, file.name)
    say(f"  reading {time.perf_counter() - started:.1f} s; so far {peaks()}")
    started = time.perf_counter()
    run_id = runs.start(ws, info.version.id)
    while not (status := runs.status(ws, run_id)).state.is_over:
        time.sleep(0.1)
    seconds = time.perf_counter() - started
    say(f"  checks {seconds:.1f} s ({status.state.value}); so far {peaks()}")
    return info.version.id


def elements(block: Any) -> Iterator[Any]:
    """Yield everything that is drawn inside a block."""
    for child in getattr(block, "children", {}).values():
        yield child
        yield from elements(child)


def draw(dataset_id: str) -> None:
    """Draw each page and tell."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["data"] = dataset_id
    app.run()
    for page in PAGES:
        app.switch_page(f"pages/explore/{page}.py")
        app.query_params["data"] = dataset_id
        first = timed(app.run)
        more = [1_000 * timed(app.run) for _ in range(DRAWINGS)]
        errors = [e.value for e in (*app.exception, *app.error)]
        protos = [getattr(e, "proto", None) for e in elements(app.main)]
        largest = max((p.ByteSize() for p in protos if hasattr(p, "ByteSize")), default=0)
        say(
            f"  {page:<13} first {first:.2f} s, then {middle(more, 0)} ms,"
            f" largest element {largest / 1000:,.0f} kB {errors or ''}"
        )
    say("  (goals: at most 150 ms, and 2,000 kB)")


def measure(name: str, file: Path) -> None:
    """Measure one table in a workspace, and from a process, of its own."""
    say(f"{name}, {file.stat().st_size / 1e6:,.0f} MB")
    with tempfile.TemporaryDirectory(prefix="pages-", dir=file.parent) as home:
        ours = {"PREFLIGHT_HOME": home, "PREFLIGHT_MAX_UPLOAD_MB": str(LIMIT)}
        command = [sys.executable, __file__, "--file", str(file)]
        subprocess.run(command, env={**os.environ, **ours}, stderr=subprocess.DEVNULL, check=True)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--wide", type=int, nargs=2, default=None, metavar=("ROWS", "COLUMNS"))
    parser.add_argument("--data", type=Path, help="keep the files here")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.file:
        draw(checked(asked.file))
        return
    say(machine())
    with folder_of(asked.data) as folder:
        for rows in sorted(asked.rows):
            measure(f"{rows:,} rows x 20 columns", written(folder, rows))
        if asked.wide:
            rows, columns = asked.wide
            measure(f"{rows:,} rows x {columns} columns", written(folder, rows, columns))


if __name__ == "__main__":
    main()
