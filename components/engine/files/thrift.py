"""The compact protocol of Thrift, as far as the footer of a Parquet file needs it.

Values are read without their schema and written back as they were, so that fields which later
versions of the format add survive. Source: the specification of the protocol by the Apache
project (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TRUE, FALSE, BYTE, INT16, INT32, INT64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
LONG_LIST = 15
"""In the place of a size: the size follows."""


@dataclass(slots=True)
class Items:
    """A list, and the type of what it holds."""

    kind: int
    values: list[Any]


@dataclass(slots=True)
class Struct:
    """Fields by number: type and value, in the order of the file."""

    fields: dict[int, tuple[int, Any]]

    def get(self, number: int) -> Any:  # noqa: ANN401 - whatever the field holds
        """Return the value of a field; None where there is none."""
        return self.fields.get(number, (0, None))[1]

    def put(self, number: int, value: Any) -> None:  # noqa: ANN401 - whatever the field holds
        """Change the value of a field that is there."""
        self.fields[number] = (self.fields[number][0], value)


class Decoder:
    """Reads values from bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._readers: dict[int, Callable[[], Any]] = {
            BYTE: self._byte,
            **dict.fromkeys((INT16, INT32, INT64), self._integer),
            DOUBLE: lambda: self._take(8),
            BINARY: lambda: self._take(self._number()),
            **dict.fromkeys((LIST, SET), self._items),
            STRUCT: self.struct,
        }

    def struct(self) -> Struct:
        """Read a struct.

        Raises
        ------
        ValueError
            When a field is of a type that footers do not have.
        """
        found: dict[int, tuple[int, Any]] = {}
        last = 0
        while head := self._byte():
            kind = head & 15
            last = last + (head >> 4) if head >> 4 else self._integer()
            found[last] = (kind, kind == TRUE if kind in {TRUE, FALSE} else self._value(kind))
        return Struct(found)

    def _value(self, kind: int) -> Any:  # noqa: ANN401 - whatever the field holds
        if kind not in self._readers:
            raise ValueError(f"a value of type {kind}")
        return self._readers[kind]()

    def _items(self) -> Items:
        head = self._byte()
        kind, size = head & 15, head >> 4
        size = self._number() if size == LONG_LIST else size
        one = self._byte if kind in {TRUE, FALSE} else lambda: self._value(kind)
        return Items(kind, [one() for _ in range(size)])

    def _integer(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)

    def _number(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - the bit that says there is more
                return number
            shift += 7

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, n: int) -> bytes:
        self._at += n
        return self._data[self._at - n : self._at]


def encode(struct: Struct) -> bytes:
    """Return the bytes of a struct."""
    out = bytearray()
    last = 0
    for number, (kind, value) in struct.fields.items():
        mark = (TRUE if value else FALSE) if kind in {TRUE, FALSE} else kind
        step = number - last
        if 0 < step <= 15:  # noqa: PLR2004 - what fits in four bits
            out.append(step << 4 | mark)
        else:
            out.append(mark)
            out += _integer(number)
        if kind not in {TRUE, FALSE}:
            out += _encoded(kind, value)
        last = number
    out.append(0)
    return bytes(out)


def _encoded(kind: int, value: Any) -> bytes:  # noqa: ANN401 - whatever the field holds
    match value:
        case Struct():
            return encode(value)
        case Items():
            return _list(value)
        case bytes():
            return (_number(len(value)) if kind == BINARY else b"") + value
        case _:
            return bytes([value]) if kind == BYTE else _integer(value)


def _list(items: Items) -> bytes:
    n = len(items.values)
    head = bytes([min(n, LONG_LIST) << 4 | items.kind])
    size = _number(n) if n >= LONG_LIST else b""
    kind = BYTE if items.kind in {TRUE, FALSE} else items.kind
    return head + size + b"".join(_encoded(kind, value) for value in items.values)


def _integer(value: int) -> bytes:
    return _number(value << 1 if value >= 0 else (-value << 1) - 1)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:  # noqa: PLR2004 - seven bits at a time
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
