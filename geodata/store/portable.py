"""The types both databases keep alike; anything else is a mistake of ours, said on either one.

A type that only one of them has would pass every test on that one and fail a city on the other.
"""

from typing import Final

import pyarrow as pa

_SAME: Final = (
    pa.int64(),
    pa.float64(),
    pa.string(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.binary(),
)
_WIDER: Final = {
    **dict.fromkeys(
        (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32()), pa.int64()
    ),
    pa.float32(): pa.float64(),
    pa.large_string(): pa.string(),
    pa.large_binary(): pa.binary(),
}


def storable(stage: pa.Table) -> pa.Table:
    """An Arrow table in the types that are kept; what has a wider one of them is widened.

    Raises
    ------
    TypeError
        If a column has no such type: one that holds only nulls needs its type said.
    """
    return _cast(stage, "cannot be kept")


def answered(table: pa.Table) -> pa.Table:
    """An answer in the same types.

    Raises
    ------
    TypeError
        If a column has no such type: a sum needs ``cast(sum(n) as bigint)``.
    """
    return _cast(table, "is not answered alike by both databases; cast it in the query")


def _cast(table: pa.Table, fault: str) -> pa.Table:
    if all(field.type in _SAME for field in table.schema):
        return table
    fields = []
    for field in table.schema:
        wider = _wider(field.type)
        if wider is None:
            raise TypeError(f"The column {field.name} of type {field.type} {fault}.")
        fields.append(pa.field(field.name, wider))
    return table.cast(pa.schema(fields))


def _wider(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_dictionary(kind):
        return _wider(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us") if kind.tz is None else None
    return _WIDER.get(kind, kind if kind in _SAME else None)
