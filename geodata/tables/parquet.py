"""Read Parquet into a page of text; sizes in the footer are checked before anything is unpacked."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.language import Bilingual
from geodata.tables.limits import (
    MAX_UNPACKED_BYTES,
    check_characters,
    check_shape,
    too_much_unpacked,
)
from geodata.tables.pages import Page
from geodata.tables.sheet import unreadable

_MAX_EXACT_INTEGER: Final = 2**53
"""Whole numbers below this are exact as float64."""
_PARQUET_ERRORS: Final = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OSError)


def read_parquet(content: bytes, name: str) -> list[Page]:
    """The page of a Parquet file.

    Raises
    ------
    RecordError
        ``unreadable``, ``too-large``.
    """
    try:
        return [_page(content, name)]
    except _PARQUET_ERRORS:
        raise unreadable(name, Bilingual("berkas Parquet", "a Parquet file")) from None


def _page(content: bytes, name: str) -> Page:
    footer = pq.read_metadata(pa.BufferReader(content))
    check_shape(footer.num_rows, footer.num_columns, name)
    groups = [footer.row_group(k) for k in range(footer.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MAX_UNPACKED_BYTES:
        raise too_much_unpacked(name)
    schema = pq.read_schema(pa.BufferReader(content))
    texts = [field.name for field in schema if _is_text(field.type)]
    plain = [field.name for field in schema if not _is_dropped(field.type)]
    # Dictionary encoding keeps a text that repeats in many rows once in memory.
    file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=texts)
    table = file.read(columns=plain)
    if table.num_columns != len(plain):
        raise pa.ArrowInvalid  # repeated names: the columns cannot be told apart
    check_shape(table.num_rows, len(schema), name)
    check_characters(sum(_count_characters(column) for column in table.columns), name)
    blank = pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    positions = iter(range(table.num_columns))
    columns = [
        blank if _is_dropped(field.type) else _as_text(table.column(next(positions)))
        for field in schema
    ]
    rows = np.arange(table.num_rows, dtype=np.int64) + 2
    return Page(name, "", columns, rows, headings=tuple(schema.names))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_dropped(kind: pa.DataType) -> bool:
    """Whether a column is a geometry or a struct: no field of a record, so it is not unpacked."""
    return bool(
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _count_characters(column: pa.ChunkedArray) -> int:
    """Bytes of the texts of a column without dictionary encoding."""
    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return 0
    total = 0
    for chunk in column.chunks:
        lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
        total += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    return total


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        is_whole = pc.all(pc.equal(pc.round(column), column)).as_py() is not False
        if is_whole and (pc.max(pc.abs(column)).as_py() or 0) < _MAX_EXACT_INTEGER:
            column = column.cast(pa.int64())
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        # Keep the offset: `geodata.records.parsing.dates` converts to the day of the city.
        column = column.cast(pa.timestamp(kind.unit, "UTC"))
    return column.cast(pa.string())
