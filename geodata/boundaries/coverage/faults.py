"""What can be wrong with polygons, fault by fault, each with its spot and its square metres.

Everything here is in metres and speaks of row numbers; `check` turns them into names and places.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.boundaries.coverage.topology import NOISE, Shapes, gaps, mean_width, overlaps
from geodata.language import Bilingual, in_indonesian

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
_INVALID: Final = {
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
"""What GEOS says of rings, in Indonesian."""
COUNTED: Final = 1.0
"""Square metres from which an overlap or a gap counts as one; below it is a sliver."""
THIN: Final = 1.0
"""Metres of mean width (twice the area over the perimeter) below which something is a sliver."""
_NEAR: Final = 0.05
"""Metres within which an area borders a gap: rounding, and no more."""


class Fault(NamedTuple):
    """One thing wrong: where (in metres), in which rows, how much ground, and a remark."""

    kind: Kind
    rows: tuple[int, ...]
    m2: float
    note: Bilingual
    spot: shapely.Geometry


def invalid_rings(drawn: Shapes) -> Iterator[Fault]:
    """Polygons whose rings cross or touch themselves wrongly; the spot is a point."""
    for row in np.flatnonzero(~shapely.is_valid(drawn)):
        reason, _, place = str(shapely.is_valid_reason(drawn[row])).partition("[")
        x, y = (float(number) for number in place.rstrip("]").split())
        said = reason.strip().lower()
        note = Bilingual(_INVALID.get(said, said), said)
        yield Fault("invalid-ring", (int(row),), 0.0, note, shapely.Point(x, y))


def shared_ground(sound: Shapes) -> Iterator[Fault]:
    """Pairs that overlap: ``overlap`` above `COUNTED`, else ``sliver``."""
    found = overlaps(sound)
    widths = mean_width(found.shapes)
    for first, second, ground, m2, width in zip(*found, found.m2, widths, strict=True):
        yield _counted("overlap", (int(first), int(second)), float(m2), float(width), ground)


def empty_ground(sound: Shapes, pieces: Shapes) -> Iterator[Fault]:
    """Enclosed ground of no area: ``gap`` above `COUNTED`, else ``sliver``."""
    found = gaps(pieces)
    if len(found) == 0:
        return
    gap, row = shapely.STRtree(sound).query(found, predicate="dwithin", distance=_NEAR)
    widths = mean_width(found)
    for number, ground in enumerate(found):
        around = tuple(int(r) for r in np.sort(row[gap == number]))
        m2 = float(shapely.area(ground))
        yield _counted("gap", around, m2, float(widths[number]), ground)


def thin_parts(sound: Shapes) -> Iterator[Fault]:
    """Parts of areas that are thinner than `THIN`: left over where something was cut."""
    parts, rows = shapely.get_parts(sound, return_index=True)
    widths = mean_width(parts)
    for number in np.flatnonzero(widths < THIN):
        note = Bilingual(
            f"bagian wilayah selebar {in_indonesian(widths[number], '.2f')} m",
            f"part of an area, {widths[number]:.2f} m wide",
        )
        m2 = float(shapely.area(parts[number]))
        yield Fault("sliver", (int(rows[number]),), m2, note, parts[number])


def detached_parts(sound: Shapes, pieces: Shapes) -> Iterator[Fault]:
    """Pieces of the city that share no edge with the rest; none where it is all one piece."""
    if len(pieces) < 2:
        return
    piece, row = shapely.STRtree(sound).query(pieces, predicate="intersects")
    for number, ground in enumerate(pieces):
        others = np.delete(pieces, number)
        away = float(shapely.distance(ground, others).min())
        inside = row[piece == number]
        touching = shapely.area(shapely.intersection(sound[inside], ground)) > NOISE
        rows = tuple(int(r) for r in np.sort(inside[touching]))
        note = Bilingual(
            f"wilayah: {len(rows)}; {in_indonesian(away, ',.2f')} m dari bagian lain yang terdekat",
            f"areas: {len(rows)}; {away:,.2f} m from the nearest other piece",
        )
        yield Fault("detached-part", rows, float(shapely.area(ground)), note, ground)


def strays(sound: Shapes, homes: NDArray[np.object_]) -> Iterator[Fault]:
    """Areas apart from the rest of their kelurahan and beside areas of another.

    Parameters
    ----------
    homes
        ``n`` codes of the kelurahan the areas say they lie in.
    """
    one, other = shapely.STRtree(sound).query(sound, predicate="dwithin", distance=THIN)
    same = homes[one] == homes[other]
    links = coo_array((np.ones(same.sum()), (one[same], other[same])), shape=(len(sound),) * 2)
    _, group = connected_components(links, directed=False)
    ground = np.bincount(group, weights=shapely.area(sound))
    among_others = np.zeros(len(sound), dtype=bool)
    among_others[one[~same]] = True
    for home in np.unique(homes):
        rows = np.flatnonzero(homes == home)
        main = group[rows][np.argmax(ground[group[rows]])]
        for row in rows[(group[rows] != main) & among_others[rows]]:
            note = Bilingual(
                f"tidak menyentuh wilayah lain dari kelurahannya, {home}",
                f"touches no other area of its kelurahan {home}",
            )
            m2 = float(shapely.area(sound[row]))
            yield Fault("outside-parent", (int(row),), m2, note, sound[row])


def outside(sound: Shapes, parents: Shapes) -> Iterator[Fault]:
    """Areas that reach out of the parent drawn for them, further than `THIN`.

    Parameters
    ----------
    parents
        ``n`` polygons in metres, None for an area whose parent is not drawn. A line drawn twice
        never agrees to the metre, so what is thinner does not count.
    """
    known = np.flatnonzero(~shapely.is_missing(parents))
    beyond = shapely.difference(sound[known], parents[known])
    for row, ground in zip(known, beyond, strict=True):
        parts = shapely.get_parts(ground)
        parts = parts[(shapely.area(parts) > COUNTED) & (mean_width(parts) >= THIN)]
        if len(parts) == 0:
            continue
        m2 = float(shapely.area(parts).sum())
        share = m2 / shapely.area(sound[row])
        note = Bilingual(
            f"{in_indonesian(share, '.1%')} dari wilayah ini terletak di luar wilayah induknya",
            f"{share:.1%} of it lies outside its parent",
        )
        yield Fault("outside-parent", (int(row),), m2, note, _gathered(parts))


def _gathered(parts: Shapes) -> shapely.Geometry:
    return shapely.MultiPolygon(list(parts))


def _counted(
    kind: Kind, rows: tuple[int, ...], m2: float, width: float, ground: shapely.Geometry
) -> Fault:
    name = Bilingual(KIND_NAMES[kind].id, kind)
    note = (
        Bilingual(
            f"{name.id}, lebar {in_indonesian(width, '.2f')} m",
            f"{name.en}, {width:.2f} m wide",
        )
        if width < THIN
        else name
    )
    return Fault(kind if m2 > COUNTED else "sliver", rows, m2, note, ground)
