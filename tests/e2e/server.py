"""The app in a process of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
STREAMLIT = ("streamlit", "run", "app.py", "--server.headless", "true")
SERVE = ("components.cli", "serve")


class Server:
    """The app in a process of its own, over one workspace folder.

    ``command`` is what starts it, without the port; by default Streamlit's own command.
    """

    def __init__(self, home, *, command=None, **settings):
        self.home = home
        self.settings = settings
        self.command = command or STREAMLIT
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home.parent / f"{home.name}.log"
        self.process = None

    def start(self):
        port = "--port" if "serve" in self.command else "--server.port"
        command = [sys.executable, "-m", *self.command, port, str(self.port)]
        env = {**os.environ, "PREFLIGHT_HOME": str(self.home), "OMP_NUM_THREADS": "1"}
        env |= self.settings
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_healthy():
                return self
            time.sleep(0.2)
        raise RuntimeError(f"the server did not start:\n{self.said()}")

    def is_healthy(self):
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/_stcore/health")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def statuses(self):
        """What the runs of the workspace say of themselves, in the order of their names."""
        found = sorted((self.home / "runs").glob("*/status.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in found]

    def kill(self):
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
