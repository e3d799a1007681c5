"""Addresses of whole tables: looks columns up in bulk and reads each distinct line once."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.addresses.reader import AddressReader, Fields
from geodata.addresses.reading import AddressReading
from geodata.boundaries import Boundaries

_NUMBERS_PER_LEVEL: Final = 1000
_COLUMNS: Final = ("address", "rt", "rw", "kelurahan", "kecamatan")


class ColumnReader:
    """Finds the RT that records name, in one version of the boundaries.

    Parameters
    ----------
    decisions
        See `AddressReader`.
    """

    def __init__(self, boundaries: Boundaries, decisions: Mapping[str, str] | None = None) -> None:
        self.reader = AddressReader(boundaries, decisions)
        gazetteer = self.reader.gazetteer
        self._codes = np.array(gazetteer.kelurahan_codes, dtype=object)
        self._zone_by_code = {gazetteer.zone_codes[zone]: zone for zone in gazetteer.rts.values()}
        rt_keys = np.array(list(gazetteer.rts), dtype=np.int64).reshape(-1, 3)
        zones = np.fromiter(gazetteer.rts.values(), dtype=np.int32, count=len(gazetteer.rts))
        self._rt = pd.Series(zones, index=_keys(rt_keys[:, 0], rt_keys[:, 1], rt_keys[:, 2]))

    def with_decisions(self, decisions: Mapping[str, str]) -> "ColumnReader":
        """The same reader with other decisions."""
        column_reader = copy(self)
        column_reader.reader = self.reader.with_decisions(decisions)
        return column_reader

    def find(self, records: pa.Table) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
        """Kelurahan and RT that records name.

        Parameters
        ----------
        records
            ``n`` rows of ``rt``, ``rw`` (int64), ``kelurahan``, ``kecamatan`` (text) and, if the
            table has it, ``address`` (text); null for unknown values. The address is read for
            rows whose columns name no RT of these boundaries.

        Returns
        -------
        ndarray, ndarray
            Object ``(n,)``, code of the kelurahan or None; int32 ``(n,)``, row of the RT in the
            smallest zones, -1 for a record that names no RT.
        """
        kelurahan_row = self._kelurahan_rows(records["kelurahan"], records["kecamatan"])
        keys = _keys(kelurahan_row, _numbers(records["rw"]), _numbers(records["rt"]))
        positions = self._rt.index.get_indexer(pd.Index(keys))
        is_known = (positions >= 0) & (keys >= 0)
        # A city of dusun has no RT numbers: `_rt` may be empty, and `is_known` selects nothing.
        rows = np.full(len(keys), -1, dtype=np.int32)
        rows[is_known] = self._rt.to_numpy()[positions[is_known]]
        kelurahan_codes = np.full(len(kelurahan_row), None, dtype=object)
        kelurahan_codes[kelurahan_row >= 0] = self._codes[kelurahan_row[kelurahan_row >= 0]]
        self._read_unread_rows(records, np.flatnonzero(~is_known), kelurahan_codes, rows)
        return kelurahan_codes, rows

    def _read_unread_rows(
        self,
        records: pa.Table,
        unread_rows: NDArray[np.intp],
        kelurahan_codes: NDArray[np.object_],
        rows: NDArray[np.int32],
    ) -> None:
        """Fill the rows that only a full reading of the address resolves."""
        for row, reading in zip(
            unread_rows, self.readings(records.take(pa.array(unread_rows))), strict=True
        ):
            kelurahan_codes[row] = reading.kelurahan_code or kelurahan_codes[row]
            rows[row] = self._zone_by_code.get(reading.code or "", -1)

    def readings(self, records: pa.Table) -> list[AddressReading]:
        """Reading of every record; reads each distinct record once. Columns as in `find`."""
        cells = [_texts(records, name) for name in _COLUMNS]
        rows = [Fields(*row) for row in zip(*cells, strict=True)]
        readings = {fields: self.reader.read_fields(fields) for fields in dict.fromkeys(rows)}
        return [readings[fields] for fields in rows]

    def _kelurahan_rows(
        self, kelurahan: pa.ChunkedArray, kecamatan: pa.ChunkedArray
    ) -> NDArray[np.int64]:
        """Row of each record's kelurahan, -1 if unknown; reads each pair of names once."""
        names = pd.DataFrame(
            {"kelurahan": kelurahan.to_pylist(), "kecamatan": kecamatan.to_pylist()}
        )
        groups = names.groupby(["kelurahan", "kecamatan"], dropna=False, sort=False)
        group_numbers = groups.ngroup().to_numpy()
        distinct = names[~names.duplicated()].to_numpy(dtype=object)
        positions = [
            self._kelurahan_row(_text(kelurahan_name), _text(kecamatan_name))
            for kelurahan_name, kecamatan_name in distinct
        ]
        return np.array(positions, dtype=np.int64)[group_numbers]

    def _kelurahan_row(self, name: str | None, kecamatan: str | None) -> int:
        if name is None:
            return -1
        kelurahan_code = self.reader.read_fields(
            Fields(kelurahan=name, kecamatan=kecamatan)
        ).kelurahan_code
        return (
            -1
            if kelurahan_code is None
            else self.reader.gazetteer.kelurahan_codes.index(kelurahan_code)
        )


def _keys(
    kelurahan_row: NDArray[np.int64], rw: NDArray[np.int64], rt: NDArray[np.int64]
) -> NDArray[np.int64]:
    keys = (kelurahan_row * _NUMBERS_PER_LEVEL + rw) * _NUMBERS_PER_LEVEL + rt
    is_complete = (kelurahan_row >= 0) & (rw > 0) & (rt >= 0)
    return np.where(is_complete, keys, -1)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _texts(records: pa.Table, name: str) -> Sequence[str | None]:
    if name not in records.column_names:
        return [None] * records.num_rows
    texts: list[str | None] = records[name].cast(pa.string()).to_pylist()
    return texts


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
