"""From uploaded bytes to a typed table with row ids; what was done to get there is reported."""

from components.intake.formats.file_types import DELIMITED, SUPPORTED
from components.intake.load import load
from components.intake.options import Loaded, ReadOptions
from components.intake.write.cell_texts import find_texts, text_batches, texts
from components.intake.write.mended_rows import HOW_IN_WORDS, mended_batches
from components.intake.write.typed_table import choose, count_disguised, retype, table_path

__all__ = [
    "DELIMITED",
    "HOW_IN_WORDS",
    "SUPPORTED",
    "Loaded",
    "ReadOptions",
    "choose",
    "count_disguised",
    "find_texts",
    "load",
    "mended_batches",
    "retype",
    "table_path",
    "text_batches",
    "texts",
]
