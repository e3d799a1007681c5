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
from geodata.language import Bilingual

_POLYGON: Final = int(shapely.GeometryType.POLYGON)
_MULTIPOLYGON: Final = int(shapely.GeometryType.MULTIPOLYGON)
_COLLECTION: Final = int(shapely.GeometryType.GEOMETRYCOLLECTION)
_KINDS: Final = {
    -1: Bilingual(
        "kosong, atau jenis bentuk yang tidak dibaca di sini",
        "nothing, or a kind of shape that is not read here",
    ),
    int(shapely.GeometryType.POINT): Bilingual("titik", "a point"),
    int(shapely.GeometryType.MULTIPOINT): Bilingual("titik", "a point"),
    int(shapely.GeometryType.LINESTRING): Bilingual("garis", "a line"),
    int(shapely.GeometryType.LINEARRING): Bilingual("garis", "a line"),
    int(shapely.GeometryType.MULTILINESTRING): Bilingual("garis", "a line"),
    _COLLECTION: Bilingual("kumpulan bentuk tanpa poligon", "a collection without a polygon"),
    _POLYGON: Bilingual("poligon kosong", "an empty polygon"),
    _MULTIPOLYGON: Bilingual("poligon kosong", "an empty polygon"),
}
_NO_POLYGON: Final = Bilingual("bukan poligon", "no polygon")


class Polygons(NamedTuple):
    """Rows with their polygons in two dimensions.

    ``lacking (n,)`` flags rows that have none; ``remarks`` say what was taken for what.
    """

    frame: gpd.GeoDataFrame
    lacking: NDArray[np.bool_]
    remarks: tuple[Bilingual, ...]


def polygons_of(rows: pd.DataFrame, path: Path) -> Polygons:
    """Polygons of rows, those of a collection without its points and lines.

    Raises
    ------
    BoundaryError
        ``not-polygons`` if the rows know no shapes; ``empty`` if there is no row.
    """
    if not isinstance(rows, gpd.GeoDataFrame):
        raise BoundaryError(
            "not-polygons",
            f"{path.name} is a table without polygons. Give a file of polygons.",
            indonesian=f"{path.name} adalah tabel tanpa poligon. Berikan berkas yang berisi "
            "poligon.",
        )
    if len(rows) == 0:
        raise BoundaryError(
            "empty",
            f"{path.name} holds no polygon. Give at least one.",
            indonesian=f"{path.name} tidak memuat poligon. Berikan sedikitnya satu poligon.",
        )
    shapes, taken = _out_of_collections(rows.geometry.to_numpy())
    others = [name for name in rows.columns if name not in {rows.geometry.name, "geometry"}]
    attributes = pd.DataFrame(rows[others]).reset_index(drop=True)
    frame = gpd.GeoDataFrame(attributes, geometry=shapely.force_2d(shapes), crs=rows.crs)
    remarks: tuple[Bilingual, ...] = ()
    if bool(taken.any()):
        remarks = (_taken(frame, taken),)
    return Polygons(frame, ~_is_polygon(shapes), remarks)


def _taken(frame: gpd.GeoDataFrame, rows: NDArray[np.bool_]) -> Bilingual:
    return Bilingual(
        "Dari kumpulan bentuk hanya poligon yang diambil; titik dan garis dikeluarkan: "
        f"{listed(frame, rows, language='id')}.",
        "Of collections of shapes the polygons were taken, and points and lines left out: "
        f"{listed(frame, rows)}.",
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
    named = dict.fromkeys(_KINDS.get(int(kind), _NO_POLYGON) for kind in kinds)
    what = Bilingual(
        " atau ".join(kind.id for kind in named), " or ".join(kind.en for kind in named)
    )
    raise BoundaryError(
        "not-polygons",
        f"{int(lacking.sum())} of {len(frame)} rows of {path.name} are not polygons but {what.en}: "
        f"{listed(frame, lacking)}. Draw them, or leave them out with --leave-out no-polygon.",
        indonesian=f"{int(lacking.sum())} dari {len(frame)} baris {path.name} bukan poligon "
        f"melainkan {what.id}: {listed(frame, lacking, language='id')}. Gambar poligonnya, atau "
        "keluarkan baris itu dengan --leave-out no-polygon.",
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
