"""A worker whose checks misbehave on purpose; the real one with other checks."""

import dataclasses
import signal
import subprocess
import sys
import time
from pathlib import Path

from components import worker
from components.checks import registry
from components.core.judgement.checks import Check, Cost, Needs
from components.core.judgement.evidence import Measure, Unit


@dataclasses.dataclass(frozen=True)
class Nothing:
    pass


def quick(_table, _params, run):
    run.progress(0.5, "half")
    made = run.shared("made", lambda: 41)
    yield Measure(name="made", value=made + 1, unit=Unit.VALUE)


def broken(_table, _params, _run):
    yield Measure(name="one", value=1, unit=Unit.VALUE)
    raise ValueError("no such luck")


def polite(_table, _params, run):
    for n in range(10_000):
        run.progress(n / 10_000)
        time.sleep(0.01)
    yield Measure(name="late", value=1, unit=Unit.VALUE)


def deaf(_table, _params, _run):
    """Never asks whether it should stop, ignores SIGTERM, and has started a process of its own."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (Path(sys.argv[-1]) / "child").write_text(str(child.pid))
    time.sleep(600)
    yield Measure(name="late", value=1, unit=Unit.VALUE)


def loaded(_table, _params, _run):
    modules = {name.partition(".")[0] for name in sys.modules}
    yield Measure(name="streamlit", value=float("streamlit" in modules), unit=Unit.VALUE)


CHECKS = {
    f"odd.{function.__name__}": Check(
        id=f"odd.{function.__name__}",
        title=f"Title of {function.__name__}",
        needs=Needs(),
        cost=Cost.SCAN,
        params=Nothing,
        sources=(),
        version=1,
        libraries=(),
        function=function,
    )
    for function in (quick, broken, polite, deaf, loaded)
}

if __name__ == "__main__":
    registry.get = CHECKS.__getitem__
    registry.all_checks = lambda: tuple(CHECKS.values())
    sys.exit(worker.main(sys.argv[1:], (sys.executable, __file__)))
