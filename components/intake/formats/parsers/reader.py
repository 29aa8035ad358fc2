"""The process in which a parser runs: reads a request, writes parts and an answer.

Started by :mod:`.sandbox`; the folder to write to is the current one.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from components.core.codec import from_json, to_json
from components.core.errors import UnusableInput
from components.intake.formats.file_types import FileType
from components.intake.formats.parsers.sandbox import ANSWER, Answer, Request


def main() -> None:
    """Do what standard input asks for; without an answer the file counts as unreadable."""
    request = from_json(Request, json.load(sys.stdin))
    _limit(request)
    folder = Path.cwd()
    try:
        answer = _read(request, folder)
    except UnusableInput as error:
        answer = Answer(what=error.what, todo=error.todo)
    except MemoryError:
        return
    text = json.dumps(to_json(answer), ensure_ascii=True)
    (folder / ANSWER).write_text(text, encoding="utf-8")


def _limit(request: Request) -> None:
    """Bound memory, time and files of this process, before a byte of the file is read."""
    for kind, value in (
        (resource.RLIMIT_DATA, request.memory),
        (resource.RLIMIT_CPU, request.seconds),
        (resource.RLIMIT_FSIZE, request.max_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        most = resource.getrlimit(kind)[1]
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (bound, bound))


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
