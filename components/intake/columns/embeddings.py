"""Columns that are the numbers of one embedding: ``emb_0``, ``emb_1``, ... ``emb_767``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from components.core.data.dataset import Column, Storage, stem_of

FEWEST = 16
"""Numbers of an embedding, where the name says that it is one (our choice)."""
MANY = 128
"""Numbers of one stem from which no single one means anything, whatever the name (our choice)."""
EMBEDDING = re.compile(
    r"(?:^|[\W_])(?:emb|embs|embed|embedding|embeddings|vec|vector|latent|hidden|dim|bert|clip|cls)"
    r"(?=[\W_]*$)",
    re.IGNORECASE,
)
"""What the names begin with, before the running number."""


def embeddings(columns: Sequence[Column]) -> Mapping[str, str]:
    """Return the fields of columns that are numbers of an embedding, with the reason for each.

    Their names are one stem with a running number from 0 or 1, without a gap; all hold numbers, and
    some are no whole numbers.
    """
    series: dict[str, dict[int, Column]] = defaultdict(dict)
    for column in columns:
        stem = stem_of(column.name)
        if len(stem) < len(column.name):
            series[stem][int(column.name[len(stem) :])] = column
    return {
        column.field: f"One of {len(own):,} numbers of an embedding, “{stem}{min(own)}” to "
        f"“{stem}{max(own)}”: models read them, and they are told as one."
        for stem, own in series.items()
        if _is_one(stem, own)
        for column in own.values()
    }


def _is_one(stem: str, own: Mapping[int, Column]) -> bool:
    least = FEWEST if EMBEDDING.search(stem) else MANY
    first = min(own)
    runs = first in {0, 1} and max(own) - first + 1 == len(own)
    stored = [c.storage for c in own.values()]
    numbers = all(s in {Storage.NUMBER, Storage.INTEGER} for s in stored)
    return runs and len(own) >= least and numbers and Storage.NUMBER in stored
