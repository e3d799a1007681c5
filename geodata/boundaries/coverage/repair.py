"""Mending polygons into a coverage: neighbours share their edges, nothing overlaps.

What is clean already comes back untouched to the bit, and what was changed is said in square
metres, area by area.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.changes import Changes, Remake, changes_of, no_changes
from geodata.boundaries.coverage.reprojection import Reprojection
from geodata.boundaries.coverage.topology import (
    Overlaps,
    Shapes,
    as_coverage,
    gaps,
    have_slits,
    outline_of_coverage,
    overlaps,
    widest,
    with_valid_rings,
)
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import in_indonesian

MAX_CHANGE: Final = 0.01
"""Share of the city's ground that repair may change before it refuses."""
GAP_WIDTH: Final = 20.0
"""Metres: a gap no wider than this is a slip of drawing; a wider one is a pond, and stays."""
_MILLIMETRE: Final = 0.001
_ON_TOP: Final = 0.9
"""Share of an area inside a bigger one from which it is drawn on top of that, not across."""


def repair(
    frame: gpd.GeoDataFrame, *, max_change: float = MAX_CHANGE, gap_width: float = GAP_WIDTH
) -> tuple[gpd.GeoDataFrame, Changes]:
    """Make polygons a coverage.

    Rings that cross themselves are mended; an area drawn on top of a bigger one is cut out of
    it; other ground claimed twice goes to the area it borders on most; gaps up to `gap_width`
    go to the neighbour with the longest border; edges are made of the same vertices on both
    sides. Vertices that need not move do not, to the bit; only where no coverage can be made of
    them as they are, all of them move to the millimetre.

    Parameters
    ----------
    frame
        EPSG:4326 polygons; the column ``code`` names areas where there is one. Rows of the same
        code are parts of one area.
    max_change
        Share of the ground that may change hands.
    gap_width
        Metres, as the diameter of the largest circle inside the gap.

    Returns
    -------
    frame
        The same rows, mended.
    changes
        What changed, in square metres.

    Raises
    ------
    BoundaryError
        ``too-much-repair`` if more would change than `max_change`; ``area-lost`` if nothing
        would be left of an area; ``not-mended`` if no coverage can be made.
    """
    order = _canonical_order(frame.geometry.to_numpy())
    before: Shapes = frame.geometry.to_numpy()[order]
    names = _names(frame)[order]
    try:
        after, changes = _mend(before, names, gap_width)
    except shapely.errors.GEOSException:
        raise _not_mended() from None
    _refuse_too_much(changes, max_change)
    mended = np.empty(len(after), dtype=object)
    mended[order] = after
    whole = frame.set_geometry(gpd.GeoSeries(mended, index=frame.index, crs=WGS84))
    return whole[~whole.geometry.is_empty], changes


def _mend(before: Shapes, names: NDArray[np.object_], gap_width: float) -> tuple[Shapes, Changes]:
    """Polygons in canonical order, in degrees, mended."""
    sound = with_valid_rings(before)
    there = Reprojection(sound, local_utm(shapely.total_bounds(before)))
    # A ring mended in degrees may cross itself by a bit in metres again.
    metres = with_valid_rings(there.metres)
    if bool(shapely.coverage_is_valid(sound)):
        pieces = outline_of_coverage(metres)
        has_gaps = bool((widest(gaps(pieces)) <= gap_width).any())
        # Neighbours whose edges differ by the rounding of their coordinates share none.
        if sound is before and not has_gaps and not have_slits(pieces, _MILLIMETRE):
            return before, no_changes(metres, pieces)
    drawn = metres if sound is before else Reprojection(before, there.crs).metres
    shared = overlaps(metres)
    cut = shapely.normalize(_cut_out(metres, shared))
    made = as_coverage(cut, gap_width)
    if not _is_coverage(made):
        # Lines that all but lie on each other come apart where rounding falls by the millimetre.
        made = as_coverage(shapely.set_precision(cut, _MILLIMETRE), gap_width)
    _refuse_lost(made, names)
    changes = changes_of(Remake(drawn, metres, made, names), shared)
    return _in_degrees(there, made, sound), changes


