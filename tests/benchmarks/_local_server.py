"""A PostgreSQL server of our own in a temporary folder, which can be killed and started again."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ACCOUNT = "postgres"
"""PostgreSQL does not run as root: then as this user, whom its package makes."""


class LocalServer:
    """A server with one user, who has a password, at an address of this machine."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="preflight-postgres-"))
        self.password = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"postgresql://preflight:{self.password}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> LocalServer:
        (self.folder / "password").write_text(self.password, encoding="ascii")
        if os.getuid() == 0:
            shutil.chown(self.folder, ACCOUNT)
            shutil.chown(self.folder / "password", ACCOUNT)
        asked = ["-D", "data", "-U", "preflight", "-A", "scram-sha-256", "--pwfile=password"]
        self._run("initdb", *asked, "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, patience: float = 60.0) -> None:
        """Start it, also over what a killed one left, as soon as that has gone."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        deadline = time.monotonic() + patience
        while not self._run(
            "pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start", check=False
        ):
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.2)

    def kill(self) -> None:
        """End it by SIGKILL, with the processes that serve connections."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
        for pid in (first, *map(int, children)):
            os.kill(pid, signal.SIGKILL)

    def _run(self, program: str, *arguments: str, check: bool = True) -> bool:
        command = [str(self.programs / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", ACCOUNT, "--", *command]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        return subprocess.run(command, cwd=self.folder, check=check, **quiet).returncode == 0
