"""What stands beside a label on the fast card: marks of columns, rows of each class."""

from __future__ import annotations

from components.core.data.dataset import Column, Role
from components.core.data.row_numbers import row_number
from components.services.data import datasets
from components.services.review.beside import examples
from components.services.review.queues import ReviewQueue
from components.services.workspace import Workspace
from components.views.desk_parts.plain import Said, short

PREDICTED = "predicted probability"
UNREAD = "not read by the models"
TWO = 2
"""Classes that are asked for at once: the given and the suggested one."""


def marks(ws: Workspace, queue: ReviewQueue) -> Said:
    """Return what a person must know of a column beside its values."""
    columns = datasets.get(ws, queue.dataset_id).version.columns
    inputs = [c.name for c in columns if c.role.is_input]
    read = set(examples.columns_read(ws, queue) or inputs)
    marks = [(c.name, _marks(c, is_read=c.name in read)) for c in columns]
    return {name: ", ".join(told) for name, told in marks if told}


def _marks(column: Column, *, is_read: bool) -> list[str]:
    if column.role is Role.PREDICTED:
        return [PREDICTED]
    return ["sensitive"] * (column.role is Role.SENSITIVE) + [UNREAD] * (not is_read)


def examples_of(
    ws: Workspace, queue: ReviewQueue, said: Said, *, most_columns: int, longest: int
) -> list[Said]:
    """Return the rows with the highest label quality, for each class that is named."""
    names = said.get("names")
    asked = [n for n in names if isinstance(n, str)][:TWO] if isinstance(names, list) else []
    told: list[Said] = []
    for name in asked:
        found = examples.examples(ws, queue, name, most_columns=most_columns)
        rows = [[row_number(n), [short(longest, text) for text in line]] for n, line in found.rows]
        told.append({"name": name, "columns": found.columns, "rows": rows})
    return told
