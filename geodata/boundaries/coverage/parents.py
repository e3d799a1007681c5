"""Polygons of the parents from another file, and the parent of each area."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from geodata.areas import parse_rw_label, rw_code
from geodata.boundaries.coverage.topology import Shapes, repair_rings
from geodata.boundaries.files.attributes import Attributes
from geodata.boundaries.files.columns import Columns, required_texts
from geodata.errors import BoundaryError


@dataclass(frozen=True, eq=False)
class ParentPolygons:
    """Polygons of kelurahan or RW in EPSG:4326, and their column of codes.

    The column has codes of kelurahan, codes of RW (``33.74.06.1010-014``), or, in a file of one
    kelurahan, names of RW (``RW 014``).
    """

    frame: gpd.GeoDataFrame
    code: str

    def match(self, attributes: Attributes, utm: pyproj.CRS) -> tuple[Shapes, int]:
        """Parent polygon of each area in metres, and the number of areas without a parent.

        Raises
        ------
        BoundaryError
            ``missing-column``; ``no-parents`` if no area has a parent.
        """
        polygon_by_key = self._polygons_by_key(utm)
        keys = _keys(attributes)
        matches = [
            next((polygon_by_key[key] for key in area_keys if key in polygon_by_key), None)
            for area_keys in keys
        ]
        unmatched = sum(polygon is None for polygon in matches)
        if unmatched == len(matches):
            raise BoundaryError(
                "no-parents",
                f"No area belongs to a polygon of the parents by the column {self.code}. The "
                "cells must be the codes of the kelurahan, as in --kelurahan-code, codes of RW, "
                "or names of RW like 'RW 03'.",
                indonesian="Tidak ada wilayah yang cocok dengan poligon wilayah induk menurut "
                f"kolom {self.code}. Isi kolom itu harus kode kelurahan seperti pada "
                "--kelurahan-code, kode RW, atau nama RW seperti 'RW 03'.",
            )
        array = np.empty(len(matches), dtype=object)
        array[:] = matches
        return array, unmatched

    def _polygons_by_key(self, utm: pyproj.CRS) -> dict[str, shapely.Geometry]:
        """Parents by key; several polygons of one parent are merged."""
        names = required_texts(self.frame, Columns(code=self.code), "code")
        polygons = repair_rings(self.frame.to_crs(utm).geometry.to_numpy())
        groups: dict[str, list[shapely.Geometry]] = {}
        for name, polygon in zip(names, polygons, strict=True):
            rw = parse_rw_label(name)
            key = name if rw is None else f"RW {rw}"
            groups.setdefault(key, []).append(polygon)
        return {key: shapely.union_all(parts) for key, parts in groups.items()}


def _keys(attributes: Attributes) -> list[list[str]]:
    """Possible keys of the parent of each area."""
    kelurahan_codes = (
        [None] * len(attributes.shown)
        if attributes.kelurahan_codes is None
        else attributes.kelurahan_codes.tolist()
    )
    numbers = attributes.numbers or [None] * len(kelurahan_codes)
    is_one_kelurahan = len(set(kelurahan_codes)) == 1
    keys: list[list[str]] = []
    for kelurahan_code, number in zip(kelurahan_codes, numbers, strict=True):
        area_keys: list[str] = []
        if kelurahan_code is not None and number is not None:
            area_keys.append(rw_code(kelurahan_code, number.rw))
        if kelurahan_code is not None:
            area_keys.append(kelurahan_code)
        if number is not None and is_one_kelurahan:
            area_keys.append(f"RW {number.rw}")
        keys.append(area_keys)
    return keys
