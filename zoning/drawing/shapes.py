"""Simplified shapes of a city for drawing: neighbours keep sharing one line, only with fewer bends.

For looking at, not for finding out what lies where; that is `zoning.locating.locator`.
"""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.boundaries.coverage.topology import united
from geodata.boundaries.versions.model import WGS84
from zoning.drawing.packing import packed_shapes

_METRES: Final = 6.0
"""How far outlines over tiles may be off: a pixel of the zoom where they still are drawn."""
_CLOSEST: Final = 15
_METRES_KEPT: Final = 3.0
"""How far the RT of a page that has no tiles may be off."""
_DECIMALS: Final = 6
"""Of a degree: ten centimetres."""
Shapes = NDArray[np.object_]


def outlines(boundaries: Boundaries) -> dict[str, Any]:
    """Kelurahan and kecamatan for a page whose zones are tiles: their shapes, codes and names.

    Returns
    -------
    dict
        ``kelurahan`` and ``kecamatan``, and ``closest``: the zoom from which on these lines would
        lie visibly beside those of the tiles.
    """
    metres = boundaries.level("kelurahan").geometry.to_crs(boundaries.metres).to_numpy()
    return _outlines(boundaries, _simplified(metres, boundaries, _METRES), _CLOSEST)


def kept_shapes(boundaries: Boundaries) -> tuple[dict[str, str], dict[str, Any]]:
    """The leaves for a page that has no tiles, and outlines that lie exactly on their edges."""
    metres = boundaries.leaves.geometry.to_crs(boundaries.metres).to_numpy()
    leaves = _simplified(metres, boundaries, _METRES_KEPT)
    above = boundaries.ancestors("kelurahan")
    kelurahan = _united(leaves, above, boundaries.level("kelurahan")["code"])
    return packed_shapes(leaves), _outlines(boundaries, kelurahan, closest=99)


def _outlines(boundaries: Boundaries, kelurahan: Shapes, closest: int) -> dict[str, Any]:
    inner, outer = boundaries.level("kelurahan"), boundaries.level("kecamatan")
    kecamatan = _united(kelurahan, inner["parent"].to_numpy(), outer["code"])
    row_of = {code: row for row, code in enumerate(outer["code"])}
    within = [row_of.get(parent, -1) for parent in inner["parent"]]
    return {
        "kelurahan": {**_areas(inner, kelurahan), "within": within},
        "kecamatan": _areas(outer, kecamatan),
        "closest": closest,
    }


def _areas(areas: gpd.GeoDataFrame, shapes: Shapes) -> dict[str, Any]:
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return {
        "codes": areas["code"].tolist(),
        "names": areas["name"].tolist(),
        "labels": np.round(points[:, ::-1], _DECIMALS).tolist(),
        "shapes": packed_shapes(shapes),
    }


def _united(shapes: Shapes, above: NDArray[np.object_], codes: Iterable[str]) -> Shapes:
    unions = [united(shapes[above == code]) for code in codes]
    return np.array(unions, dtype=object)


def _simplified(metres: Shapes, boundaries: Boundaries, tolerance: float) -> Shapes:
    simple = shapely.coverage_simplify(metres, tolerance)
    # A shape smaller than the tolerance may vanish; better its own than none.
    simple = np.where(shapely.is_empty(simple), metres, simple)
    degrees = gpd.GeoSeries(simple, crs=boundaries.metres).to_crs(WGS84).to_numpy()
    found: Shapes = shapely.transform(degrees, lambda xy: np.round(xy, _DECIMALS))
    return found
