"""Find the faults of polygons, one function per kind, with position and square metres.

Input and output are in metres, with row numbers; `check` converts them to names and degrees.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.boundaries.coverage.topology import NOISE, Shapes, gaps, mean_width, overlaps
from geodata.language import Bilingual, format_indonesian

Kind = Literal[
    "invalid-ring",
    "overlap",
    "gap",
    "sliver",
    "detached-part",
    "duplicate-code",
    "outside-parent",
    "unreadable-label",
    "far-area",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
KIND_NAMES: Final[dict[Kind, Bilingual]] = {
    "invalid-ring": Bilingual("garis tepi tidak sah", "invalid ring"),
    "overlap": Bilingual("tumpang tindih", "overlap"),
    "gap": Bilingual("celah", "gap"),
    "sliver": Bilingual("serpihan tipis", "sliver"),
    "detached-part": Bilingual("bagian terpisah", "detached part"),
    "duplicate-code": Bilingual("kode ganda", "duplicate code"),
    "outside-parent": Bilingual("di luar wilayah induk", "outside its parent"),
    "unreadable-label": Bilingual("label tidak terbaca", "unreadable label"),
    "far-area": Bilingual("wilayah jauh", "far area"),
}
"""Names of the kinds for people; the codes are the same in both languages."""
_INVALID_REASONS: Final = {
    "self-intersection": "garis tepi memotong dirinya sendiri",
    "ring self-intersection": "garis tepi menyentuh dirinya sendiri",
    "too few points in geometry component": "titiknya terlalu sedikit",
    "hole lies outside shell": "lubang terletak di luar wilayah",
    "holes are nested": "ada lubang di dalam lubang",
    "interior is disconnected": "bagian dalamnya terputus",
    "nested shells": "ada bagian di dalam bagian lain",
    "duplicate rings": "garis tepi sama dua kali",
    "invalid coordinate": "koordinat tidak sah",
    "ring is not closed": "garis tepi tidak tertutup",
}
"""Reasons of GEOS for invalid rings, in Indonesian."""
COUNTED: Final = 1.0
"""Square metres of the smallest overlap or gap; a smaller one is a sliver."""
THIN: Final = 1.0
"""Metres; a polygon with a smaller mean width (twice area over perimeter) is a sliver."""
_BORDER_DISTANCE: Final = 0.05
"""Metres; an area within this distance borders a gap. Covers rounding only."""


class Fault(NamedTuple):
    """Fault: kind, rows, square metres, note, and geometry in metres."""

    kind: Kind
    rows: tuple[int, ...]
    m2: float
    note: Bilingual
    spot: shapely.Geometry


def invalid_rings(polygons: Shapes) -> Iterator[Fault]:
    """Polygons with invalid rings, such as self-intersections; the spot is a point."""
    for row in np.flatnonzero(~shapely.is_valid(polygons)):
        reason, _, position = str(shapely.is_valid_reason(polygons[row])).partition("[")
        x, y = (float(number) for number in position.rstrip("]").split())
        reason_text = reason.strip().lower()
        note = Bilingual(_INVALID_REASONS.get(reason_text, reason_text), reason_text)
        yield Fault("invalid-ring", (int(row),), 0.0, note, shapely.Point(x, y))


def overlapping_pairs(polygons: Shapes) -> Iterator[Fault]:
    """Overlapping pairs: ``overlap`` above `COUNTED`, else ``sliver``."""
    overlapping = overlaps(polygons)
    widths = mean_width(overlapping.shapes)
    for first, second, polygon, m2, width in zip(*overlapping, overlapping.m2, widths, strict=True):
        yield _fault_by_size("overlap", (int(first), int(second)), float(m2), float(width), polygon)


def enclosed_gaps(polygons: Shapes, pieces: Shapes) -> Iterator[Fault]:
    """Enclosed polygons in no area: ``gap`` above `COUNTED`, else ``sliver``."""
    gap_polygons = gaps(pieces)
    if len(gap_polygons) == 0:
        return
    gap_number, row = shapely.STRtree(polygons).query(
        gap_polygons, predicate="dwithin", distance=_BORDER_DISTANCE
    )
    widths = mean_width(gap_polygons)
    for index, polygon in enumerate(gap_polygons):
        neighbours = tuple(int(row_number) for row_number in np.sort(row[gap_number == index]))
        m2 = float(shapely.area(polygon))
        yield _fault_by_size("gap", neighbours, m2, float(widths[index]), polygon)


def thin_parts(polygons: Shapes) -> Iterator[Fault]:
    """Parts of areas thinner than `THIN`, often remainders of a cut."""
    parts, rows = shapely.get_parts(polygons, return_index=True)
    widths = mean_width(parts)
    for index in np.flatnonzero(widths < THIN):
        note = Bilingual(
            f"bagian wilayah selebar {format_indonesian(widths[index], '.2f')} m",
            f"part of an area, {widths[index]:.2f} m wide",
        )
        m2 = float(shapely.area(parts[index]))
        yield Fault("sliver", (int(rows[index]),), m2, note, parts[index])


def detached_parts(polygons: Shapes, pieces: Shapes) -> Iterator[Fault]:
    """Pieces of the city without a shared edge with other pieces; none for a single piece."""
    if len(pieces) < 2:
        return
    piece, row = shapely.STRtree(polygons).query(pieces, predicate="intersects")
    for index, polygon in enumerate(pieces):
        others = np.delete(pieces, index)
        distance = float(shapely.distance(polygon, others).min())
        inside = row[piece == index]
        touching = shapely.area(shapely.intersection(polygons[inside], polygon)) > NOISE
        rows = tuple(int(row_number) for row_number in np.sort(inside[touching]))
        note = Bilingual(
            f"wilayah: {len(rows)}; {format_indonesian(distance, ',.2f')} m dari bagian lain yang "
            "terdekat",
            f"areas: {len(rows)}; {distance:,.2f} m from the nearest other piece",
        )
        yield Fault("detached-part", rows, float(shapely.area(polygon)), note, polygon)


def stray_areas(polygons: Shapes, kelurahan_codes: NDArray[np.object_]) -> Iterator[Fault]:
    """Areas separate from their kelurahan and next to areas of another kelurahan.

    Parameters
    ----------
    kelurahan_codes
        ``n`` codes of the kelurahan in the attributes of the areas.
    """
    first, second = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=THIN)
    is_same = kelurahan_codes[first] == kelurahan_codes[second]
    links = coo_array(
        (np.ones(is_same.sum()), (first[is_same], second[is_same])), shape=(len(polygons),) * 2
    )
    _, group = connected_components(links, directed=False)
    areas = np.bincount(group, weights=shapely.area(polygons))
    among_others = np.zeros(len(polygons), dtype=bool)
    among_others[first[~is_same]] = True
    for kelurahan_code in np.unique(kelurahan_codes):
        rows = np.flatnonzero(kelurahan_codes == kelurahan_code)
        main_group = group[rows][np.argmax(areas[group[rows]])]
        for row in rows[(group[rows] != main_group) & among_others[rows]]:
            note = Bilingual(
                f"tidak menyentuh wilayah lain dari kelurahannya, {kelurahan_code}",
                f"touches no other area of its kelurahan {kelurahan_code}",
            )
            m2 = float(shapely.area(polygons[row]))
            yield Fault("outside-parent", (int(row),), m2, note, polygons[row])


def outside_parents(polygons: Shapes, parents: Shapes) -> Iterator[Fault]:
    """Areas that extend beyond the polygon of their parent by more than `THIN`.

    Parameters
    ----------
    parents
        ``n`` polygons in metres, None for an area without a parent polygon. Two drawings of one
        line never agree to the metre, so thinner parts do not count.
    """
    rows_with_parent = np.flatnonzero(~shapely.is_missing(parents))
    beyond = shapely.difference(polygons[rows_with_parent], parents[rows_with_parent])
    for row, outside_part in zip(rows_with_parent, beyond, strict=True):
        parts = shapely.get_parts(outside_part)
        parts = parts[(shapely.area(parts) > COUNTED) & (mean_width(parts) >= THIN)]
        if len(parts) == 0:
            continue
        m2 = float(shapely.area(parts).sum())
        share = m2 / shapely.area(polygons[row])
        note = Bilingual(
            f"{format_indonesian(share, '.1%')} dari wilayah ini terletak di luar wilayah induknya",
            f"{share:.1%} of the area lies outside its parent",
        )
        yield Fault("outside-parent", (int(row),), m2, note, _multipolygon(parts))


def _multipolygon(parts: Shapes) -> shapely.Geometry:
    return shapely.MultiPolygon(list(parts))


def _fault_by_size(
    kind: Kind, rows: tuple[int, ...], m2: float, width: float, polygon: shapely.Geometry
) -> Fault:
    name = Bilingual(KIND_NAMES[kind].id, kind)
    note = (
        Bilingual(
            f"{name.id}, lebar {format_indonesian(width, '.2f')} m",
            f"{name.en}, {width:.2f} m wide",
        )
        if width < THIN
        else name
    )
    return Fault(kind if m2 > COUNTED else "sliver", rows, m2, note, polygon)
