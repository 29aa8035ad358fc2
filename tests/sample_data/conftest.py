import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAIN = "import sys; from components.cli import main; sys.exit(main())"


@pytest.fixture(scope="session")
def preflight(tmp_path_factory):
    """Run the command line in a workspace of its own."""
    home = tmp_path_factory.mktemp("home")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-c", MAIN, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PREFLIGHT_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def run_once(preflight, tmp_path_factory):
    """Check a file with given options, once for all tests; gives what came back and the folder."""

    @functools.cache
    def run(path, *options):
        out = tmp_path_factory.mktemp(path.stem)
        return preflight("check", path, *options, "--out", out), out

    return run
