"""The kelurahan or RW to divide, checked: one row each, valid, and not on top of each other."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rw_code
from geodata.errors import BoundaryError
from geodata.language import in_indonesian
from geodata.tessellate.borders import Geometries, with_shared_nodes
from geodata.tessellate.frame import Floats, Frame, frame_around

_WANTED: Final = ("code", "name", "kecamatan_code", "kecamatan_name")
_CARRIED: Final = (*_WANTED, "kota_code", "kota_name", "population", "rw", "rt_count")
_UNMATCHED: Final = 1.0
"""Square metres that matching nodes of neighbours may move; what is more is an overlap."""

_ON_BORDER: Final = 1e-9
"""Degrees, a tenth of a millimetre: a neighbour's node that near is on the border."""


class Wish(NamedTuple):
    """What a kelurahan is to be divided into.

    ``points (number, 2)`` in degrees, where given; ``labels`` the numbers of their RT.
    """

    number: int
    points: Floats | None = None
    labels: list[RtNumber] | None = None


class Ground(NamedTuple):
    """Kelurahan, or RW where the column ``rw`` numbers them, in order of codes; frames of each.

    ``areas`` has the code of the area to divide in ``code``, and in ``kelurahan_code`` that of the
    kelurahan it is or lies in.
    """

    areas: gpd.GeoDataFrame
    polygons: Geometries
    frames: list[Frame]

    @property
    def square_metres(self) -> Floats:
        """Area of each kelurahan."""
        pairs = zip(self.frames, self.polygons, strict=True)
        return np.array([frame.areas(np.array([polygon]))[0] for frame, polygon in pairs])


def ground_of(kelurahan: gpd.GeoDataFrame) -> Ground:
    """Check kelurahan and match the nodes of neighbours.

    Gaps between kelurahan stay gaps.

    Raises
    ------
    BoundaryError
        ``missing-column``, ``no-crs``, ``empty``, ``duplicate-code``, ``not-polygons``,
        ``invalid-polygons`` or ``overlapping-kelurahan``.
    """
    missing = [column for column in _WANTED if column not in kelurahan.columns]
    if missing:
        raise BoundaryError(
            "missing-column",
            f"Kelurahan to divide need the columns {', '.join(_WANTED)}; "
            f"{', '.join(missing)} is not there. Name or add it.",
            indonesian=f"Kelurahan yang akan dibagi memerlukan kolom {', '.join(_WANTED)}; "
            f"{', '.join(missing)} tidak ada. Sebutkan atau tambahkan kolom itu.",
        )
    if kelurahan.crs is None:
        raise BoundaryError(
            "no-crs",
            "The kelurahan do not say their coordinate system. Set it, then divide them.",
            indonesian="Kelurahan itu tidak menyebut sistem koordinatnya. Tetapkan sistem "
            "koordinat, lalu bagi kelurahan itu.",
        )
    if kelurahan.empty:
        raise BoundaryError(
            "empty",
            "There is no kelurahan to divide. Give at least one.",
            indonesian="Tidak ada kelurahan untuk dibagi. Berikan sedikitnya satu.",
        )
    columns = [column for column in _CARRIED if column in kelurahan.columns]
    areas = gpd.GeoDataFrame(kelurahan[columns], geometry=kelurahan.geometry, crs=kelurahan.crs)
    areas["kelurahan_code"] = areas["code"]
    if "rw" in columns:
        pairs = zip(areas["code"], areas["rw"], strict=True)
        areas["code"] = [rw_code(code, int(rw)) for code, rw in pairs]
    areas = areas.to_crs(4326).sort_values("code", kind="stable", ignore_index=True)
    _check_codes(areas)
    shapes = np.asarray(areas.geometry.array, dtype=np.object_)
    polygons = _matched(_checked(shapes, areas["code"]))
    frames = [frame_around(shapely.bounds(polygon)) for polygon in polygons]
    return Ground(areas, polygons, frames)


