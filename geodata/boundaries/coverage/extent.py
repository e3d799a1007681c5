"""Where the areas of a file lie: in which country, and which of them lie far from the rest.

Knows bounding boxes alone: whether an area is drawn well is not judged here.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries.files.rows import listed
from geodata.errors import BoundaryError
from geodata.language import Bilingual, Language, in_indonesian

INDONESIA: Final = (94.5, -11.5, 141.5, 6.5)
"""West, south, east, north in degrees, with the sea around."""
FAR_KM: Final = 10.0
"""Kilometres below which an area apart from the rest is no slip of a file but a hamlet."""
_SPREAD: Final = 20.0
"""Times the width of the rest: an area that reaches further has a corner at a wrong place."""
_KM: Final = 111.2
"""Kilometres of a degree of latitude."""

Floats = NDArray[np.float64]


class Place(NamedTuple):
    """Where a file lies: the middle of its areas in degrees, and the width of the box in km."""

    lon: float
    lat: float
    wide: float

    @property
    def in_indonesia(self) -> bool:
        """Whether the middle lies in the box around Indonesia."""
        west, south, east, north = INDONESIA
        return west <= self.lon <= east and south <= self.lat <= north

    def sentence(self) -> Bilingual:
        """Where it is, for people."""
        where = (
            Bilingual("di Indonesia", "in Indonesia")
            if self.in_indonesia
            else Bilingual("di luar Indonesia", "not in Indonesia")
        )
        return Bilingual(
            f"Wilayah ini terletak di sekitar {degrees(self.lon, self.lat, language='id')}, "
            f"{where.id}; lebarnya {in_indonesian(self.wide, ',.1f')} km.",
            f"The areas lie around {degrees(self.lon, self.lat)}, {where.en}; they are "
            f"{self.wide:,.1f} km wide.",
        )


class Far(NamedTuple):
    """Areas far from the rest.

    ``rows`` flags them, ``km (n,)`` is how far each lies from, or reaches out of, the rest, and
    ``wide`` the width of the rest, both in kilometres; ``spots (n, 2)`` are the farthest places
    of each, in degrees.
    """

    rows: NDArray[np.bool_]
    km: Floats
    wide: float
    spots: Floats

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Those farther away than `FAR_KM` too, which no hamlet is."""
        return self.rows & (self.km > FAR_KM)


def degrees(lon: float, lat: float, *, language: Language = "en") -> str:
    """A place as people write it: ``110.4204 E, 7.0485 S``; in Indonesian with BT and LS."""
    east, north = "E" if lon >= 0 else "W", "N" if lat >= 0 else "S"
    if language == "id":
        east, north = "BT" if lon >= 0 else "BB", "LU" if lat >= 0 else "LS"
    return f"{abs(lon):.4f} {east}, {abs(lat):.4f} {north}"


def place_of(frame: gpd.GeoDataFrame) -> Place:
    """Where a file lies, whatever single areas of it do."""
    far, boxes = far_areas(frame), _boxes(frame)
    near = boxes if bool(far.rows.all()) else boxes[~far.rows]
    return Place(*_middle(near), far.wide)


def refuse_abroad(place: Place, *, named_crs: bool) -> None:
    """Refuse a file that does not lie in Indonesia.

    Raises
    ------
    BoundaryError
        ``outside-indonesia``.
    """
    if place.in_indonesia:
        return
    why = (
        Bilingual(
            "Sistem koordinat pada --crs mungkin bukan milik berkas ini: pakai yang lain.",
            "The coordinate system of --crs is perhaps not the file's: take another.",
        )
        if named_crs
        else Bilingual(
            "Mungkin sistem koordinatnya lain: sebutkan dengan --crs, misalnya EPSG:32749 untuk "
            "UTM 49S.",
            "Perhaps its coordinate system is another: say it with --crs, for instance EPSG:32749 "
            "for UTM 49S.",
        )
    )
    raise BoundaryError(
        "outside-indonesia",
        f"The areas would lie around {degrees(place.lon, place.lat)}, which is not in Indonesia "
        f"(95 to 141 E, 6 N to 11 S). {why.en} If the city does lie there, say "
        "--outside-indonesia.",
        indonesian="Wilayah itu akan terletak di sekitar "
        f"{degrees(place.lon, place.lat, language='id')}, di luar Indonesia (95 sampai 141 BT, "
        f"6 LU sampai 11 LS). {why.id} Jika kota itu memang terletak di sana, tambahkan "
        "--outside-indonesia.",
    )


def far_areas(frame: gpd.GeoDataFrame) -> Far:
    """Areas that lie farther from the rest than the rest is wide.

    The half of the areas nearest to the median of all is the rest to begin with; whatever lies no
    farther from it than it is wide joins it, until nothing joins. So islands in a chain belong to
    their city. An area that reaches many times the width of the rest out of it is far too: one
    of its corners lies elsewhere. Parts of an area are looked at one by one.
    """
    parts, rows = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    drawn: Floats = np.asarray(shapely.bounds(parts))
    boxes = _kilometres(drawn)
    body = _grown(boxes)
    box = _around(boxes[body])
    wide = _width(box)
    apart, reach = _apart(boxes, box), _reach(boxes, box)
    far = (apart > wide) | (reach > np.maximum(_SPREAD * wide, FAR_KM))
    flags, km = np.zeros(len(frame), dtype=bool), np.zeros(len(frame))
    spots = np.zeros((len(frame), 2))
    away = np.where(apart > wide, apart, reach)
    corners = _far_corners(drawn, _around(drawn[body]))
    # The farthest part of an area comes last and stands.
    for part in np.flatnonzero(far)[np.argsort(away[far], kind="stable")]:
        flags[rows[part]], km[rows[part]] = True, away[part]
        spots[rows[part]] = corners[part]
    return Far(flags, km, wide, spots)


