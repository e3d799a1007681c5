"""Check the kelurahan or RW to divide: one row each, valid, without overlaps."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rw_code
from geodata.errors import BoundaryError
from geodata.language import format_indonesian
from geodata.tessellate.borders import Geometries, add_shared_nodes
from geodata.tessellate.frame import Floats, Frame, frame_around

_REQUIRED: Final = ("code", "name", "kecamatan_code", "kecamatan_name")
_COLUMNS: Final = (*_REQUIRED, "kota_code", "kota_name", "population", "rw", "rt_count")
_MAX_CHANGE: Final = 1.0
"""Square metres that the cleaning may change; a larger change is an overlap."""

_NODE_TOLERANCE: Final = 1e-9
"""Degrees, a tenth of a millimetre: a node of a neighbour within this distance is on the border."""


class RtRequest(NamedTuple):
    """Requested RT of one kelurahan.

    ``number`` of RT; ``points (number, 2)`` in degrees or None; ``labels``: numbers of the RT of
    the points.
    """

    number: int
    points: Floats | None = None
    labels: list[RtNumber] | None = None


class CheckedKelurahan(NamedTuple):
    """Kelurahan, or RW if the rows have a column ``rw``, in order of codes, with a frame each.

    In ``rows``, ``code`` is the code of the area to divide and ``kelurahan_code`` the code of its
    kelurahan.
    """

    rows: gpd.GeoDataFrame
    polygons: Geometries
    frames: list[Frame]

    @property
    def square_metres(self) -> Floats:
        """Area of each kelurahan in square metres."""
        pairs = zip(self.frames, self.polygons, strict=True)
        return np.array([frame.areas(np.array([polygon]))[0] for frame, polygon in pairs])


def check_kelurahan(kelurahan: gpd.GeoDataFrame) -> CheckedKelurahan:
    """Check kelurahan and match the nodes of neighbours.

    Gaps between kelurahan stay gaps.

    Raises
    ------
    BoundaryError
        ``missing-column``, ``no-crs``, ``empty``, ``duplicate-code``, ``not-polygons``,
        ``invalid-polygons`` or ``overlapping-kelurahan``.
    """
    missing = [column for column in _REQUIRED if column not in kelurahan.columns]
    if missing:
        raise BoundaryError(
            "missing-column",
            f"Kelurahan to divide need the columns {', '.join(_REQUIRED)}. Missing: "
            f"{', '.join(missing)}. Name or add them.",
            indonesian=f"Kelurahan yang akan dibagi memerlukan kolom {', '.join(_REQUIRED)}. Tidak "
            f"ada: {', '.join(missing)}. Sebutkan atau tambahkan kolom itu.",
        )
    if kelurahan.crs is None:
        raise BoundaryError(
            "no-crs",
            "The kelurahan do not state their coordinate system. Set it, then divide them.",
            indonesian="Kelurahan itu tidak menyebut sistem koordinatnya. Tetapkan sistem "
            "koordinat, lalu bagi kelurahan itu.",
        )
    if kelurahan.empty:
        raise BoundaryError(
            "empty",
            "There is no kelurahan to divide. Give at least one.",
            indonesian="Tidak ada kelurahan untuk dibagi. Berikan sedikitnya satu.",
        )
    columns = [column for column in _COLUMNS if column in kelurahan.columns]
    rows = gpd.GeoDataFrame(kelurahan[columns], geometry=kelurahan.geometry, crs=kelurahan.crs)
    rows["kelurahan_code"] = rows["code"]
    if "rw" in columns:
        pairs = zip(rows["code"], rows["rw"], strict=True)
        rows["code"] = [rw_code(code, int(rw)) for code, rw in pairs]
    rows = rows.to_crs(4326).sort_values("code", kind="stable", ignore_index=True)
    _check_codes(rows)
    geometries = np.asarray(rows.geometry.array, dtype=np.object_)
    polygons = _match_nodes(_check_polygons(geometries, rows["code"]))
    frames = [frame_around(shapely.bounds(polygon)) for polygon in polygons]
    return CheckedKelurahan(rows, polygons, frames)


def _check_codes(rows: gpd.GeoDataFrame) -> None:
    if rows["code"].isna().any():
        raise BoundaryError(
            "missing-code",
            "A kelurahan has no code. Give each kelurahan its own code.",
            indonesian="Satu kelurahan tidak punya kode. Beri setiap kelurahan kodenya sendiri.",
        )
    duplicates = rows["code"][rows["code"].duplicated()].unique()
    if len(duplicates):
        raise BoundaryError(
            "duplicate-code",
            f"{len(duplicates)} codes of areas to divide are in more than one row, first "
            f"{duplicates[0]}. Dissolve the rows of an area into one row, or name another column "
            "as its code.",
            indonesian=f"{len(duplicates)} kode wilayah yang akan dibagi ada di lebih dari satu "
            f"baris, yang pertama {duplicates[0]}. Gabungkan baris satu wilayah menjadi satu, atau "
            "sebutkan kolom lain sebagai kodenya.",
        )


def _check_polygons(polygons: Geometries, codes: "pd.Series[str]") -> Geometries:
    is_polygon = np.isin(shapely.get_type_id(polygons), (3, 6)) & ~shapely.is_empty(polygons)
    if not is_polygon.all():
        raise BoundaryError(
            "not-polygons",
            f"{int((~is_polygon).sum())} of {len(polygons)} kelurahan are not polygons or are "
            "empty. Give polygons.",
            indonesian=f"{int((~is_polygon).sum())} dari {len(polygons)} kelurahan bukan poligon "
            "atau kosong. Berikan poligon.",
        )
    polygons = shapely.force_2d(polygons)
    is_invalid = ~shapely.is_valid(polygons)
    if is_invalid.any():
        raise BoundaryError(
            "invalid-polygons",
            f"{int(is_invalid.sum())} of {len(polygons)} areas have rings that cross themselves, "
            f"for example {codes.iloc[int(is_invalid.argmax())]}. "
            "Repair them with `mikrozonasi boundaries mend`, then divide them.",
            indonesian=f"{int(is_invalid.sum())} dari {len(polygons)} wilayah punya garis tepi "
            f"yang memotong dirinya sendiri, misalnya {codes.iloc[int(is_invalid.argmax())]}. "
            "Perbaiki dengan `mikrozonasi boundaries mend`, lalu bagi wilayah itu.",
        )
    repaired: Geometries = shapely.remove_repeated_points(polygons)
    return repaired


def _match_nodes(polygons: Geometries) -> Geometries:
    """Add missing nodes of neighbours to the borders; raise for real overlaps."""
    shared = add_shared_nodes(polygons, _NODE_TOLERANCE)
    if shapely.coverage_is_valid(shared):
        return shared
    cleaned: Geometries = shapely.coverage_clean(polygons)  # type: ignore[attr-defined]
    changed = shapely.area(shapely.symmetric_difference(polygons, cleaned))
    frames = [frame_around(shapely.bounds(polygon)) for polygon in polygons]
    changed_metres = changed * np.array([frame.east * frame.north for frame in frames])
    if changed_metres.max() > _MAX_CHANGE or shapely.is_empty(cleaned).any():
        raise BoundaryError(
            "overlapping-kelurahan",
            f"Kelurahan overlap: {int((changed_metres > _MAX_CHANGE).sum())} of {len(polygons)} "
            f"overlap a neighbour, {changed_metres.sum() / 20_000:.1f} ha in total. See the places "
            "with `mikrozonasi boundaries check`, repair them with `mikrozonasi boundaries mend`, "
            "then divide them.",
            indonesian="Kelurahan saling tumpang tindih: "
            f"{int((changed_metres > _MAX_CHANGE).sum())} dari {len(polygons)} menindih "
            f"tetangganya, seluruhnya {format_indonesian(changed_metres.sum() / 20_000, '.1f')} "
            "ha. "
            "Lihat tempatnya dengan `mikrozonasi boundaries check`, perbaiki dengan `mikrozonasi "
            "boundaries mend`, lalu bagi kelurahan itu.",
        )
    return cleaned
