"""Facts about boundaries for checking and merging records: extents, centres, names of areas."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records.parsing.points import CityReference
from geodata.text.area_names import fold_name
from zoning.placing.placements import Placer


def city_reference(boundaries: Boundaries) -> CityReference:
    """Facts about a city by which the checks find wrong coordinates."""
    west, south, east, north = (float(edge) for edge in boundaries.areas.total_bounds)
    kota = boundaries.level("kota").iloc[0]
    wide = [_middles(boundaries, level) for level in ("kota", "kecamatan")]
    return CityReference(
        extent=(west, south, east, north),
        metres=boundaries.metres.to_string(),
        middles=_middles(boundaries, "kelurahan"),
        wide_middles=np.concatenate(wide),
        name=str(kota["name"]),
        code=str(kota["code"]),
    )


def _middles(boundaries: Boundaries, level: Level) -> NDArray[np.float64]:
    """Centroids of the areas of a level, and centres of their bounding boxes; degrees."""
    shapes = boundaries.level(level).geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    return np.concatenate(
        [shapely.get_coordinates(shapely.centroid(shapes)), (boxes[:, :2] + boxes[:, 2:]) / 2]
    )


def place_names(placer: Placer) -> PlaceNames:
    """Areas and houses by name, for merging records."""
    areas = placer.boundaries.level("kecamatan")
    return PlaceNames(
        kecamatan={
            fold_name(name): code for name, code in zip(areas["name"], areas["code"], strict=True)
        },
        kelurahan=lambda records: placer.addresses.find(records)[0],
        houses=placer.houses,
    )
