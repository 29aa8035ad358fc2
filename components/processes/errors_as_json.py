"""The errors of a worker as JSON, so that they are raised again by whoever asked."""

from __future__ import annotations

from typing import Any

from components.core import errors
from components.core.errors import Cancelled, ChoiceNeeded, PreflightError

_KINDS: dict[str, type[PreflightError]] = {
    kind.__name__: kind
    for kind in (
        errors.UnusableInput,
        errors.NotFound,
        errors.Conflict,
        errors.Damaged,
        errors.NotKept,
        errors.OutOfMemory,
        errors.OutOfDisk,
        errors.OutOfTime,
    )
}


def error_to_json(error: PreflightError) -> dict[str, Any]:
    """Return an error as plain JSON values."""
    known = (kind for kind in type(error).__mro__ if kind.__name__ in _KINDS)
    kind = type(error) if isinstance(error, Cancelled | ChoiceNeeded) else next(known, None)
    choices = list(error.choices) if isinstance(error, ChoiceNeeded) else None
    return {
        "type": kind.__name__ if kind else "",
        "what": error.what,
        "todo": error.todo,
        "choices": choices,
    }


def error_from_json(record: dict[str, Any]) -> PreflightError:
    """Return the error as it was raised in the worker."""
    if record["choices"] is not None:
        return ChoiceNeeded(record["what"], record["todo"], choices=tuple(record["choices"]))
    if record["type"] == Cancelled.__name__:
        return Cancelled()
    return _KINDS.get(record["type"], PreflightError)(record["what"], record["todo"])
