"""Columns of records compared row by row."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.findings import Mask


def differs(base: pa.ChunkedArray | pa.Array, rows: pa.ChunkedArray | pa.Array) -> Mask:
    """Where both say something, and not the same."""
    unequal = pc.not_equal(array_of(base), array_of(rows))
    return np.asarray(pc.fill_null(unequal, fill_value=False).to_numpy(zero_copy_only=False))


def agree(base: pa.ChunkedArray | pa.Array, rows: pa.ChunkedArray | pa.Array) -> Mask:
    """Where both say the same."""
    equal = pc.equal(array_of(base), array_of(rows))
    return np.asarray(pc.fill_null(equal, fill_value=False).to_numpy(zero_copy_only=False))


def is_null(column: pa.ChunkedArray | pa.Array) -> Mask:
    """Where a column says nothing."""
    return np.asarray(array_of(column).is_null().to_numpy(zero_copy_only=False))


def array_of(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
