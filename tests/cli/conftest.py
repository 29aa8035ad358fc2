from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PEOPLE = "id,age,sex,label\n" + "".join(
    f"{n},{20 + n % 50},{'fm'[n % 2]},{'yes' if n % 50 > 24 else 'no'}\n" for n in range(300)
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def preflight(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command line as a process of its own."""

    def run(*arguments: object, cwd: Path = ROOT, **environment: str):
        return subprocess.run(
            [sys.executable, "-m", "components.cli", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PREFLIGHT_HOME": str(home), "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
