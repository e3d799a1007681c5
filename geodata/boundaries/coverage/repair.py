"""Repair polygons into a coverage: neighbours share their edges, and no areas overlap.

Polygons that need no repair do not change a bit. The changes of each area are reported in square
metres.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.changes import (
    Changes,
    RepairStages,
    compare_stages,
    no_changes,
)
from geodata.boundaries.coverage.reprojection import Reprojection
from geodata.boundaries.coverage.topology import (
    Overlaps,
    Shapes,
    clean_coverage,
    coverage_outline,
    gaps,
    have_slits,
    overlaps,
    repair_rings,
    widest,
)
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import format_indonesian

MAX_CHANGE: Final = 0.01
"""Largest share of the area of the city that `repair` may change."""
GAP_WIDTH: Final = 20.0
"""Metres; a gap up to this width is a drawing error. A wider gap, such as a pond, stays."""
_MILLIMETRE: Final = 0.001
_ON_TOP_SHARE: Final = 0.9
"""Share of an area inside a larger one from which the area counts as drawn on top of it."""


def repair(
    frame: gpd.GeoDataFrame, *, max_change: float = MAX_CHANGE, gap_width: float = GAP_WIDTH
) -> tuple[gpd.GeoDataFrame, Changes]:
    """Repair polygons into a coverage.

    Self-intersecting rings are repaired. An area on top of a larger area is cut out of the larger
    area. Other overlaps, and gaps up to `gap_width`, go to the neighbour with the longest border.
    Both sides of an edge get the same vertices. Other vertices do not change a bit; only if this
    gives no coverage, all vertices are rounded to the millimetre.

    Parameters
    ----------
    frame
        Polygons in EPSG:4326; an optional column ``code`` names the areas. Rows with the same
        code are parts of one area.
    max_change
        Largest share of the total area that may change.
    gap_width
        Metres; diameter of the largest circle inside the gap.

    Returns
    -------
    frame
        The same rows, repaired.
    changes
        Changes in square metres.

    Raises
    ------
    BoundaryError
        ``too-much-repair`` for more changes than `max_change`; ``area-lost`` for an area that
        would disappear; ``not-mended`` if the result is no coverage.
    """
    order = _canonical_order(frame.geometry.to_numpy())
    polygons: Shapes = frame.geometry.to_numpy()[order]
    names = _names(frame)[order]
    try:
        repaired_polygons, changes = _repair_polygons(polygons, names, gap_width)
    except shapely.errors.GEOSException:
        raise _repair_error() from None
    _check_max_change(changes, max_change)
    array = np.empty(len(repaired_polygons), dtype=object)
    array[order] = repaired_polygons
    repaired = frame.set_geometry(gpd.GeoSeries(array, index=frame.index, crs=WGS84))
    return repaired[~repaired.geometry.is_empty], changes


def _repair_polygons(
    polygons: Shapes, names: NDArray[np.object_], gap_width: float
) -> tuple[Shapes, Changes]:
    """Repair polygons in degrees, in canonical order."""
    valid = repair_rings(polygons)
    reprojection = Reprojection(valid, local_utm(shapely.total_bounds(polygons)))
    # A ring repaired in degrees can intersect itself by one bit in metres.
    metres = repair_rings(reprojection.metres)
    if bool(shapely.coverage_is_valid(valid)):
        pieces = coverage_outline(metres)
        has_gaps = bool((widest(gaps(pieces)) <= gap_width).any())
        # Neighbours whose edges differ by rounding share no edge: such slits need a repair.
        if valid is polygons and not has_gaps and not have_slits(pieces, _MILLIMETRE):
            return polygons, no_changes(metres, pieces)
    original = metres if valid is polygons else Reprojection(polygons, reprojection.crs).metres
    overlapping = overlaps(metres)
    cut = shapely.normalize(_cut_small_areas(metres, overlapping))
    repaired = clean_coverage(cut, gap_width)
    if not _is_coverage(repaired):
        # Rounding to the millimetre separates lines that almost coincide.
        repaired = clean_coverage(shapely.set_precision(cut, _MILLIMETRE), gap_width)
    _check_lost_areas(repaired, names)
    changes = compare_stages(RepairStages(original, metres, repaired, names), overlapping)
    return _to_degrees(reprojection, repaired, valid), changes


def _cut_small_areas(shapes: Shapes, overlapping: Overlaps) -> Shapes:
    """Cut areas on top of larger areas out of the larger areas; otherwise they would disappear."""
    areas = shapely.area(shapes)
    first_is_smaller = areas[overlapping.first] < areas[overlapping.second]
    small_rows = np.where(first_is_smaller, overlapping.first, overlapping.second)
    large_rows = np.where(first_is_smaller, overlapping.second, overlapping.first)
    is_on_top = overlapping.m2 >= _ON_TOP_SHARE * areas[small_rows]
    cut = shapes.copy()
    for small, large in zip(small_rows[is_on_top], large_rows[is_on_top], strict=True):
        cut[large] = shapely.difference(cut[large], shapes[small])
    return cut


def _to_degrees(reprojection: Reprojection, repaired: Shapes, valid: Shapes) -> Shapes:
    """Convert repaired polygons to degrees; unchanged polygons stay identical to the input."""
    in_degrees = reprojection.to_degrees(repaired)
    is_same = shapely.equals_identical(shapely.normalize(in_degrees), shapely.normalize(valid))
    if _is_coverage(result := np.where(is_same, valid, in_degrees)):
        return result
    # Rounding of new vertices to degrees can move an edge across its neighbour.
    if _is_coverage(cleaned := clean_coverage(in_degrees, 0.0)):
        return cleaned
    raise _repair_error()


def _repair_error() -> BoundaryError:
    return BoundaryError(
        "not-mended",
        "The polygons cannot be repaired automatically. Correct the places that "
        "`mikrozonasi boundaries check` lists, then try again.",
        indonesian="Poligon-poligon itu tidak dapat diperbaiki otomatis. Perbaiki tempat yang "
        "didaftar `mikrozonasi boundaries check`, lalu coba lagi.",
    )


def _is_coverage(shapes: Shapes) -> bool:
    nonempty = shapes[~shapely.is_empty(shapes)]
    return bool(shapely.is_valid(nonempty).all()) and bool(shapely.coverage_is_valid(nonempty))


def _check_lost_areas(repaired: Shapes, names: NDArray[np.object_]) -> None:
    remaining = set(names[~shapely.is_empty(repaired)])
    lost = [name for name in names[shapely.is_empty(repaired)] if name not in remaining]
    if lost:
        raise BoundaryError(
            "area-lost",
            f"{len(lost)} areas would disappear, for example {lost[0]}: the area is drawn twice, "
            "or is only as wide as a line. Delete the wrong polygon from the file.",
            indonesian=f"{len(lost)} wilayah akan hilang, misalnya {lost[0]}: "
            "wilayah itu digambar dua kali, atau hanya selebar garis. Hapus poligon yang "
            "salah dari berkas.",
        )


def _check_max_change(changes: Changes, max_change: float) -> None:
    if changes.share > max_change:
        raise BoundaryError(
            "too-much-repair",
            f"The repair would change {changes.changed_m2:,.0f} m2, {changes.share:.2%} of the "
            f"area, more than the allowed {max_change:.2%}. See the places with `mikrozonasi "
            "boundaries check FILE --output problems.gpkg`; correct them, or allow the change "
            f"with --max-change {_rounded_up(changes.share)}.",
            indonesian=f"Perbaikan akan mengubah {format_indonesian(changes.changed_m2, ',.0f')} "
            f"m2, yaitu {format_indonesian(changes.share, '.2%')} dari luas kota, lebih dari "
            f"{format_indonesian(max_change, '.2%')} yang diizinkan. Lihat tempatnya dengan "
            "`mikrozonasi boundaries check FILE --output problems.gpkg`; perbaiki di sana, atau "
            f"izinkan dengan --max-change {_rounded_up(changes.share)}.",
        )


def _rounded_up(share: float) -> str:
    return f"{np.ceil(share * 1000) / 1000:.3f}"


def _canonical_order(shapes: Shapes) -> NDArray[np.intp]:
    """Order of rows that does not depend on the order in the file."""
    keys = shapely.to_wkb(shapely.normalize(shapes), byte_order=1)
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def _names(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    if "code" in frame.columns:
        return frame["code"].to_numpy(dtype=object)
    return np.array([f"row {row + 1}" for row in frame.index], dtype=object)
