"""The typed table of a dataset version, made from its cell texts, and a person's choices."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from components.core.data.dataset import Column, Confidence, Kind, Role, Storage
from components.core.errors import UnusableInput
from components.engine.connect import DEFAULT_MEMORY
from components.engine.text.text_facts import Cast, open_texts
from components.engine.text.text_store import count_noted_words
from components.intake.columns.missing_words import MISSING_WORDS, WEAK_WORDS
from components.intake.columns.roles import as_label
from components.intake.columns.text_formats import propose, spelling_of
from components.intake.write.cell_texts import count_words
from components.intake.write.cell_texts import texts as texts_of

CHOSEN = "Chosen by you."


def table_path(folder: Path, columns: tuple[Column, ...]) -> Path:
    """Return where the typed table for ``columns`` is, whether it is there or not."""
    return folder / f"table-{table_key(columns)}.parquet"


def table_key(columns: tuple[Column, ...]) -> str:
    """Return what a typed table for ``columns`` depends on, as 16 hexadecimal digits."""
    parts = [(c.field, c.storage.value, c.format, sorted(c.disguised)) for c in columns]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def write_table(
    texts: Path, columns: tuple[Column, ...], *, memory_limit: int = DEFAULT_MEMORY
) -> Path:
    """Return the typed table for ``columns``, beside the table of their cell texts.

    It is made, and appears when it is whole.
    """
    folder = texts.parent
    target = table_path(folder, columns)
    with (
        tempfile.TemporaryDirectory(prefix=".table-", dir=folder) as temporary,
        open_texts(texts, memory_limit=memory_limit) as table,
    ):
        half = Path(temporary) / target.name
        table.write_typed(columns, half)
        os.replace(half, target)  # noqa: PTH105 - atomic, on the same disk
    return target


def retype(folder: Path, columns: tuple[Column, ...]) -> Path:
    """Return the typed table for ``columns``; made when it is not there yet."""
    target = table_path(folder, columns)
    return target if target.exists() else write_table(texts_of(folder), columns)


def count_disguised(
    folder: Path, columns: tuple[Column, ...], *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, dict[str, int]]:
    """Count the rows per disguised word of each column, by field, without making a file.

    The typed table holds them where it was written straight from a text, the cell texts otherwise.
    """
    words = {c.field: c.disguised for c in columns}
    table = table_path(folder, columns)
    found = count_noted_words(table, words, memory_limit=memory_limit) if table.is_file() else None
    return count_words(folder, words, memory_limit=memory_limit) if found is None else found


def choose(
    column: Column, *, kind: Kind | None = None, role: Role | None = None, folder: Path
) -> Column:
    """Return ``column`` under the kind and the role that a person chose; None keeps one.

    Raises
    ------
    UnusableInput
        When the values cannot be read as that kind.
    """
    if kind is not None and kind is not column.kind:
        column = _with_kind(column, kind, folder)
    if role is not None and role is not column.role:
        column = replace(column, role=role, role_why=CHOSEN, role_confidence=Confidence.HIGH)
        if role is Role.LABEL and kind is None:
            column = _as_label(column, folder)
    return column


def _as_label(column: Column, folder: Path) -> Column:
    with open_texts(texts_of(folder)) as texts:
        n = texts.count_distinct([column.field])[column.field] - len(column.disguised)
        return as_label(column, n, texts.n_rows)


def _with_kind(column: Column, kind: Kind, folder: Path) -> Column:
    storage, style, disguised = _reading(column, kind, folder)
    spelling = _spelling(Cast(column.field, storage, style), folder)
    return replace(
        column,
        kind=kind,
        kind_why=CHOSEN,
        kind_confidence=Confidence.HIGH,
        storage=storage,
        format=style,
        spelling=spelling,
        disguised=disguised,
    )


STORAGES = {
    Kind.NUMBER: (Storage.NUMBER, Storage.INTEGER),
    Kind.GEO: (Storage.NUMBER, Storage.INTEGER),
    Kind.INTEGER: (Storage.INTEGER,),
    Kind.BOOLEAN: (Storage.BOOLEAN,),
    Kind.DATETIME: (Storage.DATETIME,),
}
"""How the values of a kind may be stored; the others are texts."""


def _reading(column: Column, kind: Kind, folder: Path) -> tuple[Storage, str, tuple[str, ...]]:
    wanted = STORAGES.get(kind)
    if kind is Kind.ORDINAL and column.storage in {Storage.INTEGER, Storage.NUMBER}:
        return column.storage, column.format, column.disguised
    if wanted is None:
        return Storage.TEXT, "", column.disguised
    if column.storage in wanted:
        return column.storage, column.format, column.disguised
    with open_texts(texts_of(folder)) as texts:
        sample = texts.sample([column.field], 100_000)[column.field]
        proposed = propose(column.name, column.field, sample)
        if proposed.storage not in wanted:
            proposed = Cast(column.field, wanted[0], _plain_style(wanted[0]))
        facts = texts.facts([proposed])[0]
        odd = texts.unread(proposed, 100)
    rest = [t for t in odd if t not in MISSING_WORDS and t not in WEAK_WORDS]
    if rest or facts.n_read == 0:
        n = facts.n_filled - facts.n_read
        shown = ", ".join(f"“{t[:40]}”" for t in rest[:3])
        raise UnusableInput(
            f"“{column.name}” cannot be read as {kind.value}: {n:,} of {facts.n_filled:,} values"
            f" are none, such as {shown}.",
            "Choose category or text, or correct these values first.",
        )
    return proposed.storage, proposed.style, tuple(sorted(odd))


def _spelling(cast: Cast, folder: Path) -> tuple[str, str] | None:
    if cast.storage is not Storage.BOOLEAN:
        return None
    with open_texts(texts_of(folder)) as texts:
        counted = texts.distinct([cast.field], 100)[cast.field]
    return spelling_of(cast, counted, counted)


def _plain_style(storage: Storage) -> str:
    if storage is Storage.BOOLEAN:
        return "true/false"
    return "iso" if storage is Storage.DATETIME else ""