def _check_codes(areas: gpd.GeoDataFrame) -> None:
    if areas["code"].isna().any():
        raise BoundaryError(
            "missing-code",
            "A kelurahan has no code. Give each its own.",
            indonesian="Satu kelurahan tidak punya kode. Beri setiap kelurahan kodenya sendiri.",
        )
    twice = areas["code"][areas["code"].duplicated()].unique()
    if len(twice):
        raise BoundaryError(
            "duplicate-code",
            f"{len(twice)} codes of areas to divide stand in more than one row, {twice[0]} first. "
            "Dissolve the rows of an area into one, or name another column as its code.",
            indonesian=f"{len(twice)} kode wilayah yang akan dibagi ada di lebih dari satu "
            f"baris, yang pertama {twice[0]}. Gabungkan baris satu wilayah menjadi satu, atau "
            "sebutkan kolom lain sebagai kodenya.",
        )


def _checked(polygons: Geometries, codes: "pd.Series[str]") -> Geometries:
    usable = np.isin(shapely.get_type_id(polygons), (3, 6)) & ~shapely.is_empty(polygons)
    if not usable.all():
        raise BoundaryError(
            "not-polygons",
            f"{int((~usable).sum())} of {len(polygons)} kelurahan are no polygons or are empty. "
            "Give polygons.",
            indonesian=f"{int((~usable).sum())} dari {len(polygons)} kelurahan bukan poligon "
            "atau kosong. Berikan poligon.",
        )
    polygons = shapely.force_2d(polygons)
    broken = ~shapely.is_valid(polygons)
    if broken.any():
        raise BoundaryError(
            "invalid-polygons",
            f"{int(broken.sum())} of {len(polygons)} areas have rings that cross themselves, "
            f"{codes.iloc[int(broken.argmax())]} for one. "
            "Mend them with `mikrozonasi boundaries mend`, then divide them.",
            indonesian=f"{int(broken.sum())} dari {len(polygons)} wilayah punya garis tepi yang "
            f"memotong dirinya sendiri, misalnya {codes.iloc[int(broken.argmax())]}. Perbaiki "
            "dengan `mikrozonasi boundaries mend`, lalu bagi wilayah itu.",
        )
    repaired: Geometries = shapely.remove_repeated_points(polygons)
    return repaired


def _matched(polygons: Geometries) -> Geometries:
    """Put a neighbour's nodes into a border where they are missing; refuse real overlaps."""
    shared = with_shared_nodes(polygons, _ON_BORDER)
    if shapely.coverage_is_valid(shared):
        return shared
    cleaned: Geometries = shapely.coverage_clean(polygons)  # type: ignore[attr-defined]
    moved = shapely.area(shapely.symmetric_difference(polygons, cleaned))
    scale = [frame_around(shapely.bounds(polygon)) for polygon in polygons]
    metres = moved * np.array([frame.east * frame.north for frame in scale])
    if metres.max() > _UNMATCHED or shapely.is_empty(cleaned).any():
        raise BoundaryError(
            "overlapping-kelurahan",
            f"Kelurahan lie on top of each other: {int((metres > _UNMATCHED).sum())} of "
            f"{len(polygons)} overlap a neighbour, {metres.sum() / 20_000:.1f} ha in all. See "
            "where with `mikrozonasi boundaries check`, mend them with `mikrozonasi boundaries "
            "mend`, then divide them.",
            indonesian=f"Kelurahan saling tumpang tindih: {int((metres > _UNMATCHED).sum())} "
            f"dari {len(polygons)} menindih tetangganya, seluruhnya "
            f"{in_indonesian(metres.sum() / 20_000, '.1f')} ha. Lihat tempatnya dengan "
            "`mikrozonasi boundaries check`, perbaiki dengan `mikrozonasi boundaries mend`, "
            "lalu bagi kelurahan itu.",
        )
    return cleaned
