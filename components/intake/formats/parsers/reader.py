"""The process in which a parser runs: reads a request, writes parts and an answer.

Started by :mod:`.sandbox` with the folder to write to.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from components.core.codec import from_json, to_json
from components.core.progress import Progress
from components.intake.formats.file_types import FileType
from components.intake.formats.parsers.sandbox import Answer, Request
from components.processes.folder import JobFolder
from components.processes.serve import serve


def main() -> None:
    """Parse the file that the request in the folder names."""
    folder = Path(sys.argv[1])

    def work(request: dict[str, Any], _tell: Progress) -> object:
        return to_json(_read(from_json(Request, request), folder))

    serve(JobFolder(folder), work)


def _read(request: Request, folder: Path) -> Answer:
    if request.form is FileType.ARROW:
        from components.intake.formats.parsers.arrow_reader import read_arrow

        return read_arrow(request, folder)
    if request.form.is_workbook:
        from components.intake.formats.parsers.sheet_reader import read_sheet

        return read_sheet(request, folder)
    from components.intake.formats.parsers.json_reader import read_json

    return read_json(request, folder)


if __name__ == "__main__":
    main()
