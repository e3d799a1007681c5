"""Columns of records compared row by row."""

import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Mask


def differs(known: pa.ChunkedArray | pa.Array, row_values: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows in which both columns have a value, and the values differ."""
    return mask(pc.not_equal(combined_array(known), combined_array(row_values)))


def agree(known: pa.ChunkedArray | pa.Array, row_values: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows in which both columns have the same value."""
    return mask(pc.equal(combined_array(known), combined_array(row_values)))


def is_null(column: pa.ChunkedArray | pa.Array) -> Mask:
    """Rows without a value."""
    return ~valid(combined_array(column))


def combined_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array, without chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
