"""Coordinate systems of answers and questions, each with the order of its axes.

Inside, coordinates always run x (east) before y (north), whatever an authority says. EPSG:4326
says latitude first: there, and only there, coordinates are swapped on the way in and out.
"""

from typing import Final, NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.boundaries import WGS84, Boundaries
from geodata.errors import InputError

_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_DEGREES: Final = 7
"""Decimals of a degree: a centimetre."""
_METRES: Final = 2


class Crs(NamedTuple):
    """A coordinate system by its address."""

    uri: str
    plane: str
    """What coordinates are in once they run x before y."""
    latitude_first: bool
    decimals: int

    @property
    def short(self) -> str:
        """Its authority and code, like ``EPSG:32749``."""
        authority, _, code = self.uri.split("/")[-3:]
        return f"{authority}:{code}"


CRS84: Final = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84, False, _DEGREES)
_EPSG_4326: Final = Crs(f"{_EPSG}4326", WGS84, True, _DEGREES)
_MERCATOR: Final = Crs(f"{_EPSG}3857", "EPSG:3857", False, _METRES)
_UTM_49S: Final = Crs(f"{_EPSG}32749", "EPSG:32749", False, _METRES)


def offered(boundaries: Boundaries) -> dict[str, Crs]:
    """Systems that may be asked for, by address: degrees, Web Mercator, UTM 49S, the city's UTM."""
    code = boundaries.metres.to_epsg()
    own = Crs(f"{_EPSG}{code}", f"EPSG:{code}", False, _METRES)
    return {crs.uri: crs for crs in (CRS84, _EPSG_4326, _MERCATOR, _UTM_49S, own)}


def find(asked: str, among: dict[str, Crs], parameter: str) -> Crs:
    """The system of an address or a short name like ``EPSG:32749`` or ``[EPSG:32749]``.

    Raises
    ------
    InputError
        ``unknown-crs``.
    """
    for crs in among.values():
        if asked in {crs.uri, crs.short, f"[{crs.short}]"}:
            return crs
    raise InputError(
        "unknown-crs",
        f"{parameter}: That coordinate system is not offered. Ask for one of {', '.join(among)}.",
        indonesian=f"{parameter}: Sistem koordinat itu tidak tersedia. Yang tersedia: "
        f"{', '.join(among)}.",
    )


def projected(shapes: NDArray[np.object_], plane: str) -> NDArray[np.object_]:
    """Shapes in degrees, longitude first, as they lie in another plane, x first."""
    if plane == WGS84:
        return shapes
    along = pyproj.Transformer.from_crs(WGS84, plane, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(along.transform(points[:, 0], points[:, 1]))

    found: NDArray[np.object_] = shapely.transform(shapes, moved)
    return found


def swapped(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes with their two axes exchanged."""
    found: NDArray[np.object_] = shapely.transform(shapes, lambda points: points[:, ::-1])
    return found
