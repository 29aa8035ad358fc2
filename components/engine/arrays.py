"""Between Arrow and NumPy without pandas, which pyarrow's own ways import: 0.2 s of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def numpy_of(values: Any) -> NDArray[Any]:  # noqa: ANN401 - pyarrow has no types
    """Return an Arrow array, in one piece or several, of numbers or truth values without nulls.

    Numbers are not copied where they lie in one piece, and cannot be written to.
    """
    import pyarrow as pa

    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_boolean(whole.type):
        return np.from_dlpack(whole.cast(pa.uint8())).view(np.bool_)
    return np.from_dlpack(whole)


def arrow_of(numbers: NDArray[np.int64]) -> pa.Array:
    """Return whole numbers as an Arrow array over the same memory."""
    import pyarrow as pa

    data = pa.py_buffer(np.ascontiguousarray(numbers, dtype=np.int64))
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, data])


def bytes_of(texts: pa.Array) -> NDArray[np.uint8]:
    """Return the UTF-8 of the texts of an Arrow array without gaps, one after the other."""
    import pyarrow as pa

    offset = np.int64 if texts.type == pa.large_string() else np.int32
    _, places, data = texts.buffers()
    ends = np.frombuffer(places, dtype=offset)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", dtype=np.uint8)[ends[0] : ends[-1]]
