"""Extract the polygons of the rows of a file, and report rows without polygons."""

from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.boundaries.files.rows import list_rows
from geodata.errors import BoundaryError
from geodata.language import Bilingual

_POLYGON: Final = int(shapely.GeometryType.POLYGON)
_MULTIPOLYGON: Final = int(shapely.GeometryType.MULTIPOLYGON)
_COLLECTION: Final = int(shapely.GeometryType.GEOMETRYCOLLECTION)
_KINDS: Final = {
    -1: Bilingual(
        "kosong, atau jenis geometri yang tidak didukung",
        "empty, or an unsupported kind of geometry",
    ),
    int(shapely.GeometryType.POINT): Bilingual("titik", "a point"),
    int(shapely.GeometryType.MULTIPOINT): Bilingual("titik", "a point"),
    int(shapely.GeometryType.LINESTRING): Bilingual("garis", "a line"),
    int(shapely.GeometryType.LINEARRING): Bilingual("garis", "a line"),
    int(shapely.GeometryType.MULTILINESTRING): Bilingual("garis", "a line"),
    _COLLECTION: Bilingual("kumpulan geometri tanpa poligon", "a collection without a polygon"),
    _POLYGON: Bilingual("poligon kosong", "an empty polygon"),
    _MULTIPOLYGON: Bilingual("poligon kosong", "an empty polygon"),
}
_NO_POLYGON: Final = Bilingual("bukan poligon", "no polygon")


class PolygonRows(NamedTuple):
    """Rows with polygons in two dimensions.

    ``lacking (n,)`` flags rows without a polygon; ``remarks`` report collections.
    """

    frame: gpd.GeoDataFrame
    lacking: NDArray[np.bool_]
    remarks: tuple[Bilingual, ...]


def extract_polygons(rows: pd.DataFrame, path: Path) -> PolygonRows:
    """Extract the polygons of rows; points and lines in collections are removed.

    Raises
    ------
    BoundaryError
        ``not-polygons`` for rows without geometry; ``empty`` for no rows.
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
            f"{path.name} has no polygon. Give at least one.",
            indonesian=f"{path.name} tidak memuat poligon. Berikan sedikitnya satu poligon.",
        )
    geometries, is_replaced = _replace_collections(rows.geometry.to_numpy())
    attribute_columns = [
        name for name in rows.columns if name not in {rows.geometry.name, "geometry"}
    ]
    attributes = pd.DataFrame(rows[attribute_columns]).reset_index(drop=True)
    frame = gpd.GeoDataFrame(attributes, geometry=shapely.force_2d(geometries), crs=rows.crs)
    remarks: tuple[Bilingual, ...] = ()
    if bool(is_replaced.any()):
        remarks = (_collection_remark(frame, is_replaced),)
    return PolygonRows(frame, ~_is_polygon(geometries), remarks)


def _collection_remark(frame: gpd.GeoDataFrame, rows: NDArray[np.bool_]) -> Bilingual:
    return Bilingual(
        "Dari kumpulan geometri hanya poligon yang dipakai, bukan titik dan garisnya: "
        f"{list_rows(frame, rows, language='id')}.",
        "Only the polygons of geometry collections are used, not their points and lines: "
        f"{list_rows(frame, rows)}.",
    )


def check_polygons_exist(frame: gpd.GeoDataFrame, lacking: NDArray[np.bool_], path: Path) -> None:
    """Raise for rows without polygons; the message names rows and kinds of geometry.

    Raises
    ------
    BoundaryError
        ``not-polygons``.
    """
    if not bool(lacking.any()):
        return
    kinds = shapely.get_type_id(frame.geometry.to_numpy()[lacking])
    kind_names = dict.fromkeys(_KINDS.get(int(kind), _NO_POLYGON) for kind in kinds)
    kinds_text = Bilingual(
        " atau ".join(kind.id for kind in kind_names), " or ".join(kind.en for kind in kind_names)
    )
    raise BoundaryError(
        "not-polygons",
        f"{int(lacking.sum())} of {len(frame)} rows of {path.name} are not polygons but "
        f"{kinds_text.en}: {list_rows(frame, lacking)}. Draw them, or exclude them with "
        "--leave-out no-polygon.",
        indonesian=f"{int(lacking.sum())} dari {len(frame)} baris {path.name} bukan poligon "
        f"melainkan {kinds_text.id}: {list_rows(frame, lacking, language='id')}. Gambar "
        "poligonnya, atau keluarkan baris itu dengan --leave-out no-polygon.",
    )


def _replace_collections(
    geometries: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Replace collections by their polygons; also return flags of the replaced rows."""
    is_collection = shapely.get_type_id(geometries) == _COLLECTION
    is_replaced = np.zeros(len(geometries), dtype=bool)
    result = geometries.copy()
    for row in np.flatnonzero(is_collection):
        parts = _polygons_inside(geometries[row])
        if parts:
            result[row] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
            is_replaced[row] = True
    return result, is_replaced


def _polygons_inside(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    parts = [part for part in shapely.get_parts(geometry) if not part.is_empty]
    polygons = []
    for part in parts:
        if isinstance(part, shapely.Polygon):
            polygons.append(part)
        elif isinstance(part, shapely.MultiPolygon | shapely.GeometryCollection):
            polygons += _polygons_inside(part)
    return polygons


def _is_polygon(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    kinds = shapely.get_type_id(geometries)
    return np.asarray(np.isin(kinds, (_POLYGON, _MULTIPOLYGON)) & ~shapely.is_empty(geometries))
