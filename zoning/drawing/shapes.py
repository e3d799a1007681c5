"""Simplified shapes of a city for drawing: neighbours keep sharing one line, only with fewer bends.

For looking at, not for finding out what lies where; that is `zoning.locate`.
"""

import json
from functools import lru_cache
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.boundaries.model import WGS84
from zoning.drawing.palette import TINTS

_STEPS: Final = 1200
"""A city's outlines may be off by this part of its width: less than a pixel of most screens."""
_DECIMALS: Final = 6
"""Of a degree: ten centimetres."""


def outlines(boundaries: Boundaries, risks: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Kelurahan and kecamatan as GeoJSON features with how many of their RT have each colour.

    Both are drawn from the same simplified lines. A feature also says where its name may stand.
    """
    drawn = _drawn(boundaries)
    counts: dict[str, list[int]] = {}
    for codes in drawn.above:
        counts |= colour_counts(codes, risks)
    return [
        {**feature, "properties": {**about, "counts": counts.get(about["code"], [0] * 4)}}
        for feature in drawn.features
        for about in [feature["properties"]]
    ]


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


class _Outlines(NamedTuple):
    features: list[dict[str, Any]]
    above: tuple[NDArray[np.object_], ...]
    """Codes of every leaf's kelurahan and kecamatan."""


@lru_cache(maxsize=4)
def _drawn(boundaries: Boundaries) -> _Outlines:
    """What of the outlines is the same every day."""
    kelurahan, kecamatan = boundaries.level("kelurahan"), boundaries.level("kecamatan")
    shapes = _simplified(kelurahan, boundaries)
    parents = kelurahan["parent"].to_numpy()
    unions = [shapely.coverage_union_all(shapes[parents == code]) for code in kecamatan["code"]]
    return _Outlines(
        _features(kecamatan, np.array(unions, dtype=object)) + _features(kelurahan, shapes),
        (boundaries.ancestors("kelurahan"), boundaries.ancestors("kecamatan")),
    )


def _simplified(areas: gpd.GeoDataFrame, boundaries: Boundaries) -> NDArray[np.object_]:
    metres = areas.geometry.to_crs(boundaries.metres).to_numpy()
    city = boundaries.level("kota").geometry.to_crs(boundaries.metres)
    west, _, east, _ = city.total_bounds
    simple = shapely.coverage_simplify(metres, (east - west) / _STEPS)
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