def _cut_out(shapes: Shapes, shared: Overlaps) -> Shapes:
    """Cut areas drawn on top of bigger ones out of these; else the bigger one swallows them."""
    area = shapely.area(shapes)
    first_is_top = area[shared.first] < area[shared.second]
    top = np.where(first_is_top, shared.first, shared.second)
    under = np.where(first_is_top, shared.second, shared.first)
    on_top = shared.m2 >= _ON_TOP * area[top]
    cut = shapes.copy()
    for small, big in zip(top[on_top], under[on_top], strict=True):
        cut[big] = shapely.difference(cut[big], shapes[small])
    return cut


def _in_degrees(there: Reprojection, made: Shapes, sound: Shapes) -> Shapes:
    """Mended polygons in degrees; those that did not change are the ones that came."""
    turned = there.to_degrees(made)
    same = shapely.equals_identical(shapely.normalize(turned), shapely.normalize(sound))
    if _is_coverage(kept := np.where(same, sound, turned)):
        return kept
    # Rounding new vertices to degrees can in principle bend an edge across its neighbour.
    if _is_coverage(again := as_coverage(turned, 0.0)):
        return again
    raise _not_mended()


def _not_mended() -> BoundaryError:
    return BoundaryError(
        "not-mended",
        "The polygons could not be made to fit each other. Mend the places that "
        "`mikrozonasi boundaries check` lists, then try again.",
        indonesian="Poligon-poligon itu tidak dapat dibuat saling pas. Perbaiki tempat yang "
        "didaftar `mikrozonasi boundaries check`, lalu coba lagi.",
    )


def _is_coverage(shapes: Shapes) -> bool:
    whole = shapes[~shapely.is_empty(shapes)]
    return bool(shapely.is_valid(whole).all()) and bool(shapely.coverage_is_valid(whole))


def _refuse_lost(made: Shapes, names: NDArray[np.object_]) -> None:
    left = set(names[~shapely.is_empty(made)])
    lost = [name for name in names[shapely.is_empty(made)] if name not in left]
    if lost:
        raise BoundaryError(
            "area-lost",
            f"Nothing would be left of {len(lost)} areas, {lost[0]} for one: it is drawn twice, "
            "or no wider than a line. Take the wrong one out of the file.",
            indonesian=f"{len(lost)} wilayah akan hilang sama sekali, misalnya {lost[0]}: "
            "wilayah itu digambar dua kali, atau hanya selebar garis. Keluarkan poligon yang "
            "salah dari berkas.",
        )


def _refuse_too_much(changes: Changes, max_change: float) -> None:
    if changes.share > max_change:
        raise BoundaryError(
            "too-much-repair",
            f"Repair would change {changes.changed_m2:,.0f} m2, {changes.share:.2%} of the ground, "
            f"more than the {max_change:.2%} allowed. See where with `mikrozonasi boundaries check "
            f"FILE --output problems.gpkg`; mend it there, or allow it with --max-change "
            f"{_rounded_up(changes.share)}.",
            indonesian=f"Perbaikan akan mengubah {in_indonesian(changes.changed_m2, ',.0f')} m2, "
            f"yaitu {in_indonesian(changes.share, '.2%')} dari luas kota, lebih dari "
            f"{in_indonesian(max_change, '.2%')} yang diizinkan. Lihat tempatnya dengan "
            "`mikrozonasi boundaries check FILE --output problems.gpkg`; perbaiki di sana, atau "
            f"izinkan dengan --max-change {_rounded_up(changes.share)}.",
        )


def _rounded_up(share: float) -> str:
    return f"{np.ceil(share * 1000) / 1000:.3f}"


def _canonical_order(shapes: Shapes) -> NDArray[np.intp]:
    """An order that does not depend on the order of rows in a file."""
    keys = shapely.to_wkb(shapely.normalize(shapes), byte_order=1)
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def _names(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    if "code" in frame.columns:
        return frame["code"].to_numpy(dtype=object)
    return np.array([f"row {row + 1}" for row in frame.index], dtype=object)
