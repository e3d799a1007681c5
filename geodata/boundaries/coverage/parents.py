"""Polygons of the parents, drawn elsewhere: which one is an area's."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from geodata.areas import parse_rw_label, rw_code
from geodata.boundaries.coverage.topology import Shapes, with_valid_rings
from geodata.boundaries.files.attributes import Signs
from geodata.boundaries.files.columns import Columns, required
from geodata.errors import BoundaryError


@dataclass(frozen=True, eq=False)
class Parents:
    """Polygons of kelurahan or RW in EPSG:4326, and the column that says which each one is.

    The column holds codes of kelurahan, codes of RW (``33.74.06.1010-014``), or, in a file of one
    kelurahan, names of RW (``RW 014``).
    """

    frame: gpd.GeoDataFrame
    code: str

    def of(self, signs: Signs, utm: pyproj.CRS) -> tuple[Shapes, int]:
        """Each area's parent in metres, and how many areas have none.

        Raises
        ------
        BoundaryError
            ``missing-column``; ``no-parents`` if no area has one.
        """
        drawn = self._drawn(utm)
        keys = _keys(signs)
        fitting = [next((drawn[key] for key in some if key in drawn), None) for some in keys]
        unmatched = sum(shape is None for shape in fitting)
        if unmatched == len(fitting):
            raise BoundaryError(
                "no-parents",
                f"No area belongs to a polygon of the parents by the column {self.code}. Its "
                "cells must be the codes of the kelurahan, as in --kelurahan-code, codes of RW, "
                "or names of RW like 'RW 03'.",
                indonesian="Tidak ada wilayah yang cocok dengan poligon wilayah induk menurut "
                f"kolom {self.code}. Isi kolom itu harus kode kelurahan seperti pada "
                "--kelurahan-code, kode RW, atau nama RW seperti 'RW 03'.",
            )
        found = np.empty(len(fitting), dtype=object)
        found[:] = fitting
        return found, unmatched

    def _drawn(self, utm: pyproj.CRS) -> dict[str, shapely.Geometry]:
        """Parents by key; those drawn in several polygons are put together."""
        names = required(self.frame, Columns(code=self.code), "code")
        shapes = with_valid_rings(self.frame.to_crs(utm).geometry.to_numpy())
        groups: dict[str, list[shapely.Geometry]] = {}
        for name, shape in zip(names, shapes, strict=True):
            rw = parse_rw_label(name)
            key = name if rw is None else f"RW {rw}"
            groups.setdefault(key, []).append(shape)
        return {key: shapely.union_all(parts) for key, parts in groups.items()}


def _keys(signs: Signs) -> list[list[str]]:
    """What each area's parent may be called."""
    homes = [None] * len(signs.shown) if signs.homes is None else signs.homes.tolist()
    numbers = signs.numbers or [None] * len(homes)
    one_kelurahan = len(set(homes)) == 1
    keys: list[list[str]] = []
    for home, number in zip(homes, numbers, strict=True):
        own: list[str] = []
        if home is not None and number is not None:
            own.append(rw_code(home, number.rw))
        if home is not None:
            own.append(home)
        if number is not None and one_kelurahan:
            own.append(f"RW {number.rw}")
        keys.append(own)
    return keys
