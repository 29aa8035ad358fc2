"""Renaming the columns of a Parquet file: pages are copied, only the footer is rewritten.

The names of the columns stand in the footer alone, so that a file of a gigabyte gets other names in
the time that copying takes. Fields of the footer are named in the format
(https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from components.engine.files.thrift import Decoder, Items, Struct, encode

MAGIC = b"PAR1"
SCHEMA, GROUPS, METADATA, ORDERS = 2, 4, 5, 7
NAME, N_CHILDREN = 4, 5
CHUNKS, BYTES, SORTED, OFFSET, PACKED_BYTES = 1, 2, 4, 5, 6
META = 3
PATH, RAW_SIZE, PACKED_SIZE = 3, 6, 7


def write_renamed(
    source: Path, target: Path, names: Mapping[str, str], *, used_up: bool = False
) -> None:
    """Write those columns of ``source`` that get a name to ``target``, in the order of the file.

    Parameters
    ----------
    source
        A flat table as this engine writes it.
    names
        The names by those in ``source``; the pages of other columns stay without being named.
    used_up
        Whether ``source`` may be gone afterwards: on the same disk no page is copied then.

    Raises
    ------
    ValueError
        When it is no such table, or has not all of the columns.
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


def _rename(footer: Struct, names: Mapping[str, str]) -> None:
    root, *columns = footer.get(SCHEMA).values
    found = [column.get(NAME).decode() for column in columns]
    if set(names) - set(found) or any(c.get(N_CHILDREN) for c in columns):
        raise ValueError(f"{len(names)} names for other columns than those of the table")
    new_names = [names.get(name) for name in found]
    kept = _named(columns, new_names)
    root.put(N_CHILDREN, len(kept))
    for column, name in kept:
        column.put(NAME, name)
    footer.get(SCHEMA).values = [root, *(column for column, _ in kept)]
    for group in footer.get(GROUPS).values:
        _rename_chunks(group, new_names)
    orders: Items | None = footer.get(ORDERS)
    if orders is not None:
        orders.values = [order for order, _ in _named(orders.values, new_names)]
    footer.fields.pop(METADATA, None)  # it may name the columns, too


def _named(parts: Sequence[Any], names: Sequence[str | None]) -> list[tuple[Any, bytes]]:
    """Return the parts of the columns that get a name, each with it."""
    pairs = zip(parts, names, strict=True)
    return [(part, name.encode()) for part, name in pairs if name is not None]


def _rename_chunks(group: Struct, names: Sequence[str | None]) -> None:
    chunks = group.get(CHUNKS).values
    kept = _named(chunks, names)
    left_out = [c.get(META) for c, name in zip(chunks, names, strict=True) if name is None]
    for total, part in ((BYTES, RAW_SIZE), (PACKED_BYTES, PACKED_SIZE)):
        if group.get(total) is not None:
            group.put(total, group.get(total) - sum(meta.get(part) for meta in left_out))
    for optional in (SORTED, OFFSET):
        group.fields.pop(optional, None)
    for chunk, name in kept:
        chunk.get(META).get(PATH).values = [name]
    group.get(CHUNKS).values = [chunk for chunk, _ in kept]
