"""Column types that both databases have; any other type is a mistake and raises TypeError.

A type of only one database would pass every test on that database and fail on the other database.
"""

from typing import Final

import pyarrow as pa

_SHARED_TYPES: Final = (
    pa.int64(),
    pa.float64(),
    pa.string(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.binary(),
)
_WIDER_TYPES: Final = {
    **dict.fromkeys(
        (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32()), pa.int64()
    ),
    pa.float32(): pa.float64(),
    pa.large_string(): pa.string(),
    pa.large_binary(): pa.binary(),
}


def cast_stage(stage: pa.Table) -> pa.Table:
    """Cast an Arrow table to the shared types; narrower types are widened.

    Raises
    ------
    TypeError
        If a column cannot be cast. A column with only nulls needs an explicit type.
    """
    return _cast_to_shared_types(stage, "cannot be stored")


def cast_answer(table: pa.Table) -> pa.Table:
    """Cast an answer to the shared types.

    Raises
    ------
    TypeError
        If a column cannot be cast: a sum needs ``cast(sum(n) as bigint)``.
    """
    return _cast_to_shared_types(table, "differs between the databases; cast it in the query")


def _cast_to_shared_types(table: pa.Table, problem: str) -> pa.Table:
    if all(field.type in _SHARED_TYPES for field in table.schema):
        return table
    fields = []
    for field in table.schema:
        shared_type = _shared_type(field.type)
        if shared_type is None:
            raise TypeError(f"The column {field.name} of type {field.type} {problem}.")
        fields.append(pa.field(field.name, shared_type))
    return table.cast(pa.schema(fields))


def _shared_type(arrow_type: pa.DataType) -> pa.DataType | None:
    if pa.types.is_dictionary(arrow_type):
        return _shared_type(arrow_type.value_type)
    if pa.types.is_timestamp(arrow_type):
        return pa.timestamp("us") if arrow_type.tz is None else None
    return _WIDER_TYPES.get(arrow_type, arrow_type if arrow_type in _SHARED_TYPES else None)
