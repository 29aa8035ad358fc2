"""Rows of a table that were mended when its file was read, and how they stood in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from components import intake
from components.core.data.source import Dialect
from components.services.dataset_info import DatasetInfo
from components.services.delimited_writer import DelimitedWriter

if TYPE_CHECKING:
    import pyarrow as pa

HEADER = ("row_id", "line", "how", "text")


@dataclass(frozen=True, slots=True)
class MendedRecord:
    """One mended row.

    Attributes
    ----------
    line
        The line of the uploaded file on which it starts, 1-based.
    how
        What was done, in words.
    text
        The record as it is written in the file. Untrusted.
    """

    row_id: int
    line: int
    how: str
    text: str


def first(info: DatasetInfo, n: int) -> list[MendedRecord]:
    """Return the first ``n`` mended rows."""
    return list(islice(_records(info, n), n))


def write_csv(info: DatasetInfo, out: BinaryIO, *, for_spreadsheet: bool = True) -> None:
    """Write all mended rows as CSV.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.
    """
    import pyarrow as pa

    writer = DelimitedWriter(Dialect(), for_spreadsheet=for_spreadsheet)
    out.write(writer.lines([pa.array([name], type=pa.string()) for name in HEADER]))
    for batch in intake.mended_batches(info.folder):
        out.write(writer.lines(_texts(batch)))


def _records(info: DatasetInfo, size: int) -> Iterator[MendedRecord]:
    for batch in intake.mended_batches(info.folder, size=size):
        for row in batch.to_pylist():
            how = intake.HOW_IN_WORDS[row["how"]]
            yield MendedRecord(row["row_id"], row["line"], how, row["text"])


def _texts(batch: pa.RecordBatch) -> list[Any]:
    """Return the columns as texts, what was done in words."""
    import pyarrow as pa

    hows = [intake.HOW_IN_WORDS[how] for how in batch.column("how").to_pylist()]
    by_name = {"how": pa.array(hows, type=pa.string())}
    return [by_name.get(name, batch.column(name)).cast(pa.string()) for name in HEADER]
