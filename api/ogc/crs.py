"""Coordinate reference systems of requests and responses, with the order of their axes.

Inside the program, x (east) always comes before y (north). EPSG:4326 defines latitude first: only
for this system, coordinates are swapped when they are read and written.
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
    """A coordinate reference system."""

    uri: str
    plane: str
    """Name of the system with x before y."""
    latitude_first: bool
    decimals: int

    @property
    def short(self) -> str:
        """Authority and code, like ``EPSG:32749``."""
        authority, _, code = self.uri.split("/")[-3:]
        return f"{authority}:{code}"


CRS84: Final = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84, False, _DEGREES)
_EPSG_4326: Final = Crs(f"{_EPSG}4326", WGS84, True, _DEGREES)
_MERCATOR: Final = Crs(f"{_EPSG}3857", "EPSG:3857", False, _METRES)
_UTM_49S: Final = Crs(f"{_EPSG}32749", "EPSG:32749", False, _METRES)


def available_crs(boundaries: Boundaries) -> dict[str, Crs]:
    """Available systems by URI: degrees, Web Mercator, UTM 49S, the UTM zone of the city."""
    code = boundaries.metres.to_epsg()
    city_utm = Crs(f"{_EPSG}{code}", f"EPSG:{code}", False, _METRES)
    return {crs.uri: crs for crs in (CRS84, _EPSG_4326, _MERCATOR, _UTM_49S, city_utm)}


def find_crs(name: str, available: dict[str, Crs], parameter: str) -> Crs:
    """The system with a URI or a short name like ``EPSG:32749`` or ``[EPSG:32749]``.

    Raises
    ------
    InputError
        ``unknown-crs``.
    """
    for crs in available.values():
        if name in {crs.uri, crs.short, f"[{crs.short}]"}:
            return crs
    raise InputError(
        "unknown-crs",
        f"{parameter}: That coordinate system is not available. Write one of "
        f"{', '.join(available)}.",
        indonesian=f"{parameter}: Sistem koordinat itu tidak tersedia. Tulis salah satu dari "
        f"{', '.join(available)}.",
    )


def project(shapes: NDArray[np.object_], plane: str) -> NDArray[np.object_]:
    """Project shapes from degrees, longitude first, to another system, x first."""
    if plane == WGS84:
        return shapes
    transformer = pyproj.Transformer.from_crs(WGS84, plane, always_xy=True)

    def project_points(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    projected: NDArray[np.object_] = shapely.transform(shapes, project_points)
    return projected


def swap_axes(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes with x and y exchanged."""
    swapped: NDArray[np.object_] = shapely.transform(shapes, lambda points: points[:, ::-1])
    return swapped
