"""To and from plain JSON, for every dataclass of the vocabulary.

One rule per type: dataclass -> object (a :class:`Shaped` one carries ``shape``), enum ->
its value (an :class:`~enum.IntEnum` -> its lower-case name), array and tuple -> list, instant ->
ISO 8601 (``{"instant": ...}`` where a text could stand, too), NaN and infinity -> null. Reading
follows the type hints, so what was written comes back equal.
"""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum, IntEnum
from functools import cache
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

_INSTANT = "instant"
_PLAIN = frozenset({type(None), str, bool, int})


class Shaped:
    """A dataclass that tells in JSON which member of a union it is: ``shape``, its name."""

    __slots__ = ()


@cache
def _shape_of(kind: type) -> str | None:
    if not issubclass(kind, Shaped):
        return None
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@cache
def _shapes(kinds: tuple[Any, ...]) -> dict[str, type]:
    """Return the members of a union that tell their shape."""
    return {shape: kind for kind in kinds if isinstance(kind, type) and (shape := _shape_of(kind))}


def to_json(value: object) -> Any:  # noqa: ANN401, C901, PLR0911 - JSON; one branch per type
    """Return ``value`` as plain JSON values.

    Raises
    ------
    TypeError
        When a value is of a type that the vocabulary does not use.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, IntEnum) else value.value
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.ndarray):
        return [to_json(item) for item in value.tolist()]
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def _record(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    kind: type = type(value)
    shape = _shape_of(kind)
    record: dict[str, Any] = {"shape": shape} if shape else {}
    for name, may_be_text in _fields(kind):
        item = getattr(value, name)
        plain = to_json(item)
        marked = may_be_text and isinstance(item, datetime)
        record[name] = {_INSTANT: plain} if marked else plain
    return record


@cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Return the fields of a dataclass, and whether a text may stand in each."""
    hints = _hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return tuple((name, str in typing.get_args(hints[name])) for name in names)


def from_json(kind: type[T], data: Any) -> T:  # noqa: ANN401 - JSON
    """Return ``data`` as a ``kind``; the inverse of :func:`to_json`.

    Raises
    ------
    TypeError, KeyError, ValueError
        When ``data`` does not hold a ``kind``.
    """
    return typing.cast("T", _read(kind, data))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:  # noqa: ANN401 - follows type hints
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return _read_union(typing.get_args(kind), data)
    if origin is np.ndarray or kind is np.ndarray:
        return _read_array(kind, data)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
            return tuple(_read(inner[0], item) for item in data)
        return tuple(_read(k, item) for k, item in zip(inner, data, strict=True))
    if origin is dict:
        key, item_kind = typing.get_args(kind)
        return {key(k): _read(item_kind, item) for k, item in data.items()}
    if isinstance(kind, type):
        return _read_plain(kind, data)
    raise TypeError(f"cannot read {kind}")


def _read_plain(kind: type, data: Any) -> Any:  # noqa: ANN401, PLR0911 - one branch per type
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], v) for name, v in data.items() if name in hints})
    if issubclass(kind, IntEnum):
        return kind[data.upper()]
    if issubclass(kind, Enum):
        return kind(data)
    if issubclass(kind, datetime):
        return datetime.fromisoformat(data)
    if kind is float:
        return math.nan if data is None else float(data)
    if kind is type(None):
        return None
    if not isinstance(data, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(data).__name__}")
    return data


def _read_union(kinds: tuple[Any, ...], data: Any) -> Any:  # noqa: ANN401 - follows type hints
    if data is None and type(None) in kinds:
        return None
    if isinstance(data, dict) and data.get("shape") in _shapes(kinds):
        return _read(_shapes(kinds)[data["shape"]], data)
    if datetime in kinds and isinstance(data, dict):
        return datetime.fromisoformat(data[_INSTANT])
    return _read_first(kinds, data)


def _read_first(kinds: tuple[Any, ...], data: Any) -> Any:  # noqa: ANN401 - follows type hints
    for kind in kinds:
        if isinstance(kind, type) and type(data) is kind:
            return data
    for kind in kinds:
        if kind is not type(None):
            try:
                return _read(kind, data)
            except (TypeError, ValueError, KeyError, AttributeError):
                continue
    raise TypeError(f"no member of the union fits {type(data).__name__}")


def _read_array(kind: Any, data: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401 - type hint
    dtype = typing.get_args(typing.get_args(kind)[1])[0]
    if np.issubdtype(dtype, np.floating):
        return np.array([math.nan if v is None else v for v in data], dtype=dtype)
    if dtype is np.object_:
        out = np.empty(len(data), dtype=object)
        out[:] = data
        return out
    return np.array(data, dtype=dtype)
