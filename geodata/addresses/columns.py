"""Addresses of whole tables: columns looked up at once, lines read once each."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.addresses.reader import AddressReader, Fields
from geodata.addresses.reading import Reading
from geodata.boundaries import Boundaries

_A_THOUSAND: Final = 1000
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
        places = self.reader.places
        self._codes = np.array(places.village_codes, dtype=object)
        self._leaf_of = {places.leaf_codes[leaf]: leaf for leaf in places.rts.values()}
        parts = np.array(list(places.rts), dtype=np.int64).reshape(-1, 3)
        leaves = np.fromiter(places.rts.values(), dtype=np.int32, count=len(places.rts))
        self._rt = pd.Series(leaves, index=_keys(parts[:, 0], parts[:, 1], parts[:, 2]))

    def deciding(self, decisions: Mapping[str, str]) -> "ColumnReader":
        """The same reader with other decisions."""
        other = copy(self)
        other.reader = self.reader.deciding(decisions)
        return other

    def find(self, records: pa.Table) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
        """Kelurahan and RT that records name.

        Parameters
        ----------
        records
            ``n`` rows of ``rt``, ``rw`` (int64), ``kelurahan``, ``kecamatan`` (text) and, where
            there is one, ``address`` (text); null where not known. The address is read where
            the columns name no RT of these boundaries.

        Returns
        -------
        ndarray, ndarray
            Object ``(n,)``, code of the kelurahan or None; int32 ``(n,)``, row of the RT in the
            leaves, -1 where none is named.
        """
        village = self._villages(records["kelurahan"], records["kecamatan"])
        keys = _keys(village, _numbers(records["rw"]), _numbers(records["rt"]))
        position = self._rt.index.get_indexer(pd.Index(keys))
        known = (position >= 0) & (keys >= 0)
        # A city of dusun has no area with numbers to be found by.
        row = np.full(len(keys), -1, dtype=np.int32)
        row[known] = self._rt.to_numpy()[position[known]]
        named = np.full(len(village), None, dtype=object)
        named[village >= 0] = self._codes[village[village >= 0]]
        self._read_rest(records, np.flatnonzero(~known), named, row)
        return named, row

    def _read_rest(
        self,
        records: pa.Table,
        rest: NDArray[np.intp],
        named: NDArray[np.object_],
        row: NDArray[np.int32],
    ) -> None:
        """Fill in what only reading the whole of a record says."""
        for at, reading in zip(rest, self.readings(records.take(pa.array(rest))), strict=True):
            named[at] = reading.home or named[at]
            row[at] = self._leaf_of.get(reading.code or "", -1)

    def readings(self, records: pa.Table) -> list[Reading]:
        """The reading of every record, each distinct one read once; columns as in `find`."""
        cells = [_texts(records, name) for name in _COLUMNS]
        rows = [Fields(*row) for row in zip(*cells, strict=True)]
        found = {fields: self.reader.read_fields(fields) for fields in dict.fromkeys(rows)}
        return [found[fields] for fields in rows]

    def _villages(
        self, kelurahan: pa.ChunkedArray, kecamatan: pa.ChunkedArray
    ) -> NDArray[np.int64]:
        """Position of each record's kelurahan, -1 unknown; each pair of names is read once."""
        pairs = pd.DataFrame({"name": kelurahan.to_pylist(), "above": kecamatan.to_pylist()})
        groups = pairs.groupby(["name", "above"], dropna=False, sort=False)
        number = groups.ngroup().to_numpy()
        distinct = pairs[~pairs.duplicated()].to_numpy(dtype=object)
        found = [self._village(_text(name), _text(above)) for name, above in distinct]
        return np.array(found, dtype=np.int64)[number]

    def _village(self, name: str | None, above: str | None) -> int:
        if name is None:
            return -1
        home = self.reader.read_fields(Fields(kelurahan=name, kecamatan=above)).home
        return -1 if home is None else self.reader.places.village_codes.index(home)


def _keys(
    village: NDArray[np.int64], rw: NDArray[np.int64], rt: NDArray[np.int64]
) -> NDArray[np.int64]:
    key = (village * _A_THOUSAND + rw) * _A_THOUSAND + rt
    known = (village >= 0) & (rw > 0) & (rt >= 0)
    return np.where(known, key, -1)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _texts(records: pa.Table, name: str) -> Sequence[str | None]:
    if name not in records.column_names:
        return [None] * records.num_rows
    texts: list[str | None] = records[name].cast(pa.string()).to_pylist()
    return texts


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
