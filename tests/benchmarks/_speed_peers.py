"""One profile of a CSV by another tool, as its own documents show; run by the tool's own Python.

``PYTHON _speed_peers.py TOOL CSV OUT`` reads the file with pandas, writes the report to OUT (HTML,
its usual form), and prints the version. Imports nothing of Preflight.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path


def ydata(file: str, out: str) -> None:
    """Write the report of ydata-profiling, minimal."""
    import pandas as pd
    from ydata_profiling import ProfileReport

    ProfileReport(pd.read_csv(file), minimal=True, progress_bar=False).to_file(out, silent=True)


def evidently(file: str, out: str) -> None:
    """Write the data summary of evidently."""
    import pandas as pd
    from evidently import Dataset, Report
    from evidently.presets import DataSummaryPreset

    data = Dataset.from_pandas(pd.read_csv(file))
    Report([DataSummaryPreset()]).run(data, None).save_html(out)


def sweetviz(file: str, out: str) -> None:
    """Write the report of sweetviz, with associations."""
    import pandas as pd
    import sweetviz as sv

    report = sv.analyze(pd.read_csv(file), pairwise_analysis="on")
    report.show_html(out, open_browser=False)


def skrub(file: str, out: str) -> None:
    """Write the table report of skrub."""
    import pandas as pd
    from skrub import TableReport

    Path(out).write_text(TableReport(pd.read_csv(file), verbose=0).html(), encoding="utf-8")


TOOLS = {
    "ydata": (ydata, "ydata-profiling"),
    "evidently": (evidently, "evidently"),
    "sweetviz": (sweetviz, "sweetviz"),
    "skrub": (skrub, "skrub"),
}


def main() -> None:
    """Write the report, or with ``version`` print the version of the tool and of pandas."""
    function, package = TOOLS[sys.argv[1]]
    if sys.argv[2] == "version":
        print(f"{package} {metadata.version(package)} (pandas {metadata.version('pandas')})")
    else:
        function(*sys.argv[2:])


if __name__ == "__main__":
    main()
