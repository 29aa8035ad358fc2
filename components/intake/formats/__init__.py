"""Files that are not plain text: sniffed from their bytes, unpacked within bounds, made cell texts.

A file goes through :func:`open_upload`, which says what it is and takes it out of its archive;
what is no text then goes through :func:`read_cells`. Parsers that may abort the process or eat
memory run in a process of their own with limits (:mod:`.sandbox`).
"""

from components.intake.formats.cells import Cells, read_cells
from components.intake.formats.file_types import DELIMITED, SUPPORTED, FileType
from components.intake.formats.unpack import OpenedFile, open_upload

__all__ = ["DELIMITED", "SUPPORTED", "Cells", "FileType", "OpenedFile", "open_upload", "read_cells"]
