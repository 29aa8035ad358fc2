import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {"__pycache__", "build", "node_modules"}


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def project_files():
    """Every file that is, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [ROOT / name for name in listing.stdout.splitlines()]
    else:  # not a clone: an unpacked archive
        names = [p for p in ROOT.rglob("*") if not NOT_OURS & set(p.parts)]
    return sorted(p for p in set(names) if p.is_file())


@pytest.fixture(scope="session")
def sources(project_files):
    """Our Python files outside the tests, by path relative to the top, with their text."""
    found = {}
    for path in project_files:
        name = path.relative_to(ROOT)
        if path.suffix == ".py" and name.parts[0] != "tests":
            found[name.as_posix()] = path.read_text(encoding="utf-8")
    return found


@pytest.fixture(scope="session")
def trees(sources):
    return {name: ast.parse(text) for name, text in sources.items()}
