"""Where a record lies: by its coordinates, else the nearest area, else what its address names.

The address is its fields, and its free text where they name no RT. A city may believe it before
the coordinates. Coordinates that cannot be right, or cannot tell an RT, never place a record in
one. A placement is derived and never stored: a pure function of records, boundaries and what
people decided on ambiguous addresses.
"""

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.addresses import ColumnReader
from geodata.areas import OTHER
from geodata.boundaries import WGS84, Boundaries
from geodata.houses import HouseReader
from geodata.records.parsing.points import NO_RT, SET_ASIDE, readings_with
from geodata.settings import Preference
from zoning.locating.locator import Locator
from zoning.locating.nearest import Nearest

COORDINATES: Final = "coordinates"
NEAREST: Final = "nearest"
ADDRESS: Final = "address"
UNPLACED: Final = "unplaced"
NON_RESIDENT: Final = "non-resident"
WAYS: Final = (COORDINATES, NEAREST, ADDRESS, UNPLACED, NON_RESIDENT)
"""How a record can be placed."""
ELSEWHERE: Final = "luar kota"
"""Stands for the code of everywhere else."""


class Placement(NamedTuple):
    """Where ``n`` records lie.

    Attributes
    ----------
    leaf
        int32: row of the area in ``boundaries.leaves``, one of kind ``other`` too; -1 unplaced.
    rt
        int32: the same where the leaf is an RT, else -1.
    area
        Object: code of the smallest area that counts the record: the RT; where there is none,
        the kelurahan its leaf lies in or its fields name; else the kota; `ELSEWHERE` for
        somebody who lives in another city.
    how
        Object: one of `WAYS`.
    disagrees
        bool: coordinates and fields name different RT; one was believed by preference.
    """

    leaf: NDArray[np.int32]
    rt: NDArray[np.int32]
    area: NDArray[np.object_]
    how: NDArray[np.object_]
    disagrees: NDArray[np.bool_]


class BothWays(NamedTuple):
    """Where ``n`` records lie by their coordinates, and where by their fields.

    Attributes
    ----------
    point, named
        int32: row of the leaf by each, -1 unplaced.
    how
        Object: ``coordinates``, ``nearest`` or ``unplaced``, of the point.
    kelurahan
        Object: code of the kelurahan the fields name, else of the one a point lies in that
        cannot tell an RT, else None.
    """

    point: NDArray[np.int32]
    named: NDArray[np.int32]
    how: NDArray[np.object_]
    kelurahan: NDArray[np.object_]


