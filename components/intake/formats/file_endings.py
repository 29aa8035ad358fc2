"""The endings of the files that are read: the one list that every face of the product shows."""

from __future__ import annotations

DELIMITED = ("csv", "tsv", "tab", "psv", "txt")
JSON = ("json", "jsonl", "ndjson")
COLUMNAR = ("parquet", "feather", "arrow")
WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
PACKED = ("gz", "zip", "bz2", "xz", "zst")

SUPPORTED = (*DELIMITED, *JSON, *COLUMNAR, *WORKBOOKS, *PACKED)
"""Without the point, in the order in which they are shown."""

SENTENCE = (
    "Preflight reads CSV and other delimited text, JSON, Parquet, Arrow and Feather, Excel and"
    " OpenDocument sheets, and one of these inside .gz, .zip, .bz2, .xz or .zst."
)


def ending(name: str) -> str:
    """Return the ending of a file name in small letters, without the point."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""
