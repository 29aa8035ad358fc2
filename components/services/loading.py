"""What intake made of a file, as a plain table and as words, for the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.core.codec import to_json
from components.core.dataset import ROW_ID
from components.core.errors import UnusableInput
from components.core.source import Dialect
from components.services import datasets
from components.services.corrected import BLOCK, write_texts
from components.services.uploads import DatasetInfo
from components.services.workspace import Workspace

FORMATS = (".csv", ".parquet")
TEXTS = ("csv", "tsv")
"""Formats of a report that have a dialect."""


def write(ws: Workspace, dataset_id: str, out: Path) -> None:
    """Write the table under its display names, without the rows kept aside.

    CSV gets the cell texts as uploaded (UTF-8, comma); Parquet gets typed values, in which a
    disguised missing value is null.

    Raises
    ------
    UnusableInput
        When ``out`` has another ending, or cannot be written.
    """
    refuse_ending(out)
    info = datasets.get(ws, dataset_id)
    try:
        if out.suffix.lower() == ".csv":
            with out.open("wb") as file:
                names = [c.name for c in info.version.columns]
                write_texts(info, Dialect(), names, file)
        else:
            _write_parquet(info, out)
    except OSError as error:
        raise UnusableInput(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another file."
        ) from error


def refuse_ending(out: Path) -> None:
    """Refuse a file that is neither CSV nor Parquet.

    Raises
    ------
    UnusableInput
        When the name has another ending.
    """
    if out.suffix.lower() not in FORMATS:
        raise UnusableInput(
            f"The ending of {out.name} is not known.", f"Use one of: {', '.join(FORMATS)}."
        )


def describe(info: DatasetInfo) -> dict[str, Any]:
    """Return what intake understood, as plain JSON values."""
    version = info.version
    return {
        "name": version.name,
        "sha256": version.sha256,
        "n_rows": version.n_rows,
        "source": to_json(info.report),
        "columns": [
            {
                "name": c.name,
                "header": c.header,
                "kind": c.kind.value,
                "role": c.role.value,
                "storage": c.storage.value,
                "why": {"kind": c.kind_why, "role": c.role_why},
                "disguised": list(c.disguised),
            }
            for c in version.columns
        ],
    }


def sentences(info: DatasetInfo) -> list[str]:
    """Return what intake understood, line by line; may hold text of the file."""
    report, version = info.report, info.version
    lines = [
        f"{version.name}: {report.n_rows:,} rows, {report.n_columns:,} columns, {report.format}"
    ]
    if report.format in TEXTS:
        lines += _dialect(report.dialect)
    if report.member:
        lines.append(f"File in the archive: {report.member}")
    if report.sheet:
        lines.append(f"Sheet: {report.sheet}")
    lines += [f"{p.level.value.capitalize()}: {p.message}" for p in report.problems]
    if report.n_aside:
        lines.append(f"Kept aside: {report.n_aside:,} rows")
        lines += [f"  line {row.line:,}: {row.reason}" for row in report.aside]
    lines += [f"  {c.name}: {c.kind.value}, {c.role.value}. {c.kind_why}" for c in version.columns]
    return lines


def _dialect(dialect: Dialect) -> list[str]:
    lines = [
        f"Encoding {dialect.encoding}, line end {dialect.newline!r}",
        f"Delimiter {dialect.delimiter!r}, quote {dialect.quotechar!r}",
        f"{dialect.preamble_lines:,} lines above the header, {dialect.header_rows:,} header rows",
    ]
    return [*lines, f"Escape {dialect.escapechar!r}"] if dialect.escapechar else lines


def _write_parquet(info: DatasetInfo, out: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    fields = [c.field for c in info.version.columns]
    with parquet.ParquetFile(datasets.table_path(info)) as source:
        types = source.schema_arrow
        schema = pa.schema([(c.name, types.field(c.field).type) for c in info.version.columns])
        with parquet.ParquetWriter(out, schema, compression="zstd") as target:
            for batch in source.iter_batches(BLOCK, columns=[ROW_ID, *fields]):
                arrays = [batch.column(field) for field in fields]
                target.write_table(pa.Table.from_arrays(arrays, schema=schema))