class Placer:
    """Places records in one version of the boundaries.

    Parameters
    ----------
    prefer
        What is believed where coordinates and fields name different RT; see
        `geodata.settings.CitySettings`.
    nearest_within
        Metres from the nearest area at which a point outside all of them still belongs to it:
        a house on the edge of a map that was drawn by hand.
    locator
        Of ``boundaries.leaves``, where one is there already.
    decisions
        What people decided on ambiguous addresses; see `geodata.addresses.AddressReader`.
    """

    def __init__(
        self,
        boundaries: Boundaries,
        *,
        prefer: Preference,
        nearest_within: float = 50.0,
        locator: Locator | None = None,
        decisions: Mapping[str, str] | None = None,
    ) -> None:
        self.boundaries = boundaries
        leaves = boundaries.leaves
        self._shapes = leaves.geometry.to_numpy()
        self._locator = Locator(leaves.geometry) if locator is None else locator
        self.addresses = ColumnReader(boundaries, decisions)
        self._within = nearest_within
        self._prefer = prefer
        self.houses = HouseReader.of(boundaries)
        self._metres = boundaries.metres
        self._is_rt = leaves["kind"].to_numpy() != OTHER
        self._kelurahan = boundaries.ancestors("kelurahan")
        self._code = np.where(self._is_rt, leaves["code"].to_numpy(dtype=object), self._kelurahan)
        self._kota = str(boundaries.level("kota")["code"].iloc[0])

    def deciding(self, decisions: Mapping[str, str]) -> "Placer":
        """The same placer with other decisions."""
        other = copy(self)
        other.addresses = self.addresses.deciding(decisions)
        return other

    def place(self, records: pa.Table) -> Placement:
        """Place records.

        Parameters
        ----------
        records
            ``lon``, ``lat`` (float64), ``rt``, ``rw`` (int64), ``kelurahan``, ``kecamatan``
            (text), and ``address`` and ``point_reading`` (text) where there is one; null where
            not known.
        """
        both = self.both_ways(records)
        by_point, by_address = both.point >= 0, both.named >= 0
        if self._prefer == "address":
            by_point &= ~by_address
        by_address &= ~by_point
        how = np.where(by_point, both.how, np.where(by_address, ADDRESS, UNPLACED)).astype(object)
        leaf = np.where(by_point, both.point, np.where(by_address, both.named, -1))
        elsewhere = _flags(records, "non_resident")
        leaf, how = np.where(elsewhere, -1, leaf), np.where(elsewhere, NON_RESIDENT, how)
        is_rt = self._in_rt(leaf)
        return Placement(
            leaf=leaf.astype(np.int32),
            rt=np.where(is_rt, leaf, -1).astype(np.int32),
            area=np.where(elsewhere, ELSEWHERE, self._areas(leaf, both.kelurahan)),
            how=how,
            disagrees=self._in_rt(both.point)
            & (both.named >= 0)
            & (both.point != both.named)
            & ~elsewhere,
        )

    def both_ways(self, records: pa.Table) -> BothWays:
        """Where records lie by each; see `place`."""
        lon, lat = (_floats(records[name]) for name in ("lon", "lat"))
        vague = np.zeros(len(lon), dtype=bool)
        if "point_reading" in records.column_names:
            wrong = readings_with(records["point_reading"], SET_ASIDE)
            lon, lat = (np.where(wrong, np.nan, axis) for axis in (lon, lat))
            vague = readings_with(records["point_reading"], NO_RT)
        found, how = self.place_points(lon, lat)
        kelurahan, named = self.addresses.find(records)
        about = vague & (found >= 0) & pd.isna(kelurahan)
        kelurahan[about] = self._kelurahan[found[about]]
        found[vague], how[vague] = -1, UNPLACED
        return BothWays(found, named, how, kelurahan)

    def _in_rt(self, leaf: NDArray[np.int32]) -> NDArray[np.bool_]:
        return np.asarray((leaf >= 0) & self._is_rt[np.maximum(leaf, 0)])

    def place_points(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
        """Place points alone.

        Returns
        -------
        ndarray, ndarray
            int32 row of the leaf ``(n,)``, -1 unplaced; object, how: never by address.
        """
        leaf = self._locator.locate(lon, lat)
        how = np.full(len(leaf), UNPLACED, dtype=object)
        how[leaf >= 0] = COORDINATES
        outside = np.flatnonzero((leaf < 0) & np.isfinite(lon) & np.isfinite(lat))
        if len(outside):
            leaf[outside] = self._nearest(lon[outside], lat[outside])
            how[outside[leaf[outside] >= 0]] = NEAREST
        return leaf, how

    def _areas(
        self, leaf: NDArray[np.int32], kelurahan: NDArray[np.object_]
    ) -> NDArray[np.object_]:
        known = np.where(leaf >= 0, self._code[np.maximum(leaf, 0)], kelurahan)
        return np.where(pd.isna(known), self._kota, known)

    def _nearest(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int32]:
        """Row of the nearest leaf within reach, the lowest of equally near ones; else -1."""
        x, y = self._projection.transform(lon, lat)
        return self._surroundings.find(x, y, within=self._within)

    @cached_property
    def _surroundings(self) -> Nearest:
        return Nearest(self._in_metres(self._shapes))

    @cached_property
    def _projection(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs(WGS84, self._metres, always_xy=True)

    def _in_metres(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(self._projection.transform(xy[:, 0], xy[:, 1]))

        return np.asarray(shapely.transform(shapes, project), dtype=object)


def _flags(records: pa.Table, name: str) -> NDArray[np.bool_]:
    if name not in records.column_names:
        return np.zeros(records.num_rows, dtype=bool)
    return np.asarray(records[name].fill_null(fill_value=False).to_numpy(zero_copy_only=False))


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
