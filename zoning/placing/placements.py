"""Where a record lies: by its coordinates, else in the nearest area, else by its address.

The address is the fields of the record, and its free text where the fields name no RT. A setting of
the city lets the address win over the coordinates. Coordinates that cannot be right, or are too
coarse for an RT, never place a record in an RT. A placement is never stored: it is a pure function
of records, boundaries and people's decisions on ambiguous addresses.
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
from geodata.records.parsing.points import TOO_VAGUE_FOR_RT, UNUSABLE, rows_with_words
from geodata.settings import Preference
from zoning.locating.locator import Locator
from zoning.locating.nearest import NearestPolygons

COORDINATES: Final = "coordinates"
NEAREST: Final = "nearest"
ADDRESS: Final = "address"
UNPLACED: Final = "unplaced"
NON_RESIDENT: Final = "non-resident"
PLACING_METHODS: Final = (COORDINATES, NEAREST, ADDRESS, UNPLACED, NON_RESIDENT)
"""The ways to place a record."""
ELSEWHERE: Final = "luar kota"
"""In place of an area code: outside the city."""


class Placement(NamedTuple):
    """Where ``n`` records lie.

    Attributes
    ----------
    zone
        int32: row of the smallest zone in ``boundaries.smallest_zones``, of kind ``other`` too;
        -1 unplaced.
    rt
        int32: the same where the zone is an RT, else -1.
    area
        Object: code of the smallest area that counts the record: the RT; without an RT, the
        kelurahan of the zone or of the address; else the kota; `ELSEWHERE` for a person who
        lives in another city.
    methods
        Object: one of `PLACING_METHODS`.
    disagrees
        bool: coordinates and address name different RT; the setting ``prefer`` chose one.
    """

    zone: NDArray[np.int32]
    rt: NDArray[np.int32]
    area: NDArray[np.object_]
    methods: NDArray[np.object_]
    disagrees: NDArray[np.bool_]


class CoordinatesAndAddress(NamedTuple):
    """Where ``n`` records lie by their coordinates, and where by their addresses.

    Attributes
    ----------
    by_coordinates, by_address
        int32: row of the smallest zone, -1 unplaced.
    methods
        Object: ``coordinates``, ``nearest`` or ``unplaced``: how the coordinates were placed.
    kelurahan
        Object: code of the kelurahan that the address names; else, for coordinates too coarse
        for an RT, of the kelurahan that holds the point; else None.
    """

    by_coordinates: NDArray[np.int32]
    by_address: NDArray[np.int32]
    methods: NDArray[np.object_]
    kelurahan: NDArray[np.object_]


class Placer:
    """Places records in one version of the boundaries.

    Parameters
    ----------
    prefer
        Which wins where coordinates and address name different RT; see
        `geodata.settings.CitySettings`.
    nearest_within
        Metres. A point outside every area belongs to the nearest area within this distance:
        hand-drawn maps can miss a house at the edge.
    locator
        A locator for ``boundaries.smallest_zones``, if it exists already.
    decisions
        People's decisions on ambiguous addresses; see `geodata.addresses.AddressReader`.
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
        zones = boundaries.smallest_zones
        self._shapes = zones.geometry.to_numpy()
        self._locator = Locator(zones.geometry) if locator is None else locator
        self.addresses = ColumnReader(boundaries, decisions)
        self._nearest_within = nearest_within
        self._prefer = prefer
        self.houses = HouseReader.of(boundaries)
        self._metres = boundaries.metres
        self._is_rt = zones["kind"].to_numpy() != OTHER
        self._kelurahan = boundaries.ancestors("kelurahan")
        self._code = np.where(self._is_rt, zones["code"].to_numpy(), self._kelurahan)
        self._kota = str(boundaries.level("kota")["code"].iloc[0])

    def with_decisions(self, decisions: Mapping[str, str]) -> "Placer":
        """A copy of this placer with other decisions."""
        placer = copy(self)
        placer.addresses = self.addresses.with_decisions(decisions)
        return placer

    def place(self, records: pa.Table) -> Placement:
        """Place records.

        Parameters
        ----------
        records
            ``lon``, ``lat`` (float64, degrees, EPSG:4326), ``rt``, ``rw`` (int64), ``kelurahan``,
            ``kecamatan`` (text); optional: ``address``, ``point_reading`` (text) and
            ``non_resident`` (bool). Null where unknown.
        """
        evidence = self.by_coordinates_and_by_address(records)
        use_address = evidence.by_address >= 0
        if self._prefer == "coordinates":
            use_address &= evidence.by_coordinates < 0
        zone = np.where(use_address, evidence.by_address, evidence.by_coordinates)
        methods = np.where(use_address, ADDRESS, evidence.methods)
        non_resident = _flags(records, "non_resident")
        zone, methods = (
            np.where(non_resident, -1, zone),
            np.where(non_resident, NON_RESIDENT, methods),
        )
        return Placement(
            zone=zone,
            rt=np.where(self._in_rt(zone), zone, -1),
            area=np.where(non_resident, ELSEWHERE, self._areas(zone, evidence.kelurahan)),
            methods=methods,
            disagrees=self._in_rt(evidence.by_coordinates)
            & (evidence.by_address >= 0)
            & (evidence.by_coordinates != evidence.by_address)
            & ~non_resident,
        )

    def by_coordinates_and_by_address(self, records: pa.Table) -> CoordinatesAndAddress:
        """Where records lie by their coordinates, and where by their addresses; see `place`."""
        lon, lat = (np.asarray(records[name]) for name in ("lon", "lat"))
        vague = np.zeros(len(lon), dtype=bool)
        if "point_reading" in records.column_names:
            set_aside = rows_with_words(records["point_reading"], UNUSABLE)
            lon, lat = (np.where(set_aside, np.nan, axis) for axis in (lon, lat))
            vague = rows_with_words(records["point_reading"], TOO_VAGUE_FOR_RT)
        by_coordinates, methods = self.place_points(lon, lat)
        kelurahan, by_address = self.addresses.find(records)
        only_kelurahan = vague & (by_coordinates >= 0) & pd.isna(kelurahan)
        kelurahan[only_kelurahan] = self._kelurahan[by_coordinates[only_kelurahan]]
        by_coordinates[vague], methods[vague] = -1, UNPLACED
        return CoordinatesAndAddress(by_coordinates, by_address, methods, kelurahan)

    def _in_rt(self, zone: NDArray[np.int32]) -> NDArray[np.bool_]:
        return np.asarray((zone >= 0) & self._is_rt[np.maximum(zone, 0)])

    def place_points(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
        """Place points, without addresses.

        Parameters
        ----------
        lon, lat
            Degrees, EPSG:4326; shape ``(n,)``.

        Returns
        -------
        ndarray, ndarray
            int32 row of the smallest zone, -1 unplaced; object, ``coordinates``, ``nearest`` or
            ``unplaced``. Shape ``(n,)``.
        """
        zone = self._locator.locate(lon, lat)
        methods = np.full(len(zone), UNPLACED, dtype=object)
        methods[zone >= 0] = COORDINATES
        outside = np.flatnonzero((zone < 0) & np.isfinite(lon) & np.isfinite(lat))
        if len(outside):
            zone[outside] = self._nearest(lon[outside], lat[outside])
            methods[outside[zone[outside] >= 0]] = NEAREST
        return zone, methods

    def _areas(
        self, zone: NDArray[np.int32], kelurahan: NDArray[np.object_]
    ) -> NDArray[np.object_]:
        codes = np.where(zone >= 0, self._code[np.maximum(zone, 0)], kelurahan)
        return np.where(pd.isna(codes), self._kota, codes)

    def _nearest(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int32]:
        """Row of the nearest zone within `nearest_within`, the lowest of equally near; else -1."""
        x, y = self._projection.transform(lon, lat)
        return self._nearest_polygons.find(x, y, within=self._nearest_within)

    @cached_property
    def _nearest_polygons(self) -> NearestPolygons:
        return NearestPolygons(shapely.transform(self._shapes, self._to_metres))

    @cached_property
    def _projection(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs(WGS84, self._metres, always_xy=True)

    def _to_metres(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points ``(n, 2)`` in the UTM zone of the city."""
        return np.column_stack(self._projection.transform(*degrees.T))


def _flags(records: pa.Table, name: str) -> NDArray[np.bool_]:
    if name not in records.column_names:
        return np.zeros(records.num_rows, dtype=bool)
    return np.asarray(records[name].fill_null(fill_value=False))
