"""The map of a run on disk: JSON that says how it was made, Parquet with the places."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from components.core.atomic_files import damaged, read_json, sync, write_json
from components.core.facts.row_map import MapFacts, RowMap

FACTS, PLACES = "map.json", "map.parquet"


def write_map(folder: Path, drawn: RowMap | MapFacts) -> None:
    """Write a map, or why there is none: the places first, the JSON that announces them last."""
    if isinstance(drawn, MapFacts):
        write_json(folder / FACTS, drawn)
        return
    import pyarrow as pa
    from pyarrow import parquet

    places = {"row_id": drawn.row_id, "x": drawn.x, "y": drawn.y}
    part = folder / f"{PLACES}.part"
    parquet.write_table(pa.table(places), part, compression="zstd")
    sync(part)
    part.replace(folder / PLACES)
    write_json(folder / FACTS, drawn.facts, durable=True)


def read_facts(folder: Path) -> MapFacts | None:
    """Return how the map of a run was made; None while it is not there."""
    return read_json(MapFacts, folder / FACTS)


def read_map(folder: Path) -> RowMap | None:
    """Return the map of a run; None where there is none (the facts may say why)."""
    facts = read_facts(folder)
    if facts is None or facts.reason or not (folder / PLACES).is_file():
        return None
    import pyarrow as pa
    from pyarrow import parquet

    try:
        found = parquet.read_table(folder / PLACES)
    except (pa.ArrowException, OSError) as error:
        raise damaged(folder / PLACES) from error
    return RowMap(
        facts=facts,
        row_id=np.asarray(found.column("row_id").to_numpy(), dtype=np.int64),
        x=np.asarray(found.column("x").to_numpy(), dtype=np.float64),
        y=np.asarray(found.column("y").to_numpy(), dtype=np.float64),
    )
