"""Columns of records compared row by row."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.findings import Mask


def differs(known: pa.ChunkedArray | pa.Array, row_values: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows in which both columns have a value, and the values differ."""
    unequal = pc.not_equal(combined_array(known), combined_array(row_values))
    return np.asarray(pc.fill_null(unequal, fill_value=False).to_numpy(zero_copy_only=False))


def agree(known: pa.ChunkedArray | pa.Array, row_values: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows in which both columns have the same value."""
    equal = pc.equal(combined_array(known), combined_array(row_values))
    return np.asarray(pc.fill_null(equal, fill_value=False).to_numpy(zero_copy_only=False))


def is_null(column: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows without a value."""
    return np.asarray(combined_array(column).is_null().to_numpy(zero_copy_only=False))


def combined_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array, without chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
