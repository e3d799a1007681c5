"""The polygons of a file's rows: taken out of collections, and rows that have none named."""

from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.boundaries.files.rows import listed
from geodata.errors import BoundaryError

_POLYGON: Final = int(shapely.GeometryType.POLYGON)
_MULTIPOLYGON: Final = int(shapely.GeometryType.MULTIPOLYGON)
_COLLECTION: Final = int(shapely.GeometryType.GEOMETRYCOLLECTION)
_KINDS: Final = {
    -1: "nothing, or a kind of shape that is not read here",
    int(shapely.GeometryType.POINT): "a point",
    int(shapely.GeometryType.MULTIPOINT): "a point",
    int(shapely.GeometryType.LINESTRING): "a line",
    int(shapely.GeometryType.LINEARRING): "a line",
    int(shapely.GeometryType.MULTILINESTRING): "a line",
    _COLLECTION: "a collection without a polygon",
    _POLYGON: "an empty polygon",
    _MULTIPOLYGON: "an empty polygon",
}


class Polygons(NamedTuple):
    """Rows with their polygons in two dimensions.

    ``lacking (n,)`` flags rows that have none; ``remarks`` say what was taken for what.
    """

    frame: gpd.GeoDataFrame
    lacking: NDArray[np.bool_]
    remarks: tuple[str, ...]


def polygons_of(rows: pd.DataFrame, path: Path) -> Polygons:
    """Polygons of rows, those of a collection without its points and lines.

    Raises
    ------
    BoundaryError
        ``not-polygons`` if the rows know no shapes; ``empty`` if there is no row.
    """
    if not isinstance(rows, gpd.GeoDataFrame):
        raise BoundaryError(
            "not-polygons", f"{path.name} is a table without shapes. A file of polygons is wanted."
        )
    if len(rows) == 0:
        raise BoundaryError("empty", f"{path.name} holds no polygon. At least one is wanted.")
    shapes, taken = _out_of_collections(rows.geometry.to_numpy())
    others = [name for name in rows.columns if name not in {rows.geometry.name, "geometry"}]
    attributes = pd.DataFrame(rows[others]).reset_index(drop=True)
    frame = gpd.GeoDataFrame(attributes, geometry=shapely.force_2d(shapes), crs=rows.crs)
    remarks: tuple[str, ...] = ()
    if bool(taken.any()):
        remarks = (_taken(listed(frame, taken)),)
    return Polygons(frame, ~_is_polygon(shapes), remarks)


def _taken(rows: str) -> str:
    return (
        f"Of collections of shapes the polygons were taken, and points and lines left out: {rows}."
    )


def refuse_lacking(frame: gpd.GeoDataFrame, lacking: NDArray[np.bool_], path: Path) -> None:
    """Refuse rows without polygons, by number and by what they are.

    Raises
    ------
    BoundaryError
        ``not-polygons``.
    """
    if not bool(lacking.any()):
        return
    kinds = shapely.get_type_id(frame.geometry.to_numpy()[lacking])
    what = " or ".join(dict.fromkeys(_KINDS.get(int(kind), "no polygon") for kind in kinds))
    raise BoundaryError(
        "not-polygons",
        f"{int(lacking.sum())} of {len(frame)} rows of {path.name} are no polygons but {what}: "
        f"{listed(frame, lacking)}. Draw them, or leave them out with --leave-out no-polygon.",
    )


def _out_of_collections(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """The shapes, with the polygons of a collection in its place, and which were taken."""
    mixed = shapely.get_type_id(shapes) == _COLLECTION
    taken = np.zeros(len(shapes), dtype=bool)
    found = shapes.copy()
    for row in np.flatnonzero(mixed):
        parts = _polygons_inside(shapes[row])
        if parts:
            found[row] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
            taken[row] = True
    return found, taken


def _polygons_inside(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    found = []
    for part in parts:
        if isinstance(part, shapely.Polygon):
            found.append(part)
        elif isinstance(part, shapely.MultiPolygon | shapely.GeometryCollection):
            found += _polygons_inside(part)
    return found


def _is_polygon(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    kinds = shapely.get_type_id(shapes)
    return np.asarray(np.isin(kinds, (_POLYGON, _MULTIPOLYGON)) & ~shapely.is_empty(shapes))
