"""Make the hostile files; upload each into a workspace and say what came of it.

``python load_all.py make FOLDER`` writes the files. ``python load_all.py load FOLDER`` prints one
JSON object: the outcomes by file name, the peak
memory of this process and of its readers in bytes, and what is left in the folders.
"""

import json
import resource
import sys
import time
from pathlib import Path

import make_binary
import make_text

from components.core.errors import ChoiceNeeded, UnusableInput
from components.core.settings import Settings
from components.services.data import datasets, remove
from components.services.workspace import open_workspace


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def outcome(ws, path: Path, spills: Path) -> dict[str, object]:
    before, start = tree(ws.files.datasets), time.perf_counter()
    try:
        with path.open("rb") as stream:
            info = datasets.add(ws, stream, path.name)
    except UnusableInput as error:
        left = [name for name in tree(ws.files.datasets) if name not in before]
        kind = "choice" if isinstance(error, ChoiceNeeded) else "refused"
        found = {"kind": kind, "said": str(error), "todo": error.todo, "left": left}
    except Exception as error:  # noqa: BLE001 - that is what is tested
        found = {
            "kind": "crashed",
            "said": f"{type(error).__name__}: {error}",
            "todo": "",
            "left": [],
        }
    else:
        codes = [p.code for p in info.report.problems]
        rows = datasets.preview(ws, info.version.id, 3).to_dict("split")["data"]
        found = {
            "kind": "read",
            "said": f"{info.report.n_rows} x {info.report.n_columns}",
            "columns": [c.name for c in info.version.columns],
            "rows": [[str(cell)[:80] for cell in row] for row in rows],
            "todo": "",
            "codes": codes,
            "left": [],
        }
        remove.remove(ws, info.version.id, actor="test")
        remove.end_grace(ws, at_once=True)
    found["left"] += tree(spills)
    found["seconds"] = time.perf_counter() - start
    return found


def own_peak() -> int:
    """The peak since this program began; ``ru_maxrss`` holds that of the parent, before it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


def make(files: Path) -> None:
    files.mkdir()
    make_text.make(files)
    make_binary.make(files)


def load(top: Path) -> dict[str, object]:
    files, home, spills = top / "files", top / "home", top / "tmp"
    ws = open_workspace(
        Settings(home=home, max_columns=500, max_upload=200_000_000, max_unpacked=10**9)
    )
    outcomes = {path.name: outcome(ws, path, spills) for path in sorted(files.iterdir())}
    left = tree(ws.files.datasets)
    ws.close()
    return {
        "outcomes": outcomes,
        "own": own_peak(),
        "readers": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
        "left": left,
        "outside": [name for name in tree(top) if "evil" in name],
    }


if __name__ == "__main__":
    command, top = sys.argv[1], Path(sys.argv[2])
    if command == "make":
        make(top / "files")
    else:
        sys.stdout.write(json.dumps(load(top)))
