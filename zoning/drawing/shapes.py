"""Simplified shapes of a city for drawing: neighbours keep sharing one line, only with fewer bends.

For looking at, not for finding out what lies where; that is `zoning.locate`.
"""

import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.boundaries.model import WGS84
from zoning.drawing.palette import TINTS

_TOLERANCE: Final = 25.0
"""Metres: three pixels of the picture the outlines lie on."""
_DECIMALS: Final = 5
"""Of a degree: one metre."""


def outlines(boundaries: Boundaries, risks: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Kelurahan and kecamatan as GeoJSON features with how many of their RT have each colour.

    Both are drawn from the same simplified lines. A feature also says where its name may stand.
    """
    kelurahan = boundaries.level("kelurahan")
    shapes = _simplified(kelurahan, boundaries)
    parents = kelurahan["parent"].to_numpy()
    kecamatan = boundaries.level("kecamatan")
    unions = [shapely.coverage_union_all(shapes[parents == code]) for code in kecamatan["code"]]
    features = _features(kecamatan, np.array(unions, dtype=object))
    features += _features(kelurahan, shapes)
    counts = colour_counts(boundaries.ancestors("kelurahan"), risks)
    counts |= colour_counts(boundaries.ancestors("kecamatan"), risks)
    for feature in features:
        feature["properties"]["counts"] = counts.get(feature["properties"]["code"], [0] * 4)
    return features


def coloured(boundaries: Boundaries, risks: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """The RT that are not green as GeoJSON features with their risk and where they lie."""
    leaves = boundaries.leaves
    chosen = (risks > 0) & (risks < len(TINTS))
    rt = leaves[chosen].reset_index(drop=True)
    if rt.empty:
        return []
    features = _features(rt, _simplified(rt, boundaries))
    names = dict(zip(boundaries.areas["code"], boundaries.areas["name"], strict=True))
    above = {level: boundaries.ancestors(level)[chosen] for level in ("kelurahan", "kecamatan")}
    for row, feature in enumerate(features):
        feature["properties"]["risk"] = int(risks[chosen][row])
        for level, codes in above.items():
            feature["properties"][level] = names.get(codes[row], "")
    return features


def colour_counts(codes: NDArray[np.object_], risks: NDArray[np.uint8]) -> dict[str, list[int]]:
    """How many leaves of each risk belong to each code."""
    known, place = np.unique(codes.astype(str), return_inverse=True)
    judged = risks < len(TINTS)
    counts = np.zeros((len(known), len(TINTS)), dtype=np.int64)
    np.add.at(counts, (place[judged], risks[judged]), 1)
    return dict(zip(known.tolist(), counts.tolist(), strict=True))


def _simplified(areas: gpd.GeoDataFrame, boundaries: Boundaries) -> NDArray[np.object_]:
    metres = areas.geometry.to_crs(boundaries.metres).to_numpy()
    simple = shapely.coverage_simplify(metres, _TOLERANCE)
    # A shape smaller than the tolerance may vanish; better its own than none.
    simple = np.where(shapely.is_empty(simple), metres, simple)
    degrees = gpd.GeoSeries(simple, crs=boundaries.metres).to_crs(WGS84).to_numpy()
    found: NDArray[np.object_] = shapely.transform(degrees, lambda xy: np.round(xy, _DECIMALS))
    return found


def _features(areas: gpd.GeoDataFrame, shapes: NDArray[np.object_]) -> list[dict[str, Any]]:
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {
                "code": code,
                "name": name,
                "level": level,
                "label": [round(float(lat), _DECIMALS), round(float(lon), _DECIMALS)],
            },
        }
        for code, name, level, shape, (lon, lat) in zip(
            areas["code"], areas["name"], areas["level"], shapes, points, strict=True
        )
    ]
