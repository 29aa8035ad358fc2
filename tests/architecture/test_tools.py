"""The tools that read code are content."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKED = ["components", "pages", "app.py", "tests", "sample_data"]


def run(root, *command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(root, command):
    status, said = run(root, "ruff", *command, "--no-cache", *CHECKED)
    assert status == 0, said


@pytest.mark.timeout(900)
def test_mypy_has_nothing_to_say(root):
    # what it remembers of the last time spares 25 s of CPU; where there was none, writing costs 5 s
    afresh = ["--no-incremental", "--cache-dir=/dev/null"] if os.environ.get("CI") else []
    status, said = run(root, "mypy", *afresh)
    assert status == 0, said


def test_the_script_for_fresh_machines_can_be_run_and_parsed(root):
    script = root / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_the_tools_are_those_of_this_environment():
    assert Path(sys.executable).exists()
    assert sys.version_info[:2] >= (3, 11)
