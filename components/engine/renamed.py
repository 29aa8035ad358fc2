"""A Parquet file under other column names: its pages are copied, only its footer is written anew.

The names of the columns stand in the footer alone, so that a file of a gigabyte gets other names in
the time that copying takes. Fields of the footer are named in the format
(https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.engine.thrift import Decoder, Items, Struct, encode

MAGIC = b"PAR1"
SCHEMA, GROUPS, METADATA, ORDERS = 2, 4, 5, 7
NAME, N_CHILDREN = 4, 5
CHUNKS, BYTES, SORTED, OFFSET, PACKED_BYTES = 1, 2, 4, 5, 6
META = 3
PATH, RAW_SIZE, PACKED_SIZE = 3, 6, 7


def write_renamed(
    source: Path, target: Path, names: Sequence[str], *, used_up: bool = False
) -> None:
    """Write ``source`` to ``target`` without its first column, the others called ``names``.

    Parameters
    ----------
    source
        A flat table as this engine writes it.
    used_up
        Whether ``source`` may be gone afterwards: on the same disk no page is copied then.

    Raises
    ------
    ValueError
        When it is none, or has another number of columns.
    """
    with source.open("rb") as stream:
        stream.seek(-8, os.SEEK_END)
        tail = stream.read(8)
        length = int.from_bytes(tail[:4], "little")
        stream.seek(-8 - length, os.SEEK_END)
        pages = stream.tell()
        footer = Decoder(stream.read(length)).struct()
    if tail[4:] != MAGIC:
        raise ValueError(f"{source.name} is no Parquet file")
    _rename(footer, names)
    written = encode(footer)
    (_move if used_up else shutil.copyfile)(source, target)
    with target.open("r+b") as out:
        out.truncate(pages)
        out.seek(pages)
        out.write(written + len(written).to_bytes(4, "little") + MAGIC)


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError:  # on another disk
        shutil.copyfile(source, target)


def _rename(footer: Struct, names: Sequence[str]) -> None:
    root, _, *columns = footer.get(SCHEMA).values
    if len(columns) != len(names) or any(c.get(N_CHILDREN) for c in columns):
        raise ValueError(f"{len(names)} names for a table of {len(columns)} columns")
    root.put(N_CHILDREN, len(columns))
    for column, name in zip(columns, names, strict=True):
        column.put(NAME, name.encode())
    footer.get(SCHEMA).values = [root, *columns]
    for group in footer.get(GROUPS).values:
        _rename_chunks(group, names)
    orders: Items | None = footer.get(ORDERS)
    if orders is not None:
        del orders.values[0]
    footer.fields.pop(METADATA, None)  # it may name the columns, too


def _rename_chunks(group: Struct, names: Sequence[str]) -> None:
    chunks = group.get(CHUNKS).values
    first: Any = chunks.pop(0).get(META)
    group.put(BYTES, group.get(BYTES) - first.get(RAW_SIZE))
    if group.get(PACKED_BYTES) is not None:
        group.put(PACKED_BYTES, group.get(PACKED_BYTES) - first.get(PACKED_SIZE))
    for optional in (SORTED, OFFSET):
        group.fields.pop(optional, None)
    for chunk, name in zip(chunks, names, strict=True):
        chunk.get(META).get(PATH).values = [name.encode()]
