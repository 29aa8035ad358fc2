"""The web process starts light: what judges runs in the worker."""

import subprocess
import sys

HEAVY = {"sklearn", "cleanlab", "pyod", "statsmodels", "scipy", "torch"}
PROGRAM = """
import importlib, pkgutil, sys
import components.views as views
for module in pkgutil.walk_packages(views.__path__, "components.views."):
    importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_screen_does_not_load_the_libraries_that_judge():
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = set(ran.stdout.split())
    assert "streamlit" in loaded
    assert loaded & HEAVY == set()
