"""Rows of files and known records as Arrow tables, for tests without a database."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.houses import HouseReader
from geodata.ledger.merging.content import MergeContext
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records import CASES, Kind
from geodata.text.area_names import fold_name

TODAY: Final = date(2021, 12, 31)
KECAMATAN: Final = {"mijen": "M", "semarangutara": "U", "ngaliyan": "N", "tembalang": "T"}
KELURAHAN: Final = {
    ("purwosari", "mijen"): "M1",
    ("purwosari", "semarangutara"): "U1",
    ("bringin", "ngaliyan"): "N1",
    ("tembalang", "tembalang"): "T1",
    ("tandang", "tembalang"): "T2",
}
_TYPES: Final = {
    "ordinal": pa.int64(),
    "count": pa.int64(),
    "degrees": pa.float64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
}
_ROW_DEFAULTS: Final = {
    "numbered": True,
    "residence_said": False,
    "non_resident": False,
    "count": 1,
}
_ROW_COLUMNS: Final = (
    ("person", pa.string()),
    ("non_resident", pa.bool_()),
    ("cleared", pa.string()),
    ("assumed", pa.string()),
    ("residence_said", pa.bool_()),
    ("numbered", pa.bool_()),
    ("count", pa.int64()),
    ("position", pa.int64()),
)
_KNOWN_COLUMNS: Final = (
    ("person", pa.string()),
    ("non_resident", pa.bool_()),
    ("version", pa.int32()),
    ("withdrawn", pa.bool_()),
    ("double_of", pa.string()),
)


def checked_rows(*rows: Mapping[str, Any], kind: Kind = CASES) -> pa.Table:
    """Rows as `geodata.records.CheckedSheet.accepted`; a missing value is null."""
    full_rows = [
        {kind.key: "A-1", "position": position} | _ROW_DEFAULTS | dict(row)
        for position, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(full_rows, _schema(kind, _ROW_COLUMNS))


def known_records(*records: Mapping[str, Any], kind: Kind = CASES) -> pa.Table:
    """Records as `geodata.ledger.current.newest_versions`; a missing value is null."""
    full_records = [
        {kind.key: "A-1", "version": 1, "withdrawn": False, "non_resident": False} | dict(record)
        for record in records
    ]
    return pa.Table.from_pylist(full_records, _schema(kind, _KNOWN_COLUMNS))


def merge_context(kind: Kind = CASES, *, replace: bool = False) -> MergeContext:
    """A merge in a city with the kelurahan of `KELURAHAN`."""
    return MergeContext(kind, PlaceNames(KECAMATAN, kelurahan_codes, HouseReader()), TODAY, replace)


def kelurahan_codes(records: pa.Table) -> NDArray[np.object_]:
    """Codes by exact names; a kelurahan name of two kecamatan needs its kecamatan."""
    assert records.schema.equals(
        pa.schema(
            [
                ("rt", pa.int64()),
                ("rw", pa.int64()),
                ("kelurahan", pa.string()),
                ("kecamatan", pa.string()),
            ]
        )
    )
    assert records["rt"].null_count == records["rw"].null_count == records.num_rows
    codes = np.full(records.num_rows, None, dtype=object)
    for row, record in enumerate(records.to_pylist()):
        kelurahan, kecamatan = fold_name(record["kelurahan"]), record["kecamatan"]
        matching_codes = [
            code
            for (name, above), code in KELURAHAN.items()
            if name == kelurahan and (kecamatan is None or above == fold_name(kecamatan))
        ]
        codes[row] = matching_codes[0] if len(matching_codes) == 1 else None
    return codes


def _schema(kind: Kind, columns: tuple[tuple[str, pa.DataType], ...]) -> pa.Schema:
    fields = [
        (field.name, _TYPES.get(field.form, pa.string()))
        for field in kind.fields
        if field.form not in ("person", "city")
    ]
    fields += [("point_reading", pa.string())] if kind.has("lon") else []
    persons = ("person", "non_resident")
    fields += [
        (name, column_type)
        for name, column_type in columns
        if not (kind.natural_key and name in persons)
    ]
    return pa.schema(fields)