def _far_corners(boxes: Floats, box: Floats) -> Floats:
    """The corner of each box that is farthest from the middle of another."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    east = np.abs(boxes[:, 2] - x) > np.abs(boxes[:, 0] - x)
    north = np.abs(boxes[:, 3] - y) > np.abs(boxes[:, 1] - y)
    return np.column_stack(
        [np.where(east, boxes[:, 2], boxes[:, 0]), np.where(north, boxes[:, 3], boxes[:, 1])]
    )


def far_remarks(
    frame: gpd.GeoDataFrame, codes: NDArray[np.object_] | None = None
) -> list[Bilingual]:
    """A sentence that names areas far from the rest; none where there are none.

    Parameters
    ----------
    codes
        What each row is called, where that is known.
    """
    far = far_areas(frame)
    return [_far_sentence(frame, far, codes)] if bool(far.rows.any()) else []


def refuse_far(frame: gpd.GeoDataFrame, codes: NDArray[np.object_] | None = None) -> None:
    """Refuse areas farther from the rest than the rest is wide, and than `FAR_KM`.

    Raises
    ------
    BoundaryError
        ``far-area``.
    """
    far = far_areas(frame)
    if bool(far.refused.any()):
        raise BoundaryError(
            "far-area",
            f"{_far_sentence(frame, far, codes).en} Mend the coordinates, leave the rows out with "
            "--leave-out, or say --allow-far if they are islands of the city.",
            indonesian=f"{_far_sentence(frame, far, codes).id} Perbaiki koordinatnya, keluarkan "
            "baris itu dengan --leave-out, atau tambahkan --allow-far jika wilayah itu pulau "
            "milik kota.",
        )


def _far_sentence(
    frame: gpd.GeoDataFrame, far: Far, codes: NDArray[np.object_] | None
) -> Bilingual:
    lon, lat = far.spots[int(np.argmax(far.km))].tolist()
    count = int(far.rows.sum())
    return Bilingual(
        f"{count} wilayah terletak lebih jauh dari yang lain daripada lebar wilayah yang lain "
        f"({in_indonesian(far.wide, ',.1f')} km): "
        f"{listed(frame, far.rows, codes, language='id')}; sampai "
        f"{in_indonesian(far.km.max(), ',.0f')} km jauhnya, di sekitar "
        f"{degrees(lon, lat, language='id')}.",
        f"{count} {'area lies' if count == 1 else 'areas lie'} farther from the rest than the "
        f"rest is wide ({far.wide:,.1f} km): {listed(frame, far.rows, codes)}; up to "
        f"{far.km.max():,.0f} km away, around {degrees(lon, lat)}.",
    )


def _grown(boxes: Floats) -> NDArray[np.bool_]:
    """Flags of the boxes that hang together, grown from the half nearest to the median."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    # The lower median, so that of two areas one is the rest and the other may be far from it.
    median = np.sort(middles, axis=0)[(len(middles) - 1) // 2]
    anchor = middles[np.argmin(np.hypot(*(middles - median).T))]
    nearest = np.argsort(np.hypot(*(middles - anchor).T), kind="stable")
    body = np.zeros(len(boxes), dtype=bool)
    body[nearest[: (len(boxes) + 1) // 2]] = True
    while True:
        box = _around(boxes[body])
        joined = body | (_apart(boxes, box) <= _width(box))
        # What reaches far out would make the rest as wide as the way to a slip of the pen.
        joined &= body | (_reach(boxes, box) <= _SPREAD * np.maximum(_width(box), 1.0))
        if bool((joined == body).all()):
            return body
        body = joined


def _boxes(frame: gpd.GeoDataFrame) -> Floats:
    return np.asarray(shapely.bounds(frame.geometry.to_numpy()))


def _middle(boxes: Floats) -> tuple[float, float]:
    lon, lat = np.median((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)
    return float(lon), float(lat)


def _kilometres(boxes: Floats) -> Floats:
    """Boxes in degrees as kilometres, by the latitude of the middle of all."""
    _, lat = _middle(boxes)
    east = _KM * float(np.cos(np.radians(lat)))
    return boxes * (east, _KM, east, _KM)


def _around(boxes: Floats) -> Floats:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _width(box: Floats) -> float:
    return float(np.hypot(box[2] - box[0], box[3] - box[1]))


def _apart(boxes: Floats, box: Floats) -> Floats:
    """Kilometres from each box to another; 0 where they meet."""
    x = np.maximum(0.0, np.maximum(box[0] - boxes[:, 2], boxes[:, 0] - box[2]))
    y = np.maximum(0.0, np.maximum(box[1] - boxes[:, 3], boxes[:, 1] - box[3]))
    return np.asarray(np.hypot(x, y))


def _reach(boxes: Floats, box: Floats) -> Floats:
    """Kilometres each box reaches out of another."""
    x = np.maximum(0.0, np.maximum(box[0] - boxes[:, 0], boxes[:, 2] - box[2]))
    y = np.maximum(0.0, np.maximum(box[1] - boxes[:, 1], boxes[:, 3] - box[3]))
    return np.asarray(np.hypot(x, y))
