"""How the classes of a label are spelled in the file.

Checks see typed values (``True``); people see, and the corrected file keeps, what stands in the
file (``yes``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from components import intake
from components.core.data.dataset import Column
from components.services.upload.uploads import DatasetInfo


@dataclass(frozen=True, slots=True)
class Spelling:
    """The classes of a label.

    Attributes
    ----------
    classes
        The most frequent cell text of each class, most frequent class first.
    """

    classes: tuple[str, ...]
    _by_value: dict[str, str]

    def of(self, value: str) -> str:
        """Return how a class is spelled in the file; ``value`` itself where it is not known."""
        return self._by_value.get(value) or self._by_value.get(_plain(value), value)


def spelling(info: DatasetInfo, typed: Path, label: Column) -> Spelling:
    """Return how the classes of ``label`` are spelled; one pass over two columns, once.

    Parameters
    ----------
    typed
        The typed Parquet file that the checks saw.
    """
    return _spelling(intake.texts(info.folder), typed, label.field)


@lru_cache(maxsize=64)
def _spelling(texts: Path, typed: Path, field: str) -> Spelling:
    import pyarrow as pa
    from pyarrow import compute, parquet

    value = parquet.read_table(typed, columns=[field]).column(0)
    text = parquet.read_table(texts, columns=[field]).column(0)
    pairs = pa.table({"value": compute.cast(value, pa.string()), "text": text})
    counted = pairs.group_by(["value", "text"]).aggregate([([], "count_all")])
    return _count(counted.to_pylist())


def label_classes(typed: Path, label: Column) -> tuple[str, ...]:
    """Return the classes of a label as checks name them, sorted; one pass over one column, once."""
    return tuple(sorted(label.text_of(value) for value in _values(typed, label.field)))


@lru_cache(maxsize=16)
def _values(typed: Path, field: str) -> tuple[object, ...]:
    from pyarrow import parquet

    column = parquet.read_table(typed, columns=[field]).column(0)
    return tuple(value for value in column.unique().to_pylist() if value is not None)


def _count(records: list[dict[str, str | int | None]]) -> Spelling:
    rows: Counter[str] = Counter()
    best: dict[str, tuple[int, str]] = {}
    for record in records:
        if record["value"] is None:
            continue
        value, text, n = str(record["value"]), str(record["text"]), int(record["count_all"] or 0)
        rows[value] += n
        # ties go to the text that sorts first, so that the answer is always the same
        best[value] = min(best.get(value, (1, "")), (-n, text))
    ordered = sorted(rows, key=lambda v: (-rows[v], v))
    by_value = {value: best[value][1] for value in ordered}
    plain = {_plain(value): text for value, text in reversed(by_value.items())}
    for record in records:  # a check may name a class by any of its texts
        if record["value"] is not None:
            plain.setdefault(str(record["text"]), best[str(record["value"])][1])
    return Spelling(tuple(dict.fromkeys(by_value.values())), {**plain, **by_value})


def _plain(value: str) -> str:
    return value.strip().casefold()
